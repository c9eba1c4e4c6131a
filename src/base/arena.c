// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "base/arena.h"

#include <stdio.h>
#include <stdlib.h>

struct arena_chunk {
    struct arena_chunk *next;
    size_t size, used; // bytes of data
    _Alignas(max_align_t) unsigned char data[];
};

struct arena_cleanup {
    struct arena_cleanup *next;
    void (*fn)(void *arg);
    void *arg;
};

enum { CHUNK_SIZE = 16 * 1024 };

void base_assert_failed(const char *what, const char *file, int line, const char *func)
{
    fprintf(stderr, "doorstep: a mistake of ours: %s (%s, %s:%d)\n", what, func, file, line);
    abort();
}

void arena_init(struct arena *a)
{
    *a = (struct arena){.chunk_size = CHUNK_SIZE};
}

static void run_cleanups(struct arena *a)
{
    // A cleanup may itself allocate, but must not register another.
    struct arena_cleanup *c = a->cleanup;
    a->cleanup = NULL;
    for (; c; c = c->next)
        c->fn(c->arg);
}

void arena_fini(struct arena *a)
{
    run_cleanups(a);
    for (struct arena_chunk *c = a->chunk, *next; c; c = next) {
        next = c->next;
        free(c);
    }
    arena_init(a);
}

void arena_reset(struct arena *a)
{
    run_cleanups(a);
    struct arena_chunk *keep = NULL;
    for (struct arena_chunk *c = a->chunk, *next; c; c = next) {
        next = c->next;
        if (!keep && c->size == a->chunk_size)
            keep = c;
        else
            free(c);
    }
    a->chunk = keep;
    a->used = 0;
    if (keep) {
        keep->next = NULL;
        memset(keep->data, 0, keep->used);
        keep->used = 0;
    }
}

static struct arena_chunk *chunk_add(struct arena *a, size_t n)
{
    size_t size = n > a->chunk_size ? n : a->chunk_size;
    ASSERT(size < SIZE_MAX - sizeof(struct arena_chunk));
    struct arena_chunk *c = calloc(1, sizeof *c + size);
    ASSERT(c != NULL);
    c->size = size;
    if (n > a->chunk_size && a->chunk) { // a big block must not retire a half-empty chunk
        c->next = a->chunk->next;
        a->chunk->next = c;
    } else {
        c->next = a->chunk;
        a->chunk = c;
    }
    return c;
}

static size_t round_up(size_t n)
{
    size_t al = _Alignof(max_align_t);
    ASSERT(n <= SIZE_MAX - al);
    return (n + al - 1) / al * al;
}

void *arena_alloc(struct arena *a, size_t n)
{
    n = round_up(n);
    struct arena_chunk *c = a->chunk;
    if (!c || c->size - c->used < n)
        c = chunk_add(a, n);
    void *p = c->data + c->used;
    c->used += n;
    a->used += n;
    return p;
}

void *arena_array(struct arena *a, size_t n, size_t size)
{
    ASSERT(size == 0 || n <= SIZE_MAX / 2 / size);
    return arena_alloc(a, n * size);
}

void *arena_copy(struct arena *a, const void *p, size_t n)
{
    void *q = arena_alloc(a, n);
    if (n)
        memcpy(q, p, n);
    return q;
}

void *arena_grow(struct arena *a, void *p, size_t old, size_t want)
{
    ASSERT(want >= old);
    struct arena_chunk *c = a->chunk;
    size_t have = round_up(old), need = round_up(want);
    if (p && c && (unsigned char *)p + have == c->data + c->used &&
        c->size - c->used >= need - have) {
        c->used += need - have;
        a->used += need - have;
        return p;
    }
    void *q = arena_alloc(a, want);
    if (old)
        memcpy(q, p, old);
    return q;
}

void arena_on_end(struct arena *a, void (*fn)(void *arg), void *arg)
{
    struct arena_cleanup *c = arena_new(a, struct arena_cleanup);
    *c = (struct arena_cleanup){.next = a->cleanup, .fn = fn, .arg = arg};
    a->cleanup = c;
}
