// SPDX-License-Identifier: AGPL-3.0-or-later
// What the readers of crimes share; nobody else includes it.
#ifndef PLACE_CRIME_READ_H
#define PLACE_CRIME_READ_H

#include "base/base.h"
#include "place/crime_ground.h"
#include "store/db.h"

enum { CRIME_KINDS_MAX = 64 }; // the police have 14

// The words of kinds and outcomes, by id.
struct crime_words {
    str *word;
    int64_t n;
};
MUST_USE err crime_words_read(struct db_tx *tx, struct arena *a, struct crime_words *ret);
// None for an id that is no word.
str crime_word(const struct crime_words *w, int64_t id);

// The area with the districts its names tell.
MUST_USE err crime_area_read(struct db_tx *tx, struct arena *a, str code, struct crime_area *ret);

#endif
