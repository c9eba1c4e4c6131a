// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "place/census_table.h"
#include "place/figure_write.h"

static const struct census_table tables[] = {
    {"TS038", "census_disability", "Disability", "people", "disability"},
    {"TS021", "census_ethnic_group", "Ethnic group", "people", "ethnic_group|ethnicity"},
    {"TS011", "census_household_deprivation", "Household deprivation", "households",
     "household_deprivation|deprivation_dimensions"},
    {"TS052", "census_occupancy_rating", "Occupancy rating for bedrooms", "households",
     "occupancy_rating_for_bedrooms|occupancy_rating"},
    {"TS054", "census_tenure", "Tenure of household", "households", "tenure_of_household|tenure"},
    {"TS044", "census_accommodation_type", "Accommodation type", "households",
     "accommodation_type|type"},
};

static bool among(str slug, const char *words)
{
    str rest = str_c(words), one;
    while (str_next(&rest, '|', &one))
        if (str_eq(one, slug))
            return true;
    return false;
}

const struct census_table *census_table_find(struct arena *a, str words)
{
    str slug = figure_slug(a, words);
    for (size_t i = 0; i < countof(tables); i++)
        if (among(slug, tables[i].headings))
            return &tables[i];
    return NULL;
}

struct census_title census_title_split(str heading)
{
    struct census_title t = {.measure = STR("Value")};
    size_t m = str_find(heading, STR("; measures: "), 0);
    if (m < heading.n)
        t.measure = str_trim(str_slice(heading, m + 12, heading.n));
    heading = str_trim(str_slice(heading, 0, m));
    size_t colon = str_find_byte(heading, ':');
    t.variable = str_trim(str_slice(heading, 0, colon));
    t.category =
        colon < heading.n ? str_trim(str_slice(heading, colon + 1, heading.n)) : t.variable;
    return t;
}

static bool begins_word(str s, str word)
{
    return s.n >= word.n && str_eq_nocase(str_slice(s, 0, word.n), word) &&
           (s.n == word.n || s.p[word.n] == ' ' || s.p[word.n] == ':');
}

bool census_title_is_total(const struct census_title *t, bool first)
{
    return begins_word(t->category, STR("Total")) ||
           (first && begins_word(t->category, STR("All")));
}

int64_t census_vintage(enum area_kind kind, int64_t census)
{
    switch (kind) {
    case AREA_OA:
    case AREA_LSOA:
    case AREA_MSOA: return census;
    case AREA_WARD: return census == 2021 ? 2022 : 0;
    case AREA_LAD:
    case AREA_REGION:
    case AREA_COUNTRY: return census == 2021 ? 2021 : 0;
    default: return 0;
    }
}
