// SPDX-License-Identifier: AGPL-3.0-or-later
// Reading, writing and running statements; the writer's thread.
#include "base/base.h"
#include "store/db_parts.h"

#include <stdlib.h>

enum {
    GROUP_MAX = 256,           // jobs in one transaction
    QUEUE_MAX = 10000,         // jobs that may wait
    WAL_HIGH = 8 * 1024 * 1024 // above this the writer closes the gate and truncates
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

err pool_get(struct db *db, struct arena *a, bool public, struct db_conn **ret)
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

void pool_put(struct db *db, struct db_conn *c, bool public)
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

void *writer_main(void *arg)
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
