// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "place/families.h"

// In the order in which the browser offers them; of two that are equally sure of a file, the first
// is taken.
const struct import_family *const import_families[] = {
    // the Indices of Deprivation
    &family_iod2019,
    &family_iod2025,
    &family_iod,
    // places and what happens there
    &family_postcodes,
    &family_crime,
    // tables of figures
    &family_census,
    &family_iod_indicators,
    &family_long,
    // areas and the people in them
    &family_areas,
    &family_area_names,
    &family_lookup,
    &family_population,
    NULL,
};
