// SPDX-License-Identifier: AGPL-3.0-or-later
// The English Indices of Deprivation as we keep them: their editions, domains, and what a rank
// means. Rank 1 is the most deprived small area (LSOA) of England.
//
// Source: Ministry of Housing, Communities and Local Government, "The English Indices of
// Deprivation" 2019 and 2025, technical reports and File 7.
#ifndef PLACE_DEPRIVATION_H
#define PLACE_DEPRIVATION_H

#include "base/base.h"
#include "base/str.h"

struct deprivation_edition {
    int64_t year;         // 2019
    int64_t lsoa_vintage; // of the areas it ranks: 2011
    int64_t ranked;       // how many areas England has in it: 32,844
};

extern const struct deprivation_edition deprivation_editions[];
extern const size_t n_deprivation_editions;

// The edition that ranks LSOAs of this vintage, or of this year; NULL when we do not know it.
const struct deprivation_edition *edition_of_vintage(int64_t lsoa_vintage);
const struct deprivation_edition *edition_of_year(int64_t year);

struct deprivation_domain {
    const char *id;    // "income", as the store, JSON and CSV name it
    const char *title; // "Income", as pages do
    bool main;         // one of the seven that make the whole; the only ones that coincide
    // Folded headings begin with one of these, in files of all shapes; separated by '|'.
    const char *headings;
    bool rate; // its score is a share of people, 0 … 1
};

extern const struct deprivation_domain deprivation_domains[];
extern const size_t n_deprivation_domains;

enum deprivation_measure { MEASURE_RANK, MEASURE_DECILE, MEASURE_SCORE };

// What a folded heading holds, in any of the shapes in use: "incomescore(rate)",
// "income_rank", "barrierstohousingandservicesdecile(where1ismostdeprived10%oflsoas)", "imd19".
MUST_USE bool deprivation_heading(str folded, size_t *ret_domain, enum deprivation_measure *ret);

// decile = ceil(10 · rank / ranked); 1 is the most deprived tenth.
int64_t decile_of(int64_t rank, int64_t ranked);

#endif
