// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "base/file.h"
#include "place/import_desk.h"
#include "store/audit.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { KEPT = 50 }; // how many finished loads can still be asked about

// One upload being loaded. It owns the arena that the mapped file and the job live in; when the
// writer is done with them only what a page may still ask for is left.
struct loading {
    struct import_desk *desk;
    struct site *site;
    upload_id upload;
    struct actor who;
    struct arena a;
    str stored; // in `a`
    struct import_later later;
    atomic_llong done, total;
    struct desk_view over; // when it is; its sentence is in `text`
    char text[1000];
    struct loading *next; // older
};

struct import_desk {
    pthread_mutex_t lock;
    pthread_cond_t finished;
    struct loading *newest;
    int under_way;
};

struct import_desk *import_desk_open(void)
{
    struct import_desk *d = calloc(1, sizeof *d);
    ASSERT(d != NULL);
    pthread_mutex_init(&d->lock, NULL);
    pthread_cond_init(&d->finished, NULL);
    return d;
}

void import_desk_close(struct import_desk *d)
{
    if (!d)
        return;
    pthread_mutex_lock(&d->lock);
    while (d->under_way)
        pthread_cond_wait(&d->finished, &d->lock);
    pthread_mutex_unlock(&d->lock);
    for (struct loading *l = d->newest, *next; l; l = next) {
        next = l->next;
        free(l);
    }
    pthread_cond_destroy(&d->finished);
    pthread_mutex_destroy(&d->lock);
    free(d);
}

// ---- in the writer's thread ---------------------------------------------------------------------

static void progress(void *ctx, int64_t done, int64_t total)
{
    struct loading *l = ctx;
    atomic_store(&l->done, done - total / 2); // the dry run was the first half
    atomic_store(&l->total, total / 2);
}

// What belongs to the load, in its transaction.
static err also(struct db_tx *tx, struct import_later *later)
{
    struct loading *l = later->ctx;
    TRY(upload_drop(tx, &l->who, l->upload));
    if (later->result.unchanged)
        return NULL;
    return audit_add(tx, later->now_ms, &l->who, STR("import loaded"),
                     str_fmt(tx->a, "import:%lld", (long long)later->result.id.v), STR(""));
}

static void keep_sentence(struct loading *l, str s)
{
    size_t n = s.n < sizeof l->text ? s.n : sizeof l->text - 1;
    memcpy(l->text, s.p ? s.p : "", n);
    l->over.sentence = (str){l->text, n};
}

// Lets go of all but what a page may still ask about. The arena is the loading's own.
static void finish(struct loading *l)
{
    if (l->later.failed)
        keep_sentence(l, err_root(l->later.failed));
    else
        upload_forget(&l->a, l->site, l->stored);
    l->over.state = l->later.failed ? DESK_REFUSED : DESK_LOADED;
    l->over.id = l->later.result.id;
    l->over.unchanged = l->later.result.unchanged;
    l->over.rows = l->later.result.rows;
    arena_fini(&l->a);
}

static void done(struct import_later *later)
{
    struct loading *l = later->ctx;
    struct import_desk *d = l->desk;
    pthread_mutex_lock(&d->lock);
    finish(l);
    d->under_way--;
    pthread_cond_broadcast(&d->finished);
    pthread_mutex_unlock(&d->lock);
}

// ---- in the request's thread
// ----------------------------------------------------------------------

static struct loading *find(struct import_desk *d, upload_id id)
{
    struct loading *l = d->newest;
    while (l && l->upload.v != id.v)
        l = l->next;
    return l;
}

// Finished ones beyond the last few are forgotten.
static void tidy(struct import_desk *d)
{
    int n = 0;
    for (struct loading **at = &d->newest; *at;) {
        struct loading *l = *at;
        if (++n <= KEPT || l->over.state == DESK_NONE) {
            at = &l->next;
            continue;
        }
        *at = l->next;
        free(l);
    }
}

// Takes a place on the desk; an earlier refusal of the same upload makes room.
static bool take_place(struct import_desk *d, struct loading *l)
{
    pthread_mutex_lock(&d->lock);
    struct loading *same = find(d, l->upload);
    bool free_place = !same || same->over.state == DESK_REFUSED;
    if (free_place) {
        l->next = d->newest;
        d->newest = l;
        d->under_way++;
        tidy(d);
    }
    pthread_mutex_unlock(&d->lock);
    return free_place;
}

// The dry run, from the file to the verdict.
static err check(struct loading *l, const struct upload *u)
{
    str text;
    struct import_job *job;
    struct db_tx *tx;
    TRY(file_map(&l->a, upload_path(&l->a, l->site, u->stored), UPLOAD_MAX, &text));
    TRY(import_open(&l->a, text, str_copy(&l->a, u->file_name), &u->opts, &job));
    TRY(db_read(l->site->db, &l->a, &tx));
    err e = import_check(job, tx);
    db_read_end(tx);
    TRY(e);
    TRY(import_refusal(job));
    job->progress = progress;
    job->progress_ctx = l;
    l->later.job = job;
    return NULL;
}

// What goes on after the request is over must not point into it.
static struct loading *loading_new(struct req *r, const struct upload *u)
{
    struct loading *l = calloc(1, sizeof *l);
    ASSERT(l != NULL);
    arena_init(&l->a);
    l->desk = r->site->imports;
    l->site = r->site;
    l->upload = u->id;
    l->who = *r->actor;
    l->who.name = STR_NONE;
    l->stored = str_copy(&l->a, u->stored);
    l->later = (struct import_later){.now_ms = r->now_ms, .also = also, .done = done, .ctx = l};
    return l;
}

static void opts_copy(struct arena *a, struct import_opts *o)
{
    str *const all[] = {&o->family, &o->kind,    &o->district, &o->period, &o->title,
                        &o->unit,   &o->columns, &o->source,   &o->licence};
    for (size_t i = 0; i < countof(all); i++)
        *all[i] = str_copy(a, *all[i]);
}

static err refuse(struct req *r, struct loading *l, err e)
{
    err copy = err_new(r->a, e->kind, "%" PRIstr, ARGstr(err_root(e)));
    arena_fini(&l->a);
    free(l);
    return copy;
}

err import_desk_load(struct req *r, const struct upload *u)
{
    struct loading *l = loading_new(r, u);
    struct upload own = *u;
    opts_copy(&l->a, &own.opts);
    err e = check(l, &own);
    if (e)
        return refuse(r, l, e);
    if (!take_place(l->desk, l))
        return refuse(r, l, err_new(r->a, ERR_CONFLICT, "This file is being loaded already."));
    e = import_load_later(r->site->db, &l->later);
    if (e) {
        l->later.failed = e;
        done(&l->later);
        return err_new(r->a, ERR_BUSY, "Too much is waiting to be written. Try again in a minute.");
    }
    return NULL;
}

void import_desk_look(struct import_desk *d, struct arena *a, upload_id id, struct desk_view *ret)
{
    *ret = (struct desk_view){0};
    pthread_mutex_lock(&d->lock);
    const struct loading *l = find(d, id);
    if (l) {
        *ret = l->over;
        ret->sentence = str_copy(a, l->over.sentence);
        if (ret->state == DESK_NONE)
            *ret = (struct desk_view){.state = DESK_LOADING,
                                      .done = atomic_load(&l->done),
                                      .total = atomic_load(&l->total)};
    }
    pthread_mutex_unlock(&d->lock);
}
