// SPDX-License-Identifier: AGPL-3.0-or-later
// The land Millbrook stands on: a lattice of six-sided cells with shaken corners. Every area of
// the demonstration town is a set of cells and its border is traced along their sides, so areas
// that touch share their border point for point: no gaps, no slivers, in any layer. Three cells
// meet at a corner, never four, so a border cannot touch itself.
//
// The same seed gives the same land on every machine. It lies in the North Sea, where nobody lives.
#ifndef PLACE_DEMO_LAND_H
#define PLACE_DEMO_LAND_H

#include "base/base.h"
#include "base/buf.h"
#include "base/random.h"

enum { LAND_COLS = 76, LAND_ROWS = 88, LAND_CELLS = LAND_COLS * LAND_ROWS, LAND_SIDES = 6 };

struct land {
    struct arena *a;
    double x[LAND_CELLS], y[LAND_CELLS]; // the middle of a cell, in metres east and south
    double weight[LAND_CELLS];           // how many people it holds, against the outskirts' 1
    bool town[LAND_CELLS];               // it belongs to the town
    int32_t lon[2 * LAND_CELLS], lat[2 * LAND_CELLS]; // of each corner, in millionths of a degree
};

// Corners shaken, the town's outline drawn.
struct land *land_make(struct arena *a, struct seeded *chance);
// The cell beside this one, or -1 beyond the lattice.
int land_beside(int cell, int side);

// Parts `cell[0 … n-1]` into connected parts whose weights are as `share` says; *ret_part of each
// cell (by cell number). Parts that are neighbours in number are mostly neighbours on the ground.
// A part may come out empty only when n < parts.
void land_split(struct land *l, struct seeded *chance, const int *cell, size_t n,
                const double *share, int parts, int *ret_part);
// Takes the zigzag out of the borders between the areas of `owner` (the finest layer; every other
// border is made of its borders). Corners where three areas meet stay where they are.
void land_smooth(struct land *l, const int *owner);
// Is the set of cells that `owner` gives to `who` one piece?
bool land_whole(const struct land *l, const int *owner, int who);

// The GeoJSON geometry of the cells that `owner` (by cell number) gives to `who`: one polygon,
// outer ring counter-clockwise, holes if there are any.
void land_put_geometry(struct land *l, struct buf *b, const int *owner, int who);

struct land_spot {
    int32_t lon, lat; // millionths of a degree
};
// A place in a cell, well inside.
struct land_spot land_spot_in(const struct land *l, int cell, struct seeded *chance);
// "0.912345" for 912345.
void land_put_degrees(struct buf *b, int32_t millionths);

#endif
