// SPDX-License-Identifier: AGPL-3.0-or-later
// A map as its page needs it: areas with their band, number and words, and, once drawn, the path
// and the spot of each in one drawing. Pure: shapes come in, text for SVG goes out (map.tmpl).
//
// Words: the *places* of a map are what it is about, each a link that the keyboard reaches; what is
// *around* them is there so that people recognise where they are; *edges* are outlines laid over
// (the wards of the zone), with their names.
#ifndef PLACE_MAP_H
#define PLACE_MAP_H

#include "base/base.h"
#include "base/arena.h"
#include "base/str.h"
#include "calc/geo/polygon.h"
#include "calc/geo/project.h"

enum { MAP_PLAIN = -1 };

struct map_place {
    str code, name;
    str says;   // read out and shown below the map: "in the most deprived 10% of England"
    int number; // ties it to its row in the table; 0 for none
    int band;   // 1 to 5, 0: not published, MAP_PLAIN: there are no bands, it is only shown
    const struct geo_shape *shape; // not drawn when NULL or without parts
    bool has_label;
    point label; // of the number; the shape's own label point is worked out when there is none
    // set by map_draw; the path is empty when there is nothing to draw
    str path;
    spot_xy spot;
};

// An outline over the map, or a surrounding area.
struct map_edge {
    str code, name;
    const struct geo_shape *shape;
    bool has_label;
    point label;
    str path;
    spot_xy spot;
};

struct map {
    struct map_place *place;
    size_t n_places;
    struct map_edge *around;
    size_t n_around;
    struct map_edge *edge;
    size_t n_edges;
    double widen; // share of the places' extent that is shown around them as well
    // set by map_draw
    bool drawn; // false: not one place has a shape, there is nothing to show
    int width, height;
};

// What the shapes of the places cover, in degrees; BOX_EMPTY when none has any.
box map_bounds(const struct map_place *place, size_t n);
// The same with a share of its width and height added on every side.
box map_widen(box b, double share);

// Works out the view (`width` units wide, around the places and outlines, widened) and writes paths
// and spots, into the arena. Surroundings are cut by the drawing's own edge.
void map_draw(struct arena *a, struct map *m, int width);

#endif
