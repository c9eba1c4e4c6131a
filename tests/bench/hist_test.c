// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "hist.h"

#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static void nothing_added(void **state)
{
    UNUSED(state);
    static struct hist h;
    hist_init(&h);
    assert_int_equal(hist_quantile(&h, 0.99), 0);
}

static void small_values_are_exact(void **state)
{
    UNUSED(state);
    static struct hist h;
    hist_init(&h);
    for (uint64_t v = 1; v <= 100; v++)
        hist_add(&h, v);
    assert_int_equal(hist_quantile(&h, 0), 1);
    assert_int_equal(hist_quantile(&h, 0.5), 50);
    assert_int_equal(hist_quantile(&h, 0.99), 99);
    assert_int_equal(hist_quantile(&h, 1), 100);
}

static void extremes_have_a_bucket(void **state)
{
    UNUSED(state);
    static struct hist h;
    hist_init(&h);
    hist_add(&h, 0);
    hist_add(&h, UINT64_MAX);
    assert_int_equal(hist_quantile(&h, 0.5), 0);
    assert_true(hist_quantile(&h, 1) == UINT64_MAX);
}

// Against the sorted values themselves: never below the true quantile, never 0.8 % above it.
static void quantiles_are_close(void **state)
{
    UNUSED(state);
    enum { N = 20000 };
    static struct hist h;
    static uint64_t v[N];
    static const double asked[] = {0.001, 0.1, 0.5, 0.9, 0.99, 0.999, 1};
    struct seeded chance = {7};
    hist_init(&h);
    for (size_t i = 0; i < N; i++)
        hist_add(&h, v[i] = seeded_next(&chance) >> (seeded_below(&chance, 50) + 10));
    qsort(v, N, sizeof *v, by_value);
    for (size_t i = 0; i < countof(asked); i++) {
        double rank = asked[i] * N;
        uint64_t truth = v[(size_t)(rank + 0.999999) - 1], got = hist_quantile(&h, asked[i]);
        assert_true(got >= truth);
        assert_true((double)got <= (double)truth * (1 + 1.0 / HIST_STEPS));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_added),
        cmocka_unit_test(small_values_are_exact),
        cmocka_unit_test(extremes_have_a_bucket),
        cmocka_unit_test(quantiles_are_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
