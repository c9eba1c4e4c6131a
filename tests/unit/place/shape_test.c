// SPDX-License-Identifier: AGPL-3.0-or-later
// Covers place/shape.h: shapes into bytes and back, damage found, and RFC 7946 GeoJSON (D18).
#include "base/base.h"
#include "../calc/geo/shapes.h"
#include "../data.h"
#include "place/shape.h"

static struct geo_shape sample(struct arena *a)
{
    struct geo_shape holed = SHAPE(a, RING(a, -1.2044658, 51.7702896, -1.1, 51.7, -1.1, 51.8),
                                   RING(a, -1.12, 51.75, -1.11, 51.76, -1.11, 51.75));
    struct geo_shape s = shape_join(a, holed, rect(a, 0, 50.5, 1.7600001, 50.6));
    s.decimals = 5;
    return s;
}

static str bytes_of(struct arena *a, const struct geo_shape *s)
{
    struct buf b;
    buf_init(&b, a, 1 << 20);
    shape_encode(&b, s);
    assert_false(b.full);
    return buf_text(&b);
}

static void there_and_back_to_the_last_digit(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a);
    struct geo_shape s = sample(&a), back;
    str bytes = bytes_of(&a, &s);
    assert_null(shape_decode(&a, bytes, &back));
    assert_int_equal(back.decimals, 5);
    assert_int_equal(back.n, 2);
    assert_int_equal(back.part[0].n, 2);
    for (size_t i = 0; i < s.n; i++) {
        for (size_t k = 0; k < s.part[i].n; k++) {
            assert_int_equal(back.part[i].ring[k].n, s.part[i].ring[k].n);
            assert_memory_equal(back.part[i].ring[k].v, s.part[i].ring[k].v,
                                s.part[i].ring[k].n * sizeof(point));
        }
    }
    struct geo_shape none = {0};
    assert_null(shape_decode(&a, bytes_of(&a, &none), &back));
    assert_int_equal(back.n, 0);
    // The ends of the earth.
    struct geo_shape globe = rect(&a, -180, -90, 180, 90);
    assert_null(shape_decode(&a, bytes_of(&a, &globe), &back));
    assert_near(back.part[0].ring[0].v[2].x, 180, 0);
    arena_fini(&a);
}

static void every_damaged_byte_is_found(void **state)
{
    (void)state;
    struct arena a, scratch;
    arena_init(&a);
    arena_init(&scratch);
    struct geo_shape s = sample(&a), back;
    str bytes = bytes_of(&a, &s);
    for (size_t i = 0; i < bytes.n; i++) {
        for (int bit = 0; bit < 8; bit++) {
            char *p = arena_copy(&scratch, bytes.p, bytes.n);
            p[i] = (char)(p[i] ^ 1 << bit);
            err e = shape_decode(&scratch, (str){p, bytes.n}, &back);
            assert_non_null(e);
            assert_int_equal(e->kind, ERR_INVALID);
        }
        assert_non_null(shape_decode(&scratch, str_slice(bytes, 0, i), &back)); // cut short
        arena_reset(&scratch);
    }
    assert_non_null(shape_decode(&a, STR_NONE, &back));
    arena_fini(&scratch);
    arena_fini(&a);
}

// Bytes with a checksum that fits, so that only what they say can be refused.
static err decode_signed(struct arena *a, const char *body, size_t n)
{
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < n; i++)
        h = (h ^ (unsigned char)body[i]) * 16777619u;
    char *p = arena_alloc(a, n + 4);
    memcpy(p, body, n);
    for (int i = 0; i < 4; i++)
        p[n + (size_t)i] = (char)(h >> 8 * i & 0xff);
    struct geo_shape s;
    return shape_decode(a, (str){p, n + 4}, &s);
}
#define SIGNED(a, text) decode_signed((a), "" text, sizeof(text) - 1)

static void well_signed_nonsense_is_refused(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a);
    assert_null(SIGNED(&a, "\1\5\1\1\3\2\2\2\2\2\2"));
    assert_non_null(SIGNED(&a, "\2\5\1\1\3\2\2\2\2\2\2"));                   // version 2
    assert_non_null(SIGNED(&a, "\1\4\1\1\3\2\2\2\2\2\2"));                   // four decimals
    assert_non_null(SIGNED(&a, "\1\5\1\1\2\2\2\2\2\2\2"));                   // a ring of two
    assert_non_null(SIGNED(&a, "\1\5\1\0\3\2\2\2\2\2\2"));                   // a part without rings
    assert_non_null(SIGNED(&a, "\1\5\1\1\3\2\2\2\2\2\2\2"));                 // one byte too many
    assert_non_null(SIGNED(&a, "\1\5\1\1\x83\0\2\2\2\2\2\2"));               // a padded number
    assert_non_null(SIGNED(&a, "\1\5\xff\xff\xff\xff\x7f\1\3\2\2\2\2\2"));   // billions of parts
    assert_non_null(SIGNED(&a, "\1\5\1\1\3\xff\xff\xff\xff\x7f\2\2\2\2\2")); // off the globe
    assert_non_null(SIGNED(&a, "\1\5\1\1\3\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\2\2\2\2\2"));
    arena_fini(&a);
}

static str geojson(struct arena *a, const struct geo_shape *s, int decimals)
{
    struct buf b;
    buf_init(&b, a, 1 << 16);
    struct json j;
    json_init(&j, &b);
    shape_geojson(&j, s, decimals);
    return buf_text(&b);
}

static void rfc_7946_whatever_the_winding(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a);
    struct geo_shape s = SHAPE(&a, RING(&a, 0, 50, 0, 51.1234567, 1, 51, 1, 50), // clockwise
                               RING(&a, 0.25, 50.25, 0.5, 50.25, 0.5, 50.5));    // a hole, ccw
    assert_string_equal(str_z(&a, geojson(&a, &s, 5)),
                        "{\"type\":\"Polygon\",\"coordinates\":[[[0,50],[1,50],[1,51],[0,51.12346],"
                        "[0,50]],[[0.25,50.25],[0.5,50.5],[0.5,50.25],[0.25,50.25]]]}");
    geo_wind(&s);
    str wound = geojson(&a, &s, 7);
    assert_true(str_find(wound, STR("51.1234567"), 0) < wound.n);
    struct geo_shape two = shape_join(&a, rect(&a, 0, 50, 1, 51), rect(&a, 2, 50, 3, 51));
    assert_string_equal(str_z(&a, geojson(&a, &two, 5)),
                        "{\"type\":\"MultiPolygon\",\"coordinates\":["
                        "[[[0,50],[1,50],[1,51],[0,51],[0,50]]],"
                        "[[[2,50],[3,50],[3,51],[2,51],[2,50]]]]}");
    struct geo_shape none = {0};
    assert_string_equal(str_z(&a, geojson(&a, &none, 5)), "null");
    arena_fini(&a);
}

static void as_many_decimals_as_it_needs(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a);
    struct geo_shape s = rect(&a, 0, 50, 0.1234567, 51);
    str five = geojson(&a, &s, 5);
    assert_true(str_find(five, STR("0.12346"), 0) < five.n);
    s.decimals = 6; // the shape says so itself
    str six = geojson(&a, &s, 5);
    assert_true(str_find(six, STR("0.123457"), 0) < six.n);
    struct geo_shape tiny = rect(&a, 0, 50, 0.000002, 50.000002); // would be lost at five
    str seven = geojson(&a, &tiny, 5);
    assert_true(str_find(seven, STR("50.000002"), 0) < seven.n);
    arena_fini(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_and_back_to_the_last_digit),
        cmocka_unit_test(every_damaged_byte_is_found),
        cmocka_unit_test(well_signed_nonsense_is_refused),
        cmocka_unit_test(rfc_7946_whatever_the_winding),
        cmocka_unit_test(as_many_decimals_as_it_needs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
