// SPDX-License-Identifier: AGPL-3.0-or-later
// What the import families that end in figures have in common: which column holds the code, of what
// kind of area a code is, what a cell says, and how an indicator gets its key. Private to the
// imports; pages read figure.h.
#ifndef PLACE_FIGURE_WRITE_H
#define PLACE_FIGURE_WRITE_H

#include "base/base.h"
#include "base/map.h"
#include "place/figure.h"
#include "place/heading.h"
#include "place/import.h"

// A key out of words: lower case, runs of anything but letters and digits as one '_'; a sign right
// before a number is spelled out, since +1 and -1 are two things. "Owned: Owns outright" gives
// "owned_owns_outright", "-1 (overcrowded)" gives "minus_1_overcrowded".
str figure_slug(struct arena *a, str words);
// A heading as words for people: "road_distance_to_a_post_office" gives "Road distance to a post
// office"; one that already reads as words stays as it is.
str figure_words(struct arena *a, str heading);

// The kind of area a nine-character code is of, by its first three (E01 and W01 are LSOAs);
// AREA_NONE for kinds we do not keep.
enum area_kind figure_code_kind(str code);

// Where the codes stand, and what they are codes of.
struct figure_place {
    int code;            // column
    int district;        // column of the district's code, or -1
    enum area_kind kind; // AREA_NONE: as the first code says
    int64_t vintage;     // of the heading or of opts.vintage; 0: not told
};
// Finds the code's column by its heading (an ONS one of any year, "geography code", "area code" …).
// false when there is none; nothing is noted then.
MUST_USE bool figure_place_find(const struct import_job *job, const struct table *t,
                                struct figure_place *ret);
// The row's code, checked: a code, of one kind throughout the file, of the district asked for.
// false: pass over the row (a problem is noted where there is one).
MUST_USE bool figure_place_code(struct import_job *job, const struct table *t,
                                struct figure_place *p, str *ret);

// One cell. An empty one has the status `empty`; the usual marks for values kept back (c, x, *,
// with or without brackets) are suppressed, those for none (-, NA, ..) missing. false: not a
// number, and a problem is noted.
struct figure_cell {
    opt_f64 value;
    enum figure_status status;
};
MUST_USE bool figure_cell(struct import_job *job, const struct table *t, int col,
                          enum figure_status empty, struct figure_cell *ret);

// An indicator to be, in the file's own order. `id` is set at the first figure that is written.
struct figure_indicator {
    str family, family_title, name, title, unit;
    indicator_id id;
};
// Writes a figure while loading; in the dry run it only counts.
MUST_USE err figure_put(struct import_job *job, const struct figure_place *p, str code,
                        struct figure_indicator *i, str period, struct figure_cell cell,
                        opt_f64 total);

// The undo of every family that ends in figures.
err figure_undo(struct db_tx *tx, import_id id);

// "55,236" or "0.25": a number inside a sentence.
str figure_number(struct arena *a, double v);

#endif
