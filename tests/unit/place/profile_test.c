// SPDX-License-Identifier: AGPL-3.0-or-later
// The profile of an area: the sums by themselves, then read from a store with a made-up town in
// which one small area was split, two were merged and one is suppressed. Over real figures see
// profile_real_test.c.
#include "base/base.h"
#include "base/json.h"
#include "place/area.h"
#include "place/import.h"
#include "place/place.h"
#include "place/profile.h"
#include "testdb.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>
#include <jansson.h>

static void no_error(err e)
{
    if (e)
        fail_msg("%.*s", (int)err_root(e).n, err_root(e).p);
}

static bool is(str s, const char *z)
{
    return str_eq(s, str_c(z));
}

// ---- sums ---------------------------------------------------------------------------------------

static void domains_stand_in_the_order_of_the_enum(void **state)
{
    UNUSED(state);
    static const char *const ids[DOMAIN_N] = {"imd",
                                              "income",
                                              "employment",
                                              "education",
                                              "health",
                                              "crime",
                                              "barriers",
                                              "living_environment",
                                              "idaci",
                                              "idaopi",
                                              "children_sub",
                                              "adult_skills_sub",
                                              "geographical_barriers_sub",
                                              "wider_barriers_sub",
                                              "indoors_sub",
                                              "outdoors_sub"};
    int main_n = 0;
    assert_int_equal(n_deprivation_domains, DOMAIN_N);
    for (int d = 0; d < DOMAIN_N; d++) {
        assert_string_equal(domain_id((enum domain)d), ids[d]);
        assert_true(strlen(domain_short((enum domain)d)) > 2);
        assert_true(strlen(domain_means((enum domain)d)) > 10);
        main_n += domain_is_main((enum domain)d);
        assert_int_equal(domain_is_main((enum domain)d), d >= DOMAIN_INCOME && d <= DOMAIN_LIVING);
    }
    assert_int_equal(main_n, DOMAINS_MAIN);
    assert_int_equal(DOMAIN_IDAOPI + 1, DOMAINS_SHOWN);
}

static void bands_follow_deciles(void **state)
{
    UNUSED(state);
    static const int want[] = {0, 1, 2, 3, 4, 4, 5, 5, 5, 5, 5, 0};
    for (int i = 0; i < (int)countof(want); i++)
        assert_int_equal(band_of_decile(i), want[i]);
    assert_int_equal(band_of_decile(-1), 0);
    assert_string_equal(band_words(0), "not published");
    assert_string_equal(band_words(1), "most deprived 10%");
    assert_string_equal(band_words(99), "not published");
}

static void a_reading_keeps_rank_decile_and_what_is_missing(void **state)
{
    UNUSED(state);
    const struct edition e = {2025, 2021, 33755}, unknown = {2031, 0, 0};
    // decile = ceil(10 rank / N): the last rank of the first decile and the first of the second
    struct reading r = reading_of(some_i64(3375), (opt_i64){0}, some_f64(0.5), &e);
    assert_int_equal(r.decile, 1);
    assert_true(r.score.has);
    r = reading_of(some_i64(3376), (opt_i64){0}, (opt_f64){0}, &e);
    assert_int_equal(r.decile, 2);
    assert_int_equal(r.band, 2);
    assert_int_equal(r.status, READING_PUBLISHED);
    // the file's own decile is kept, and enough by itself
    r = reading_of((opt_i64){0}, some_i64(3), (opt_f64){0}, &e);
    assert_int_equal(r.rank, 0);
    assert_int_equal(r.band, 3);
    assert_int_equal(r.status, READING_PUBLISHED);
    // neither: not published, which is no band and certainly not 0
    r = reading_of((opt_i64){0}, (opt_i64){0}, (opt_f64){0}, &e);
    assert_int_equal(r.status, READING_SUPPRESSED);
    assert_int_equal(r.band, 0);
    // a rank of an edition nobody knows says nothing about tenths
    r = reading_of(some_i64(3375), (opt_i64){0}, (opt_f64){0}, &unknown);
    assert_int_equal(r.status, READING_PUBLISHED);
    assert_int_equal(r.band, 0);
}

static void set(struct reading *r, int d, int decile)
{
    r[d] = reading_of((opt_i64){0}, decile ? some_i64(decile) : (opt_i64){0}, (opt_f64){0},
                      &(struct edition){0});
}

static void only_the_seven_main_domains_coincide(void **state)
{
    UNUSED(state);
    struct reading r[DOMAIN_N] = {0};
    struct coincide c = coincide_count(r);
    assert_false(c.known);
    for (int d = 0; d < DOMAIN_N; d++)
        if (!domain_is_main((enum domain)d))
            set(r, d, 1); // the whole, the parts of income, the sub-domains
    c = coincide_count(r);
    assert_false(c.known);
    assert_int_equal(c.n[2], 0);
    set(r, DOMAIN_INCOME, 1);
    set(r, DOMAIN_CRIME, 2);
    set(r, DOMAIN_HEALTH, 3);
    set(r, DOMAIN_LIVING, 4);
    set(r, DOMAIN_BARRIERS, 0); // suppressed
    c = coincide_count(r);
    assert_true(c.known);
    assert_int_equal(c.judged, 4);
    assert_int_equal(c.n[0], 1);
    assert_int_equal(c.n[1], 2);
    assert_int_equal(c.n[2], 3);
}

static void ages_go_into_bands(void **state)
{
    UNUSED(state);
    struct arena a;
    struct buf b;
    int64_t band[AGE_BANDS] = {0};
    arena_init(&a);
    buf_init(&b, &a, 4096);
    for (int age = 0; age <= 90; age++) // each age holds 1, 5, 9, 15, 16 … told apart below
        buf_fmt(&b, "%s%d", age ? "," : "", age == 15 || age == 16 ? 100 * age : 1);
    assert_true(ages_by_band(buf_text(&b), band));
    static const int64_t want[AGE_BANDS] = {5, 5, 5 + 1500, 8 + 1600, 20, 20, 15, 11};
    for (int i = 0; i < AGE_BANDS; i++)
        assert_int_equal(band[i], want[i]);
    assert_true(ages_by_band(buf_text(&b), band)); // adds
    assert_int_equal(band[0], 10);
    static const char *const wrong[] = {"", "1", "1,2,x", "1,,2", "-1", "1,2,"};
    for (size_t i = 0; i < countof(wrong); i++)
        assert_false(ages_by_band(str_c(wrong[i]), band));
    buf_c(&b, ",");
    assert_false(ages_by_band(buf_text(&b), band)); // a number is missing at the end
    assert_int_equal(band[0], 10);
    arena_fini(&a);
}

static void facts_name_the_area_where_most_coincides(void **state)
{
    UNUSED(state);
    struct small_area small[3] = {{.code = STR("C")}, {.code = STR("A")}, {.code = STR("B")}};
    struct profile p = {.small = small, .n_small = 3, .n_editions = 1, .people = {.known = true}};
    set(small[0].reading[0], DOMAIN_INCOME, 1);
    for (int d = DOMAIN_INCOME; d <= DOMAIN_EDUCATION; d++)
        for (int i = 1; i < 3; i++)
            set(small[i].reading[0], d, 2);
    small[0].children = (struct counted){7, COUNT_PUBLISHED};
    small[1].children = (struct counted){10, COUNT_PUBLISHED};
    small[2].children = (struct counted){20, COUNT_SUMMED};
    profile_count(&p);
    assert_int_equal(p.facts.two_or_more[0], 0);
    assert_int_equal(p.facts.two_or_more[1], 2);
    assert_int_equal(p.facts.children_there[1].n, 30);
    assert_int_equal(p.facts.children_there[1].status, COUNT_SUMMED);
    assert_int_equal(p.facts.most[0].area, 0);
    assert_int_equal(p.facts.most[0].n, 1);
    assert_int_equal(p.facts.most[1].area, 1); // A before B
    assert_int_equal(p.facts.most[1].n, 3);
    assert_int_equal(p.facts.most[1].shared, 2);
    assert_int_equal(p.compare[COMPARE_HERE].share[0][DOMAIN_INCOME].n, 3);
    assert_int_equal(p.compare[COMPARE_HERE].share[0][DOMAIN_INCOME].in[0], 1);
    assert_true(p.has_domain[DOMAIN_INCOME]);
    assert_false(p.has_domain[DOMAIN_CRIME]);
    small[2].children.status = COUNT_JOINT; // another area's as well: cannot be added
    profile_count(&p);
    assert_int_equal(p.facts.children_there[1].n, 10);
    assert_int_equal(p.facts.children_there[1].status, COUNT_AT_LEAST);
}

static void a_place_without_figures_has_no_facts(void **state)
{
    UNUSED(state);
    struct profile p = {0};
    profile_count(&p);
    assert_int_equal(p.facts.edition, -1);
    assert_int_equal(p.facts.most[0].area, -1);
    assert_false(p.compare[COMPARE_HERE].known);
    assert_int_equal((int)share_percent(&p.compare[COMPARE_HERE].share[0][0], 0), -1);
}

// ---- a made-up town -----------------------------------------------------------------------------
// Ward E05000001 holds E01000001 (unchanged), E01000011 (merged from 02 and 03) and E01000012 (half
// of 04); ward E05000002 holds E01000013 (the other half) and E01000005; ward E05000003 nothing.

static const char iod2019[] =
    "LSOA code (2011),Index of Multiple Deprivation (IMD) Rank (where 1 is most deprived),"
    "Income Rank (where 1 is most deprived),Crime Rank (where 1 is most deprived)\n"
    "E01000001,100,3284,9853\nE01000002,200,32844,9854\nE01000003,300,1,1\n"
    "E01000004,400,2,2\nE01000005,500,,3\n";
static const char iod2025[] =
    "LSOA code (2021),Index of Multiple Deprivation (IMD) Rank (where 1 is most deprived),"
    "Income Rank (where 1 is most deprived),Crime Rank (where 1 is most deprived)\n"
    "E01000001,100,3375,3376\nE01000011,200,1,1\nE01000012,300,20000,1\nE01000013,400,2,2\n"
    "E01000005,500,,1\n";
static const char changes[] = "LSOA11CD,LSOA11NM,CHGIND,LSOA21CD,LAD22CD,LAD22NM\n"
                              "E01000001,Town A,U,E01000001,E07000001,Town\n"
                              "E01000002,Town B,M,E01000011,E07000001,Town\n"
                              "E01000003,Town C,M,E01000011,E07000001,Town\n"
                              "E01000004,Town D,S,E01000012,E07000001,Town\n"
                              "E01000004,Town D,S,E01000013,E07000001,Town\n"
                              "E01000005,Town E,U,E01000005,E07000001,Town\n";
static const char wards[] = "LSOA21CD,LSOA21NM,WD24CD,WD24NM,LAD24CD,LAD24NM\n"
                            "E01000001,Town 1A,E05000001,North,E07000001,Town\n"
                            "E01000011,Town 1B,E05000001,North,E07000001,Town\n"
                            "E01000012,Town 1C,E05000001,North,E07000001,Town\n"
                            "E01000013,Town 2A,E05000002,South,E07000001,Town\n"
                            "E01000005,Town 2B,E05000002,South,E07000001,Town\n";
#define FEATURE(kind, code, name, west, east)                                                      \
    "{\"type\":\"Feature\",\"properties\":{\"" kind "CD\":\"" code "\",\"" kind "NM\":\"" name     \
    "\",\"LAD24CD\":\"E07000001\"},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[" west    \
    ",52],[" east ",52],[" east ",52.1],[" west ",52.1],[" west ",52]]]}}"
#define FEATURES "{\"type\":\"FeatureCollection\",\"features\":["
static const char ward_outlines[] =
    FEATURES FEATURE("WD24", "E05000001", "North", "-1.3", "-1.2") "," FEATURE(
        "WD24", "E05000002", "South", "-1.2", "-1.1") "," FEATURE("WD24", "E05000003", "Tiny",
                                                                  "-1.1", "-1.0") "]}";
static const char small_outline[] =
    FEATURES FEATURE("LSOA21", "E01000013", "Town 2A", "-1.2", "-1.15") "]}";

static void load_as(struct testdb *t, const char *family, const char *name, str text,
                    struct import_opts opts)
{
    struct import_job *job;
    struct import_result done;
    opts.family = str_c(family);
    no_error(import_open(&t->a, text, str_c(name), &opts, &job));
    no_error(import_load(t->db, job, 1000, &done));
    assert_true(done.rows > 0);
}

static str ages_csv(struct arena *a, const int *people, const char *const *code, size_t n)
{
    struct buf b;
    buf_init(&b, a, 1 << 16);
    buf_c(&b, "LSOA11CD,Total");
    for (int age = 0; age < 90; age++)
        buf_fmt(&b, ",%d", age);
    buf_c(&b, ",90+\n");
    for (size_t i = 0; i < n; i++) {
        buf_fmt(&b, "%s,%d", code[i], 91 * people[i]);
        for (int age = 0; age <= 90; age++)
            buf_fmt(&b, ",%d", people[i]);
        buf_c(&b, "\n");
    }
    return buf_text(&b);
}

static struct testdb *town(void)
{
    static const char *const code[] = {"E01000001", "E01000002", "E01000003", "E01000004",
                                       "E01000005"};
    static const int people[] = {1, 2, 3, 4, 5};
    struct testdb *t = testdb_open();
    load_as(t, "areas", "wards.geojson", str_c(ward_outlines), (struct import_opts){0});
    load_as(t, "areas", "lsoa.geojson", str_c(small_outline), (struct import_opts){0});
    load_as(t, "lookup", "changes.csv", str_c(changes), (struct import_opts){0});
    load_as(t, "lookup", "wards.csv", str_c(wards), (struct import_opts){0});
    load_as(t, "iod2019", "iod2019.csv", str_c(iod2019), (struct import_opts){0});
    load_as(t, "iod2025", "iod2025.csv", str_c(iod2025), (struct import_opts){0});
    load_as(t, "population", "mid-2020.csv", ages_csv(&t->a, people, code, countof(code)),
            (struct import_opts){.period = STR("mid-2020")});
    return t;
}

static struct profile *profile_of(struct testdb *t, const char *code)
{
    struct db_tx *tx;
    date today;
    bool found;
    assert_true(date_make(2026, 1, 1, &today));
    struct profile *p = arena_new(&t->a, struct profile);
    no_error(db_read_public(t->db, &t->a, &tx));
    no_error(profile_read(tx, &t->a, str_c(code), today, p, &found));
    db_read_end(tx);
    assert_true(found);
    return p;
}

static const struct profile_note *note_in(const struct profile *p, enum note_kind k)
{
    for (size_t i = 0; i < p->n_notes; i++)
        if (p->note[i].kind == k)
            return &p->note[i];
    return NULL;
}

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

// ---- as JSON and CSV ----------------------------------------------------------------------------

static json_t *json_of(struct testdb *t, const char *code)
{
    struct buf b;
    buf_init(&b, &t->a, 1 << 24);
    profile_json(profile_of(t, code), &b);
    json_t *j = json_loadb(b.p, b.n, 0, NULL);
    assert_non_null(j);
    return j;
}

static void json_of_a_small_area_has_each_domain_and_edition(void **state)
{
    UNUSED(state);
    struct testdb *t = town();
    json_t *j = json_of(t, "E01000005"), *d = json_object_get(j, "domains"), *one;
    size_t i;
    int unpublished = 0;
    assert_int_equal(json_array_size(d), 6); // imd, income, crime in two editions
    json_array_foreach(d, i, one)
    {
        if (json_is_true(json_object_get(one, "published")))
            continue;
        unpublished++;
        assert_string_equal(json_string_value(json_object_get(one, "id")), "income");
        assert_true(json_is_null(json_object_get(one, "rank")));
        assert_true(json_is_null(json_object_get(one, "decile")));
    }
    assert_int_equal(unpublished, 2);
    json_t *c = json_object_get(j, "coincide");
    assert_int_equal(json_integer_value(json_object_get(c, "10")), 1);
    assert_int_equal(json_integer_value(json_object_get(json_object_get(j, "population"), "total")),
                     91 * 5);
    assert_int_equal(json_array_size(json_object_get(json_object_get(j, "population"), "bands")),
                     AGE_BANDS);
    assert_string_equal(json_string_value(json_object_get(json_object_get(j, "area"), "parent")),
                        "E07000001");
    json_decref(j);
    testdb_close(t);
}

static void json_of_a_ward_gives_each_small_area_its_own(void **state)
{
    UNUSED(state);
    struct testdb *t = town();
    json_t *j = json_of(t, "E05000001"), *child = json_object_get(j, "children");
    assert_int_equal(json_array_size(json_object_get(j, "domains")), 0);
    assert_int_equal(json_array_size(child), 3);
    json_t *merged = json_array_get(child, 1), *before = json_object_get(merged, "before");
    assert_string_equal(json_string_value(json_object_get(merged, "relation")), "merged");
    assert_int_equal(json_array_size(json_object_get(merged, "domains")), 3);
    assert_int_equal(json_array_size(before), 2);
    assert_int_equal(json_array_size(json_object_get(json_array_get(before, 0), "domains")), 3);
    // in 2 of the 3 two domains or more are within 20 %: 01 and 11
    assert_int_equal(json_integer_value(json_object_get(json_object_get(j, "coincide"), "20")), 2);
    json_decref(j);
    j = json_of(t, "E05000003");
    assert_true(json_is_null(json_object_get(json_object_get(j, "population"), "total")));
    assert_true(json_is_null(json_object_get(json_object_get(j, "coincide"), "10")));
    json_decref(j);
    testdb_close(t);
}

static size_t count_of(str s, const char *what)
{
    size_t n = 0, at = 0;
    while ((at = str_find(s, str_c(what), at)) < s.n) {
        n++;
        at++;
    }
    return n;
}

static void csv_has_a_row_for_each_area_domain_and_edition(void **state)
{
    UNUSED(state);
    struct testdb *t = town();
    struct buf b;
    buf_init(&b, &t->a, 1 << 20);
    profile_csv(profile_of(t, "E05000002"), &b);
    str s = buf_text(&b);
    // heading; 2 areas in 2025 and 1 unchanged and 1 former in 2019, 3 domains each
    assert_int_equal(count_of(s, "\r\n"), 1 + 6 + 3 + 3);
    assert_int_equal(count_of(s, "\n"), count_of(s, "\r\n"));
    assert_int_equal(count_of(s, ",suppressed,"), 2);
    assert_int_equal(count_of(s, "E01000004,"), 3);
    assert_true(str_find(s, STR("E01000013,Town 2A,2021,2025,income,2,33755,1,1,,published,"), 0) <
                s.n);
    struct buf m;
    buf_init(&m, &t->a, 1 << 20);
    profile_csv_metadata(profile_of(t, "E05000002"), STR("figures.csv"), &m);
    json_t *j = json_loadb(m.p, m.n, 0, NULL);
    assert_non_null(j);
    json_t *c = json_object_get(json_object_get(j, "tableSchema"), "columns"), *one;
    size_t i;
    struct buf heading;
    buf_init(&heading, &t->a, 4096);
    json_array_foreach(c, i, one)
        buf_fmt(&heading, "%s%s", i ? "," : "", json_string_value(json_object_get(one, "name")));
    assert_true(str_starts(s, buf_text(&heading)));
    json_decref(j);
    testdb_close(t);
}

static void text_can_be_read(void **state)
{
    UNUSED(state);
    struct testdb *t = town();
    struct buf b;
    buf_init(&b, &t->a, 1 << 20);
    profile_text(&t->a, profile_of(t, "E05000001"), &b);
    str s = buf_text(&b);
    assert_true(str_starts(s, STR("North\n")));
    assert_true(str_find(s, STR("546 people (mid-2020), of whom 96 are children"), 0) < s.n);
    assert_true(str_find(s, STR("by best fit"), 0) < s.n);
    testdb_close(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(domains_stand_in_the_order_of_the_enum),
        cmocka_unit_test(bands_follow_deciles),
        cmocka_unit_test(a_reading_keeps_rank_decile_and_what_is_missing),
        cmocka_unit_test(only_the_seven_main_domains_coincide),
        cmocka_unit_test(ages_go_into_bands),
        cmocka_unit_test(facts_name_the_area_where_most_coincides),
        cmocka_unit_test(a_place_without_figures_has_no_facts),
        cmocka_unit_test(a_ward_has_its_small_areas_in_both_editions),
        cmocka_unit_test(change_counts_each_former_area_once),
        cmocka_unit_test(people_are_carried_over_as_the_change_allows),
        cmocka_unit_test(a_district_holds_both_halves),
        cmocka_unit_test(suppressed_is_not_published_and_not_nought),
        cmocka_unit_test(a_ward_that_fits_nothing_says_so),
        cmocka_unit_test(a_former_area_tells_what_it_became),
        cmocka_unit_test(the_zone_is_the_union_of_its_areas),
        cmocka_unit_test(sources_are_those_that_were_used),
        cmocka_unit_test(an_undone_import_is_not_read),
        cmocka_unit_test(json_of_a_small_area_has_each_domain_and_edition),
        cmocka_unit_test(json_of_a_ward_gives_each_small_area_its_own),
        cmocka_unit_test(csv_has_a_row_for_each_area_domain_and_edition),
        cmocka_unit_test(text_can_be_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
