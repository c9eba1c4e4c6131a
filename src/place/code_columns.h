// SPDX-License-Identifier: AGPL-3.0-or-later
// The area codes a table holds: which columns, of which kind and year, with which names beside
// them. For imports that are about codes themselves (lookups, lists of names).
#ifndef PLACE_CODE_COLUMNS_H
#define PLACE_CODE_COLUMNS_H

#include "base/base.h"
#include "base/map.h"
#include "place/import.h"

enum { CODE_COLUMNS_MAX = 24 };

struct code_column {
    enum area_kind kind;
    int64_t vintage; // 0: the heading names none
    int code, name;  // columns; name is -1 when there is none beside it
};

struct code_columns {
    struct code_column v[CODE_COLUMNS_MAX]; // from small to large areas, then by year
    size_t n;
    size_t others; // headings that are neither code nor name of an area, nor a mere row number
};

// One for each kind and year; the first column of a kind and year has it.
void code_columns_find(const str *folded, size_t n, struct code_columns *ret);
// Tells the preview what each column was taken for. `meaning` may be NULL; else it is asked first
// for columns the codes do not explain, and answers NULL for those nobody wants.
void code_columns_tell(struct import_job *job, const struct table *t, const struct code_columns *c,
                       const char *(*meaning)(str folded));

// "LSOA 2021", "ward 2025": a layer as people say it; without a year when vintage is 0.
str layer_words(struct arena *a, enum area_kind kind, int64_t vintage);

// Names for area_alias, each kind, code and year once; written while the job loads.
struct alias_set {
    struct import_job *job;
    struct map seen;
};
void alias_set_init(struct alias_set *s, struct import_job *job);
MUST_USE err alias_set_add(struct alias_set *s, enum area_kind kind, str code, int64_t vintage,
                           str name, str parent);

#endif
