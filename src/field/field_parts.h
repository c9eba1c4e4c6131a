// SPDX-License-Identifier: AGPL-3.0-or-later
// What the files of this slice share.
#ifndef FIELD_FIELD_PARTS_H
#define FIELD_FIELD_PARTS_H

#include "base/base.h"
#include "field/field.h"

enum { FIELD_TOKEN_HASH = 32 };

// BLAKE2b-256 of a token.
void field_token_hash(str token, unsigned char ret[FIELD_TOKEN_HASH]);
// Parsed JSON that lives as long as the arena; NULL when it is none.
json_t *field_json(struct arena *a, str text);
// NULL when nobody takes records of that name up.
const struct field_kind *field_kind_of(const struct field_kind *const *kinds, str name);
// Puts a record into the log.
MUST_USE err field_keep(struct db_tx *tx, const struct field_record *r, const char *state, str why);
// Lets its slice take a record up. *ret_hold: why it was not; none when it was.
MUST_USE err field_hand_over(struct db_tx *tx, const struct field_kind *const *kinds,
                             const struct field_record *r, str *ret_hold);

#endif
