// SPDX-License-Identifier: AGPL-3.0-or-later
// Tables somebody made, and mappings saved for the next one of the same make.
#include "base/base.h"
#include "import_try.h"
#include "place/mapping.h"
#include "testdb.h"

static const struct import_opts told = {.family = STR("long"),
                                        .title = STR("Library visits"),
                                        .unit = STR("visits"),
                                        .period = STR("2024"),
                                        .source = STR("Town Council"),
                                        .licence = STR("Open Government Licence v3.0")};

static void a_mapping_as_text(void **state)
{
    UNUSED(state);
    struct arena a;
    struct mapping m, back;
    arena_init(&a);
    no_error(
        mapping_parse(&a, STR("code = Area code ;value=Visits\\; all \\\\ told;unit=visits;"), &m));
    assert_str(m.code, "Area code");
    assert_str(m.value, "Visits; all \\ told");
    assert_str(m.unit, "visits");
    assert_int_equal(m.total.n, 0);
    no_error(mapping_parse(&a, mapping_text(&a, &m), &back));
    assert_str(back.value, "Visits; all \\ told");
    assert_str(mapping_text(&a, &back), "code=Area code;value=Visits\\; all \\\\ told;unit=visits");
    assert_non_null(mapping_parse(&a, STR("code=A;colour=red"), &m));
    assert_non_null(mapping_parse(&a, STR("code"), &m));
    arena_fini(&a);
}

static void a_mapping_never_overrules_what_is_said(void **state)
{
    UNUSED(state);
    struct arena a;
    arena_init(&a);
    struct import_opts o = {.unit = STR("people")};
    no_error(mapping_apply(&a, STR("code=A;unit=visits;title=Visits;year=2021"), &o));
    assert_str(o.unit, "people");
    assert_str(o.title, "Visits");
    assert_int_equal(o.vintage, 2021);
    assert_str(o.columns, "code=A;unit=visits;title=Visits;year=2021");
    arena_fini(&a);
}

static void columns_are_guessed(void **state)
{
    UNUSED(state);
    struct testdb *t = testdb_open();
    struct figure *f;
    str text = STR("Place,LSOA21CD,Opened,Visits\nNorth,E01000001,yes,\"1,234\"\n"
                   "South,E01000002,no,-\n");
    struct import_job *job = try_check(t, text, told);
    assert_int_equal(job->n_problems, 0);
    assert_str(job->columns.v[1].meaning, "area code");
    assert_str(job->columns.v[3].meaning, "number");
    assert_true(str_is_none(job->columns.v[0].meaning));
    try_load(t, text, told);
    assert_int_equal(try_figures(t, "E01000001", "own_library_visits", &f), 1);
    assert_true(f[0].value.v == 1234);
    assert_str(f[0].title, "Library visits");
    assert_str(f[0].unit, "visits");
    assert_str(f[0].period, "2024");
    assert_int_equal(try_figures(t, "E01000002", "own_library_visits", &f), 1);
    assert_true(!f[0].value.has && f[0].status == FIGURE_MISSING);
    struct db_tx *tx;
    struct import_row *rows;
    size_t n;
    no_error(db_read(t->db, &t->a, &tx));
    no_error(import_list(tx, &t->a, &rows, &n));
    db_read_end(tx);
    assert_int_equal(n, 1);
    assert_str(rows[0].publisher, "Town Council");
    assert_str(rows[0].licence, "Open Government Licence v3.0");
    assert_str(rows[0].title, "Library visits");
    testdb_close(t);
}

static void columns_are_told(void **state)
{
    UNUSED(state);
    struct testdb *t = testdb_open();
    struct figure *f;
    struct import_opts o = told;
    o.family = STR(""); // a mapping says what it is
    o.period = STR("");
    o.vintage = 2021;
    o.columns =
        STR("code=Where;value=Adults;category=Kind of visit;period=When;total=All;suppressed=#");
    str text = STR("Where,When,Kind of visit,Adults,Children,All\n"
                   "E01000001,2023,Loan,5,9,20\nE01000001,2024,Loan,6,9,21\n"
                   "E01000001,2024,Talk,#,9,21\n");
    try_load(t, text, o);
    assert_int_equal(try_figures(t, "E01000001", "own_library_visits", &f), 3);
    assert_str(f[0].name, "loan");
    assert_str(f[0].period, "2023");
    assert_true(f[1].value.v == 6 && f[1].total.v == 21);
    assert_str(f[2].title, "Talk");
    assert_true(f[2].status == FIGURE_SUPPRESSED && !f[2].value.has);
    o.columns = STR("code=Where;value=Grown-ups");
    o.period = STR("2024");
    try_refused(t, text, o, "row 1, column Grown-ups: There is no column with this heading");
    o.columns = STR("code=Where;worth=Adults");
    try_refused(t, text, o, "“worth=Adults” is not part of a mapping");
    testdb_close(t);
}

// Rule 2 of the open-data reference: no figure without source and licence.
static void what_the_table_cannot_say_is_asked_for(void **state)
{
    UNUSED(state);
    struct testdb *t = testdb_open();
    str text = STR("LSOA21CD,n\nE01000001,1\n");
    static const char *const part[] = {"licence", "(the source)", "what is counted", "which unit",
                                       "which period"};
    for (size_t i = 0; i < countof(part); i++) {
        struct import_opts o = told;
        str *gone[] = {&o.licence, &o.source, &o.title, &o.unit, &o.period};
        *gone[i] = STR("");
        try_refused(t, text, o, part[i]);
    }
    struct import_opts o = told;
    o.family = STR("");
    try_refused(t, STR("Borough,Things\nNorth,1\n"), o, "load it as a table of your own");
    testdb_close(t);
}

static void rows_that_cannot_be(void **state)
{
    UNUSED(state);
    struct testdb *t = testdb_open();
    try_refused(t, STR("LSOA21CD,n\nE01000001,1\nE01000001,2\n"), told,
                "row 3, column LSOA21CD: E01000001 is there twice with the same period; it was in "
                "row 2 already");
    try_refused(t, STR("LSOA21CD,n\nE01000001,lots\n"), told, "“lots” is not a number");
    try_refused(t, STR("LSOA21CD,n\nTown,1\n"), told, "“Town” is not an area code");
    try_refused(t, STR("Area code,n\nE01000001,1\nE01000002,1\n"), told,
                "row 2, column Area code: Of which year are these areas?");
    try_refused(t, STR("Where,What\nhere,this\n"), told, "Say which column holds the area's code");
    testdb_close(t);
}

static err save(struct db_tx *tx, void *ctx)
{
    const struct mapping *m = ctx;
    TRY(mapping_save(tx, STR("libraries"), STR("long"), m, 5));
    return mapping_save(tx, STR("parks"), STR("long"), m, 6);
}

static err drop(struct db_tx *tx, void *ctx)
{
    UNUSED(ctx);
    return mapping_delete(tx, STR("parks"));
}

static void mappings_are_saved_by_name(void **state)
{
    UNUSED(state);
    struct testdb *t = testdb_open();
    struct mapping m = {.code = STR("Where"), .value = STR("A;B")};
    struct mapping_saved *v, one;
    struct db_tx *tx;
    size_t n;
    bool found;
    no_error(db_write(t->db, &t->a, save, &m));
    m.value = STR("C");
    no_error(db_write(t->db, &t->a, save, &m)); // replaced, not doubled
    no_error(db_write(t->db, &t->a, drop, NULL));
    no_error(db_read_public(t->db, &t->a, &tx));
    no_error(mapping_list(tx, &t->a, &v, &n));
    assert_int_equal(n, 1);
    no_error(mapping_find(tx, &t->a, STR("libraries"), &one, &found));
    assert_true(found);
    assert_str(one.columns, "code=Where;value=C");
    assert_str(one.family, "long");
    no_error(mapping_find(tx, &t->a, STR("parks"), &one, &found));
    assert_false(found);
    db_read_end(tx);
    testdb_close(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mapping_as_text),
        cmocka_unit_test(a_mapping_never_overrules_what_is_said),
        cmocka_unit_test(columns_are_guessed),
        cmocka_unit_test(columns_are_told),
        cmocka_unit_test(what_the_table_cannot_say_is_asked_for),
        cmocka_unit_test(rows_that_cannot_be),
        cmocka_unit_test(mappings_are_saved_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
