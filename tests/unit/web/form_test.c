// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "web/form.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static struct arena a;

static int start(void **state)
{
    UNUSED(state);
    arena_init(&a);
    return 0;
}

static int end(void **state)
{
    UNUSED(state);
    arena_fini(&a);
    return 0;
}

static void is(str got, const char *want)
{
    assert_int_equal(got.n, strlen(want));
    assert_memory_equal(got.p ? got.p : "", want, got.n);
}

static void urlencoded_reads_names_and_values(void **state)
{
    UNUSED(state);
    struct form f;
    assert_null(form_parse_urlencoded(&a, STR("name=Ann+Lee&n=&x=%C3%A9%26&name=Bo&=v"), &f));
    is(form_get(&f, "name"), "Ann Lee");
    is(form_get(&f, "n"), "");
    is(form_get(&f, "x"), "\xc3\xa9&");
    str second;
    assert_true(form_nth(&f, "name", 1, &second));
    is(second, "Bo");
    assert_false(form_has(&f, "other"));
}

static void urlencoded_refuses(void **state)
{
    UNUSED(state);
    struct form f;
    static const char *const bad[] = {"a=%", "a=%4", "a=%zz", "a=%00", "a=%ff", "%ff=a"};
    for (size_t i = 0; i < countof(bad); i++)
        assert_non_null(form_parse_urlencoded(&a, str_c(bad[i]), &f));
    str many = STR("a=1");
    for (int i = 0; i < FORM_VALUES_MAX; i++)
        many = str_fmt(&a, "%" PRIstr "&a=1", ARGstr(many));
    assert_non_null(form_parse_urlencoded(&a, many, &f));
}

#define PART(name, more, value)                                                                    \
    "--b\r\nContent-Disposition: form-data; name=\"" name "\"" more "\r\n\r\n" value "\r\n"

static void multipart_reads_fields_and_files(void **state)
{
    UNUSED(state);
    struct form f;
    str body = STR(PART("t", "", "hello") PART("f", "; filename=\"a;b.csv\"", "1,2\r\n--a\r\n3,4")
                       PART("empty", "", "") "--b--\r\n");
    assert_null(form_parse_multipart(&a, body, STR("multipart/form-data; boundary=b"), &f));
    is(form_get(&f, "t"), "hello");
    is(form_get(&f, "empty"), "");
    const struct form_value *v = form_file(&f, "f");
    assert_non_null(v);
    is(v->file_name, "a;b.csv");
    is(v->value, "1,2\r\n--a\r\n3,4");
    assert_null(form_file(&f, "t"));
}

static void multipart_refuses(void **state)
{
    UNUSED(state);
    struct form f;
    static const char *const bad[] = {
        "",
        "--b",
        "--b\r\n",
        "hello",
        PART("t", "", "x"),                                  // the last boundary is missing
        "--b\r\nContent-Type: text/plain\r\n\r\nx\r\n--b--", // no name
        "--b\r\nContent-Disposition: form-data; name=\"t\r\n\r\nx\r\n--b--", // name not closed
    };
    for (size_t i = 0; i < countof(bad); i++)
        assert_non_null(
            form_parse_multipart(&a, str_c(bad[i]), STR("multipart/form-data; boundary=b"), &f));
    assert_non_null(
        form_parse_multipart(&a, STR(PART("t", "", "x") "--b--"), STR("multipart/form-data"), &f));
}

static const struct field fields[] = {
    {"name", "a name", FIELD_TEXT, true, 10, 0, NULL, false},
    {"n", "a number", FIELD_NUMBER, false, 0, 0, NULL, false},
    {"day", "a day", FIELD_DATE, false, 0, 0, NULL, false},
    {"kind", "a kind", FIELD_CHOICE, false, 0, 0, "a|b", true},
    {"pw", "a password", FIELD_PASSWORD, false, 100, 12, NULL, false},
    {0},
};

static str problem_of(const char *body, const char *name)
{
    struct form f;
    assert_null(form_parse_urlencoded(&a, str_c(body), &f));
    form_check(&a, &f, fields);
    return form_problem(&f, name);
}

static void each_rule_speaks_at_its_field(void **state)
{
    UNUSED(state);
    is(problem_of("n=1", "name"), "Enter a name");
    is(problem_of("name=+", "name"), "Enter a name");
    is(problem_of("name=12345678901", "name"), "This is too long: use at most 10 characters");
    assert_true(problem_of("name=a%0Ab", "name").n > 0);
    assert_true(problem_of("name=a&n=1.5", "n").n > 0);
    assert_true(problem_of("name=a&n=12", "n").n == 0);
    assert_true(problem_of("name=a&day=2026-02-29", "day").n > 0);
    assert_true(problem_of("name=a&day=2028-02-29", "day").n == 0);
    assert_true(problem_of("name=a&kind=c", "kind").n > 0);
    assert_true(problem_of("name=a&kind=a&kind=b", "kind").n == 0);
    assert_true(problem_of("name=a&pw=short", "pw").n > 0);
}

static void what_is_not_declared_is_dropped(void **state)
{
    UNUSED(state);
    struct form f;
    assert_null(form_parse_urlencoded(&a, STR("name=+a+&role=coordinator&name=b&pw=++"), &f));
    form_check(&a, &f, fields);
    assert_false(form_has(&f, "role"));
    str second;
    assert_false(form_nth(&f, "name", 1, &second)); // only the first counts
    is(form_get(&f, "name"), "a");                  // trimmed
    is(form_get(&f, "pw"), "  ");                   // a password is kept as it is
}

static void cookies(void **state)
{
    UNUSED(state);
    str h = STR("lang=en; __Host-session=abc;flash=x");
    is(cookie_find(h, STR("__Host-session")), "abc");
    is(cookie_find(h, STR("flash")), "x");
    assert_true(str_is_none(cookie_find(h, STR("session"))));
    assert_true(str_is_none(cookie_find(STR("a=1; a=2"), STR("a")))); // somebody planted one
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(urlencoded_reads_names_and_values, start, end),
        cmocka_unit_test_setup_teardown(urlencoded_refuses, start, end),
        cmocka_unit_test_setup_teardown(multipart_reads_fields_and_files, start, end),
        cmocka_unit_test_setup_teardown(multipart_refuses, start, end),
        cmocka_unit_test_setup_teardown(each_rule_speaks_at_its_field, start, end),
        cmocka_unit_test_setup_teardown(what_is_not_declared_is_dropped, start, end),
        cmocka_unit_test_setup_teardown(cookies, start, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
