// SPDX-License-Identifier: AGPL-3.0-or-later
// Covers calc/geo/bng.h: the published worked example, real postcodes and centre points of areas,
// there and back again, and the questions that tell grid, swapped and foreign coordinates apart.
#include "base/base.h"
#include "../../data.h"
#include "base/csv.h"
#include "calc/geo/bng.h"
#include "calc/geo/polygon.h"

#include <jansson.h>

static void same_as_the_worked_example(void **state)
{
    (void)state;
    point airy = bng_to_airy((point){651409.903, 313177.270});
    assert_near(airy.y, 52 + 39 / 60.0 + 27.2531 / 3600, 1e-4 / 3600);
    assert_near(airy.x, 1 + 43 / 60.0 + 4.5177 / 3600, 1e-4 / 3600);
    point wgs = bng_to_wgs84((point){651409.903, 313177.270});
    assert_true(fabs(wgs.y - 52.65797860) < 1e-8);
    assert_true(fabs(wgs.x - 1.71605195) < 1e-8);
}

static void same_as_one_postcode(void **state)
{
    (void)state;
    point p = bng_to_wgs84((point){305969, 261273}); // LD1 5AA
    assert_true(fabs(p.y - 52.2415827) < 1e-7);
    assert_true(fabs(p.x - -3.3785427) < 1e-7);
    assert_true(geo_distance_m(p, (point){-3.378543, 52.241583}) < 3);
}

static void there_and_back_within_a_millimetre(void **state)
{
    (void)state;
    for (double e = 0; e <= 700e3; e += 25e3) {
        for (double n = 0; n <= 1300e3; n += 25e3) {
            point back = bng_from_wgs84(bng_to_wgs84((point){e, n}));
            assert_true(hypot(back.x - e, back.y - n) < 1e-3);
        }
    }
}

static void not_the_sign_flip_shortcut(void **state)
{
    (void)state;
    // Turning the signs round instead of solving would miss by a centimetre and more.
    point back = bng_from_wgs84(bng_to_wgs84((point){651409.903, 313177.270}));
    assert_true(fabs(back.x - 651409.903) < 1e-6);
    assert_true(fabs(back.y - 313177.270) < 1e-6);
}

static void knows_metres_from_degrees(void **state)
{
    (void)state;
    assert_true(bng_looks_like_metres((point){455388, 207841}));
    assert_true(bng_looks_like_metres((point){51.7, 1000.1}));
    assert_false(bng_looks_like_metres((point){-1.2, 51.7}));
    assert_false(bng_looks_like_metres((point){1000, -1000}));
    assert_true(bng_in_grid((point){455388, 207841}));
    assert_false(bng_in_grid((point){-140000, 6700000})); // Web Mercator
    assert_false(bng_in_grid((point){455388, NAN}));
}

static void knows_swapped_and_foreign(void **state)
{
    (void)state;
    point oxford = {-1.2, 51.75}, swapped = {51.75, -1.2}, paris = {2.35, 48.86};
    assert_true(wgs84_in_uk(oxford));
    assert_false(wgs84_looks_swapped(oxford));
    assert_false(wgs84_in_uk(swapped));
    assert_true(wgs84_looks_swapped(swapped));
    assert_false(wgs84_in_uk(paris));
    assert_false(wgs84_looks_swapped(paris));
    assert_false(wgs84_in_uk((point){0, 99.999999})); // the national files' "no position" (D5)
    assert_false(wgs84_in_uk((point){0, 0}));
    assert_false(wgs84_in_uk((point){NAN, 51}));
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double number(str s)
{
    double v = NAN;
    assert_true(str_to_f64(s, &v));
    return v;
}

// D3, D5 and section 5 on the real NSPL rows: headings 6 and 7 are the grid, 33 and 34 lat/long.
static void all_rows_of_a_postcode_file(void **state)
{
    (void)state;
    struct arena a, scratch;
    arena_init(&a);
    arena_init(&scratch);
    str text =
        data_or_skip(&a, "all_rows_of_a_postcode_file", "oxford/postcodes/NSPL_NOV_2021_UK_LD.csv");
    struct csv c;
    csv_init(&c, &a, text);
    bool more;
    double *off = arena_new_array(&a, 3000, double);
    size_t n = 0, without = 0;
    assert_null(csv_next(&c, &scratch, &more));
    assert_true(str_eq(c.field[6], STR("oseast1m")) && str_eq(c.field[33], STR("lat")));
    for (;;) {
        assert_null(csv_next(&c, &scratch, &more));
        if (!more)
            break;
        if (c.field[6].n == 0) {
            without++;
            continue;
        }
        if (str_eq(c.field[2], STR("LD1 5AA")))
            assert_true(str_eq(c.field[7], STR("0261273")));
        point got = bng_to_wgs84((point){number(c.field[6]), number(c.field[7])});
        off[n++] = geo_distance_m(got, (point){number(c.field[34]), number(c.field[33])});
    }
    assert_int_equal(n, 2590);
    assert_int_equal(without, 77);
    qsort(off, n, sizeof *off, by_size);
    printf("LD rows: median %.2f m, 95 %% %.2f m, max %.2f m\n", off[n / 2], off[n * 95 / 100],
           off[n - 1]);
    assert_true(off[n / 2] < 0.05);
    assert_true(off[n * 95 / 100] < 1.27);
    assert_true(off[n - 1] < 1.60);
    arena_fini(&scratch);
    arena_fini(&a);
}

static void centres(const char *test, const char *file, double median, double most)
{
    struct arena a;
    arena_init(&a);
    str text = data_or_skip(&a, test, file);
    json_t *root = json_loadb(text.p, text.n, 0, NULL), *list = json_object_get(root, "features");
    size_t n = json_array_size(list);
    assert_true(n > 20);
    double *off = arena_new_array(&a, n, double);
    for (size_t i = 0; i < n; i++) {
        json_t *p = json_object_get(json_array_get(list, i), "properties");
        point grid = {json_number_value(json_object_get(p, "BNG_E")),
                      json_number_value(json_object_get(p, "BNG_N"))};
        point told = {json_number_value(json_object_get(p, "LONG")),
                      json_number_value(json_object_get(p, "LAT"))};
        off[i] = geo_distance_m(bng_to_wgs84(grid), told);
    }
    qsort(off, n, sizeof *off, by_size);
    printf("%s: median %.2f m, max %.2f m\n", test, off[n / 2], off[n - 1]);
    assert_near(off[n / 2], median, 0.02);
    assert_near(off[n - 1], most, 0.02);
    assert_true(off[n - 1] < 3);
    json_decref(root);
    arena_fini(&a);
}

static void centres_of_small_areas(void **state)
{
    (void)state;
    centres("centres_of_small_areas", "oxford/boundaries/lsoa11_bgc_drkane.geojson", 1.68, 1.99);
}

static void centres_of_wards(void **state)
{
    (void)state;
    centres("centres_of_wards", "oxford/boundaries/ward25_drkane.geojson", 1.48, 1.76);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_as_the_worked_example),
        cmocka_unit_test(same_as_one_postcode),
        cmocka_unit_test(there_and_back_within_a_millimetre),
        cmocka_unit_test(not_the_sign_flip_shortcut),
        cmocka_unit_test(knows_metres_from_degrees),
        cmocka_unit_test(knows_swapped_and_foreign),
        cmocka_unit_test(all_rows_of_a_postcode_file),
        cmocka_unit_test(centres_of_small_areas),
        cmocka_unit_test(centres_of_wards),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
