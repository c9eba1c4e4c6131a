// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "store/health.h"
#include "store/engine.h"
#include "store/migrate.h"

#include <libpq-fe.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

bool sqlite_has_wal_fix(int v)
{
    return v >= 3051003 || (v >= 3050007 && v < 3051000) || (v >= 3044006 && v < 3045000);
}

static int64_t size_of(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 ? (int64_t)st.st_size : 0;
}

static void look_at_files(struct arena *a, const char *where, struct health *h)
{
    struct stat st;
    struct statvfs fs;
    h->bytes = size_of(where);
    h->log_bytes = size_of(str_fmt(a, "%s-wal", where).p);
    h->readable_by_all = stat(where, &st) == 0 && (st.st_mode & (S_IRGRP | S_IROTH)) != 0;
    h->free_bytes = statvfs(where, &fs) == 0 ? (int64_t)fs.f_bavail * (int64_t)fs.f_frsize : -1;
}

static void check_sqlite(struct arena *a, sqlite3 *db, struct health *h)
{
    sqlite3_stmt *st = NULL;
    h->sound = sqlite3_prepare_v2(db, "PRAGMA integrity_check(1)", -1, &st, NULL) == SQLITE_OK &&
               sqlite3_step(st) == SQLITE_ROW;
    if (h->sound) {
        const char *says = (const char *)sqlite3_column_text(st, 0);
        h->sound = strcmp(says, "ok") == 0;
        h->unsound =
            h->sound ? STR_NONE : str_replace(a, str_copy(a, str_c(says)), STR("\n"), STR(" "));
    } else {
        h->unsound = str_copy(a, str_c(sqlite3_errmsg(db)));
    }
    sqlite3_finalize(st);
    if (sqlite3_prepare_v2(db, "PRAGMA foreign_key_check", -1, &st, NULL) == SQLITE_OK)
        while (sqlite3_step(st) == SQLITE_ROW)
            h->foreign_key_faults++;
    sqlite3_finalize(st);
}

static err health_sqlite(struct arena *a, const char *where, struct health *h)
{
    sqlite3 *db = NULL;
    h->engine = str_fmt(a, "SQLite %s", sqlite3_libversion());
    h->wal_reset_bug = !sqlite_has_wal_fix(sqlite3_libversion_number());
    look_at_files(a, where, h);
    if (sqlite3_open_v2(where, &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK) {
        sqlite3_close(db);
        return err_new(a, ERR_NOT_FOUND, "There is no database at %s, or it cannot be opened.",
                       where);
    }
    sqlite3_busy_timeout(db, 5000);
    sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    check_sqlite(a, db, h);
    sqlite3_close(db);
    return NULL;
}

static err schema_of(struct arena *a, const char *where, struct health *h)
{
    struct db_conn c = {.eng = where_is_pg(where) ? &engine_pg : &engine_sqlite};
    TRY(c.eng->open(a, where, CONN_READER, false, &c.h));
    err e = migrate_version(a, &c, where_is_pg(where) ? DB_PG : DB_SQLITE, &h->schema);
    c.eng->close(c.h);
    return e;
}

static err health_pg(struct arena *a, const char *where, struct health *h)
{
    PGconn *c = PQconnectdb(where);
    bool ok = PQstatus(c) == CONNECTION_OK;
    if (ok) {
        int v = PQserverVersion(c);
        h->engine = str_fmt(a, "PostgreSQL %d.%d", v / 10000, v % 10000);
        PGresult *r = PQexec(c, "SELECT current_setting('data_checksums')");
        h->sound = PQntuples(r) == 1 && strcmp(PQgetvalue(r, 0, 0), "on") == 0;
        if (!h->sound)
            h->unsound = STR("page checksums are off; make the cluster with --data-checksums");
        PQclear(r);
    }
    PQfinish(c);
    h->bytes = h->log_bytes = h->free_bytes = -1;
    return ok ? NULL : err_new(a, ERR_IO, "PostgreSQL cannot be reached.");
}

err health_of(struct arena *a, const char *where, struct health *ret)
{
    *ret = (struct health){.schema_known = n_migrations};
    TRY(where_is_pg(where) ? health_pg(a, where, ret) : health_sqlite(a, where, ret));
    err e = schema_of(a, where, ret);
    if (e && ret->sound) {
        ret->sound = false;
        ret->unsound = err_root(e);
    }
    return NULL;
}
