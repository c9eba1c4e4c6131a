// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "web/gate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define H(name, value)                                                                             \
    {                                                                                              \
        STR(name), STR(value)                                                                      \
    }

static struct gate_verdict judge(const char *target, const struct gate_header *h, size_t n)
{
    struct gate_request r = {STR("HTTP/1.1"), str_c(target), h, n};
    return gate_judge(&r);
}

#define JUDGE(target, ...)                                                                         \
    judge(target, (struct gate_header[]){__VA_ARGS__},                                             \
          countof(((struct gate_header[]){__VA_ARGS__})))

static void honest_requests_pass(void **state)
{
    UNUSED(state);
    struct gate_verdict v = JUDGE("/areas/E01?d=income&x=%20", H("Host", "a"), H("Cookie", "b=c"));
    assert_null(v.refused);
    assert_int_equal(v.body, -1);
    v = JUDGE("/sign-in", H("Host", "a"), H("Content-Length", "12"));
    assert_null(v.refused);
    assert_int_equal(v.body, 12);
    v = JUDGE("/x", H("Host", "a"), H("transfer-encoding", "Chunked"));
    assert_null(v.refused);
    assert_true(v.chunked);
}

static void smugglers_are_refused(void **state)
{
    UNUSED(state);
    assert_non_null(JUDGE("/", H("Host", "a"), H("Host", "b")).refused);
    assert_non_null(JUDGE("/", H("Cookie", "a")).refused); // no Host
    assert_non_null(
        JUDGE("/", H("Host", "a"), H("Content-Length", "1"), H("Content-Length", "2")).refused);
    assert_non_null(
        JUDGE("/", H("Host", "a"), H("Content-Length", "1"), H("Content-Length", "1")).refused);
    assert_non_null(
        JUDGE("/", H("Host", "a"), H("Content-Length", "1"), H("Transfer-Encoding", "chunked"))
            .refused);
    static const char *const lengths[] = {"+5", "-1", "5abc", "0x5", "", " 5", "9999999999999999"};
    for (size_t i = 0; i < countof(lengths); i++) {
        struct gate_header h[] = {H("Host", "a"), {STR("Content-Length"), str_c(lengths[i])}};
        assert_non_null(judge("/", h, 2).refused);
    }
    assert_non_null(JUDGE("/", H("Host", "a"), H("Transfer-Encoding", "xchunked")).refused);
    assert_non_null(JUDGE("/", H("Host", "a"), H("Transfer-Encoding", "gzip, chunked")).refused);
    assert_non_null(JUDGE("/", H("Host", "a"), H("X-A ", "b")).refused); // space before the colon
    assert_non_null(JUDGE("/", H("Host", "a"), H("X\x01", "b")).refused);
    assert_non_null(JUDGE("/", H("Host", "a"), H("X", "a\x01")).refused);
    struct gate_verdict v = JUDGE("/", H("Host", "a"), H("X", "a\x7f"));
    assert_non_null(v.refused);
    assert_int_equal(v.status, 400);
}

static void bad_targets_are_refused(void **state)
{
    UNUSED(state);
    static const char *const bad[] = {"",       "*",      "http://a/", "/a b", "/a\tb",
                                      "/a%00b", "/a%1fb", "/a%0d%0ab", "/a%7F"};
    for (size_t i = 0; i < countof(bad); i++)
        assert_non_null(JUDGE(bad[i], H("Host", "a")).refused);
    char longer[GATE_TARGET_BYTES + 10];
    memset(longer, 'a', sizeof longer);
    longer[0] = '/';
    longer[sizeof longer - 1] = 0;
    struct gate_verdict v = JUDGE(longer, H("Host", "a"));
    assert_non_null(v.refused);
    assert_int_equal(v.status, 414);
}

static void sizes_have_ceilings(void **state)
{
    UNUSED(state);
    static struct gate_header many[GATE_HEADERS_MAX + 1];
    for (size_t i = 0; i < countof(many); i++)
        many[i] = (struct gate_header)H("X", "a");
    many[0] = (struct gate_header)H("Host", "a");
    assert_null(judge("/", many, GATE_HEADERS_MAX).refused);
    struct gate_verdict v = judge("/", many, GATE_HEADERS_MAX + 1);
    assert_non_null(v.refused);
    assert_int_equal(v.status, 431);
    static char big[GATE_HEADER_BYTES];
    memset(big, 'a', sizeof big);
    struct gate_header h[] = {H("Host", "a"), {STR("X"), {big, sizeof big}}};
    v = judge("/", h, 2);
    assert_non_null(v.refused);
    assert_int_equal(v.status, 431);
}

static void versions(void **state)
{
    UNUSED(state);
    struct gate_header h[] = {H("Host", "a")};
    struct gate_request r = {STR("HTTP/1.0"), STR("/"), h, 1};
    assert_null(gate_judge(&r).refused);
    r.version = STR("HTTP/2.0");
    assert_non_null(gate_judge(&r).refused);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(honest_requests_pass),
        cmocka_unit_test(smugglers_are_refused),
        cmocka_unit_test(bad_targets_are_refused),
        cmocka_unit_test(sizes_have_ceilings),
        cmocka_unit_test(versions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
