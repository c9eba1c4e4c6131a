// SPDX-License-Identifier: AGPL-3.0-or-later
// Every kind of file that can be imported, one line each; import_families.c puts them in order.
// And what most of their publishers say about copying.
#ifndef PLACE_FAMILIES_H
#define PLACE_FAMILIES_H

#include "base/base.h"
#include "place/import.h"

#define OGL               "Open Government Licence v3.0"
#define OGL_PUBLIC_SECTOR "Contains public sector information licensed under the " OGL "."
#define OGL_ONS           "Source: Office for National Statistics licensed under the " OGL "."

extern const struct import_family family_iod2019;
extern const struct import_family family_iod2025;
extern const struct import_family family_iod;
extern const struct import_family family_postcodes;
extern const struct import_family family_crime;
extern const struct import_family family_census;
extern const struct import_family family_iod_indicators;
extern const struct import_family family_long;
extern const struct import_family family_areas;
extern const struct import_family family_area_names;
extern const struct import_family family_lookup;
extern const struct import_family family_population;

#endif
