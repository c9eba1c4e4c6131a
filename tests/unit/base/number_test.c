// SPDX-License-Identifier: AGPL-3.0-or-later
// Covers str_to_f64() of base/str.c: short decimals take a shorter way than strtod() and must come
// to the very same double.
#include "base/base.h"
#include "base/random.h"
#include "data.h"

static void as_strtod_says(void **state)
{
    (void)state;
    struct seeded dice = {7};
    for (int i = 0; i < 300000; i++) {
        char z[32];
        double d = 0;
        uint64_t whole = seeded_below(&dice, i % 3 ? 1000 : 1000000000);
        uint64_t part = seeded_below(&dice, 1000000000);
        int n = snprintf(z, sizeof z, "%s%llu.%0*llu", i % 2 ? "-" : "", (unsigned long long)whole,
                         (int)seeded_below(&dice, 12), (unsigned long long)part);
        assert_true(str_to_f64((str){z, (size_t)n}, &d));
        double want = strtod(z, NULL);
        assert_memory_equal(&d, &want, sizeof d);
    }
}

static void what_is_a_number(void **state)
{
    (void)state;
    static const char *const good[] = {"0", "-0", "5.", ".5", "-.5", "007.50", "1e3", "99.999999"},
                             *const bad[] = {"",   "-",  ".",   "-.",  "1.2.3",
                                             "+1", "1-", "--1", "0x1", "1,5",
                                             " 1", "1 ", "nan", "inf", "1e999"};
    double d;
    for (size_t i = 0; i < countof(good); i++) {
        assert_true(str_to_f64(str_c(good[i]), &d));
        assert_true(d == strtod(good[i], NULL));
    }
    for (size_t i = 0; i < countof(bad); i++)
        if (str_to_f64(str_c(bad[i]), &d))
            fail_msg("“%s” was taken for a number", bad[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_strtod_says),
        cmocka_unit_test(what_is_a_number),
    };
    return cmocka_run_group_tests_name("number", tests, NULL, NULL);
}
