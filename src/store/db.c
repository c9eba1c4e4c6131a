// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "store/db.h"
#include "store/engine.h"
#include "store/migrate.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum {
    GROUP_MAX = 256,           // jobs in one transaction
    QUEUE_MAX = 10000,         // jobs that may wait
    WAL_HIGH = 8 * 1024 * 1024 // above this the writer closes the gate and truncates
};

struct pool {
    pthread_mutex_t lock;
    struct db_conn *idle;
};

struct db {
    const char *where;
    enum db_engine_kind kind;
    const struct db_engine *eng;
    struct clock clock;
    int lock_fd;
    struct pool pool[2];   // [0] readers, [1] public readers
    pthread_rwlock_t gate; // held for reading during each read transaction

    bool has_writer;
    struct db_conn writer;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct db_job *first, **last;
    int waiting;
    bool stop;
    atomic_uint_fast64_t generation;
};

enum db_engine_kind db_kind(const struct db *db)
{
    return db->kind;
}

const char *db_where(const struct db *db)
{
    return db->kind == DB_PG ? "PostgreSQL" : db->where;
}

const char *db_connect_string(const struct db *db)
{
    return db->where;
}

uint64_t db_generation(const struct db *db)
{
    return atomic_load(&db->generation);
}

// ---- reading ----------------------------------------------------------------------------------

static err pool_get(struct db *db, struct arena *a, bool public, struct db_conn **ret)
{
    struct pool *p = &db->pool[public];
    pthread_mutex_lock(&p->lock);
    struct db_conn *c = p->idle;
    if (c)
        p->idle = c->next;
    pthread_mutex_unlock(&p->lock);
    if (!c) {
        c = calloc(1, sizeof *c);
        ASSERT(c != NULL);
        c->eng = db->eng;
        err e = db->eng->open(a, db->where, public ? CONN_PUBLIC : CONN_READER, false, &c->h);
        if (e) {
            free(c);
            return e;
        }
    }
    *ret = c;
    return NULL;
}

static void pool_put(struct db *db, struct db_conn *c, bool public)
{
    struct pool *p = &db->pool[public];
    pthread_mutex_lock(&p->lock);
    c->next = p->idle;
    p->idle = c;
    pthread_mutex_unlock(&p->lock);
}

static err read_begin(struct db *db, struct arena *a, bool public, struct db_tx **ret)
{
    struct db_conn *c;
    TRY(pool_get(db, a, public, &c));
    pthread_rwlock_rdlock(&db->gate);
    err e = c->eng->begin(a, c->h, false);
    if (e) {
        pthread_rwlock_unlock(&db->gate);
        pool_put(db, c, public);
        return e;
    }
    struct db_tx *tx = arena_new(a, struct db_tx);
    *tx = (struct db_tx){.db = db, .conn = c, .a = a, .public_only = public};
    *ret = tx;
    return NULL;
}

err db_read(struct db *db, struct arena *a, struct db_tx **ret)
{
    return read_begin(db, a, false, ret);
}

err db_read_public(struct db *db, struct arena *a, struct db_tx **ret)
{
    return read_begin(db, a, true, ret);
}

void db_read_end(struct db_tx *tx)
{
    if (!tx || !tx->conn)
        return;
    ASSERT(!tx->writes);
    tx->conn->eng->rollback(tx->conn->h);
    pthread_rwlock_unlock(&tx->db->gate);
    pool_put(tx->db, tx->conn, tx->public_only);
    tx->conn = NULL;
}

void db_time_limit(struct db_tx *tx, int64_t ms)
{
    tx->conn->eng->time_limit(tx->conn->h, ms);
}

// ---- writing ----------------------------------------------------------------------------------

static err run_job(struct db *db, struct db_job *j)
{
    struct db_tx tx = {.db = db, .conn = &db->writer, .a = j->a, .writes = true};
    if (j->alone) // its transaction is mark enough; SQLite would keep each changed page in memory
        return j->fn(&tx, j->ctx);
    TRY(db->eng->mark(j->a, db->writer.h));
    err e = j->fn(&tx, j->ctx);
    if (!e)
        e = db->eng->release(j->a, db->writer.h);
    if (e)
        db->eng->undo(db->writer.h);
    return e;
}

static void fail_all(struct db_job *group, err e)
{
    for (struct db_job *j = group; j; j = j->next)
        if (!j->failed) // each job's error must live in its own arena
            j->failed = err_new(j->a, e->kind, "%" PRIstr, ARGstr(err_root(e)));
}

static void run_group(struct db *db, struct db_job *group, struct arena *scratch)
{
    void *h = db->writer.h;
    err e = db->eng->begin(scratch, h, true);
    bool any = false, shown = false;
    if (!e) {
        for (struct db_job *j = group; j; j = j->next) {
            j->failed = run_job(db, j);
            any = any || !j->failed;
            shown = shown || (!j->failed && !j->quiet);
        }
        e = any ? db->eng->commit(scratch, h) : NULL;
        if (e || !any)
            db->eng->rollback(h);
    }
    if (e)
        fail_all(group, e);
    else if (shown)
        atomic_fetch_add(&db->generation, 1);
    for (struct db_job *j = group, *next; j; j = next) {
        next = j->next; // done() may give the job's memory away
        j->done(j);
    }
}

// The WAL must stay small: quietly after each group, and, when busy readers have kept it from being
// reset, by closing the gate to new readers for a moment.
static void keep_wal_small(struct db *db)
{
    db->eng->checkpoint(db->writer.h, false);
    if (db->eng->wal_bytes(db->writer.h) <= WAL_HIGH)
        return;
    pthread_rwlock_wrlock(&db->gate);
    db->eng->checkpoint(db->writer.h, true);
    pthread_rwlock_unlock(&db->gate);
}

// Takes the next jobs that may share a transaction off the queue; NULL when it is time to stop.
static struct db_job *take_group(struct db *db)
{
    pthread_mutex_lock(&db->lock);
    while (!db->first && !db->stop)
        pthread_cond_wait(&db->wake, &db->lock);
    struct db_job *group = db->first, *j = group;
    if (group) {
        int n = 1;
        while (!group->alone && j->next && !j->next->alone && n < GROUP_MAX) {
            j = j->next;
            n++;
        }
        db->first = j->next;
        if (!db->first)
            db->last = &db->first;
        j->next = NULL;
        db->waiting -= n;
    }
    pthread_mutex_unlock(&db->lock);
    return group;
}

static void *writer_main(void *arg)
{
    struct db *db = arg;
    struct arena scratch;
    arena_init(&scratch);
    for (struct db_job *g; (g = take_group(db)) != NULL;) {
        run_group(db, g, &scratch);
        keep_wal_small(db);
        arena_reset(&scratch);
    }
    arena_fini(&scratch);
    return NULL;
}

err db_write_later(struct db *db, struct db_job *job)
{
    ASSERT(db->has_writer);
    pthread_mutex_lock(&db->lock);
    bool full = db->waiting >= QUEUE_MAX || db->stop;
    if (!full) {
        job->next = NULL;
        job->failed = NULL;
        *db->last = job;
        db->last = &job->next;
        db->waiting++;
        pthread_cond_signal(&db->wake);
    }
    pthread_mutex_unlock(&db->lock);
    return full ? err_new(job->a, ERR_BUSY,
                          "Too much is being saved at once. Try again in a minute.")
                : NULL;
}

struct waiter {
    pthread_mutex_t lock;
    pthread_cond_t cond;
    bool finished;
};

static void wake_waiter(struct db_job *job)
{
    struct waiter *w = job->done_ctx;
    pthread_mutex_lock(&w->lock);
    w->finished = true;
    pthread_cond_signal(&w->cond);
    pthread_mutex_unlock(&w->lock);
}

static err write_and_wait(struct db *db, struct arena *a, db_write_fn *fn, void *ctx, bool alone)
{
    struct waiter w = {.lock = PTHREAD_MUTEX_INITIALIZER, .cond = PTHREAD_COND_INITIALIZER};
    struct db_job job = {
        .fn = fn, .ctx = ctx, .a = a, .done = wake_waiter, .done_ctx = &w, .alone = alone};
    TRY(db_write_later(db, &job));
    pthread_mutex_lock(&w.lock);
    while (!w.finished)
        pthread_cond_wait(&w.cond, &w.lock);
    pthread_mutex_unlock(&w.lock);
    return job.failed;
}

err db_write(struct db *db, struct arena *a, db_write_fn *fn, void *ctx)
{
    return write_and_wait(db, a, fn, ctx, false);
}

err db_write_alone(struct db *db, struct arena *a, db_write_fn *fn, void *ctx)
{
    return write_and_wait(db, a, fn, ctx, true);
}

// ---- statements -------------------------------------------------------------------------------

err db_prepare_only(struct db_tx *tx, const struct sql_stmt *st)
{
    return tx->conn->eng->prepare(tx->a, tx->conn->h, st);
}

err db_rows_open(struct db_tx *tx, const struct sql_stmt *st, const void *in, struct db_rows *ret)
{
    ASSERT(!tx->public_only || st->public_only);
    *ret = (struct db_rows){.tx = tx, .st = st};
    return tx->conn->eng->start(tx->a, tx->conn->h, st, in, &ret->h);
}

err db_rows_next(struct db_rows *r, void *ret, bool *ret_more)
{
    *ret_more = false;
    if (!r->h)
        return NULL;
    struct db_conn *c = r->tx->conn;
    err e = c->eng->step(r->tx->a, c->h, r->h, r->st, ret, ret_more);
    if (*ret_more)
        r->at++;
    else
        db_rows_close(r);
    return e;
}

void db_rows_close(struct db_rows *r)
{
    if (!r->h)
        return;
    r->tx->conn->eng->finish(r->tx->conn->h, r->h, r->st);
    r->h = NULL;
}

err db_run(struct db_tx *tx, const struct sql_stmt *st, const void *in, int64_t *ret_rows)
{
    struct db_rows r;
    bool more;
    TRY(db_rows_open(tx, st, in, &r));
    struct db_conn *c = tx->conn;
    err e = c->eng->step(tx->a, c->h, r.h, st, NULL, &more);
    if (!e && ret_rows)
        *ret_rows = c->eng->changes(c->h, r.h);
    db_rows_close(&r);
    return e;
}

// Text and bytes of a row, copied so that they outlive the cursor.
static void keep_row(struct arena *a, const struct sql_stmt *st, void *row)
{
    for (int i = 0; i < st->n_out; i++) {
        enum sql_kind k = st->out[i].kind;
        if (k != SQL_STR && k != SQL_OPT_STR && k != SQL_BLOB && k != SQL_OPT_BLOB)
            continue;
        str *s = (str *)(void *)((char *)row + st->out[i].at);
        *s = str_copy(a, *s);
    }
}

err db_one(struct db_tx *tx, struct arena *a, const struct sql_stmt *st, const void *in, void *ret,
           bool *ret_found)
{
    struct db_rows r;
    memset(ret, 0, st->out_size);
    TRY(db_rows_open(tx, st, in, &r));
    err e = db_rows_next(&r, ret, ret_found);
    if (!e && *ret_found)
        keep_row(a, st, ret);
    db_rows_close(&r);
    return e;
}

err db_all(struct db_tx *tx, struct arena *a, const struct sql_stmt *st, const void *in,
           size_t size, void **ret, size_t *ret_n)
{
    struct db_rows r;
    char *v = NULL;
    size_t n = 0, cap = 0;
    err e = db_rows_open(tx, st, in, &r);
    for (bool more = true; !e;) {
        if (n == cap) {
            size_t want = cap ? cap * 2 : 16;
            v = arena_grow(a, v, cap * size, want * size);
            cap = want;
        }
        e = db_rows_next(&r, v + n * size, &more);
        if (e || !more)
            break;
        keep_row(a, st, v + n * size);
        n++;
    }
    db_rows_close(&r);
    *ret = v;
    *ret_n = n;
    return e;
}

// ---- opening and closing ----------------------------------------------------------------------

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
