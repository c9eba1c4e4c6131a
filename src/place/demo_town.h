// SPDX-License-Identifier: AGPL-3.0-or-later
// Millbrook as a model, before any file of it is written: seventeen wards, four of them the zone;
// small areas (LSOAs) of 2021 and of 2011, output areas, and what people there live with.
//
// What was planted, so that pages and tests have something to find:
//   Hollin Bank and Saltergate  disadvantages coincide in three and four small areas: income, work,
//                               education, health and children's income, in both editions
//   Lark Rise                   better in 2025 than in 2019
//   Tanners Mead                worse in 2025 than in 2019
//   Hollin Bank                 one small area of 2011 was split in two
//   Lark Rise                   two small areas of 2011 were merged; values not published in 2025
//   Minster                     a ward that is no small area's best fit
//   two small areas             kept their code and changed their name
//
// Codes have the official shape and cannot be official: areas E01990001 …, wards E05990001 …,
// the district E07990001, postcodes QX1 2AB.
#ifndef PLACE_DEMO_TOWN_H
#define PLACE_DEMO_TOWN_H

#include "base/base.h"
#include "place/demo_land.h"

enum {
    TOWN_WARDS = 17, // the last is Minster
    TOWN_UNITS_MAX = 100,
    TOWN_OAS_MAX = 600,
    TOWN_AGES = 91, // 0 … 89, 90 and over
};

#define TOWN_DISTRICT_CODE "E07990001"
#define TOWN_DISTRICT_NAME "Millbrook"
#define TOWN_FORCE         "Millshire Police"

enum town_census { CENSUS_2011, CENSUS_2021, CENSUSES };
enum town_edition { EDITION_2019, EDITION_2025, EDITIONS };

struct town_ward {
    str code, name, old_code; // old_code: of the wards before 2022
    bool zone;
    int first_unit, units;
    double need[EDITIONS]; // where its people stand in England: 0 the most deprived, 1 the least
};

// What the small areas of both censuses are made of: a whole LSOA for most, half of one where an
// area was split or merged.
struct town_unit {
    int ward;
    int lsoa[CENSUSES];
    int msoa;
    bool coincide;            // planted
    bool kept_back[EDITIONS]; // planted: some of its values are not published
    int64_t ages[TOWN_AGES];
    int64_t people;
};

struct town_lsoa {
    str code, name;
    int unit, unit_n; // its first unit and how many it has, one after the other
    char change;      // U, S or M
};

struct town_oa {
    str code;
    int unit;
};

struct town {
    struct arena *a;
    struct land *land;
    uint64_t seed;
    struct town_ward ward[TOWN_WARDS];
    struct town_unit unit[TOWN_UNITS_MAX];
    int units;
    struct town_lsoa lsoa[CENSUSES][TOWN_UNITS_MAX];
    int lsoas[CENSUSES];
    struct town_oa oa[TOWN_OAS_MAX];
    int oas;
    int msoas;
    // by cell; -1 outside the town
    int ward_of[LAND_CELLS], unit_of[LAND_CELLS], oa_of[LAND_CELLS];
};

// Separate streams of chance, drawn from one at a time (never twice in one expression: its order
// would be the compiler's choice), so that one file does not depend on how another is made.
enum town_stream {
    STREAM_LAND,
    STREAM_WARDS,
    STREAM_PEOPLE,
    STREAM_DEPRIVATION,
    STREAM_HOUSEHOLDS,
    STREAM_POSTCODES,
    STREAM_CRIME,
};
struct seeded town_chance(uint64_t seed, enum town_stream stream);

struct town *town_make(struct arena *a, uint64_t seed);

// The code of the MSOA, as E02990001 for the first.
str town_msoa_code(struct arena *a, int msoa);
// The ward most of the small area lies in: the one best fit gives.
int town_best_fit(const struct town *t, enum town_census census, int lsoa);
// Where the people of a unit stand in England, all in all: 0 the most deprived, 1 the least.
double town_need(const struct town *t, int unit);
// People of a small area, by single year of age when `age` is 0 … 90, all when it is -1.
int64_t town_people(const struct town *t, enum town_census census, int lsoa, int age);
// An LSOA's owner array for land_put_geometry: the number of the LSOA for each cell.
const int *town_lsoa_cells(const struct town *t, struct arena *a, enum town_census census);

#endif
