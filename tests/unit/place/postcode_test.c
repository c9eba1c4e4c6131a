// SPDX-License-Identifier: AGPL-3.0-or-later
// Covers place/postcode.h: the shapes of real postcodes and the ways files and people write them
// (D4).
#include "base/base.h"
#include "../data.h"
#include "base/csv.h"
#include "place/postcode.h"

static void keys_and_what_is_shown(void **state)
{
    (void)state;
    static const struct {
        const char *text, *key, *shown;
    } rows[] = {
        {"OX100AA", "OX100AA", "OX10 0AA"},
        {"me195dp", "ME195DP", "ME19 5DP"},
        {"OX4 4AA", "OX44AA", "OX4 4AA"},
        {"M1   1AA", "M11AA", "M1 1AA"},
        {"LD1  5AA", "LD15AA", "LD1 5AA"},
        {" ox1\t1 aa ", "OX11AA", "OX1 1AA"},
        {"W1A 0AX", "W1A0AX", "W1A 0AX"},
        {"EC1A 1BB", "EC1A1BB", "EC1A 1BB"},
        {"M60 1NW", "M601NW", "M60 1NW"},
        {"CR2 6XH", "CR26XH", "CR2 6XH"},
        {"DN55 1PT", "DN551PT", "DN55 1PT"},
        {"gir 0aa", "GIR0AA", "GIR 0AA"},
        {"OX1\xc2\xa0"
         "1AA",
         "OX11AA", "OX1 1AA"},
    };
    struct arena a;
    arena_init(&a);
    for (size_t i = 0; i < countof(rows); i++) {
        postcode p;
        assert_true(postcode_parse(str_c(rows[i].text), &p));
        assert_string_equal(p.key, rows[i].key);
        assert_true(str_eq(postcode_key(&p), str_c(rows[i].key)));
        assert_string_equal(str_z(&a, postcode_shown(&a, &p)), rows[i].shown);
    }
    arena_fini(&a);
}

static void refuses_what_is_no_postcode(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",         " ",         "NE4 8X",         "NE4",      "OX4 4A",  "OX4 AAA",    "4OX 4AA",
        "OXX 4AA",  "OX1111AA",  "OX4-4AA",        "OX4 44A",  "GIR 0AB", "GIR 1AA",    "AAA9 9AA",
        "A9AA 9AA", "OX4 4AA X", "\xc3\x96X4 4AA", "A99A 9AA", "\xc2",    "OX4 4A\xc2",
    };
    for (size_t i = 0; i < countof(bad); i++) {
        postcode p = {.key = "KEEP", .n = 4};
        assert_false(postcode_parse(str_c(bad[i]), &p));
        assert_string_equal(p.key, "KEEP");
    }
    postcode p;
    assert_false(postcode_parse(str_slice(STR("OX4\0004A"), 0, 6), &p));
    assert_false(postcode_parse(STR_NONE, &p));
}

static void count_file(const char *test, const char *file, size_t rows, size_t without_space)
{
    struct arena a, scratch;
    arena_init(&a);
    arena_init(&scratch);
    str text = data_or_skip(&a, test, file);
    struct csv c;
    csv_init(&c, &a, text);
    bool more;
    size_t n = 0, joined = 0;
    assert_null(csv_next(&c, &scratch, &more));
    for (;;) {
        assert_null(csv_next(&c, &scratch, &more));
        if (!more)
            break;
        postcode p;
        assert_true(postcode_parse(c.field[0], &p));
        str shown = postcode_shown(&scratch, &p);
        joined += str_find_byte(c.field[0], ' ') == c.field[0].n;
        if (c.n > 3) // pcd is seven wide, pcd2 eight, pcds what is shown
            assert_true(c.field[0].n == 7 && c.field[1].n == 8 && str_eq(shown, c.field[2]));
        else if (str_find_byte(c.field[0], ' ') < c.field[0].n)
            assert_true(str_eq(shown, c.field[0]));
        arena_reset(&scratch);
        n++;
    }
    assert_int_equal(n, rows);
    assert_int_equal(joined, without_space);
    arena_fini(&scratch);
    arena_fini(&a);
}

static void all_of_an_area_with_and_without_spaces(void **state)
{
    (void)state;
    count_file("all_of_an_area_with_and_without_spaces",
               "oxford/postcodes/OX_postcode_lat_long_may2025.csv", 35994, 19219);
}

static void all_of_a_national_file(void **state)
{
    (void)state;
    count_file("all_of_a_national_file", "oxford/postcodes/NSPL_NOV_2021_UK_LD.csv", 2667, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_and_what_is_shown),
        cmocka_unit_test(refuses_what_is_no_postcode),
        cmocka_unit_test(all_of_an_area_with_and_without_spaces),
        cmocka_unit_test(all_of_a_national_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
