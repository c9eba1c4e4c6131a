// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "place/shape.h"
#include "calc/geo/round.h"

#include <math.h>
#include <stdlib.h>

enum { VERSION = 1, CHECK_BYTES = 4, MOST_DECIMALS = 7 };

static const int64_t LON_END = 1800000000, LAT_END = 900000000; // in 10⁻⁷ degrees

// --- writing the bytes ---

static void put_varint(struct buf *out, uint64_t v)
{
    for (; v >= 0x80; v >>= 7)
        buf_byte(out, (char)((v & 0x7f) | 0x80));
    buf_byte(out, (char)v);
}

static uint64_t zigzag(int64_t v)
{
    return (uint64_t)v << 1 ^ (uint64_t)(v >> 63);
}

// FNV-1a: every step is one-to-one, so a single changed byte always changes the sum.
static uint32_t check_sum(const char *p, size_t n)
{
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < n; i++)
        h = (h ^ (unsigned char)p[i]) * 16777619u;
    return h;
}

struct grid_spot {
    int64_t x, y;
};

static void put_ring(struct buf *out, const struct geo_ring *r, struct grid_spot *last)
{
    ASSERT(r->n >= 3);
    put_varint(out, r->n);
    for (size_t i = 0; i < r->n; i++) {
        struct grid_spot p = {llrint(r->v[i].x * 1e7), llrint(r->v[i].y * 1e7)};
        ASSERT(llabs(p.x) <= LON_END && llabs(p.y) <= LAT_END);
        put_varint(out, zigzag(p.x - last->x));
        put_varint(out, zigzag(p.y - last->y));
        *last = p;
    }
}

void shape_encode(struct buf *out, const struct geo_shape *s)
{
    size_t from = out->n;
    struct grid_spot last = {0, 0};
    buf_byte(out, VERSION);
    buf_byte(out, (char)s->decimals);
    put_varint(out, s->n);
    for (size_t i = 0; i < s->n; i++) {
        ASSERT(s->part[i].n >= 1);
        put_varint(out, s->part[i].n);
        for (size_t k = 0; k < s->part[i].n; k++)
            put_ring(out, &s->part[i].ring[k], &last);
    }
    if (out->full)
        return;
    uint32_t sum = check_sum(out->p + from, out->n - from);
    for (int i = 0; i < CHECK_BYTES; i++)
        buf_byte(out, (char)(sum >> 8 * i & 0xff));
}

// --- reading them back ---

// Once `bad` is set nothing more is read; whoever loops looks at it.
struct reader {
    struct arena *a;
    const char *p;
    size_t at, n;
    bool bad;
    struct grid_spot last;
};

static uint64_t get_varint(struct reader *r)
{
    uint64_t v = 0;
    for (unsigned shift = 0; shift < 63 && r->at < r->n; shift += 7) {
        unsigned char c = (unsigned char)r->p[r->at++];
        v |= (uint64_t)(c & 0x7f) << shift;
        if (c < 0x80) {
            r->bad |= c == 0 && shift > 0; // longer than need be
            return v;
        }
    }
    r->bad = true;
    return 0;
}

static int64_t get_step(struct reader *r)
{
    uint64_t v = get_varint(r);
    return (int64_t)(v >> 1) ^ -(int64_t)(v & 1);
}

// A number of things of at least `least` bytes each: no more than the bytes left can hold, so a
// damaged count cannot make us ask for memory.
static size_t get_count(struct reader *r, size_t at_least, size_t least)
{
    uint64_t v = get_varint(r);
    if (r->bad || v < at_least || v > (r->n - r->at) / least) {
        r->bad = true;
        return 0;
    }
    return (size_t)v;
}

static void get_ring(struct reader *r, struct geo_ring *ret)
{
    ret->n = get_count(r, 3, 2);
    ret->v = arena_new_array(r->a, ret->n, point);
    for (size_t i = 0; i < ret->n && !r->bad; i++) {
        int64_t dx = get_step(r), dy = get_step(r);
        if (llabs(dx) > 2 * LON_END || llabs(dy) > 2 * LAT_END) {
            r->bad = true;
            return;
        }
        r->last.x += dx;
        r->last.y += dy;
        r->bad |= llabs(r->last.x) > LON_END || llabs(r->last.y) > LAT_END;
        ret->v[i] = (point){(double)r->last.x / 1e7, (double)r->last.y / 1e7};
    }
}

static void get_shape(struct reader *r, struct geo_shape *ret)
{
    ret->n = get_count(r, 0, 8);
    ret->part = arena_new_array(r->a, ret->n, struct geo_part);
    for (size_t i = 0; i < ret->n && !r->bad; i++) {
        struct geo_part *p = &ret->part[i];
        p->n = get_count(r, 1, 7);
        p->ring = arena_new_array(r->a, p->n, struct geo_ring);
        for (size_t k = 0; k < p->n && !r->bad; k++)
            get_ring(r, &p->ring[k]);
    }
}

static bool check_sum_fits(str bytes)
{
    size_t n = bytes.n - CHECK_BYTES;
    uint32_t sum = check_sum(bytes.p, n), told = 0;
    for (int i = 0; i < CHECK_BYTES; i++)
        told |= (uint32_t)(unsigned char)bytes.p[n + (size_t)i] << 8 * i;
    return sum == told;
}

err shape_decode(struct arena *a, str bytes, struct geo_shape *ret)
{
    *ret = (struct geo_shape){0};
    if (bytes.n < 3 + CHECK_BYTES || !check_sum_fits(bytes))
        return err_new(a, ERR_INVALID, "The stored shape is damaged: its checksum does not fit.");
    if (bytes.p[0] != VERSION)
        return err_new(a, ERR_INVALID, "The stored shape is of version %d; this program reads %d.",
                       (unsigned char)bytes.p[0], VERSION);
    struct reader r = {.a = a, .p = bytes.p, .at = 2, .n = bytes.n - CHECK_BYTES};
    struct geo_shape s = {.decimals = (unsigned char)bytes.p[1]};
    get_shape(&r, &s);
    if (r.bad || r.at != r.n || (s.decimals != 0 && (s.decimals < 5 || s.decimals > 7)))
        return err_new(a, ERR_INVALID, "The stored shape is damaged at byte %zu.", r.at);
    *ret = s;
    return NULL;
}

// --- GeoJSON ---

static void write_point(struct json *j, point p, int decimals)
{
    json_open(j, '[');
    json_fixed(j, p.x, decimals);
    json_fixed(j, p.y, decimals);
    json_close(j, ']');
}

// Starts at the same corner whichever way round it was stored, and comes back to it.
static void write_ring(struct json *j, const struct geo_ring *r, bool ccw, int decimals)
{
    bool turn = ring_is_ccw(r) != ccw;
    json_open(j, '[');
    for (size_t i = 0; i <= r->n; i++) {
        size_t k = i % r->n;
        write_point(j, r->v[turn && k > 0 ? r->n - k : k], decimals);
    }
    json_close(j, ']');
}

static void write_part(struct json *j, const struct geo_part *p, int decimals)
{
    json_open(j, '[');
    for (size_t k = 0; k < p->n; k++)
        write_ring(j, &p->ring[k], k == 0, decimals);
    json_close(j, ']');
}

static void write_geometry(struct json *j, const struct geo_shape *s, int decimals)
{
    json_open(j, '{');
    json_kv_str(j, "type", s->n == 1 ? STR("Polygon") : STR("MultiPolygon"));
    json_key(j, "coordinates");
    if (s->n == 1) {
        write_part(j, &s->part[0], decimals);
    } else {
        json_open(j, '[');
        for (size_t i = 0; i < s->n; i++)
            write_part(j, &s->part[i], decimals);
        json_close(j, ']');
    }
    json_close(j, '}');
}

void shape_geojson(struct json *j, const struct geo_shape *s, int decimals)
{
    ASSERT(decimals >= 5 && decimals <= MOST_DECIMALS);
    if (s->decimals > decimals)
        decimals = s->decimals;
    struct geo_rounding lost;
    struct geo_shape r = geo_round(j->out->a, s, decimals, &lost);
    while (lost.rings_dropped + lost.parts_dropped > 0 && decimals < MOST_DECIMALS)
        r = geo_round(j->out->a, s, ++decimals, &lost);
    if (r.n == 0)
        json_str(j, STR_NONE);
    else
        write_geometry(j, &r, decimals);
}
