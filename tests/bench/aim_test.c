// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "aim.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void requests_are_ready(void **state)
{
    UNUSED(state);
    struct arena a;
    struct aim aim;
    const str headers[] = {STR("Accept: text/html")};
    arena_init(&a);
    err e = aim_read(&a, STR("# two pages\nhttp://127.0.0.1:8080/a?b=1\r\n\nhttp://127.0.0.1:8080"),
                     headers, 1, &aim);
    assert_null(e);
    assert_int_equal(aim.n, 2);
    assert_true(str_eq(aim.request[0], STR("GET /a?b=1 HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n"
                                           "Accept: text/html\r\n\r\n")));
    assert_true(str_starts(aim.request[1], STR("GET / HTTP/1.1\r\n")));
    arena_fini(&a);
}

static void only_this_machine(void **state)
{
    UNUSED(state);
    static const char *const refused[] = {
        "http://192.0.2.1:80/",
        "http://example.org:80/",
        "http://128.0.0.1:80/",
        "http://0.0.0.0:80/",
        "https://127.0.0.1:443/",
        "http://127.0.0.1/",
        "http://127.0.0.1:0/",
        "http://127.0.0.1:99999/",
        "http://127.0.0.1:80@example.org/",
        "http://127.0.0.1:1/\nhttp://127.0.0.1:2/",
        "",
        "# nothing\n",
    };
    static const char *const taken[] = {"http://localhost:1/", "http://[::1]:1/",
                                        "http://127.9.9.9:65535/"};
    struct arena a;
    struct aim aim;
    arena_init(&a);
    for (size_t i = 0; i < countof(refused); i++)
        assert_non_null(aim_read(&a, str_c(refused[i]), NULL, 0, &aim));
    for (size_t i = 0; i < countof(taken); i++)
        assert_null(aim_read(&a, str_c(taken[i]), NULL, 0, &aim));
    arena_fini(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_are_ready),
        cmocka_unit_test(only_this_machine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
