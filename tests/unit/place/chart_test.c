// SPDX-License-Identifier: AGPL-3.0-or-later
// Covers src/place/chart.h: bars, axes, columns, ladders.
#include "base/base.h"
#include "place/chart.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

static void bars_are_as_long_as_their_share(void **state)
{
    UNUSED(state);
    assert_int_equal(chart_bar(50, 100, 400), 200);
    assert_int_equal(chart_bar(100, 100, 400), 400);
    assert_int_equal(chart_bar(1, 3, 400), 133);
    assert_int_equal(chart_bar(2, 3, 400), 267);
}

static void something_is_always_seen_and_nothing_never(void **state)
{
    UNUSED(state);
    assert_int_equal(chart_bar(0.001, 100, 400), 1);
    assert_int_equal(chart_bar(0, 100, 400), 0);
    assert_int_equal(chart_bar(-1, 100, 400), 0); // a share that is not known
    assert_int_equal(chart_bar(5, 0, 400), 0);
    assert_int_equal(chart_bar(500, 100, 400), 400); // never out of the drawing
}

static void an_axis_has_round_steps_and_reaches_the_top(void **state)
{
    UNUSED(state);
    static const struct {
        int64_t most, step;
        int lines;
    } cases[] = {{0, 1, 1},     {1, 1, 1},      {2, 1, 2},        {5, 1, 5},           {6, 2, 3},
                 {11, 5, 3},    {25, 5, 5},     {26, 10, 3},      {127, 50, 3},        {232, 50, 5},
                 {251, 100, 3}, {1634, 500, 4}, {14993, 5000, 3}, {1000001, 500000, 3}};
    for (size_t i = 0; i < countof(cases); i++) {
        struct chart_axis axis = chart_axis_for(cases[i].most);
        assert_int_equal(axis.step, cases[i].step);
        assert_int_equal(axis.lines, cases[i].lines);
        assert_true(axis.step * axis.lines >= cases[i].most);
    }
}

static void columns_stand_on_the_ground_side_by_side(void **state)
{
    UNUSED(state);
    struct chart_axis axis = chart_axis_for(150);
    int end = CHART_LEFT;
    for (size_t i = 0; i < 12; i++) {
        struct chart_column c = chart_column_at(axis, 12, i, (int64_t)i * 10);
        assert_int_equal(c.y + c.height, CHART_GROUND);
        assert_true(c.x >= end);
        assert_true(c.x + c.width <= CHART_WHOLE);
        assert_true(c.middle > c.x && c.middle < c.x + c.width);
        end = c.x + c.width;
    }
    assert_int_equal(chart_column_at(axis, 12, 0, 150).y, CHART_TOP);
    assert_int_equal(chart_column_at(axis, 12, 0, 0).height, 0);
    assert_int_equal(chart_column_at(axis, 12, 0, 75).height, CHART_GROUND - chart_level(axis, 75));
}

static void one_crime_in_ten_thousand_is_still_seen(void **state)
{
    UNUSED(state);
    assert_int_equal(chart_column_at(chart_axis_for(10000), 3, 1, 1).height, 1);
}

static void lines_go_up_evenly(void **state)
{
    UNUSED(state);
    struct chart_axis axis = {50, 3};
    assert_int_equal(chart_level(axis, 0), 180);
    assert_int_equal(chart_level(axis, 50), 125);
    assert_int_equal(chart_level(axis, 100), 70);
    assert_int_equal(chart_level(axis, 150), 15);
}

static void names_thin_out_as_months_grow(void **state)
{
    UNUSED(state);
    assert_int_equal(chart_name_at(5, 4), CHART_NAMED);
    assert_int_equal(chart_name_at(12, 0), CHART_NAMED);
    assert_int_equal(chart_name_at(12, 1), CHART_NAMED_IF_WIDE);
    assert_int_equal(chart_name_at(12, 3), CHART_NAMED);
    assert_int_equal(chart_name_at(24, 1), CHART_NAMELESS);
    assert_int_equal(chart_name_at(24, 3), CHART_NAMED_IF_WIDE);
    assert_int_equal(chart_name_at(24, 6), CHART_NAMED);
    assert_int_equal(chart_name_at(36, 3), CHART_NAMELESS);
    assert_int_equal(chart_name_at(36, 6), CHART_NAMED_IF_WIDE);
    assert_int_equal(chart_name_at(36, 12), CHART_NAMED);
    for (size_t n = 8; n < 400; n++) { // side by side on a phone
        size_t named = 0;
        for (size_t i = 0; i < n; i++)
            named += chart_name_at(n, i) == CHART_NAMED;
        assert_in_range(named, 2, 5);
    }
}

static void every_year_is_named_once(void **state)
{
    UNUSED(state);
    // two years from November 2023, named every sixth month: Nov 23, May 24, Nov, May 25
    static const int64_t with_year[] = {202311, 202405, 202505};
    size_t found = 0;
    for (size_t i = 0; i < 24; i++) {
        int64_t month = 202311 + (int64_t)i;
        month += (month % 100 > 12 ? 88 : 0);
        month += (month % 100 > 12 ? 88 : 0);
        if (chart_name_has_year(24, i, month))
            assert_int_equal(month, with_year[found++]);
    }
    assert_int_equal(found, countof(with_year));
    assert_true(chart_name_has_year(5, 3, 201901));
    assert_false(chart_name_has_year(5, 4, 201902));
}

static void the_most_deprived_rung_is_on_top(void **state)
{
    UNUSED(state);
    for (int b = 1; b < 5; b++)
        assert_int_equal(chart_rung(b + 1) - chart_rung(b), 11);
    assert_int_equal(chart_rung(1), 1);
    assert_int_equal(chart_rung(5) + 10, 55);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bars_are_as_long_as_their_share),
        cmocka_unit_test(something_is_always_seen_and_nothing_never),
        cmocka_unit_test(an_axis_has_round_steps_and_reaches_the_top),
        cmocka_unit_test(columns_stand_on_the_ground_side_by_side),
        cmocka_unit_test(one_crime_in_ten_thousand_is_still_seen),
        cmocka_unit_test(lines_go_up_evenly),
        cmocka_unit_test(names_thin_out_as_months_grow),
        cmocka_unit_test(every_year_is_named_once),
        cmocka_unit_test(the_most_deprived_rung_is_on_top),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
