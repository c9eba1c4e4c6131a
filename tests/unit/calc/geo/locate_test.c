// SPDX-License-Identifier: AGPL-3.0-or-later
// Covers calc/geo/locate.h: point in polygon with parts and holes, the rule that gives a place on a
// border to exactly one area, and the index over a layer.
#include "base/base.h"
#include "../../data.h"
#include "base/random.h"
#include "calc/geo/locate.h"
#include "shapes.h"

static void parts_and_holes(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a);
    struct geo_shape holed =
        SHAPE(&a, RING(&a, 0, 0, 9, 0, 9, 9, 0, 9), RING(&a, 3, 3, 6, 3, 6, 6, 3, 6));
    struct geo_shape s = shape_join(&a, holed, rect(&a, 4, 4, 5, 5)); // an island in the hole
    assert_true(geo_contains(&s, (point){1, 1}));
    assert_false(geo_contains(&s, (point){3.5, 3.5}));
    assert_true(geo_contains(&s, (point){4.5, 4.5}));
    assert_false(geo_contains(&s, (point){10, 1}));
    assert_int_equal(geo_side_of(&s, (point){3, 4}), GEO_BORDER);
    assert_int_equal(geo_side_of(&s, (point){9, 9}), GEO_BORDER);
    assert_int_equal(geo_side_of(&s, (point){1, 3}), GEO_INSIDE); // level with corners of the hole
    assert_int_equal(geo_side_of(&s, (point){-1, 3}), GEO_OUTSIDE);
    struct geo_shape none = {0};
    assert_int_equal(geo_side_of(&none, (point){0, 0}), GEO_OUTSIDE);
    assert_int_equal(geo_side_of(&s, (point){1000, 4}), GEO_OUTSIDE);
    assert_false(geo_contains(&s, (point){NAN, 4}));
    arena_fini(&a);
}

// North-south borders belong to the east, east-west borders to the north.
static void the_border_rule(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a);
    struct geo_shape s = rect(&a, 0, 0, 2, 2);
    assert_true(geo_contains(&s, (point){0, 1}));
    assert_false(geo_contains(&s, (point){2, 1}));
    assert_true(geo_contains(&s, (point){1, 0}));
    assert_false(geo_contains(&s, (point){1, 2}));
    assert_true(geo_contains(&s, (point){0, 0}));
    assert_false(geo_contains(&s, (point){2, 2}));
    assert_false(geo_contains(&s, (point){0, 2}));
    assert_false(geo_contains(&s, (point){2, 0}));
    arena_fini(&a);
}

static size_t claims(const struct geo_shape *v, size_t n, point p)
{
    size_t have = 0;
    for (size_t i = 0; i < n; i++)
        have += geo_contains(&v[i], p);
    return have;
}

// Four fields around one crossing with slanted hedges, the same hedge given in both directions:
// every corner, and many places along every hedge, belong to exactly one of them.
static void neighbours_share_nothing_and_lose_nothing(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a);
    point mid = {1.3, 51.7};
    struct geo_shape v[] = {
        SHAPE(&a, RING(&a, 0, 50, 1.1, 50, mid.x, mid.y, 0, 51.4)),
        SHAPE(&a, RING(&a, mid.x, mid.y, 1.1, 50, 3, 50, 3, 52.2)),
        SHAPE(&a, RING(&a, mid.x, mid.y, 3, 52.2, 3, 54, 1.9, 54)),
        SHAPE(&a, RING(&a, 0, 54, 0, 51.4, mid.x, mid.y, 1.9, 54)),
    };
    assert_int_equal(claims(v, 4, mid), 1);
    const point ends[] = {{1.1, 50}, {0, 51.4}, {3, 52.2}, {1.9, 54}};
    for (size_t e = 0; e < countof(ends); e++) {
        for (int i = 1; i < 1000; i++) {
            double t = i / 1000.0;
            point p = {mid.x + t * (ends[e].x - mid.x), mid.y + t * (ends[e].y - mid.y)};
            assert_int_equal(claims(v, 4, p), 1);
        }
    }
    arena_fini(&a);
}

static void the_outer_edge_goes_to_the_first_whose_border_it_is(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a);
    struct geo_shape v[] = {rect(&a, 0, 0, 1, 1), rect(&a, 1, 0, 2, 1)};
    struct geo_index *ix = geo_index_new(&a, v, 2);
    assert_int_equal(geo_index_find(ix, (point){1, 0.5}), 1); // between the two: the eastern one
    assert_int_equal(geo_index_find(ix, (point){2, 0.5}), 1); // the eastern end of everything
    assert_int_equal(geo_index_find(ix, (point){0.5, 1}), 0);
    assert_int_equal(geo_index_find(ix, (point){1, 1}), 0); // a corner of both, on top
    assert_int_equal(geo_index_find(ix, (point){2, 1}), 1);
    assert_int_equal(geo_index_find(ix, (point){2.1, 1}), -1);
    assert_int_equal(geo_index_find(ix, (point){0.5, -0.1}), -1);
    assert_int_equal(geo_index_find(ix, (point){NAN, 0}), -1);
    // Overlap: the first in the order given.
    struct geo_shape over[] = {rect(&a, 0, 0, 2, 2), rect(&a, 1, 1, 3, 3)};
    ix = geo_index_new(&a, over, 2);
    assert_int_equal(geo_index_find(ix, (point){1.5, 1.5}), 0);
    assert_int_equal(geo_index_find(ix, (point){2.5, 2.5}), 1);
    arena_fini(&a);
}

static void an_index_of_nothing(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a);
    struct geo_shape none[2] = {{0}, {0}};
    assert_int_equal(geo_index_find(geo_index_new(&a, NULL, 0), (point){0, 0}), -1);
    assert_int_equal(geo_index_find(geo_index_new(&a, none, 2), (point){0, 0}), -1);
    arena_fini(&a);
}

// The index says what asking every area in turn says, also when all lie on top of each other.
static void the_index_agrees_with_asking_everyone(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a);
    struct seeded chance = {7};
    enum { N = 300 };
    struct geo_shape v[N];
    for (int i = 0; i < N; i++) {
        double x = seeded_unit(&chance) * 2 - 3, y = 50 + seeded_unit(&chance) * 5;
        double w = i % 3 == 0 ? 3 : 0.2, h = i % 7 == 0 ? 4 : 0.2;
        v[i] = SHAPE(&a, RING(&a, x, y, x + w, y + h / 3, x + w / 2, y + h));
    }
    struct geo_index *ix = geo_index_new(&a, v, N);
    for (int k = 0; k < 3000; k++) {
        point p = {seeded_unit(&chance) * 6 - 3, 50 + seeded_unit(&chance) * 9};
        int64_t want = -1;
        for (int i = N - 1; i >= 0; i--)
            want = geo_contains(&v[i], p) ? i : want;
        assert_int_equal(geo_index_find(ix, p), want);
    }
    arena_fini(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_and_holes),
        cmocka_unit_test(the_border_rule),
        cmocka_unit_test(neighbours_share_nothing_and_lose_nothing),
        cmocka_unit_test(the_outer_edge_goes_to_the_first_whose_border_it_is),
        cmocka_unit_test(an_index_of_nothing),
        cmocka_unit_test(the_index_agrees_with_asking_everyone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
