// SPDX-License-Identifier: AGPL-3.0-or-later
// Identifiers of organisations: what is sound, what is flagged, what is suggested, and that nothing
// but spaces is ever put right unasked (trap D24 of the open-data rules).
#include "base/base.h"
#include "partner/partner.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#define same(a, b) assert_true(str_eq((a), str_c(b)))

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

static void sound(const char *text)
{
    struct org_id x = org_id_read(&a, str_c(text));
    if (!x.sound)
        fail_msg("%s: %.*s", text, (int)x.why.n, x.why.p);
    same(org_id_text(&a, x.scheme, x.value), text);
    assert_false(x.spaces);
}

static void flagged(const char *text, const char *suggestion)
{
    struct org_id x = org_id_read(&a, str_c(text));
    if (x.sound)
        fail_msg("%s passed", text);
    assert_true(x.why.n > 0);
    if (suggestion)
        same(x.suggestion, suggestion);
    else
        assert_true(str_is_none(x.suggestion));
    // flagged, not guessed: what was written stays
    same(org_id_text(&a, x.scheme, x.value), text);
}

static void each_scheme_knows_its_shape(void **state)
{
    UNUSED(state);
    static const char *const good[] = {
        "GB-CHC-1153055",  "GB-CHC-202918",   "GB-COH-09506232", "GB-COH-IP28755R",
        "GB-COH-SC421394", "GB-COH-NI047429", "GB-COH-RS007123", "GB-COH-CE002345",
        "GB-SC-SC042386",  "GB-NIC-100012",   "GB-EDU-123456",   "GB-UKPRN-10007774",
        "GB-LAE-OXO",      "GB-LAE-OXF",      "GB-LAS-GLG",      "GB-PLA-CRF",
        "GB-LANI-BFS",     "GB-GOR-D1",       "GB-GOR-PB115",    "GB-NHS-RTH",
        "GB-NHS-QU9",      "GB-SHPE-4865",    "GB-SHPE-LH0989",  "GB-REV-XT12345",
        "GB-MPR-28755R",   "GB-MPR-RS7123",   "GB-CHC-9900001",
    };
    for (size_t i = 0; i < countof(good); i++)
        sound(good[i]);
    assert_int_equal(org_schemes_n, 15);
}

static void what_misses_its_shape_is_flagged(void **state)
{
    UNUSED(state);
    flagged("GB-CHC-715", NULL);
    flagged("GB-CHC-12345678", NULL);
    flagged("GB-CHC-SC042386", NULL);
    flagged("GB-COH-the-windmill-charlton", NULL);
    flagged("GB-COH-CIO", NULL);
    flagged("GB-COH-WINDMILL", NULL);
    flagged("GB-COH-095062321", NULL);
    flagged("GB-EDU-12345", NULL);
    flagged("GB-UKPRN-20007774", NULL);
    flagged("GB-LAE-OX", NULL);
    flagged("GB-NHS-RT", NULL);
    flagged("GB-REV-12345", NULL);
    flagged("GB-ABC-1", NULL);
    flagged("XM-DAC-1", NULL);
    assert_false(org_id_read(&a, STR("1153055")).sound);
    assert_false(org_id_read(&a, STR("")).sound);
}

static void words_for_none_are_no_numbers(void **state)
{
    UNUSED(state);
    static const char *const none[] = {"GB-COH-NA", "GB-COH-n/a",     "GB-CHC-None",
                                       "GB-CHC-",   "GB-EDU-unknown", "GB-NIC--"};
    for (size_t i = 0; i < countof(none); i++) {
        struct org_id x = org_id_read(&a, str_c(none[i]));
        assert_false(x.sound);
        same(x.why, "This says that there is no number.");
        assert_true(str_is_none(x.suggestion));
    }
}

static void lost_zeros_and_letters_are_suggested_only(void **state)
{
    UNUSED(state);
    flagged("GB-COH-9506232", "09506232");
    flagged("GB-COH-12345", "00012345");
    flagged("GB-COH-1234", NULL); // too short to tell
    flagged("GB-COH-sc421394", "SC421394");
    flagged("GB-SC-42386", "SC042386");
    flagged("GB-SC-042386", "SC042386");
    flagged("GB-SC-sc042386", "SC042386");
    flagged("GB-NIC-NIC100012", "100012");
    flagged("GB-LAE-oxo", "OXO");
}

static void spaces_are_taken_out(void **state)
{
    UNUSED(state);
    static const char *const spaced[] = {"GB-CHC- 1153055 ", " GB-CHC-1153055", "GB-CHC-115 3055",
                                         ("GB-CHC-\xC2\xA0"
                                          "1153055")};
    for (size_t i = 0; i < countof(spaced); i++) {
        struct org_id x = org_id_read(&a, str_c(spaced[i]));
        assert_true(x.sound);
        assert_true(x.spaces);
        same(x.value, "1153055");
    }
    struct org_id x = org_id_judge(&a, STR("GB-COH"), STR("IP 28755 R"));
    assert_true(x.sound && x.spaces);
    same(x.value, "IP28755R");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_scheme_knows_its_shape),
        cmocka_unit_test(what_misses_its_shape_is_flagged),
        cmocka_unit_test(words_for_none_are_no_numbers),
        cmocka_unit_test(lost_zeros_and_letters_are_suggested_only),
        cmocka_unit_test(spaces_are_taken_out),
    };
    return cmocka_run_group_tests(tests, begin, finish);
}
