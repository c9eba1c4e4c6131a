// SPDX-License-Identifier: AGPL-3.0-or-later
// The sums of a profile by themselves.
#include "base/base.h"
#include "base/buf.h"
#include "place/profile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
