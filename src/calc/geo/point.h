// SPDX-License-Identifier: AGPL-3.0-or-later
// One place on the ground. Unless a function says otherwise x is the longitude and y the latitude,
// both in WGS84 degrees, in that order, as GeoJSON has it.
#ifndef CALC_GEO_POINT_H
#define CALC_GEO_POINT_H

#include "base/base.h"

typedef struct {
    double x, y;
} point;

// A box; empty when x0 > x1.
typedef struct {
    double x0, y0, x1, y1;
} box;

#define BOX_EMPTY ((box){1e300, 1e300, -1e300, -1e300})

static inline bool box_is_empty(box b)
{
    return b.x0 > b.x1 || b.y0 > b.y1;
}
static inline box box_with(box b, point p)
{
    return (box){p.x < b.x0 ? p.x : b.x0, p.y < b.y0 ? p.y : b.y0, p.x > b.x1 ? p.x : b.x1,
                 p.y > b.y1 ? p.y : b.y1};
}
static inline box box_join(box a, box b)
{
    return box_is_empty(b) ? a : box_with(box_with(a, (point){b.x0, b.y0}), (point){b.x1, b.y1});
}

#endif
