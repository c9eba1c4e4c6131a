// SPDX-License-Identifier: AGPL-3.0-or-later
// The shape of an area, and the plain sums on it. Areas of one or several parts, each part an
// outer ring and perhaps holes, as ward and small-area boundaries are published.
//
// A ring here does NOT repeat its first point at the end: closure is implied. Readers take the
// repeated point off, writers put it back. Everything is in WGS84 degrees (calc/geo/point.h)
// unless a function says otherwise. Shapes are plain values in the arena of whoever made them.
// All sums are linear in the number of points (geo_label_point with a large constant).
#ifndef CALC_GEO_POLYGON_H
#define CALC_GEO_POLYGON_H

#include "base/base.h"
#include "base/arena.h"
#include "calc/geo/point.h"

struct geo_ring {
    point *v;
    size_t n;
};

// ring[0] is the outer border, the others are holes in it.
struct geo_part {
    struct geo_ring *ring;
    size_t n;
};

struct geo_shape {
    struct geo_part *part;
    size_t n;
    // The fewest decimals of a degree, 5 at least, with which the shape can be written and still
    // be valid; 0 when nobody has tried. See geo_serve_decimals (calc/geo/valid.h).
    int decimals;
};

// Twice the area the ring goes round, in square units of its coordinates: positive when it runs
// counter-clockwise, negative when clockwise. 0 for fewer than three points.
double ring_turn(const struct geo_ring *r);
bool ring_is_ccw(const struct geo_ring *r);
void ring_reverse(struct geo_ring *r);

// Outer rings counter-clockwise and holes clockwise, as RFC 7946 section 3.1.6 wants; in place.
void geo_wind(struct geo_shape *s);
// A copy that shares nothing with s.
struct geo_shape geo_copy(struct arena *a, const struct geo_shape *s);

size_t geo_points(const struct geo_shape *s);
size_t geo_rings(const struct geo_shape *s);
box ring_box(const struct geo_ring *r);
// Of the outer rings; BOX_EMPTY for a shape without points.
box geo_box(const struct geo_shape *s);

// Square metres, holes taken off, on the scale that is true at latitude lat0 (degrees; use the
// same one for all areas that are added up, such as the mean latitude of the zone): a degree is
// taken as long as the radii of curvature of the WGS84 ellipsoid make it there. Within a district
// this differs from the grid's own square metres by less than one part in a thousand.
double geo_area_m2(const struct geo_shape *s, double lat0);

// Metres along the great circle on the mean radius 6,371,008.8 m (haversine).
double geo_distance_m(point a, point b);

// The centre of gravity, holes taken off; may lie outside a crescent. The middle of the box when
// the shape has no area; {0,0} when it has no points.
point geo_centroid(const struct geo_shape *s);

// A place for a name: inside the shape and well away from its border. Chosen among the centroid
// and the middles of the widest stretches on 20 lines across the largest part. Surely inside for
// any shape with an area; on the border of one without.
point geo_label_point(const struct geo_shape *s);

#endif
