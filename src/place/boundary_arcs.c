// SPDX-License-Identifier: AGPL-3.0-or-later
// TopoJSON: borders are stored once as arcs, and rings are lists of arcs. Specification:
// github.com/topojson/topojson-specification, sections 2.1.2 (transforms), 2.1.3 (arcs), 2.1.4.
#include "base/base.h"
#include "place/boundary_parts.h"

#include <math.h>

// scale and translate of a quantised topology; without one the arcs hold plain coordinates.
struct transform {
    bool has;
    point scale, move;
};

static bool pair(const json_t *j, point *ret)
{
    const json_t *x = json_array_get(j, 0), *y = json_array_get(j, 1);
    if (!json_is_number(x) || !json_is_number(y))
        return false;
    *ret = (point){json_number_value(x), json_number_value(y)};
    return true;
}

static bool transform_read(struct boundary_reading *r, const json_t *topology,
                           struct transform *ret)
{
    const json_t *t = json_object_get(topology, "transform");
    *ret = (struct transform){.has = t != NULL};
    if (!t || (pair(json_object_get(t, "scale"), &ret->scale) &&
               pair(json_object_get(t, "translate"), &ret->move)))
        return true;
    boundary_tell(r, BOUNDARY_COORDINATES, STR("transform"),
                  "The transform must hold a scale and a translate of two numbers each.");
    return false;
}

// Quantised arcs hold steps from the point before.
static bool arc_read(struct boundary_reading *r, const json_t *from, const struct transform *t,
                     struct geo_ring *ret)
{
    ret->n = json_array_size(from);
    ret->v = arena_new_array(r->scratch, ret->n, point);
    point sum = {0, 0};
    for (size_t i = 0; i < ret->n; i++) {
        point p;
        if (!pair(json_array_get(from, i), &p))
            return false;
        sum = t->has ? (point){sum.x + p.x, sum.y + p.y} : p;
        ret->v[i] =
            t->has ? (point){sum.x * t->scale.x + t->move.x, sum.y * t->scale.y + t->move.y} : sum;
    }
    return ret->n >= 2;
}

bool boundary_arcs_read(struct boundary_reading *r, const json_t *topology)
{
    struct transform t;
    if (!transform_read(r, topology, &t))
        return false;
    const json_t *arcs = json_object_get(topology, "arcs");
    r->arcs.n = json_array_size(arcs);
    r->arcs.v = arena_new_array(r->scratch, r->arcs.n, struct geo_ring);
    for (size_t i = 0; i < r->arcs.n; i++) {
        if (!arc_read(r, json_array_get(arcs, i), &t, &r->arcs.v[i])) {
            boundary_tell(r, BOUNDARY_COORDINATES, STR("arcs"),
                          "Arc %zu is not a list of at least two points.", i);
            return false;
        }
    }
    return true;
}

// The arc an index means: itself, or backwards for ~i. NULL when there is none.
static const struct geo_ring *arc_of(struct boundary_reading *r, const json_t *index,
                                     bool *ret_back)
{
    if (!json_is_integer(index))
        return NULL;
    json_int_t i = json_integer_value(index);
    *ret_back = i < 0;
    i = i < 0 ? ~i : i;
    return (uint64_t)i < r->arcs.n ? &r->arcs.v[i] : NULL;
}

static void append(struct geo_ring *to, const struct geo_ring *arc, bool back)
{
    for (size_t i = to->n > 0; i < arc->n;
         i++) // the first point repeats the last of the arc before
        to->v[to->n++] = arc->v[back ? arc->n - 1 - i : i];
}

// How many points the ring will have, or 0 when an index leads nowhere.
static size_t count_points(struct boundary_reading *r, const json_t *indexes)
{
    size_t n = 0;
    for (size_t i = 0; i < json_array_size(indexes); i++) {
        bool back;
        const struct geo_ring *arc = arc_of(r, json_array_get(indexes, i), &back);
        if (!arc) {
            boundary_tell(r, BOUNDARY_COORDINATES, STR("arcs"),
                          "Entry %zu of a ring names an arc that is not in the file.", i + 1);
            return 0;
        }
        n += arc->n;
        if (n > BOUNDARY_MAX_POINTS)
            return n;
    }
    if (n == 0)
        boundary_tell(r, BOUNDARY_GEOMETRY_EMPTY, STR("arcs"), "A ring has no arcs.");
    return n;
}

bool boundary_arcs_join(struct boundary_reading *r, const json_t *indexes, struct geo_ring *ret)
{
    size_t most = count_points(r, indexes);
    if (most == 0)
        return false;
    if (most > BOUNDARY_MAX_POINTS - r->points) {
        boundary_tell(r, BOUNDARY_TOO_MANY_POINTS, STR("arcs"),
                      "The file has more than %d points; the limit protects the server.",
                      BOUNDARY_MAX_POINTS);
        return false;
    }
    *ret = (struct geo_ring){.v = arena_new_array(r->feature, most, point)};
    for (size_t i = 0; i < json_array_size(indexes); i++) {
        bool back = false;
        const struct geo_ring *arc = arc_of(r, json_array_get(indexes, i), &back);
        point start = arc->v[back ? arc->n - 1 : 0];
        if (ret->n > 0 && (start.x != ret->v[ret->n - 1].x || start.y != ret->v[ret->n - 1].y)) {
            boundary_tell(r, BOUNDARY_COORDINATES, STR("arcs"),
                          "Arc %zu of a ring does not start where the one before ends.", i + 1);
            return false;
        }
        append(ret, arc, back);
    }
    return true;
}
