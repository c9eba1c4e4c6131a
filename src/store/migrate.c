// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "store/migrate.h"

#include <sqlite3.h>

// The three statements that must work before the schema exists; all others are sqlgen's.
struct version_row {
    int64_t number;
};
struct version_add {
    int64_t number;
    str name;
    int64_t at_ms;
};
static const struct sql_field version_out[] = {
    {"number", SQL_I64, offsetof(struct version_row, number)}};
static const struct sql_field version_in[] = {
    {"number", SQL_I64, offsetof(struct version_add, number)},
    {"name", SQL_STR, offsetof(struct version_add, name)},
    {"at_ms", SQL_I64, offsetof(struct version_add, at_ms)},
};
static const struct sql_stmt version_table = {
    .name = "schema_version_table",
    .sqlite =
        "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'schema_migration'",
    .pg = "SELECT count(*) FROM information_schema.tables WHERE table_name = 'schema_migration' "
          "AND table_schema = current_schema()",
    .out = version_out,
    .n_out = 1,
    .out_size = sizeof(struct version_row),
};
static const struct sql_stmt version_max = {
    .name = "schema_version_max",
    .sqlite = "SELECT coalesce(max(number), 0) FROM schema_migration",
    .pg = "SELECT coalesce(max(number), 0) FROM schema_migration",
    .out = version_out,
    .n_out = 1,
    .out_size = sizeof(struct version_row),
};
static const struct sql_stmt version_insert = {
    .name = "schema_version_insert",
    .sqlite = "INSERT INTO schema_migration (number, name, applied_ms) VALUES (?1, ?2, ?3)",
    .pg = "INSERT INTO schema_migration (number, name, applied_ms) VALUES ($1, $2, $3)",
    .in = version_in,
    .n_in = 3,
};

static err one_number(struct arena *a, struct db_conn *c, const struct sql_stmt *st, int64_t *ret)
{
    void *cur;
    bool row = false;
    struct version_row r = {0};
    TRY(c->eng->start(a, c->h, st, NULL, &cur));
    err e = c->eng->step(a, c->h, cur, st, &r, &row);
    c->eng->finish(c->h, cur, st);
    *ret = r.number;
    return e;
}

err migrate_version(struct arena *a, struct db_conn *c, enum db_engine_kind kind, int *ret)
{
    UNUSED(kind);
    int64_t there = 0, number = 0;
    TRY(one_number(a, c, &version_table, &there));
    if (there)
        TRY(one_number(a, c, &version_max, &number));
    *ret = (int)number;
    return NULL;
}

static err add_version(struct arena *a, struct db_conn *c, const struct migration *m, int64_t now)
{
    void *cur;
    bool row;
    struct version_add in = {m->number, str_c(m->name), now};
    TRY(c->eng->start(a, c->h, &version_insert, &in, &cur));
    err e = c->eng->step(a, c->h, cur, &version_insert, NULL, &row);
    c->eng->finish(c->h, cur, &version_insert);
    return e;
}

// A plain copy beside the database, made while we hold the writer's lock. It stays where it is.
static err copy_before(struct arena *a, const char *where, int from)
{
    const char *to = str_fmt(a, "%s.before-%04d", where, from + 1).p;
    sqlite3 *src = NULL, *dst = NULL;
    err e = NULL;
    if (sqlite3_open_v2(where, &src, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK ||
        sqlite3_open_v2(to, &dst, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) != SQLITE_OK)
        e = err_new(a, ERR_IO, "The backup %s cannot be made.", to);
    if (!e) {
        sqlite3_db_config(src, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
        sqlite3_backup *b = sqlite3_backup_init(dst, "main", src, "main");
        int rc = b ? sqlite3_backup_step(b, -1) : SQLITE_ERROR;
        if (b)
            sqlite3_backup_finish(b);
        if (rc != SQLITE_DONE)
            e = err_new(a, ERR_IO, "The backup %s cannot be made: %s.", to, sqlite3_errstr(rc));
    }
    sqlite3_close(dst);
    sqlite3_close(src);
    return e;
}

static err run_from(struct arena *a, struct db_conn *c, enum db_engine_kind kind, int have,
                    int64_t now)
{
    for (int i = have; i < n_migrations; i++) {
        const struct migration *m = &migrations[i];
        err e = c->eng->script(a, c->h, kind == DB_PG ? m->pg : m->sqlite);
        if (!e)
            e = add_version(a, c, m, now);
        if (e)
            return err_while(a, e, "bringing the database up to date (%s)", m->name);
    }
    return NULL;
}

err migrate_up(struct arena *a, struct db_conn *c, enum db_engine_kind kind, const char *where,
               int64_t now_ms)
{
    int have;
    TRY(migrate_version(a, c, kind, &have));
    if (have > n_migrations)
        return err_new(a, ERR_CONFLICT,
                       "This database was made by a newer Doorstep (schema %d; this program knows "
                       "%d). Install the newer program; nothing was changed.",
                       have, n_migrations);
    if (have == n_migrations)
        return NULL;
    if (have > 0 && kind == DB_SQLITE)
        TRY(copy_before(a, where, have));
    TRY(c->eng->begin(a, c->h, true));
    err e = run_from(a, c, kind, have, now_ms);
    if (!e)
        e = c->eng->commit(a, c->h);
    if (e)
        c->eng->rollback(c->h);
    return e;
}
