// SPDX-License-Identifier: AGPL-3.0-or-later
// The geometry member of a feature, GeoJSON (coordinates) and TopoJSON (arcs) alike: both are lists
// of parts of rings; only a ring is written differently.
#include "base/base.h"
#include "place/boundary_parts.h"
#include "calc/geo/bng.h"

static str member(const struct boundary_reading *r)
{
    return r->is_topology ? STR("arcs") : STR("coordinates");
}

// [longitude, latitude], perhaps a height behind them, which we pass over.
static bool position(const json_t *j, point *ret)
{
    const json_t *x = json_array_get(j, 0), *y = json_array_get(j, 1);
    if (!json_is_number(x) || !json_is_number(y))
        return false;
    *ret = (point){json_number_value(x), json_number_value(y)};
    return true;
}

static bool ring_positions(struct boundary_reading *r, const json_t *from, struct geo_ring *ret)
{
    size_t n = json_array_size(from);
    if (n > BOUNDARY_MAX_POINTS - r->points) {
        boundary_tell(r, BOUNDARY_TOO_MANY_POINTS, member(r),
                      "The file has more than %d points; the limit protects the server.",
                      BOUNDARY_MAX_POINTS);
        return false;
    }
    *ret = (struct geo_ring){.v = arena_new_array(r->feature, n, point), .n = n};
    for (size_t i = 0; i < n; i++) {
        if (!position(json_array_get(from, i), &ret->v[i])) {
            boundary_tell(r, BOUNDARY_COORDINATES, member(r),
                          "Point %zu of a ring is not a pair of numbers.", i + 1);
            return false;
        }
    }
    return true;
}

// To degrees, and within the United Kingdom.
static bool place_point(struct boundary_reading *r, point *p)
{
    if (bng_looks_like_metres(*p)) {
        if (!bng_in_grid(*p)) {
            boundary_tell(r, BOUNDARY_OUTSIDE_UK, member(r),
                          "The point %.10g, %.10g is neither longitude and latitude nor on the "
                          "British National Grid. Save the file in WGS84 (EPSG:4326).",
                          p->x, p->y);
            return false;
        }
        *p = bng_to_wgs84(*p);
        r->on_grid = true;
    }
    if (wgs84_in_uk(*p))
        return true;
    if (wgs84_looks_swapped(*p))
        boundary_tell(r, BOUNDARY_SWAPPED, member(r),
                      "The point %.10g, %.10g has latitude and longitude the wrong way round: "
                      "GeoJSON wants longitude first. Swap them and try again.",
                      p->x, p->y);
    else
        boundary_tell(
            r, BOUNDARY_OUTSIDE_UK, member(r),
            "The point at longitude %.10g, latitude %.10g lies outside the United Kingdom.", p->x,
            p->y);
    return false;
}

// Closed, long enough, in its place; the repeated first point is taken off.
static bool ring_checked(struct boundary_reading *r, struct geo_ring *ring)
{
    r->points += ring->n;
    if (ring->n < 4) {
        boundary_tell(r, BOUNDARY_RING_SHORT, member(r),
                      "A ring has %zu point%s; it needs at least 4, the last repeating the first.",
                      ring->n, ring->n == 1 ? "" : "s");
        return false;
    }
    point first = ring->v[0], last = ring->v[ring->n - 1];
    if (first.x != last.x || first.y != last.y) {
        boundary_tell(r, BOUNDARY_RING_OPEN, member(r),
                      "A ring is not closed: it starts at %.10g, %.10g and ends at %.10g, %.10g.",
                      first.x, first.y, last.x, last.y);
        return false;
    }
    ring->n--;
    for (size_t i = 0; i < ring->n; i++) {
        if (!place_point(r, &ring->v[i]))
            return false;
    }
    return true;
}

static bool ring_read(struct boundary_reading *r, const json_t *from, struct geo_ring *ret)
{
    if (!json_is_array(from)) {
        boundary_tell(r, BOUNDARY_COORDINATES, member(r), "A ring is not a list.");
        return false;
    }
    bool read = r->is_topology ? boundary_arcs_join(r, from, ret) : ring_positions(r, from, ret);
    return read && ring_checked(r, ret);
}

static bool part_read(struct boundary_reading *r, const json_t *from, struct geo_part *ret)
{
    ret->n = json_array_size(from);
    if (ret->n == 0) {
        if (json_is_array(from))
            boundary_tell(r, BOUNDARY_GEOMETRY_EMPTY, member(r), "A polygon has no rings.");
        else
            boundary_tell(r, BOUNDARY_COORDINATES, member(r), "A polygon is not a list of rings.");
        return false;
    }
    ret->ring = arena_new_array(r->feature, ret->n, struct geo_ring);
    for (size_t k = 0; k < ret->n; k++) {
        if (!ring_read(r, json_array_get(from, k), &ret->ring[k]))
            return false;
    }
    return true;
}

static bool parts_read(struct boundary_reading *r, const json_t *list, bool several,
                       struct geo_shape *ret)
{
    ret->n = several ? json_array_size(list) : 1;
    ret->part = arena_new_array(r->feature, ret->n, struct geo_part);
    for (size_t i = 0; i < ret->n; i++) {
        if (!part_read(r, several ? json_array_get(list, i) : list, &ret->part[i]))
            return false;
    }
    return true;
}

bool boundary_geometry(struct boundary_reading *r, const json_t *geometry, struct geo_shape *ret)
{
    *ret = (struct geo_shape){0};
    const json_t *type_member = json_object_get(geometry, "type");
    const char *type = json_string_value(type_member);
    if (!geometry || json_is_null(geometry) || (r->is_topology && json_is_null(type_member))) {
        boundary_tell(r, BOUNDARY_GEOMETRY_EMPTY, STR("geometry"), "It has no boundary.");
        return false;
    }
    bool several = type && strcmp(type, "MultiPolygon") == 0;
    if (!several && !(type && strcmp(type, "Polygon") == 0)) {
        boundary_tell(r, BOUNDARY_GEOMETRY_TYPE, STR("geometry"),
                      "Its geometry is a %.40s; an area must be a Polygon or a MultiPolygon.",
                      type ? type : "thing without a type");
        return false;
    }
    const json_t *list = json_object_get(geometry, r->is_topology ? "arcs" : "coordinates");
    if (!json_is_array(list) || json_array_size(list) == 0) {
        boundary_tell(r, BOUNDARY_GEOMETRY_EMPTY, member(r), "Its boundary has no points.");
        return false;
    }
    return parts_read(r, list, several, ret);
}
