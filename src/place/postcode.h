// SPDX-License-Identifier: AGPL-3.0-or-later
// A postcode as people write it and as we keep it. The key has no space and capital letters
// ("OX44AA"); what is shown has one space before the last three characters ("OX4 4AA"). Only the
// shape is judged here, whether such a postcode exists is the postcode file's word.
#ifndef PLACE_POSTCODE_H
#define PLACE_POSTCODE_H

#include "base/base.h"
#include "base/str.h"

enum { POSTCODE_MAX = 7 };

// A small value; made by postcode_parse only. n is 5 to 7.
typedef struct {
    char key[POSTCODE_MAX + 1]; // NUL-terminated
    uint8_t n;
} postcode;

// Accepts any case and any spaces (no-break ones too), also the padded forms of the national files
// ("OX100AA", "OX1 1AA", "M1   1AA"). false for anything that has not one of the real shapes
// A9 9AA, A99 9AA, AA9 9AA, AA99 9AA, A9A 9AA, AA9A 9AA, or GIR 0AA.
MUST_USE bool postcode_parse(str text, postcode *ret);

// The key, pointing into *p.
str postcode_key(const postcode *p);
// The way it is shown, in the arena.
str postcode_shown(struct arena *a, const postcode *p);

#endif
