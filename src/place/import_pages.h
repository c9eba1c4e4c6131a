// SPDX-License-Identifier: AGPL-3.0-or-later
// What the pages of the browser import show; private to import_web.c, import_months.c,
// import_preview.c and import.tmpl.
#ifndef PLACE_IMPORT_PAGES_H
#define PLACE_IMPORT_PAGES_H

#include "base/base.h"
#include "place/import.h"
#include "place/import_desk.h"
#include "place/mapping.h"
#include "place/upload.h"

enum {
    SHOWN_PROBLEMS = 100,
    SHOWN_NOTICES = 30,
    SHOWN_COLUMNS = 80,
    SAMPLE_SHOWN = 3,
    MONTHS_TOGETHER = 4
};

// A select's choices, side by side.
struct choices {
    const char **name, **title;
    size_t n;
};

struct preview {
    const struct upload *up;
    const struct import_job *job; // NULL: the file could not even be opened as any kind
    str refusal;                  // then: why
    bool own;                     // it is read as a table of one's own
    bool may_load;
    int64_t asked; // problems that are about no row: what is still to be said
    struct choices families, saved;
    struct mapping told; // columns as chosen or guessed
    struct form form;    // the fields of "say more", as they stand
};

// Many imports of one family, each of a month or a few: crimes. They stand together on the list.
struct import_months {
    str title;                  // "Street-level crime"
    str words;                  // "36 months, January 2023 to December 2025"
    const struct import_row *v; // the newest month first
    size_t n;
};

// What is loaded, as the list shows it: what stands alone, the newest import first, and groups.
struct imports {
    const struct import_row *v;
    size_t n;
    const struct import_months *group;
    size_t n_group;
};
// Takes months together where a family and title has MONTHS_TOGETHER imports of them or more.
void imports_group(struct arena *a, const struct import_row *v, size_t n, struct imports *ret);
// "January 2023" or "January 2023 to June 2023", for "2023-01" or "2023-01 to 2023-06"; anything
// else as it is.
str import_month_words(struct arena *a, str reference);

// The first values of a column, "E01000001, E01000002".
str preview_sample(struct arena *a, const struct import_job *job, size_t column);
// "21 figures", "84 areas".
str import_counted(struct arena *a, str family, int64_t n);
// A SHA-256 in groups that a line can break between.
str import_fingerprint(struct arena *a, str hex);
// "Census table", for a family's name.
str import_family_words(str family);
// Finds the upload a path's part names; *ret_found is false when there is none (any more).
MUST_USE err preview_upload(struct req *r, struct upload *ret, bool *ret_found);
// What is said of an upload that has been loaded or thrown away.
void preview_gone(struct req *r);

// The handlers of import_preview.c.
err preview_get(struct req *r);
err preview_report_get(struct req *r);
err preview_post(struct req *r);
extern const struct field preview_fields[];

#endif
