// SPDX-License-Identifier: AGPL-3.0-or-later
// A fresh, migrated database for a test: a SQLite file in a folder of its own, or, when
// DOORSTEP_TEST_PG holds a connection string, a schema of its own in that PostgreSQL. So the same
// test program runs on both engines, one after the other. Gone when testdb_close is called.
#ifndef TESTS_TESTDB_H
#define TESTS_TESTDB_H

#include "base/base.h"
#include "store/db.h"

struct testdb {
    struct db *db;
    const char *where; // what --db would say
    char folder[64];
    struct arena a;   // the test's
    struct arena own; // ours: a test that skips may have ended its own already
};

// Never fails: a test that cannot have its database aborts with the reason.
struct testdb *testdb_open(void);
// As testdb_open, at a fixed time.
struct testdb *testdb_open_at(int64_t now_ms);
// Closes and opens it again (a restart).
void testdb_reopen(struct testdb *t);
void testdb_close(struct testdb *t);

#endif
