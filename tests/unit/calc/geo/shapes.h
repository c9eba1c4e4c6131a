// SPDX-License-Identifier: AGPL-3.0-or-later
// Little shapes for the geometry tests, written as lists of numbers.
#ifndef TESTS_GEO_SHAPES_H
#define TESTS_GEO_SHAPES_H

#include "base/base.h"
#include "calc/geo/polygon.h"

// A ring through n points given as x, y, x, y …
static inline struct geo_ring ring_of(struct arena *a, const double *xy, size_t n)
{
    struct geo_ring r = {.v = arena_new_array(a, n, point), .n = n};
    for (size_t i = 0; i < n; i++)
        r.v[i] = (point){xy[2 * i], xy[2 * i + 1]};
    return r;
}

#define RING(a, ...)                                                                               \
    ring_of((a), (const double[]){__VA_ARGS__}, countof(((const double[]){__VA_ARGS__})) / 2)

// One part of the given rings, the first being the outer one.
static inline struct geo_shape shape_of(struct arena *a, const struct geo_ring *ring, size_t n)
{
    struct geo_shape s = {.part = arena_new(a, struct geo_part), .n = 1};
    s.part[0] = (struct geo_part){.ring = arena_copy(a, ring, n * sizeof *ring), .n = n};
    return s;
}

#define SHAPE(a, ...)                                                                              \
    shape_of((a), (const struct geo_ring[]){__VA_ARGS__},                                          \
             countof(((const struct geo_ring[]){__VA_ARGS__})))

// The parts of both.
static inline struct geo_shape shape_join(struct arena *a, struct geo_shape x, struct geo_shape y)
{
    struct geo_shape s = {.part = arena_new_array(a, x.n + y.n, struct geo_part), .n = x.n + y.n};
    memcpy(s.part, x.part, x.n * sizeof *x.part);
    memcpy(s.part + x.n, y.part, y.n * sizeof *y.part);
    return s;
}

static inline struct geo_shape rect(struct arena *a, double x0, double y0, double x1, double y1)
{
    return SHAPE(a, RING(a, x0, y0, x1, y0, x1, y1, x0, y1));
}

#endif
