// SPDX-License-Identifier: AGPL-3.0-or-later
// The numbers underneath the Indices of Deprivation: what is kept back stays "not published" (D9).
#include "base/base.h"
#include "import_try.h"
#include "testdb.h"

static const struct import_opts plain = {0};

static const char text_2025[] = "lsoa21_code,income_domain_numerator,"
                                "road_distance_to_a_gp_surgery_indicator_km\r\n"
                                "E01000001,475,0.166\r\n"
                                "E01000002,,1.5\r\n"
                                "E01000003,*,-0.25\r\n";

static void empty_is_kept_back_and_never_0(void **state)
{
    UNUSED(state);
    struct testdb *t = testdb_open();
    struct figure *f;
    struct import_job *job = try_check(t, str_c(text_2025), plain);
    assert_str(str_c(job->family->name), "iod-indicators");
    assert_int_equal(job->n_problems, 0);
    assert_int_equal(job->vintage, 2021);
    assert_str(job->reference, "2025");
    assert_int_equal(job->notices.n, 1);
    assert_str(job->notices.v[0].column, "income_domain_numerator");
    assert_says(job->notices.v[0].sentence, "2 of 3 values are kept back");
    try_load(t, str_c(text_2025), plain);
    assert_int_equal(try_figures(t, "E01000001", "iod2025_indicators", &f), 2);
    assert_str(f[0].name, "income_domain_numerator");
    assert_str(f[0].title, "Income domain numerator");
    assert_str(f[0].unit, "people");
    assert_true(f[0].value.v == 475 && !f[0].total.has);
    assert_str(f[1].unit, "km");
    for (int i = 2; i <= 3; i++) {
        char code[] = "E01000000";
        code[8] = (char)('0' + i);
        assert_int_equal(try_figures(t, code, "iod2025_indicators", &f), 2);
        assert_true(!f[0].value.has && f[0].status == FIGURE_SUPPRESSED);
        assert_true(f[1].value.has && f[1].status == FIGURE_PUBLISHED);
    }
    testdb_close(t);
}

// The official headings make the same keys.
static void official_headings(void **state)
{
    UNUSED(state);
    struct testdb *t = testdb_open();
    struct figure *f;
    struct import_job *job = try_check(
        t,
        STR("\xef\xbb\xbfLSOA code (2011),LSOA name (2011),Local Authority District code (2019),"
            "Local Authority District name (2019),Income Domain numerator,"
            "Staying on in education post 16 indicator \r\n"
            "E01000001,Town 001A,E07000001,Town,475,0.321\r\n"),
        plain);
    assert_str(str_c(job->family->name), "iod-indicators");
    assert_int_equal(job->n_problems, 0);
    assert_str(job->reference, "2019");
    assert_true(str_is_none(job->columns.v[1].meaning));
    assert_str(job->columns.v[4].meaning, "Income Domain numerator");
    try_load(t, job->text, plain);
    assert_int_equal(try_figures(t, "E01000001", "iod2019_indicators", &f), 2);
    assert_str(f[0].name, "income_domain_numerator");
    testdb_close(t);
}

static void only_one_district(void **state)
{
    UNUSED(state);
    struct testdb *t = testdb_open();
    struct figure *f;
    str text = STR("LSOA21CD,LAD24CD,Income Domain numerator,Employment Domain numerator\n"
                   "E01000001,E07000001,1,2\nE01000002,E07000002,3,4\n");
    try_load(t, text, (struct import_opts){.district = STR("E07000002")});
    assert_int_equal(try_figures(t, "E01000001", "", &f), 0);
    assert_int_equal(try_figures(t, "E01000002", "", &f), 2);
    try_refused(t, str_c(text_2025), (struct import_opts){.district = STR("E07000002")},
                "No column holds a district's code");
    testdb_close(t);
}

static void files_that_cannot_be(void **state)
{
    UNUSED(state);
    struct testdb *t = testdb_open();
    try_refused(t, str_c(text_2025), (struct import_opts){.period = STR("2019")},
                "small areas of 2021, which the Indices of 2019 do not use");
    try_refused(t,
                STR("lsoa21_code,income_domain_numerator,mental_health_indicator\n"
                    "E01000001,1,2\nE01000001,1,2\n"),
                plain, "row 3, column lsoa21_code: E01000001 is there twice; it was in row 2");
    try_refused(t,
                STR("lsoa21_code,income_domain_numerator,mental_health_indicator\n"
                    "E01000001,many,2\n"),
                plain, "row 2, column income_domain_numerator: “many” is not a number");
    try_refused(t, STR("LSOACD,income_domain_numerator,mental_health_indicator\nE01000001,1,2\n"),
                (struct import_opts){.family = STR("iod-indicators")}, "It is not clear of which");
    testdb_close(t);
}

// How many values of a column are kept back, over all small areas of the file.
static void count_kept_back(struct testdb *t, const char *test, const char *path, size_t areas,
                            const char *family, const int64_t want[4])
{
    static const char *const names[] = {
        "income_domain_numerator", "income_deprivation_affecting_children_index_idaci_numerator",
        "income_deprivation_affecting_older_people_index_idaopi_numerator",
        "employment_domain_numerator"};
    struct arena file;
    arena_init(&file);
    const char *root = getenv("DOORSTEP_DATA");
    if (!root || !*root)
        testdb_close(t);
    str text = data_or_skip(&file, test, path), rest = text, line;
    struct import_job *job = try_check(t, text, plain);
    assert_str(str_c(job->family->name), "iod-indicators");
    assert_int_equal(job->n_problems, 0);
    assert_int_equal(job->rows_read, areas);
    assert_int_equal(job->columns.n, 29);
    try_load(t, text, plain);
    int64_t kept_back[4] = {0}, zero = 0;
    (void)str_next(&rest, '\n', &line);
    while (str_next(&rest, '\n', &line) && line.n) {
        struct figure *f;
        size_t n = try_figures(t, str_z(&t->a, str_slice(line, 1, 10)), family, &f);
        assert_int_equal(n, 28);
        for (size_t i = 0; i < n; i++)
            for (size_t k = 0; k < countof(names); k++)
                if (str_eq(f[i].name, str_c(names[k]))) {
                    kept_back[k] += f[i].status == FIGURE_SUPPRESSED && !f[i].value.has;
                    zero += f[i].value.has && f[i].value.v == 0;
                }
    }
    for (size_t k = 0; k < countof(names); k++)
        assert_int_equal(kept_back[k], want[k]);
    assert_int_equal(zero, 0);
    arena_fini(&file);
}

static void kept_back_in_oxford(void **state)
{
    UNUSED(state);
    struct testdb *t = testdb_open();
    count_kept_back(t, "kept_back_in_oxford", "oxford/deprivation/imd2019_lsoa11_indicators.csv",
                    83, "iod2019_indicators", (const int64_t[]){1, 13, 5, 4});
    count_kept_back(t, "kept_back_in_oxford", "oxford/deprivation/imd2025_lsoa21_indicators.csv",
                    84, "iod2025_indicators", (const int64_t[]){0, 8, 2, 1});
    testdb_close(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(empty_is_kept_back_and_never_0),
        cmocka_unit_test(official_headings),
        cmocka_unit_test(only_one_district),
        cmocka_unit_test(files_that_cannot_be),
        cmocka_unit_test(kept_back_in_oxford),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
