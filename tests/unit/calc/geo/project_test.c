// SPDX-License-Identifier: AGPL-3.0-or-later
// Covers calc/geo/project.h: the view, paths on whole units, borders that stay shared.
#include "base/base.h"
#include "../../data.h"
#include "calc/geo/project.h"
#include "shapes.h"

static str path_of(struct arena *a, const struct geo_view *v, const struct geo_shape *s)
{
    struct buf b;
    buf_init(&b, a, 1 << 20);
    geo_view_path(v, s, &b);
    assert_false(b.full);
    return buf_text(&b);
}

static void assert_path(struct arena *a, const struct geo_view *v, const struct geo_shape *s,
                        const char *want)
{
    assert_string_equal(str_z(a, path_of(a, v, s)), want);
}

// On the equator a degree is as long either way, so the numbers can be read off.
static void height_follows_from_the_ground(void **state)
{
    (void)state;
    struct geo_view v = geo_view_fit((box){0, -1, 4, 1}, 408, 4);
    assert_int_equal(v.width, 408);
    assert_int_equal(v.height, 208);
    spot_xy nw = geo_view_spot(&v, (point){0, 1}), se = geo_view_spot(&v, (point){4, -1});
    assert_true(nw.x == 4 && nw.y == 4);
    assert_true(se.x == 404 && se.y == 204);
    v = geo_view_fit((box){0, 59, 2, 61}, 100, 0); // at 60° N half as wide
    assert_int_equal(v.height, 200);
}

static void narrow_and_empty_boxes_have_a_view(void **state)
{
    (void)state;
    struct geo_view v = geo_view_fit((box){0, -5, 0.1, 5}, 100, 0);
    assert_int_equal(v.height, 400);
    spot_xy left = geo_view_spot(&v, (point){0, 0}), right = geo_view_spot(&v, (point){0.1, 0});
    assert_true(left.x == 48 && right.x == 52); // in the middle
    v = geo_view_fit((box){1, 1, 1, 1}, 100, 0);
    assert_int_equal(v.height, 100);
    spot_xy mid = geo_view_spot(&v, (point){1, 1});
    assert_true(mid.x == 50 && mid.y == 50);
}

static void paths_are_short_relative_and_whole(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a);
    struct geo_view v = geo_view_fit((box){0, -1, 2, 1}, 200, 0);
    struct geo_shape s = rect(&a, 0, -1, 1, 1);
    assert_path(&a, &v, &s, "M0 200l100 0 0-200-100 0z");
    struct geo_shape holed =
        SHAPE(&a, RING(&a, 0, 0, 1, 0, 1, 1), RING(&a, 0.5, 0.2, 0.7, 0.2, 0.7, 0.4),
              RING(&a, 0.8, 0.2, 0.801, 0.2, 0.8, 0.201)); // too small to see
    assert_path(&a, &v, &holed, "M0 100l100 0 0-100zM50 80l20 0 0-20z");
    struct geo_shape close =
        SHAPE(&a, RING(&a, 0, 0, 0.001, 0, 1, 0, 1.001, 0.001, 1, 1, 0, 0.001));
    assert_path(&a, &v, &close, "M0 100l100 0 0-100z");
    arena_fini(&a);
}

static void an_area_never_vanishes(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a);
    struct geo_view v = geo_view_fit((box){0, -1, 2, 1}, 200, 0);
    struct geo_shape tiny = rect(&a, 1, 0, 1.0001, 0.0001), none = {0};
    assert_path(&a, &v, &tiny, "M100 100h1v1h-1z");
    // A tiny part beside a large one is left out.
    struct geo_shape two = shape_join(&a, tiny, rect(&a, 0, 0, 1, 1));
    assert_path(&a, &v, &two, "M0 100l100 0 0-100-100 0z");
    assert_path(&a, &v, &none, "");
    arena_fini(&a);
}

// The units a path goes through, by reading it back.
static size_t walk(const char *p, spot_xy *ret, size_t most)
{
    size_t n = 0;
    char *end;
    assert_true(*p++ == 'M');
    ret[n].x = (int)strtol(p, &end, 10);
    ret[n++].y = (int)strtol(end, &end, 10);
    assert_true(*end++ == 'l');
    while (*end != 'z') {
        assert_true(n < most);
        ret[n].x = ret[n - 1].x + (int)strtol(end, &end, 10);
        ret[n].y = ret[n - 1].y + (int)strtol(end, &end, 10);
        n++;
    }
    return n;
}

static void shared_borders_stay_shared(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a);
    struct geo_view v = geo_view_fit((box){-1.3, 51.7, -1.1, 51.8}, 300, 2);
    struct geo_shape west = SHAPE(&a, RING(&a, -1.3, 51.7, -1.2123, 51.7, -1.2077, 51.7312, -1.2191,
                                           51.7698, -1.2, 51.8, -1.3, 51.8));
    struct geo_shape east = SHAPE(&a, RING(&a, -1.2123, 51.7, -1.1, 51.7, -1.1, 51.8, -1.2, 51.8,
                                           -1.2191, 51.7698, -1.2077, 51.7312));
    spot_xy w[16], e[16];
    size_t nw = walk(str_z(&a, path_of(&a, &v, &west)), w, 16);
    size_t ne = walk(str_z(&a, path_of(&a, &v, &east)), e, 16);
    assert_int_equal(nw, 6);
    assert_int_equal(ne, 6);
    const size_t in_west[] = {1, 2, 3, 4}, in_east[] = {0, 5, 4, 3};
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(w[in_west[i]].x, e[in_east[i]].x);
        assert_int_equal(w[in_west[i]].y, e[in_east[i]].y);
    }
    arena_fini(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(height_follows_from_the_ground),
        cmocka_unit_test(narrow_and_empty_boxes_have_a_view),
        cmocka_unit_test(paths_are_short_relative_and_whole),
        cmocka_unit_test(an_area_never_vanishes),
        cmocka_unit_test(shared_borders_stay_shared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
