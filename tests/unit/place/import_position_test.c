// SPDX-License-Identifier: AGPL-3.0-or-later
// Covers place/import_position.c in every family that reads positions from two columns: swapped
// degrees, grid numbers among degrees, swapped grid numbers, and files of another part of the land.
#include "base/base.h"
#include "import_try.h"
#include "testdb.h"

#define CRIME_HEAD "Month,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type\n"
#define CRIME(lon, lat)                                                                            \
    "2024-03,Mill Police," lon "," lat ",On or near The Holt,E01000001,Mill 001A,Burglary\n"

static const struct import_opts plain = {0};

static const char square[] =
    "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":"
    "{\"LSOA21CD\":\"E01000001\",\"LSOA21NM\":\"Mill 001A\"},\"geometry\":{\"type\":\"Polygon\","
    "\"coordinates\":[[[-1.20,51.70],[-1.20,51.71],[-1.19,51.71],[-1.20,51.70]]]}}]}";

static void swapped_degrees_have_a_row_and_a_column(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } files[] = {
        {"Postcode,lat,long\nOX1 1AA,51.7,-1.2\nOX1 1AB,-1.2,51.7\n", "3, lat: Latitude -1.2"},
        {CRIME_HEAD CRIME("-1.2", "51.7") CRIME("51.7", "-1.2"), "3, Latitude: Latitude -1.2"},
    };
    for (size_t i = 0; i < countof(files); i++) {
        struct testdb *t = testdb_open();
        str said = try_trouble(t, str_c(files[i].text));
        assert_says(said, files[i].says);
        assert_says(said, "as if the two columns are swapped");
        testdb_close(t);
    }
}

static void grid_numbers_among_degrees_are_converted(void **state)
{
    (void)state;
    static const char *const files[] = {
        "Postcode,lat,long\nOX1 1AA,206000,451000\nOX1 1AB,206100,451100\n",
        CRIME_HEAD CRIME("451000", "206000") CRIME("451100", "206100"),
    };
    for (size_t i = 0; i < countof(files); i++) {
        struct testdb *t = testdb_open();
        struct import_job *job = try_check(t, str_c(files[i]), plain);
        assert_int_equal(job->n_problems, 0);
        assert_says(try_notices(job), "2 positions were British National Grid numbers");
        testdb_close(t);
    }
    struct testdb *t = testdb_open();
    assert_says(try_trouble(t, STR(CRIME_HEAD CRIME("206", "9000000"))),
                "2, Latitude: 9000000 and 206 are neither degrees nor a place");
    assert_says(try_trouble(t, STR("pcds,oseast1m,osnrth1m\nZE1 0AA,1141000,447000\n")),
                "2, oseast1m: Easting 1141000, northing 447000 is no place on the British National "
                "Grid; it looks as if the two columns are swapped.");
    testdb_close(t);
}

// The mirror image of Oxfordshire lies in the sea off the Isle of Man: in the box of the United
// Kingdom, and yet far from every area that is loaded.
static void a_file_of_far_away_is_told(void **state)
{
    (void)state;
    static const char far[] = "No position in this file is within 100 km",
                      guess[] = "It looks as if easting and northing are swapped";
    static const struct {
        const char *text;
        bool far, guess;
        int64_t row;
        const char *column;
    } files[] = {
        {"pcds,oseast1m,osnrth1m\nOX1 1AA,451000,206000\n", false, false, 0, ""},
        {"pcds,oseast1m,osnrth1m\nOX1 1AC,,\nOX1 1AA,206000,451000\n", true, true, 3, "oseast1m"},
        {"Postcode,lat,long\nOX1 1AA,451000,206000\n", true, true, 2, "lat"},
        {CRIME_HEAD CRIME("206000", "451000"), true, true, 2, "Latitude"},
        {"Postcode,lat,long\nNE1 1AA,54.97,-1.61\n", true, false, 2, "lat"},
        // a whole country, as long as one row is ours
        {"Postcode,lat,long\nNE1 1AA,54.97,-1.61\nOX1 1AA,51.75,-1.26\n", false, false, 0, ""},
        {"Postcode,lat,long\nRG1 1AA,51.45,-0.97\n", false, false, 0, ""}, // 35 km
        {CRIME_HEAD CRIME("-1.2", "51.7"), false, false, 0, ""},
    };
    struct testdb *t = testdb_open();
    str all = try_notices(try_check(t, str_c(files[1].text), plain)); // no areas: nothing to say
    assert_true(str_find(all, str_c(far), 0) == all.n);
    try_load(t, str_c(square), plain);
    for (size_t i = 0; i < countof(files); i++) {
        struct import_job *job = try_check(t, str_c(files[i].text), plain);
        assert_int_equal(job->n_problems, 0);
        all = try_notices(job);
        assert_int_equal(str_find(all, str_c(far), 0) < all.n, files[i].far);
        assert_int_equal(str_find(all, str_c(guess), 0) < all.n, files[i].guess);
        for (size_t k = 0; k < job->notices.n; k++)
            if (str_starts(job->notices.v[k].sentence, str_c(far))) {
                assert_int_equal(job->notices.v[k].row, files[i].row);
                assert_str(job->notices.v[k].column, files[i].column);
            }
    }
    testdb_close(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(swapped_degrees_have_a_row_and_a_column),
        cmocka_unit_test(grid_numbers_among_degrees_are_converted),
        cmocka_unit_test(a_file_of_far_away_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
