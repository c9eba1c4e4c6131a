// SPDX-License-Identifier: AGPL-3.0-or-later
// What can be said of a database's health without changing it; `doorstep doctor` says it.
#ifndef STORE_HEALTH_H
#define STORE_HEALTH_H

#include "base/base.h"
#include "store/db.h"

struct health {
    str engine;         // "SQLite 3.40.1"
    bool wal_reset_bug; // SQLite 3.7.0–3.51.2 without the backported fix
    int schema, schema_known;
    bool sound;
    str unsound;                          // the first thing that is wrong
    int64_t bytes, log_bytes, free_bytes; // -1 where it cannot be known
    bool readable_by_all;
    int64_t foreign_key_faults;
};

// Judges the database at `where` as it stands. Fails only when it cannot be opened at all.
MUST_USE err health_of(struct arena *a, const char *where, struct health *ret);

// Does this SQLite have the fix for the WAL-reset bug (3.51.3, 3.50.7, 3.44.6)?
bool sqlite_has_wal_fix(int version);

#endif
