// SPDX-License-Identifier: AGPL-3.0-or-later
// PostgreSQL behind store/engine.h: prepared statements through the extended protocol only, so a
// second statement can never ride along. All columns are bigint, double precision, text COLLATE "C"
// or bytea; values travel as text.
#include "base/base.h"
#include "store/engine.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { STMT_SLOTS = 1024, PARAMS_MAX = 64, LOCK_TRIES = 20, LOCK_PAUSE_NS = 50000000 };

struct pg {
    PGconn *c;
    enum conn_role role;
    const struct sql_stmt *prepared[STMT_SLOTS]; // open addressing by statement address
};

struct cursor {
    PGresult *res;
    int row;
    struct arena a; // decoded bytea of the row last read
};

static err pg_fail(struct arena *a, PGconn *c, PGresult *res, const char *what)
{
    const char *state = res ? PQresultErrorField(res, PG_DIAG_SQLSTATE) : NULL;
    const char *msg = res ? PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    str text = str_trim(str_c(msg ? msg : PQerrorMessage(c)));
    enum err_kind kind = ERR_IO;
    if (state && strcmp(state, "57014") == 0) // statement_timeout
        return err_new(a, ERR_BUSY, TOOK_TOO_LONG);
    if (state) {
        if (strncmp(state, "23", 2) == 0)
            kind = ERR_CONFLICT;
        else if (strncmp(state, "40", 2) == 0)
            kind = ERR_BUSY;
        else if (strncmp(state, "42", 2) == 0 || strncmp(state, "22", 2) == 0)
            kind = ERR_BUG;
    }
    return err_new(a, kind, "%s: %" PRIstr, what, ARGstr(text));
}

static err simple(struct arena *a, struct pg *p, const char *sql)
{
    PGresult *r = PQexec(p->c, sql); // our own constant words: BEGIN, COMMIT …
    ExecStatusType s = PQresultStatus(r);
    err e = s == PGRES_COMMAND_OK || s == PGRES_TUPLES_OK ? NULL : pg_fail(a, p->c, r, sql);
    PQclear(r);
    return e;
}

static void no_notice(void *arg, const char *message)
{
    UNUSED(arg);
    UNUSED(message);
}

static void pg_close(void *h)
{
    struct pg *p = h;
    // Said by itself, since the server may take its time to see the connection go.
    if (p->role == CONN_WRITER && PQstatus(p->c) == CONNECTION_OK)
        PQclear(PQexec(p->c, "SELECT pg_advisory_unlock_all()"));
    PQfinish(p->c);
    free(p);
}

// The lock that says "the one writing process", as FILE.lock does for SQLite. It goes with the
// connection.
static bool try_lock(struct pg *p)
{
    PGresult *r = PQexec(p->c, "SELECT pg_try_advisory_lock(7303, hashtext(current_schema()))");
    bool mine = PQresultStatus(r) == PGRES_TUPLES_OK && strcmp(PQgetvalue(r, 0, 0), "t") == 0;
    PQclear(r);
    return mine;
}

// The server needs a moment to see that a process that was killed is gone.
static err take_lock(struct arena *a, struct pg *p)
{
    bool mine = try_lock(p);
    for (int tries = 0; !mine && tries < LOCK_TRIES; tries++) {
        nanosleep(&(struct timespec){.tv_nsec = LOCK_PAUSE_NS}, NULL);
        mine = try_lock(p);
    }
    return mine ? NULL
                : err_new(a, ERR_BUSY,
                          "Another Doorstep is writing to this database. Stop it first, or do this "
                          "in its web pages.");
}

static err pg_open(struct arena *a, const char *where, enum conn_role role, bool create, void **ret)
{
    UNUSED(create);
    struct pg *p = calloc(1, sizeof *p);
    ASSERT(p != NULL);
    p->role = role;
    p->c = PQconnectdb(where);
    if (PQstatus(p->c) != CONNECTION_OK) {
        err e = pg_fail(a, p->c, NULL, "PostgreSQL cannot be reached");
        pg_close(p);
        return e;
    }
    PQsetNoticeProcessor(p->c, no_notice, NULL);
    err e = simple(a, p,
                   role == CONN_WRITER ? "SET synchronous_commit = on; SET client_encoding = 'UTF8'"
                                       : "SET default_transaction_read_only = on; "
                                         "SET client_encoding = 'UTF8'");
    if (!e && role == CONN_WRITER)
        e = take_lock(a, p);
    if (e) {
        pg_close(p);
        return e;
    }
    *ret = p;
    return NULL;
}

static err pg_begin(struct arena *a, void *h, bool write)
{
    struct pg *p = h;
    if (PQstatus(p->c) != CONNECTION_OK) { // the server was restarted: once more, from the start
        PQreset(p->c);
        memset(p->prepared, 0, sizeof p->prepared);
        if (PQstatus(p->c) != CONNECTION_OK)
            return pg_fail(a, p->c, NULL, "PostgreSQL cannot be reached");
        if (p->role == CONN_WRITER)
            TRY(take_lock(a, p));
    }
    return simple(a, p, write ? "BEGIN" : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
}

static err pg_commit(struct arena *a, void *h)
{
    return simple(a, h, "COMMIT");
}

static void pg_quiet(struct pg *p, const char *sql)
{
    PQclear(PQexec(p->c, sql));
}

static void pg_rollback(void *h)
{
    struct pg *p = h;
    if (PQtransactionStatus(p->c) != PQTRANS_IDLE)
        pg_quiet(p, "ROLLBACK");
}

static err pg_mark(struct arena *a, void *h)
{
    return simple(a, h, "SAVEPOINT job");
}

static err pg_release(struct arena *a, void *h)
{
    return simple(a, h, "RELEASE SAVEPOINT job");
}

static void pg_undo(void *h)
{
    pg_quiet(h, "ROLLBACK TO SAVEPOINT job");
    pg_quiet(h, "RELEASE SAVEPOINT job");
}

static err pg_script(struct arena *a, void *h, const char *sql)
{
    return simple(a, h, sql);
}

static Oid oid_of(enum sql_kind k)
{
    switch (k) {
    case SQL_I64:
    case SQL_OPT_I64:
    case SQL_OPT_ID:
    case SQL_BOOL: return 20;
    case SQL_F64:
    case SQL_OPT_F64: return 701;
    case SQL_BLOB:
    case SQL_OPT_BLOB: return 17;
    default: return 25;
    }
}

static err pg_prepare(struct arena *a, void *h, const struct sql_stmt *st)
{
    struct pg *p = h;
    size_t i = ((uintptr_t)st >> 4) * 0x9e3779b1u % STMT_SLOTS;
    while (p->prepared[i] && p->prepared[i] != st)
        i = (i + 1) % STMT_SLOTS;
    if (p->prepared[i])
        return NULL;
    ASSERT(st->n_in <= PARAMS_MAX);
    Oid types[PARAMS_MAX];
    for (int k = 0; k < st->n_in; k++)
        types[k] = oid_of(st->in[k].kind);
    PGresult *r = PQprepare(p->c, st->name, st->pg, st->n_in, types);
    err e = PQresultStatus(r) == PGRES_COMMAND_OK ? NULL : pg_fail(a, p->c, r, st->name);
    PQclear(r);
    if (!e)
        p->prepared[i] = st;
    return e;
}

// A parameter's text (or bytes), NULL for NULL; what has to be made is made in `a`.
static const char *param_of(struct arena *a, const struct sql_field *f, const void *in,
                            int *ret_len, int *ret_binary)
{
    const char *at = (const char *)in + f->at;
    *ret_binary = 0;
    *ret_len = 0;
    switch (f->kind) {
    case SQL_I64: return str_fmt(a, "%lld", (long long)*(const int64_t *)(const void *)at).p;
    case SQL_OPT_ID: {
        int64_t v = *(const int64_t *)(const void *)at;
        return v ? str_fmt(a, "%lld", (long long)v).p : NULL;
    }
    case SQL_OPT_I64: {
        const opt_i64 *v = (const void *)at;
        return v->has ? str_fmt(a, "%lld", (long long)v->v).p : NULL;
    }
    case SQL_F64: return str_fmt(a, "%.17g", *(const double *)(const void *)at).p;
    case SQL_OPT_F64: {
        const opt_f64 *v = (const void *)at;
        return v->has ? str_fmt(a, "%.17g", v->v).p : NULL;
    }
    case SQL_BOOL: return *(const bool *)at ? "1" : "0";
    case SQL_STR:
    case SQL_OPT_STR: {
        str s = *(const str *)(const void *)at;
        if (str_is_none(s) && f->kind == SQL_OPT_STR)
            return NULL;
        return str_z(a, s);
    }
    case SQL_BLOB:
    case SQL_OPT_BLOB: {
        str s = *(const str *)(const void *)at;
        if (str_is_none(s) && f->kind == SQL_OPT_BLOB)
            return NULL;
        *ret_len = (int)s.n;
        *ret_binary = 1;
        return s.p ? s.p : "";
    }
    case SQL_DATE:
    case SQL_OPT_DATE: return date_iso(a, *(const date *)(const void *)at).p;
    }
    return NULL;
}

static err pg_start(struct arena *a, void *h, const struct sql_stmt *st, const void *in, void **ret)
{
    struct pg *p = h;
    TRY(pg_prepare(a, h, st));
    struct cursor *cur = calloc(1, sizeof *cur);
    ASSERT(cur != NULL);
    arena_init(&cur->a);
    const char *value[PARAMS_MAX];
    int len[PARAMS_MAX], binary[PARAMS_MAX];
    for (int i = 0; i < st->n_in; i++)
        value[i] = param_of(&cur->a, &st->in[i], in, &len[i], &binary[i]);
    cur->res = PQexecPrepared(p->c, st->name, st->n_in, value, len, binary, 0);
    ExecStatusType s = PQresultStatus(cur->res);
    if (s != PGRES_COMMAND_OK && s != PGRES_TUPLES_OK) {
        err e = err_while(a, pg_fail(a, p->c, cur->res, "PostgreSQL"), "running %s", st->name);
        PQclear(cur->res);
        arena_fini(&cur->a);
        free(cur);
        return e;
    }
    arena_reset(&cur->a);
    *ret = cur;
    return NULL;
}

static str bytea(struct arena *a, const char *t, size_t n)
{
    size_t len;
    unsigned char *b = PQunescapeBytea((const unsigned char *)t, &len);
    ASSERT(b != NULL && n > 0);
    str out = {arena_copy(a, b, len), len};
    PQfreemem(b);
    return out;
}

static void read_one(struct cursor *cur, int i, const struct sql_field *f, void *ret)
{
    char *at = (char *)ret + f->at;
    bool null = PQgetisnull(cur->res, cur->row, i);
    str t =
        null ? STR_NONE
             : (str){PQgetvalue(cur->res, cur->row, i), (size_t)PQgetlength(cur->res, cur->row, i)};
    int64_t n = 0;
    double d = 0;
    date day = DATE_NONE;
    switch (f->kind) {
    case SQL_I64:
    case SQL_OPT_ID:
    case SQL_OPT_I64:
    case SQL_BOOL:
        if (!null && !str_to_i64(t, &n))
            n = str_eq(t, STR("t"));
        if (f->kind == SQL_OPT_I64)
            *(opt_i64 *)(void *)at = (opt_i64){!null, n};
        else if (f->kind == SQL_BOOL)
            *(bool *)at = n != 0;
        else
            *(int64_t *)(void *)at = n;
        break;
    case SQL_F64:
    case SQL_OPT_F64:
        if (!null && !str_to_f64(t, &d))
            d = 0;
        if (f->kind == SQL_OPT_F64)
            *(opt_f64 *)(void *)at = (opt_f64){!null, d};
        else
            *(double *)(void *)at = d;
        break;
    case SQL_BLOB:
    case SQL_OPT_BLOB:
        *(str *)(void *)at = null ? STR_NONE : t.n ? bytea(&cur->a, t.p, t.n) : STR("");
        break;
    case SQL_DATE:
    case SQL_OPT_DATE:
        if (!null && !date_parse(t, &day))
            day = DATE_NONE;
        *(date *)(void *)at = day;
        break;
    default: *(str *)(void *)at = t;
    }
}

static err pg_step(struct arena *a, void *h, void *cursor, const struct sql_stmt *st, void *ret,
                   bool *ret_row)
{
    UNUSED(h);
    struct cursor *cur = cursor;
    *ret_row = cur->row < PQntuples(cur->res);
    if (!*ret_row)
        return NULL;
    if (st->n_out > 0 && PQnfields(cur->res) != st->n_out)
        return err_new(a, ERR_BUG, "Statement %s gives %d columns but declares %d.", st->name,
                       PQnfields(cur->res), st->n_out);
    arena_reset(&cur->a);
    if (ret)
        for (int i = 0; i < st->n_out; i++)
            read_one(cur, i, &st->out[i], ret);
    cur->row++;
    return NULL;
}

static int64_t pg_changes(void *h, void *cursor)
{
    UNUSED(h);
    struct cursor *cur = cursor;
    int64_t n = 0;
    return str_to_i64(str_c(PQcmdTuples(cur->res)), &n) ? n : 0;
}

static void pg_finish(void *h, void *cursor, const struct sql_stmt *st)
{
    UNUSED(h);
    UNUSED(st);
    struct cursor *cur = cursor;
    PQclear(cur->res);
    arena_fini(&cur->a);
    free(cur);
}

static void pg_time_limit(void *h, int64_t ms)
{
    char sql[64];
    snprintf(sql, sizeof sql, "SET LOCAL statement_timeout = %lld", (long long)ms);
    pg_quiet(h, sql);
}

static void pg_checkpoint(void *h, bool whole)
{
    UNUSED(h);
    UNUSED(whole);
}

static int64_t pg_wal_bytes(void *h)
{
    UNUSED(h);
    return 0;
}

const struct db_engine engine_pg = {
    .open = pg_open,
    .close = pg_close,
    .begin = pg_begin,
    .commit = pg_commit,
    .rollback = pg_rollback,
    .mark = pg_mark,
    .release = pg_release,
    .undo = pg_undo,
    .script = pg_script,
    .start = pg_start,
    .step = pg_step,
    .changes = pg_changes,
    .finish = pg_finish,
    .prepare = pg_prepare,
    .time_limit = pg_time_limit,
    .checkpoint = pg_checkpoint,
    .wal_bytes = pg_wal_bytes,
};
