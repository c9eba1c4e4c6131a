// SPDX-License-Identifier: AGPL-3.0-or-later
// Covers place/import_iod.c and how profiles lay several imports over one another (profile.c):
// the newest wins measure by measure, units, shapes, and what must be refused.
#include "base/base.h"
#include "import_try.h"
#include "place/profile.h"
#include "testdb.h"

#define CODE "E01990001"
#define AREA                                                                                       \
    "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":{"         \
    "\"LSOA11CD\":\"" CODE "\",\"LSOA11NM\":\"Testing 001A\"},\"geometry\":{\"type\":\"Polygon\"," \
    "\"coordinates\":[[[-1.2,51.7],[-1.2,51.71],[-1.19,51.71],[-1.19,51.7],[-1.2,51.7]]]}}]}"
#define RANK " Rank (where 1 is most deprived)"
#define FILE7                                                                                      \
    "LSOA code (2011),Index of Multiple Deprivation (IMD) Score,"                                  \
    "Index of Multiple Deprivation (IMD)" RANK ",Income Score (rate),Income" RANK "\n"

static struct reading read_domain(struct testdb *t, enum domain d)
{
    struct db_tx *tx;
    struct profile p;
    bool found;
    no_error(db_read_public(t->db, &t->a, &tx));
    no_error(profile_read(tx, &t->a, STR(CODE), date_of_ms(1700000000000), &p, &found));
    db_read_end(tx);
    assert_true(found);
    assert_int_equal(p.n_editions, 1);
    return p.small[0].reading[0][d];
}

static void assert_reading(struct testdb *t, enum domain d, int rank, int decile, double score)
{
    struct reading r = read_domain(t, d);
    assert_int_equal(r.status, READING_PUBLISHED);
    assert_int_equal(r.rank, rank);
    assert_int_equal(r.decile, decile);
    assert_true(r.score.has);
    assert_float_equal(r.score.v, score, 1e-12);
}

static struct testdb *with_area(void)
{
    struct testdb *t = testdb_open();
    try_load(t, STR(AREA), (struct import_opts){.family = STR("areas")});
    return t;
}

static struct import_result load_2019(struct testdb *t, const char *text)
{
    return try_load(t, str_c(text), (struct import_opts){.family = STR("iod2019")});
}

static void ranks_alone_leave_the_scores(void **state)
{
    UNUSED(state);
    struct testdb *t = with_area();
    load_2019(t, FILE7 CODE ",32.854,6730,0.21,6059\n");
    assert_reading(t, DOMAIN_IMD, 6730, 3, 32.854);
    struct import_result ranks = load_2019(t, "LSOA11CD,IMD19\n" CODE ",100\n");
    assert_reading(t, DOMAIN_IMD, 100, 1, 32.854);
    assert_reading(t, DOMAIN_INCOME, 6059, 2, 0.21);
    // undone, what was there counts again
    no_error(import_undo(t->db, &t->a, ranks.id));
    assert_reading(t, DOMAIN_IMD, 6730, 3, 32.854);
    testdb_close(t);
}

static void scores_alone_leave_the_ranks(void **state)
{
    UNUSED(state);
    struct testdb *t = with_area();
    load_2019(t, FILE7 CODE ",32.854,6730,0.21,6059\n");
    load_2019(t, "LSOA11CD,Income_score\n" CODE ",0.5\n");
    assert_reading(t, DOMAIN_INCOME, 6059, 2, 0.5);
    testdb_close(t);
}

static void an_empty_row_says_not_published(void **state)
{
    UNUSED(state);
    struct testdb *t = with_area();
    load_2019(t, FILE7 CODE ",32.854,6730,0.21,6059\n");
    load_2019(t, FILE7 CODE ",32.854,6730,,\n");
    struct reading r = read_domain(t, DOMAIN_INCOME);
    assert_int_equal(r.status, READING_SUPPRESSED);
    assert_int_equal(r.rank, 0);
    assert_false(r.score.has);
    assert_reading(t, DOMAIN_IMD, 6730, 3, 32.854);
    testdb_close(t);
}

static void readings_are_laid_measure_by_measure(void **state)
{
    UNUSED(state);
    const struct edition e = {2019, 2011, 32844};
    const opt_i64 no = {0};
    struct reading r = {0}, all = reading_of(some_i64(6730), some_i64(3), some_f64(32.8), &e);
    reading_lay(&r, all);
    assert_memory_equal(&r, &all, sizeof r);
    // a decile alone that fits keeps the rank; one that does not takes it away
    reading_lay(&r, reading_of(no, some_i64(3), (opt_f64){0}, &e));
    assert_int_equal(r.rank, 6730);
    reading_lay(&r, reading_of(no, some_i64(4), (opt_f64){0}, &e));
    assert_int_equal(r.rank, 0);
    assert_int_equal(r.decile, 4);
    assert_int_equal(r.band, 4);
    assert_true(r.score.has);
    // in an edition nobody knows a rank has no decile of its own, but may have had one
    const struct edition unknown = {2031, 0, 0};
    r = reading_of(some_i64(5), some_i64(1), (opt_f64){0}, &unknown);
    reading_lay(&r, reading_of(some_i64(5), no, some_f64(1), &unknown));
    assert_int_equal(r.decile, 1);
    assert_int_equal(r.band, 1);
    reading_lay(&r, reading_of(some_i64(6), no, (opt_f64){0}, &unknown));
    assert_int_equal(r.decile, 0);
    assert_int_equal(r.band, 0);
}

// mySociety's composite of the four nations: England's own scores, its rates in percent.
#define COMPOSITE                                                                                  \
    "nation,lsoa,overall_local_score,income_score,employment_score,UK_IMD_E_score,"                \
    "original_decile,UK_IMD_E_rank\n"

static void the_composite_in_its_own_units(void **state)
{
    UNUSED(state);
    struct testdb *t = with_area();
    load_2019(t, FILE7 CODE ",32.854,6730,0.3,6059\n");
    struct import_job *job = try_check(
        t, STR(COMPOSITE "E," CODE ",32.9,21.0,13.8,40.1,3,8804\nW,W01000001,9,9,9,9,1,1\n"),
        (struct import_opts){.family = STR("iod2019")});
    assert_int_equal(job->n_problems, 0);
    assert_int_equal(job->rows_loaded, 3);
    assert_int_equal(job->notices.n, 1);
    assert_says(job->notices.v[0].sentence, "1 rows are not in England");
    size_t passed = 0;
    for (size_t i = 0; i < job->columns.n; i++)
        passed += job->columns.v[i].meaning.n == 0;
    assert_int_equal(passed, 3); // nation, UK_IMD_E_score, UK_IMD_E_rank
    load_2019(t, COMPOSITE "E," CODE ",32.9,21.0,13.8,40.1,3,8804\n");
    assert_reading(t, DOMAIN_IMD, 6730, 3, 32.9);
    assert_reading(t, DOMAIN_INCOME, 6059, 2, 0.21);
    assert_float_equal(read_domain(t, DOMAIN_EMPLOYMENT).score.v, 0.138, 1e-12);
    testdb_close(t);
}

static void what_must_be_refused(void **state)
{
    UNUSED(state);
    struct testdb *t = with_area();
    const struct import_opts o = {.family = STR("iod2019")};
    try_refused(t, STR(FILE7 CODE ",1,6730,21.0,6059\n"), o,
                "row 2, column Income Score (rate): “21.0” is no rate");
    try_refused(t, STR(FILE7 CODE ",1,6730,-0.1,6059\n"), o, "is no rate");
    try_refused(t, STR(COMPOSITE "E," CODE ",32.9,101,13.8,40.1,3,8804\n"), o,
                "a share between 0 and 100");
    try_refused(t, STR(FILE7 CODE ",1,32845,0.2,6059\n"), o, "not between 1 and 32844");
    try_refused(t, STR(FILE7 "W01000001,1,6730,0.2,6059\n"), o, "not in England");
    try_refused(t, STR(FILE7 CODE ",1,6730,0.2,6059\n" CODE ",1,6730,0.2,6059\n"), o, "twice");
    testdb_close(t);
}

// What is loaded are figures, one for each kind of deprivation of each area.
static void what_an_import_counts(void **state)
{
    (void)state;
    static const char *const names[] = {"iod2019", "iod2025", "iod"};
    for (size_t i = 0; i < countof(names); i++) {
        const struct import_family *f = import_family_find(str_c(names[i]));
        assert_non_null(f);
        assert_non_null(f->counts);
        assert_string_equal(f->counts, "figures");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranks_alone_leave_the_scores),
        cmocka_unit_test(scores_alone_leave_the_ranks),
        cmocka_unit_test(an_empty_row_says_not_published),
        cmocka_unit_test(readings_are_laid_measure_by_measure),
        cmocka_unit_test(the_composite_in_its_own_units),
        cmocka_unit_test(what_must_be_refused),
        cmocka_unit_test(what_an_import_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
