// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "calc/geo/valid.h"

#include <geos_c.h>
#include <math.h>
#include <stdio.h>

struct geo_engine {
    GEOSContextHandle_t h;
    char said[200]; // GEOS's last complaint
};

// A mended shape may lose this share of its area and no more.
static const double MEND_LIMIT = 0.01;

static void heard(const char *message, void *ctx)
{
    struct geo_engine *g = ctx;
    snprintf(g->said, sizeof g->said, "%s", message);
}

static void engine_close(void *ctx)
{
    struct geo_engine *g = ctx;
    GEOS_finish_r(g->h);
}

err geo_engine_open(struct arena *a, struct geo_engine **ret)
{
    struct geo_engine *g = arena_new(a, struct geo_engine);
    g->h = GEOS_init_r();
    if (!g->h)
        return err_new(a, ERR_BUG, "The geometry engine could not be started.");
    GEOSContext_setErrorMessageHandler_r(g->h, heard, g);
    arena_on_end(a, engine_close, g);
    *ret = g;
    return NULL;
}

static err failed(struct geo_engine *g, struct arena *a)
{
    return err_new(a, ERR_BUG, "The geometry engine failed: %s", g->said[0] ? g->said : "no word");
}

// --- ours to GEOS; every function here gives NULL when GEOS refuses, and leaks nothing then ---

static GEOSGeometry *give_ring(struct geo_engine *g, const struct geo_ring *r)
{
    GEOSCoordSequence *seq = GEOSCoordSeq_create_r(g->h, (unsigned)r->n + 1, 2);
    if (!seq)
        return NULL;
    for (size_t i = 0; i <= r->n; i++) {
        point p = r->v[i < r->n ? i : 0];
        GEOSCoordSeq_setXY_r(g->h, seq, (unsigned)i, p.x, p.y);
    }
    return GEOSGeom_createLinearRing_r(g->h, seq);
}

static void drop_all(struct geo_engine *g, GEOSGeometry **v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        GEOSGeom_destroy_r(g->h, v[i]);
}

static GEOSGeometry *give_part(struct geo_engine *g, struct arena *a, const struct geo_part *p)
{
    GEOSGeometry **ring = arena_new_array(a, p->n, GEOSGeometry *);
    for (size_t k = 0; k < p->n; k++) {
        ring[k] = give_ring(g, &p->ring[k]);
        if (!ring[k]) {
            drop_all(g, ring, k);
            return NULL;
        }
    }
    return GEOSGeom_createPolygon_r(g->h, ring[0], ring + 1, (unsigned)p->n - 1);
}

static GEOSGeometry *give_shape(struct geo_engine *g, struct arena *a, const struct geo_shape *s)
{
    GEOSGeometry **part = arena_new_array(a, s->n, GEOSGeometry *);
    for (size_t i = 0; i < s->n; i++) {
        part[i] = give_part(g, a, &s->part[i]);
        if (!part[i]) {
            drop_all(g, part, i);
            return NULL;
        }
    }
    return GEOSGeom_createCollection_r(g->h, GEOS_MULTIPOLYGON, part, (unsigned)s->n);
}

// --- GEOS to ours ---

static bool take_ring(struct geo_engine *g, struct arena *a, const GEOSGeometry *from,
                      struct geo_ring *ret)
{
    const GEOSCoordSequence *seq = from ? GEOSGeom_getCoordSeq_r(g->h, from) : NULL;
    unsigned n = 0;
    if (!seq || !GEOSCoordSeq_getSize_r(g->h, seq, &n) || n < 4)
        return false;
    ret->n = n - 1;
    ret->v = arena_new_array(a, ret->n, point);
    for (unsigned i = 0; i + 1 < n; i++)
        GEOSCoordSeq_getXY_r(g->h, seq, i, &ret->v[i].x, &ret->v[i].y);
    return true;
}

static bool take_part(struct geo_engine *g, struct arena *a, const GEOSGeometry *from,
                      struct geo_part *ret)
{
    int holes = GEOSGetNumInteriorRings_r(g->h, from);
    if (holes < 0)
        return false;
    ret->n = 1 + (size_t)holes;
    ret->ring = arena_new_array(a, ret->n, struct geo_ring);
    if (!take_ring(g, a, GEOSGetExteriorRing_r(g->h, from), &ret->ring[0]))
        return false;
    for (int k = 0; k < holes; k++) {
        if (!take_ring(g, a, GEOSGetInteriorRingN_r(g->h, from, k), &ret->ring[k + 1]))
            return false;
    }
    return true;
}

// Adds the polygons of `from` to s, however deep in collections; lines and points, which mending
// leaves behind where a border ran out and back, are no part of an area.
static bool take_polygons(struct geo_engine *g, struct arena *a, const GEOSGeometry *from,
                          struct geo_shape *s)
{
    int type = GEOSGeomTypeId_r(g->h, from);
    if (type == GEOS_POLYGON) {
        if (GEOSisEmpty_r(g->h, from) == 1)
            return true;
        size_t size = sizeof *s->part;
        s->part = arena_grow(a, s->part, s->n * size, (s->n + 1) * size);
        return take_part(g, a, from, &s->part[s->n++]);
    }
    if (type != GEOS_MULTIPOLYGON && type != GEOS_GEOMETRYCOLLECTION)
        return true;
    int n = GEOSGetNumGeometries_r(g->h, from);
    for (int i = 0; i < n; i++) {
        if (!take_polygons(g, a, GEOSGetGeometryN_r(g->h, from, i), s))
            return false;
    }
    return n >= 0;
}

// --- judging ---

// What GEOS would not even let us build.
static const char *too_small(const struct geo_shape *s)
{
    if (s->n == 0)
        return "It encloses no area";
    for (size_t i = 0; i < s->n; i++) {
        if (s->part[i].n == 0)
            return "It encloses no area";
        for (size_t k = 0; k < s->part[i].n; k++) {
            if (s->part[i].ring[k].n < 3)
                return "Too few points in a ring";
        }
    }
    return NULL;
}

static void take_verdict(struct geo_engine *g, struct arena *a, char *reason, GEOSGeometry *where,
                         struct geo_verdict *ret)
{
    ret->ok = false;
    ret->reason = str_copy(a, reason ? str_c(reason) : STR("Not valid"));
    ret->located = where && GEOSisEmpty_r(g->h, where) == 0 &&
                   GEOSGeomGetX_r(g->h, where, &ret->where.x) == 1 &&
                   GEOSGeomGetY_r(g->h, where, &ret->where.y) == 1;
}

static err judge_geometry(struct geo_engine *g, struct arena *a, const GEOSGeometry *geom,
                          struct geo_verdict *ret)
{
    char *reason = NULL;
    GEOSGeometry *where = NULL;
    char answer = GEOSisValidDetail_r(g->h, geom, 0, &reason, &where);
    *ret = (struct geo_verdict){.ok = answer == 1};
    if (answer == 0)
        take_verdict(g, a, reason, where, ret);
    GEOSFree_r(g->h, reason);
    if (where)
        GEOSGeom_destroy_r(g->h, where);
    return answer == 0 || answer == 1 ? NULL : failed(g, a);
}

err geo_judge(struct geo_engine *g, struct arena *a, const struct geo_shape *s,
              struct geo_verdict *ret)
{
    const char *small = too_small(s);
    if (small) {
        *ret = (struct geo_verdict){.reason = str_c(small)};
        return NULL;
    }
    GEOSGeometry *geom = give_shape(g, a, s);
    if (!geom)
        return failed(g, a);
    err e = judge_geometry(g, a, geom, ret);
    GEOSGeom_destroy_r(g->h, geom);
    return e;
}

err geo_engine_area(struct geo_engine *g, struct arena *a, const struct geo_shape *s, double *ret)
{
    *ret = 0;
    if (too_small(s))
        return NULL;
    GEOSGeometry *geom = give_shape(g, a, s);
    int done = geom ? GEOSArea_r(g->h, geom, ret) : 0;
    if (geom)
        GEOSGeom_destroy_r(g->h, geom);
    return done == 1 ? NULL : failed(g, a);
}

// --- the form to serve and to store ---

err geo_serve_decimals(struct geo_engine *g, struct arena *a, const struct geo_shape *s, int *ret)
{
    for (*ret = GEO_SERVE_DECIMALS; *ret < GEO_STORE_DECIMALS; ++*ret) {
        struct geo_rounding dropped;
        struct geo_shape r = geo_round(a, s, *ret, &dropped);
        struct geo_verdict v;
        TRY(geo_judge(g, a, &r, &v));
        if (v.ok && dropped.rings_dropped + dropped.parts_dropped == 0)
            break;
    }
    return NULL;
}

static double plain_area(const struct geo_shape *s)
{
    double sum = 0;
    for (size_t i = 0; i < s->n; i++) {
        for (size_t k = 0; k < s->part[i].n; k++)
            sum += (k == 0 ? 0.5 : -0.5) * fabs(ring_turn(&s->part[i].ring[k]));
    }
    return sum;
}

static err make_valid(struct geo_engine *g, struct arena *a, const struct geo_shape *s,
                      struct geo_shape *ret)
{
    *ret = (struct geo_shape){0};
    GEOSGeometry *geom = give_shape(g, a, s);
    if (!geom)
        return failed(g, a);
    GEOSGeometry *mended = GEOSMakeValid_r(g->h, geom);
    GEOSGeom_destroy_r(g->h, geom);
    if (!mended)
        return NULL; // GEOS gave up: nothing is left, so it counts as broken
    bool taken = take_polygons(g, a, mended, ret);
    GEOSGeom_destroy_r(g->h, mended);
    return taken ? NULL : failed(g, a);
}

// Mended, rounded once more (mending puts new corners where borders cross) and judged again.
static err mend(struct geo_engine *g, struct arena *a, const struct geo_shape *s,
                struct geo_form *ret)
{
    struct geo_shape mended;
    TRY(make_valid(g, a, s, &mended));
    struct geo_rounding dropped;
    mended = geo_round(a, &mended, GEO_STORE_DECIMALS, &dropped);
    struct geo_verdict again;
    TRY(geo_judge(g, a, &mended, &again));
    double before = plain_area(s), after = plain_area(&mended);
    ret->area_change = before > 0 ? fabs(after - before) / before : 1;
    if (!again.ok || !(ret->area_change <= MEND_LIMIT))
        return NULL;
    ret->kind = GEO_FORM_MENDED;
    ret->shape = mended;
    return NULL;
}

err geo_store_form(struct geo_engine *g, struct arena *a, const struct geo_shape *s,
                   struct geo_form *ret)
{
    *ret = (struct geo_form){.kind = GEO_FORM_BROKEN};
    struct geo_shape rounded = geo_round(a, s, GEO_STORE_DECIMALS, &ret->rounded);
    TRY(geo_judge(g, a, &rounded, &ret->verdict));
    if (ret->verdict.ok) {
        ret->kind = GEO_FORM_SOUND;
        ret->shape = rounded;
    } else if (!too_small(&rounded)) {
        TRY(mend(g, a, &rounded, ret));
    }
    if (ret->kind == GEO_FORM_BROKEN)
        return NULL;
    geo_wind(&ret->shape);
    return geo_serve_decimals(g, a, &ret->shape, &ret->shape.decimals);
}
