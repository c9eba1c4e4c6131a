// SPDX-License-Identifier: AGPL-3.0-or-later
// The rows of an invented postcode lookup, one after the other, in the order of the postcode.
#ifndef BENCH_NSPL_ROWS_H
#define BENCH_NSPL_ROWS_H

#include "base/base.h"
#include "base/buf.h"
#include "base/random.h"

enum { NSPL_OUTWARD_MAX = 4096, NSPL_SECTORS = 10, NSPL_UNITS = 400 };

struct nspl {
    struct seeded chance;
    char (*outward)[5]; // "OX1 ", "OX10", "B1  ", sorted
    int64_t n_outward;
    int64_t slot;   // next possible postcode
    int64_t wanted; // rows still to give
};

// Prepares `rows` rows. false when there are not so many postcodes (then see nspl_room).
MUST_USE bool nspl_init(struct nspl *t, struct arena *a, int64_t rows, uint64_t seed);
// How many different postcodes there could be.
int64_t nspl_room(const struct nspl *t);
// The line of headings.
void nspl_heading(struct buf *b);
// Appends the next row with its line end; false when all rows have been given.
MUST_USE bool nspl_next(struct nspl *t, struct buf *b);

#endif
