// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "testdb.h"

#include <libpq-fe.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void give_up(const char *what)
{
    fprintf(stderr, "testdb: %s\n", what);
    abort();
}

static void pg_do(const char *url, const char *sql)
{
    PGconn *c = PQconnectdb(url);
    if (PQstatus(c) != CONNECTION_OK)
        give_up(PQerrorMessage(c));
    PQclear(PQexec(c, "SET client_min_messages = warning"));
    PGresult *r = PQexec(c, sql);
    if (PQresultStatus(r) != PGRES_COMMAND_OK)
        give_up(PQerrorMessage(c));
    PQclear(r);
    PQfinish(c);
}

// A test that skips or fails jumps over its testdb_close; what is left is closed at the end.
static struct testdb *open_now[16];

static void close_the_rest(void)
{
    for (size_t i = 0; i < countof(open_now); i++)
        if (open_now[i])
            testdb_close(open_now[i]);
}

static void remember(struct testdb *t)
{
    static bool asked;
    if (!asked)
        atexit(close_the_rest);
    asked = true;
    for (size_t i = 0; i < countof(open_now); i++)
        if (!open_now[i]) {
            open_now[i] = t;
            return;
        }
    give_up("too many databases at once");
}

static void forget(struct testdb *t)
{
    for (size_t i = 0; i < countof(open_now); i++)
        if (open_now[i] == t)
            open_now[i] = NULL;
}

static int64_t fixed_now(void *ctx)
{
    return *(int64_t *)ctx;
}

static void open_it(struct testdb *t, int64_t now_ms)
{
    struct db_opts o = {.where = t->where, .create = true};
    if (now_ms) {
        int64_t *now = arena_new(&t->own, int64_t);
        *now = now_ms;
        o.clock = (struct clock){fixed_now, now};
    }
    err e = db_open(&t->a, &o, &t->db);
    if (e)
        give_up(str_z(&t->a, err_text(&t->a, e)));
}

struct testdb *testdb_open_at(int64_t now_ms)
{
    struct testdb *t = calloc(1, sizeof *t);
    ASSERT(t != NULL);
    if (sodium_init() < 0)
        give_up("libsodium");
    arena_init(&t->a);
    arena_init(&t->own);
    const char *pg = getenv("DOORSTEP_TEST_PG");
    if (pg && *pg) {
        snprintf(t->folder, sizeof t->folder, "t%ld_%lld", (long)getpid(),
                 (long long)clock_now(&clock_system));
        pg_do(pg, str_fmt(&t->own, "CREATE SCHEMA %s", t->folder).p);
        t->where = str_fmt(&t->own, "%s%coptions=-csearch_path%%3D%s", pg,
                           strchr(pg, '?') ? '&' : '?', t->folder)
                       .p;
    } else {
        snprintf(t->folder, sizeof t->folder, "%s/doorstep-test-XXXXXX", P_tmpdir);
        if (!mkdtemp(t->folder))
            give_up("no temporary folder");
        t->where = str_fmt(&t->own, "%s/test.db", t->folder).p;
    }
    open_it(t, now_ms);
    remember(t);
    return t;
}

struct testdb *testdb_open(void)
{
    return testdb_open_at(0);
}

void testdb_reopen(struct testdb *t)
{
    db_close(t->db);
    open_it(t, 0);
}

void testdb_close(struct testdb *t)
{
    forget(t);
    db_close(t->db);
    const char *pg = getenv("DOORSTEP_TEST_PG");
    if (pg && *pg) {
        pg_do(pg, str_fmt(&t->own, "DROP SCHEMA %s CASCADE", t->folder).p);
    } else {
        static const char *const parts[] = {"", "-wal", "-shm", ".lock", ".before-0001"};
        for (size_t i = 0; i < countof(parts); i++)
            unlink(str_fmt(&t->own, "%s%s", t->where, parts[i]).p);
        rmdir(t->folder);
    }
    arena_fini(&t->a);
    arena_fini(&t->own);
    free(t);
}
