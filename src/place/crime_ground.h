// SPDX-License-Identifier: AGPL-3.0-or-later
// Which imports count for an area in a month: the one rule behind every crime figure. It is told in
// words in place/crime_store.h; only its readers include this.
#ifndef PLACE_CRIME_GROUND_H
#define PLACE_CRIME_GROUND_H

#include "base/base.h"
#include "base/ids.h"
#include "base/str.h"

// What one import holds of one force's month.
struct crime_part {
    int64_t month;
    str force;
    import_id import;
    int64_t rows, unplaced;
    str districts; // "\nCherwell\nOxford\n"
};

// An area as the rule sees it.
struct crime_area {
    str code;
    str *district;      // as we would find them in `districts`, with their line ends: "\nOxford\n"
    size_t n_districts; // 0: its name is not known
};

enum { CRIME_WINNERS_MAX = 16 }; // forces with rows in one area and month

struct crime_winners {
    import_id import[CRIME_WINNERS_MAX];
    size_t n; // 0: not covered
};

// The imports that count for the area, out of the parts of one month (ordered by force, import).
// `holds` are the imports with rows there.
void crime_winners_find(const struct crime_part *part, size_t n, const struct crime_area *area,
                        const import_id *holds, size_t n_holds, struct crime_winners *ret);
bool crime_winners_has(const struct crime_winners *w, import_id import);
// Is the district of the area among those the part covers?
bool crime_part_covers(const struct crime_part *p, const struct crime_area *area);

#endif
