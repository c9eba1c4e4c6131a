// SPDX-License-Identifier: AGPL-3.0-or-later
// Street-level crime as the police publish it, read back: counts by month and kind for a set of
// small areas, what is not known, and the newest crimes one by one. Everything here is public.
//
// When several imports hold the same month: for each force, an area's rows come from the newest
// import that *covers* the area in that month and from that one alone, so nothing is counted twice.
// Forces are added up (a force's file may hold a few crimes outside its own ground). An import
// covers an area in a month when it has rows there, or when it covers the area's district: it has
// rows in at least twice as many of the district's small areas as the district has middle-sized
// ones (so a cut-down file of one district covers it, and two stray crimes across the border do
// not). Rows without a place come from the newest import that has any.
//
// An area without rows in a month that is covered had none: 0. A month in which nothing covers the
// area is not known, which is not 0. An area whose district we cannot tell by its name belongs to a
// force once two of the force's months have rows there.
//
// The police move points to shared places before they publish: nothing here is an address.
//
// Months are whole numbers, YYYYMM.
#ifndef PLACE_CRIME_STORE_H
#define PLACE_CRIME_STORE_H

#include "base/base.h"
#include "place/place.h"

struct crime_month {
    int64_t month;
    size_t known;     // of how many of the areas asked for this month is known; 0: not known
    int64_t total;    // crimes in those areas
    int64_t unplaced; // crimes without a place in the whole of the forces that cover these areas
    int64_t *n;       // by kind, as in crime_table.kind
};

struct crime_table {
    size_t n_areas; // asked for
    str *kind;      // "Anti-social behaviour" …, by name
    size_t n_kinds;
    struct crime_month *month; // every month from the first to the last that is known, ascending;
                               // one in between that is not known has known == 0
    size_t n_months;
    int64_t *kind_total; // by kind, over all months
    int64_t total;
    import_id *import; // the imports these figures come from
    size_t n_imports;
};

// Months × kinds for a set of small areas (LSOA codes, each once), from `from` (0: from the
// beginning). Costs a clustered scan per area. n_months is 0 when nothing is known.
MUST_USE err crime_by_month(struct db_tx *tx, struct arena *a, const str *code, size_t n,
                            int64_t from, struct crime_table *ret);

// One crime of the list.
struct crime_row {
    str code;
    int64_t month;
    int64_t import, line; // with code and month its key
    str kind, outcome;    // outcome is none when none is given
    str place;            // "On or near Kirk Close"
    bool placed;          // lon and lat mean something
    double lon, lat;
};

// Where a page ended: the key of its last row. All 0 and none: begin with the newest.
struct crime_after {
    int64_t month, import, line;
    str code;
};

// At most `most` crimes of the areas: newest month first, within it by code, then as they stand in
// the file, from the end. *ret_more: there are further ones; go on after the last row. Pages of any
// depth cost the same.
MUST_USE err crime_newest(struct db_tx *tx, struct arena *a, const str *code, size_t n,
                          const struct crime_after *after, size_t most, struct crime_row **ret,
                          size_t *ret_n, bool *ret_more);

// The way back: at most `most` crimes that stand right above the row `than` in that list, in the
// order of the list. *ret_more: there are further ones above the first. `than` need not exist.
MUST_USE err crime_newer(struct db_tx *tx, struct arena *a, const str *code, size_t n,
                         const struct crime_after *than, size_t most, struct crime_row **ret,
                         size_t *ret_n, bool *ret_more);

// ---- for those who write ------------------------------------------------------------------------

// A crime to be stored. Rows of one import may come in any order; crime_write_end() must follow.
struct crime_new {
    str code; // "" when the place is not known
    int64_t month, line;
    str force, kind, outcome, place;
    bool placed;
    double lon, lat;
    str area_name; // "Oxford 018E": says the district
};

struct crime_writer;
// Counts, and unless tx is NULL writes. All it keeps lives in `a`; texts are copied where needed.
struct crime_writer *crime_writer_begin(struct arena *a, struct db_tx *tx, import_id import);
MUST_USE err crime_write(struct crime_writer *w, const struct crime_new *c);
// Writes the counts and what is loaded now. The months are told in *ret (in no order).
struct crime_written {
    str force;
    int64_t month, rows, unplaced;
};
MUST_USE err crime_write_end(struct crime_writer *w, struct crime_written **ret, size_t *ret_n);

// "Oxford 018E" -> "Oxford" and 18; false for other names.
MUST_USE bool crime_district_of(str area_name, str *ret_district, int *ret_msoa);

#endif
