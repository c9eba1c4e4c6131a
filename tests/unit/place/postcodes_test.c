// SPDX-License-Identifier: AGPL-3.0-or-later
// Covers place/import_postcodes.c, postcode_order.c and postcode_store.c: every family of headings,
// traps D3 to D8 and D30 of the open-data chapter, and the files at hand.
#include "base/base.h"
#include "import_try.h"
#include "place/find.h"
#include "place/postcode_order.h"
#include "testdb.h"

#define NSPL_HEAD                                                                                  \
    "pcd,pcd2,pcds,dointr,doterm,usertype,oseast1m,osnrth1m,osgrdind,oa11,laua,ward,lsoa11,lat,"   \
    "long,imd\n"
#define NSPL_ROW(pc, more) "\"" pc "\",\"" pc "\",\"" pc "\"," more "\n"
#define LIVE                                                                                       \
    "\"198001\",\"\",\"0\",\"305969\",\"0261273\",\"1\",\"W00002420\",\"W06000023\","              \
    "\"W05000311\",\"W01000454\",52.241583,-3.378543,378"

static struct postcode_row find(struct testdb *t, const char *key)
{
    struct db_tx *tx;
    struct postcode_row r;
    bool found;
    no_error(db_read_public(t->db, &t->a, &tx));
    no_error(postcode_find(tx, &t->a, str_c(key), &r, &found));
    db_read_end(tx);
    if (!found)
        fail_msg("%s is not there", key);
    return r;
}

static bool known(struct testdb *t, const char *key)
{
    struct db_tx *tx;
    struct postcode_row r;
    bool found;
    no_error(db_read_public(t->db, &t->a, &tx));
    no_error(postcode_find(tx, &t->a, str_c(key), &r, &found));
    db_read_end(tx);
    return found;
}

static const struct import_opts plain = {0};

static void a_row_of_the_2011_edition(void **state)
{
    (void)state;
    struct testdb *t = testdb_open();
    struct import_result r = try_load(t, STR(NSPL_HEAD NSPL_ROW("LD1 5AA", LIVE)), plain);
    assert_int_equal(r.rows, 1);
    struct postcode_row p = find(t, "LD15AA");
    assert_str(p.oa, "W00002420");
    assert_str(p.lsoa11, "W01000454");
    assert_true(p.lsoa21.n == 0);
    assert_str(p.ward, "W05000311");
    assert_str(p.district, "W06000023");
    assert_int_equal(p.introduced, 198001);
    assert_int_equal(p.terminated, 0);
    assert_int_equal(p.vintage, 2011);
    assert_true(p.placed && !p.large_user && !p.by_position);
    assert_near(p.lat, 52.241583, 1e-12);
    assert_near(p.lon, -3.378543, 1e-12);
    testdb_close(t);
}

static void headings_of_every_family(void **state)
{
    (void)state;
    static const struct {
        const char *text, *oa, *lsoa11, *lsoa21, *ward, *district;
        int vintage;
    } files[] = {
        {"pcds,oa21,laua,ward,lsoa21,lat,long\nAB1 "
         "0AA,S00000001,S12000033,S13000001,S01000001,57,-2\n",
         "S00000001", "", "S01000001", "S13000001", "S12000033", 2021},
        {"pcd,oslaua,osward,oa11,lsoa11,oa21,lsoa21,lat,long,lsoa01\n"
         "AB1 0AA,S12000033,S13000001,S00000001,S01000001,S00000002,S01000002,57,-2,S01000009\n",
         "S00000002", "S01000001", "S01000002", "S13000001", "S12000033", 2021},
        {"pcds,doterm,usrtypind,lad25cd,wd25cd,east1m,north1m,oa11cd,lsoa11cd,oa21cd,lsoa21cd,lat,"
         "long\n"
         "AB1 "
         "0AA,,0,S12000033,S13000001,393000,804000,S00000001,S01000001,S00000002,S01000002,57,-2\n",
         "S00000002", "S01000001", "S01000002", "S13000001", "S12000033", 2021},
        // D30: years nobody has seen yet
        {"pcds,lad27cd,wd27cd,oa31cd,lsoa31cd,lat,long\n"
         "AB1 0AA,S12000033,S13000001,S00000003,S01000003,57,-2\n",
         "S00000003", "", "S01000003", "S13000001", "S12000033", 2031},
        {"Postcode,lat,long\nAB1 0AA,57,-2\n", "", "", "", "", "", 0},
    };
    for (size_t i = 0; i < countof(files); i++) {
        struct testdb *t = testdb_open();
        try_load(t, str_c(files[i].text), plain);
        struct postcode_row p = find(t, "AB10AA");
        assert_str(p.oa.p ? p.oa : STR(""), files[i].oa);
        assert_str(p.lsoa11.p ? p.lsoa11 : STR(""), files[i].lsoa11);
        assert_str(p.lsoa21.p ? p.lsoa21 : STR(""), files[i].lsoa21);
        assert_str(p.ward.p ? p.ward : STR(""), files[i].ward);
        assert_str(p.district.p ? p.district : STR(""), files[i].district);
        assert_int_equal(p.vintage, files[i].vintage);
        assert_near(p.lat, 57, 0);
        testdb_close(t);
    }
}

static void codes_found_by_position_are_a_guess(void **state)
{
    (void)state;
    struct testdb *t = testdb_open();
    str text = STR("postcode,lat,long,lsoa11_pip,lsoa21_pip,ward25_pip\n"
                   "OX1 1AA,51.75,-1.26,E01028522,E01028523,E05013111\n"
                   "OX3 9XB,51.76,-1.21,,,E05013112\n");
    assert_says(try_notices(try_check(t, text, plain)), "kept as a guess");
    try_load(t, text, plain);
    struct postcode_row p = find(t, "OX11AA");
    assert_true(p.by_position);
    assert_str(p.lsoa11, "E01028522");
    assert_str(p.lsoa21, "E01028523");
    assert_str(p.ward, "E05013111");
    assert_int_equal(p.vintage, 2021);
    p = find(t, "OX39XB");
    assert_true(p.lsoa21.n == 0 && p.ward.n > 0);
    testdb_close(t);
}

// D4
static void postcodes_as_people_write_them(void **state)
{
    (void)state;
    struct testdb *t = testdb_open();
    try_load(t, STR("Postcode,lat,long\nOX100AA,51.6,-1.1\nme195dp,51.3,0.4\n"), plain);
    assert_str(find(t, "OX100AA").key, "OX100AA");
    assert_true(known(t, "ME195DP"));
    assert_str(try_trouble(t, STR("Postcode,lat,long\nNE4 8XX,55,-1.6\nNE4 8X,55,-1.6\n")),
               "3, Postcode: “NE4 8X” is not a postcode.");
    testdb_close(t);
}

// D5 and D7
static void no_position_and_pseudo_codes_are_missing(void **state)
{
    (void)state;
    struct testdb *t = testdb_open();
    str text = STR(NSPL_HEAD NSPL_ROW("LD1 9AA", "\"199606\",\"\",\"1\",\"\",\"\",\"9\",\"\","
                                                 "\"W99999999\",\"\",\"\",99.999999,0.000000,0")
                       NSPL_ROW("LD1 9AB", "\"199606\",\"200001\",\"0\",\"\",\"\",\"9\",\"\",\"\","
                                           "\"\",\"\",,0.00000,0"));
    str told = try_notices(try_check(t, text, plain));
    assert_says(told, "2 postcodes have no position");
    assert_says(told, "1 postcodes are no longer in use");
    assert_says(told, "1 postcodes belong to one large user");
    try_load(t, text, plain);
    struct postcode_row p = find(t, "LD19AA");
    assert_true(!p.placed && p.large_user && p.district.n == 0 && p.oa.n == 0);
    p = find(t, "LD19AB"); // D6: ended, and still found
    assert_true(!p.placed);
    assert_int_equal(p.terminated, 200001);
    testdb_close(t);
}

// D8
static void swapped_and_grid_coordinates(void **state)
{
    (void)state;
    struct testdb *t = testdb_open();
    assert_str(
        try_trouble(t, STR("Postcode,lat,long\nOX1 1AA,-1.26,51.75\n")),
        "2, lat: Latitude -1.260000, longitude 51.750000 lies outside the United Kingdom; it "
        "looks as if the two columns are swapped.");
    assert_says(try_trouble(t, STR("Postcode,lat,long\nOX1 1AA,48.1,-1.26\n")),
                "outside the United Kingdom.");
    assert_says(try_trouble(t, STR("Postcode,lat,long\nOX1 1AA,51.75,\n")), "2, long: One half");
    assert_says(try_trouble(t, STR("Postcode,lat,long\nOX1 1AA,here,-1.26\n")),
                "2, lat: “here” is not a number");
    assert_says(try_trouble(t, STR("Postcode,lat,long\nOX1 1AA,9000000,1\n")),
                "neither degrees nor a place");
    assert_says(try_trouble(t, STR("Postcode,lat,long\nZE1 0AA,447000,1141000\n")),
                "as if the two columns are swapped");
    str grid = STR("Postcode,lat,long\nLD1 5AA,261273,305969\nLD1 5AB,0262536,306543\n");
    assert_says(try_notices(try_check(t, grid, plain)),
                "2 positions were British National Grid numbers");
    try_load(t, grid, plain);
    struct postcode_row p = find(t, "LD15AA");
    assert_near(p.lat, 52.241583, 3e-5);
    assert_near(p.lon, -3.378543, 3e-5);
    p = find(t, "LD15AB");
    assert_near(p.lat, 52.253032, 3e-5);
    testdb_close(t);
}

// D3: "0261273" is 261,273 metres
static void positions_from_eastings_and_northings(void **state)
{
    (void)state;
    struct testdb *t = testdb_open();
    str text =
        STR("pcds,oseast1m,osnrth1m\n\"LD1 5AA\",\"305969\",\"0261273\"\n\"LD1 5AB\",\"\",\"\"\n"
            "\"BT1 1AA\",\"333900\",\"374500\"\n");
    assert_says(try_notices(try_check(t, text, plain)), "1 postcodes of Northern Ireland");
    try_load(t, text, plain);
    struct postcode_row p = find(t, "LD15AA");
    assert_near(p.lat, 52.2415827, 1e-6);
    assert_near(p.lon, -3.3785427, 1e-6);
    assert_false(find(t, "LD15AB").placed);
    assert_false(find(t, "BT11AA").placed);
    assert_says(try_trouble(t, STR("pcds,oseast1m,osnrth1m\nLD1 5AA,805969,261273\n")),
                "is no place on the British National Grid");
    testdb_close(t);
}

static void repeated_postcodes_name_both_rows(void **state)
{
    (void)state;
    struct testdb *t = testdb_open();
    assert_str(
        try_trouble(t, STR("Postcode,lat,long\nOX1 1AA,51,-1\nOX1 1AB,51,-1\nox11aa,51,-1\n")),
        "4, Postcode: OX1 1AA is there twice; it was in row 2 already.");
    assert_str(try_trouble(t, STR("Postcode,lat,long\nM1 1AA,51,-1\nM1 1AA,51,-1\n")),
               "3, Postcode: M1 1AA is there twice; it was in row 2 already.");
    // in neither order, yet nothing is there twice
    try_load(t, STR("Postcode,lat,long\nOX2 1AA,51,-1\nAB10 1AA,57,-2\nAB1 0AA,57,-2\n"), plain);
    assert_true(known(t, "AB10AA") && known(t, "AB101AA") && known(t, "OX21AA"));
    testdb_close(t);
}

static bool kept(const char *const *v, size_t n)
{
    struct postcode_order o = {0};
    for (size_t i = 0; i < n; i++) {
        postcode pc;
        assert_true(postcode_parse(str_c(v[i]), &pc));
        postcode_order_watch(&o, &pc);
    }
    return postcode_order_kept(&o);
}

static void both_orders_are_orders(void **state)
{
    (void)state;
    static const char *const as_files[] = {"AB1 0AA", "AB1 9ZZ", "AB10 1AA", "AB2 1AA"};
    static const char *const as_keys[] = {"AB10 1AA", "AB1 0AA", "AB1 9ZZ", "AB2 1AA"};
    static const char *const twice[] = {"AB1 0AA", "AB1 0AA"};
    static const char *const neither[] = {"AB2 1AA", "AB1 0AA", "AB10 1AA"};
    assert_true(kept(as_files, countof(as_files)));
    assert_true(kept(as_keys, countof(as_keys)));
    assert_false(kept(twice, countof(twice)));
    assert_false(kept(neither, countof(neither)));
}

static void one_district_alone(void **state)
{
    (void)state;
    struct testdb *t = testdb_open();
    str text = STR("pcds,laua,lat,long\nOX1 1AA,E07000178,51.7,-1.2\nOX10 0AA,E07000179,51.6,-1.1\n"
                   "nonsense,E07000179,0,0\n");
    struct import_opts o = {.district = STR("E07000178")};
    assert_int_equal(try_load(t, text, o).rows, 1);
    assert_true(known(t, "OX11AA"));
    assert_false(known(t, "OX100AA"));
    try_refused(t, text, (struct import_opts){.district = STR("E07999999")},
                "No row is of district");
    try_refused(t, STR("Postcode,lat,long\nOX1 1AA,51.7,-1.2\n"), o, "no column of district codes");
    testdb_close(t);
}

static void what_must_be_refused(void **state)
{
    (void)state;
    struct testdb *t = testdb_open();
    struct import_opts o = {.family = STR("postcodes")};
    try_refused(t, STR("lat,long\n51.7,-1.2\n"), o,
                "No heading says which column holds the postcode");
    try_refused(t, STR("Postcode,lat\nOX1 1AA,51.7\n"), o, "come in pairs");
    try_refused(t, STR("Postcode,name\nOX1 1AA,x\n"), o, "neither a position");
    try_refused(t, STR("pcds,doterm,lat,long\nOX1 1AA,201313,51.7,-1.2\n"), o,
                "month written as YYYYMM");
    try_refused(t, STR("pcds,usertype,lat,long\nOX1 1AA,2,51.7,-1.2\n"), o, "not between 0 and 1");
    try_refused(t, STR("pcds,laua,lat,long\nOX1 1AA,Oxford,51.7,-1.2\n"), o, "is not an area code");
    try_refused(t, STR("Postcode,lat,long\nOX1 1AA,51.7,-1.2\nOX1 1AB,51"), o, "cut off"); // D31
    testdb_close(t);
}

// Northern Ireland's small areas of 2011 have codes of their own shape.
static void irish_codes(void **state)
{
    (void)state;
    struct testdb *t = testdb_open();
    try_load(t, STR("pcds,laua,lsoa11,lat,long\nBT1 1AA,N09000003,95GG17S1,54.6,-5.9\n"), plain);
    assert_str(find(t, "BT11AA").lsoa11, "95GG17S1");
    testdb_close(t);
}

static void the_newest_import_wins_and_undo_brings_the_old_one_back(void **state)
{
    (void)state;
    struct testdb *t = testdb_open();
    str one = STR("Postcode,lat,long\nOX1 1AA,51.70,-1.2\n");
    try_load(t, one, plain);
    struct import_result second =
        try_load(t, STR("Postcode,lat,long\nOX1 1AA,51.80,-1.2\n"), plain);
    assert_near(find(t, "OX11AA").lat, 51.8, 1e-12);
    assert_true(try_load(t, one, plain).unchanged);
    no_error(import_undo(t->db, &t->a, second.id));
    assert_near(find(t, "OX11AA").lat, 51.7, 1e-12);
    testdb_close(t);
}

// More than are held back at once, in the order of the files: all arrive.
static void many_rows(void **state)
{
    (void)state;
    enum { SECTORS = 100, UNITS = 400 };
    static const char letters[] = "ABDEFGHJLNPQRSTUWXYZ";
    struct testdb *t = testdb_open();
    struct buf b;
    buf_init(&b, &t->a, 4 << 20);
    buf_c(&b, "Postcode,lat,long\n");
    for (int i = 0; i < SECTORS * UNITS; i++)
        buf_fmt(&b, "AB%d %d%c%c,57,-2\n", 1 + i / UNITS / 10, i / UNITS % 10, letters[i / 20 % 20],
                letters[i % 20]);
    assert_false(b.full);
    assert_int_equal(try_load(t, buf_text(&b), plain).rows, SECTORS * UNITS);
    assert_true(known(t, "AB10AA") && known(t, "AB109ZZ") && known(t, "AB55NN"));
    testdb_close(t);
}

// ---- the files at hand --------------------------------------------------------------------------

struct tally {
    int rows, placed, ended, large, welsh, english;
};

static void count_file(struct testdb *t, str text, struct tally *n)
{
    struct csv csv;
    bool more;
    csv_init(&csv, &t->a, text);
    no_error(csv_next(&csv, &t->a, &more));
    struct db_tx *tx;
    no_error(db_read_public(t->db, &t->a, &tx));
    for (;;) {
        postcode pc;
        struct postcode_row p;
        bool found;
        no_error(csv_next(&csv, &t->a, &more));
        if (!more)
            break;
        assert_true(postcode_parse(csv.field[0], &pc));
        no_error(postcode_find(tx, &t->a, postcode_key(&pc), &p, &found));
        assert_true(found);
        n->rows++;
        n->placed += p.placed;
        n->ended += p.terminated > 0;
        n->large += p.large_user;
        n->welsh += p.district.n && p.district.p[0] == 'W';
        n->english += p.district.n && p.district.p[0] == 'E';
    }
    db_read_end(tx);
}

static void the_real_nspl_file(void **state)
{
    (void)state;
    struct testdb *t = testdb_open();
    str text = data_or_skip(&t->a, "the NSPL of LD", "oxford/postcodes/NSPL_NOV_2021_UK_LD.csv");
    struct tally n = {0};
    assert_int_equal(try_load(t, text, plain).rows, 2667);
    count_file(t, text, &n);
    assert_int_equal(n.rows, 2667);
    assert_int_equal(n.placed, 2590);
    assert_int_equal(n.ended, 451);
    assert_int_equal(n.large, 496);
    assert_int_equal(n.welsh, 2539);
    assert_int_equal(n.english, 51);
    assert_str(find(t, "LD15AA").lsoa11, "W01000454");
    testdb_close(t);
}

static void the_real_small_file(void **state)
{
    (void)state;
    struct testdb *t = testdb_open();
    str text =
        data_or_skip(&t->a, "OX postcodes", "oxford/postcodes/OX_postcode_lat_long_may2025.csv");
    struct import_job *job = try_check(t, text, plain);
    assert_int_equal(job->rows_read, 35994);
    assert_int_equal(job->n_problems, 0);
    assert_says(try_notices(job), "11 postcodes have no position");
    assert_int_equal(try_load(t, text, plain).rows, 35994);
    assert_near(find(t, "OX11AA").lat, 51.75023, 1e-12);
    testdb_close(t);
}

static void the_real_guessed_file(void **state)
{
    (void)state;
    struct testdb *t = testdb_open();
    str text =
        data_or_skip(&t->a, "guessed codes", "oxford/postcodes/derived_point_in_polygon.csv");
    assert_int_equal(try_load(t, text, plain).rows, 6723);
    struct postcode_row p = find(t, "OX39XB");
    assert_true(p.by_position && p.ward.n == 9 && p.lsoa11.n == 0 && p.lsoa21.n == 0);
    testdb_close(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_of_the_2011_edition),
        cmocka_unit_test(headings_of_every_family),
        cmocka_unit_test(codes_found_by_position_are_a_guess),
        cmocka_unit_test(postcodes_as_people_write_them),
        cmocka_unit_test(no_position_and_pseudo_codes_are_missing),
        cmocka_unit_test(swapped_and_grid_coordinates),
        cmocka_unit_test(positions_from_eastings_and_northings),
        cmocka_unit_test(repeated_postcodes_name_both_rows),
        cmocka_unit_test(both_orders_are_orders),
        cmocka_unit_test(one_district_alone),
        cmocka_unit_test(what_must_be_refused),
        cmocka_unit_test(irish_codes),
        cmocka_unit_test(the_newest_import_wins_and_undo_brings_the_old_one_back),
        cmocka_unit_test(many_rows),
        cmocka_unit_test(the_real_nspl_file),
        cmocka_unit_test(the_real_small_file),
        cmocka_unit_test(the_real_guessed_file),
    };
    return cmocka_run_group_tests_name("postcodes", tests, NULL, NULL);
}
