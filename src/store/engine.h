// SPDX-License-Identifier: AGPL-3.0-or-later
// What an engine has to offer; private to src/store. A connection is used by one thread at a time.
#ifndef STORE_ENGINE_H
#define STORE_ENGINE_H

#include "base/base.h"
#include "store/db.h"

enum conn_role {
    CONN_WRITER,
    CONN_READER,
    CONN_PUBLIC, // a reader that cannot see tables about people
};

struct db_engine {
    // Opens a connection; `a` is for the error only.
    err (*open)(struct arena *a, const char *where, enum conn_role role, bool create, void **ret);
    void (*close)(void *h);
    err (*begin)(struct arena *a, void *h, bool write);
    err (*commit)(struct arena *a, void *h);
    void (*rollback)(void *h); // also ends a read
    // A savepoint around one job of a group.
    err (*mark)(struct arena *a, void *h);
    err (*release)(struct arena *a, void *h);
    void (*undo)(void *h); // back to the mark, and release it
    // Several statements at once: migrations only.
    err (*script)(struct arena *a, void *h, const char *sql);
    err (*start)(struct arena *a, void *h, const struct sql_stmt *st, const void *in,
                 void **ret_cursor);
    // One row into *ret (NULL: row not wanted). Text lives until the next step.
    err (*step)(struct arena *a, void *h, void *cursor, const struct sql_stmt *st, void *ret,
                bool *ret_row);
    int64_t (*changes)(void *h, void *cursor);
    void (*finish)(void *h, void *cursor, const struct sql_stmt *st);
    err (*prepare)(struct arena *a, void *h, const struct sql_stmt *st);
    // For each statement started from now on, until the transaction ends; 0: none.
    void (*time_limit)(void *h, int64_t ms);
    // After a commit, by the writer alone. `gate` is held for writing when `whole` is set.
    void (*checkpoint)(void *h, bool whole);
    int64_t (*wal_bytes)(void *h);
};

// What a person reads when a statement was stopped by its time limit; ERR_BUSY on both engines.
#define TOOK_TOO_LONG "This took too long, so it was stopped."

extern const struct db_engine engine_sqlite, engine_pg;

struct db_conn {
    const struct db_engine *eng;
    void *h;
    struct db_conn *next; // in the pool
};

// The path of a SQLite database, from the --db value.
static inline bool where_is_pg(const char *where)
{
    return strncmp(where, "postgresql://", 13) == 0 || strncmp(where, "postgres://", 11) == 0;
}

// Takes and gives back the lock that says "the one writing process".
err lock_take(struct arena *a, const char *where, int *ret_fd);
void lock_drop(int fd);

#endif
