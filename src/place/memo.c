// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "place/memo.h"

#include <pthread.h>
#include <stdlib.h>

enum { SLOTS = 64, BYTES_MAX = 2 << 20, ONE_MAX = BYTES_MAX / 4 };

struct kept {
    struct place_memo *memo;
    struct arena a; // of the key and the value
    str key;
    uint64_t hash, generation;
    void *value;
    int refs; // the table's one included
};

struct place_memo {
    pthread_mutex_t lock;
    struct kept *slot[SLOTS]; // a ring: the next to go is the oldest
    size_t next, used;
};

struct place_memo *place_memo_open(void)
{
    struct place_memo *m = calloc(1, sizeof *m);
    ASSERT(m != NULL);
    pthread_mutex_init(&m->lock, NULL);
    return m;
}

// With the lock held, as all below that touch a table.
static void unref(struct kept *k)
{
    if (--k->refs > 0)
        return;
    arena_fini(&k->a);
    free(k);
}

static void clear(struct place_memo *m, size_t i)
{
    if (!m->slot[i])
        return;
    m->used -= m->slot[i]->a.used;
    unref(m->slot[i]);
    m->slot[i] = NULL;
}

void place_memo_close(struct place_memo *m)
{
    if (!m)
        return;
    for (size_t i = 0; i < SLOTS; i++)
        clear(m, i);
    pthread_mutex_destroy(&m->lock);
    free(m);
}

static void give_back(void *arg)
{
    struct kept *k = arg;
    struct place_memo *m = k->memo;
    pthread_mutex_lock(&m->lock);
    unref(k);
    pthread_mutex_unlock(&m->lock);
}

static struct kept *look(struct memo_at at, str key, uint64_t hash)
{
    struct kept *found = NULL;
    pthread_mutex_lock(&at.memo->lock);
    for (size_t i = 0; i < SLOTS && !found; i++) {
        struct kept *k = at.memo->slot[i];
        if (k && k->hash == hash && k->generation == at.generation && str_eq(k->key, key))
            found = k;
    }
    if (found)
        found->refs++;
    pthread_mutex_unlock(&at.memo->lock);
    return found;
}

// Two threads may make the same at once; then it is there twice until one of them is the oldest.
static void keep(struct place_memo *m, struct kept *k)
{
    if (k->a.used > ONE_MAX)
        return;
    pthread_mutex_lock(&m->lock);
    clear(m, m->next);
    for (size_t i = 1; i < SLOTS && m->used + k->a.used > BYTES_MAX; i++)
        clear(m, (m->next + i) % SLOTS);
    m->slot[m->next] = k;
    m->next = (m->next + 1) % SLOTS;
    m->used += k->a.used;
    k->refs++;
    pthread_mutex_unlock(&m->lock);
}

static err copied(struct arena *a, err e)
{
    if (e->cause)
        return err_while(a, copied(a, e->cause), "%" PRIstr, ARGstr(e->sentence));
    return err_new(a, e->kind, "%" PRIstr, ARGstr(e->sentence));
}

static err make_one(struct memo_at at, struct db_tx *tx, struct arena *a, str key, memo_maker *make,
                    void *ctx, struct kept **ret)
{
    struct kept *k = calloc(1, sizeof *k);
    ASSERT(k != NULL);
    *k = (struct kept){
        .memo = at.memo, .hash = str_hash(key), .generation = at.generation, .refs = 1};
    arena_init(&k->a);
    k->key = str_copy(&k->a, key);
    err e = make(tx, &k->a, ctx, &k->value);
    if (e) { // it lies in the arena that goes
        e = copied(a, e);
        arena_fini(&k->a);
        free(k);
        return e;
    }
    *ret = k;
    return NULL;
}

err memo_find(struct memo_at at, struct db_tx *tx, struct arena *a, str key, memo_maker *make,
              void *ctx, const void **ret)
{
    if (!at.memo) {
        void *value;
        TRY(make(tx, a, ctx, &value));
        *ret = value;
        return NULL;
    }
    struct kept *k = look(at, key, str_hash(key));
    if (!k) {
        TRY(make_one(at, tx, a, key, make, ctx, &k));
        keep(at.memo, k);
    }
    arena_on_end(a, give_back, k);
    *ret = k->value;
    return NULL;
}
