// SPDX-License-Identifier: AGPL-3.0-or-later
// Slowing down guesses: how many attempts a key (an account, an address, everybody) has made in the
// current window. Never a hard lock: the window passes. Kept in memory, in a table of fixed size.
#ifndef WEB_THROTTLE_H
#define WEB_THROTTLE_H

#include "base/base.h"
#include "base/str.h"

struct throttle;

struct throttle *throttle_open(void);
void throttle_close(struct throttle *t); // NULL is fine

// Counts one attempt and says whether it is still among the `limit` allowed in `window_ms`.
// Otherwise *ret_wait_ms says when the window ends.
bool throttle_allow(struct throttle *t, str key, int limit, int64_t window_ms, int64_t now_ms,
                    int64_t *ret_wait_ms);
// Forgets a key (after a sign-in that worked).
void throttle_forget(struct throttle *t, str key);

#endif
