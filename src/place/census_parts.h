// SPDX-License-Identifier: AGPL-3.0-or-later
// Between the files of the census import: what both shapes of a table settle, note and check.
#ifndef PLACE_CENSUS_PARTS_H
#define PLACE_CENSUS_PARTS_H

#include "base/base.h"
#include "place/census_table.h"
#include "place/figure_write.h"

// Sums that did not come out, kept until the whole file is read: in a table whose answers overlap
// ("tick all that apply") none of them does, and that is no mistake.
struct census_sums {
    int64_t right, over, n_wrong;
    VEC(struct import_problem) wrong;
};

struct census {
    struct table t;
    struct figure_place place;
    str period;
    struct census_sums sums;
    bool settled, hopeless; // vintage and reference are known, or cannot be
};

// Of which year the figures and the areas are, at the first row. `year` is what a date column says
// there. false: a problem is noted and no further row is worth reading.
MUST_USE bool census_settle(struct import_job *job, struct census *c, str year);
// Names the dataset for the list of sources.
void census_name(struct import_job *job, const struct census_table *k, str title);
// The family's key and the unit, for a table we know (k) or one we do not.
str census_family(struct import_job *job, const struct census_table *k, str words);
str census_unit(const struct census_table *k, str total_heading);

// One cell of a count. false: no number, or fewer than 0; a problem is noted.
MUST_USE bool census_cell(struct import_job *job, const struct census *c, int col,
                          struct figure_cell *ret);
// Do the categories of an area come to its total? Noted at `row`, told by census_sums_tell().
void census_sum_check(struct import_job *job, struct census *c, int64_t row, int total_column,
                      str code, double sum, double total);
// Figures whose total is not there: a problem at `row`.
void census_total_missing(struct import_job *job, const struct census *c, int64_t row,
                          int total_column, str code);
void census_sums_tell(struct import_job *job, const struct census *c);

// Each shape reads the rows of a table whose heading is read and whose code column is found.
MUST_USE err census_bulk_run(struct import_job *job, struct census *c);
MUST_USE err census_long_run(struct import_job *job, struct census *c);
// How sure a heading row is a long table's, 0 … 100.
int census_long_guess(const struct table *t, const struct figure_place *p);

#endif
