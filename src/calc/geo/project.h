// SPDX-License-Identifier: AGPL-3.0-or-later
// From the ground to a drawing: areas as SVG paths in one viewBox.
//
// Local equirectangular projection: a degree of longitude is drawn shorter by the cosine of the
// middle latitude, which over a city is true to a few parts in ten thousand. Every corner of every
// area falls on ONE grid of whole units, so a border shared on the ground is shared in the drawing,
// and there is no simplification that could open gaps between neighbours.
#ifndef CALC_GEO_PROJECT_H
#define CALC_GEO_PROJECT_H

#include "base/base.h"
#include "base/buf.h"
#include "calc/geo/polygon.h"

struct geo_view {
    point corner;      // north-west: longitude, latitude of the unit (margin, margin)
    double per_lon;    // units to a degree of longitude
    double per_lat;    // units to a degree of latitude
    int margin;        // units kept free on every side
    int width, height; // the viewBox is "0 0 width height"
};

// The view that shows all of `b` in `width` units (2 × margin < width); the height follows from the
// ground. A box without extent is widened to about 100 metres, so there is always something to see;
// a box taller than four times its width is fitted by its height, to 4 × width.
struct geo_view geo_view_fit(box b, int width, int margin);

typedef struct {
    int x, y; // units, y downwards
} spot_xy;
spot_xy geo_view_spot(const struct geo_view *v, point p);

// Appends the area as path data in whole units and relative steps, "M12 40l3-2 5 1z…", to be filled
// with fill-rule="evenodd" (holes). Points that fall on the same unit are drawn once; a hole or a
// part too small to be seen is left out, yet an area never vanishes: when nothing else is left
// there is a mark of one unit at its first point. Nothing is appended for a shape without points.
void geo_view_path(const struct geo_view *v, const struct geo_shape *s, struct buf *out);

#endif
