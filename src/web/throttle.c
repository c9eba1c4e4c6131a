// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "web/throttle.h"

#include <pthread.h>
#include <stdlib.h>

enum { SLOTS = 4096, PROBES = 8 };

struct slot {
    uint64_t key; // 0: free
    int64_t start_ms, window_ms;
    int count;
};

struct throttle {
    pthread_mutex_t lock;
    struct slot slot[SLOTS];
};

struct throttle *throttle_open(void)
{
    struct throttle *t = calloc(1, sizeof *t);
    ASSERT(t != NULL);
    pthread_mutex_init(&t->lock, NULL);
    return t;
}

void throttle_close(struct throttle *t)
{
    if (!t)
        return;
    pthread_mutex_destroy(&t->lock);
    free(t);
}

// The key's slot, or the one among its neighbours that may be forgotten first.
static struct slot *slot_of(struct throttle *t, uint64_t key)
{
    struct slot *oldest = NULL;
    for (size_t i = 0; i < PROBES; i++) {
        struct slot *s = &t->slot[(key + i) % SLOTS];
        if (s->key == key)
            return s;
        if (!oldest || s->key == 0 || (oldest->key != 0 && s->start_ms < oldest->start_ms))
            oldest = s;
    }
    *oldest = (struct slot){.key = key};
    return oldest;
}

bool throttle_allow(struct throttle *t, str key, int limit, int64_t window_ms, int64_t now_ms,
                    int64_t *ret_wait_ms)
{
    pthread_mutex_lock(&t->lock);
    struct slot *s = slot_of(t, str_hash(key) | 1);
    if (s->count == 0 || now_ms - s->start_ms >= window_ms || now_ms < s->start_ms) {
        s->start_ms = now_ms;
        s->count = 0;
    }
    bool ok = s->count < limit;
    if (ok)
        s->count++;
    *ret_wait_ms = ok ? 0 : s->start_ms + window_ms - now_ms;
    pthread_mutex_unlock(&t->lock);
    return ok;
}

void throttle_forget(struct throttle *t, str key)
{
    pthread_mutex_lock(&t->lock);
    struct slot *s = slot_of(t, str_hash(key) | 1);
    s->count = 0;
    pthread_mutex_unlock(&t->lock);
}
