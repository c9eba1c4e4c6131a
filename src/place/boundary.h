// SPDX-License-Identifier: AGPL-3.0-or-later
// Reading boundary files: GeoJSON and TopoJSON as the Office for National Statistics and those who
// pass its files on publish them, with the year of the geography in the keys (LSOA21CD, WD25NM …).
//
// Everything that is wrong with a file is collected, not only the first thing, each as one sentence
// that names the feature (counted from 1) and the key; what was put right by itself is told the
// same way, as a notice. A file with a single problem that is not a notice must not be imported.
//
// Put right by itself: clockwise rings, a crs member, any number of decimals, heights, repeated
// points, British National Grid instead of degrees, a border that crosses itself where mending
// changes the area by no more than a hundredth.
// This file knows of no database, network or clock.
#ifndef PLACE_BOUNDARY_H
#define PLACE_BOUNDARY_H

#include "base/base.h"
#include "base/err.h"
#include "calc/geo/polygon.h"
#include "place/heading.h"

enum {
    BOUNDARY_MAX_BYTES = 512 << 20,
    BOUNDARY_MAX_POINTS = 20000000, // all areas together; a TopoJSON may repeat its arcs
};

struct boundary_opts {
    enum area_kind kind; // AREA_NONE: the finest kind the keys name
    int vintage;         // 0: as the keys say; else the year wanted, and for keys without one given
    // Also accept the keys code or id (of the properties or the feature itself) and name. They say
    // nothing about kind and vintage, so both must then be given above.
    bool generic_keys;
};

enum boundary_trouble {
    // the file
    BOUNDARY_EMPTY_FILE,
    BOUNDARY_TOO_LARGE,
    BOUNDARY_ENCODING, // not UTF-8
    BOUNDARY_JSON,     // not JSON, cut short, nested too deep, NaN or Infinity
    BOUNDARY_NOT_FEATURES,
    BOUNDARY_NO_FEATURES,
    BOUNDARY_NO_CODE_KEY,
    BOUNDARY_KIND_WRONG,
    BOUNDARY_KIND_UNKNOWN,
    BOUNDARY_VINTAGE_UNKNOWN,
    BOUNDARY_VINTAGE_WRONG,
    BOUNDARY_VINTAGE_MIXED,
    BOUNDARY_TOO_MANY_POINTS,
    // a feature
    BOUNDARY_NOT_A_FEATURE,
    BOUNDARY_CODE_MISSING,
    BOUNDARY_CODE_BAD,
    BOUNDARY_CODE_REPEATED,
    BOUNDARY_GEOMETRY_EMPTY,
    BOUNDARY_GEOMETRY_TYPE,
    BOUNDARY_COORDINATES, // not numbers where numbers belong, arcs that do not exist or meet
    BOUNDARY_RING_SHORT,
    BOUNDARY_RING_OPEN,
    BOUNDARY_SWAPPED,
    BOUNDARY_OUTSIDE_UK,
    BOUNDARY_CROSSING,
    // notices
    BOUNDARY_NOTE_GRID,   // converted from British National Grid
    BOUNDARY_NOTE_MENDED, // crossed itself and was mended
    BOUNDARY_NOTE_TINY,   // a part or hole with no area was left out
};

struct boundary_problem {
    int64_t row; // the feature, from 1; 0 for the file as a whole
    str key;     // the property or member; none for the file as a whole
    enum boundary_trouble what;
    bool notice; // told, but nothing stands in the way
    str sentence;
};

struct boundary {
    str code, name;               // name is none when the file gives none
    str name_cy;                  // the Welsh name; none when absent or blank
    enum area_kind parent_kind;   // AREA_NONE when no key names a larger area
    str parent_code, parent_name; // the name is none when it does not stand beside the code
    struct geo_shape shape;       // 7 decimals, valid, wound, `decimals` set
    int64_t row;                  // its feature, from 1
};

struct boundary_set {
    enum area_kind kind;
    int vintage;
    struct boundary *v; // only those without a problem, in the order of the file
    size_t n;
    size_t features; // how many the file holds
    struct boundary_problem *problem;
    size_t n_problems, n_errors; // n_errors leaves the notices out
};

// Reads `text` (the whole file). The set and its strings live in `a` and do not point into text.
// Only our own failures come back as err; what is wrong with the file stands in ret->problem.
MUST_USE err boundary_read(struct arena *a, str text, const struct boundary_opts *opts,
                           struct boundary_set *ret);

// NULL when the set may be imported; else ERR_INVALID with the first problem's sentence and how
// many more there are.
MUST_USE err boundary_refusal(struct arena *a, const struct boundary_set *set);

#endif
