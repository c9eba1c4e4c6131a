// SPDX-License-Identifier: AGPL-3.0-or-later
// Covers place/import_lookup.c, table_heading() and the links of area.h: change codes, best-fit
// wards, larger areas, classes, the zone's small areas; and the lookups at hand.
#include "base/base.h"
#include "import_try.h"
#include "testdb.h"
#include "place/area.h"

static const struct import_opts none = {0};

static struct db_tx *look(struct testdb *t)
{
    struct db_tx *tx;
    no_error(db_read_public(t->db, &t->a, &tx));
    return tx;
}

static struct area area(struct testdb *t, struct db_tx *tx, const char *code)
{
    struct area one;
    bool found;
    no_error(area_find(tx, &t->a, str_c(code), &one, &found));
    if (!found)
        fail_msg("there is no %s", code);
    return one;
}

// The codes of the LSOAs of an area, in one line.
static str small(struct testdb *t, const char *code, int64_t vintage)
{
    struct db_tx *tx = look(t);
    struct area one = area(t, tx, code);
    struct area_ref *v;
    size_t n;
    str out = STR("");
    no_error(area_children(tx, &t->a, &one, STR("lsoa"), vintage, &v, &n));
    for (size_t i = 0; i < n; i++)
        out = str_fmt(&t->a, "%" PRIstr "%s%" PRIstr, ARGstr(out), i ? " " : "", ARGstr(v[i].code));
    db_read_end(tx);
    return out;
}

// The changes of a code, "S E01000003 S E01000004".
static str changes(struct testdb *t, const char *code, int64_t from, int64_t to)
{
    struct db_tx *tx = look(t);
    struct area_change *v;
    size_t n;
    str out = STR("");
    no_error(area_changes(tx, &t->a, STR("lsoa"), str_c(code), from, to, &v, &n));
    for (size_t i = 0; i < n; i++)
        out = str_fmt(&t->a, "%" PRIstr "%s%c %" PRIstr, ARGstr(out), i ? " " : "", v[i].relation,
                      ARGstr(v[i].code));
    db_read_end(tx);
    return out;
}

static void headings_of_every_shape(void **state)
{
    (void)state;
    static const struct {
        const char *folded;
        enum area_kind kind;
        int vintage;
        enum heading_role role;
    } good[] = {
        {"lsoa11cd", AREA_LSOA, 2011, HEADING_CODE},
        {"lsoa31cd", AREA_LSOA, 2031, HEADING_CODE}, // D30
        {"lsoa11_code", AREA_LSOA, 2011, HEADING_CODE},
        {"lsoa21_name", AREA_LSOA, 2021, HEADING_NAME},
        {"ward24_code", AREA_WARD, 2024, HEADING_CODE},
        {"ltla24_code", AREA_LAD, 2024, HEADING_CODE},
        {"ltla22_name", AREA_LAD, 2022, HEADING_NAME},
        {"lsoacode(2011)", AREA_LSOA, 2011, HEADING_CODE},
        {"lsoacode(2031)", AREA_LSOA, 2031, HEADING_CODE},
        {"localauthoritydistrictcode(2019)", AREA_LAD, 2019, HEADING_CODE},
        {"localauthoritydistrictname(2024)", AREA_LAD, 2024, HEADING_NAME},
        {"lsoa2021code", AREA_LSOA, 2021, HEADING_CODE},
        {"lad2023name", AREA_LAD, 2023, HEADING_NAME},
        {"lacode(2018boundaries)", AREA_LAD, 2018, HEADING_CODE},
        {"lsoacode", AREA_LSOA, 0, HEADING_CODE},
        {"wdcd", AREA_WARD, 0, HEADING_CODE},
    };
    static const char *const bad[] = {
        "lat",         "ward",          "lsoa",   "lsoa11_population", "oac11",
        "lsoacode(x)", "lsoacode(2011", "ladder", "change_code"};
    struct heading h;
    for (size_t i = 0; i < countof(good); i++) {
        if (!table_heading(str_c(good[i].folded), &h))
            fail_msg("%s is not known", good[i].folded);
        assert_int_equal(h.kind, good[i].kind);
        assert_int_equal(h.vintage, good[i].vintage);
        assert_int_equal(h.role, good[i].role);
    }
    for (size_t i = 0; i < countof(bad); i++)
        if (table_heading(str_c(bad[i]), &h))
            fail_msg("%s is taken for a code or name", bad[i]);
}

static void what_became_of_small_areas(void **state)
{
    (void)state;
    struct testdb *t = testdb_open();
    static const char file[] = "LSOA11CD,LSOA11NM,CHGIND,LSOA21CD,LSOA21NM,LAD22CD,LAD22NM\n"
                               "E01000001,Mill 001A,U,E01000001,Mill 009Z,E07000999,Millbrook\n"
                               "E01000002,Mill 001B,S,E01000012,Mill 001C,E07000999,Millbrook\n"
                               "E01000002,Mill 001B,S,E01000013,Mill 001D,E07000999,Millbrook\n"
                               "E01000003,Mill 002A,M,E01000014,Mill 002B,E07000999,Millbrook\n"
                               "E01000004,Mill 002C,M,E01000014,Mill 002B,E07000999,Millbrook\n"
                               "E01000005,Mill 003A,x,E01000015,Mill 003B,E07000999,Millbrook\n";
    struct import_result r = try_load(t, str_c(file), none);
    assert_int_equal(r.rows, 6 + 5 + 5); // changes, and districts of both years
    assert_str(changes(t, "E01000001", 2011, 2021), "U E01000001");
    assert_str(changes(t, "E01000002", 2011, 2021), "S E01000012 S E01000013");
    assert_str(changes(t, "E01000013", 2021, 2011), "S E01000002");
    assert_str(changes(t, "E01000014", 2021, 2011), "M E01000003 M E01000004");
    assert_str(changes(t, "E01000005", 2011, 2021), "X E01000015"); // kept as what it is
    assert_str(changes(t, "E01000013", 2011, 2021), "");
    // names move between codes: each year's own
    struct db_tx *tx = look(t);
    struct area one;
    bool found;
    no_error(area_find_in(tx, &t->a, STR("lsoa"), 2011, STR("E01000001"), &one, &found));
    assert_str(one.name, "Mill 001A");
    assert_str(area(t, tx, "E01000001").name, "Mill 009Z");
    assert_str(area(t, tx, "E07000999").name, "Millbrook");
    db_read_end(tx);
    assert_str(small(t, "E07000999", 0), "E01000001 E01000012 E01000013 E01000014 E01000015");
    no_error(import_undo(t->db, &t->a, r.id));
    assert_str(changes(t, "E01000001", 2011, 2021), "");
    testdb_close(t);
}

static const char fit24[] =
    "lsoa21_name,lsoa21_code,ward24_name,ward24_code,ltla24_name,ltla24_code\n"
    "Mill 001A,E01000001,Mill End,E05000001,Millbrook,E07000999\n"
    "Mill 001B,E01000002,Mill End,E05000001,Millbrook,E07000999\n"
    "Mill 001C,E01000003,St Mary's,E05000002,Millbrook,E07000999\n";

#define WARD(code, name, x)                                                                        \
    "{\"type\":\"Feature\",\"properties\":{\"WD25CD\":\"" code "\",\"WD25NM\":\"" name             \
    "\",\"LAD25CD\":\"E07000999\",\"LAD25NM\":\"Millbrook\"},\"geometry\":{\"type\":\"Polygon\","  \
    "\"coordinates\":[[[" x ",51],[" x ",51.1],[0,51.1],[" x ",51]]]}}"
static const char wards25[] = "{\"type\":\"FeatureCollection\",\"features\":[" WARD(
    "E05000001", "Mill End & Weir", "-1.1") "," WARD("E05000003", "Holy Well", "-1.2") "]}";

static void a_ward_is_made_by_best_fit(void **state)
{
    (void)state;
    struct testdb *t = testdb_open();
    struct area_ref *v, up;
    enum area_fit fit;
    bool found;
    size_t n;
    try_load(t, str_c(wards25), none);
    struct db_tx *tx = look(t);
    struct area ward = area(t, tx, "E05000001"), empty = area(t, tx, "E05000003");
    no_error(area_fit(tx, &t->a, &ward, &fit));
    assert_int_equal(fit, AREA_FIT_UNKNOWN);                // no lookup yet: not "none"
    assert_str(area(t, tx, "E07000999").name, "Millbrook"); // named beside the wards
    db_read_end(tx);
    try_load(t, str_c(fit24), none);
    tx = look(t);
    // the lookup says 2024, the boundary 2025: the code decides
    no_error(area_children(tx, &t->a, &ward, STR("lsoa"), 0, &v, &n));
    assert_int_equal(n, 2);
    assert_str(v[0].code, "E01000001");
    assert_str(v[0].name, "Mill 001A");
    assert_true(v[0].best_fit);
    assert_false(v[0].drawn);
    no_error(area_fit(tx, &t->a, &ward, &fit));
    assert_int_equal(fit, AREA_FIT_SOME);
    no_error(area_fit(tx, &t->a, &empty, &fit));
    assert_int_equal(fit, AREA_FIT_NONE);
    // and back up: the ward as drawn, with its own name, labelled; the district through the lookup
    struct area lsoa = area(t, tx, "E01000001");
    no_error(area_larger(tx, &t->a, &lsoa, &v, &n));
    assert_int_equal(n, 2);
    assert_str(v[0].name, "Mill End & Weir");
    assert_int_equal(v[0].vintage, 2025);
    assert_true(v[0].best_fit && v[0].drawn);
    assert_str(v[1].name, "Millbrook");
    assert_false(v[1].best_fit);
    no_error(area_larger_one(tx, &t->a, &ward, STR("lad"), &up, &found));
    assert_true(found);
    assert_str(up.code, "E07000999");
    db_read_end(tx);
    testdb_close(t);
}

static void the_newest_lookup_wins(void **state)
{
    (void)state;
    struct testdb *t = testdb_open();
    try_load(t, str_c(fit24), none);
    assert_str(small(t, "E05000001", 0), "E01000001 E01000002");
    // the second small area moves to the other ward
    struct import_result r =
        try_load(t, STR("LSOA21CD,WD24CD\nE01000001,E05000001\nE01000002,E05000002\n"), none);
    assert_str(small(t, "E05000001", 0), "E01000001");
    assert_str(small(t, "E05000002", 0), "E01000002 E01000003");
    no_error(import_undo(t->db, &t->a, r.id));
    assert_str(small(t, "E05000001", 0), "E01000001 E01000002");
    // an older vintage of small areas stands beside it and is there when asked for
    try_load(t, STR("LSOA11CD,WD19CD\nE01000009,E05000001\n"), none);
    assert_str(small(t, "E05000001", 0), "E01000001 E01000002");
    assert_str(small(t, "E05000001", 2011), "E01000009");
    testdb_close(t);
}

static void census_areas_nest_in_their_own_year(void **state)
{
    (void)state;
    struct testdb *t = testdb_open();
    struct area_ref *v;
    size_t n;
    try_load(t, STR("OA11CD,LSOA11CD,MSOA11CD,LAD11CD\nE00000001,E01000001,E02000001,E07000999\n"),
             none);
    try_load(t,
             STR("OA21CD,LSOA21CD,MSOA21CD,LAD22CD\nE00000002,E01000001,E02000001,E07000999\n"
                 "E00000003,E01000001,E02000001,E07000999\n"),
             none);
    struct db_tx *tx = look(t);
    struct area lsoa = {.code = STR("E01000001"), .kind = STR("lsoa"), .vintage = 2011};
    no_error(area_children(tx, &t->a, &lsoa, STR("oa"), 0, &v, &n));
    assert_int_equal(n, 1);
    assert_str(v[0].code, "E00000001");
    lsoa.vintage = 2021;
    no_error(area_children(tx, &t->a, &lsoa, STR("oa"), 0, &v, &n));
    assert_int_equal(n, 2);
    assert_false(v[0].best_fit);
    no_error(area_larger(tx, &t->a, &lsoa, &v, &n));
    assert_int_equal(n, 2);
    assert_str(v[0].kind, "msoa");
    assert_str(v[1].kind, "lad");
    struct area msoa = {.code = STR("E02000001"), .kind = STR("msoa"), .vintage = 2021};
    no_error(area_children(tx, &t->a, &msoa, STR("lsoa"), 0, &v, &n));
    assert_int_equal(n, 1);
    assert_int_equal(v[0].vintage, 2021);
    db_read_end(tx);
    testdb_close(t);
}

static void a_class_is_kept_with_its_name(void **state)
{
    (void)state;
    struct testdb *t = testdb_open();
    str class;
    try_load(t,
             STR("lsoa21_code,ruc21_code,classification,ruc\n"
                 "E01000001,UN1,Urban: Nearer to a city,Urban\n"
                 "E01000002,UN1,Urban: Nearer to a city,Urban\n"),
             none);
    struct db_tx *tx = look(t);
    struct area lsoa = {.code = STR("E01000002"), .kind = STR("lsoa"), .vintage = 2021};
    import_id from;
    no_error(area_class(tx, &t->a, &lsoa, &class, &from));
    assert_str(class, "Urban: Nearer to a city");
    assert_true(from.v > 0);
    struct area_ref *v;
    size_t n;
    no_error(area_larger(tx, &t->a, &lsoa, &v, &n)); // a class is no place
    assert_int_equal(n, 0);
    db_read_end(tx);
    testdb_close(t);
}

static void what_must_be_refused(void **state)
{
    (void)state;
    struct testdb *t = testdb_open();
    struct import_opts o = {.family = STR("lookup")};
    try_refused(t, STR("LSOA11CD,CHGIND,LSOA21CD\nE01000001,Q,E01000001\n"), o, "no change code");
    try_refused(t, STR("LSOA11CD,LSOA21CD\nE01000001,E01000001\n"), o,
                "no column says what changed");
    try_refused(t, STR("LSOA21CD,WD24CD\nE01000001,E05000001\nE01000001,E05000002\n"), o,
                "E01000001 was given to E05000001 in row 2, and now to E05000002");
    try_refused(t, STR("LSOA21CD,WDCD,x\nE01000001,E050001,1\n"), o, "not an area code");
    try_refused(t, STR("LSOA21CD,WD24CD\n,E05000001\n"), o, "code is missing");
    try_refused(t, STR("LSOA21CD,name\nE01000001,x\n"), o, "two kinds or two years");
    try_refused(t, STR("LSOACD,WDCD\nE01000001,E05000001\n"), o, "names no year");
    try_refused(t, STR("LSOA21CD,WD24CD\nE01000001,E05000001\nE01000002\n"), o, "cut off"); // D31
    try_refused(t, STR("LSOA21CD,WD24CD\nE01000001,E05000001\n"),
                (struct import_opts){.family = STR("lookup"), .district = STR("E07000999")},
                "which district");
    testdb_close(t);
}

// ---- the zone -----------------------------------------------------------------------------------

struct zoning {
    const str *code;
    size_t n;
};

static err set_zone(struct db_tx *tx, void *ctx)
{
    struct zoning *z = ctx;
    return zone_set_areas(tx, z->code, z->n, (date){20000}, 1700000000000);
}

static void the_zone_is_its_wards_and_small_areas(void **state)
{
    (void)state;
    struct testdb *t = testdb_open();
    struct area_ref *v;
    size_t n;
    static const char lsoa[] =
        "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":"
        "{\"LSOA21CD\":\"E01000002\",\"LSOA21NM\":\"Mill "
        "001B\"},\"geometry\":{\"type\":\"Polygon\","
        "\"coordinates\":[[[-1,51],[-1,51.1],[0,51.1],[-1,51]]]}},{\"type\":\"Feature\","
        "\"properties\":{\"LSOA21CD\":\"E01000003\",\"LSOA21NM\":\"Mill 001C\"},\"geometry\":"
        "{\"type\":\"Polygon\",\"coordinates\":[[[-1,52],[-1,52.1],[0,52.1],[-1,52]]]}}]}";
    try_load(t, str_c(wards25), none);
    try_load(t, str_c(lsoa), none);
    try_load(t, str_c(fit24), none);
    const str codes[] = {STR("E05000001"), STR("E01000003"), STR("E01000002")};
    no_error(db_write(t->db, &t->a, set_zone, &(struct zoning){codes, 3}));
    struct db_tx *tx = look(t);
    no_error(zone_small_areas(tx, &t->a, (date){20001}, 0, &v, &n));
    assert_int_equal(n, 3); // E01000002 once, though its ward is in the zone too
    assert_str(v[0].code, "E01000001");
    assert_str(v[0].of_code, "E05000001");
    assert_str(v[1].code, "E01000002");
    assert_str(v[2].code, "E01000003");
    assert_str(v[2].of_code, "E01000003");
    assert_false(v[2].best_fit);
    no_error(zone_small_areas(tx, &t->a, (date){19999}, 0, &v, &n)); // the day before
    assert_int_equal(n, 0);
    db_read_end(tx);
    const str wrong[] = {STR("E05000001"), STR("E05000009")};
    err e = db_write(t->db, &t->a, set_zone, &(struct zoning){wrong, 2});
    assert_non_null(e);
    assert_says(err_root(e), "E05000009");
    testdb_close(t);
}

// ---- the files at hand --------------------------------------------------------------------------

static void load_real(struct testdb *t, const char *test, const char *file, int64_t links)
{
    str name = str_fmt(&t->a, "oxford/%s", file);
    str text = data_or_skip(&t->a, test, name.p);
    struct import_job *job;
    struct import_result r;
    no_error(import_open(&t->a, text, str_c(file), &none, &job));
    no_error(import_load(t->db, job, 1700000000000, &r));
    if (links)
        assert_int_equal(r.rows, links);
}

static void the_real_changes(void **state)
{
    (void)state;
    struct testdb *t = testdb_open();
    load_real(t, "the_real_changes", "boundaries/lsoa11_bgc_drkane.geojson", 83);
    load_real(t, "the_real_changes", "lookups/lsoa11_lsoa21_lad22.csv", 85 + 83 + 84);
    assert_str(changes(t, "E01028583", 2011, 2021), "M E01035740");
    assert_str(changes(t, "E01035740", 2021, 2011), "M E01028583 M E01028585");
    assert_str(changes(t, "E01033282", 2011, 2021), "S E01035741 S E01035742");
    assert_str(changes(t, "E01028533", 2011, 2021), "S E01035743 S E01035744");
    int kinds[256] = {0};
    struct db_tx *tx = look(t);
    struct area_ref *v;
    size_t n;
    no_error(area_in_box(tx, &t->a, STR("lsoa"), 2011, (box){-9, 49, 3, 61}, &v, &n));
    for (size_t i = 0; i < n; i++) {
        struct area_change *c;
        size_t m;
        no_error(area_changes(tx, &t->a, STR("lsoa"), v[i].code, 2011, 2021, &c, &m));
        for (size_t k = 0; k < m; k++)
            kinds[(unsigned char)c[k].relation]++;
    }
    assert_int_equal(kinds['U'], 79);
    assert_int_equal(kinds['S'], 4);
    assert_int_equal(kinds['M'], 2);
    // names move with the years
    struct area one;
    bool found;
    no_error(area_find_in(tx, &t->a, STR("lsoa"), 2011, STR("E01028531"), &one, &found));
    assert_str(one.name, "Oxford 013A");
    no_error(area_find_in(tx, &t->a, STR("lsoa"), 2021, STR("E01028531"), &one, &found));
    assert_str(one.name, "Oxford 019B");
    db_read_end(tx);
    testdb_close(t);
}

static void the_real_best_fit(void **state)
{
    (void)state;
    struct testdb *t = testdb_open();
    load_real(t, "the_real_best_fit", "boundaries/ward25_drkane.geojson", 24);
    load_real(t, "the_real_best_fit", "boundaries/lsoa21_bgc_drkane.geojson", 84);
    load_real(t, "the_real_best_fit", "lookups/lsoa21_ward24_lad24.csv", 84 + 84 + 23);
    load_real(t, "the_real_best_fit", "lookups/ruc21_lsoa21.csv", 84);
    load_real(t, "the_real_best_fit", "lookups/wards_all_vintages.csv", 48);
    struct db_tx *tx = look(t);
    struct area lad = area(t, tx, "E07000178"), old = area(t, tx, "E05006546");
    assert_str(lad.name, "Oxford");
    assert_str(old.name, "Blackbird Leys");
    assert_false(old.drawn);
    struct area_ref *wards, *v;
    size_t n, m, all = 0, with = 0;
    no_error(area_children(tx, &t->a, &lad, STR("ward"), 0, &wards, &n));
    assert_int_equal(n, 24);
    for (size_t i = 0; i < n; i++) {
        struct area ward = area(t, tx, str_z(&t->a, wards[i].code));
        enum area_fit fit;
        no_error(area_children(tx, &t->a, &ward, STR("lsoa"), 0, &v, &m));
        no_error(area_fit(tx, &t->a, &ward, &fit));
        all += m;
        with += m > 0;
        assert_int_equal(fit, str_eq(ward.code, STR("E05013106")) ? AREA_FIT_NONE : AREA_FIT_SOME);
    }
    assert_int_equal(all, 84);
    assert_int_equal(with, 23); // Holywell has none
    str class;
    struct area lsoa = area(t, tx, "E01028513");
    import_id from;
    no_error(area_class(tx, &t->a, &lsoa, &class, &from));
    assert_says(class, "Urban");
    db_read_end(tx);
    testdb_close(t);
}

static void the_older_best_fits_agree(void **state)
{
    (void)state;
    struct testdb *t = testdb_open();
    load_real(t, "the_older_best_fits_agree", "lookups/lsoa11_ward17.csv", 83);
    load_real(t, "the_older_best_fits_agree", "lookups/wards_all_vintages.csv", 48);
    str before[24], code[24];
    for (int i = 0; i < 24; i++) {
        code[i] = str_fmt(&t->a, "E05006%d", 545 + i);
        before[i] = small(t, code[i].p, 2011);
    }
    load_real(t, "the_older_best_fits_agree", "lookups/lsoa11_ward19_lad19.csv", 83 + 83 + 24);
    size_t codes = 0;
    for (int i = 0; i < 24; i++) {
        assert_true(str_eq(small(t, code[i].p, 2011), before[i]));
        codes += (before[i].n + 1) / 10;
    }
    assert_int_equal(codes, 83);
    testdb_close(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headings_of_every_shape),
        cmocka_unit_test(what_became_of_small_areas),
        cmocka_unit_test(a_ward_is_made_by_best_fit),
        cmocka_unit_test(the_newest_lookup_wins),
        cmocka_unit_test(census_areas_nest_in_their_own_year),
        cmocka_unit_test(a_class_is_kept_with_its_name),
        cmocka_unit_test(what_must_be_refused),
        cmocka_unit_test(the_zone_is_its_wards_and_small_areas),
        cmocka_unit_test(the_real_changes),
        cmocka_unit_test(the_real_best_fit),
        cmocka_unit_test(the_older_best_fits_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
