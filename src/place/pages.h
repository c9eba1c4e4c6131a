// SPDX-License-Identifier: AGPL-3.0-or-later
// What the public pages show, as data: put together by pages_*.c, printed by home.tmpl, area.tmpl,
// areas.tmpl, find.tmpl, present.tmpl and print.tmpl. Private to the pages of this slice.
#ifndef PLACE_PAGES_H
#define PLACE_PAGES_H

#include "base/base.h"
#include "place/area.h"
#include "place/crime_store.h"
#include "place/heat.h"
#include "place/map.h"
#include "place/place.h"
#include "place/profile.h"

// "Small area (LSOA)" for "lsoa"; the word itself when it is not one of ours.
const char *kind_title(str kind);
// The same for many: "small areas (LSOAs)".
const char *kind_titles(str kind);

// In the zone each small area says which of the zone's wards it is counted with.
MUST_USE err pages_name_wards(struct db_tx *tx, struct arena *a, const struct profile *p,
                              date today, struct heat *h);
// Several files of one source need one line: is source i the same as one before it, but for its
// date?
bool pages_source_said(const struct profile *p, size_t i);
// The dates of all that are the same: "2018-10 – 2019-02"; empty when the title says it already.
str pages_source_dates(struct arena *a, const struct profile *p, size_t i);
// How many lines that makes.
int64_t pages_sources_n(const struct profile *p);
// Licence and attribution are said once for all sources that share them: is the licence of source i
// (its attribution under that licence) the same as that of one before it?
bool pages_licence_said(const struct profile *p, size_t i);
bool pages_attribution_said(const struct profile *p, size_t i);

// From when the tables of the census are: "2021", or "2011 – 2021".
str pages_families_period(struct arena *a, const struct profile *p);

// Notes about borders stand beside "then and now", the others together: is this one of the first?
bool pages_note_of_change(const struct profile_note *n);
// What the others are about, in a few words each: "best fit, two editions"; none without any.
str pages_note_topics(const struct page *pg, const struct profile *p);

// ---- the page of an area
// -------------------------------------------------------------------------

struct area_page {
    const struct profile *p;
    struct heat heat;
    struct map map;
    bool one;   // it is a small area itself: the list of its own domains takes the table's place
    int domain; // what is compared and followed over time: the one shown, or all together
    str found;  // it was found by postcode: "1", or "position" when the small area is a guess; else
                // none
    struct area found_ward; // the ward of that postcode, when the file names it
    bool has_found_ward, found_in_zone;
    struct zone zone;
};

// Reads all of it; *ret_found is false when nothing has the code.
MUST_USE err area_page_read(struct req *r, str code, struct area_page *ret, bool *ret_found);

// ---- maps (pages_map.c)
// --------------------------------------------------------------------------

// The rows of a heat table as a map, with the surroundings and, as outlines, `edge` areas (codes
// with kind and vintage). Undrawn areas are left out; map.drawn says whether anything is there.
struct map_wanted {
    const struct heat *heat;  // NULL: only `alone`
    const struct area *alone; // an area without small areas, shown by itself; may be NULL
    const struct profile_child *edge;
    size_t n_edges;
    bool name_edges, around;
    double widen;
    int width;
    struct memo_at memo;
};
MUST_USE err map_read(struct db_tx *tx, const struct page *pg, const struct map_wanted *want,
                      struct map *ret);

// ---- the home page ------------------------------------------------------------------------------

struct home_ward {
    str code, name;
    int small_areas;
    struct counted people;
};
struct home_page {
    bool has_zone;
    struct zone zone;
    const struct profile *p; // NULL without a zone
    struct heat heat;
    struct map map;
    struct home_ward *ward;
    size_t n_wards;
    int64_t areas_loaded; // of all layers
    int64_t small_areas_loaded;
};

// ---- the list of areas --------------------------------------------------------------------------

struct area_line {
    str code, name, kind;
    int64_t vintage;
};
struct areas_page {
    str q; // what was searched for; empty for none
    bool like_postcode;
    struct area_line *hit; // what was found
    size_t n_hits;
    bool more_hits;
    struct profile_child *zone; // the areas of the zone
    size_t n_zone;
    str zone_name;
    struct layer *layer; // everything that is loaded
    size_t n_layers;
    // one layer listed, a page at a time
    str kind;
    int64_t vintage;
    struct area_line *line;
    size_t n_lines;
    str next;   // the code the next page begins behind; none when this is the last
    bool later; // this is not the first page
};

// ---- the newest crimes of an area ---------------------------------------------------------------

struct crime_line {
    struct crime_row row;
    str area; // the name of its small area
};
struct crime_page {
    struct area area; // or the zone: code and kind "zone"
    bool single;      // one small area only: its name need not stand in every row
    str kind;         // only this kind; empty for all
    str *kinds;
    size_t n_kinds;
    struct crime_line *line;
    size_t n_lines;
    str next; // where the page of older ones begins; none when this is the last
    str prev; // what the page of newer ones ends above; none when this is the first
};

// ---- where do I live? ---------------------------------------------------------------------------

struct find_page {
    const struct form *form;
    str problem;    // one sentence, when the postcode leads nowhere
    str code, name; // an area to look at all the same; none
};

#endif
