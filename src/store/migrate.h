// SPDX-License-Identifier: AGPL-3.0-or-later
// Bringing a database to this program's schema. Migrations are ordered files (db/migrations), run
// in one transaction after a backup; a database newer than the program is refused.
#ifndef STORE_MIGRATE_H
#define STORE_MIGRATE_H

#include "base/base.h"
#include "store/engine.h"

struct migration {
    int number;
    const char *name, *sqlite, *pg;
};

extern const struct migration migrations[];
extern const int n_migrations;
extern const char *const public_tables[]; // ends with NULL
extern const char *const all_tables[];    // in the order they were made, ends with NULL

// The schema number the database has (0: empty). Works on any connection.
MUST_USE err migrate_version(struct arena *a, struct db_conn *c, enum db_engine_kind kind,
                             int *ret);
// Runs what is missing on the writing connection. Before the first one, a database that already
// holds something is copied to FILE.before-NNNN (SQLite).
MUST_USE err migrate_up(struct arena *a, struct db_conn *c, enum db_engine_kind kind,
                        const char *where, int64_t now_ms);

#endif
