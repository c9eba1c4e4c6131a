// SPDX-License-Identifier: AGPL-3.0-or-later
// Which area does a place lie in? For one area, and for a whole layer at once.
//
// The answer is exact and the same on every machine: corners and the place asked for are put on
// one grid of 10⁻⁷ degrees (about a centimetre, the precision in which areas are stored) and
// everything is decided in whole numbers.
//
// The border rule. A place exactly on a border is treated as standing a hair's breadth to the east
// of it, and for a border running east-west to the north of it. So of two neighbours that share a
// border exactly one has it. On the outer edge of a layer the hair may lie outside everything;
// geo_index_find then gives the place to the first area (in the order given) whose border it is.
// Where areas overlap (layers drawn apart from each other), the first in the order given has it.
// Pass areas sorted by code and the answer depends on nothing but the map.
//
// The answer is still a guess about people: boundaries are generalised by up to 20 metres. Where a
// postcode file names the area, the file wins, and a guess must be labelled as one.
#ifndef CALC_GEO_LOCATE_H
#define CALC_GEO_LOCATE_H

#include "base/base.h"
#include "calc/geo/polygon.h"

enum geo_side { GEO_OUTSIDE, GEO_INSIDE, GEO_BORDER };

// Inside, outside, or exactly on a border (of a hole too).
enum geo_side geo_side_of(const struct geo_shape *s, point p);
// Inside by the border rule above: never "on the border". Holes are outside.
bool geo_contains(const struct geo_shape *s, point p);

struct geo_index;

// An index over n areas, in the arena; the shapes are copied and may be forgotten. Building is
// linear in the number of points; a look-up tests only the areas whose box holds the place.
// Coordinates must be degrees (|x| <= 180, |y| <= 90).
struct geo_index *geo_index_new(struct arena *a, const struct geo_shape *v, size_t n);

// The position (0 … n-1) of the area that has the place, or -1 when none has.
int64_t geo_index_find(const struct geo_index *ix, point p);

#endif
