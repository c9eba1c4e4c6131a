// SPDX-License-Identifier: AGPL-3.0-or-later
// Covers calc/geo/valid.h and calc/geo/round.h: what counts as a proper polygon, mending, and
// rounding that drops repeated points and never hides that it broke a shape (D19, D21).
#include "base/base.h"
#include "../../data.h"
#include "calc/geo/valid.h"
#include "shapes.h"

struct fixture {
    struct arena a;
    struct geo_engine *g;
};

static int set_up(void **state)
{
    struct fixture *f = test_calloc(1, sizeof *f);
    arena_init(&f->a);
    assert_null(geo_engine_open(&f->a, &f->g));
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    arena_fini(&f->a);
    test_free(f);
    return 0;
}

static void a_square_is_valid(void **state)
{
    struct fixture *f = *state;
    struct geo_shape s = rect(&f->a, 0, 0, 1, 1);
    struct geo_verdict v;
    assert_null(geo_judge(f->g, &f->a, &s, &v));
    assert_true(v.ok);
    double area;
    assert_null(geo_engine_area(f->g, &f->a, &s, &area));
    assert_near(area, 1, 0);
}

static void a_bow_tie_is_not(void **state)
{
    struct fixture *f = *state;
    struct geo_shape s = SHAPE(&f->a, RING(&f->a, 0, 0, 2, 2, 2, 0, 0, 2));
    struct geo_verdict v;
    assert_null(geo_judge(f->g, &f->a, &s, &v));
    assert_false(v.ok);
    assert_true(str_eq(v.reason, STR("Self-intersection")));
    assert_true(v.located);
    assert_near(v.where.x, 1, 1e-12);
    assert_near(v.where.y, 1, 1e-12);
}

static void too_few_points_are_not(void **state)
{
    struct fixture *f = *state;
    struct geo_shape none = {0}, two = SHAPE(&f->a, RING(&f->a, 0, 0, 1, 1));
    struct geo_verdict v;
    assert_null(geo_judge(f->g, &f->a, &none, &v));
    assert_false(v.ok);
    assert_null(geo_judge(f->g, &f->a, &two, &v));
    assert_false(v.ok);
    assert_false(v.located);
}

static void a_hole_outside_and_parts_that_overlap_are_not(void **state)
{
    struct fixture *f = *state;
    struct geo_shape hole =
        SHAPE(&f->a, RING(&f->a, 0, 0, 1, 0, 1, 1, 0, 1), RING(&f->a, 5, 5, 6, 5, 6, 6));
    struct geo_shape over = shape_join(&f->a, rect(&f->a, 0, 0, 2, 2), rect(&f->a, 1, 1, 3, 3));
    struct geo_verdict v;
    assert_null(geo_judge(f->g, &f->a, &hole, &v));
    assert_false(v.ok);
    assert_null(geo_judge(f->g, &f->a, &over, &v));
    assert_false(v.ok);
}

static void rounding_drops_repeats_spikes_and_empty_rings(void **state)
{
    struct fixture *f = *state;
    struct geo_rounding r;
    struct geo_shape s = SHAPE(
        &f->a,
        RING(&f->a, 0, 0, 0.00000001, 0, 1, 0, 1, 1, 0.5, 1, 0.5, 2, 0.5, 1, 0, 1, 0, 0.00000001),
        RING(&f->a, 0.3, 0.3, 0.30000001, 0.3, 0.3, 0.30000001));
    struct geo_shape out = geo_round(&f->a, &s, 7, &r);
    assert_int_equal(out.n, 1);
    assert_int_equal(out.part[0].n, 1);
    assert_int_equal(r.rings_dropped, 1);
    assert_int_equal(r.parts_dropped, 0);
    assert_int_equal(out.part[0].ring[0].n, 5); // the square and the foot of the spike
    assert_int_equal(r.points_dropped, 4);
    struct geo_shape tiny = rect(&f->a, 0, 0, 0.00001, 0.00001);
    out = geo_round(&f->a, &tiny, 3, &r);
    assert_int_equal(out.n, 0);
    assert_int_equal(r.parts_dropped, 1);
}

static void rounding_works_across_the_seam(void **state)
{
    struct fixture *f = *state;
    struct geo_rounding r;
    // A spike whose tip is the first point, and one whose tip is the last.
    struct geo_shape tip = SHAPE(&f->a, RING(&f->a, 0, 5, 0, 0, 1, 0, 1, 1, 0, 0));
    struct geo_shape out = geo_round(&f->a, &tip, 7, &r);
    assert_int_equal(out.part[0].ring[0].n, 3);
    tip = SHAPE(&f->a, RING(&f->a, 0, 0, 1, 0, 1, 1, 0, 0, 0, 5));
    out = geo_round(&f->a, &tip, 7, &r);
    assert_int_equal(out.part[0].ring[0].n, 3);
    // What is rounded stays as it is.
    struct geo_shape again = geo_round(&f->a, &out, 7, &r);
    assert_memory_equal(again.part[0].ring[0].v, out.part[0].ring[0].v, 3 * sizeof(point));
    assert_int_equal(r.points_dropped, 0);
}

// A slit 0.000004° wide with a bend on one side: at five decimals its two sides fall on each other
// and the border runs over itself; at six it is still a slit.
static void serves_no_fewer_decimals_than_keep_it_valid(void **state)
{
    struct fixture *f = *state;
    int decimals;
    struct geo_shape coarse = rect(&f->a, 0, 0, 1, 1);
    assert_null(geo_serve_decimals(f->g, &f->a, &coarse, &decimals));
    assert_int_equal(decimals, 5);
    struct geo_shape slit = SHAPE(&f->a, RING(&f->a, 0, 0, 1, 0, 1, 1, 0.500002, 1, 0.500002, 0.1,
                                              0.499998, 0.1, 0.4999996, 0.5, 0.499998, 1, 0, 1));
    struct geo_rounding r;
    struct geo_shape five = geo_round(&f->a, &slit, 5, &r);
    struct geo_verdict v;
    assert_null(geo_judge(f->g, &f->a, &five, &v));
    assert_false(v.ok);
    assert_null(geo_serve_decimals(f->g, &f->a, &slit, &decimals));
    assert_int_equal(decimals, 6);
}

static void stores_sound_shapes_wound_and_rounded(void **state)
{
    struct fixture *f = *state;
    struct geo_shape s = SHAPE(&f->a, RING(&f->a, 0, 0, 0, 1.123456789, 1, 1, 1, 0));
    struct geo_form form;
    assert_null(geo_store_form(f->g, &f->a, &s, &form));
    assert_int_equal(form.kind, GEO_FORM_SOUND);
    assert_true(form.verdict.ok);
    assert_int_equal(form.shape.decimals, 5);
    assert_true(ring_is_ccw(&form.shape.part[0].ring[0]));
    box b = geo_box(&form.shape);
    assert_near(b.y1, 1.1234568, 1e-15);
}

static void mends_what_touches_itself_and_refuses_a_bow_tie(void **state)
{
    struct fixture *f = *state;
    struct geo_form form;
    // A square whose border pinches off a second one at a corner: the area stays.
    struct geo_shape pinched =
        SHAPE(&f->a, RING(&f->a, 0, 0, 1, 0, 1, 1, 2, 1, 2, 2, 1, 2, 1, 1, 0, 1));
    assert_null(geo_store_form(f->g, &f->a, &pinched, &form));
    assert_int_equal(form.kind, GEO_FORM_MENDED);
    assert_true(str_eq(form.verdict.reason, STR("Ring Self-intersection")));
    assert_near(form.area_change, 0, 1e-12);
    assert_int_equal(form.shape.n, 2);
    struct geo_shape tie = SHAPE(&f->a, RING(&f->a, 0, 0, 2, 2, 2, 0, 0, 2));
    assert_null(geo_store_form(f->g, &f->a, &tie, &form));
    assert_int_equal(form.kind, GEO_FORM_BROKEN);
    assert_int_equal(form.shape.n, 0);
    assert_true(form.verdict.located);
    struct geo_shape flat = SHAPE(&f->a, RING(&f->a, 0, 0, 1, 1, 2, 2));
    assert_null(geo_store_form(f->g, &f->a, &flat, &form));
    assert_int_equal(form.kind, GEO_FORM_BROKEN);
}

#define WITH_ENGINE(t) cmocka_unit_test_setup_teardown(t, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ENGINE(a_square_is_valid),
        WITH_ENGINE(a_bow_tie_is_not),
        WITH_ENGINE(too_few_points_are_not),
        WITH_ENGINE(a_hole_outside_and_parts_that_overlap_are_not),
        WITH_ENGINE(rounding_drops_repeats_spikes_and_empty_rings),
        WITH_ENGINE(rounding_works_across_the_seam),
        WITH_ENGINE(serves_no_fewer_decimals_than_keep_it_valid),
        WITH_ENGINE(stores_sound_shapes_wound_and_rounded),
        WITH_ENGINE(mends_what_touches_itself_and_refuses_a_bow_tie),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
