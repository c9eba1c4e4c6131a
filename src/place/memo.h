// SPDX-License-Identifier: AGPL-3.0-or-later
// What many pages need and what costs much to find, kept until the data changes: the shares of the
// zone and the district that every place is compared with, what lies around a map. The generation
// of the data is part of what is asked for, so nothing made from older data is ever found. What is
// kept is bounded in bytes; the oldest goes first. Any thread may ask.
#ifndef PLACE_MEMO_H
#define PLACE_MEMO_H

#include "base/base.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "store/db.h"

struct place_memo;

struct place_memo *place_memo_open(void);
// After the last arena that was lent something has ended. NULL is fine.
void place_memo_close(struct place_memo *m);

// Where to look, and for data of which generation (db_generation() from before the transaction
// began). {0}: nothing is kept; everything is made anew.
struct memo_at {
    struct place_memo *memo;
    uint64_t generation;
};

// Makes the value: *ret and all it points to live in `a`. Whatever it depends on besides the data
// has to be in the key.
typedef err memo_maker(struct db_tx *tx, struct arena *a, void *ctx, void **ret);

// The value under `key`, made by `make` when nobody has yet. It is lent, and not to be changed,
// until `a` ends. Fails as `make` does.
MUST_USE err memo_find(struct memo_at at, struct db_tx *tx, struct arena *a, str key,
                       memo_maker *make, void *ctx, const void **ret);

#endif
