// SPDX-License-Identifier: AGPL-3.0-or-later
// Is a shape a proper polygon (no border crossing itself, holes inside, parts apart), and if not,
// can it be mended without changing the map? The judgement is GEOS's (the engine behind PostGIS and
// QGIS), so that a file we accept is one others accept as well.
#ifndef CALC_GEO_VALID_H
#define CALC_GEO_VALID_H

#include "base/base.h"
#include "base/err.h"
#include "calc/geo/polygon.h"
#include "calc/geo/round.h"

enum { GEO_STORE_DECIMALS = 7, GEO_SERVE_DECIMALS = 5 };

// A GEOS context of one's own: use from one thread at a time.
struct geo_engine;

// Opened into the arena and closed when the arena ends. Fails only for want of memory (ERR_BUG).
MUST_USE err geo_engine_open(struct arena *a, struct geo_engine **ret);

struct geo_verdict {
    bool ok;
    str reason;   // GEOS's own words when not ok: "Self-intersection"
    point where;  // the place it means; {0,0} when it means the whole
    bool located; // where is set
};

// Judges s; the words live in `a`. A shape without points, or with a ring of fewer than three, is
// not ok. err only when GEOS itself fails.
MUST_USE err geo_judge(struct geo_engine *g, struct arena *a, const struct geo_shape *s,
                       struct geo_verdict *ret);

// The fewest decimals from 5 to 7 with which s loses no ring and stays valid; 7 when none does.
MUST_USE err geo_serve_decimals(struct geo_engine *g, struct arena *a, const struct geo_shape *s,
                                int *ret);

enum geo_form_kind {
    GEO_FORM_SOUND,  // valid as it was
    GEO_FORM_MENDED, // GEOS mended it, and the area changed by at most 1 part in 100
    GEO_FORM_BROKEN, // not to be mended without changing the map
};
struct geo_form {
    enum geo_form_kind kind;
    struct geo_shape shape;      // rounded to 7, wound, its `decimals` set; empty when broken
    struct geo_verdict verdict;  // what was wrong at first
    struct geo_rounding rounded; // what rounding dropped
    double area_change;          // mended: |after - before| / before, before taken by the ring sums
};

// The form in which an area is stored: rounded to 7 decimals, judged, mended where that is honest.
MUST_USE err geo_store_form(struct geo_engine *g, struct arena *a, const struct geo_shape *s,
                            struct geo_form *ret);

// Square units of the coordinates themselves, by GEOS: an outside opinion on geo_area_m2.
MUST_USE err geo_engine_area(struct geo_engine *g, struct arena *a, const struct geo_shape *s,
                             double *ret);

#endif
