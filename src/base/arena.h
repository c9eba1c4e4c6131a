// SPDX-License-Identifier: AGPL-3.0-or-later
// Memory by lifetime. Whoever asks for something passes an arena; the answer lives as long as it.
// Nothing taken from an arena is freed by itself: the whole arena is reset or finished.
//
// Whatever holds an outside resource (a statement, a file, a transaction) registers its cleanup in
// the arena at the moment it is opened; cleanups run backwards, newest first, at reset and fini.
//
// An arena belongs to one thread at a time. Running out of memory is answered with an ASSERT:
// limits stand at the door (body size, field count, rows), so an arena is never the limit.
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/base.h"

struct arena_chunk;
struct arena_cleanup;

struct arena {
    struct arena_chunk *chunk;     // newest first
    struct arena_cleanup *cleanup; // newest first
    size_t used;                   // bytes handed out since init or reset
    size_t chunk_size;             // size of an ordinary chunk
};

// Makes an empty arena in place; takes no memory until asked. arena_fini() ends it.
void arena_init(struct arena *a);

// Runs the cleanups, then gives all memory back. The arena may be used again as after init.
void arena_fini(struct arena *a);

// Runs the cleanups and forgets everything, but keeps one ordinary chunk for the next use.
void arena_reset(struct arena *a);

// n zeroed bytes, aligned for any type. n may be 0. Never NULL.
void *arena_alloc(struct arena *a, size_t n) __attribute__((malloc, returns_nonnull));

// An array of n elements of `size` bytes each, zeroed; asserts on overflow.
void *arena_array(struct arena *a, size_t n, size_t size) __attribute__((returns_nonnull));

// A copy of n bytes.
void *arena_copy(struct arena *a, const void *p, size_t n) __attribute__((returns_nonnull));

// Grows the block p of `old` bytes to `want` bytes; in place when it is the newest block.
// The new part is zeroed. p may be NULL when old is 0.
void *arena_grow(struct arena *a, void *p, size_t old, size_t want)
    __attribute__((returns_nonnull));

// Calls fn(arg) when the arena is reset or finished.
void arena_on_end(struct arena *a, void (*fn)(void *arg), void *arg);

#define arena_new(a, type)          ((type *)arena_alloc((a), sizeof(type)))
#define arena_new_array(a, n, type) ((type *)arena_array((a), (n), sizeof(type)))

#endif
