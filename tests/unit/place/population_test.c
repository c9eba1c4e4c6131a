// SPDX-License-Identifier: AGPL-3.0-or-later
// Covers place/import_population.c: people by single year of age, and the file at hand.
#include "base/base.h"
#include "import_try.h"
#include "testdb.h"
#include "place/area.h"
#include "place/profile_sql.h"

enum { AGES = 91 };

// A table of one row: `head` before the ages, each age called by `name`, then counts 1, 2, 3 ….
static str table_of(struct arena *a, const char *head, const char *name, const char *top,
                    const char *row)
{
    struct buf b;
    buf_init(&b, a, 1 << 16);
    buf_c(&b, head);
    for (int i = 0; i < AGES; i++) {
        buf_c(&b, ",");
        buf_c(&b, name);
        buf_fmt(&b, "%d", i);
        if (i == AGES - 1)
            buf_c(&b, top);
    }
    buf_c(&b, "\n");
    buf_c(&b, row);
    for (int i = 0; i < AGES; i++)
        buf_fmt(&b, ",%d", i + 1);
    buf_c(&b, "\n");
    return buf_text(&b);
}

enum { SUM = 91 * 92 / 2 };

static struct import_result load_named(struct testdb *t, str text, const char *file,
                                       struct import_opts o)
{
    struct import_job *job;
    struct import_result r;
    no_error(import_open(&t->a, text, str_c(file), &o, &job));
    assert_str(str_c(job->family->name), "population");
    no_error(import_load(t->db, job, 1700000000000, &r));
    return r;
}

// The newest import of it.
static struct q_profile_population read_back(struct testdb *t, const char *code)
{
    struct db_tx *tx;
    struct q_profile_population *r;
    size_t n;
    no_error(db_read_public(t->db, &t->a, &tx));
    no_error(q_profile_population_all(
        tx, &t->a, &(struct q_profile_population_in){str_c(code), STR("lsoa")}, &r, &n));
    db_read_end(tx);
    assert_true(n > 0);
    return r[n - 1];
}

static void ages_in_one_row(void **state)
{
    (void)state;
    struct testdb *t = testdb_open();
    str text = table_of(&t->a, "lsoa21_code,total_population", "", "+", "E01000001,4186");
    struct import_result r = load_named(t, text, "population_mid2022.csv", (struct import_opts){0});
    assert_int_equal(r.rows, 1);
    struct q_profile_population p = read_back(t, "E01000001");
    assert_int_equal(p.total, SUM);
    assert_int_equal(p.vintage, 2021);
    assert_str(p.period, "mid-2022");
    assert_true(str_starts(p.ages, STR("1,2,3,")));
    assert_true(str_ends(p.ages, STR(",90,91")));
    testdb_close(t);
}

static void headings_of_other_shapes(void **state)
{
    (void)state;
    struct testdb *t = testdb_open();
    struct import_opts o = {.period = STR("mid-2020"), .vintage = 2011};
    str official = table_of(&t->a, "LSOA Code,LSOA Name,LA Code (2018 boundaries),All Ages", "",
                            "+", "E01000001,Mill 001A,E07000999,4186");
    load_named(t, official, "SAPE.csv", o);
    assert_int_equal(read_back(t, "E01000001").vintage, 2011);
    str spoken = table_of(&t->a, "LSOA 2021 Code,Total", "Age ", "", "E01000002,\"4,186\"");
    load_named(t, spoken, "x.csv", o);
    assert_int_equal(read_back(t, "E01000002").vintage, 2021);
    // women and men apart: F0 … F90, M0 … M90
    struct buf b;
    buf_init(&b, &t->a, 1 << 16);
    buf_c(&b, "LSOA 2021 Code,Total");
    for (int i = 0; i < 2 * AGES; i++)
        buf_fmt(&b, ",%c%d", i < AGES ? 'F' : 'M', i % AGES);
    buf_c(&b, "\nE01000003,182");
    for (int i = 0; i < 2 * AGES; i++)
        buf_c(&b, ",1");
    buf_c(&b, "\n");
    load_named(t, buf_text(&b), "x.csv", o);
    assert_int_equal(read_back(t, "E01000003").total, 2 * AGES);
    assert_true(str_starts(read_back(t, "E01000003").ages, STR("2,2,2,")));
    testdb_close(t);
}

static void what_must_be_refused(void **state)
{
    (void)state;
    struct testdb *t = testdb_open();
    struct import_opts o = {.period = STR("mid-2022")};
    str good = table_of(&t->a, "lsoa21_code,total", "", "+", "E01000001,4186");
    try_refused(t, good, (struct import_opts){0}, "--period");
    try_refused(t, table_of(&t->a, "lsoa21_code,total", "", "+", "E01000001,4187"), o,
                "add up to 4186, but the total says 4187");
    try_refused(t, str_replace(&t->a, good, STR(",90,91"), STR(",,91")), o, "empty field is not 0");
    try_refused(t, str_replace(&t->a, good, STR(",90,91"), STR(",-1,91")), o, "fewer than 0");
    try_refused(t, str_replace(&t->a, good, STR(",90,91"), STR(",many,91")), o, "not a number");
    try_refused(t, str_replace(&t->a, good, STR(",90,91"), STR(",90")), o, "cut off");
    try_refused(t, str_replace(&t->a, good, STR(",89,"), STR(",old,")), o, "aged 89");
    try_refused(t,
                str_fmt(&t->a, "%" PRIstr "E01000001%" PRIstr, ARGstr(good),
                        ARGstr(str_slice(good, str_find(good, STR(",4186"), 0), good.n))),
                o, "it was in row 2 already");
    try_refused(t, table_of(&t->a, "lsoacode,total", "", "+", "E01000001,4186"), o, "no year");
    try_refused(t, good,
                (struct import_opts){.period = STR("mid-2022"), .district = STR("E07000999")},
                "which district");
    testdb_close(t);
}

static void a_row_in_error_is_named(void **state)
{
    (void)state;
    struct testdb *t = testdb_open();
    str text = table_of(&t->a, "lsoa21_code,total", "", "+", "E01000001,4000");
    struct import_job *job = try_check(t, text, (struct import_opts){.period = STR("mid-2022")});
    assert_int_equal(job->n_problems, 1);
    assert_int_equal(job->problems.v[0].row, 2);
    assert_str(job->problems.v[0].column, "total");
    assert_str(err_root(import_refusal(job)),
               "file.csv: row 2, column total: The ages of E01000001 add up to 4186, but the total "
               "says 4000.");
    testdb_close(t);
}

static void undo_brings_the_older_back(void **state)
{
    (void)state;
    struct testdb *t = testdb_open();
    struct import_opts o = {.period = STR("mid-2022")};
    str text = table_of(&t->a, "lsoa21_code,total", "", "+", "E01000001,4186");
    try_load(t, text, o);
    str other = str_replace(&t->a, text, STR("4186,1,"), STR("4190,5,"));
    struct import_result r = try_load(t, other, o);
    assert_int_equal(read_back(t, "E01000001").total, 4190);
    no_error(import_undo(t->db, &t->a, r.id));
    assert_int_equal(read_back(t, "E01000001").total, 4186);
    testdb_close(t);
}

static void the_real_estimates(void **state)
{
    (void)state;
    struct testdb *t = testdb_open();
    const char *file = "oxford/population/population_mid2020_lsoa11_single_year.csv";
    str text = data_or_skip(&t->a, "the_real_estimates", file);
    struct import_result r = load_named(t, text, file, (struct import_opts){0});
    assert_int_equal(r.rows, 83);
    try_load(
        t, data_or_skip(&t->a, "the_real_estimates", "oxford/boundaries/lsoa11_bgc_drkane.geojson"),
        (struct import_opts){0});
    struct db_tx *tx;
    struct area_ref *v;
    size_t n;
    int64_t people = 0;
    no_error(db_read_public(t->db, &t->a, &tx));
    no_error(area_in_box(tx, &t->a, STR("lsoa"), 2011, (box){-9, 49, 3, 61}, &v, &n));
    db_read_end(tx);
    assert_int_equal(n, 83);
    for (size_t i = 0; i < n; i++)
        people += read_back(t, str_z(&t->a, v[i].code)).total;
    assert_int_equal(people, 151584);
    assert_int_equal(read_back(t, "E01028513").total, 2085);
    assert_str(read_back(t, "E01028513").period, "mid-2020");
    testdb_close(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ages_in_one_row),
        cmocka_unit_test(headings_of_other_shapes),
        cmocka_unit_test(what_must_be_refused),
        cmocka_unit_test(a_row_in_error_is_named),
        cmocka_unit_test(undo_brings_the_older_back),
        cmocka_unit_test(the_real_estimates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
