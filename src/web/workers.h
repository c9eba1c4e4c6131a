// SPDX-License-Identifier: AGPL-3.0-or-later
// The threads that answer. Light requests have many; heavy ones (reports, imports) have few, of low
// priority, so that a page stays quick while a report runs. Private to src/web.
#ifndef WEB_WORKERS_H
#define WEB_WORKERS_H

#include "base/base.h"

struct workers;
struct exchange;

// n: light threads; 0: max(8, 2 × cores).
struct workers *workers_start(int n);
bool workers_have_room(struct workers *w, bool heavy);
void workers_add(struct workers *w, struct exchange *x);
// Waits until nothing is queued or running.
void workers_drain(struct workers *w);
void workers_stop(struct workers *w); // NULL is fine

#endif
