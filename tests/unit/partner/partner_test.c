// SPDX-License-Identifier: AGPL-3.0-or-later
// Months as people write them, web addresses, whose time it is, and how the partnership grew.
#include "base/base.h"
#include "partner/partner.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

static struct arena a;

static int begin(void **state)
{
    UNUSED(state);
    arena_init(&a);
    return 0;
}

static int finish(void **state)
{
    UNUSED(state);
    arena_fini(&a);
    return 0;
}

#define same(x, y) assert_true(str_eq((x), str_c(y)))

static date day(int y, int m, int d)
{
    date x;
    assert_true(date_make(y, m, d, &x));
    return x;
}

static void months_in_every_way_people_write_them(void **state)
{
    UNUSED(state);
    static const char *const ways[] = {"January 2019", "january 2019", " Jan 2019 ", "1 2019",
                                       "01/2019",      "1/2019",       "2019-01",    "2019-01-15",
                                       "2019 01",      "01-2019"};
    for (size_t i = 0; i < countof(ways); i++) {
        date d;
        if (!org_month_read(str_c(ways[i]), &d))
            fail_msg("%s is not read", ways[i]);
        same(org_month_iso(&a, d), "2019-01");
        same(org_month_words(&a, d), "January 2019");
        same(date_iso(&a, d), "2019-01-01");
    }
    date d;
    assert_true(org_month_read(STR("Sept 2021"), &d));
    same(org_month_iso(&a, d), "2021-09");
    assert_true(org_month_read(STR(""), &d));
    assert_true(date_is_none(d));
    assert_true(str_is_none(org_month_words(&a, d)));
}

static void what_is_no_month_is_refused(void **state)
{
    UNUSED(state);
    static const char *const bad[] = {
        "January", "2019",      "13 2019",    "0 2019", "1 19",          "3/4/2019", "Janu 2019",
        "2019-13", "2019-1-1-", "1 1 2019 1", "soon",   "January 20190", "-1 2019"};
    for (size_t i = 0; i < countof(bad); i++) {
        date d;
        if (org_month_read(str_c(bad[i]), &d))
            fail_msg("%s was read", bad[i]);
    }
}

static void web_addresses(void **state)
{
    UNUSED(state);
    str web;
    assert_true(org_web_read(&a, STR(" https://www.example.org/a "), &web));
    same(web, "https://www.example.org/a");
    assert_true(org_web_read(&a, STR("www.example.org"), &web)); // trap D25
    same(web, "https://www.example.org");
    assert_true(org_web_read(&a, STR(""), &web));
    assert_true(str_is_none(web));
    static const char *const bad[] = {"http://N/A but on facebook",
                                      "someone@example.org",
                                      "javascript:alert(1)",
                                      "mailto:a@example.org",
                                      "/partners",
                                      "example.org",
                                      "https://",
                                      "http://https://example.org",
                                      "https://user@example.org",
                                      "ftp://example.org"};
    for (size_t i = 0; i < countof(bad); i++)
        if (org_web_read(&a, str_c(bad[i]), &web))
            fail_msg("%s was taken", bad[i]);
}

static void a_role_has_its_time(void **state)
{
    UNUSED(state);
    struct org_role r = {.starts = day(2019, 1, 1), .ends = day(2021, 9, 1)};
    assert_false(org_role_current(&r, day(2018, 12, 31)));
    assert_true(org_role_current(&r, day(2019, 1, 1)));
    assert_true(org_role_current(&r, day(2021, 8, 31)));
    assert_false(org_role_current(&r, day(2021, 9, 1)));
    r.ends = DATE_NONE;
    assert_true(org_role_current(&r, day(2100, 1, 1)));
    r.starts = DATE_NONE;
    assert_true(org_role_current(&r, day(1950, 1, 1)));
    r.removed = true;
    assert_false(org_role_current(&r, day(2020, 1, 1)));
}

static struct partner partner(const char *name, struct org_role *role, size_t n)
{
    return (struct partner){.org = {.name = str_c(name)}, .role = role, .n_role = n};
}

static void how_it_grew(void **state)
{
    UNUSED(state);
    struct org_role city[] = {
        {.role = STR("founding"), .starts = day(2018, 3, 1), .ends = DATE_NONE},
        {.role = STR("funder"), .starts = day(2019, 1, 1), .ends = DATE_NONE}};
    struct org_role county[] = {
        {.role = STR("founding"), .starts = day(2018, 3, 1), .ends = day(2021, 9, 1)}};
    struct org_role hub[] = {
        {.role = STR("delivery"), .starts = day(2019, 1, 1), .ends = DATE_NONE}};
    struct org_role unknown[] = {{.role = STR("partner"), .starts = DATE_NONE, .ends = DATE_NONE}};
    struct partner v[] = {partner("Hub", hub, 1), partner("City", city, 2),
                          partner("County", county, 1), partner("Friends", unknown, 1)};
    struct partner_event *e;
    size_t n;
    partner_timeline(&a, v, countof(v), &e, &n);
    assert_int_equal(n, 4);
    same(org_month_iso(&a, e[0].month), "2018-03");
    same(e[0].role, "founding");
    assert_int_equal(e[0].n_who, 2);
    same(e[0].who[0]->org.name, "City"); // as they stand on the list
    same(e[0].who[1]->org.name, "County");
    same(e[1].role, "delivery"); // in one month by the order of the roles
    same(e[2].role, "funder");
    assert_false(e[2].ends);
    assert_true(e[3].ends);
    same(org_month_iso(&a, e[3].month), "2021-09");
    same(e[3].who[0]->org.name, "County");
    partner_timeline(&a, NULL, 0, &e, &n);
    assert_int_equal(n, 0);
}

static void words_and_their_lists_agree(void **state)
{
    UNUSED(state);
    for (size_t i = 0; i < org_kinds_n; i++)
        assert_true(org_kind_known(str_c(org_kinds[i].word)));
    for (size_t i = 0; i < org_roles_n; i++)
        assert_true(org_role_known(str_c(org_roles[i].word)));
    assert_false(org_kind_known(STR("club")));
    assert_false(org_role_known(STR("")));
    assert_string_equal(org_role_title(&a, STR("founding")), "founding partner");
    assert_string_equal(org_kind_title(&a, STR("something new")), "something new");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(months_in_every_way_people_write_them),
        cmocka_unit_test(what_is_no_month_is_refused),
        cmocka_unit_test(web_addresses),
        cmocka_unit_test(a_role_has_its_time),
        cmocka_unit_test(how_it_grew),
        cmocka_unit_test(words_and_their_lists_agree),
    };
    return cmocka_run_group_tests(tests, begin, finish);
}
