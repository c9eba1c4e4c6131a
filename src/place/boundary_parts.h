// SPDX-License-Identifier: AGPL-3.0-or-later
// What the files behind place/boundary.h share: the reading in progress, and how each of them tells
// what is wrong. Included by boundary*.c only.
#ifndef PLACE_BOUNDARY_PARTS_H
#define PLACE_BOUNDARY_PARTS_H

#include "base/base.h"
#include "base/map.h"
#include "base/vec.h"
#include "calc/geo/valid.h"
#include "place/boundary.h"

#include <jansson.h>

// The arcs of a TopoJSON, decoded to coordinates.
struct boundary_arcs {
    struct geo_ring *v; // runs of points, not closed
    size_t n;
};

struct boundary_reading {
    struct arena *a;       // the answer
    struct arena *scratch; // gone when the reading ends: the JSON tree, the arcs
    struct arena *feature; // gone with each feature: its geometry as found
    const struct boundary_opts *opts;
    struct boundary_set *set;
    VEC(struct boundary_problem) problems;
    struct geo_engine *engine;
    bool is_topology;
    struct boundary_arcs arcs;
    size_t points; // read so far, against BOUNDARY_MAX_POINTS
    bool stop;     // told that there are too many
    // the feature being read
    int64_t row;
    str code;     // none as long as it is not known
    bool on_grid; // it came in metres
};

// Adds a problem of the feature being read (r->row; 0 means the file). The sentence is put behind
// "Feature 12 (E01028513): ". `key` is a literal or lives in r->a.
void boundary_tell(struct boundary_reading *r, enum boundary_trouble what, str key, const char *fmt,
                   ...) FORMAT(4, 5);

// --- boundary_keys.c ---

// Where code and name stand, the same for every feature.
struct boundary_keys {
    bool usable;  // there is a key that holds codes
    bool generic; // code, id, name instead of the ONS families
    enum area_kind kind;
    int vintage;   // 0 when not known (a problem was told)
    int slot;      // the year in the chosen key; 0 for none
    bool any_year; // the years are mixed (told): take whatever is there
    str code_key;  // as written; none when not usable
    struct map known;
};

// Looks at all features and tells what is wrong with their keys as a whole.
void boundary_keys_choose(struct boundary_reading *r, json_t *list, struct boundary_keys *ret);

// What the properties of one feature say; none where they say nothing. Copied into r->a.
struct boundary_names {
    str code, name, name_cy, parent_code, parent_name, code_key;
    enum area_kind parent_kind;
};
void boundary_names_read(struct boundary_reading *r, struct boundary_keys *keys,
                         const json_t *feature, struct boundary_names *ret);

// --- boundary_geometry.c ---

// Reads a geometry member into *ret, in degrees, as found (not rounded, not judged), in r->feature.
// false when a problem was told.
bool boundary_geometry(struct boundary_reading *r, const json_t *geometry, struct geo_shape *ret);

// --- boundary_arcs.c ---

// Decodes the arcs of a topology (transform and deltas). false when a problem was told.
bool boundary_arcs_read(struct boundary_reading *r, const json_t *topology);

// Joins the arcs of one ring (a list of indexes, ~i meaning backwards) in r->feature; the first
// point stands at the end again. false when a problem was told.
bool boundary_arcs_join(struct boundary_reading *r, const json_t *indexes, struct geo_ring *ret);

#endif
