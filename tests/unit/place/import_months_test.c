// SPDX-License-Identifier: AGPL-3.0-or-later
// Covers place/import_months.c: which imports stand together on the list, and in which words.
#include "base/base.h"
#include "place/import_pages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

enum { MOST = 60 };

struct listed {
    struct arena a;
    struct import_row row[MOST];
    size_t n;
    struct imports x;
};

static void assert_words(str have, const char *want)
{
    if (!str_eq(have, str_c(want)))
        fail_msg("“%.*s”, not “%s”", (int)have.n, have.p, want);
}

// The newest import is the first of the list.
static void list_it(struct listed *l, const char *family, const char *title, str reference)
{
    assert_true(l->n < MOST);
    l->row[l->n] = (struct import_row){.id = {(int64_t)(MOST - l->n)},
                                       .family = str_c(family),
                                       .title = str_c(title),
                                       .reference = reference};
    l->n++;
}

static void crime(struct listed *l, str reference)
{
    list_it(l, "crime", "Street-level crime", reference);
}

static void three_years_are_one_line(void **state)
{
    (void)state;
    struct listed l = {0};
    arena_init(&l.a);
    list_it(&l, "areas", "Boundaries", STR("2021"));
    for (int y = 2023; y <= 2025; y++) // loaded in any order
        for (int m = 12; m >= 1; m--)
            crime(&l, str_fmt(&l.a, "%d-%02d", y, m));
    list_it(&l, "population", "Population", STR("mid-2022"));
    imports_group(&l.a, l.row, l.n, &l.x);
    assert_int_equal(l.x.n, 2);
    assert_words(l.x.v[0].family, "areas");
    assert_words(l.x.v[1].family, "population");
    assert_int_equal(l.x.n_group, 1);
    assert_words(l.x.group[0].title, "Street-level crime");
    assert_words(l.x.group[0].words, "36 months, January 2023 to December 2025");
    assert_int_equal(l.x.group[0].n, 36); // each one is still there
    assert_words(l.x.group[0].v[0].reference, "2025-12");
    assert_words(l.x.group[0].v[35].reference, "2023-01");
    arena_fini(&l.a);
}

static void gaps_and_whole_years_are_counted(void **state)
{
    (void)state;
    struct listed l = {0};
    arena_init(&l.a);
    crime(&l, STR("2024-03"));
    crime(&l, STR("2023-01 to 2023-12"));
    crime(&l, STR("2023-12")); // again, of another force
    crime(&l, STR("2024-01"));
    imports_group(&l.a, l.row, l.n, &l.x);
    assert_int_equal(l.x.n_group, 1);
    assert_words(l.x.group[0].words,
                 "14 months, January 2023 to March 2024; 1 between them is missing");
    assert_words(import_month_words(&l.a, l.x.group[0].v[3].reference),
                 "January 2023 to December 2023");
    assert_words(import_month_words(&l.a, STR("2024-03")), "March 2024");
    assert_words(import_month_words(&l.a, STR("mid-2022")), "mid-2022");
    arena_fini(&l.a);
}

static void a_few_stand_alone(void **state)
{
    (void)state;
    struct listed l = {0};
    arena_init(&l.a);
    imports_group(&l.a, l.row, 0, &l.x);
    assert_true(l.x.n == 0 && l.x.n_group == 0);
    for (int m = 1; m <= 3; m++)
        crime(&l, str_fmt(&l.a, "2023-%02d", m));
    for (int m = 1; m <= 3; m++) // of other counts, though months as well
        list_it(&l, "long", m == 1 ? "Visits" : "Calls", str_fmt(&l.a, "2023-%02d", m));
    for (int y = 2020; y <= 2026; y++)
        list_it(&l, "population", "Population", str_fmt(&l.a, "mid-%d", y));
    crime(&l, STR("2023-13"));
    imports_group(&l.a, l.row, l.n, &l.x);
    assert_int_equal(l.x.n_group, 0);
    assert_int_equal(l.x.n, l.n);
    for (size_t i = 0; i < l.n; i++)
        assert_int_equal(l.x.v[i].id.v, l.row[i].id.v);
    arena_fini(&l.a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_years_are_one_line),
        cmocka_unit_test(gaps_and_whole_years_are_counted),
        cmocka_unit_test(a_few_stand_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
