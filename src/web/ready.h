// SPDX-License-Identifier: AGPL-3.0-or-later
// Answers for requests that are turned away before anybody works on them: by the gate, for their
// size, or because too many wait already. They are pages like the other errors, but made when the
// server starts, so that turning somebody away costs nothing when there is most of it to do. They
// know no zone's name: that may change while the server runs. Private to src/web.
#ifndef WEB_READY_H
#define WEB_READY_H

#include "base/base.h"
#include "web/exchange.h"

struct ready;

// Makes them all: 400, 405, 413, 414, 431 and 503, in each language on offer, as a page and as
// plain text. Styles and words are loaded already.
struct ready *ready_make(struct site *site);
void ready_free(struct ready *k); // NULL is fine; the server has stopped

// The one for this request: in its reader's language, a page where x->html_ok. It stays `k`'s;
// nothing is allocated. `status` is one of the above.
struct MHD_Response *ready_answer(const struct ready *k, const struct exchange *x, int status);

// Does an Accept header (none: it was not sent) take HTML? A program that asks for JSON alone is
// answered in plain text.
bool html_accepted(str accept);

#endif
