// SPDX-License-Identifier: AGPL-3.0-or-later
// Where an area's name goes: geo_label_point of calc/geo/polygon.h.
#include "base/base.h"
#include "calc/geo/polygon.h"

#include <math.h>

enum { LINES = 20 };

// One candidate is better than another when it stands further from the border.
struct best {
    const struct geo_part *part;
    double squeeze; // a degree of longitude measured in degrees of latitude
    point at;
    double room; // squared distance to the border; < 0 while there is no candidate
};

static double away_from_edge(point p, point a, point b, double squeeze)
{
    double ax = (a.x - p.x) * squeeze, ay = a.y - p.y;
    double dx = (b.x - a.x) * squeeze, dy = b.y - a.y;
    double len2 = dx * dx + dy * dy;
    double t = len2 > 0 ? -(ax * dx + ay * dy) / len2 : 0;
    t = fmin(1, fmax(0, t));
    double x = ax + t * dx, y = ay + t * dy;
    return x * x + y * y;
}

static double room_at(const struct best *b, point p)
{
    double room = INFINITY;
    for (size_t k = 0; k < b->part->n; k++) {
        const struct geo_ring *r = &b->part->ring[k];
        for (size_t i = 0, j = r->n - 1; i < r->n; j = i++)
            room = fmin(room, away_from_edge(p, r->v[j], r->v[i], b->squeeze));
    }
    return room;
}

static void consider(struct best *b, point p)
{
    double room = room_at(b, p);
    if (room > b->room) {
        b->room = room;
        b->at = p;
    }
}

// Does the edge cross the line at height y, and where? Half-open, so a corner counts once.
static bool crosses(point a, point b, double y, double *ret_x)
{
    if ((a.y > y) == (b.y > y))
        return false;
    *ret_x = a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x);
    return true;
}

// The next crossing to the right of `from`, and how many crossings stand left of or at `from`.
static bool next_crossing(const struct geo_part *p, double y, double from, double *ret_x,
                          size_t *ret_before)
{
    bool found = false;
    *ret_before = 0;
    for (size_t k = 0; k < p->n; k++) {
        const struct geo_ring *r = &p->ring[k];
        for (size_t i = 0, j = r->n - 1; i < r->n; j = i++) {
            double x;
            if (!crosses(r->v[j], r->v[i], y, &x))
                continue;
            if (x <= from) {
                ++*ret_before;
            } else if (!found || x < *ret_x) {
                *ret_x = x;
                found = true;
            }
        }
    }
    return found;
}

// The middle of the widest stretch inside the part on the line at height y.
static void scan(struct best *b, double y)
{
    double from = -INFINITY, to = 0, widest = 0, middle = 0;
    size_t before;
    // A border as jagged as a saw could be crossed thousands of times: 64 stretches are plenty.
    for (int step = 0; step < 64 && next_crossing(b->part, y, from, &to, &before); step++) {
        if (before % 2 == 1 && to - from > widest) {
            widest = to - from;
            middle = from + (to - from) / 2;
        }
        from = to;
    }
    if (widest > 0)
        consider(b, (point){middle, y});
}

static bool inside(const struct geo_part *p, point at)
{
    size_t before;
    double x = 0;
    (void)next_crossing(p, at.y, at.x, &x, &before);
    return before % 2 == 1;
}

static struct geo_part *largest_part(const struct geo_shape *s)
{
    struct geo_part *best = NULL;
    double most = -1;
    for (size_t i = 0; i < s->n; i++) {
        if (s->part[i].n == 0 || s->part[i].ring[0].n == 0)
            continue;
        double turn = fabs(ring_turn(&s->part[i].ring[0]));
        if (turn > most) {
            most = turn;
            best = &s->part[i];
        }
    }
    return best;
}

point geo_label_point(const struct geo_shape *s)
{
    struct geo_part *p = largest_part(s);
    if (!p)
        return (point){0, 0};
    box b = ring_box(&p->ring[0]);
    double squeeze = cos((b.y0 + b.y1) / 2 * 3.14159265358979323846 / 180);
    struct best best = {.part = p, .squeeze = squeeze, .at = p->ring[0].v[0], .room = -1};
    struct geo_shape alone = {.part = p, .n = 1};
    point middle = geo_centroid(&alone);
    if (inside(p, middle))
        consider(&best, middle);
    for (int i = 0; i < LINES; i++)
        scan(&best, b.y0 + (b.y1 - b.y0) * (i + 0.5) / LINES);
    return best.at;
}
