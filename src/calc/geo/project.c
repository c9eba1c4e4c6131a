// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "calc/geo/project.h"

#include <math.h>

#define DEGREE (3.14159265358979323846 / 180)

static const double LEAST_EXTENT = 0.001; // degrees of latitude, about 100 metres
static const double TALLEST = 4;          // heights of more than four widths are fitted by height

static box with_extent(box b, double squeeze)
{
    if (b.y1 - b.y0 >= LEAST_EXTENT || (b.x1 - b.x0) * squeeze >= LEAST_EXTENT)
        return b;
    double x = (b.x0 + b.x1) / 2, y = (b.y0 + b.y1) / 2, half = LEAST_EXTENT / 2;
    return (box){x - half / squeeze, y - half, x + half / squeeze, y + half};
}

struct geo_view geo_view_fit(box b, int width, int margin)
{
    ASSERT(margin >= 0 && width > 2 * margin && !box_is_empty(b));
    double squeeze = fmax(cos((b.y0 + b.y1) / 2 * DEGREE), 0.01);
    b = with_extent(b, squeeze);
    double inner = width - 2 * margin, across = (b.x1 - b.x0) * squeeze, along = b.y1 - b.y0;
    double scale = along > across * TALLEST ? inner * TALLEST / along : inner / across;
    double spare = (inner - across * scale) / 2; // left and right of a tall, thin view
    return (struct geo_view){
        .corner = {b.x0 - spare / (scale * squeeze), b.y1},
        .per_lon = scale * squeeze,
        .per_lat = scale,
        .margin = margin,
        .width = width,
        .height = (int)ceil(along * scale) + 2 * margin,
    };
}

static int unit(double v)
{
    return (int)fmin(1e6, fmax(-1e6, nearbyint(v)));
}

spot_xy geo_view_spot(const struct geo_view *v, point p)
{
    return (spot_xy){v->margin + unit((p.x - v->corner.x) * v->per_lon),
                     v->margin + unit((v->corner.y - p.y) * v->per_lat)};
}

// A minus sign separates by itself; everything else needs a space.
static void put_step(struct buf *out, int dx, int dy, bool first)
{
    if (!first && dx >= 0)
        buf_byte(out, ' ');
    buf_i64(out, dx);
    if (dy >= 0)
        buf_byte(out, ' ');
    buf_i64(out, dy);
}

// Is the ring still a ring on the units: three different corners not all on one line?
static bool has_area(const struct geo_view *v, const struct geo_ring *r)
{
    if (r->n < 3)
        return false;
    spot_xy o = geo_view_spot(v, r->v[0]), last = o;
    int64_t turn = 0;
    for (size_t i = 1; i < r->n; i++) {
        spot_xy p = geo_view_spot(v, r->v[i]);
        turn += (int64_t)(last.x - o.x) * (p.y - o.y) - (int64_t)(p.x - o.x) * (last.y - o.y);
        last = p;
    }
    return turn != 0;
}

static void put_ring(const struct geo_view *v, const struct geo_ring *r, struct buf *out)
{
    spot_xy start = geo_view_spot(v, r->v[0]), last = start;
    buf_byte(out, 'M');
    put_step(out, start.x, start.y, true);
    bool first = true;
    for (size_t i = 1; i < r->n; i++) {
        spot_xy p = geo_view_spot(v, r->v[i]);
        if (p.x == last.x && p.y == last.y)
            continue;
        if (i + 1 == r->n && p.x == start.x && p.y == start.y)
            continue; // z goes there anyway
        if (first)
            buf_byte(out, 'l');
        put_step(out, p.x - last.x, p.y - last.y, first);
        first = false;
        last = p;
    }
    buf_byte(out, 'z');
}

static bool put_part(const struct geo_view *v, const struct geo_part *p, struct buf *out)
{
    if (p->n == 0 || !has_area(v, &p->ring[0]))
        return false;
    for (size_t k = 0; k < p->n; k++) {
        if (k == 0 || has_area(v, &p->ring[k]))
            put_ring(v, &p->ring[k], out);
    }
    return true;
}

static void put_mark(const struct geo_view *v, const struct geo_shape *s, struct buf *out)
{
    if (geo_points(s) == 0)
        return;
    point p = {0, 0};
    for (size_t i = s->n; i-- > 0;) {
        if (s->part[i].n > 0 && s->part[i].ring[0].n > 0)
            p = s->part[i].ring[0].v[0];
    }
    spot_xy at = geo_view_spot(v, p);
    buf_fmt(out, "M%d %dh1v1h-1z", at.x, at.y);
}

void geo_view_path(const struct geo_view *v, const struct geo_shape *s, struct buf *out)
{
    bool drawn = false;
    for (size_t i = 0; i < s->n; i++)
        drawn |= put_part(v, &s->part[i], out);
    if (!drawn)
        put_mark(v, s, out);
}
