// SPDX-License-Identifier: AGPL-3.0-or-later
// A mapping says how to read a table somebody made: which column holds the area's code, which the
// number, what is counted, where it comes from. Saved under a name, the next table of the same make
// needs no questions.
//
// Written as text it is a list of parts, "code=Area code;value=Number of visits;unit=visits"; a ';'
// or '\' inside a value stands behind a '\'. The same text is what --columns takes.
#ifndef PLACE_MAPPING_H
#define PLACE_MAPPING_H

#include "base/base.h"
#include "base/err.h"
#include "base/ids.h"
#include "place/import.h"
#include "store/db.h"

struct mapping {
    // headings of columns; empty: not there
    str code, value, name, period, category, total;
    // marks that say a value is kept back, "c|*", besides the usual ones
    str suppressed;
    // what the file cannot say; empty: asked for at each import
    str title, unit, source, licence, year;
};

struct mapping_saved {
    mapping_id id;
    str name, family, columns; // columns: the text
    int64_t saved_ms;
};

// The parts by name, in the order they are written: { "code", "area code", offset }.
struct mapping_part {
    const char *key;
    const char *meaning; // as the preview says it
    size_t at;           // offset of the str in struct mapping
    bool column;         // the value is a heading
};
extern const struct mapping_part mapping_parts[]; // ends with a NULL key
str *mapping_at(struct mapping *m, const struct mapping_part *p);

// Reads the text. ERR_INVALID names the part that nobody knows, or that has no '='.
MUST_USE err mapping_parse(struct arena *a, str text, struct mapping *ret);
str mapping_text(struct arena *a, const struct mapping *m);

// Puts a mapping behind what was asked for by hand: options that were given stay as they are.
MUST_USE err mapping_apply(struct arena *a, str text, struct import_opts *opts);

// *ret_found is false when there is none of that name.
MUST_USE err mapping_find(struct db_tx *tx, struct arena *a, str name, struct mapping_saved *ret,
                          bool *ret_found);
MUST_USE err mapping_list(struct db_tx *tx, struct arena *a, struct mapping_saved **ret,
                          size_t *ret_n);
// Saves under a name; a mapping of the same name is replaced. Inside a write.
MUST_USE err mapping_save(struct db_tx *tx, str name, str family, const struct mapping *m,
                          int64_t now_ms);
MUST_USE err mapping_delete(struct db_tx *tx, str name);

#endif
