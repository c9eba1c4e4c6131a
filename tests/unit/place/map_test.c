// SPDX-License-Identifier: AGPL-3.0-or-later
// Covers src/place/map.h: what is drawn, in which frame, and what is left out.
#include "base/base.h"
#include "place/map.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

static struct arena a;

static int set_up(void **state)
{
    UNUSED(state);
    arena_init(&a);
    return 0;
}

static int tear_down(void **state)
{
    UNUSED(state);
    arena_fini(&a);
    return 0;
}

// A box of a hundredth of a degree or so, as a shape.
static struct geo_shape *square(double x, double y, double side)
{
    const point corner[] = {{x, y}, {x + side, y}, {x + side, y + side}, {x, y + side}};
    struct geo_shape *s = arena_new(&a, struct geo_shape);
    s->n = 1;
    s->part = arena_new(&a, struct geo_part);
    s->part->n = 1;
    s->part->ring = arena_new(&a, struct geo_ring);
    s->part->ring->n = countof(corner);
    s->part->ring->v = arena_copy(&a, corner, sizeof corner);
    return s;
}

static bool has(str text, const char *part)
{
    return str_find(text, str_c(part), 0) < text.n;
}

static void neighbours_share_their_border(void **state)
{
    UNUSED(state);
    struct map_place place[] = {{.code = STR("E1"), .shape = square(-1.20, 51.70, 0.01)},
                                {.code = STR("E2"), .shape = square(-1.19, 51.70, 0.01)}};
    struct map m = {.place = place, .n_places = 2};
    map_draw(&a, &m, 480);
    assert_true(m.drawn);
    assert_int_equal(m.width, 480);
    assert_true(m.height > 100 && m.height < 480);
    assert_true(place[0].path.n > 0 && place[0].path.p[0] == 'M');
    // the west one ends at the very unit where the east one begins
    assert_true(has(place[0].path, "l230 0"));
    assert_true(str_starts(place[1].path, STR("M240 ")));
}

static void a_place_without_shape_is_left_out(void **state)
{
    UNUSED(state);
    struct geo_shape empty = {0};
    struct map_place place[] = {{.code = STR("E1"), .shape = NULL},
                                {.code = STR("E2"), .shape = square(-1.19, 51.70, 0.01)},
                                {.code = STR("E3"), .shape = &empty}};
    struct map m = {.place = place, .n_places = 3};
    map_draw(&a, &m, 480);
    assert_true(m.drawn);
    assert_int_equal(place[0].path.n, 0);
    assert_true(place[1].path.n > 0);
    assert_int_equal(place[2].path.n, 0);
}

static void without_any_shape_there_is_no_map(void **state)
{
    UNUSED(state);
    struct map_place place[] = {{.code = STR("E1")}};
    struct map m = {.place = place, .n_places = 1};
    map_draw(&a, &m, 480);
    assert_false(m.drawn);
    struct map none = {0};
    map_draw(&a, &none, 480);
    assert_false(none.drawn);
}

static void surroundings_do_not_widen_the_frame(void **state)
{
    UNUSED(state);
    struct map_place place[] = {{.shape = square(-1.20, 51.70, 0.01)}};
    struct map_edge around[] = {{.shape = square(-1.30, 51.60, 0.10)}};
    struct map alone = {.place = place, .n_places = 1};
    map_draw(&a, &alone, 480);
    struct map m = {.place = place, .n_places = 1, .around = around, .n_around = 1};
    map_draw(&a, &m, 480);
    assert_int_equal(m.height, alone.height);
    assert_true(around[0].path.n > 0);
}

static void outlines_do(void **state)
{
    UNUSED(state);
    struct map_place place[] = {{.shape = square(-1.20, 51.70, 0.01)}};
    struct map_edge edge[] = {
        {.shape = square(-1.20, 51.70, 0.02), .has_label = true, .label = {-1.19, 51.71}}};
    struct map m = {.place = place, .n_places = 1, .edge = edge, .n_edges = 1};
    map_draw(&a, &m, 500);
    // the outline fills the frame, so the middle of it is the middle of the drawing
    assert_in_range(edge[0].spot.x, 248, 252);
    assert_in_range(edge[0].spot.y, m.height / 2 - 2, m.height / 2 + 2);
    assert_true(place[0].spot.x < 250);
}

static void a_label_is_found_when_none_is_given(void **state)
{
    UNUSED(state);
    struct map_place place[] = {{.shape = square(-1.20, 51.70, 0.01)}};
    struct map m = {.place = place, .n_places = 1};
    map_draw(&a, &m, 400);
    assert_in_range(place[0].spot.x, 150, 250);
    struct map_place named[] = {
        {.shape = square(-1.20, 51.70, 0.01), .has_label = true, .label = {-1.20, 51.70}}};
    m = (struct map){.place = named, .n_places = 1};
    map_draw(&a, &m, 400);
    assert_in_range(named[0].spot.x, 9, 11);
}

static void widening_adds_room_on_every_side(void **state)
{
    UNUSED(state);
    box b = map_widen((box){0, 10, 4, 20}, 0.5);
    assert_true(b.x0 == -2 && b.x1 == 6 && b.y0 == 5 && b.y1 == 25);
    struct map_place place[] = {{.shape = square(-1.20, 51.70, 0.01)}};
    struct map m = {.place = place, .n_places = 1, .widen = 0.5};
    map_draw(&a, &m, 420);
    assert_true(str_starts(place[0].path, STR("M110 "))); // 10 + a quarter of 400
}

static void bounds_are_those_of_all_places(void **state)
{
    UNUSED(state);
    assert_true(box_is_empty(map_bounds(NULL, 0)));
    struct map_place place[] = {{.shape = square(-1.20, 51.70, 0.01)},
                                {.shape = NULL},
                                {.shape = square(-1.10, 51.80, 0.01)}};
    box b = map_bounds(place, 3);
    assert_true(b.x0 == -1.20 && b.y0 == 51.70 && b.x1 == -1.10 + 0.01 && b.y1 == 51.80 + 0.01);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(neighbours_share_their_border),
        cmocka_unit_test(a_place_without_shape_is_left_out),
        cmocka_unit_test(without_any_shape_there_is_no_map),
        cmocka_unit_test(surroundings_do_not_widen_the_frame),
        cmocka_unit_test(outlines_do),
        cmocka_unit_test(a_label_is_found_when_none_is_given),
        cmocka_unit_test(widening_adds_room_on_every_side),
        cmocka_unit_test(bounds_are_those_of_all_places),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
