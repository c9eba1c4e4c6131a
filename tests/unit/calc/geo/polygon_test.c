// SPDX-License-Identifier: AGPL-3.0-or-later
// Covers calc/geo/polygon.h (polygon.c, label.c): winding, boxes, areas, distances, centroids and
// places for names, on shapes small enough to check by hand.
#include "base/base.h"
#include "../../data.h"
#include "calc/geo/locate.h"
#include "shapes.h"

static void winding_and_turning_round(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a);
    struct geo_ring ccw = RING(&a, 0, 0, 2, 0, 2, 1, 0, 1), cw = RING(&a, 0, 0, 0, 1, 2, 1, 2, 0);
    assert_near(ring_turn(&ccw), 4, 0);
    assert_near(ring_turn(&cw), -4, 0);
    assert_true(ring_is_ccw(&ccw));
    assert_false(ring_is_ccw(&cw));
    ring_reverse(&cw);
    assert_true(ring_is_ccw(&cw));
    assert_near(cw.v[0].x, 2, 0);
    assert_near(cw.v[3].x, 0, 0);
    struct geo_ring two = RING(&a, 0, 0, 1, 1), none = {0};
    assert_near(ring_turn(&two), 0, 0);
    assert_near(ring_turn(&none), 0, 0);
    arena_fini(&a);
}

static void outer_rings_ccw_and_holes_cw(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a);
    struct geo_shape s =
        SHAPE(&a, RING(&a, 0, 0, 0, 9, 9, 9, 9, 0), RING(&a, 1, 1, 2, 1, 2, 2, 1, 2));
    geo_wind(&s);
    assert_true(ring_is_ccw(&s.part[0].ring[0]));
    assert_false(ring_is_ccw(&s.part[0].ring[1]));
    struct geo_shape again = geo_copy(&a, &s);
    geo_wind(&again);
    assert_memory_equal(again.part[0].ring[0].v, s.part[0].ring[0].v, 4 * sizeof(point));
    again.part[0].ring[0].v[0].x = 77; // the copy shares nothing
    assert_true(s.part[0].ring[0].v[0].x != 77);
    arena_fini(&a);
}

static void counts_and_boxes(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a);
    struct geo_shape s = shape_join(&a, rect(&a, -2, 50, -1, 51), rect(&a, 1, 52, 2, 53)),
                     none = {0};
    assert_int_equal(geo_points(&s), 8);
    assert_int_equal(geo_rings(&s), 2);
    box b = geo_box(&s);
    assert_true(b.x0 == -2 && b.y0 == 50 && b.x1 == 2 && b.y1 == 53);
    assert_true(box_is_empty(geo_box(&none)));
    assert_true(box_is_empty(box_join(BOX_EMPTY, BOX_EMPTY)));
    arena_fini(&a);
}

// A hundredth of a degree square at 52° N; holes taken off, whichever way round they run.
static void areas_in_square_metres(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a);
    struct geo_shape square = rect(&a, -1, 52, -0.99, 52.01);
    // 0.01° is 686.704 m east and 1112.674 m north on WGS84 there
    assert_near(geo_area_m2(&square, 52.005), 686.704 * 1112.674, 2);
    struct geo_shape holed =
        SHAPE(&a, RING(&a, -1, 52, -0.99, 52, -0.99, 52.01, -1, 52.01),
              RING(&a, -0.9975, 52.0025, -0.9925, 52.0025, -0.9925, 52.0075, -0.9975, 52.0075));
    assert_near(geo_area_m2(&holed, 52.005) / geo_area_m2(&square, 52.005), 0.75, 1e-9);
    struct geo_shape none = {0};
    assert_near(geo_area_m2(&none, 52), 0, 0);
    arena_fini(&a);
}

static void distances_on_the_mean_radius(void **state)
{
    (void)state;
    double degree = 6371008.8 * 3.14159265358979323846 / 180;
    assert_near(geo_distance_m((point){0, 51}, (point){0, 52}), degree, 1e-6);
    assert_near(geo_distance_m((point){0, 0}, (point){1, 0}), degree, 1e-6);
    assert_near(geo_distance_m((point){0, 60}, (point){1, 60}), 55596.1, 1);
    assert_near(geo_distance_m((point){-1.2, 51.7}, (point){-1.2, 51.7}), 0, 0);
    assert_near(geo_distance_m((point){0, 0}, (point){180, 0}), degree * 180, 1e-3);
}

static void centroids(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a);
    struct geo_shape square = rect(&a, -1, 52, -0.98, 52.01);
    point c = geo_centroid(&square);
    assert_near(c.x, -0.99, 1e-12);
    assert_near(c.y, 52.005, 1e-12);
    // A square with its right half punched out: the middle of the rest, whatever the winding.
    struct geo_shape holed =
        SHAPE(&a, RING(&a, 0, 0, 0, 4, 4, 4, 4, 0), RING(&a, 2, 0, 4, 0, 4, 4, 2, 4));
    c = geo_centroid(&holed);
    assert_near(c.x, 1, 1e-12);
    assert_near(c.y, 2, 1e-12);
    struct geo_shape flat = SHAPE(&a, RING(&a, 0, 0, 2, 2, 4, 4)), none = {0};
    c = geo_centroid(&flat);
    assert_near(c.x, 2, 1e-12);
    c = geo_centroid(&none);
    assert_near(c.x, 0, 0);
    arena_fini(&a);
}

// A crescent's and a ring-shaped park's centre of gravity lie outside; the name must not.
static void names_stand_inside(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a);
    struct geo_shape crescent = SHAPE(&a, RING(&a, 0, 0, 9, 0, 9, 1, 1, 1, 1, 8, 9, 8, 9, 9, 0, 9));
    assert_int_equal(geo_side_of(&crescent, geo_centroid(&crescent)), GEO_OUTSIDE);
    assert_int_equal(geo_side_of(&crescent, geo_label_point(&crescent)), GEO_INSIDE);
    struct geo_shape park =
        SHAPE(&a, RING(&a, 0, 0, 9, 0, 9, 9, 0, 9), RING(&a, 1, 1, 8, 1, 8, 8, 1, 8));
    assert_int_equal(geo_side_of(&park, geo_centroid(&park)), GEO_OUTSIDE);
    assert_int_equal(geo_side_of(&park, geo_label_point(&park)), GEO_INSIDE);
    // In the larger of two parts, and in its fat end.
    struct geo_shape two = shape_join(&a, rect(&a, 20, 0, 21, 1), rect(&a, 0, 0, 8, 8));
    point p = geo_label_point(&two);
    assert_near(p.x, 4, 0.3);
    assert_near(p.y, 4, 0.3);
    struct geo_shape flat = SHAPE(&a, RING(&a, 1, 1, 2, 2, 4, 4)), none = {0};
    p = geo_label_point(&flat);
    assert_near(p.x, p.y, 1e-9); // on the line at least
    assert_true(p.x >= 1 && p.x <= 4);
    p = geo_label_point(&none);
    assert_true(p.x == 0 && p.y == 0);
    arena_fini(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(winding_and_turning_round),
        cmocka_unit_test(outer_rings_ccw_and_holes_cw),
        cmocka_unit_test(counts_and_boxes),
        cmocka_unit_test(areas_in_square_metres),
        cmocka_unit_test(distances_on_the_mean_radius),
        cmocka_unit_test(centroids),
        cmocka_unit_test(names_stand_inside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
