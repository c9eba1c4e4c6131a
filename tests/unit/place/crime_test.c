// SPDX-License-Identifier: AGPL-3.0-or-later
// Covers place/import_crime.c, crime_write.c, crime_ground.c, crime_store.c and crime_list.c: traps
// D14 to D17 of the open-data chapter, several imports of one month, and the files at hand.
#include "base/base.h"
#include "import_try.h"
#include "place/crime_ground.h"
#include "place/crime_sql.h"
#include "place/crime_store.h"
#include "testdb.h"

#define HEAD                                                                                       \
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,"     \
    "Crime type,Last outcome category,Context\n"
#define ROW(month, code, name, kind)                                                               \
    "," month ",Mill Police,Mill Police,-1.25,51.75,On or near The Holt," code "," name "," kind   \
    ",,\n"
#define NO_PLACE(month)                                                                            \
    "," month ",Mill Police,Mill Police,,,No Location,,,Burglary,Under investigation,\n"

static const struct import_opts plain = {0};

static struct crime_table table_of(struct testdb *t, const char *const *code, size_t n,
                                   int64_t from)
{
    struct db_tx *tx;
    struct crime_table r;
    str *s = arena_new_array(&t->a, n, str);
    for (size_t i = 0; i < n; i++)
        s[i] = str_c(code[i]);
    no_error(db_read_public(t->db, &t->a, &tx));
    no_error(crime_by_month(tx, &t->a, s, n, from, &r));
    db_read_end(tx);
    return r;
}

static struct crime_table table_of_one(struct testdb *t, const char *code)
{
    return table_of(t, &code, 1, 0);
}

static const struct crime_month *month_in(const struct crime_table *r, int64_t month)
{
    for (size_t i = 0; i < r->n_months; i++)
        if (r->month[i].month == month)
            return &r->month[i];
    return NULL;
}

static struct crime_row *page_of(struct testdb *t, const char *const *code, size_t n,
                                 const struct crime_after *after, size_t most, size_t *ret_n,
                                 bool *ret_more)
{
    struct db_tx *tx;
    struct crime_row *r;
    str *s = arena_new_array(&t->a, n, str);
    for (size_t i = 0; i < n; i++)
        s[i] = str_c(code[i]);
    no_error(db_read_public(t->db, &t->a, &tx));
    no_error(crime_newest(tx, &t->a, s, n, after, most, &r, ret_n, ret_more));
    db_read_end(tx);
    return r;
}

static const struct q_crime_months *loaded(struct testdb *t, size_t want)
{
    struct db_tx *tx;
    struct q_crime_months *l;
    size_t n;
    no_error(db_read_public(t->db, &t->a, &tx));
    no_error(q_crime_months_all(tx, &t->a, &(struct q_crime_months_in){0}, &l, &n));
    db_read_end(tx);
    assert_int_equal(n, want);
    return l;
}

// D14: equal rows are real
static void equal_rows_are_kept(void **state)
{
    (void)state;
    struct testdb *t = testdb_open();
    str text = STR(HEAD ROW("2019-01", "E01000001", "Mill 001A", "Burglary")
                       ROW("2019-01", "E01000001", "Mill 001A", "Burglary")
                           ROW("2019-01", "E01000001", "Mill 001A", "Anti-social behaviour"));
    assert_int_equal(try_load(t, text, plain).rows, 3);
    struct crime_table r = table_of_one(t, "E01000001");
    assert_int_equal(r.n_months, 1);
    assert_int_equal(r.total, 3);
    assert_int_equal(r.n_kinds, 2);
    assert_str(r.kind[0], "Anti-social behaviour");
    assert_int_equal(r.month[0].n[0], 1);
    assert_int_equal(r.month[0].n[1], 2);
    assert_int_equal(r.kind_total[1], 2);
    assert_int_equal(r.n_imports, 1);
    testdb_close(t);
}

// D15: kept, counted, in no area
static void rows_without_a_place(void **state)
{
    (void)state;
    struct testdb *t = testdb_open();
    str text = STR(HEAD NO_PLACE("2019-01") ROW("2019-01", "E01000001", "Mill 001A", "Burglary")
                       NO_PLACE("2019-01"));
    assert_says(try_notices(try_check(t, text, plain)), "2 crimes have no place");
    assert_says(try_notices(try_check(t, text, plain)), "3 crimes have no number");
    assert_int_equal(try_load(t, text, plain).rows, 3);
    struct crime_table r = table_of_one(t, "E01000001");
    assert_int_equal(r.total, 1);
    assert_int_equal(r.month[0].unplaced, 2);
    const struct q_crime_months *l = loaded(t, 1);
    assert_str(l[0].force, "Mill Police");
    assert_int_equal(l[0].month, 201901);
    assert_int_equal(l[0].rows_n, 3);
    assert_int_equal(l[0].unplaced, 2);
    testdb_close(t);
}

static void name_areas(struct testdb *t)
{
    try_load(t,
             STR("lsoa11_code,lsoa11_name\nE01000001,Mill 001A\nE01000002,Mill 001B\n"
                 "E01000003,Mill 001C\nE01000009,Elsewhere 001A\n"),
             (struct import_opts){.family = STR("area-names")});
}

// D17: absent is 0 in a month that is loaded, and not known in one that is not
static void none_is_not_the_same_as_not_known(void **state)
{
    (void)state;
    struct testdb *t = testdb_open();
    name_areas(t);
    try_load(t,
             STR(HEAD ROW("2019-01", "E01000001", "Mill 001A", "Burglary")
                     ROW("2019-01", "E01000002", "Mill 001B", "Burglary")
                         ROW("2019-03", "E01000001", "Mill 001A", "Burglary")
                             ROW("2019-03", "E01000002", "Mill 001B", "Burglary")),
             plain);
    struct crime_table r = table_of_one(t, "E01000003"); // of a district that is covered
    assert_int_equal(r.n_months, 3);
    assert_int_equal(r.month[0].known, 1);
    assert_int_equal(r.month[0].total, 0);
    assert_int_equal(r.month[1].month, 201902);
    assert_int_equal(r.month[1].known, 0); // in between, not loaded
    assert_int_equal(r.month[2].known, 1);
    assert_int_equal(table_of_one(t, "E01000009").n_months, 0); // of another district
    const char *const both[] = {"E01000001", "E01000009"};
    r = table_of(t, both, 2, 0);
    assert_int_equal(month_in(&r, 201901)->known, 1);
    assert_int_equal(month_in(&r, 201901)->total, 1);
    assert_int_equal(table_of(t, both, 2, 201902).total, 1);
    testdb_close(t);
}

// Without a name of the area: two months of the force with rows make it the force's.
static void an_area_without_a_name(void **state)
{
    (void)state;
    struct testdb *t = testdb_open();
    try_load(t,
             STR(HEAD ROW("2019-01", "E01000001", "Mill 001A", "Burglary")
                     ROW("2019-02", "E01000001", "Mill 001A", "Burglary")
                         ROW("2019-02", "E01000002", "Mill 001B", "Burglary")
                             ROW("2019-03", "E01000002", "Mill 001B", "Burglary")
                                 ROW("2019-03", "E01000003", "Mill 001C", "Burglary")),
             plain);
    struct crime_table r = table_of_one(t, "E01000001");
    assert_int_equal(r.n_months, 3);
    assert_int_equal(month_in(&r, 201903)->known, 1);
    assert_int_equal(month_in(&r, 201903)->total, 0);
    assert_int_equal(table_of_one(t, "E01000003").n_months, 1); // one month says too little
    testdb_close(t);
}

// The whole force first, then one district of it again: nothing is counted twice.
static void a_month_loaded_again(void **state)
{
    (void)state;
    struct testdb *t = testdb_open();
    name_areas(t);
    try_load(t,
             STR(HEAD ROW("2019-01", "E01000001", "Mill 001A", "Burglary")
                     ROW("2019-01", "E01000002", "Mill 001B", "Burglary")
                         ROW("2019-01", "E01000003", "Mill 001C", "Drugs")
                             ROW("2019-01", "E01000009", "Elsewhere 001A", "Drugs")
                                 NO_PLACE("2019-01")),
             plain);
    str again = STR(HEAD ROW("2019-01", "E01000001", "Mill 001A", "Burglary")
                        ROW("2019-01", "E01000001", "Mill 001A", "Burglary")
                            ROW("2019-01", "E01000002", "Mill 001B", "Burglary"));
    assert_says(try_notices(try_check(t, again, plain)),
                "Mill Police 2019-01 is already loaded (import 2, 5 rows)");
    struct import_result second = try_load(t, again, plain);
    assert_int_equal(table_of_one(t, "E01000001").total, 2); // the newer rows, not three
    assert_int_equal(table_of_one(t, "E01000003").total, 0); // the newer file has none there
    assert_int_equal(table_of_one(t, "E01000003").n_months, 1);
    assert_int_equal(table_of_one(t, "E01000009").total, 1); // it does not cover Elsewhere
    assert_int_equal(table_of_one(t, "E01000001").month[0].unplaced, 1);
    const char *const all[] = {"E01000009", "E01000003", "E01000002", "E01000001"};
    size_t n;
    bool more;
    struct crime_row *row = page_of(t, all, 4, &(struct crime_after){0}, 50, &n, &more);
    assert_int_equal(n, 4);
    assert_false(more);
    assert_str(row[0].code, "E01000001");
    assert_int_equal(row[0].line, 3);
    assert_int_equal(row[1].line, 2);
    assert_str(row[3].code, "E01000009");
    assert_int_equal(table_of(t, all, 4, 0).total, 4);
    no_error(import_undo(t->db, &t->a, second.id));
    assert_int_equal(table_of_one(t, "E01000001").total, 1);
    assert_int_equal(table_of_one(t, "E01000003").total, 1);
    testdb_close(t);
}

// A neighbour's stray crimes neither replace the rows of the area's own force nor make its other
// areas known.
static void a_stray_crime_of_another_force(void **state)
{
    (void)state;
    struct testdb *t = testdb_open();
    name_areas(t);
    try_load(t,
             STR(HEAD ROW("2019-01", "E01000001", "Mill 001A", "Burglary")
                     ROW("2019-01", "E01000002", "Mill 001B", "Burglary")),
             plain);
    try_load(t,
             STR(HEAD
                 ",2019-01,Other Police,Other Police,-1.25,51.75,x,E01000001,Mill 001A,Drugs,,\n"
                 ",2019-02,Other Police,Other Police,-1.25,51.75,x,E01000002,Mill 001B,Drugs,,\n"),
             plain);
    assert_int_equal(table_of_one(t, "E01000001").total, 2); // one of each force
    struct crime_table r = table_of_one(t, "E01000001");
    assert_int_equal(r.n_months, 1); // 2019-02 is not known there
    const char *code = "E01000001";
    size_t n;
    bool more;
    page_of(t, &code, 1, &(struct crime_after){0}, 50, &n, &more);
    assert_int_equal(n, 2);
    testdb_close(t);
}

static void the_rule_by_itself(void **state)
{
    (void)state;
    str mill = STR("\nMill\n");
    const struct crime_part part[] = {
        {201901, STR("A"), {1}, 9, 0, STR("\nDale\nMill\n")},
        {201901, STR("A"), {4}, 9, 0, STR("\nDale\n")},
        {201901, STR("B"), {2}, 9, 0, STR("\nMillbrook\n")},
    };
    const struct crime_area area = {STR("E01000001"), &mill, 1};
    struct crime_winners w;
    crime_winners_find(part, 3, &area, NULL, 0, &w);
    assert_int_equal(w.n, 1);
    assert_int_equal(w.import[0].v,
                     1); // 4 is newer and covers Dale only; B's Millbrook is not Mill
    const import_id holds[] = {{4}, {2}};
    crime_winners_find(part, 3, &area, holds, 2, &w);
    assert_int_equal(w.n, 2);
    assert_true(crime_winners_has(&w, (import_id){4}) && crime_winners_has(&w, (import_id){2}));
    assert_false(crime_winners_has(&w, (import_id){1}));
}

static void districts_from_names(void **state)
{
    (void)state;
    str d;
    int msoa;
    assert_true(crime_district_of(STR("Vale of White Horse 015D"), &d, &msoa));
    assert_str(d, "Vale of White Horse");
    assert_int_equal(msoa, 15);
    assert_false(crime_district_of(STR("Oxford"), &d, &msoa));
    assert_false(crime_district_of(STR("Oxford 01A"), &d, &msoa));
    assert_false(crime_district_of(STR("Barton and Sandhills"), &d, &msoa));
    assert_false(crime_district_of(STR(""), &d, &msoa));
}

// 300 rows of three areas; some have none in some months.
static const char *const code[] = {"E01000003", "E01000001", "E01000002"};

static struct testdb *many_crimes(void)
{
    struct testdb *t = testdb_open();
    struct buf b;
    buf_init(&b, &t->a, 1 << 20);
    buf_c(&b, HEAD);
    for (int i = 0; i < 300; i++)
        if (i % 7 != 3)
            buf_fmt(&b,
                    ",20%02d-%02d,Mill Police,Mill Police,-1.25,51.75,Place %d,%s,Mill 001A,%s,,\n",
                    15 + i % 4, 1 + i % 5, i, code[i * i % 11 % 3], i % 2 ? "Burglary" : "Drugs");
    try_load(t, buf_text(&b), plain);
    return t;
}

static struct crime_after key_of(const struct crime_row *r)
{
    return (struct crime_after){r->month, r->import, r->line, r->code};
}

// Page by page or all at once: the same rows in the same order.
static void pages(void **state)
{
    (void)state;
    struct testdb *t = many_crimes();
    size_t n_all, n;
    bool more;
    struct crime_row *all = page_of(t, code, 3, &(struct crime_after){0}, 1000, &n_all, &more);
    assert_false(more);
    assert_int_equal(n_all, table_of(t, code, 3, 0).total);
    for (size_t i = 1; i < n_all; i++) {
        const struct crime_row *x = &all[i - 1], *y = &all[i];
        assert_true(x->month >= y->month);
        if (x->month == y->month)
            assert_true(str_cmp(x->code, y->code) < 0 ||
                        (str_eq(x->code, y->code) && x->line > y->line));
    }
    for (size_t size = 1; size < 60; size += 17) {
        struct crime_after after = {0};
        size_t seen = 0;
        do {
            struct crime_row *r = page_of(t, code, 3, &after, size, &n, &more);
            for (size_t i = 0; i < n; i++, seen++) {
                assert_int_equal(r[i].line, all[seen].line);
                assert_true(str_eq(r[i].place, all[seen].place));
            }
            if (n)
                after = key_of(&r[n - 1]);
        } while (more);
        assert_int_equal(seen, n_all);
    }
    testdb_close(t);
}

static struct crime_row *page_above(struct testdb *t, const struct crime_after *than, size_t most,
                                    size_t *ret_n, bool *ret_more)
{
    struct db_tx *tx;
    struct crime_row *r;
    str s[countof(code)];
    for (size_t i = 0; i < countof(code); i++)
        s[i] = str_c(code[i]);
    no_error(db_read_public(t->db, &t->a, &tx));
    no_error(crime_newer(tx, &t->a, s, countof(code), than, most, &r, ret_n, ret_more));
    db_read_end(tx);
    return r;
}

// From any row of the list the page above it is the rows that stand above it, in the same order.
static void pages_of_newer_ones(void **state)
{
    (void)state;
    struct testdb *t = many_crimes();
    size_t n_all, n;
    bool more;
    struct crime_row *all = page_of(t, code, 3, &(struct crime_after){0}, 1000, &n_all, &more);
    assert_true(n_all > 200);
    for (size_t from = 0; from < n_all; from += 13)
        for (size_t size = 1; size < 400; size *= 7) {
            struct crime_after than = key_of(&all[from]);
            struct crime_row *r = page_above(t, &than, size, &n, &more);
            assert_int_equal(n, from < size ? from : size);
            assert_int_equal(more, from > size);
            for (size_t i = 0; i < n; i++) {
                assert_int_equal(r[i].line, all[from - n + i].line);
                assert_true(str_eq(r[i].place, all[from - n + i].place));
            }
        }
    // a row that is not there, of a month and an area that are not: all that would stand above it
    page_above(t, &(struct crime_after){199001, 1, 1, STR("E01000009")}, 1000, &n, &more);
    assert_int_equal(n, n_all);
    page_above(t, &(struct crime_after){209901, 1, 1, STR("E01000009")}, 1000, &n, &more);
    assert_int_equal(n, 0);
    assert_false(more);
    testdb_close(t);
}

static void what_must_be_refused(void **state)
{
    (void)state;
    struct testdb *t = testdb_open();
    assert_str(try_trouble(t, STR(HEAD ROW("2019-13", "E01000001", "Mill 001A", "Burglary"))),
               "2, Month: “2019-13” is not a month written as YYYY-MM.");
    assert_says(try_trouble(t, STR(HEAD ROW("2019-01", "Mill", "Mill 001A", "Burglary"))),
                "2, LSOA code: “Mill” is not an area code");
    assert_says(try_trouble(t, STR(HEAD ROW("2019-01", "E01000001", "Mill 001A", ""))),
                "2, Crime type: The kind of crime is missing");
    assert_says(try_trouble(t, STR(HEAD ",2019-01,,,-1,51,x,E01000001,Mill 001A,Drugs,,\n")),
                "2, Falls within: The police force is missing");
    assert_says(
        try_trouble(t, STR(HEAD ",2019-01,P,P,51.75,-1.25,x,E01000001,Mill 001A,Drugs,,\n")),
        "as if the two columns are swapped");
    assert_says(try_trouble(t, STR(HEAD ",2019-01,P,P,-1.25,,x,E01000001,Mill 001A,Drugs,,\n")),
                "2, Latitude: One half");
    assert_says(try_trouble(t, STR(HEAD ",2019-01,P,P,-1.25,51.75,x,E01000001\n")), "cut off");
    struct import_opts o = {.family = STR("crime")};
    try_refused(t, STR("Month,Crime type\n2019-01,Drugs\n"), o,
                "There is no column “Falls within”");
    o = (struct import_opts){.district = STR("Nowhere")};
    try_refused(t, STR(HEAD ROW("2019-01", "E01000001", "Mill 001A", "Burglary")), o,
                "No row is of district Nowhere");
    o.district = STR("Mill");
    str two = STR(HEAD ROW("2019-01", "E01000001", "Mill 001A", "Burglary")
                      ROW("2019-01", "E01000009", "Elsewhere 001A", "Burglary"));
    assert_int_equal(try_load(t, two, o).rows, 1);
    testdb_close(t);
}

// ---- the files at hand --------------------------------------------------------------------------

static str file_or_skip(struct testdb *t, const char *name)
{
    return data_or_skip(&t->a, name, str_fmt(&t->a, "oxford/crime/%s-street.csv", name).p);
}

static int count_notice(struct import_job *job, const char *tail)
{
    str all = try_notices(job), line;
    int64_t n = 0;
    while (str_next(&all, '\n', &line))
        if (str_find(line, str_c(tail), 0) < line.n)
            assert_true(str_to_i64(str_slice(line, 0, str_find_byte(line, ' ')), &n));
    return (int)n;
}

static int by_text(const void *a, const void *b)
{
    return str_cmp(*(const str *)a, *(const str *)b);
}

// Rows of the file that are the same as another before them.
static int copies_in(struct testdb *t, str text)
{
    VEC(str) line = {0};
    str one;
    while (str_next(&text, '\n', &one))
        *vec_add(&t->a, &line) = one;
    qsort(line.v, line.n, sizeof(str), by_text);
    int n = 0;
    for (size_t i = 1; i < line.n; i++)
        n += line.v[i].n > 0 && str_eq(line.v[i], line.v[i - 1]);
    return n;
}

static void the_real_force_month(void **state)
{
    (void)state;
    struct testdb *t = testdb_open();
    str text = file_or_skip(t, "2019-01-thames-valley");
    struct import_job *job = try_check(t, text, plain);
    assert_int_equal(job->rows_read, 14993);
    assert_int_equal(job->n_problems, 0);
    assert_int_equal(count_notice(job, "crimes have no number"), 1879);
    assert_int_equal(count_notice(job, "crimes have no place"), 1489);
    assert_int_equal(try_load(t, text, plain).rows, 14993);
    assert_int_equal(copies_in(t, text), 586);
    const struct q_crime_months *l = loaded(t, 1);
    assert_int_equal(l[0].rows_n, 14993);
    assert_int_equal(l[0].unplaced, 1489);
    assert_says(l[0].areas, "\nAylesbury Vale\n");                        // since abolished: kept
    assert_true(str_find(l[0].areas, STR("Dacorum"), 0) == l[0].areas.n); // one stray row
    testdb_close(t);
}

struct oxford {
    const char *code[100];
    size_t n;
};

static void oxford_codes(struct testdb *t, struct oxford *ret)
{
    str text = data_or_skip(&t->a, "Oxford months", "oxford/deprivation/imd2019_lsoa11.csv");
    struct csv csv;
    bool more;
    csv_init(&csv, &t->a, text);
    no_error(csv_next(&csv, &t->a, &more));
    int at = -1;
    for (size_t i = 0; i < csv.n; i++)
        if (str_starts(csv.field[i], STR("lsoa11")) && at < 0)
            at = (int)i;
    assert_true(at >= 0);
    for (ret->n = 0;; ret->n++) {
        no_error(csv_next(&csv, &t->a, &more));
        if (!more)
            break;
        ret->code[ret->n] = str_z(&t->a, csv.field[at]);
    }
    assert_int_equal(ret->n, 83);
}

static void the_real_oxford_months(void **state)
{
    (void)state;
    static const struct {
        const char *file;
        int64_t month, rows;
    } files[] = {{"2018-10-oxford", 201810, 1634},
                 {"2018-11-oxford", 201811, 1454},
                 {"2018-12-oxford", 201812, 1290},
                 {"2019-01-oxford", 201901, 1316},
                 {"2019-02-oxford", 201902, 1136}};
    struct testdb *t = testdb_open();
    struct oxford ox;
    oxford_codes(t, &ox);
    for (size_t i = 0; i < countof(files); i++)
        assert_int_equal(try_load(t, file_or_skip(t, files[i].file), plain).rows, files[i].rows);
    try_load(t, file_or_skip(t, "2019-01-thames-valley"), plain); // holds 2019-01 once more
    struct crime_table r = table_of(t, ox.code, ox.n, 0);
    assert_int_equal(r.n_months, 5);
    for (size_t i = 0; i < countof(files); i++) {
        assert_int_equal(r.month[i].month, files[i].month);
        assert_int_equal(r.month[i].total, files[i].rows);
        assert_int_equal(r.month[i].known, 83);
    }
    int none = 0;
    for (size_t i = 0; i < ox.n; i++) {
        struct crime_table one = table_of(t, &ox.code[i], 1, 201812);
        assert_int_equal(one.month[0].month, 201812);
        none += one.month[0].total == 0;
    }
    assert_int_equal(none, 1); // 82 of 83 have rows; the 83rd had none, which is known
    testdb_close(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_rows_are_kept),
        cmocka_unit_test(rows_without_a_place),
        cmocka_unit_test(none_is_not_the_same_as_not_known),
        cmocka_unit_test(an_area_without_a_name),
        cmocka_unit_test(a_month_loaded_again),
        cmocka_unit_test(a_stray_crime_of_another_force),
        cmocka_unit_test(the_rule_by_itself),
        cmocka_unit_test(districts_from_names),
        cmocka_unit_test(pages),
        cmocka_unit_test(pages_of_newer_ones),
        cmocka_unit_test(what_must_be_refused),
        cmocka_unit_test(the_real_force_month),
        cmocka_unit_test(the_real_oxford_months),
    };
    return cmocka_run_group_tests_name("crime", tests, NULL, NULL);
}
