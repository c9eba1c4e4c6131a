// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "place/demo_land.h"

#include <math.h>
#include <stdlib.h>

// The middle of the lattice, and what a millionth of a degree is there, in metres.
static const double mid_lon = 0.90, mid_lat = 54.00, lon_metres = 0.0654313, lat_metres = 0.1113200;
static const double cell_radius = 100, cell_width = 173.2050808; // corner to corner, side to side
static const double corner_shake = 0.22;                         // of the radius, each way
static const double town_radius = 4000;

// ---- the lattice: rows of pointed cells, odd rows half a cell to the east ----------------------

enum side { SIDE_NW, SIDE_W, SIDE_SW, SIDE_SE, SIDE_E, SIDE_NE };

int land_beside(int cell, int side)
{
    int row = cell / LAND_COLS, col = cell % LAND_COLS, odd = row & 1;
    switch ((enum side)side) {
    case SIDE_NW: row--, col += odd - 1; break;
    case SIDE_W: col--; break;
    case SIDE_SW: row++, col += odd - 1; break;
    case SIDE_SE: row++, col += odd; break;
    case SIDE_E: col++; break;
    case SIDE_NE: row--, col += odd; break;
    }
    if (row < 0 || row >= LAND_ROWS || col < 0 || col >= LAND_COLS)
        return -1;
    return row * LAND_COLS + col;
}

// Each cell owns its northern and its southern corner; the others are its neighbours'. Side s runs
// from corner s to corner s + 1, counter-clockwise from the north.
static int corner(int cell, int nth)
{
    switch (nth % LAND_SIDES) {
    case 0: return 2 * cell;
    case 1: return 2 * land_beside(cell, SIDE_NW) + 1;
    case 2: return 2 * land_beside(cell, SIDE_SW);
    case 3: return 2 * cell + 1;
    case 4: return 2 * land_beside(cell, SIDE_SE);
    default: return 2 * land_beside(cell, SIDE_NE) + 1;
    }
}

static void place_corner(struct land *l, struct seeded *chance, int at, double x, double y)
{
    x += cell_radius * corner_shake * (2 * seeded_unit(chance) - 1);
    y += cell_radius * corner_shake * (2 * seeded_unit(chance) - 1);
    l->lon[at] = (int32_t)lround(mid_lon * 1e6 + x / lon_metres);
    l->lat[at] = (int32_t)lround(mid_lat * 1e6 - y / lat_metres);
}

static void place_cells(struct land *l, struct seeded *chance)
{
    for (int i = 0; i < LAND_CELLS; i++) {
        int row = i / LAND_COLS, col = i % LAND_COLS;
        l->x[i] = (col + 0.5 * (row & 1) - LAND_COLS / 2.0) * cell_width;
        l->y[i] = (row - LAND_ROWS / 2.0) * 1.5 * cell_radius;
        place_corner(l, chance, 2 * i, l->x[i], l->y[i] - cell_radius);
        place_corner(l, chance, 2 * i + 1, l->x[i], l->y[i] + cell_radius);
    }
}

// A round town with a few bulges; more people to a cell in its middle.
static void draw_outline(struct land *l, struct seeded *chance)
{
    double turn[4], bulge[4] = {0, 0.10, 0.07, 0.05};
    for (int k = 0; k < 4; k++)
        turn[k] = 6.28318 * seeded_unit(chance);
    for (int i = 0; i < LAND_CELLS; i++) {
        int row = i / LAND_COLS, col = i % LAND_COLS;
        double far = sqrt(l->x[i] * l->x[i] + l->y[i] * l->y[i]) / town_radius;
        double way = atan2(l->y[i], l->x[i]), edge = 1;
        for (int k = 1; k < 4; k++)
            edge += bulge[k] * sin((k + 1) * way + turn[k]);
        bool inner = row > 1 && row < LAND_ROWS - 2 && col > 1 && col < LAND_COLS - 2;
        l->town[i] = inner && far < edge;
        l->weight[i] = 1 + 2.5 * exp(-4 * far * far);
    }
}

struct land *land_make(struct arena *a, struct seeded *chance)
{
    struct land *l = arena_new(a, struct land);
    l->a = a;
    place_cells(l, chance);
    draw_outline(l, chance);
    return l;
}

// ---- pieces ------------------------------------------------------------------------------------

// Gives every cell of the piece around `from` (same mark) the mark `to`; returns how many.
static size_t flood(int *mark, int from, int to)
{
    int stack[LAND_CELLS];
    int old = mark[from];
    size_t n = 0, top = 0;
    mark[from] = to;
    stack[top++] = from;
    while (top) {
        int cell = stack[--top];
        n++;
        for (int s = 0; s < LAND_SIDES; s++) {
            int other = land_beside(cell, s);
            if (other >= 0 && mark[other] == old) {
                mark[other] = to;
                stack[top++] = other;
            }
        }
    }
    return n;
}

bool land_whole(const struct land *l, const int *owner, int who)
{
    int mark[LAND_CELLS], pieces = 0;
    UNUSED(l);
    for (int i = 0; i < LAND_CELLS; i++)
        mark[i] = owner[i] == who;
    for (int i = 0; i < LAND_CELLS; i++)
        if (mark[i] == 1) {
            flood(mark, i, 2);
            pieces++;
        }
    return pieces == 1;
}

// ---- splitting ---------------------------------------------------------------------------------

struct keyed {
    double key;
    int cell;
};

struct split {
    struct land *l;
    struct seeded *chance;
    const double *share;
    int *part; // the answer, by cell
    int *mark; // scratch: of which half each cell is, 0 outside
};

static int by_key(const void *pa, const void *pb)
{
    const struct keyed *a = pa, *b = pb;
    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    return a->cell - b->cell;
}

// Sorts the cells along their longer extent, askew, with a wave so that borders are not straight.
static void sort_along(struct split *s, struct keyed *v, size_t n)
{
    const struct land *l = s->l;
    double west = 1e9, east = -1e9, north = 1e9, south = -1e9;
    for (size_t i = 0; i < n; i++) {
        int c = v[i].cell;
        west = fmin(west, l->x[c]);
        east = fmax(east, l->x[c]);
        north = fmin(north, l->y[c]);
        south = fmax(south, l->y[c]);
    }
    bool wide = east - west >= south - north;
    double skew = 0.9 * (seeded_unit(s->chance) - 0.5), phase = 6.28318 * seeded_unit(s->chance);
    double length = wide ? south - north : east - west;
    for (size_t i = 0; i < n; i++) {
        double x = l->x[v[i].cell], y = l->y[v[i].cell];
        double along = wide ? x : y, across = wide ? y : x;
        v[i].key =
            along + skew * across + 0.08 * length * sin(6.28318 * across / (length + 1) + phase);
    }
    qsort(v, n, sizeof *v, by_key);
}

// Of the cells marked `mine` only the largest piece keeps the mark, the others get `yours`. When
// all of mine and yours together are one piece, yours is one piece afterwards or can be made so.
static void keep_largest(struct split *s, const struct keyed *v, size_t n, int mine, int yours)
{
    enum { SEEN = 100 };
    int pieces = 0, best = 0;
    size_t most = 0;
    for (size_t i = 0; i < n; i++)
        if (s->mark[v[i].cell] == mine) {
            size_t size = flood(s->mark, v[i].cell, SEEN + pieces);
            if (size > most) {
                most = size;
                best = SEEN + pieces;
            }
            pieces++;
        }
    for (size_t i = 0; i < n; i++)
        if (s->mark[v[i].cell] >= SEEN)
            s->mark[v[i].cell] = s->mark[v[i].cell] == best ? mine : yours;
}

// Where the first `left` of `parts` parts end, by weight, leaving each part at least one cell.
static size_t cut_at(const struct split *s, const struct keyed *v, size_t n, int first, int left,
                     int parts)
{
    double all = 0, mine = 0, weight = 0, sum = 0;
    for (int i = 0; i < parts; i++) {
        all += s->share[first + i];
        mine += i < left ? s->share[first + i] : 0;
    }
    for (size_t i = 0; i < n; i++)
        weight += s->l->weight[v[i].cell];
    size_t k = 0;
    while (k < n && sum + s->l->weight[v[k].cell] / 2 < weight * mine / all)
        sum += s->l->weight[v[k++].cell];
    size_t least = (size_t)left, most = n - (size_t)(parts - left);
    return k < least ? least : k > most ? most : k;
}

static void split(struct split *s, struct keyed *v, size_t n, int first, int parts)
{
    if ((size_t)parts > n)
        parts = (int)n;
    if (parts <= 1) {
        for (size_t i = 0; i < n; i++)
            s->part[v[i].cell] = first;
        return;
    }
    int left = parts / 2;
    sort_along(s, v, n);
    size_t cut = cut_at(s, v, n, first, left, parts), k = 0;
    for (size_t i = 0; i < n; i++)
        s->mark[v[i].cell] = i < cut ? 1 : 2;
    keep_largest(s, v, n, 1, 2);
    keep_largest(s, v, n, 2, 1);
    struct arena a; // each level's own; the depth is small
    arena_init(&a);
    struct keyed *sorted = arena_new_array(&a, n, struct keyed);
    for (int half = 1; half <= 2; half++) {
        for (size_t i = 0; i < n; i++)
            if (s->mark[v[i].cell] == half)
                sorted[k++] = v[i];
        cut = half == 1 ? k : cut;
    }
    for (size_t i = 0; i < n; i++)
        s->mark[v[i].cell] = 0;
    split(s, sorted, cut, first, left);
    split(s, sorted + cut, n - cut, first + left, parts - left);
    arena_fini(&a);
}

void land_split(struct land *l, struct seeded *chance, const int *cell, size_t n,
                const double *share, int parts, int *ret_part)
{
    struct split s = {l, chance, share, ret_part, arena_new_array(l->a, LAND_CELLS, int)};
    struct keyed *v = arena_new_array(l->a, n, struct keyed);
    for (size_t i = 0; i < n; i++)
        v[i].cell = cell[i];
    split(&s, v, n, 0, parts);
}

// ---- borders -----------------------------------------------------------------------------------

struct border {
    int *next; // the corner after a corner, -1 off the border; by corner
    int *from; // corners on the border, in the order they were found
    size_t n;
};

static void find_border(struct border *b, const int *owner, int who)
{
    for (int i = 0; i < LAND_CELLS; i++)
        for (int s = 0; owner[i] == who && s < LAND_SIDES; s++)
            if (owner[land_beside(i, s)] != who) {
                int c = corner(i, s);
                b->next[c] = corner(i, s + 1);
                b->from[b->n++] = c;
            }
}

// Twice the area inside; positive when counter-clockwise.
static int64_t ring_area(const struct land *l, const struct border *b, int start)
{
    int64_t sum = 0;
    int c = start;
    do {
        int d = b->next[c];
        int64_t x1 = l->lon[c] - l->lon[start], y1 = l->lat[c] - l->lat[start],
                x2 = l->lon[d] - l->lon[start], y2 = l->lat[d] - l->lat[start];
        sum += x1 * y2 - x2 * y1;
        c = d;
    } while (c != start);
    return sum;
}

// The corners next to a corner along borders; three at most.
struct joint {
    int next[3], n;
};

static void join(struct joint *v, int from, int to)
{
    if (v[from].n < 3)
        v[from].next[v[from].n++] = to;
}

static int32_t middle(int32_t at, int32_t before, int32_t after)
{
    return (int32_t)((2 * (int64_t)at + before + after + 2) / 4);
}

void land_smooth(struct land *l, const int *owner)
{
    struct arena a;
    arena_init(&a);
    struct joint *v = arena_new_array(&a, 2 * LAND_CELLS, struct joint);
    for (int i = 0; i < LAND_CELLS; i++)
        for (int s = 0; s < LAND_SIDES; s++) {
            int other = land_beside(i, s);
            if (other > i && owner[other] != owner[i]) {
                join(v, corner(i, s), corner(i, s + 1));
                join(v, corner(i, s + 1), corner(i, s));
            }
        }
    int32_t *lon = arena_copy(&a, l->lon, sizeof l->lon),
            *lat = arena_copy(&a, l->lat, sizeof l->lat);
    for (int i = 0; i < 2 * LAND_CELLS; i++)
        if (v[i].n == 2) {
            l->lon[i] = middle(lon[i], lon[v[i].next[0]], lon[v[i].next[1]]);
            l->lat[i] = middle(lat[i], lat[v[i].next[0]], lat[v[i].next[1]]);
        }
    arena_fini(&a);
}

void land_put_degrees(struct buf *b, int32_t millionths)
{
    buf_fmt(b, "%d.%06d", millionths / 1000000, millionths % 1000000);
}

static void put_point(const struct land *l, struct buf *b, int c)
{
    buf_byte(b, '[');
    land_put_degrees(b, l->lon[c]);
    buf_byte(b, ',');
    land_put_degrees(b, l->lat[c]);
    buf_byte(b, ']');
}

// Writes the ring and takes it off the border.
static void put_ring(const struct land *l, struct buf *b, struct border *border, int start)
{
    buf_byte(b, '[');
    for (int c = start; border->next[c] >= 0;) {
        int d = border->next[c];
        border->next[c] = -1;
        put_point(l, b, c);
        buf_byte(b, ',');
        c = d;
    }
    put_point(l, b, start);
    buf_byte(b, ']');
}

void land_put_geometry(struct land *l, struct buf *out, const int *owner, int who)
{
    struct arena a;
    arena_init(&a);
    struct border b = {.next = arena_new_array(&a, 2 * LAND_CELLS, int),
                       .from = arena_new_array(&a, 2 * LAND_CELLS, int)};
    for (int i = 0; i < 2 * LAND_CELLS; i++)
        b.next[i] = -1;
    find_border(&b, owner, who);
    buf_c(out, "{\"type\":\"Polygon\",\"coordinates\":[");
    for (int holes = 0; holes < 2; holes++)
        for (size_t i = 0; i < b.n; i++)
            if (b.next[b.from[i]] >= 0 && (holes || ring_area(l, &b, b.from[i]) > 0)) {
                if (holes)
                    buf_byte(out, ',');
                put_ring(l, out, &b, b.from[i]);
            }
    buf_c(out, "]}");
    arena_fini(&a);
}

struct land_spot land_spot_in(const struct land *l, int cell, struct seeded *chance)
{
    double x = l->x[cell] + 0.5 * cell_radius * (seeded_unit(chance) - 0.5);
    double y = l->y[cell] + 0.5 * cell_radius * (seeded_unit(chance) - 0.5);
    return (struct land_spot){(int32_t)lround(mid_lon * 1e6 + x / lon_metres),
                              (int32_t)lround(mid_lat * 1e6 - y / lat_metres)};
}
