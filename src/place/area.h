// SPDX-License-Identifier: AGPL-3.0-or-later
// Areas as everybody reads them: found by code, with their names, their larger and smaller areas,
// their shapes, and what became of them between two censuses. All of it is public.
//
// Invariants:
//   - An area is one place of one layer (a kind in one vintage). The same code may stand in several
//     layers: E01028513 is a small area of 2011 and of 2021. Unless a vintage is asked for, the
//     newest layer that has the code answers.
//   - Of several imports of one layer the newest that has not been undone answers, for name, for
//     parent and for shape each by itself: a later file without names does not take names away.
//   - An area nobody has drawn (an old ward, a district that only a lookup names) is an area too:
//     it has id 0, no label point and no shape, and its vintage is the year of the list of names.
//   - A ward is made of small areas by *best fit* only, and that is always labelled (`best_fit`).
//     The year in the lookup's heading (ward 2024) need not be the year of the ward's boundary
//     (2025): the code decides.
//   - kind is a word of area_kind_word() (place/heading.h): oa lsoa msoa ward lad …
//
// Everything returned lives in the arena passed in. Lists come sorted by code. An area that is not
// there is not an error: *ret_found is false, or the list is empty.
#ifndef PLACE_AREA_H
#define PLACE_AREA_H

#include "base/base.h"
#include "base/date.h"
#include "base/err.h"
#include "base/ids.h"
#include "calc/geo/polygon.h"
#include "store/db.h"

struct area {
    area_id id; // 0: known by name only
    str code, name;
    str kind;
    int64_t vintage;
    str parent_code; // of the next larger area the boundary file named, mostly the district; or
                     // none
    bool drawn;      // the four below are set and there is a shape
    point label;     // a place for its name, surely inside: longitude, latitude
    box bounds;
    double area_m2;
};

// One area among others, on a list: what a table or a map needs of it.
struct area_ref {
    area_id id;     // 0: known by name only
    str code, name; // the code stands for a name nobody gave
    str kind;
    int64_t vintage;
    bool drawn;
    point label;
    bool best_fit; // on this list by the ONS's best fit, not because one lies in the other
    str of_code;   // zone_small_areas: the area of the zone it belongs to; else none
};

// ---- one area ---------------------------------------------------------------------------------

// By its code, in the newest layer that has it.
MUST_USE err area_find(struct db_tx *tx, struct arena *a, str code, struct area *ret,
                       bool *ret_found);
// In the layer of that kind and vintage; vintage 0 is the newest of the kind that has the code.
MUST_USE err area_find_in(struct db_tx *tx, struct arena *a, str kind, int64_t vintage, str code,
                          struct area *ret, bool *ret_found);
// All names the code has had, with the years they are from, the newest first.
struct area_name {
    int64_t vintage;
    str name;
};
MUST_USE err area_names(struct db_tx *tx, struct arena *a, str code, struct area_name **ret,
                        size_t *ret_n);

// The newest class a lookup gives it ("Urban: Nearer to a major town or city") and the import that
// says so; none when there is no such lookup.
MUST_USE err area_class(struct db_tx *tx, struct arena *a, const struct area *of, str *ret,
                        import_id *ret_import);

// ---- larger and smaller -----------------------------------------------------------------------

// The larger areas it belongs to: its ward (best_fit), MSOA, district …, one of each kind (the
// newest vintage), from small to large. From the boundary file's parent code, else from lookups.
MUST_USE err area_larger(struct db_tx *tx, struct arena *a, const struct area *of,
                         struct area_ref **ret, size_t *ret_n);
// Of these the one of a kind: area_larger_one(tx, a, &lsoa, STR("lad"), …) is its district.
MUST_USE err area_larger_one(struct db_tx *tx, struct arena *a, const struct area *of, str kind,
                             struct area_ref *ret, bool *ret_found);

// The areas of a kind it is made of: LSOAs of a ward (best fit), OAs of an LSOA, wards or LSOAs of
// a district. vintage 0 is the newest for which anything is known. Those that only a lookup names
// come along, undrawn.
MUST_USE err area_children(struct db_tx *tx, struct arena *a, const struct area *of, str kind,
                           int64_t vintage, struct area_ref **ret, size_t *ret_n);

// How an area stands with its small areas (LSOAs).
enum area_fit {
    AREA_FIT_SOME,    // it has some
    AREA_FIT_NONE,    // a best-fit lookup of its district is loaded, and gives it none
    AREA_FIT_UNKNOWN, // no lookup that could tell is loaded
};
MUST_USE err area_fit(struct db_tx *tx, struct arena *a, const struct area *of, enum area_fit *ret);

// The small areas of the zone on a day: those of its wards and districts, the LSOAs it lists
// itself, each once, with of_code. vintage 0: for each area of the zone the newest.
MUST_USE err zone_small_areas(struct db_tx *tx, struct arena *a, date on, int64_t vintage,
                              struct area_ref **ret, size_t *ret_n);

// ---- between two vintages ---------------------------------------------------------------------

// What became of an area, or what it was: the ONS's change code. U unchanged (the same code; not
// always the same shape), S split, M merged, X irregular. Counts may be carried over U and M, and
// over S only for all parts together; never over X; ranks never.
struct area_change {
    char relation; // 'U' 'S' 'M' 'X'
    str code;      // the other one
    int64_t vintage;
};
// The areas of vintage `to` that correspond to the area `code` of vintage `from`; either way round.
MUST_USE err area_changes(struct db_tx *tx, struct arena *a, str kind, str code, int64_t from,
                          int64_t to, struct area_change **ret, size_t *ret_n);

// ---- on the map -------------------------------------------------------------------------------

// The shapes of areas of a list, in its order; a shape without parts for one that is not drawn.
MUST_USE err area_shapes(struct db_tx *tx, struct arena *a, const struct area_ref *v, size_t n,
                         struct geo_shape **ret);
MUST_USE err area_shape(struct db_tx *tx, struct arena *a, area_id id, struct geo_shape *ret);

// The drawn areas of a layer whose bounds touch the box (degrees): the surroundings of a map.
MUST_USE err area_in_box(struct db_tx *tx, struct arena *a, str kind, int64_t vintage, box b,
                         struct area_ref **ret, size_t *ret_n);

// Which area of a kind a place lies in, by its drawn border. It is a guess: borders are generalised
// by up to 20 metres, so say "by position" beside the answer, and prefer a code that a postcode
// file gives. Vintage 0 is the newest layer of the kind. A place on a border lies in exactly one
// area (calc/geo/locate.h).
MUST_USE err area_at(struct db_tx *tx, struct arena *a, str kind, int64_t vintage, point where,
                     struct area *ret, bool *ret_found);

// The layers that are loaded, with how many areas each has; by kind, the newest first.
struct layer {
    layer_id id;
    str kind;
    int64_t vintage, areas;
};
MUST_USE err layer_list(struct db_tx *tx, struct arena *a, struct layer **ret, size_t *ret_n);

#endif
