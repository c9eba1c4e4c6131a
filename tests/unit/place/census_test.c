// SPDX-License-Identifier: AGPL-3.0-or-later
// Tables of the census, in both shapes, with the traps of the open-data reference (D1, D13, D30).
#include "base/base.h"
#include "place/census_table.h"
#include "place/figure_write.h"
#include "import_try.h"
#include "testdb.h"

static const struct import_opts plain = {0};

static void keys_out_of_words(void **state)
{
    UNUSED(state);
    struct arena a;
    arena_init(&a);
    static const char *const pair[][2] = {
        {"Owned: Owns outright", "owned_owns_outright"},
        {"+1 (under-occupied)", "plus_1_under_occupied"},
        {"-1 (overcrowded)", "minus_1_overcrowded"},
        {"Aged 75-84 years", "aged_75_84_years"},
        {"  Total: All households ", "total_all_households"},
    };
    for (size_t i = 0; i < countof(pair); i++)
        assert_str(figure_slug(&a, str_c(pair[i][0])), pair[i][1]);
    assert_str(figure_words(&a, STR("road_distance_to_a_post_office")),
               "Road distance to a post office");
    assert_str(figure_words(&a, STR("Mid-year count")), "Mid-year count");
    arena_fini(&a);
}

static void titles_are_split(void **state)
{
    UNUSED(state);
    struct census_title t =
        census_title_split(STR("Tenure of household: Owned: Owns outright; measures: Value"));
    assert_str(t.variable, "Tenure of household");
    assert_str(t.category, "Owned: Owns outright");
    assert_str(t.measure, "Value");
    t = census_title_split(STR("Number of households; measures: Percent"));
    assert_str(t.variable, "Number of households");
    assert_str(t.category, "Number of households");
    assert_str(t.measure, "Percent");
    t = census_title_split(STR("Sex: All persons; measures: Value"));
    assert_true(census_title_is_total(&t, true));
    assert_false(census_title_is_total(&t, false));
    t = census_title_split(STR("Age: Totally new"));
    assert_false(census_title_is_total(&t, true));
}

static const char long_text[] = "prop,n,total_households,LSOA21CD,tenure\n"
                                "0.4,40,100,E01000001,Owned: Owns outright\n"
                                "0.6,60,100,E01000001,Lives rent free\n"
                                "1,7,7,E01000002,Owned: Owns outright\n"
                                "0,0,7,E01000002,Lives rent free\n";

static void a_long_table_in_any_order_of_columns(void **state)
{
    UNUSED(state);
    struct testdb *t = testdb_open();
    struct figure *f;
    struct import_job *job = try_check(t, str_c(long_text), plain);
    assert_str(str_c(job->family->name), "census");
    assert_int_equal(job->n_problems, 0);
    assert_str(job->columns.v[4].meaning, "category");
    assert_true(str_is_none(job->columns.v[0].meaning));
    try_load(t, str_c(long_text), plain);
    assert_int_equal(try_figures(t, "E01000001", "census_tenure", &f), 2);
    assert_str(f[0].name, "owned_owns_outright");
    assert_str(f[0].title, "Owned: Owns outright");
    assert_str(f[0].family_title, "Tenure of household");
    assert_str(f[0].unit, "households");
    assert_str(f[0].kind, "lsoa");
    assert_int_equal(f[0].vintage, 2021);
    assert_str(f[0].period, "2021");
    assert_true(f[0].value.has && f[0].value.v == 40 && f[0].total.v == 100);
    assert_true(f[1].value.v == 60);
    assert_int_equal(try_figures(t, "E01000002", "census_tenure", &f), 2);
    assert_true(f[1].value.has && f[1].value.v == 0 && f[1].status == FIGURE_PUBLISHED);
    testdb_close(t);
}

static void sums_that_do_not_come_out(void **state)
{
    UNUSED(state);
    struct testdb *t = testdb_open();
    struct import_job *job = try_check(t,
                                       STR("LSOA21CD,tenure,n,total_households\n"
                                           "E01000001,Owned,40,100\n"
                                           "E01000001,Rented,59,100\n"
                                           "E01000002,Owned,1,3\n"
                                           "E01000002,Rented,2,3\n"),
                                       plain);
    assert_int_equal(job->n_problems, 1);
    assert_int_equal(job->problems.v[0].row, 2);
    assert_str(job->problems.v[0].column, "total_households");
    assert_str(job->problems.v[0].sentence,
               "The categories of E01000001 add up to 99, but its total is 100.");
    try_refused(t, // a category that was lost on the way
                STR("LSOA21CD,tenure,n,total_households\nE01000001,Owned,40,100\n"), plain,
                "The categories of E01000001 add up to 40");
    try_refused(t,
                STR("LSOA21CD,tenure,n,total_households\nE01000001,Owned,40,100\n"
                    "E01000001,Rented,60,101\n"),
                plain, "row 3, column total_households: The total of E01000001 is 101 here");
    testdb_close(t);
}

static void rows_that_cannot_be(void **state)
{
    UNUSED(state);
    struct testdb *t = testdb_open();
    try_refused(t,
                STR("LSOA21CD,tenure,n,total_households\nE01000001,Owned,40,80\n"
                    "E01000001,Owned,40,80\n"),
                plain,
                "row 3, column tenure: “Owned” is there twice for E01000001; it was in row 2");
    try_refused(t, STR("LSOA21CD,tenure,n,total_households\nE01000001,Owned,forty,40\n"), plain,
                "row 2, column n: “forty” is not a number");
    try_refused(t, STR("LSOA21CD,tenure,n,total_households\nE0100000,Owned,40,40\n"), plain,
                "“E0100000” is not an area code");
    try_refused(t,
                STR("geography code,tenure,n,total_households\nE01000001,Owned,40,40\n"
                    "E00000001,Owned,40,40\n"),
                (struct import_opts){.period = STR("2021")},
                "row 3, column geography code: E00000001");
    try_refused(t, STR("LSOA21CD,tenure,n,total_households\nE01000001,Owned,40\n"), plain,
                "row 2: This row has 3 fields");
    testdb_close(t);
}

// Missing is not 0, and what is missing is not counted as wrong either.
static void missing_cells_stay_missing(void **state)
{
    UNUSED(state);
    struct testdb *t = testdb_open();
    struct figure *f;
    try_load(t,
             STR("LSOA21CD,tenure,n,total_households\nE01000001,Owned,,100\n"
                 "E01000001,Rented,c,100\nE01000001,Other,10,100\n"),
             plain);
    assert_int_equal(try_figures(t, "E01000001", "census_tenure", &f), 3);
    assert_true(!f[0].value.has && f[0].status == FIGURE_MISSING);
    assert_true(!f[1].value.has && f[1].status == FIGURE_SUPPRESSED);
    assert_true(f[2].value.v == 10);
    testdb_close(t);
}

static const char bulk_text[] = "\xef\xbb\xbf"
                                "date,geography,geography code,"
                                "Tenure of household: Total: All households; measures: Value,"
                                "Tenure of household: Owned; measures: Value,"
                                "Tenure of household: Owned: Owns outright; measures: Value,"
                                "Tenure of household: Owned: Owns with a mortgage; measures: Value,"
                                "\"Tenure of household: Rented, or free; measures: Value \"\r\n"
                                "2021,Town 001A,E01000001,100,70,30,40,30\r\n"
                                "2021,Town 001B,E01000002,10,4,3,1,6\r\n";

static void a_bulk_file(void **state)
{
    UNUSED(state);
    struct testdb *t = testdb_open();
    struct figure *f;
    struct import_job *job = try_check(t, str_c(bulk_text), plain);
    assert_int_equal(job->n_problems, 0);
    assert_str(job->title, "Census 2021: Tenure of household (TS054)");
    assert_str(job->reference, "2021");
    assert_int_equal(job->vintage, 2021);
    try_load(t, str_c(bulk_text), plain);
    assert_int_equal(try_figures(t, "E01000001", "", &f), 4);
    assert_str(f[0].family, "census_tenure"); // the same as in a long table
    assert_str(f[0].title, "Owned");
    assert_true(f[0].value.v == 70 && f[0].total.v == 100);
    assert_str(f[1].name, "owned_owns_outright");
    assert_str(f[3].title, "Rented, or free");
    assert_str(f[3].unit, "households");
    testdb_close(t);
}

static void a_bulk_file_that_is_wrong(void **state)
{
    UNUSED(state);
    struct testdb *t = testdb_open();
    try_refused(t,
                STR("date,geography,geography code,Sex: All persons,Sex: Female,Sex: Male\n"
                    "2021,A,E01000001,10,5,5\n2021,B,E01000002,10,5,4\n"),
                plain, "row 3, column Sex: All persons: The categories of E01000002 add up to 9");
    try_refused(t,
                STR("date,geography,geography code,Sex: All persons,Sex: Female,Sex: Male\n"
                    "2021,A,E01000001,10,5,5\n2021,A,E01000001,10,5,5\n"),
                plain, "E01000001 is there twice; it was in row 2 already");
    try_refused(t,
                STR("date,geography,geography code,Sex: All persons,Sex: Female,Sex: Male\n"
                    "2021,A,E01000001,10,5,5\n2011,A,E01000002,10,5,5\n"),
                plain, "row 3, column date: This row is of “2011”");
    try_refused(t, STR("date,geography,geography code\n2021,A,E01000001\n"), plain,
                "There is no column of figures");
    testdb_close(t);
}

#define SEX "date,geography,geography code,Sex: All persons,Sex: Female,Sex: Male\n"

static void a_total_that_is_missing_cannot_be_checked(void **state)
{
    UNUSED(state);
    struct testdb *t = testdb_open();
    try_refused(t, STR(SEX "2021,A,E01000001,10,5,5\n2021,B,E01000002,,5,4\n"), plain,
                "row 3, column Sex: All persons: The total of E01000002 is missing, so its "
                "categories cannot be checked.");
    try_refused(t, STR(SEX "2021,A,E01000001,10,5,5\n2021,B,E01000002,-,5,\n"), plain,
                "The total of E01000002 is missing");
    try_refused(t, // nor in a long table
                STR("LSOA21CD,tenure,n,total_households\nE01000001,Owned,40,40\n"
                    "E01000002,Owned,7,\n"),
                plain, "row 3, column total_households: The total of E01000002 is missing");
    // an area of which nothing is published has no total either
    struct import_job *job =
        try_check(t, STR(SEX "2021,A,E01000001,10,5,5\n2021,B,E01000002,,,\n"), plain);
    assert_int_equal(job->n_problems, 0);
    assert_int_equal(job->notices.n, 0);
    testdb_close(t);
}

static void a_table_without_totals_is_told(void **state)
{
    UNUSED(state);
    struct testdb *t = testdb_open();
    struct import_job *job = try_check(t,
                                       STR("date,geography,geography code,Sex: Female,Sex: Male,"
                                           "Density: Persons per hectare\n"
                                           "2021,A,E01000001,5,5,12.5\n"),
                                       plain);
    assert_int_equal(job->n_problems, 0);
    assert_int_equal(job->notices.n, 1); // one number of one kind has nothing to add up
    assert_int_equal(job->notices.v[0].row, 1);
    assert_str(job->notices.v[0].column, "Sex: Female");
    assert_str(job->notices.v[0].sentence,
               "“Sex” has no column of totals: sums could not be checked, and no percentages can "
               "be shown.");
    testdb_close(t);
}

// In a table of several answers the categories may go beyond the total: told, not refused.
static void categories_that_overlap(void **state)
{
    UNUSED(state);
    struct testdb *t = testdb_open();
    struct import_job *job = try_check(
        t,
        STR("date,geography,geography code,Faith: Total,Faith: One,Faith: Two\n"
            "2021,A,E01000001,10,8,5\n2021,B,E01000002,10,8,4\n2021,C,E01000003,10,9,9\n"),
        plain);
    assert_int_equal(job->n_problems, 0);
    assert_int_equal(job->notices.n, 1);
    assert_says(job->notices.v[0].sentence, "they overlap");
    testdb_close(t);
}

static void other_kinds_and_years_of_areas(void **state)
{
    UNUSED(state);
    struct testdb *t = testdb_open();
    struct figure *f;
    try_load(t,
             STR("date,geography,geography code,Population density: Persons per square kilometre; "
                 "measures: Value\n2021,Ward,E05000001,4321.5\n"),
             plain);
    assert_int_equal(try_figures(t, "E05000001", "", &f), 1);
    assert_str(f[0].kind, "ward");
    assert_int_equal(f[0].vintage, 2022);
    assert_str(f[0].family, "census_population_density");
    assert_true(f[0].value.v == 4321.5 && !f[0].total.has);
    try_load(t, STR("LSOA31CD,tenure,n,total_households\nE01000001,Owned,40,40\n"), plain); // D30
    assert_int_equal(try_figures(t, "E01000001", "census_tenure", &f), 1);
    assert_int_equal(f[0].vintage, 2031);
    assert_str(f[0].period, "2031");
    try_refused(t, STR("WD24CD,tenure,n,total_households\nE05000001,Owned,40,40\n"), plain,
                "does not say which census");
    testdb_close(t);
}

// D13: two tables have two totals, and both stay as they are.
static void each_table_keeps_its_own_total(void **state)
{
    UNUSED(state);
    struct testdb *t = testdb_open();
    struct figure *f;
    struct figure_sum *s;
    size_t n_sums;
    try_load(t, STR("LSOA21CD,tenure,n,total_households\nE01000001,Owned,40,40\n"), plain);
    try_load(t, STR("LSOA21CD,type,n,total_households\nE01000001,Detached,41,41\n"), plain);
    size_t n = try_figures(t, "E01000001", "", &f);
    assert_int_equal(n, 2);
    assert_true(f[0].total.v == 40 && f[1].total.v == 41);
    figures_sum(&t->a, f, n, &s, &n_sums);
    assert_int_equal(n_sums, 2); // never one out of two tables
    testdb_close(t);
}

static void the_newest_import_is_read_and_undo_brings_back_the_older(void **state)
{
    UNUSED(state);
    struct testdb *t = testdb_open();
    struct figure *f;
    str older = STR("LSOA21CD,tenure,n,total_households\nE01000001,Owned,40,40\n"),
        newer = STR("LSOA21CD,tenure,n,total_households\nE01000001,Owned,50,50\n");
    struct import_result one = try_load(t, older, plain), two = try_load(t, newer, plain);
    assert_false(one.unchanged || two.unchanged);
    assert_true(try_load(t, older, plain).unchanged); // the same file again changes nothing
    assert_int_equal(try_figures(t, "E01000001", "", &f), 1);
    assert_true(f[0].value.v == 50 && f[0].import.v == two.id.v);
    no_error(import_undo(t->db, &t->a, two.id));
    assert_int_equal(try_figures(t, "E01000001", "", &f), 1);
    assert_true(f[0].value.v == 40 && f[0].import.v == one.id.v);
    no_error(import_undo(t->db, &t->a, one.id));
    assert_int_equal(try_figures(t, "E01000001", "", &f), 0);
    testdb_close(t);
}

static void sums_over_areas_say_what_is_not_known(void **state)
{
    UNUSED(state);
    struct arena a;
    arena_init(&a);
    struct figure f[3] = {
        {.period = STR("2021"), .value = some_f64(3), .total = some_f64(10), .indicator = {7}},
        {.period = STR("2021"), .total = some_f64(20), .indicator = {7}, .status = FIGURE_MISSING},
        {.period = STR("2021"), .value = some_f64(4), .total = some_f64(30), .indicator = {7}}};
    struct figure_sum *s;
    size_t n;
    figures_sum(&a, f, 3, &s, &n);
    assert_int_equal(n, 1);
    assert_true(s[0].value == 7 && s[0].total == 40 && s[0].areas == 2 && s[0].unknown == 1);
    f[2].period = STR("2011"); // another year is another figure
    figures_sum(&a, f, 3, &s, &n);
    assert_int_equal(n, 2);
    arena_fini(&a);
}

// ---- the files at hand ------------------------------------------------------------------------

static void the_six_tables_of_oxford(void **state)
{
    UNUSED(state);
    static const struct {
        const char *file, *family;
        size_t categories;
        double total;
    } want[] = {
        {"disability21_lsoa21_ew", "census_disability", 2, 162029},
        {"ethnicity21_lsoa21", "census_ethnic_group", 5, 162058},
        {"household_deprivation21_lsoa21", "census_household_deprivation", 5, 55236},
        {"household_overcrowding21_lsoa21", "census_occupancy_rating", 5, 55251},
        {"household_tenure21_lsoa21", "census_tenure", 8, 55254},
        {"household_type21_lsoa21", "census_accommodation_type", 8, 55228},
    };
    struct testdb *t = testdb_open();
    for (size_t i = 0; i < countof(want); i++) {
        const char *path = str_fmt(&t->a, "oxford/population/census2021_%s.csv", want[i].file).p;
        struct arena file;
        arena_init(&file);
        const char *root = getenv("DOORSTEP_DATA");
        if (!root || !*root)
            testdb_close(t);
        str text = data_or_skip(&file, "the_six_tables_of_oxford", path);
        struct import_job *job = try_check(t, text, plain);
        assert_str(str_c(job->family->name), "census");
        assert_int_equal(job->n_problems, 0);
        assert_int_equal(job->rows_read, 84 * want[i].categories);
        assert_int_equal(job->vintage, 2021);
        try_load(t, text, plain);
        double total = 0;
        str rest = text, line, code, last = STR("");
        size_t areas = 0;
        while (str_next(&rest, '\n', &line)) {
            size_t at = str_find(line, STR("E0"), 0);
            code = str_slice(line, at, at + 9);
            if (code.n < 9 || str_eq(code, last))
                continue;
            last = code;
            struct figure *f;
            size_t n = try_figures(t, str_z(&t->a, code), want[i].family, &f);
            assert_int_equal(n, want[i].categories);
            double sum = 0;
            for (size_t k = 0; k < n; k++)
                sum += f[k].value.v;
            assert_true(sum == f[0].total.v);
            total += f[0].total.v;
            areas++;
        }
        assert_int_equal(areas, 84);
        assert_true(total == want[i].total);
        arena_fini(&file);
    }
    testdb_close(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_out_of_words),
        cmocka_unit_test(titles_are_split),
        cmocka_unit_test(a_long_table_in_any_order_of_columns),
        cmocka_unit_test(sums_that_do_not_come_out),
        cmocka_unit_test(rows_that_cannot_be),
        cmocka_unit_test(missing_cells_stay_missing),
        cmocka_unit_test(a_bulk_file),
        cmocka_unit_test(a_bulk_file_that_is_wrong),
        cmocka_unit_test(a_total_that_is_missing_cannot_be_checked),
        cmocka_unit_test(a_table_without_totals_is_told),
        cmocka_unit_test(categories_that_overlap),
        cmocka_unit_test(other_kinds_and_years_of_areas),
        cmocka_unit_test(each_table_keeps_its_own_total),
        cmocka_unit_test(the_newest_import_is_read_and_undo_brings_back_the_older),
        cmocka_unit_test(sums_over_areas_say_what_is_not_known),
        cmocka_unit_test(the_six_tables_of_oxford),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
