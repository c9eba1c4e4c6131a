// SPDX-License-Identifier: AGPL-3.0-or-later
// Covers place/heading.h: folding, the ONS families with any year (D30), and the headings of every
// postcode file family.
#include "base/base.h"
#include "../data.h"
#include "place/heading.h"

static void folds_marks_case_spaces_and_quotes(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a);
    assert_true(str_eq(heading_fold(&a, STR("\xef\xbb\xbfLSOA21CD")), STR("lsoa21cd")));
    assert_true(str_eq(heading_fold(&a, STR(" \"Wd25 NM\"\xc2\xa0 ")), STR("wd25nm")));
    assert_true(str_eq(heading_fold(&a, STR("")), STR("")));
    assert_int_equal(heading_fold(&a, str_slice(STR("a\0b"), 0, 3)).n, 3);
    arena_fini(&a);
}

static void knows_the_families_with_any_year(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum area_kind kind;
        int vintage;
        enum heading_role role;
    } rows[] = {
        {"oa21cd", AREA_OA, 2021, HEADING_CODE},
        {"lsoa11nm", AREA_LSOA, 2011, HEADING_NAME},
        {"lsoa11nmw", AREA_LSOA, 2011, HEADING_WELSH_NAME},
        {"lsoa31cd", AREA_LSOA, 2031, HEADING_CODE},
        {"msoa21cd", AREA_MSOA, 2021, HEADING_CODE},
        {"wd25nm", AREA_WARD, 2025, HEADING_NAME},
        {"wdcd", AREA_WARD, 0, HEADING_CODE},
        {"ladcd_active", AREA_LAD, 0, HEADING_CODE},
        {"lad27cd", AREA_LAD, 2027, HEADING_CODE},
        {"ced25cd", AREA_CED, 2025, HEADING_CODE},
        {"cty99cd", AREA_COUNTY, 1999, HEADING_CODE},
        {"ctry25nm", AREA_COUNTRY, 2025, HEADING_NAME},
        {"rgncd", AREA_REGION, 0, HEADING_CODE},
        {"pcon24cd", AREA_CONSTITUENCY, 2024, HEADING_CODE},
    };
    for (size_t i = 0; i < countof(rows); i++) {
        struct heading h;
        assert_true(heading_ons(str_c(rows[i].text), &h));
        assert_int_equal(h.kind, rows[i].kind);
        assert_int_equal(h.vintage, rows[i].vintage);
        assert_int_equal(h.role, rows[i].role);
    }
    static const char *const strangers[] = {
        "",      "lsoa",     "lsoa2cd", "lsoa211cd", "xlsoa21cd", "wd13cdo",  "ward25cd",
        "bng_e", "globalid", "utlacd",  "lsoa21",    "cd",        "oa_active"};
    for (size_t i = 0; i < countof(strangers); i++) {
        struct heading h;
        assert_false(heading_ons(str_c(strangers[i]), &h));
    }
}

static void kinds_have_words(void **state)
{
    (void)state;
    assert_string_equal(area_kind_word(AREA_WARD), "ward");
    assert_int_equal(area_kind_of(STR("WD")), AREA_WARD);
    assert_int_equal(area_kind_of(STR("pcon")), AREA_CONSTITUENCY);
    assert_int_equal(area_kind_of(STR("none")), AREA_NONE);
    assert_int_equal(area_kind_of(STR("")), AREA_NONE);
    for (int k = AREA_NONE + 1; k < AREA_KINDS; k++)
        assert_int_equal(area_kind_of(str_c(area_kind_word((enum area_kind)k))), k);
}

// Splits a heading line and matches it.
static struct postcode_headings match(struct arena *a, const char *line)
{
    str *field = arena_new_array(a, 80, str), rest = str_c(line);
    size_t n = 0;
    while (str_next(&rest, ',', &field[n]))
        n++;
    struct postcode_headings h;
    postcode_headings_read(a, field, n, &h);
    return h;
}

// One expectation: column, vintage, position.
struct want {
    enum postcode_column column;
    int vintage;
    int64_t at;
};

static void assert_wants(const struct postcode_headings *h, const struct want *w, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int64_t at = postcode_heading_at(h, w[i].column, w[i].vintage);
        if (at != w[i].at)
            fail_msg("column %d of %d: %lld instead of %lld", (int)w[i].column, w[i].vintage,
                     (long long)at, (long long)w[i].at);
    }
}

static void nspl_of_2021_and_before(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a);
    struct postcode_headings h = match(
        &a,
        "pcd,pcd2,pcds,dointr,doterm,usertype,oseast1m,osnrth1m,osgrdind,oa11,cty,ced,laua,ward,"
        "hlthau,nhser,ctry,rgn,pcon,eer,teclec,ttwa,pct,itl,park,lsoa11,msoa11,wz11,ccg,bua11,"
        "buasd11,ru11ind,oac11,lat,long,lep1,lep2,pfa,imd,calncv,stp");
    static const struct want w[] = {
        {PC_POSTCODE, 0, 2}, {PC_INTRODUCED, 0, 3}, {PC_TERMINATED, 0, 4},    {PC_USER_TYPE, 0, 5},
        {PC_EASTING, 0, 6},  {PC_NORTHING, 0, 7},   {PC_QUALITY, 0, 8},       {PC_OA, 2011, 9},
        {PC_COUNTY, 0, 10},  {PC_CED, 0, 11},       {PC_LAD, 0, 12},          {PC_WARD, 0, 13},
        {PC_COUNTRY, 0, 16}, {PC_REGION, 0, 17},    {PC_CONSTITUENCY, 0, 18}, {PC_LSOA, 2011, 25},
        {PC_MSOA, 2011, 26}, {PC_LAT, 0, 33},       {PC_LONG, 0, 34},         {PC_IMD_RANK, 0, 38},
        {PC_LSOA, 2021, -1}, {PC_LSOA, 0, 25},
    };
    assert_wants(&h, w, countof(w));
    assert_int_equal(h.n_unknown, 0);
    assert_int_equal(postcode_heading_vintage(&h, PC_LSOA), 2011);
    arena_fini(&a);
}

static void nspl_of_the_2021_census(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a);
    struct postcode_headings h = match(
        &a,
        "pcd,pcd2,pcds,dointr,doterm,usertype,oseast1m,osnrth1m,osgrdind,oa21,cty,ced,laua,ward,"
        "nhser,ctry,rgn,pcon,ttwa,itl,park,lsoa21,msoa21,wz11,sicbl,bua24,ruc21,oac11,lat,long,"
        "lep1,lep2,pfa,imd,icb");
    static const struct want w[] = {{PC_OA, 2021, 9},   {PC_LSOA, 2021, 21}, {PC_MSOA, 0, 22},
                                    {PC_WARD, 0, 13},   {PC_LAT, 0, 28},     {PC_IMD_RANK, 0, 33},
                                    {PC_LSOA, 2011, -1}};
    assert_wants(&h, w, countof(w));
    assert_int_equal(h.n_unknown, 0);
    arena_fini(&a);
}

static void onspd_with_three_censuses(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a);
    struct postcode_headings h = match(
        &a, "pcd,pcd2,pcds,dointr,doterm,oscty,ced,oslaua,osward,parish,usertype,oseast1m,osnrth1m,"
            "osgrdind,oshlthau,nhser,ctry,rgn,streg,pcon,eer,teclec,ttwa,pct,nuts,statsward,oa01,"
            "casward,park,lsoa01,msoa01,ur01ind,oac01,oa11,lsoa11,msoa11,wz11,ccg,bua22,ru11ind,"
            "oac11,lat,long,lep1,lep2,pfa,imd,calncv,icb,oa21,lsoa21,msoa21,ru21ind");
    static const struct want w[] = {{PC_COUNTY, 0, 5},   {PC_LAD, 0, 7},      {PC_WARD, 0, 8},
                                    {PC_OA, 2001, 26},   {PC_OA, 2011, 33},   {PC_OA, 0, 49},
                                    {PC_LSOA, 2011, 34}, {PC_LSOA, 2021, 50}, {PC_MSOA, 2021, 51},
                                    {PC_LAT, 0, 41},     {PC_CED, 0, 6}};
    assert_wants(&h, w, countof(w));
    assert_int_equal(h.n_unknown, 0);
    assert_int_equal(postcode_heading_vintage(&h, PC_OA), 2021);
    arena_fini(&a);
}

static void files_since_2025(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a);
    struct postcode_headings h = match(
        &a, "\xef\xbb\xbf\"pcds\",doterm,usrtypind,cty25cd,ced25cd,lad25cd,wd25cd,east1m,north1m,"
            "ctry25cd,rgn25cd,pcon24cd,oa11cd,lsoa11cd,oa21cd,lsoa21cd,msoa21cd,ruc21ind,imd20ind,"
            "LAT , long,brandnew26cd");
    static const struct want w[] = {
        {PC_POSTCODE, 0, 0},  {PC_TERMINATED, 0, 1}, {PC_USER_TYPE, 0, 2},
        {PC_COUNTY, 2025, 3}, {PC_CED, 0, 4},        {PC_LAD, 2025, 5},
        {PC_WARD, 2025, 6},   {PC_EASTING, 0, 7},    {PC_NORTHING, 0, 8},
        {PC_COUNTRY, 0, 9},   {PC_REGION, 0, 10},    {PC_CONSTITUENCY, 2024, 11},
        {PC_OA, 2011, 12},    {PC_LSOA, 2011, 13},   {PC_OA, 0, 14},
        {PC_LSOA, 0, 15},     {PC_MSOA, 0, 16},      {PC_IMD_RANK, 2020, 18},
        {PC_LAT, 0, 19},      {PC_LONG, 0, 20},      {PC_INTRODUCED, 0, -1},
    };
    assert_wants(&h, w, countof(w));
    assert_int_equal(h.n_unknown, 1);
    assert_true(str_eq(h.unknown[0], STR("brandnew26cd")));
    arena_fini(&a);
}

// D30: a year nobody has seen yet loads, and is handed on.
static void a_renamed_year_loads(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a);
    struct postcode_headings h = match(&a, "pcds,lad27cd,lsoa31cd,wd28cd,imd33ind,lat,long");
    assert_int_equal(postcode_heading_vintage(&h, PC_LAD), 2027);
    assert_int_equal(postcode_heading_vintage(&h, PC_LSOA), 2031);
    assert_int_equal(postcode_heading_vintage(&h, PC_WARD), 2028);
    assert_int_equal(postcode_heading_vintage(&h, PC_IMD_RANK), 2033);
    assert_int_equal(postcode_heading_at(&h, PC_LSOA, 2031), 2);
    assert_int_equal(h.n_unknown, 0);
    arena_fini(&a);
}

static void the_preferred_spelling_wins_and_repeats_are_told(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a);
    struct postcode_headings h = match(&a, "Postcode,lat,long");
    assert_int_equal(postcode_heading_at(&h, PC_POSTCODE, 0), 0);
    assert_int_equal(h.n_unknown, 0);
    h = match(&a, "pcd,pcd2,lat,long");
    assert_int_equal(postcode_heading_at(&h, PC_POSTCODE, 0), 1);
    h = match(&a, "pcds,pcd,lat,long,lat");
    assert_int_equal(postcode_heading_at(&h, PC_POSTCODE, 0), 0);
    assert_int_equal(postcode_heading_at(&h, PC_LAT, 0), 2);
    assert_int_equal(h.n_unknown, 1);
    h = match(&a, "name,address");
    assert_int_equal(h.n, 0);
    assert_int_equal(h.n_unknown, 2);
    assert_int_equal(postcode_heading_at(&h, PC_POSTCODE, 0), -1);
    assert_int_equal(postcode_heading_vintage(&h, PC_LSOA), 0);
    arena_fini(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folds_marks_case_spaces_and_quotes),
        cmocka_unit_test(knows_the_families_with_any_year),
        cmocka_unit_test(kinds_have_words),
        cmocka_unit_test(nspl_of_2021_and_before),
        cmocka_unit_test(nspl_of_the_2021_census),
        cmocka_unit_test(onspd_with_three_censuses),
        cmocka_unit_test(files_since_2025),
        cmocka_unit_test(a_renamed_year_loads),
        cmocka_unit_test(the_preferred_spelling_wins_and_repeats_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
