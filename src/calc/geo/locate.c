// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "calc/geo/locate.h"

#include <math.h>

// A corner on the grid of 10⁻⁷ degrees. 180 degrees are 1.8e9: an int32 holds them, a difference
// needs 33 bits, and a product of two differences 66.
struct spot {
    int32_t x, y;
};
__extension__ typedef __int128 wide;

static int32_t on_grid(double degrees)
{
    double g = nearbyint(degrees * 1e7);
    ASSERT(g >= -2e9 && g <= 2e9); // readers refuse anything that is not on the globe
    return (int32_t)g;
}

static struct spot spot_of(point p)
{
    return (struct spot){on_grid(p.x), on_grid(p.y)};
}

static bool on_globe(point p)
{
    return p.x >= -180 && p.x <= 180 && p.y >= -90 && p.y <= 90;
}

// What one walk along a border finds out.
struct walk {
    struct spot at;
    bool odd;    // an odd number of borders lie to the east: inside
    bool border; // the place is on an edge
};

// One edge, lower end first: edges shared by two areas are then judged by the very same sum.
static void walk_edge(struct walk *w, struct spot a, struct spot b)
{
    if (a.y > b.y) {
        struct spot t = a;
        a = b;
        b = t;
    }
    struct spot p = w->at;
    if (p.y < a.y || p.y > b.y)
        return;
    if (a.y == b.y) { // east-west: never crossed, the hair lies north of it
        int32_t lo = a.x < b.x ? a.x : b.x, hi = a.x < b.x ? b.x : a.x;
        w->border |= p.x >= lo && p.x <= hi;
        return;
    }
    // > 0: the edge passes east of the place; 0: through it, which counts as west.
    wide side = (wide)((int64_t)b.x - a.x) * ((int64_t)p.y - a.y) -
                (wide)((int64_t)p.x - a.x) * ((int64_t)b.y - a.y);
    if (side == 0)
        w->border = true;
    else if (side > 0 && p.y < b.y)
        w->odd = !w->odd;
}

static struct walk walk_shape(const struct geo_shape *s, point p)
{
    struct walk w = {.at = spot_of(p)};
    for (size_t i = 0; i < s->n; i++) {
        for (size_t k = 0; k < s->part[i].n; k++) {
            const struct geo_ring *r = &s->part[i].ring[k];
            for (size_t e = 0; e < r->n; e++)
                walk_edge(&w, spot_of(r->v[e]), spot_of(r->v[e + 1 < r->n ? e + 1 : 0]));
        }
    }
    return w;
}

enum geo_side geo_side_of(const struct geo_shape *s, point p)
{
    if (!on_globe(p))
        return GEO_OUTSIDE;
    struct walk w = walk_shape(s, p);
    return w.border ? GEO_BORDER : w.odd ? GEO_INSIDE : GEO_OUTSIDE;
}

bool geo_contains(const struct geo_shape *s, point p)
{
    return on_globe(p) && walk_shape(s, p).odd;
}

// --- the index ---

struct edge {
    struct spot a, b;
};
struct entry {
    struct spot lo, hi; // box
    size_t first, n;    // its edges
};

// Cells of equal size over the whole layer; cell c lists the areas item[start[c] … start[c+1]-1]
// whose box touches it, in the order given.
struct geo_index {
    struct entry *entry;
    struct edge *edge;
    size_t n;
    struct spot lo, hi;
    int64_t cols, rows, cell_w, cell_h;
    uint32_t *start, *item;
};

static void take_edges(struct geo_index *ix, size_t which, const struct geo_shape *s, size_t *used)
{
    struct entry *en = &ix->entry[which];
    *en =
        (struct entry){.lo = {INT32_MAX, INT32_MAX}, .hi = {INT32_MIN, INT32_MIN}, .first = *used};
    for (size_t i = 0; i < s->n; i++) {
        for (size_t k = 0; k < s->part[i].n; k++) {
            const struct geo_ring *r = &s->part[i].ring[k];
            for (size_t e = 0; e < r->n; e++) {
                struct spot p = spot_of(r->v[e]);
                ix->edge[(*used)++] = (struct edge){p, spot_of(r->v[e + 1 < r->n ? e + 1 : 0])};
                en->lo.x = p.x < en->lo.x ? p.x : en->lo.x;
                en->lo.y = p.y < en->lo.y ? p.y : en->lo.y;
                en->hi.x = p.x > en->hi.x ? p.x : en->hi.x;
                en->hi.y = p.y > en->hi.y ? p.y : en->hi.y;
            }
        }
    }
    en->n = *used - en->first;
}

static void span(struct geo_index *ix)
{
    ix->lo = (struct spot){INT32_MAX, INT32_MAX};
    ix->hi = (struct spot){INT32_MIN, INT32_MIN};
    for (size_t i = 0; i < ix->n; i++) {
        const struct entry *en = &ix->entry[i];
        if (en->n == 0)
            continue;
        ix->lo.x = en->lo.x < ix->lo.x ? en->lo.x : ix->lo.x;
        ix->lo.y = en->lo.y < ix->lo.y ? en->lo.y : ix->lo.y;
        ix->hi.x = en->hi.x > ix->hi.x ? en->hi.x : ix->hi.x;
        ix->hi.y = en->hi.y > ix->hi.y ? en->hi.y : ix->hi.y;
    }
    if (ix->lo.x > ix->hi.x)
        ix->lo = ix->hi = (struct spot){0, 0};
}

static void cut_in_cells(struct geo_index *ix, int64_t side)
{
    ix->cols = ix->rows = side;
    ix->cell_w = ((int64_t)ix->hi.x - ix->lo.x) / side + 1;
    ix->cell_h = ((int64_t)ix->hi.y - ix->lo.y) / side + 1;
}

struct cells {
    int64_t c0, r0, c1, r1;
};
static struct cells cells_of(const struct geo_index *ix, struct spot lo, struct spot hi)
{
    return (struct cells){
        ((int64_t)lo.x - ix->lo.x) / ix->cell_w, ((int64_t)lo.y - ix->lo.y) / ix->cell_h,
        ((int64_t)hi.x - ix->lo.x) / ix->cell_w, ((int64_t)hi.y - ix->lo.y) / ix->cell_h};
}

// About four cells to an area; fewer when the areas lie on top of each other, because then every
// cell would list them all.
static void lay_grid(struct geo_index *ix)
{
    span(ix);
    int64_t side = (int64_t)ceil(sqrt((double)ix->n)) * 2;
    side = side < 1 ? 1 : side > 512 ? 512 : side;
    for (;; side /= 2) {
        cut_in_cells(ix, side);
        uint64_t listed = 0;
        for (size_t i = 0; i < ix->n; i++) {
            struct cells t = cells_of(ix, ix->entry[i].lo, ix->entry[i].hi);
            if (ix->entry[i].n > 0)
                listed += (uint64_t)(t.r1 - t.r0 + 1) * (uint64_t)(t.c1 - t.c0 + 1);
        }
        if (side == 1 || listed <= 64 * (uint64_t)ix->n + 4096)
            return;
    }
}

// Two rounds over the same loop: count what each cell will hold, then put it there.
static void deal_out(struct geo_index *ix, uint32_t *count, bool put)
{
    for (size_t i = 0; i < ix->n; i++) {
        if (ix->entry[i].n == 0)
            continue;
        struct cells t = cells_of(ix, ix->entry[i].lo, ix->entry[i].hi);
        for (int64_t r = t.r0; r <= t.r1; r++) {
            for (int64_t c = t.c0; c <= t.c1; c++) {
                int64_t cell = r * ix->cols + c;
                if (put)
                    ix->item[ix->start[cell] + count[cell]] = (uint32_t)i;
                count[cell]++;
            }
        }
    }
}

struct geo_index *geo_index_new(struct arena *a, const struct geo_shape *v, size_t n)
{
    ASSERT(n < UINT32_MAX);
    size_t edges = 0, used = 0;
    for (size_t i = 0; i < n; i++)
        edges += geo_points(&v[i]);
    struct geo_index *ix = arena_new(a, struct geo_index);
    ix->n = n;
    ix->entry = arena_new_array(a, n, struct entry);
    ix->edge = arena_new_array(a, edges, struct edge);
    for (size_t i = 0; i < n; i++)
        take_edges(ix, i, &v[i], &used);
    lay_grid(ix);
    size_t cells = (size_t)(ix->cols * ix->rows);
    ix->start = arena_new_array(a, cells + 1, uint32_t);
    uint32_t *count = arena_new_array(a, cells, uint32_t);
    deal_out(ix, count, false);
    for (size_t c = 0; c < cells; c++)
        ix->start[c + 1] = ix->start[c] + count[c];
    ix->item = arena_new_array(a, ix->start[cells], uint32_t);
    memset(count, 0, cells * sizeof *count);
    deal_out(ix, count, true);
    return ix;
}

int64_t geo_index_find(const struct geo_index *ix, point where)
{
    if (!on_globe(where))
        return -1;
    struct spot p = spot_of(where);
    if (p.x < ix->lo.x || p.x > ix->hi.x || p.y < ix->lo.y || p.y > ix->hi.y)
        return -1;
    struct cells t = cells_of(ix, p, p);
    int64_t cell = t.r0 * ix->cols + t.c0, edge_of = -1;
    for (uint32_t k = ix->start[cell]; k < ix->start[cell + 1]; k++) {
        const struct entry *en = &ix->entry[ix->item[k]];
        if (p.x < en->lo.x || p.x > en->hi.x || p.y < en->lo.y || p.y > en->hi.y)
            continue;
        struct walk w = {.at = p};
        for (size_t e = en->first; e < en->first + en->n; e++)
            walk_edge(&w, ix->edge[e].a, ix->edge[e].b);
        if (w.odd)
            return ix->item[k];
        if (w.border && edge_of < 0)
            edge_of = ix->item[k];
    }
    return edge_of;
}
