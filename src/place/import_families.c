// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "place/families.h"

const struct import_family *const import_families[] = {
    &family_iod2019, &family_iod2025,        &family_iod,  &family_postcodes, &family_crime,
    &family_census,  &family_iod_indicators, &family_long, &family_areas,     &family_area_names,
    &family_lookup,  &family_population,     NULL,
};
