// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "web/cache.h"

#include <pthread.h>
#include <stdlib.h>

enum { BUCKETS = 1024 };

struct entry {
    struct cached pub;           // first: cache_drop casts back
    struct entry *next;          // in its bucket
    struct entry *newer, *older; // in order of making
    uint64_t hash, generation;
    char *key;
    size_t key_n;
    int refs; // the table's one included
    bool listed;
};

struct page_cache {
    pthread_mutex_t lock;
    size_t used, max;
    struct entry *bucket[BUCKETS];
    struct entry *oldest, *newest;
};

struct page_cache *cache_open(size_t max_bytes)
{
    struct page_cache *c = calloc(1, sizeof *c);
    ASSERT(c != NULL);
    pthread_mutex_init(&c->lock, NULL);
    c->max = max_bytes;
    return c;
}

static size_t size_of(const struct entry *e)
{
    return sizeof *e + e->pub.n + e->key_n + e->pub.disposition.n;
}

static void unref(struct entry *e)
{
    if (--e->refs > 0)
        return;
    free(e->pub.body);
    free(e->key);
    free((void *)(uintptr_t)e->pub.disposition.p);
    free(e);
}

static void unlist(struct page_cache *c, struct entry *e)
{
    for (struct entry **p = &c->bucket[e->hash % BUCKETS]; *p; p = &(*p)->next)
        if (*p == e) {
            *p = e->next;
            break;
        }
    *(e->older ? &e->older->newer : &c->oldest) = e->newer;
    *(e->newer ? &e->newer->older : &c->newest) = e->older;
    c->used -= size_of(e);
    e->listed = false;
    unref(e);
}

void cache_close(struct page_cache *c)
{
    if (!c)
        return;
    while (c->oldest)
        unlist(c, c->oldest);
    pthread_mutex_destroy(&c->lock);
    free(c);
}

static struct entry *find(struct page_cache *c, str key, uint64_t hash)
{
    for (struct entry *e = c->bucket[hash % BUCKETS]; e; e = e->next)
        if (e->hash == hash && str_eq((str){e->key, e->key_n}, key))
            return e;
    return NULL;
}

const struct cached *cache_get(struct page_cache *c, str key, uint64_t generation)
{
    pthread_mutex_lock(&c->lock);
    struct entry *e = find(c, key, str_hash(key));
    if (e && e->generation != generation) {
        unlist(c, e);
        e = NULL;
    }
    if (e)
        e->refs++;
    pthread_mutex_unlock(&c->lock);
    return e ? &e->pub : NULL;
}

static char *copy(const void *p, size_t n)
{
    char *q = malloc(n ? n : 1);
    ASSERT(q != NULL);
    if (n)
        memcpy(q, p, n);
    return q;
}

const struct cached *cache_put(struct page_cache *c, str key, uint64_t generation,
                               const struct cached *answer)
{
    if (answer->n > c->max / 8)
        return NULL;
    struct entry *e = calloc(1, sizeof *e);
    ASSERT(e != NULL);
    *e = (struct entry){.pub = *answer,
                        .hash = str_hash(key),
                        .generation = generation,
                        .refs = 2,
                        .key_n = key.n,
                        .listed = true};
    e->pub.body = copy(answer->body, answer->n);
    e->key = copy(key.p, key.n);
    if (!str_is_none(answer->disposition))
        e->pub.disposition.p = copy(answer->disposition.p, answer->disposition.n);
    pthread_mutex_lock(&c->lock);
    struct entry *old = find(c, key, e->hash);
    if (old)
        unlist(c, old);
    e->next = c->bucket[e->hash % BUCKETS];
    c->bucket[e->hash % BUCKETS] = e;
    e->older = c->newest;
    *(c->newest ? &c->newest->newer : &c->oldest) = e;
    c->newest = e;
    c->used += size_of(e);
    while (c->used > c->max && c->oldest != e)
        unlist(c, c->oldest);
    pthread_mutex_unlock(&c->lock);
    return &e->pub;
}

void cache_drop(struct page_cache *c, const struct cached *pub)
{
    struct entry *e = (struct entry *)(uintptr_t)(const void *)pub;
    pthread_mutex_lock(&c->lock);
    unref(e);
    pthread_mutex_unlock(&c->lock);
}
