// SPDX-License-Identifier: AGPL-3.0-or-later
// Opening a database (lock, schema, writer's thread) and closing it, in the order that loses
// nothing.
#include "base/base.h"
#include "store/db_parts.h"
#include "store/migrate.h"

#include <stdlib.h>

static void init_locks(struct db *db)
{
    pthread_rwlockattr_t attr;
    pthread_rwlockattr_init(&attr);
    pthread_rwlockattr_setkind_np(&attr, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
    pthread_rwlock_init(&db->gate, &attr);
    pthread_rwlockattr_destroy(&attr);
    for (int i = 0; i < 2; i++)
        pthread_mutex_init(&db->pool[i].lock, NULL);
    pthread_mutex_init(&db->lock, NULL);
    pthread_cond_init(&db->wake, NULL);
    db->last = &db->first;
}

static err open_writer(struct arena *a, struct db *db, const struct db_opts *o)
{
    if (db->kind == DB_SQLITE)
        TRY(lock_take(a, db->where, &db->lock_fd));
    TRY(db->eng->open(a, db->where, CONN_WRITER, o->create, &db->writer.h));
    db->writer.eng = db->eng;
    db->has_writer = true;
    if (!o->no_migrate)
        TRY(migrate_up(a, &db->writer, db->kind, db->where, clock_now(&db->clock)));
    return NULL;
}

// A reading command must not meet a schema it does not know.
static err check_version(struct arena *a, struct db *db)
{
    struct db_conn *c;
    TRY(pool_get(db, a, false, &c));
    int have = 0;
    err e = migrate_version(a, c, db->kind, &have);
    pool_put(db, c, false);
    if (!e && have > n_migrations)
        e = err_new(
            a, ERR_CONFLICT,
            "This database was made by a newer Doorstep (schema %d; this program knows %d).", have,
            n_migrations);
    if (!e && have < n_migrations)
        e = err_new(
            a, ERR_CONFLICT,
            "This database is of an older Doorstep (schema %d of %d). Run `doorstep upgrade` "
            "first; it makes a backup before it changes anything.",
            have, n_migrations);
    return e;
}

err db_open(struct arena *a, const struct db_opts *o, struct db **ret)
{
    struct db *db = calloc(1, sizeof *db);
    ASSERT(db != NULL);
    db->where = strdup(o->where);
    ASSERT(db->where != NULL);
    db->kind = where_is_pg(o->where) ? DB_PG : DB_SQLITE;
    db->eng = db->kind == DB_PG ? &engine_pg : &engine_sqlite;
    db->clock = o->clock.now_ms ? o->clock : clock_system;
    db->lock_fd = -1;
    // Generations of two runs must not meet in a cache: start from the clock.
    atomic_store(&db->generation, (uint64_t)clock_now(&db->clock) << 12);
    init_locks(db);
    err e = o->read_only ? (o->no_migrate ? NULL : check_version(a, db)) : open_writer(a, db, o);
    if (!e && db->has_writer && pthread_create(&db->thread, NULL, writer_main, db) != 0)
        e = err_new(a, ERR_IO, "The writer thread cannot be started.");
    else if (!e && db->has_writer)
        db->stop = false;
    if (e) {
        if (db->writer.h)
            db->eng->close(db->writer.h);
        db->has_writer = false;
        db->writer.h = NULL;
        db_close(db);
        return e;
    }
    *ret = db;
    return NULL;
}

static void pool_close(struct pool *p)
{
    for (struct db_conn *c = p->idle, *next; c; c = next) {
        next = c->next;
        c->eng->close(c->h);
        free(c);
    }
    pthread_mutex_destroy(&p->lock);
}

void db_close(struct db *db)
{
    if (!db)
        return;
    if (db->has_writer) {
        pthread_mutex_lock(&db->lock);
        db->stop = true;
        pthread_cond_signal(&db->wake);
        pthread_mutex_unlock(&db->lock);
        pthread_join(db->thread, NULL);
    }
    for (int i = 0; i < 2; i++)
        pool_close(&db->pool[i]);
    if (db->writer.h) // last, so that its close empties the WAL into the database
        db->eng->close(db->writer.h);
    lock_drop(db->lock_fd);
    pthread_rwlock_destroy(&db->gate);
    pthread_mutex_destroy(&db->lock);
    pthread_cond_destroy(&db->wake);
    free((void *)(uintptr_t)db->where);
    free(db);
}
