// SPDX-License-Identifier: AGPL-3.0-or-later
// Figures about areas that have no table of their own: the census, the numbers underneath the
// Indices of Deprivation, and tables somebody brought. Everything here is public.
//
// Words: a *family* is one table of somebody's ("tenure"), an *indicator* one column or category of
// it ("Owned: Owns outright"), a *figure* is an indicator of one area in one period. `value` and
// `total` are kept as published: a count next to the total of its own table, because the totals of
// two census tables differ on purpose (the ONS changes cells slightly). So a percentage is always
// value / total of the same figure, and nothing is ever taken from another table.
//
// When a figure was imported more than once, the newest import that has not been undone is read.
// "Suppressed" and "missing" are not 0: such a figure has no value.
#ifndef PLACE_FIGURE_H
#define PLACE_FIGURE_H

#include "base/base.h"
#include "base/ids.h"
#include "place/memo.h"
#include "store/db.h"

enum figure_status {
    FIGURE_PUBLISHED,
    FIGURE_SUPPRESSED, // the publisher keeps it back
    FIGURE_MISSING,    // the publisher has none
    FIGURE_DERIVED,    // worked out by us from published ones
};

struct figure {
    str code, kind; // of the area: "E01028513", "lsoa"
    int64_t vintage;
    str family, name;        // keys, the same in every import: "tenure", "owned_owns_outright"
    str family_title, title; // as pages say them: "Tenure", "Owned: Owns outright"
    str unit;                // "households", "people", "km", "rate"
    str period;              // "2021", "mid-2020", "2019-01"
    opt_f64 value;           // none unless published or derived
    opt_f64 total;           // of its own table; none where a total makes no sense (a rate)
    enum figure_status status;
    indicator_id indicator; // orders as the columns of the publisher do
    import_id import;       // for source, licence and date
};

// The figures of an area, all families or (`family` not empty) one, in the order of the publisher;
// of each indicator every period there is, oldest first. A code that has been in layers of two
// vintages gives both. Nothing known: *ret_n is 0. All in `a`.
MUST_USE err figures_of_area(struct db_tx *tx, struct arena *a, str code, str family,
                             struct figure **ret, size_t *ret_n);

// The figures of all families, with what they are of looked up in a memo first: for those who ask
// about many areas.
MUST_USE err figures_of_area_with(struct db_tx *tx, struct arena *a, struct memo_at memo, str code,
                                  struct figure **ret, size_t *ret_n);

// One indicator of one period, added up over several areas.
struct figure_sum {
    const struct figure *like; // the first one met: keys, titles, unit, period
    double value, total;
    int64_t areas;   // whose values are in the sum
    int64_t unknown; // whose values are not published: the sum is then of fewer areas
};
// Adds what can be added: counts that have the total of their own table, of one vintage and period;
// rates and averages are left out, since a sum of them means nothing. `v` holds the figures of all
// the areas one after the other, in any order; the answer is in the order they are first met.
void figures_sum(struct arena *a, const struct figure *v, size_t n, struct figure_sum **ret,
                 size_t *ret_n);

#endif
