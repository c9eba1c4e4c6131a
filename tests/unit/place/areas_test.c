// SPDX-License-Identifier: AGPL-3.0-or-later
// Covers place/import_areas.c, import_names.c, area.h: areas into the store and out again;
// editions, undo, names, the map, and the acceptance values of the boundary files at hand.
#include "base/base.h"
#include "import_try.h"
#include "testdb.h"
#include "place/area.h"

// Two squares side by side, about 700 m wide, in an invented district.
#define SQUARE(x0, x1)                                                                             \
    "{\"type\":\"Polygon\",\"coordinates\":[[[" x0 ",51.70],[" x0 ",51.71],[" x1 ",51.71],[" x1    \
    ",51.70],[" x0 ",51.70]]]}"
#define FEATURE(props, x0, x1)                                                                     \
    "{\"type\":\"Feature\",\"properties\":{" props "},\"geometry\":" SQUARE(x0, x1) "}"
#define FILE_OF(features) "{\"type\":\"FeatureCollection\",\"features\":[" features "]}"

static const char two[] =
    FILE_OF(FEATURE("\"LSOA21CD\":\"E01000001\",\"LSOA21NM\":\"Mill 001A\",\"LADCD\":\"E07000999\"",
                    "-1.20", "-1.19") "," FEATURE("\"LSOA21CD\":\"E01000002\",\"LSOA21NM\":\"Mill "
                                                  "001B\",\"LADCD\":\"E07000999\"",
                                                  "-1.19", "-1.18"));
// The same layer by somebody who leaves names and districts out, the first area drawn wider.
static const char bare[] = FILE_OF(FEATURE("\"LSOA21CD\":\"E01000001\"", "-1.21", "-1.19"));

struct seen {
    struct area area;
    bool found;
};

static struct db_tx *look(struct testdb *t)
{
    struct db_tx *tx;
    no_error(db_read_public(t->db, &t->a, &tx));
    return tx;
}

static struct seen find(struct testdb *t, const char *code)
{
    struct seen s;
    struct db_tx *tx = look(t);
    no_error(area_find(tx, &t->a, str_c(code), &s.area, &s.found));
    db_read_end(tx);
    return s;
}

static void an_area_goes_in_and_comes_out(void **state)
{
    (void)state;
    struct testdb *t = testdb_open();
    struct import_result r = try_load(t, str_c(two), (struct import_opts){0});
    assert_int_equal(r.rows, 2);
    struct seen s = find(t, "E01000002");
    assert_true(s.found);
    assert_str(s.area.name, "Mill 001B");
    assert_str(s.area.kind, "lsoa");
    assert_int_equal(s.area.vintage, 2021);
    assert_str(s.area.parent_code, "E07000999");
    assert_true(s.area.drawn);
    assert_true(s.area.label.x > -1.19 && s.area.label.x < -1.18);
    assert_near(s.area.bounds.x0, -1.19, 1e-9);
    assert_near(s.area.bounds.y1, 51.71, 1e-9);
    // a hundredth of a degree each way at 51.705 N: 691.6 m by 1,112.6 m
    assert_near(s.area.area_m2, 769400, 1500);
    assert_false(find(t, "E01000003").found);
    testdb_close(t);
}

static void the_same_file_changes_nothing(void **state)
{
    (void)state;
    struct testdb *t = testdb_open();
    struct import_result first = try_load(t, str_c(two), (struct import_opts){0});
    struct import_result again = try_load(t, str_c(two), (struct import_opts){0});
    assert_true(again.unchanged);
    assert_int_equal(again.id.v, first.id.v);
    testdb_close(t);
}

static void a_newer_edition_keeps_what_it_does_not_say(void **state)
{
    (void)state;
    struct testdb *t = testdb_open();
    struct import_result first = try_load(t, str_c(two), (struct import_opts){0});
    struct import_result second = try_load(t, str_c(bare), (struct import_opts){0});
    struct seen s = find(t, "E01000001");
    assert_str(s.area.name, "Mill 001A");
    assert_str(s.area.parent_code, "E07000999");
    assert_near(s.area.bounds.x0, -1.21, 1e-9);
    // taken back: the older shape counts again
    no_error(import_undo(t->db, &t->a, second.id));
    s = find(t, "E01000001");
    assert_near(s.area.bounds.x0, -1.20, 1e-9);
    no_error(import_undo(t->db, &t->a, first.id));
    assert_false(find(t, "E01000001").found);
    struct db_tx *tx = look(t);
    struct layer *l;
    size_t n;
    no_error(layer_list(tx, &t->a, &l, &n));
    db_read_end(tx);
    assert_int_equal(n, 0);
    // and it can be loaded again
    assert_false(try_load(t, str_c(two), (struct import_opts){0}).unchanged);
    testdb_close(t);
}

static void undo_keeps_areas_that_others_have(void **state)
{
    (void)state;
    struct testdb *t = testdb_open();
    struct import_result first = try_load(t, str_c(two), (struct import_opts){0});
    try_load(t, str_c(bare), (struct import_opts){0});
    no_error(import_undo(t->db, &t->a, first.id));
    struct seen s = find(t, "E01000001");
    assert_true(s.found);
    assert_str(s.area.name, "E01000001"); // the code stands for a name nobody gave
    assert_false(find(t, "E01000002").found);
    testdb_close(t);
}

static void the_newest_layer_answers(void **state)
{
    (void)state;
    struct testdb *t = testdb_open();
    static const char old[] =
        FILE_OF(FEATURE("\"LSOA11CD\":\"E01000001\",\"LSOA11NM\":\"Mill 009Z\"", "-1.20", "-1.19"));
    // D30: a year nobody has seen yet
    static const char later[] =
        FILE_OF(FEATURE("\"LSOA31CD\":\"E01000001\",\"LSOA31NM\":\"Mill 031A\"", "-1.20", "-1.19"));
    try_load(t, str_c(later), (struct import_opts){0});
    try_load(t, str_c(old), (struct import_opts){0});
    struct seen s = find(t, "E01000001");
    assert_int_equal(s.area.vintage, 2031);
    assert_str(s.area.name, "Mill 031A");
    struct db_tx *tx = look(t);
    struct area_name *names;
    size_t n;
    no_error(area_find_in(tx, &t->a, STR("lsoa"), 2011, STR("E01000001"), &s.area, &s.found));
    assert_true(s.found);
    assert_str(s.area.name, "Mill 009Z");
    no_error(area_names(tx, &t->a, STR("E01000001"), &names, &n));
    assert_int_equal(n, 2);
    assert_str(names[1].name, "Mill 009Z");
    db_read_end(tx);
    testdb_close(t);
}

static void a_place_lies_in_one_area(void **state)
{
    (void)state;
    struct testdb *t = testdb_open();
    struct area one;
    struct area_ref *v;
    struct geo_shape *shape;
    bool found;
    size_t n;
    try_load(t, str_c(two), (struct import_opts){0});
    struct db_tx *tx = look(t);
    no_error(area_at(tx, &t->a, STR("lsoa"), 0, (point){-1.195, 51.705}, &one, &found));
    assert_true(found);
    assert_str(one.code, "E01000001");
    no_error(area_at(tx, &t->a, STR("lsoa"), 2021, (point){-1.19, 51.705}, &one, &found));
    assert_true(found);
    assert_str(one.code, "E01000002"); // on the shared border: the one to the east, and only that
    no_error(area_at(tx, &t->a, STR("lsoa"), 2011, (point){-1.195, 51.705}, &one, &found));
    assert_false(found);
    no_error(area_at(tx, &t->a, STR("ward"), 0, (point){-1.195, 51.705}, &one, &found));
    assert_false(found);
    no_error(area_at(tx, &t->a, STR("lsoa"), 0, (point){51.705, -1.195}, &one, &found));
    assert_false(found);
    no_error(area_in_box(tx, &t->a, STR("lsoa"), 2021, (box){-1.3, 51, -1.195, 52}, &v, &n));
    assert_int_equal(n, 1);
    assert_str(v[0].code, "E01000001");
    no_error(area_in_box(tx, &t->a, STR("lsoa"), 2021, (box){-1.3, 51, -1.1, 52}, &v, &n));
    assert_int_equal(n, 2);
    no_error(area_shapes(tx, &t->a, v, n, &shape));
    assert_int_equal(geo_points(&shape[0]), 4);
    assert_near(geo_box(&shape[1]).x1, -1.18, 1e-9);
    db_read_end(tx);
    testdb_close(t);
}

static void the_district_is_known_by_its_code(void **state)
{
    (void)state;
    struct testdb *t = testdb_open();
    struct area_ref up, *v;
    bool found;
    size_t n;
    try_load(t, str_c(two), (struct import_opts){0});
    struct seen s = find(t, "E01000001");
    struct db_tx *tx = look(t);
    no_error(area_larger_one(tx, &t->a, &s.area, STR("lad"), &up, &found));
    assert_true(found);
    assert_str(up.code, "E07000999");
    assert_false(up.drawn);
    assert_false(up.best_fit);
    no_error(area_larger_one(tx, &t->a, &s.area, STR("ward"), &up, &found));
    assert_false(found);
    struct area lad = {.code = STR("E07000999"), .kind = STR("lad"), .vintage = 2024};
    no_error(area_children(tx, &t->a, &lad, STR("lsoa"), 0, &v, &n));
    assert_int_equal(n, 2);
    assert_str(v[1].name, "Mill 001B");
    assert_true(v[1].drawn);
    no_error(area_children(tx, &t->a, &lad, STR("lsoa"), 2011, &v, &n));
    assert_int_equal(n, 0);
    db_read_end(tx);
    testdb_close(t);
}

static void only_one_district(void **state)
{
    (void)state;
    struct testdb *t = testdb_open();
    static const char mixed[] = FILE_OF(
        FEATURE("\"LSOA21CD\":\"E01000001\",\"LADCD\":\"E07000999\"", "-1.20", "-1.19") "," FEATURE(
            "\"LSOA21CD\":\"E01000002\",\"LADCD\":\"E07000998\"", "-1.19", "-1.18"));
    try_refused(t, str_c(mixed), (struct import_opts){.district = STR("E07000001")},
                "None of the areas lies in E07000001");
    struct import_result r =
        try_load(t, str_c(mixed), (struct import_opts){.district = STR("E07000998")});
    assert_int_equal(r.rows, 1);
    assert_false(find(t, "E01000001").found);
    testdb_close(t);
}

static void what_must_be_refused(void **state)
{
    (void)state;
    struct testdb *t = testdb_open();
    struct import_opts none = {0};
    try_refused(t, str_c(two), (struct import_opts){.kind = STR("parish")}, "no kind of area");
    try_refused(t, str_c(two), (struct import_opts){.kind = STR("ward")}, "file holds");
    try_refused(t, str_c(two), (struct import_opts){.vintage = 2011}, "2021");
    try_refused(t, STR("{\"type\":\"FeatureCollection\",\"features\":["), none, "cut short");
    try_refused(t, STR("{\"type\":\"Feature\"}"), none, "FeatureCollection");
    static const char twice[] =
        FILE_OF(FEATURE("\"LSOA21CD\":\"E01000001\"", "-1.20",
                        "-1.19") "," FEATURE("\"LSOA21CD\":\"E01000001\"", "-1.19", "-1.18"));
    try_refused(t, str_c(twice), none, "E01000001");
    static const char unnamed_kind[] = FILE_OF(FEATURE("\"code\":\"E01000001\"", "-1.2", "-1.19"));
    try_refused(t, str_c(unnamed_kind), none, "No key names a code");
    // the kind and the year given by hand
    struct import_result r = try_load(t, str_c(unnamed_kind),
                                      (struct import_opts){.kind = STR("lsoa"), .vintage = 2021});
    assert_int_equal(r.rows, 1);
    testdb_close(t);
}

static void the_dry_run_shows_what_it_saw(void **state)
{
    (void)state;
    struct testdb *t = testdb_open();
    struct import_job *job = try_check(t, str_c(two), (struct import_opts){0});
    assert_null(import_refusal(job));
    assert_str(str_c(job->family->name), "areas");
    assert_int_equal(job->columns.n, 4);
    assert_int_equal(job->sample.n, 8);
    assert_str(job->sample.v[5], "Mill 001B");
    assert_str(job->title, "Boundaries: LSOA 2021");
    assert_false(find(t, "E01000001").found); // nothing was written
    testdb_close(t);
}

// ---- lists of names -----------------------------------------------------------------------------

static const char wards[] = "WDCD,WDNM,LADCD,LADNM,SOURCEFILE\n"
                            "E05000001,Mill End,E07000999,Millbrook,2016\n"
                            "E05000001,Millend,E07000999,Millbrook,2022\n"
                            "E05000002,St Mary's,E07000999,Millbrook,2022\n";

static void names_of_every_year(void **state)
{
    (void)state;
    struct testdb *t = testdb_open();
    struct area_name *names;
    size_t n;
    struct import_result r = try_load(t, str_c(wards), (struct import_opts){0});
    assert_int_equal(r.rows, 3);
    struct seen s = find(t, "E05000001");
    assert_true(s.found);
    assert_false(s.area.drawn);
    assert_int_equal(s.area.id.v, 0);
    assert_str(s.area.kind, "ward");
    assert_str(s.area.name, "Millend");
    assert_int_equal(s.area.vintage, 2022);
    assert_str(s.area.parent_code, "E07000999");
    assert_str(find(t, "E07000999").area.name, "Millbrook");
    struct db_tx *tx = look(t);
    no_error(area_names(tx, &t->a, STR("E05000001"), &names, &n));
    assert_int_equal(n, 2);
    assert_int_equal(names[1].vintage, 2016);
    assert_str(names[1].name, "Mill End");
    struct area_ref *v, up;
    bool found;
    no_error(area_larger_one(tx, &t->a, &s.area, STR("lad"), &up, &found));
    assert_true(found);
    assert_str(up.name, "Millbrook");
    struct seen lad = {0};
    no_error(area_find(tx, &t->a, STR("E07000999"), &lad.area, &lad.found));
    no_error(area_children(tx, &t->a, &lad.area, STR("ward"), 0, &v, &n));
    assert_int_equal(n, 2); // those of 2022
    db_read_end(tx);
    no_error(import_undo(t->db, &t->a, r.id));
    assert_false(find(t, "E05000001").found);
    testdb_close(t);
}

static void names_that_must_be_refused(void **state)
{
    (void)state;
    struct testdb *t = testdb_open();
    struct import_opts names = {.family = STR("area-names")};
    try_refused(t, STR("WDCD,WDNM,year\nE05000001,A,2016\nE05000001,B,2016\n"), names,
                "E05000001 of 2016 is there twice; it was in row 2 already");
    try_refused(t, STR("WDCD,WDNM\nE05000001,A\n"), names, "names no year");
    try_refused(t, STR("WDCD,WDNM,year\nE05000001,A,16\n"), names, "not a year");
    try_refused(t, STR("WDCD,WDNM,year\nE05000001,,2016\n"), names, "has no name");
    try_refused(t, STR("WDCD,year\nE05000001,2016\n"), names, "one with their names");
    try_refused(t, STR("WDCD,WDNM,year\nE0500001,A,2016\n"), names, "not an area code");
    assert_int_equal(try_load(t, STR("WDCD,WDNM\nE05000001,A\n"),
                              (struct import_opts){.family = STR("area-names"), .vintage = 2025})
                         .rows,
                     1);
    assert_int_equal(
        try_load(
            t, STR("code,name\nE05000009,Z\n"),
            (struct import_opts){.family = STR("area-names"), .kind = STR("ward"), .vintage = 2025})
            .rows,
        1);
    testdb_close(t);
}

static const char wards_in_districts[] = "WD25CD,WD25NM,LAD24CD,LAD24NM\n"
                                         "E05000001,Mill End,E07000999,Millbrook\n"
                                         "E05000002,St Mary's,E07000999,Millbrook\n";

static const char *family_of(struct testdb *t, str text, const char *command)
{
    struct import_job *job;
    no_error(
        import_open(&t->a, text, STR("f.csv"), &(struct import_opts){.command = command}, &job));
    return job->family->name;
}

// The codes of two kinds are a lookup by themselves, and a list of names to who asks for areas.
static void names_beside_codes_of_a_larger_area(void **state)
{
    (void)state;
    struct testdb *t = testdb_open();
    str text = str_c(wards_in_districts);
    assert_string_equal(family_of(t, text, NULL), "lookup");
    assert_string_equal(family_of(t, text, "areas"), "area-names");
    assert_string_equal(family_of(t, text, "lookup"), "lookup");
    str changes = STR("LSOA11CD,LSOA11NM,CHGIND,LSOA21CD,LSOA21NM\n"); // a lookup to everybody
    assert_string_equal(family_of(t, changes, "areas"), "lookup");
    struct import_opts areas = {.command = "areas"};
    assert_int_equal(try_load(t, text, areas).rows, 2);
    struct seen s = find(t, "E05000001");
    assert_str(s.area.name, "Mill End");
    assert_int_equal(s.area.vintage, 2025);
    assert_str(find(t, "E07000999").area.name, "Millbrook");
    struct db_tx *tx = look(t);
    struct area_ref up;
    bool found;
    no_error(area_larger_one(tx, &t->a, &s.area, STR("lad"), &up, &found));
    assert_true(found);
    assert_str(up.code, "E07000999");
    db_read_end(tx);
    testdb_close(t);
}

// The larger kind of such a table comes in many rows, with one name.
static void the_larger_areas_of_a_list(void **state)
{
    (void)state;
    struct testdb *t = testdb_open();
    struct import_opts lad = {.command = "areas", .kind = STR("lad")};
    assert_int_equal(try_load(t, str_c(wards_in_districts), lad).rows, 1);
    assert_str(find(t, "E07000999").area.name, "Millbrook");
    assert_false(find(t, "E05000001").found);
    try_refused(t,
                STR("WD25CD,WD25NM,LAD24CD,LAD24NM\nE05000001,A,E07000999,Millbrook\n"
                    "E05000002,B,E07000999,Milbrook\n"),
                lad, "row 3, column LAD24CD: E07000999 of 2024 is there twice");
    // what a list of names leaves out is told
    str all = try_notices(try_check(t,
                                    STR("LSOA21CD,LSOA21NM,WD25CD,WD25NM,LAD24CD,LAD24NM\n"
                                        "E01000001,A,E05000001,B,E07000999,C\n"),
                                    (struct import_opts){.command = "areas"}));
    assert_says(all, "Load the file as a lookup too.");
    testdb_close(t);
}

static void a_table_has_no_borders(void **state)
{
    (void)state;
    struct testdb *t = testdb_open();
    try_refused(t, str_c(wards_in_districts), (struct import_opts){.family = STR("areas")},
                "file.csv is not JSON, row 1 shows: a table holds no borders. Borders come as "
                "GeoJSON or TopoJSON; names and codes alone are loaded as “Names of areas”");
    testdb_close(t);
}

// ---- the files at hand --------------------------------------------------------------------------

static const struct {
    const char *file, *kind;
    int64_t vintage, areas;
} files[] = {
    {"lsoa11_bgc_drkane.geojson", "lsoa", 2011, 83},
    {"lsoa21_bgc_drkane.geojson", "lsoa", 2021, 84},
    {"msoa21_bgc_drkane.geojson", "msoa", 2021, 19},
    {"ward25_drkane.geojson", "ward", 2025, 24},
    {"ward13_martinjc.geojson", "ward", 2013, 24},
    {"lsoa11_martinjc.geojson", "lsoa", 2011, 83},
    {"lsoa11_martinjc.topojson", "lsoa", 2011, 83},
    {"oa11_martinjc.geojson", "oa", 2011, 436},
};

static double area_of_layer(struct testdb *t, struct db_tx *tx, const char *kind, int64_t vintage)
{
    struct area_ref *v;
    size_t n;
    double sum = 0;
    no_error(area_in_box(tx, &t->a, str_c(kind), vintage, (box){-9, 49, 3, 61}, &v, &n));
    for (size_t i = 0; i < n; i++) {
        struct area one;
        bool found;
        no_error(area_find_in(tx, &t->a, str_c(kind), vintage, v[i].code, &one, &found));
        sum += one.area_m2;
    }
    return sum;
}

static void every_boundary_file_loads(void **state)
{
    (void)state;
    struct testdb *t = testdb_open();
    for (size_t i = 0; i < countof(files); i++) {
        str name = str_fmt(&t->a, "oxford/boundaries/%s", files[i].file);
        str text = data_or_skip(&t->a, "every_boundary_file_loads", name.p);
        struct import_result r = try_load(t, text, (struct import_opts){0});
        assert_int_equal(r.rows, files[i].areas);
        struct db_tx *tx = look(t);
        struct area_ref *v;
        size_t n;
        no_error(area_in_box(tx, &t->a, str_c(files[i].kind), files[i].vintage,
                             (box){-9, 49, 3, 61}, &v, &n));
        assert_int_equal(n, files[i].areas);
        if (i == 0)
            assert_near(area_of_layer(t, tx, "lsoa", 2011), 45.57e6, 0.12e6);
        db_read_end(tx);
    }
    struct db_tx *tx = look(t);
    struct area a;
    bool found;
    no_error(area_find(tx, &t->a, STR("E00145580"), &a, &found)); // D21: mended, and said so
    assert_true(found && a.drawn);
    no_error(area_find(tx, &t->a, STR("E05013113"), &a, &found));
    assert_str(a.name, "Rose Hill & Iffley");
    // every label point lies in its own area, by the map alone
    struct area_ref *v;
    size_t n;
    no_error(area_in_box(tx, &t->a, STR("lsoa"), 2021, (box){-9, 49, 3, 61}, &v, &n));
    for (size_t i = 0; i < n; i++) {
        no_error(area_at(tx, &t->a, STR("lsoa"), 2021, v[i].label, &a, &found));
        assert_true(found);
        assert_true(str_eq(a.code, v[i].code));
    }
    db_read_end(tx);
    testdb_close(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_area_goes_in_and_comes_out),
        cmocka_unit_test(the_same_file_changes_nothing),
        cmocka_unit_test(a_newer_edition_keeps_what_it_does_not_say),
        cmocka_unit_test(undo_keeps_areas_that_others_have),
        cmocka_unit_test(the_newest_layer_answers),
        cmocka_unit_test(a_place_lies_in_one_area),
        cmocka_unit_test(the_district_is_known_by_its_code),
        cmocka_unit_test(only_one_district),
        cmocka_unit_test(what_must_be_refused),
        cmocka_unit_test(the_dry_run_shows_what_it_saw),
        cmocka_unit_test(names_of_every_year),
        cmocka_unit_test(names_that_must_be_refused),
        cmocka_unit_test(names_beside_codes_of_a_larger_area),
        cmocka_unit_test(the_larger_areas_of_a_list),
        cmocka_unit_test(a_table_has_no_borders),
        cmocka_unit_test(every_boundary_file_loads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
