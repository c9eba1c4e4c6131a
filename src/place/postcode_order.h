// SPDX-License-Identifier: AGPL-3.0-or-later
// In what order the postcodes of a file stand, and which are there twice. Files of postcodes are
// sorted, one way or the other, and a file that rises from row to row repeats nothing: only files
// in no order are looked through for repeats (eight bytes of memory a row).
#ifndef PLACE_POSTCODE_ORDER_H
#define PLACE_POSTCODE_ORDER_H

#include "base/base.h"
#include "place/import.h"
#include "place/postcode.h"

struct postcode_order {   // all zero to begin with
    uint64_t key, padded; // of the postcode before
    bool broken_key, broken_padded;
};

// The key as a number that compares as the key does as text.
uint64_t postcode_rank(const postcode *pc);
void postcode_order_watch(struct postcode_order *o, const postcode *pc);
// Has each postcode been greater than the one before, either as its key ("AB101AA" before "AB10AA")
// or as the national files sort them, the first part four wide ("AB1 0AA" before "AB10 1AA")?
bool postcode_order_kept(const struct postcode_order *o);

// Reads the whole table once more and notes a problem for each postcode that has been there before,
// naming both rows. Column `district`, when it is not -1, says which rows count (opts.district).
MUST_USE err postcodes_twice(struct import_job *job, const struct table *t, int postcode_column,
                             int district);

#endif
