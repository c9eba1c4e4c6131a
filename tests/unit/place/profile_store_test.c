// SPDX-License-Identifier: AGPL-3.0-or-later
// A profile read from a store: the made-up town of profile_town.h, on both engines (testdb.h).
#include "base/base.h"
#include "profile_town.h"
#include "testdb.h"

static void a_ward_has_its_small_areas_in_both_editions(void **state)
{
    UNUSED(state);
    struct testdb *t = town();
    struct profile *p = profile_of(t, "E05000001");
    assert_true(is(p->area.name, "North"));
    assert_true(is(p->area.kind, "ward"));
    assert_true(is(p->area.parent_code, "E07000001"));
    assert_true(p->area.best_fit);
    assert_int_equal(p->n_small, 3);
    assert_int_equal(p->n_before, 3);
    assert_int_equal(p->n_editions, 2);
    assert_int_equal(p->edition[0].year, 2025);
    assert_int_equal(p->edition[1].rank_of, 32844);
    const struct small_area *s = p->small;
    assert_true(is(s[0].code, "E01000001"));
    assert_int_equal(s[0].relation, LINK_UNCHANGED);
    assert_int_equal(s[0].reading[0][DOMAIN_INCOME].decile, 1);
    assert_int_equal(s[0].reading[1][DOMAIN_INCOME].decile, 1);
    assert_int_equal(s[0].reading[1][DOMAIN_CRIME].decile, 3);
    assert_int_equal(s[0].coincide[0].n[0], 1);
    assert_int_equal(s[0].coincide[0].n[1], 2);
    assert_true(is(s[1].code, "E01000011"));
    assert_int_equal(s[1].relation, LINK_MERGED);
    assert_int_equal(s[1].n_before, 2);
    assert_int_equal(s[1].reading[1][DOMAIN_INCOME].status, READING_ABSENT);
    assert_true(is(p->before[s[1].before[0]].code, "E01000002"));
    assert_int_equal(p->before[s[1].before[0]].reading[1][DOMAIN_INCOME].decile, 10);
    assert_int_equal(p->before[s[1].before[1]].reading[1][DOMAIN_CRIME].rank, 1);
    assert_int_equal(s[2].relation, LINK_SPLIT);
    assert_int_equal(s[2].n_before, 1);
    assert_non_null(note_in(p, NOTE_BEST_FIT));
    assert_int_equal(note_in(p, NOTE_SPLIT_MERGED)->n, 2);
    assert_non_null(note_in(p, NOTE_DECILES_ASIDE));
    assert_null(note_in(p, NOTE_NOT_PUBLISHED));
    testdb_close(t);
}

static void change_counts_each_former_area_once(void **state)
{
    UNUSED(state);
    struct testdb *t = town();
    const struct profile_change *c = &profile_of(t, "E05000001")->change;
    assert_true(c->known);
    assert_int_equal(c->unchanged, 1);
    assert_int_equal(c->merged, 1);
    assert_int_equal(c->split, 1);
    const struct band_count *income = &c->domain[DOMAIN_INCOME];
    assert_int_equal(income->then[1], 3); // 01, 03, 04
    assert_int_equal(income->then[5], 1); // 02
    assert_int_equal(income->now[1], 2);  // 01, 11
    assert_int_equal(income->now[5], 1);  // 12
    testdb_close(t);
}

// A copy for the unchanged, a sum for the merged, nothing added for a half (D of the rules: S only
// as the pair's joint value).
static void people_are_carried_over_as_the_change_allows(void **state)
{
    UNUSED(state);
    struct testdb *t = town();
    struct profile *p = profile_of(t, "E05000001");
    assert_int_equal(p->small[0].people.n, 91);
    assert_int_equal(p->small[0].children.n, 16);
    assert_int_equal(p->small[0].people.status, COUNT_PUBLISHED);
    assert_int_equal(p->small[1].people.n, 91 * 5);
    assert_int_equal(p->small[1].people.status, COUNT_SUMMED);
    assert_int_equal(p->small[2].people.n, 91 * 4);
    assert_int_equal(p->small[2].people.status, COUNT_JOINT);
    assert_true(p->people.known);
    assert_int_equal(p->people.total, 91 * 6);
    assert_int_equal(p->people.children, 16 * 6);
    assert_int_equal(p->people.missing, 1);
    assert_int_equal(p->people.year, 2020);
    assert_int_equal(p->people.vintage, 2011);
    assert_true(is(note_in(p, NOTE_PEOPLE_MISSING)->codes[0], "E01000012"));
    assert_non_null(note_in(p, NOTE_JOINT_PEOPLE));
    assert_non_null(note_in(p, NOTE_OTHER_VINTAGE));
    testdb_close(t);
}

// Both halves of the split area lie in the district, so their joint people belong to its total.
static void a_district_holds_both_halves(void **state)
{
    UNUSED(state);
    struct testdb *t = town();
    struct profile *p = profile_of(t, "E07000001");
    assert_int_equal(p->n_small, 5);
    assert_int_equal(p->people.total, 91 * 15);
    assert_int_equal(p->people.missing, 0);
    assert_int_equal(p->n_before, 3);
    assert_false(p->compare[COMPARE_DISTRICT].known);
    testdb_close(t);
}

static void suppressed_is_not_published_and_not_nought(void **state)
{
    UNUSED(state);
    struct testdb *t = town();
    struct profile *p = profile_of(t, "E01000005");
    const struct reading *r = &p->small[0].reading[0][DOMAIN_INCOME];
    assert_int_equal(r->status, READING_SUPPRESSED);
    assert_int_equal(r->rank, 0);
    assert_int_equal(p->small[0].coincide[0].judged, 1);
    assert_int_equal(p->small[0].reading[0][DOMAIN_HEALTH].status, READING_ABSENT);
    assert_int_equal(note_in(p, NOTE_NOT_PUBLISHED)->n, 1);
    testdb_close(t);
}

static void a_ward_that_fits_nothing_says_so(void **state)
{
    UNUSED(state);
    struct testdb *t = town();
    struct profile *p = profile_of(t, "E05000003");
    assert_int_equal(p->n_small, 0);
    assert_int_equal(p->n_editions, 0);
    assert_false(p->people.known);
    assert_non_null(note_in(p, NOTE_NO_BEST_FIT));
    testdb_close(t);
}

static void a_former_area_tells_what_it_became(void **state)
{
    UNUSED(state);
    struct testdb *t = town();
    struct profile *p = profile_of(t, "E01000004");
    assert_int_equal(p->area.vintage, 2011);
    assert_int_equal(p->n_editions, 1);
    assert_int_equal(p->edition[0].year, 2019);
    assert_int_equal(p->small[0].relation, LINK_SPLIT);
    assert_int_equal(p->small[0].n_after, 2);
    assert_true(is(p->small[0].after[1], "E01000013"));
    assert_int_equal(p->people.total, 91 * 4);
    testdb_close(t);
}

// The code stayed, and half of the ground came from elsewhere: said, whatever the change table
// says.
static void a_border_that_moved_is_said(void **state)
{
    UNUSED(state);
    struct testdb *t = town();
    static const char then[] =
        FEATURES FEATURE("LSOA11", "E01000001", "Town A", "-1.3",
                         "-1.28") "," FEATURE("LSOA11", "E01000005", "Town E", "-1.2", "-1.1") "]}";
    static const char now[] =
        FEATURES FEATURE("LSOA21", "E01000001", "Town 1A", "-1.3", "-1.26") "," FEATURE(
            "LSOA21", "E01000005", "Town 2B", "-1.2", "-1.0999") "]}";
    assert_false(profile_of(t, "E01000001")->small[0].moved); // not drawn: not known
    load_as(t, "areas", "then.geojson", str_c(then), (struct import_opts){0});
    load_as(t, "areas", "now.geojson", str_c(now), (struct import_opts){0});
    struct profile *p = profile_of(t, "E01000001");
    assert_int_equal(p->small[0].relation, LINK_UNCHANGED);
    assert_true(p->small[0].moved);
    p = profile_of(t, "E07000001");
    assert_int_equal(note_in(p, NOTE_BORDER_MOVED)->n, 1);
    assert_true(is(note_in(p, NOTE_BORDER_MOVED)->codes[0], "E01000001"));
    assert_false(profile_of(t, "E01000005")->small[0].moved); // drawn a little more coarsely
    assert_false(profile_of(t, "E01000011")->small[0].moved); // merged, which is said by itself
    testdb_close(t);
}

static err make_zone(struct db_tx *tx, void *ctx)
{
    UNUSED(ctx);
    struct zone z = {
        .name = STR("Northside"), .challenge = STR("How?"), .vision = STR(""), .starts = DATE_NONE};
    str code[] = {STR("E05000001"), STR("E01000013")};
    date from;
    ASSERT(date_make(2025, 1, 1, &from));
    TRY(zone_set(tx, &z, 1000));
    return zone_set_areas(tx, code, countof(code), from, 1000);
}

static void the_zone_is_the_union_of_its_areas(void **state)
{
    UNUSED(state);
    struct testdb *t = town();
    no_error(db_write(t->db, &t->a, make_zone, NULL));
    struct profile *p = profile_of(t, "zone");
    assert_true(p->area.is_zone);
    assert_true(is(p->area.name, "Northside"));
    assert_int_equal(p->n_small, 4);
    assert_int_equal(p->n_children, 2);
    assert_int_equal(p->people.total, 91 * 10); // the split area's two halves are both in it
    assert_int_equal(p->people.missing, 0);
    assert_false(p->compare[COMPARE_ZONE].known);
    assert_true(p->compare[COMPARE_DISTRICT].known);
    const struct comparison *district = &p->compare[COMPARE_DISTRICT];
    assert_int_equal(district->small_areas, 5);
    assert_int_equal(district->share[0][DOMAIN_CRIME].n, 5);
    assert_int_equal(district->share[0][DOMAIN_CRIME].in[0], 4);
    assert_int_equal(district->share[0][DOMAIN_INCOME].n, 4); // one is not published
    // before: 01, 02, 03, 04, 05, and each once
    assert_int_equal(district->share[1][DOMAIN_CRIME].n, 5);
    assert_int_equal(district->share[1][DOMAIN_INCOME].n, 4);
    struct profile *ward = profile_of(t, "E05000002");
    assert_true(ward->compare[COMPARE_ZONE].known);
    assert_true(is(ward->compare[COMPARE_ZONE].name, "Northside"));
    assert_int_equal(ward->compare[COMPARE_ZONE].share[0][DOMAIN_INCOME].n, 4);
    assert_int_equal(ward->compare[COMPARE_ZONE].share[0][DOMAIN_INCOME].in[0], 3);
    testdb_close(t);
}

static void sources_are_those_that_were_used(void **state)
{
    UNUSED(state);
    struct testdb *t = town();
    struct profile *p = profile_of(t, "E05000001");
    int iod = 0;
    for (size_t i = 0; i < p->n_sources; i++) {
        assert_true(p->source[i].licence.n > 0);
        assert_true(p->source[i].attribution.n > 0);
        iod += is(p->source[i].date, "2019") || is(p->source[i].date, "2025");
    }
    assert_int_equal(iod, 2);
    const struct reading *r = &p->small[0].reading[0][DOMAIN_INCOME];
    assert_true(is(p->source[r->source].date, "2025"));
    testdb_close(t);
}

static void an_undone_import_is_not_read(void **state)
{
    UNUSED(state);
    struct testdb *t = town();
    static const char newer[] = "LSOA code (2021),Income Rank (where 1 is most deprived)\n"
                                "E01000001,30000\n";
    struct import_job *job;
    struct import_result done;
    struct import_opts opts = {.family = STR("iod2025")};
    no_error(import_open(&t->a, str_c(newer), STR("new.csv"), &opts, &job));
    no_error(import_load(t->db, job, 2000, &done));
    assert_int_equal(profile_of(t, "E01000001")->small[0].reading[0][DOMAIN_INCOME].rank, 30000);
    assert_int_equal(profile_of(t, "E01000001")->small[0].reading[0][DOMAIN_CRIME].rank, 3376);
    no_error(import_undo(t->db, &t->a, done.id));
    assert_int_equal(profile_of(t, "E01000001")->small[0].reading[0][DOMAIN_INCOME].rank, 3375);
    testdb_close(t);
}

// ---- crime and tables ---------------------------------------------------------------------------

#define STREET                                                                                     \
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,"     \
    "Crime type,Last outcome category,Context\n"
#define CRIME(month, code, name, kind)                                                             \
    "," month ",Town Police,Town Police,-1.25,52.05,On or near A Street," code "," name "," kind   \
    ",,\n"

// Codes of the older census and of today stand side by side; each crime is counted once, and of a
// merged area those of the areas it was made of.
static void crime_is_counted_by_codes_of_both_censuses(void **state)
{
    UNUSED(state);
    struct testdb *t = town();
    static const char older[] = STREET CRIME("2019-01", "E01000001", "Town 001A", "Burglary")
        CRIME("2019-01", "E01000002", "Town 001B", "Burglary")
            CRIME("2019-01", "E01000002", "Town 001B", "Robbery")
                CRIME("2019-01", "E01000005", "Town 002B", "Robbery");
    static const char newer[] = STREET CRIME("2019-03", "E01000001", "Town 001A", "Burglary")
        CRIME("2019-03", "E01000011", "Town 001C", "Burglary")
            CRIME("2019-03", "E01000005", "Town 002B", "Robbery");
    load_as(t, "crime", "2019-01-town-street.csv", str_c(older), (struct import_opts){0});
    load_as(t, "crime", "2019-03-town-street.csv", str_c(newer), (struct import_opts){0});
    const struct profile *p = profile_of(t, "E05000001");
    const struct profile_crime *c = &p->crime;
    assert_true(c->known);
    assert_int_equal(c->n_months, 3);
    assert_int_equal(c->month[0].month, 201901);
    assert_int_equal(c->month[0].n, 3);
    assert_false(c->month[1].known); // February was not loaded, which is not 0
    assert_int_equal(c->month[2].n, 2);
    assert_int_equal(c->total, 5);
    assert_int_equal(c->n_kinds, 2);
    assert_true(is(c->kind[0].kind, "Burglary"));
    assert_int_equal(c->kind[0].n, 4);
    int told = 0; // two files of one dataset are one source, with the days they run from and to
    for (size_t i = 0; i < p->n_sources; i++)
        told += is(p->source[i].date, "2019-01 to 2019-03");
    assert_int_equal(told, 1);
    testdb_close(t);
}

static void tables_are_added_up_over_small_areas(void **state)
{
    UNUSED(state);
    struct testdb *t = town();
    static const char tenure[] = "lsoa21_code,total_households,tenure,n\n"
                                 "E01000001,10,Owned,4\nE01000001,10,Rented,6\n"
                                 "E01000011,20,Owned,5\nE01000011,20,Rented,15\n"
                                 "E01000012,10,Owned,9\nE01000012,10,Rented,1\n"
                                 "E01000005,99,Owned,90\nE01000005,99,Rented,9\n";
    load_as(t, "census", "tenure.csv", str_c(tenure), (struct import_opts){0});
    struct profile *p = profile_of(t, "E05000001");
    assert_int_equal(p->n_families, 1);
    const struct profile_family *f = &p->family[0];
    assert_int_equal(f->n, 2);
    assert_int_equal(f->areas, 3);
    assert_int_equal((int)f->total, 40);
    assert_int_equal((int)f->figure[0].value, 18);
    assert_int_equal((int)f->figure[1].value, 22);
    assert_true(f->figure[0].published);
    testdb_close(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ward_has_its_small_areas_in_both_editions),
        cmocka_unit_test(change_counts_each_former_area_once),
        cmocka_unit_test(people_are_carried_over_as_the_change_allows),
        cmocka_unit_test(a_district_holds_both_halves),
        cmocka_unit_test(suppressed_is_not_published_and_not_nought),
        cmocka_unit_test(a_ward_that_fits_nothing_says_so),
        cmocka_unit_test(a_former_area_tells_what_it_became),
        cmocka_unit_test(a_border_that_moved_is_said),
        cmocka_unit_test(the_zone_is_the_union_of_its_areas),
        cmocka_unit_test(sources_are_those_that_were_used),
        cmocka_unit_test(an_undone_import_is_not_read),
        cmocka_unit_test(crime_is_counted_by_codes_of_both_censuses),
        cmocka_unit_test(tables_are_added_up_over_small_areas),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
