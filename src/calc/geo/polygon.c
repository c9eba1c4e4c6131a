// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "calc/geo/polygon.h"

#include <math.h>

#define DEGREE (3.14159265358979323846 / 180)

static const double MEAN_RADIUS = 6371008.8;
static const double WGS84_A = 6378137.0, WGS84_E2 = 0.00669437999014;

// Coordinates are taken relative to the first point: a ward is a hundredth of a degree wide, and
// products of whole coordinates would eat the digits that matter.
double ring_turn(const struct geo_ring *r)
{
    double sum = 0;
    for (size_t i = 1; i + 1 < r->n; i++) {
        point o = r->v[0], a = r->v[i], b = r->v[i + 1];
        sum += (a.x - o.x) * (b.y - o.y) - (b.x - o.x) * (a.y - o.y);
    }
    return sum;
}

bool ring_is_ccw(const struct geo_ring *r)
{
    return ring_turn(r) > 0;
}

void ring_reverse(struct geo_ring *r)
{
    for (size_t i = 0, j = r->n; i + 1 < j; i++) {
        point t = r->v[i];
        r->v[i] = r->v[--j];
        r->v[j] = t;
    }
}

void geo_wind(struct geo_shape *s)
{
    for (size_t i = 0; i < s->n; i++) {
        for (size_t k = 0; k < s->part[i].n; k++) {
            struct geo_ring *r = &s->part[i].ring[k];
            if (ring_is_ccw(r) != (k == 0))
                ring_reverse(r);
        }
    }
}

struct geo_shape geo_copy(struct arena *a, const struct geo_shape *s)
{
    struct geo_shape out = *s;
    out.part = arena_copy(a, s->part, s->n * sizeof *s->part);
    for (size_t i = 0; i < s->n; i++) {
        struct geo_part *p = &out.part[i];
        p->ring = arena_copy(a, p->ring, p->n * sizeof *p->ring);
        for (size_t k = 0; k < p->n; k++)
            p->ring[k].v = arena_copy(a, p->ring[k].v, p->ring[k].n * sizeof(point));
    }
    return out;
}

size_t geo_rings(const struct geo_shape *s)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++)
        n += s->part[i].n;
    return n;
}

size_t geo_points(const struct geo_shape *s)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++) {
        for (size_t k = 0; k < s->part[i].n; k++)
            n += s->part[i].ring[k].n;
    }
    return n;
}

box ring_box(const struct geo_ring *r)
{
    box b = BOX_EMPTY;
    for (size_t i = 0; i < r->n; i++)
        b = box_with(b, r->v[i]);
    return b;
}

box geo_box(const struct geo_shape *s)
{
    box b = BOX_EMPTY;
    for (size_t i = 0; i < s->n; i++) {
        if (s->part[i].n > 0)
            b = box_join(b, ring_box(&s->part[i].ring[0]));
    }
    return b;
}

static double part_turn(const struct geo_part *p)
{
    double sum = 0;
    for (size_t k = 0; k < p->n; k++)
        sum += (k == 0 ? 1 : -1) * fabs(ring_turn(&p->ring[k]));
    return sum;
}

// Square metres to a square degree at a latitude: the two radii of curvature, one degree each.
static double metres2_per_degree2(double lat)
{
    double s = sin(lat * DEGREE), w = 1 - WGS84_E2 * s * s;
    double across = WGS84_A / sqrt(w), along = WGS84_A * (1 - WGS84_E2) / (w * sqrt(w));
    return across * cos(lat * DEGREE) * along * DEGREE * DEGREE;
}

double geo_area_m2(const struct geo_shape *s, double lat0)
{
    double sum = 0;
    for (size_t i = 0; i < s->n; i++)
        sum += part_turn(&s->part[i]);
    return sum / 2 * metres2_per_degree2(lat0);
}

double geo_distance_m(point a, point b)
{
    double dy = sin((b.y - a.y) / 2 * DEGREE), dx = sin((b.x - a.x) / 2 * DEGREE);
    double h = dy * dy + cos(a.y * DEGREE) * cos(b.y * DEGREE) * dx * dx;
    return 2 * MEAN_RADIUS * asin(sqrt(fmin(1, h)));
}

// Adds the ring's share of the moments about o; sign +1 for an outer ring, -1 for a hole.
static void add_moments(const struct geo_ring *r, point o, double sign, double sum[3])
{
    if (ring_turn(r) < 0)
        sign = -sign;
    for (size_t i = 0, j = r->n - 1; i < r->n; j = i++) {
        point a = {r->v[j].x - o.x, r->v[j].y - o.y}, b = {r->v[i].x - o.x, r->v[i].y - o.y};
        double cross = sign * (a.x * b.y - b.x * a.y);
        sum[0] += cross;
        sum[1] += cross * (a.x + b.x);
        sum[2] += cross * (a.y + b.y);
    }
}

point geo_centroid(const struct geo_shape *s)
{
    box b = geo_box(s);
    if (box_is_empty(b))
        return (point){0, 0};
    point mid = {(b.x0 + b.x1) / 2, (b.y0 + b.y1) / 2};
    double sum[3] = {0, 0, 0};
    for (size_t i = 0; i < s->n; i++) {
        for (size_t k = 0; k < s->part[i].n; k++)
            add_moments(&s->part[i].ring[k], mid, k == 0 ? 1 : -1, sum);
    }
    if (!(sum[0] > 0))
        return mid;
    return (point){mid.x + sum[1] / (3 * sum[0]), mid.y + sum[2] / (3 * sum[0])};
}
