// SPDX-License-Identifier: AGPL-3.0-or-later
// The append-only trail of who did what: BLAKE2b-256 over each row and the hash before it, so that
// a row that was changed, taken out or put in shows. No personal text goes into a row: `subject` is
// a key ("person:42"), `details` a hash over things kept elsewhere (empty when there are none).
//
//   h0   = BLAKE2b("doorstep audit v1")
//   hash = BLAKE2b(L(prev) L(seq u64le) L(at_ms i64le) L(actor) L(body) L(purpose) L(action)
//                  L(subject) L(details)),   L(x) = length as u32le, then the bytes
#ifndef STORE_AUDIT_H
#define STORE_AUDIT_H

#include "base/base.h"
#include "base/actor.h"
#include "store/db.h"

enum { AUDIT_HASH = 32 };

struct audit_row {
    int64_t seq, at_ms;
    str actor, body, purpose, action, subject, details;
};

// The start of the chain.
void audit_first(unsigned char ret[AUDIT_HASH]);
void audit_hash(const unsigned char prev[AUDIT_HASH], const struct audit_row *row,
                unsigned char ret[AUDIT_HASH]);

// Adds a row at the end of the chain. Inside a write.
MUST_USE err audit_add(struct db_tx *tx, int64_t now_ms, const struct actor *who, str action,
                       str subject, str purpose);
// Walks the whole chain; *ret_bad is the first row that does not fit (0: all do).
MUST_USE err audit_verify(struct db_tx *tx, int64_t *ret_rows, int64_t *ret_bad);

#endif
