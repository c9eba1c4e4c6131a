// SPDX-License-Identifier: AGPL-3.0-or-later
// The tables of the census and the headings they come under. A table we have no row for is loaded
// all the same: its own words then make its key. Private to the census import.
//
// Source: Office for National Statistics, Census 2021 topic summaries ("bulk" files
// census2021-tsNNN-….csv); ONS, "Census 2021 geographies", for the vintages of the areas.
#ifndef PLACE_CENSUS_TABLE_H
#define PLACE_CENSUS_TABLE_H

#include "base/base.h"
#include "place/heading.h"

struct census_table {
    const char *number;   // "TS054"
    const char *family;   // "census_tenure"
    const char *variable; // as the ONS's titles begin: "Tenure of household"
    const char *unit;     // "households"
    const char *headings; // slugs of category columns in long tables, separated by '|'
};

// By the variable of a bulk title or the heading of a category column (as written); NULL when the
// table is none we know.
const struct census_table *census_table_find(struct arena *a, str words);

// A bulk title taken apart: "Tenure of household: Owned: Owns outright; measures: Value".
struct census_title {
    str variable; // "Tenure of household"
    str category; // "Owned: Owns outright"; the variable itself when there is no ": "
    str measure;  // "Value" when it says none
};
struct census_title census_title_split(str heading);
// Is it the column of all ("Total: All households", "All persons")? Titles that begin with "All"
// count only where they open their table: `first`.
bool census_title_is_total(const struct census_title *t, bool first);

// The year of the areas a census counts: output areas of its own year, wards of 2022 in the case of
// 2021; 0 for kinds and censuses we do not know.
int64_t census_vintage(enum area_kind kind, int64_t census);

#endif
