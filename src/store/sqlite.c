// SPDX-License-Identifier: AGPL-3.0-or-later
// SQLite behind store/engine.h.
//
// WAL with synchronous=FULL: an acknowledged commit survives power loss. Only the writer's
// connection checkpoints: SQLite up to 3.51.2 can lose commits when one connection resets the WAL
// while another checkpoints, so readers never do, not even on close.
#include "base/base.h"
#include "store/engine.h"
#include "store/migrate.h"

#include <sqlite3.h>
#include <stdio.h>
#include <time.h>

enum {
    WRITER_KIB = 2048, // page cache of the one connection that changes much at a time
    READER_KIB = 512,  // there are many readers, and the system keeps the file's pages anyway
    STMT_SLOTS = 1024,
};

struct slot {
    const struct sql_stmt *st;
    sqlite3_stmt *prepared;
};

struct lite {
    sqlite3 *db;
    struct slot slot[STMT_SLOTS]; // open addressing by statement address
    int64_t limit_ms;             // for each statement; 0: none
    int64_t deadline_ms;          // of the statement that runs; 0: none
};

static int64_t mono_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static err fail(struct arena *a, struct lite *l, const char *what)
{
    int rc = sqlite3_extended_errcode(l->db);
    const char *msg = sqlite3_errmsg(l->db);
    switch (rc & 0xff) {
    case SQLITE_CONSTRAINT: return err_new(a, ERR_CONFLICT, "%s: %s", what, msg);
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return err_new(a, ERR_BUSY, "%s: the database is busy.", what);
    case SQLITE_INTERRUPT: return err_new(a, ERR_BUSY, TOOK_TOO_LONG);
    case SQLITE_FULL: return err_new(a, ERR_IO, "%s: the disk is full.", what);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return err_new(a, ERR_IO, "%s: the database file is damaged (%s).", what, msg);
    case SQLITE_ERROR:
    case SQLITE_MISUSE:
    case SQLITE_RANGE: return err_new(a, ERR_BUG, "%s: %s", what, msg);
    default: return err_new(a, ERR_IO, "%s: %s", what, msg);
    }
}

static int out_of_time(void *arg)
{
    struct lite *l = arg;
    return l->deadline_ms && mono_ms() > l->deadline_ms;
}

static bool is_public_table(const char *name)
{
    for (int i = 0; public_tables[i]; i++)
        if (strcmp(public_tables[i], name) == 0)
            return true;
    return false;
}

// The second lock behind the first: a public connection reads public tables and nothing else.
static int public_only(void *arg, int action, const char *x, const char *y, const char *db,
                       const char *view)
{
    UNUSED(arg);
    UNUSED(y);
    UNUSED(db);
    UNUSED(view);
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_FUNCTION:
    case SQLITE_RECURSIVE:
    case SQLITE_TRANSACTION:
    case SQLITE_SAVEPOINT: return SQLITE_OK;
    case SQLITE_READ: return is_public_table(x) ? SQLITE_OK : SQLITE_DENY;
    default: return SQLITE_DENY;
    }
}

static void set_limits(sqlite3 *db)
{
    sqlite3_limit(db, SQLITE_LIMIT_SQL_LENGTH, 100000);
    sqlite3_limit(db, SQLITE_LIMIT_COLUMN, 100);
    sqlite3_limit(db, SQLITE_LIMIT_EXPR_DEPTH, 50); // several of our statements nest CASEs
    sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_limit(db, SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 50);
    sqlite3_limit(db, SQLITE_LIMIT_VARIABLE_NUMBER, 64); // the widest insert has 40 columns
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
}

static const char *pragmas(enum conn_role role)
{
    if (role == CONN_WRITER)
        return "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
               "PRAGMA secure_delete=ON; PRAGMA temp_store=MEMORY; PRAGMA wal_autocheckpoint=0;"
               "PRAGMA mmap_size=0;";
    return "PRAGMA query_only=ON; PRAGMA wal_autocheckpoint=0; PRAGMA temp_store=MEMORY;"
           "PRAGMA mmap_size=0;";
}

static void lite_close(void *h)
{
    struct lite *l = h;
    for (int i = 0; i < STMT_SLOTS; i++)
        sqlite3_finalize(l->slot[i].prepared);
    sqlite3_close(l->db);
    sqlite3_free(l);
}

static err lite_open(struct arena *a, const char *where, enum conn_role role, bool create,
                     void **ret)
{
    struct lite *l = sqlite3_malloc(sizeof *l);
    ASSERT(l != NULL);
    memset(l, 0, sizeof *l);
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READWRITE | (create ? SQLITE_OPEN_CREATE : 0);
    int rc = sqlite3_open_v2(where, &l->db, flags, NULL);
    if (rc != SQLITE_OK) {
        err e = rc == SQLITE_CANTOPEN
                    ? err_new(a, ERR_NOT_FOUND,
                              "There is no database at %s, or it cannot be opened.", where)
                    : fail(a, l, where);
        lite_close(l);
        return e;
    }
    sqlite3_busy_timeout(l->db, 5000); // before anything else
    sqlite3_extended_result_codes(l->db, 1);
    set_limits(l->db);
    if (role != CONN_WRITER)
        sqlite3_db_config(l->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    char cache[64];
    snprintf(cache, sizeof cache, "PRAGMA cache_size=-%d",
             role == CONN_WRITER ? WRITER_KIB : READER_KIB);
    if (sqlite3_exec(l->db, pragmas(role), NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_exec(l->db, cache, NULL, NULL, NULL) != SQLITE_OK) {
        err e = fail(a, l, where);
        lite_close(l);
        return e;
    }
    sqlite3_progress_handler(l->db, 4000, out_of_time, l);
    if (role == CONN_PUBLIC)
        sqlite3_set_authorizer(l->db, public_only, NULL);
    *ret = l;
    return NULL;
}

static err exec(struct arena *a, void *h, const char *sql)
{
    struct lite *l = h;
    return sqlite3_exec(l->db, sql, NULL, NULL, NULL) == SQLITE_OK ? NULL : fail(a, l, sql);
}

static err lite_script(struct arena *a, void *h, const char *sql)
{
    struct lite *l = h;
    return sqlite3_exec(l->db, sql, NULL, NULL, NULL) == SQLITE_OK ? NULL
                                                                   : fail(a, l, "a migration");
}

static err lite_begin(struct arena *a, void *h, bool write)
{
    return exec(a, h, write ? "BEGIN IMMEDIATE" : "BEGIN");
}

static void reset_all(struct lite *l)
{
    for (sqlite3_stmt *s = NULL; (s = sqlite3_next_stmt(l->db, s)) != NULL;)
        if (sqlite3_stmt_busy(s))
            sqlite3_reset(s);
}

static err lite_commit(struct arena *a, void *h)
{
    reset_all(h);
    return exec(a, h, "COMMIT");
}

static void lite_rollback(void *h)
{
    struct lite *l = h;
    reset_all(l);
    l->limit_ms = l->deadline_ms = 0;
    if (!sqlite3_get_autocommit(l->db))
        sqlite3_exec(l->db, "ROLLBACK", NULL, NULL, NULL);
}

static err lite_mark(struct arena *a, void *h)
{
    return exec(a, h, "SAVEPOINT job");
}

static err lite_release(struct arena *a, void *h)
{
    reset_all(h);
    return exec(a, h, "RELEASE job");
}

static void lite_undo(void *h)
{
    struct lite *l = h;
    reset_all(l);
    sqlite3_exec(l->db, "ROLLBACK TO job; RELEASE job", NULL, NULL, NULL);
}

static struct slot *find_slot(struct lite *l, const struct sql_stmt *st)
{
    size_t i = ((uintptr_t)st >> 4) * 0x9e3779b1u % STMT_SLOTS;
    while (l->slot[i].st && l->slot[i].st != st)
        i = (i + 1) % STMT_SLOTS;
    return &l->slot[i];
}

static err prepare(struct arena *a, struct lite *l, const struct sql_stmt *st, sqlite3_stmt **ret)
{
    struct slot *s = find_slot(l, st);
    if (s->prepared && !sqlite3_stmt_busy(s->prepared)) {
        *ret = s->prepared;
        return NULL;
    }
    sqlite3_stmt *p = NULL;
    if (sqlite3_prepare_v3(l->db, st->sqlite, -1, SQLITE_PREPARE_PERSISTENT, &p, NULL) != SQLITE_OK)
        return err_while(a, fail(a, l, "SQLite"), "preparing %s", st->name);
    if (sqlite3_column_count(p) != st->n_out && st->n_out > 0) {
        int n = sqlite3_column_count(p);
        sqlite3_finalize(p);
        return err_new(a, ERR_BUG, "Statement %s gives %d columns but declares %d.", st->name, n,
                       st->n_out);
    }
    if (!s->prepared) { // a statement that is being stepped keeps its slot; the second is its own
        s->st = st;
        s->prepared = p;
    }
    *ret = p;
    return NULL;
}

static err lite_prepare(struct arena *a, void *h, const struct sql_stmt *st)
{
    sqlite3_stmt *p;
    return prepare(a, h, st, &p);
}

static int bind_text(sqlite3_stmt *p, int i, str s, bool null)
{
    if (str_is_none(s) && null)
        return sqlite3_bind_null(p, i);
    return sqlite3_bind_text64(p, i, s.p ? s.p : "", s.n, SQLITE_STATIC, SQLITE_UTF8);
}

static int bind_date(sqlite3_stmt *p, int i, date d)
{
    if (date_is_none(d))
        return sqlite3_bind_null(p, i);
    int y, m, day;
    char t[32];
    date_parts(d, &y, &m, &day);
    int n = snprintf(t, sizeof t, "%04d-%02d-%02d", y, m, day);
    return sqlite3_bind_text(p, i, t, n, SQLITE_TRANSIENT);
}

static int bind_one(sqlite3_stmt *p, int i, const struct sql_field *f, const void *in)
{
    const char *at = (const char *)in + f->at;
    switch (f->kind) {
    case SQL_I64: return sqlite3_bind_int64(p, i, *(const int64_t *)(const void *)at);
    case SQL_OPT_ID: {
        int64_t v = *(const int64_t *)(const void *)at;
        return v ? sqlite3_bind_int64(p, i, v) : sqlite3_bind_null(p, i);
    }
    case SQL_OPT_I64: {
        const opt_i64 *v = (const void *)at;
        return v->has ? sqlite3_bind_int64(p, i, v->v) : sqlite3_bind_null(p, i);
    }
    case SQL_F64: return sqlite3_bind_double(p, i, *(const double *)(const void *)at);
    case SQL_OPT_F64: {
        const opt_f64 *v = (const void *)at;
        return v->has ? sqlite3_bind_double(p, i, v->v) : sqlite3_bind_null(p, i);
    }
    case SQL_BOOL: return sqlite3_bind_int64(p, i, *(const bool *)at);
    case SQL_STR: return bind_text(p, i, *(const str *)(const void *)at, false);
    case SQL_OPT_STR: return bind_text(p, i, *(const str *)(const void *)at, true);
    case SQL_BLOB:
    case SQL_OPT_BLOB: {
        str s = *(const str *)(const void *)at;
        if (str_is_none(s) && f->kind == SQL_OPT_BLOB)
            return sqlite3_bind_null(p, i);
        return sqlite3_bind_blob64(p, i, s.p ? s.p : "", s.n, SQLITE_STATIC);
    }
    case SQL_DATE:
    case SQL_OPT_DATE: return bind_date(p, i, *(const date *)(const void *)at);
    }
    return SQLITE_MISUSE;
}

static err lite_start(struct arena *a, void *h, const struct sql_stmt *st, const void *in,
                      void **ret)
{
    struct lite *l = h;
    sqlite3_stmt *p;
    TRY(prepare(a, l, st, &p));
    for (int i = 0; i < st->n_in; i++)
        if (bind_one(p, i + 1, &st->in[i], in) != SQLITE_OK)
            return err_while(a, fail(a, l, st->in[i].name), "binding %s", st->name);
    if (l->limit_ms)
        l->deadline_ms = mono_ms() + l->limit_ms;
    *ret = p;
    return NULL;
}

static bool is_null(sqlite3_stmt *p, int i)
{
    return sqlite3_column_type(p, i) == SQLITE_NULL;
}

static void read_one(sqlite3_stmt *p, int i, const struct sql_field *f, void *ret)
{
    char *at = (char *)ret + f->at;
    switch (f->kind) {
    case SQL_I64:
    case SQL_OPT_ID: *(int64_t *)(void *)at = sqlite3_column_int64(p, i); break;
    case SQL_OPT_I64:
        *(opt_i64 *)(void *)at = (opt_i64){!is_null(p, i), sqlite3_column_int64(p, i)};
        break;
    case SQL_F64: *(double *)(void *)at = sqlite3_column_double(p, i); break;
    case SQL_OPT_F64:
        *(opt_f64 *)(void *)at = (opt_f64){!is_null(p, i), sqlite3_column_double(p, i)};
        break;
    case SQL_BOOL: *(bool *)at = sqlite3_column_int64(p, i) != 0; break;
    case SQL_STR:
    case SQL_OPT_STR: {
        const char *t = (const char *)sqlite3_column_text(p, i);
        *(str *)(void *)at = t ? (str){t, (size_t)sqlite3_column_bytes(p, i)} : STR_NONE;
        break;
    }
    case SQL_BLOB:
    case SQL_OPT_BLOB: {
        const char *b = sqlite3_column_blob(p, i);
        size_t n = (size_t)sqlite3_column_bytes(p, i);
        *(str *)(void *)at = is_null(p, i) ? STR_NONE : (str){b ? b : "", n};
        break;
    }
    case SQL_DATE:
    case SQL_OPT_DATE: {
        const char *t = (const char *)sqlite3_column_text(p, i);
        date d = DATE_NONE;
        if (t && !date_parse((str){t, (size_t)sqlite3_column_bytes(p, i)}, &d))
            d = DATE_NONE;
        *(date *)(void *)at = d;
        break;
    }
    }
}

static void lite_finish(void *h, void *cursor, const struct sql_stmt *st)
{
    sqlite3_stmt *p = cursor;
    if (find_slot(h, st)->prepared == p) {
        sqlite3_reset(p); // its old bindings are never looked at: lite_start() binds every one
    } else {
        sqlite3_finalize(p); // the second of two that ran at once
    }
}

static err lite_step(struct arena *a, void *h, void *cursor, const struct sql_stmt *st, void *ret,
                     bool *ret_row)
{
    struct lite *l = h;
    sqlite3_stmt *p = cursor;
    int rc = sqlite3_step(p);
    *ret_row = rc == SQLITE_ROW;
    if (rc == SQLITE_DONE)
        return NULL;
    if (rc != SQLITE_ROW) {
        err e = err_while(a, fail(a, l, "SQLite"), "running %s", st->name);
        return e;
    }
    if (ret)
        for (int i = 0; i < st->n_out; i++)
            read_one(p, i, &st->out[i], ret);
    return NULL;
}

static int64_t lite_changes(void *h, void *cursor)
{
    UNUSED(cursor);
    struct lite *l = h;
    return sqlite3_changes64(l->db);
}

static void lite_time_limit(void *h, int64_t ms)
{
    struct lite *l = h;
    l->limit_ms = ms;
    l->deadline_ms = ms ? mono_ms() + ms : 0;
}

static void lite_checkpoint(void *h, bool whole)
{
    struct lite *l = h;
    sqlite3_wal_checkpoint_v2(
        l->db, NULL, whole ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
}

static int64_t lite_wal_bytes(void *h)
{
    struct lite *l = h;
    sqlite3_file *f = NULL;
    sqlite3_int64 n = 0;
    if (sqlite3_file_control(l->db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &f) != SQLITE_OK || !f ||
        !f->pMethods || f->pMethods->xFileSize(f, &n) != SQLITE_OK)
        return 0;
    return n;
}

const struct db_engine engine_sqlite = {
    .open = lite_open,
    .close = lite_close,
    .begin = lite_begin,
    .commit = lite_commit,
    .rollback = lite_rollback,
    .mark = lite_mark,
    .release = lite_release,
    .undo = lite_undo,
    .script = lite_script,
    .start = lite_start,
    .step = lite_step,
    .changes = lite_changes,
    .finish = lite_finish,
    .prepare = lite_prepare,
    .time_limit = lite_time_limit,
    .checkpoint = lite_checkpoint,
    .wal_bytes = lite_wal_bytes,
};
