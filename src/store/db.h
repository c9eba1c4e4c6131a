// SPDX-License-Identifier: AGPL-3.0-or-later
// One face for the database; sqlite.c and pq.c stand behind it.
//
// Invariants:
//   - Every statement is a named one, made by sqlgen; there is no way to run a text.
//   - Reading happens in a read transaction on a pooled, read-only connection. Keep it short:
//   render
//     first, send afterwards.
//   - Writing happens in one writer thread, on the only connection that commits and checkpoints.
//     Jobs that wait together share one transaction (a savepoint each) and one fsync; a job's end
//     is told only after the commit is durable. Nobody hears "saved" before.
//   - A tx opened with db_read_public() can see public tables only: on SQLite an authorizer refuses
//     the rest, on both engines only statements marked `-- reads: public` run.
//   - The generation number rises with every commit; it validates cached pages.
//
// Sources of the rules: the storage chapter of docs/decisions/0002-store.md.
#ifndef STORE_DB_H
#define STORE_DB_H

#include "base/base.h"
#include "base/date.h"
#include "base/err.h"
#include "base/ids.h"

enum sql_kind {
    SQL_I64,
    SQL_OPT_I64,
    SQL_OPT_ID, // 0 is NULL
    SQL_F64,
    SQL_OPT_F64,
    SQL_BOOL,
    SQL_STR,
    SQL_OPT_STR,
    SQL_BLOB,
    SQL_OPT_BLOB,
    SQL_DATE,
    SQL_OPT_DATE,
};

struct sql_field {
    const char *name;
    enum sql_kind kind;
    size_t at; // offset in the struct
};

// A named statement; sqlgen makes these from the .sql files.
struct sql_stmt {
    const char *name, *sqlite, *pg;
    const struct sql_field *in, *out;
    int n_in, n_out;
    size_t out_size;
    bool public_only;
};

struct db;
struct db_conn;

// A transaction on one connection.
struct db_tx {
    struct db *db;
    struct db_conn *conn;
    struct arena *a; // lives as long as the transaction is used; errors are made here
    bool writes, public_only;
};

struct db_rows {
    struct db_tx *tx;
    const struct sql_stmt *st;
    void *h;    // the engine's cursor
    int64_t at; // rows seen
};

enum db_engine_kind { DB_SQLITE, DB_PG };

struct db_opts {
    const char *where; // a file name, or postgresql://…
    bool create;       // make it when it is not there
    bool read_only;    // no writer, no lock: for commands that only look
    bool no_migrate;   // open as it is, whatever its version
    struct clock clock;
};

// Opens the database, takes the writer's lock (unless read_only), brings the schema up to date
// after a backup, and starts the writer. Fails with ERR_NOT_FOUND when it is not there,
// ERR_BUSY when another process writes to it, ERR_CONFLICT when it is newer than this program.
MUST_USE err db_open(struct arena *a, const struct db_opts *opts, struct db **ret);
// Waits for the queued writes, ends the writer, closes everything. NULL is fine.
void db_close(struct db *db);

enum db_engine_kind db_kind(const struct db *db);
const char *db_where(const struct db *db); // for people: a connection string comes without password
const char *db_connect_string(const struct db *db); // as it was given: may hold a password
uint64_t db_generation(const struct db *db);

// Begins a read transaction on a pooled connection; end it with db_read_end (safe on NULL).
MUST_USE err db_read(struct db *db, struct arena *a, struct db_tx **ret);
MUST_USE err db_read_public(struct db *db, struct arena *a, struct db_tx **ret);
void db_read_end(struct db_tx *tx);
// From now on each statement of this transaction may take at most so long; one that takes longer
// fails as ERR_BUSY. 0 lifts the limit, and so does the end of the transaction. For what anybody
// may ask for: a read that does not end keeps the writer from emptying the WAL, and then everybody
// waits.
void db_time_limit(struct db_tx *tx, int64_t ms);

// One write: fn runs in the writer thread. An error undoes all fn did (and only that).
typedef err db_write_fn(struct db_tx *tx, void *ctx);

struct db_job {
    db_write_fn *fn;
    void *ctx;
    struct arena *a;                  // fn's tx->a; belongs to the job until done is called
    void (*done)(struct db_job *job); // called after the commit, in the writer thread; quick
    void *done_ctx;
    bool alone;          // a transaction of its own (imports)
    bool quiet;          // changes nothing a page shows: cached pages stay good
    err failed;          // set when it did not work
    struct db_job *next; // the writer's
};

// Hands the job to the writer and returns at once. Fails (ERR_BUSY) only when too many wait.
MUST_USE err db_write_later(struct db *db, struct db_job *job);
// Hands it over and waits until it is durable.
MUST_USE err db_write(struct db *db, struct arena *a, db_write_fn *fn, void *ctx);
MUST_USE err db_write_alone(struct db *db, struct arena *a, db_write_fn *fn, void *ctx);

// Running statements; sqlgen writes typed functions (q_…) around these.
MUST_USE err db_run(struct db_tx *tx, const struct sql_stmt *st, const void *in, int64_t *ret_rows);
MUST_USE err db_one(struct db_tx *tx, struct arena *a, const struct sql_stmt *st, const void *in,
                    void *ret, bool *ret_found);
MUST_USE err db_all(struct db_tx *tx, struct arena *a, const struct sql_stmt *st, const void *in,
                    size_t size, void **ret, size_t *ret_n);
MUST_USE err db_rows_open(struct db_tx *tx, const struct sql_stmt *st, const void *in,
                          struct db_rows *ret);
MUST_USE err db_rows_next(struct db_rows *r, void *ret, bool *ret_more);
// Ends a cursor early; one that ran to its end needs no close, nor does one whose tx ends.
void db_rows_close(struct db_rows *r);

// Prepares a statement without running it (the check that every statement fits both engines).
MUST_USE err db_prepare_only(struct db_tx *tx, const struct sql_stmt *st);

#endif
