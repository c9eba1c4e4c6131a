// SPDX-License-Identifier: AGPL-3.0-or-later
// A growing array in an arena: struct { T *v; size_t n, cap; }.
//   VEC(int) ages = {0};  *vec_add(a, &ages) = 7;
#ifndef BASE_VEC_H
#define BASE_VEC_H

#include "base/base.h"
#include "base/arena.h"

#define VEC(type)                                                                                  \
    struct {                                                                                       \
        type *v;                                                                                   \
        size_t n, cap;                                                                             \
    }

// A pointer to one new, zeroed element at the end.
#define vec_add(a, vec)                                                                            \
    ((vec)->n < (vec)->cap ? &(vec)->v[(vec)->n++]                                                 \
                           : ((vec)->v = vec_grow_((a), (vec)->v, &(vec)->cap, sizeof *(vec)->v),  \
                              &(vec)->v[(vec)->n++]))

static inline void *vec_grow_(struct arena *a, void *v, size_t *cap, size_t size)
{
    size_t want = *cap ? *cap * 2 : 8;
    ASSERT(want <= SIZE_MAX / 2 / size);
    void *p = arena_grow(a, v, *cap * size, want * size);
    *cap = want;
    return p;
}

#endif
