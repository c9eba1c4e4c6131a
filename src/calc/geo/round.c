// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "calc/geo/round.h"

#include <math.h>

static double round_to(double v, double tens)
{
    return nearbyint(v * tens) / tens;
}

static bool same(point a, point b)
{
    return a.x == b.x && a.y == b.y;
}

// The new point q ends the list: off with it if it repeats its predecessor, and off with the
// predecessor too if q goes straight back to where that came from (a spike without area).
static void push_point(struct geo_ring *r, point q)
{
    if (r->n >= 1 && same(r->v[r->n - 1], q))
        return;
    if (r->n >= 2 && same(r->v[r->n - 2], q)) {
        r->n--;
        return;
    }
    r->v[r->n++] = q;
}

// The same at the seam, where the last point meets the first.
static void trim_seam(struct geo_ring *r)
{
    size_t from = 0;
    while (r->n - from >= 2) {
        point first = r->v[from], last = r->v[r->n - 1];
        if (same(first, last) || same(last, r->v[from + 1]))
            from++; // the point after the seam says the same again, or the first one is a spike
        else if (same(first, r->v[r->n - 2]))
            r->n--;
        else
            break;
    }
    r->v += from;
    r->n -= from;
}

// Whole steps of the grid, so that "on one line" is exact.
__extension__ typedef __int128 wide;
static wide steps(double to, double from, double tens)
{
    return (wide)nearbyint(to * tens) - (wide)nearbyint(from * tens);
}

// All on one line, so it encloses nothing. (A bow tie has no area either by its sum, but is no
// line: that one is for geo_judge to find.)
static bool is_line(const struct geo_ring *r, double tens)
{
    for (size_t i = 2; i < r->n; i++) {
        point o = r->v[0], a = r->v[1], b = r->v[i];
        if (steps(a.x, o.x, tens) * steps(b.y, o.y, tens) !=
            steps(b.x, o.x, tens) * steps(a.y, o.y, tens))
            return false;
    }
    return true;
}

// false when nothing is left of it.
static bool round_ring(struct arena *a, const struct geo_ring *r, double tens, struct geo_ring *ret)
{
    *ret = (struct geo_ring){.v = arena_new_array(a, r->n, point)};
    for (size_t i = 0; i < r->n; i++)
        push_point(ret, (point){round_to(r->v[i].x, tens), round_to(r->v[i].y, tens)});
    trim_seam(ret);
    return ret->n >= 3 && !is_line(ret, tens);
}

// A part goes when its outer ring goes; its holes go with it.
static bool round_part(struct arena *a, const struct geo_part *p, double tens, struct geo_part *ret,
                       struct geo_rounding *tell)
{
    *ret = (struct geo_part){.ring = arena_new_array(a, p->n, struct geo_ring)};
    for (size_t k = 0; k < p->n; k++) {
        struct geo_ring *to = &ret->ring[ret->n];
        if (round_ring(a, &p->ring[k], tens, to)) {
            tell->points_dropped += p->ring[k].n - to->n;
            ret->n++;
        } else if (k == 0) {
            tell->parts_dropped++;
            return false;
        } else {
            tell->rings_dropped++;
        }
    }
    return ret->n > 0;
}

struct geo_shape geo_round(struct arena *a, const struct geo_shape *s, int decimals,
                           struct geo_rounding *ret)
{
    ASSERT(decimals >= 0 && decimals <= 9);
    double tens = 1;
    for (int i = 0; i < decimals; i++)
        tens *= 10;
    struct geo_shape out = {.part = arena_new_array(a, s->n, struct geo_part)};
    *ret = (struct geo_rounding){0};
    for (size_t i = 0; i < s->n; i++) {
        if (round_part(a, &s->part[i], tens, &out.part[out.n], ret))
            out.n++;
    }
    return out;
}
