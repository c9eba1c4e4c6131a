// SPDX-License-Identifier: AGPL-3.0-or-later
// Form tokens, throttling, and the pages kept ready.
#include "base/base.h"
#include "web/cache.h"
#include "web/csrf.h"
#include "web/throttle.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

static const unsigned char key[32] = {1}, other_key[32] = {2};

static void token_fits_its_visitor_only(void **state)
{
    UNUSED(state);
    struct arena a;
    arena_init(&a);
    str t = csrf_token(&a, &random_system, key, STR("ann"));
    str again = csrf_token(&a, &random_system, key, STR("ann"));
    assert_true(csrf_token_ok(key, STR("ann"), t));
    assert_true(csrf_token_ok(key, STR("ann"), again));
    assert_false(str_eq(t, again)); // masked afresh, so compression tells nothing
    assert_false(csrf_token_ok(key, STR("bo"), t));
    assert_false(csrf_token_ok(other_key, STR("ann"), t));
    assert_false(csrf_token_ok(key, STR("ann"), STR("")));
    assert_false(csrf_token_ok(key, STR(""), t));
    char bent[200];
    memcpy(bent, t.p, t.n);
    bent[t.n / 2] = bent[t.n / 2] == 'A' ? 'B' : 'A';
    assert_false(csrf_token_ok(key, STR("ann"), (str){bent, t.n}));
    arena_fini(&a);
}

static void foreign_pages_are_told_apart(void **state)
{
    UNUSED(state);
    str own = STR("https://zone.example");
    assert_true(csrf_headers_ok(STR("same-origin"), STR_NONE, own));
    assert_true(csrf_headers_ok(STR("none"), STR_NONE, own));
    assert_false(csrf_headers_ok(STR("cross-site"), own, own));
    assert_false(csrf_headers_ok(STR("same-site"), own, own));
    assert_true(csrf_headers_ok(STR_NONE, own, own));
    assert_false(csrf_headers_ok(STR_NONE, STR("https://evil.example"), own));
    assert_false(csrf_headers_ok(STR_NONE, STR("null"), own));
    assert_true(csrf_headers_ok(STR_NONE, STR_NONE, own)); // the token decides
}

static void throttle_counts_and_lets_go(void **state)
{
    UNUSED(state);
    struct throttle *t = throttle_open();
    int64_t wait;
    for (int i = 0; i < 3; i++)
        assert_true(throttle_allow(t, STR("ann"), 3, 1000, 5000 + i, &wait));
    assert_false(throttle_allow(t, STR("ann"), 3, 1000, 5100, &wait));
    assert_int_equal(wait, 900);
    assert_true(throttle_allow(t, STR("bo"), 3, 1000, 5100, &wait));
    assert_true(throttle_allow(t, STR("ann"), 3, 1000, 6000, &wait)); // a new window
    throttle_forget(t, STR("ann"));
    for (int i = 0; i < 3; i++)
        assert_true(throttle_allow(t, STR("ann"), 3, 1000, 6001, &wait));
    assert_false(throttle_allow(t, STR("ann"), 3, 1000, 6001, &wait));
    throttle_close(t);
}

static void put(struct page_cache *c, const char *k, uint64_t gen, const char *body)
{
    struct cached page = {.body = (char *)(uintptr_t)body, .n = strlen(body), .type = "text/html"};
    const struct cached *e = cache_put(c, str_c(k), gen, &page);
    if (e)
        cache_drop(c, e);
}

static void pages_last_as_long_as_the_data(void **state)
{
    UNUSED(state);
    struct page_cache *c = cache_open(4096);
    put(c, "/", 1, "one");
    const struct cached *e = cache_get(c, STR("/"), 1);
    assert_non_null(e);
    assert_memory_equal(e->body, "one", 3);
    put(c, "/", 2, "two"); // replaced while somebody still holds the old one
    assert_memory_equal(e->body, "one", 3);
    cache_drop(c, e);
    assert_null(cache_get(c, STR("/"), 1)); // asking with another generation finds nothing
    put(c, "/", 2, "two");
    assert_null(cache_get(c, STR("/x"), 2));
    for (int i = 0; i < 500; i++) { // bounded: the oldest go
        char k[16];
        snprintf(k, sizeof k, "/%d", i);
        put(c, k, 2, "a page");
    }
    assert_null(cache_get(c, STR("/0"), 2));
    e = cache_get(c, STR("/499"), 2);
    assert_non_null(e);
    cache_drop(c, e);
    cache_close(c);
}

int main(void)
{
    if (sodium_init() < 0)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(token_fits_its_visitor_only),
        cmocka_unit_test(foreign_pages_are_told_apart),
        cmocka_unit_test(throttle_counts_and_lets_go),
        cmocka_unit_test(pages_last_as_long_as_the_data),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
