// SPDX-License-Identifier: AGPL-3.0-or-later
// Carrying every table from one engine to the other. The tables are those of the migrations, in the
// order they were made, so that what is pointed at is there first. The only place where SQL is put
// together at run time: names come from the migrations, never from outside.
#include "base/base.h"
#include "store/backup.h"
#include "store/migrate.h"

#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdio.h>

enum { COLUMNS_MAX = 64 };

struct columns {
    const char *name[COLUMNS_MAX], *type[COLUMNS_MAX];
    int n;
};

static err lite_fail(struct arena *a, sqlite3 *db, const char *what)
{
    return err_new(a, ERR_IO, "Copying %s: %s.", what, sqlite3_errmsg(db));
}

static err columns_of(struct arena *a, sqlite3 *db, const char *table, struct columns *ret)
{
    sqlite3_stmt *st;
    ret->n = 0;
    str sql = str_fmt(a, "SELECT name, type FROM pragma_table_info('%s') ORDER BY cid", table);
    if (sqlite3_prepare_v2(db, sql.p, -1, &st, NULL) != SQLITE_OK)
        return lite_fail(a, db, table);
    while (sqlite3_step(st) == SQLITE_ROW) {
        ASSERT(ret->n < COLUMNS_MAX);
        ret->name[ret->n] = str_copy(a, str_fmt(a, "%s", sqlite3_column_text(st, 0))).p;
        ret->type[ret->n++] = str_fmt(a, "%s", sqlite3_column_text(st, 1)).p;
    }
    sqlite3_finalize(st);
    return NULL;
}

static str name_list(struct arena *a, const struct columns *c)
{
    str out = STR("");
    for (int i = 0; i < c->n; i++)
        out = str_fmt(a, "%" PRIstr "%s%s", ARGstr(out), i ? ", " : "", c->name[i]);
    return out;
}

static str insert_text(struct arena *a, const char *table, const struct columns *c, char mark)
{
    str marks = STR("");
    for (int i = 0; i < c->n; i++)
        marks = str_fmt(a, "%" PRIstr "%s%c%d", ARGstr(marks), i ? ", " : "", mark, i + 1);
    return str_fmt(a, "INSERT INTO %s (%" PRIstr ") VALUES (%" PRIstr ")", table,
                   ARGstr(name_list(a, c)), ARGstr(marks));
}

static err pg_fail(struct arena *a, PGconn *c, const char *what)
{
    str msg = str_trim(str_c(PQerrorMessage(c)));
    return err_new(a, ERR_IO, "Copying %s: %" PRIstr, what, ARGstr(msg));
}

static err pg_do(struct arena *a, PGconn *c, const char *sql)
{
    PGresult *r = PQexec(c, sql);
    ExecStatusType s = PQresultStatus(r);
    PQclear(r);
    return s == PGRES_COMMAND_OK || s == PGRES_TUPLES_OK ? NULL : pg_fail(a, c, sql);
}

// ---- PostgreSQL to a file ---------------------------------------------------------------------

static int bind_text_value(sqlite3_stmt *st, int i, const char *type, const char *v, int n)
{
    int64_t whole;
    double real;
    if (strcmp(type, "INTEGER") == 0)
        return str_to_i64((str){v, (size_t)n}, &whole) ? sqlite3_bind_int64(st, i, whole)
                                                       : SQLITE_MISMATCH;
    if (strcmp(type, "REAL") == 0)
        return str_to_f64((str){v, (size_t)n}, &real) ? sqlite3_bind_double(st, i, real)
                                                      : SQLITE_MISMATCH;
    if (strcmp(type, "BLOB") == 0) {
        size_t len;
        unsigned char *b = PQunescapeBytea((const unsigned char *)v, &len);
        int rc = sqlite3_bind_blob64(st, i, b, len, SQLITE_TRANSIENT);
        PQfreemem(b);
        return rc;
    }
    return sqlite3_bind_text(st, i, v, n, SQLITE_TRANSIENT);
}

static err put_row(struct arena *a, sqlite3 *db, sqlite3_stmt *st, const struct columns *c,
                   PGresult *r, int row, const char *table)
{
    for (int i = 0; i < c->n; i++) {
        int rc = PQgetisnull(r, row, i)
                     ? sqlite3_bind_null(st, i + 1)
                     : bind_text_value(st, i + 1, c->type[i], PQgetvalue(r, row, i),
                                       PQgetlength(r, row, i));
        if (rc != SQLITE_OK)
            return lite_fail(a, db, table);
    }
    if (sqlite3_step(st) != SQLITE_DONE)
        return lite_fail(a, db, table);
    sqlite3_reset(st);
    return NULL;
}

static err table_from_pg(struct arena *a, PGconn *pg, sqlite3 *db, const char *table)
{
    struct columns c;
    TRY(columns_of(a, db, table, &c));
    str sql = str_fmt(a, "SELECT %" PRIstr " FROM %s", ARGstr(name_list(a, &c)), table);
    sqlite3_stmt *st;
    if (sqlite3_prepare_v2(db, insert_text(a, table, &c, '?').p, -1, &st, NULL) != SQLITE_OK)
        return lite_fail(a, db, table);
    err e = NULL;
    // Row by row: a table may be larger than memory.
    if (!PQsendQueryParams(pg, sql.p, 0, NULL, NULL, NULL, NULL, 0) || !PQsetSingleRowMode(pg))
        e = pg_fail(a, pg, table);
    for (PGresult *r; (r = PQgetResult(pg)) != NULL; PQclear(r)) {
        ExecStatusType s = PQresultStatus(r);
        if (!e && s != PGRES_SINGLE_TUPLE && s != PGRES_TUPLES_OK)
            e = pg_fail(a, pg, table);
        for (int row = 0; !e && row < PQntuples(r); row++)
            e = put_row(a, db, st, &c, r, row, table);
    }
    sqlite3_finalize(st);
    return e;
}

static err fill_file(struct arena *a, PGconn *pg, sqlite3 *db)
{
    TRY(pg_do(a, pg, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"));
    if (sqlite3_exec(db, "BEGIN; DELETE FROM schema_migration", NULL, NULL, NULL) != SQLITE_OK)
        return lite_fail(a, db, "the tables");
    for (int i = 0; all_tables[i]; i++)
        TRY(table_from_pg(a, pg, db, all_tables[i]));
    if (sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
        return lite_fail(a, db, "the tables");
    return pg_do(a, pg, "COMMIT");
}

err copy_pg_to_file(struct arena *a, const char *url, const char *path, int64_t now_ms)
{
    UNUSED(now_ms);
    struct db *made; // an empty zone, so that the file has all tables
    TRY(db_open(a, &(struct db_opts){.where = path, .create = true}, &made));
    db_close(made);
    remove(str_fmt(a, "%s.lock", path).p);
    sqlite3 *db = NULL;
    PGconn *pg = PQconnectdb(url);
    err e = PQstatus(pg) == CONNECTION_OK ? NULL : pg_fail(a, pg, "from PostgreSQL");
    if (!e && sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
        e = lite_fail(a, db, path);
    if (!e)
        e = fill_file(a, pg, db);
    if (!e && sqlite3_exec(db, "PRAGMA journal_mode=DELETE", NULL, NULL, NULL) != SQLITE_OK)
        e = lite_fail(a, db, path);
    sqlite3_close(db);
    PQfinish(pg);
    return e;
}

// ---- a file to PostgreSQL ---------------------------------------------------------------------

static err row_to_pg(struct arena *a, PGconn *pg, sqlite3_stmt *st, const struct columns *c,
                     const char *name, const char *table)
{
    const char *value[COLUMNS_MAX];
    int len[COLUMNS_MAX], binary[COLUMNS_MAX];
    for (int i = 0; i < c->n; i++) {
        bool blob = sqlite3_column_type(st, i) == SQLITE_BLOB;
        bool real = sqlite3_column_type(st, i) == SQLITE_FLOAT;
        len[i] = 0;
        binary[i] = blob;
        if (sqlite3_column_type(st, i) == SQLITE_NULL)
            value[i] = NULL;
        else if (blob)
            value[i] = sqlite3_column_bytes(st, i) ? sqlite3_column_blob(st, i) : "";
        else if (real) // every digit, so that it reads back equal
            value[i] = str_fmt(a, "%.17g", sqlite3_column_double(st, i)).p;
        else
            value[i] = (const char *)sqlite3_column_text(st, i);
        if (blob)
            len[i] = sqlite3_column_bytes(st, i);
    }
    PGresult *r = PQexecPrepared(pg, name, c->n, value, len, binary, 0);
    bool ok = PQresultStatus(r) == PGRES_COMMAND_OK;
    PQclear(r);
    return ok ? NULL : pg_fail(a, pg, table);
}

// Keys go on counting behind the highest that came.
static err move_counter(struct arena *a, PGconn *pg, const struct columns *c, const char *table)
{
    if (strcmp(c->name[0], "id") != 0 || strcmp(c->type[0], "INTEGER") != 0)
        return NULL; // a table named by its phones or forms counts nothing
    return pg_do(a, pg,
                 str_fmt(a,
                         "SELECT setval(pg_get_serial_sequence('%s', 'id'), "
                         "(SELECT coalesce(max(id), 0) + 1 FROM %s), false)",
                         table, table)
                     .p);
}

static err table_to_pg(struct arena *a, sqlite3 *db, PGconn *pg, const char *table)
{
    struct columns c;
    TRY(columns_of(a, db, table, &c));
    const char *name = str_fmt(a, "copy_%s", table).p;
    PGresult *r = PQprepare(pg, name, insert_text(a, table, &c, '$').p, 0, NULL);
    bool ok = PQresultStatus(r) == PGRES_COMMAND_OK;
    PQclear(r);
    if (!ok)
        return pg_fail(a, pg, table);
    sqlite3_stmt *st;
    str sql = str_fmt(a, "SELECT %" PRIstr " FROM %s", ARGstr(name_list(a, &c)), table);
    if (sqlite3_prepare_v2(db, sql.p, -1, &st, NULL) != SQLITE_OK)
        return lite_fail(a, db, table);
    struct arena row;
    arena_init(&row);
    err e = NULL;
    while (!e && sqlite3_step(st) == SQLITE_ROW) {
        e = row_to_pg(&row, pg, st, &c, name, table);
        if (e)
            e = err_new(a, e->kind, "%" PRIstr, ARGstr(err_root(e)));
        arena_reset(&row);
    }
    arena_fini(&row);
    sqlite3_finalize(st);
    return e ? e : move_counter(a, pg, &c, table);
}

static err fill_pg(struct arena *a, sqlite3 *db, PGconn *pg)
{
    int n = 0;
    TRY(pg_do(a, pg, "BEGIN"));
    while (all_tables[n])
        n++;
    for (int i = n - 1; i >= 0; i--) // what points goes before what it points at
        TRY(pg_do(a, pg, str_fmt(a, "DELETE FROM %s", all_tables[i]).p));
    for (int i = 0; i < n; i++)
        TRY(table_to_pg(a, db, pg, all_tables[i]));
    return pg_do(a, pg, "COMMIT");
}

err copy_file_to_pg(struct arena *a, const char *path, const char *url)
{
    sqlite3 *db = NULL;
    PGconn *pg = PQconnectdb(url);
    err e = PQstatus(pg) == CONNECTION_OK ? NULL : pg_fail(a, pg, "to PostgreSQL");
    if (!e && sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
        e = lite_fail(a, db, path);
    if (!e)
        e = fill_pg(a, db, pg);
    sqlite3_close(db);
    PQfinish(pg); // an open transaction is undone with it
    return e;
}
