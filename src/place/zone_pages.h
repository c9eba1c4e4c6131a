// SPDX-License-Identifier: AGPL-3.0-or-later
// What the pages of the zone's settings are made of; for zone.tmpl and zone_web.c only.
#ifndef PLACE_ZONE_PAGES_H
#define PLACE_ZONE_PAGES_H

#include "base/base.h"
#include "place/area.h"
#include "place/place.h"

enum { ZONE_WARDS_MAX = 150 }; // boxes to tick on one page; FORM_VALUES_MAX is the other end

// One area that can be ticked.
struct zone_choice {
    str code, name, kind;
    int64_t vintage;
    bool chosen;
    int64_t small, first_fifth; // its small areas, and those among the most deprived fifth; 0, 0
                                // when nothing is known
};

struct zone_view {
    struct zone zone;
    bool found;
    const struct form *facts, *areas, *wrong;
    struct zone_choice *choice;
    size_t n_choice;
    size_t n_hidden;            // wards that the page has no room for
    bool no_wards;              // no borders of wards are loaded
    int64_t ward_year, edition; // of the wards; of the indices the suggestion rests on (0: none)
    struct zone_choice *suggested;
    size_t n_suggested;
    str q;
    date changed; // the last day the areas changed, or will; DATE_NONE: never
};

struct zone_past_area {
    struct zone_area area;
    str name;
};

// The areas from one day on.
struct zone_day {
    date day;
    bool now;
};

struct zone_history_view {
    struct zone *zone; // newest first
    size_t n_zone;
    struct zone_past_area *area;
    size_t n_area;
    struct zone_day *day; // newest first
    size_t n_day;
};

// A year as people write it, without a comma.
str zone_year(struct arena *a, int64_t year);

#endif
