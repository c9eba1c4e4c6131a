// SPDX-License-Identifier: AGPL-3.0-or-later
// The files of Millbrook, written in the very shapes official data comes in, so that loading the
// demonstration town goes the whole way every real file goes. Each function appends one file.
#ifndef PLACE_DEMO_FILES_H
#define PLACE_DEMO_FILES_H

#include "base/base.h"
#include "base/buf.h"
#include "place/demo_town.h"

enum town_layer { LAYER_DISTRICT, LAYER_WARD, LAYER_MSOA, LAYER_LSOA21, LAYER_LSOA11, LAYER_OA };

// Boundaries as GeoJSON with the ONS's keys: LSOA21CD, LSOA21NM, LAD25CD …
void demo_put_areas(const struct town *t, struct buf *b, enum town_layer layer);
// Lookups: 2011 to 2021 with change codes; best-fit wards (headed 2024); output areas; names of the
// wards of 2016 and 2022.
void demo_put_changes(const struct town *t, struct buf *b);
void demo_put_best_fit(const struct town *t, struct buf *b);
void demo_put_output_areas(const struct town *t, struct buf *b);
void demo_put_ward_names(const struct town *t, struct buf *b);
// Mid-year population by single year of age.
void demo_put_population(const struct town *t, struct buf *b, enum town_census census);
// File 7 of the Indices of Deprivation.
void demo_put_deprivation(const struct town *t, struct buf *b, enum town_edition edition);
// The numbers beneath the Indices of 2025.
void demo_put_indicators(const struct town *t, struct buf *b);
// Census tables: household deprivation and tenure in long form, disability as the ONS's bulk file.
void demo_put_household_deprivation(const struct town *t, struct buf *b);
void demo_put_tenure(const struct town *t, struct buf *b);
void demo_put_disability(const struct town *t, struct buf *b);
// A table somebody at the council made: children with free school meals (demo_load.c maps it).
void demo_put_school_meals(const struct town *t, struct buf *b);
// A postcode directory (NSPL, edition of the census of 2021) of about n live and ended postcodes.
void demo_put_postcodes(const struct town *t, struct buf *b, int n);
// Street-level crime of one month (202401), n rows, a few of them in the town next door.
void demo_put_crime(const struct town *t, struct buf *b, int64_t month, int n);

#endif
