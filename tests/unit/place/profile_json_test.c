// SPDX-License-Identifier: AGPL-3.0-or-later
// A profile as JSON, CSV with its description, and text (testdb.h).
#include "base/base.h"
#include "profile_town.h"
#include "testdb.h"

#include <jansson.h>

static json_t *json_of(struct testdb *t, const char *code)
{
    struct buf b;
    buf_init(&b, &t->a, 1 << 24);
    profile_json(profile_of(t, code), &b);
    json_t *j = json_loadb(b.p, b.n, 0, NULL);
    assert_non_null(j);
    return j;
}

static void json_of_a_small_area_has_each_domain_and_edition(void **state)
{
    UNUSED(state);
    struct testdb *t = town();
    json_t *j = json_of(t, "E01000005"), *d = json_object_get(j, "domains"), *one;
    size_t i;
    int unpublished = 0;
    assert_int_equal(json_array_size(d), 6); // imd, income, crime in two editions
    json_array_foreach(d, i, one)
    {
        if (json_is_true(json_object_get(one, "published")))
            continue;
        unpublished++;
        assert_string_equal(json_string_value(json_object_get(one, "id")), "income");
        assert_true(json_is_null(json_object_get(one, "rank")));
        assert_true(json_is_null(json_object_get(one, "decile")));
    }
    assert_int_equal(unpublished, 2);
    json_t *c = json_object_get(j, "coincide");
    assert_int_equal(json_integer_value(json_object_get(c, "10")), 1);
    assert_int_equal(json_integer_value(json_object_get(json_object_get(j, "population"), "total")),
                     91 * 5);
    assert_int_equal(json_array_size(json_object_get(json_object_get(j, "population"), "bands")),
                     AGE_BANDS);
    assert_string_equal(json_string_value(json_object_get(json_object_get(j, "area"), "parent")),
                        "E07000001");
    json_decref(j);
    testdb_close(t);
}

static void json_of_a_ward_gives_each_small_area_its_own(void **state)
{
    UNUSED(state);
    struct testdb *t = town();
    json_t *j = json_of(t, "E05000001"), *child = json_object_get(j, "children");
    assert_int_equal(json_array_size(json_object_get(j, "domains")), 0);
    assert_int_equal(json_array_size(child), 3);
    json_t *merged = json_array_get(child, 1), *before = json_object_get(merged, "before");
    assert_string_equal(json_string_value(json_object_get(merged, "relation")), "merged");
    assert_int_equal(json_array_size(json_object_get(merged, "domains")), 3);
    assert_int_equal(json_array_size(before), 2);
    assert_int_equal(json_array_size(json_object_get(json_array_get(before, 0), "domains")), 3);
    // in 2 of the 3 two domains or more are within 20 %: 01 and 11
    assert_int_equal(json_integer_value(json_object_get(json_object_get(j, "coincide"), "20")), 2);
    json_decref(j);
    j = json_of(t, "E05000003");
    assert_true(json_is_null(json_object_get(json_object_get(j, "population"), "total")));
    assert_true(json_is_null(json_object_get(json_object_get(j, "coincide"), "10")));
    json_decref(j);
    testdb_close(t);
}

static size_t count_of(str s, const char *what)
{
    size_t n = 0, at = 0;
    while ((at = str_find(s, str_c(what), at)) < s.n) {
        n++;
        at++;
    }
    return n;
}

static void csv_has_a_row_for_each_area_domain_and_edition(void **state)
{
    UNUSED(state);
    struct testdb *t = town();
    struct buf b;
    buf_init(&b, &t->a, 1 << 20);
    profile_csv(profile_of(t, "E05000002"), &b);
    str s = buf_text(&b);
    // heading; 2 areas in 2025 and 1 unchanged and 1 former in 2019, 3 domains each
    assert_int_equal(count_of(s, "\r\n"), 1 + 6 + 3 + 3);
    assert_int_equal(count_of(s, "\n"), count_of(s, "\r\n"));
    assert_int_equal(count_of(s, ",suppressed,"), 2);
    assert_int_equal(count_of(s, "E01000004,"), 3);
    assert_true(str_find(s, STR("E01000013,Town 2A,2021,2025,income,2,33755,1,1,,published,"), 0) <
                s.n);
    struct buf m;
    buf_init(&m, &t->a, 1 << 20);
    profile_csv_metadata(profile_of(t, "E05000002"), STR("figures.csv"), &m);
    json_t *j = json_loadb(m.p, m.n, 0, NULL);
    assert_non_null(j);
    json_t *c = json_object_get(json_object_get(j, "tableSchema"), "columns"), *one;
    size_t i;
    struct buf heading;
    buf_init(&heading, &t->a, 4096);
    json_array_foreach(c, i, one)
        buf_fmt(&heading, "%s%s", i ? "," : "", json_string_value(json_object_get(one, "name")));
    assert_true(str_starts(s, buf_text(&heading)));
    json_decref(j);
    testdb_close(t);
}

static void text_can_be_read(void **state)
{
    UNUSED(state);
    struct testdb *t = town();
    struct buf b;
    buf_init(&b, &t->a, 1 << 20);
    profile_text(&t->a, profile_of(t, "E05000001"), &b);
    str s = buf_text(&b);
    assert_true(str_starts(s, STR("North\n")));
    assert_true(str_find(s, STR("546 people (mid-2020), of whom 96 are children"), 0) < s.n);
    assert_true(str_find(s, STR("by best fit"), 0) < s.n);
    testdb_close(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_of_a_small_area_has_each_domain_and_edition),
        cmocka_unit_test(json_of_a_ward_gives_each_small_area_its_own),
        cmocka_unit_test(csv_has_a_row_for_each_area_domain_and_edition),
        cmocka_unit_test(text_can_be_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
