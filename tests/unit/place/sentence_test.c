// SPDX-License-Identifier: AGPL-3.0-or-later
// Covers src/place/heat.h and src/place/sentence.h: the rows somebody asked to see, and what is
// said about them, word by word, since it is read aloud.
#include "base/base.h"
#include "place/heat.h"
#include "place/sentence.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

static struct arena a;
static struct page pg;
static struct buf out;

static int set_up(void **state)
{
    UNUSED(state);
    arena_init(&a);
    buf_init(&out, &a, 1 << 16);
    pg = (struct page){.out = &out, .a = &a};
    return 0;
}

static int tear_down(void **state)
{
    UNUSED(state);
    arena_fini(&a);
    return 0;
}

#define assert_says(said, expected)                                                                \
    do {                                                                                           \
        str said_ = (said);                                                                        \
        if (!str_eq(said_, str_c(expected)))                                                       \
            fail_msg("it says: %.*s", (int)said_.n, said_.p ? said_.p : "");                       \
    } while (0)

// Deciles of the seven main domains; 0 is kept back.
static void set_deciles(struct small_area *s, int edition, const int decile[DOMAINS_MAIN])
{
    static const struct edition e = {2025, 2021, 33755};
    for (int i = 0; i < DOMAINS_MAIN; i++) {
        opt_i64 d = {decile[i] > 0, decile[i]};
        s->reading[edition][DOMAIN_INCOME + i] = reading_of((opt_i64){0}, d, (opt_f64){0}, &e);
    }
    int imd = decile[0];
    s->reading[edition][DOMAIN_IMD] =
        reading_of((opt_i64){0}, (opt_i64){imd > 0, imd}, (opt_f64){0}, &e);
}

static struct profile *town(int n)
{
    static const char *const names[] = {"Weirside A", "Weirside B", "Weirside C", "Weirside D"};
    static const char *const codes[] = {"E01990001", "E01990002", "E01990003", "E01990004"};
    static const int64_t children[] = {512, 388, 641, 297};
    struct profile *p = arena_new(&a, struct profile);
    p->area = (struct profile_area){.code = STR("E05990001"),
                                    .name = STR("Weirside & Lea"),
                                    .kind = STR("ward"),
                                    .vintage = 2025};
    p->n_editions = 1;
    p->edition[0] = (struct edition){2025, 2021, 33755};
    p->small = arena_new_array(&a, (size_t)n, struct small_area);
    p->n_small = (size_t)n;
    p->people = (struct profile_people){
        .known = true, .total = 6120, .children = 1530, .period = STR("mid-2022")};
    for (int i = 0; i < n; i++) {
        p->small[i] =
            (struct small_area){.code = str_c(codes[i]), .name = str_c(names[i]), .vintage = 2021};
        p->small[i].children = (struct counted){children[i], COUNT_PUBLISHED};
    }
    return p;
}

static const int deep[] = {1, 1, 2, 2, 2, 6, 9}, some[] = {3, 2, 2, 9, 9, 9, 9},
                 single[] = {2, 8, 8, 8, 8, 8, 8}, none[] = {9, 9, 9, 9, 9, 9, 9},
                 part[] = {1, 1, 0, 9, 9, 9, 9}, hidden[] = {0, 0, 0, 0, 0, 0, 0};

static struct profile *usual(void)
{
    struct profile *p = town(4);
    set_deciles(&p->small[0], 0, some);
    set_deciles(&p->small[1], 0, none);
    set_deciles(&p->small[2], 0, deep);
    set_deciles(&p->small[3], 0, part);
    profile_count(p);
    return p;
}

static struct heat heat_of(const struct profile *p, const char *at, const char *sort)
{
    struct heat h;
    heat_make(&a, p, heat_choose(p, STR(""), STR(""), str_c(at), str_c(sort)), &h);
    return h;
}

// ---- what is asked for --------------------------------------------------------------------------

static void an_empty_wish_gives_the_usual_view(void **state)
{
    UNUSED(state);
    struct profile *p = usual();
    struct heat_choice c = heat_choose(p, STR(""), STR(""), STR(""), STR(""));
    assert_int_equal(c.show, HEAT_COINCIDE);
    assert_int_equal(c.edition, 0);
    assert_int_equal(threshold_percent[c.at], 20);
    assert_int_equal(c.sort, HEAT_COINCIDE);
    assert_true(c.down);
    struct heat_choice odd =
        heat_choose(p, STR("nonsense"), STR("1999"), STR("15"), STR("-../../x"));
    assert_memory_equal(&c, &odd, sizeof c);
}

static void a_wish_is_understood(void **state)
{
    UNUSED(state);
    struct profile *p = usual();
    p->n_editions = 2;
    p->edition[1] = (struct edition){2019, 2011, 32844};
    struct heat_choice c = heat_choose(p, STR("health"), STR("2019"), STR("30"), STR("-children"));
    assert_int_equal(c.show, DOMAIN_HEALTH);
    assert_int_equal(c.edition, 1);
    assert_int_equal(c.at, 2);
    assert_int_equal(c.sort, HEAT_CHILDREN);
    assert_true(c.down);
    c = heat_choose(p, STR("children"), STR(""), STR(""), STR("area"));
    assert_int_equal(c.show, HEAT_COINCIDE); // the map cannot show a count
    assert_int_equal(c.sort, HEAT_AREA);
    assert_false(c.down);
}

static void rows_come_in_the_order_wished_and_keep_their_numbers(void **state)
{
    UNUSED(state);
    struct profile *p = usual();
    struct heat h = heat_of(p, "20", "");
    static const int most_first[] = {3, 1, 4, 2};
    for (int i = 0; i < 4; i++)
        assert_int_equal(h.row[i].number, most_first[i]);
    h = heat_of(p, "20", "area");
    for (int i = 0; i < 4; i++)
        assert_int_equal(h.row[i].number, i + 1);
    h = heat_of(p, "20", "children");
    static const int fewest_first[] = {4, 2, 1, 3};
    for (int i = 0; i < 4; i++)
        assert_int_equal(h.row[i].number, fewest_first[i]);
}

static void what_is_not_published_stays_at_the_end_either_way(void **state)
{
    UNUSED(state);
    struct profile *p = usual(); // area 4 keeps education back
    assert_int_equal(heat_of(p, "20", "education").row[3].number, 4);
    assert_int_equal(heat_of(p, "20", "-education").row[3].number, 4);
    assert_false(heat_of(p, "20", "").all_published);
}

static void counts_are_of_the_seven_at_the_threshold(void **state)
{
    UNUSED(state);
    struct heat h = heat_of(usual(), "20", "");
    assert_int_equal(h.n, 4);
    assert_int_equal(h.judged, 4);
    assert_int_equal(h.two_or_more, 3);
    assert_int_equal(h.most, 5);
    assert_int_equal(h.n_most, 1);
    assert_int_equal(h.children_there.n, 512 + 641 + 297);
    assert_int_equal(h.of_domain[DOMAIN_INCOME], 2);
    assert_int_equal(h.of_domain[DOMAIN_EMPLOYMENT], 3);
    h = heat_of(usual(), "10", "");
    assert_int_equal(h.two_or_more, 2);
    h = heat_of(usual(), "30", "");
    assert_int_equal(h.of_domain[DOMAIN_INCOME], 3);
}

static void five_bands_of_coincidence(void **state)
{
    UNUSED(state);
    static const int want[] = {5, 4, 3, 3, 2, 1, 1, 1};
    for (int n = 0; n <= 7; n++)
        assert_int_equal(
            heat_band(&(struct coincide){.known = true, .judged = 7, .n = {0, n, 7}}, 1), want[n]);
    assert_int_equal(heat_band(&(struct coincide){.known = false}, 1), 0);
}

static void an_older_edition_has_the_areas_of_its_own_census(void **state)
{
    UNUSED(state);
    struct profile *p = usual();
    p->n_editions = 2;
    p->edition[1] = (struct edition){2019, 2011, 32844};
    set_deciles(&p->small[0], 1, deep);
    set_deciles(&p->small[1], 1, none);
    set_deciles(&p->small[2], 1, none); // area 4 was split off from a larger one
    p->small[3].relation = LINK_SPLIT;
    p->before = arena_new(&a, struct small_area);
    p->n_before = 1;
    *p->before =
        (struct small_area){.code = STR("E01000009"), .name = STR("Old Lea"), .vintage = 2011};
    set_deciles(p->before, 1, some);
    profile_count(p);
    struct heat h;
    heat_make(&a, p, heat_choose(p, STR(""), STR("2019"), STR(""), STR("area")), &h);
    assert_int_equal(h.n, 4);
    assert_says(h.row[0].area->code, "E01000009");
    for (size_t i = 0; i < h.n; i++)
        assert_false(str_eq(h.row[i].area->code, STR("E01990004")));
    heat_make(&a, p, heat_choose(p, STR(""), STR("2025"), STR(""), STR("area")), &h);
    assert_says(h.row[3].area->code, "E01990004");
}

// ---- what is said -------------------------------------------------------------------------------

static void the_headline_says_how_much_comes_together(void **state)
{
    UNUSED(state);
    struct profile *p = usual();
    struct heat h = heat_of(p, "20", "");
    assert_says(
        sentence_headline(&pg, p, &h).s,
        "In Weirside &amp; Lea, 3 of 4 small areas have two or more kinds of deprivation at "
        "once.");
    assert_says(sentence_measure(&pg, &h).s,
                "We count a kind of deprivation when it is among the most deprived 20% of small "
                "areas in England (2025).");
    assert_says(sentence_children(&pg, p, &h).s, "1,450 children under 16 live there (mid-2022).");
    assert_says(sentence_where(&pg, p, &h).s,
                "What shows most is work (3 areas) and income (2 areas). Most comes together in "
                "Weirside C: 5 of 7 kinds.");
}

static void one_and_none_have_their_own_words(void **state)
{
    UNUSED(state);
    struct profile *p = town(2);
    set_deciles(&p->small[0], 0, deep);
    set_deciles(&p->small[1], 0, none);
    profile_count(p);
    struct heat h = heat_of(p, "20", "");
    assert_says(sentence_headline(&pg, p, &h).s,
                "In Weirside &amp; Lea, 1 of 2 small areas has two or more kinds of deprivation at "
                "once.");
    set_deciles(&p->small[0], 0, single);
    profile_count(p);
    h = heat_of(p, "20", "");
    assert_says(sentence_headline(&pg, p, &h).s,
                "In Weirside &amp; Lea, none of 2 small areas has two or more kinds of deprivation "
                "at once.");
    assert_says(sentence_children(&pg, p, &h).s, "");
    assert_says(sentence_where(&pg, p, &h).s, "What shows is income: in 1 of 2 areas.");
}

static void a_small_area_names_its_kinds(void **state)
{
    UNUSED(state);
    struct profile *p = town(1);
    p->area = (struct profile_area){
        .code = STR("E01990001"), .name = STR("Weirside A"), .kind = STR("lsoa"), .vintage = 2021};
    set_deciles(&p->small[0], 0, deep);
    profile_count(p);
    struct heat h = heat_of(p, "20", "");
    assert_says(
        sentence_headline(&pg, p, &h).s,
        "In Weirside A, 5 of 7 kinds of deprivation come together: income, work, education, "
        "health and crime.");
    assert_says(sentence_children(&pg, p, &h).s, "512 children under 16 live here (mid-2022).");
    assert_says(sentence_where(&pg, p, &h).s, "");
    set_deciles(&p->small[0], 0, part);
    profile_count(p);
    h = heat_of(p, "20", "");
    assert_says(sentence_headline(&pg, p, &h).s,
                "In Weirside A, 2 of 6 kinds of deprivation come together: income and work.");
    set_deciles(&p->small[0], 0, single);
    profile_count(p);
    h = heat_of(p, "20", "");
    assert_says(sentence_headline(&pg, p, &h).s,
                "In Weirside A, 1 of 7 kinds of deprivation is high: income.");
}

static void a_border_that_is_not_the_same_is_said(void **state)
{
    UNUSED(state);
    static const uint16_t both[] = {0, 1};
    struct profile *p = town(1);
    struct small_area *s = &p->small[0];
    p->n_before = 2;
    p->before = arena_new_array(&a, 2, struct small_area);
    p->before[0] = (struct small_area){.code = STR("E01990008"), .name = STR("Old Weir")};
    p->before[1] = (struct small_area){.code = STR("E01990009"), .name = STR("Old Lea")};
    s->relation = LINK_UNCHANGED;
    assert_says(sentence_border(&pg, p).s, "");
    s->moved = true;
    assert_says(sentence_border(&pg, p).s,
                "This small area kept its code between the two censuses, but its border moved, so "
                "a part of any change can come from that.");
    *s = (struct small_area){.relation = LINK_IRREGULAR};
    assert_says(sentence_border(&pg, p).s,
                "The border of this small area was drawn anew between the two censuses, so nothing "
                "is carried over from before.");
    *s = (struct small_area){.relation = LINK_SPLIT, .before = both, .n_before = 1};
    assert_says(sentence_border(&pg, p).s,
                "This small area is one part of what was Old Weir (E01990008). The earlier figures "
                "are those of all its parts together, so they cannot be compared like for like.");
    *s = (struct small_area){.relation = LINK_MERGED, .before = both, .n_before = 2};
    assert_says(sentence_border(&pg, p).s,
                "This small area was made from Old Weir (E01990008) and Old Lea (E01990009). The "
                "earlier figures are those of each of them, so they cannot be compared like for "
                "like.");
}

static void not_published_is_not_none(void **state)
{
    UNUSED(state);
    struct profile *p = town(1);
    set_deciles(&p->small[0], 0, hidden);
    profile_count(p);
    struct heat h = heat_of(p, "20", "");
    assert_says(sentence_headline(&pg, p, &h).s,
                "No figures on deprivation are published for Weirside &amp; Lea (2025).");
    assert_says(sentence_of_row(&pg, &h, &h.row[0]), "not published");
    assert_says(sentence_measure(&pg, &h).s, "");
    set_deciles(&p->small[0], 0, none);
    profile_count(p);
    h = heat_of(p, "20", "");
    assert_says(sentence_of_row(&pg, &h, &h.row[0]), "0 of 7 kinds of deprivation");
    assert_says(sentence_headline(&pg, p, &h).s,
                "In Weirside &amp; Lea, none of 7 kinds of deprivation is among the most deprived "
                "20% in England.");
}

static void without_figures_it_says_so(void **state)
{
    UNUSED(state);
    struct profile *p = town(2);
    p->n_editions = 0;
    profile_count(p);
    struct heat h = heat_of(p, "20", "");
    assert_null(h.edition);
    assert_says(sentence_headline(&pg, p, &h).s,
                "The Indices of Deprivation are not loaded for Weirside &amp; Lea yet.");
    p->n_small = 0;
    h = heat_of(p, "20", "");
    assert_says(sentence_headline(&pg, p, &h).s,
                "There are no figures from small areas for Weirside &amp; Lea.");
}

static void children_who_are_not_known_make_it_at_least(void **state)
{
    UNUSED(state);
    struct profile *p = usual();
    p->small[0].children = (struct counted){900, COUNT_JOINT};
    struct heat h = heat_of(p, "20", "");
    assert_says(sentence_children(&pg, p, &h).s,
                "At least 938 children under 16 live there (mid-2022); some are not known.");
    p->people.known = false;
    h = heat_of(p, "20", "");
    assert_says(sentence_children(&pg, p, &h).s, "");
}

static void bands_move_and_ranks_are_never_subtracted(void **state)
{
    UNUSED(state);
    struct profile *p = usual();
    assert_says(sentence_moved(&pg, p, DOMAIN_INCOME).s, "");
    p->n_editions = 2;
    p->edition[1] = (struct edition){2019, 2011, 32844};
    set_deciles(&p->small[0], 1, none);   // 9 then, 3 now
    set_deciles(&p->small[1], 1, single); // 2 then, 9 now
    set_deciles(&p->small[2], 1, deep);   // the same
    set_deciles(&p->small[3], 1, none);
    p->small[3].relation = LINK_SPLIT;
    profile_count(p);
    struct moved m = moved_count(p, DOMAIN_INCOME);
    assert_int_equal(m.deeper, 1);
    assert_int_equal(m.lighter, 1);
    assert_int_equal(m.same, 1);
    assert_int_equal(m.redrawn, 1);
    assert_says(sentence_moved(&pg, p, DOMAIN_INCOME).s,
                "Of 3 small areas, 1 moved to a more deprived band between 2019 and 2025, 1 to a "
                "less deprived band, and 1 stayed. For 1 the border was redrawn, so it is not "
                "counted.");
}

static void months_not_loaded_are_no_zero(void **state)
{
    UNUSED(state);
    struct profile *p = usual();
    struct profile_month month[] = {{.month = 202410, .known = true, .n = 94},
                                    {.month = 202411},
                                    {.month = 202412, .known = true},
                                    {.month = 202501, .known = true, .n = 127}};
    p->crime = (struct profile_crime){.known = true, .month = month, .n_months = 2};
    assert_says(sentence_crime(&pg, p).s, "94 crimes were recorded here in October 2024.");
    p->crime.n_months = 4;
    assert_says(sentence_crime(&pg, p).s,
                "Between 0 and 127 crimes a month were recorded here from October 2024 to January "
                "2025.");
    p->crime.known = false;
    assert_says(sentence_crime(&pg, p).s, "");
}

static void people_and_comparison_give_their_year_and_whole(void **state)
{
    UNUSED(state);
    struct profile *p = usual();
    assert_says(sentence_people(&pg, p).s,
                "About 1 in 4 people here is a child under 16: 1,530 of 6,120 (mid-2022).");
    struct heat h = heat_of(p, "20", "");
    struct comparison *d = &p->compare[COMPARE_DISTRICT];
    *d = (struct comparison){.known = true, .name = STR("Millbrook")};
    d->share[0][DOMAIN_EMPLOYMENT] = (struct share){80, {4, 8, 12}};
    assert_says(
        sentence_compare(&pg, p, &h, DOMAIN_EMPLOYMENT).s,
        "In Weirside &amp; Lea, 3 of 4 small areas (75%) are among the most deprived 20% of "
        "England in 2025. In Millbrook as a whole it is 8 of 80 (10%).");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_wish_gives_the_usual_view),
        cmocka_unit_test(a_wish_is_understood),
        cmocka_unit_test(rows_come_in_the_order_wished_and_keep_their_numbers),
        cmocka_unit_test(what_is_not_published_stays_at_the_end_either_way),
        cmocka_unit_test(counts_are_of_the_seven_at_the_threshold),
        cmocka_unit_test(five_bands_of_coincidence),
        cmocka_unit_test(an_older_edition_has_the_areas_of_its_own_census),
        cmocka_unit_test(the_headline_says_how_much_comes_together),
        cmocka_unit_test(one_and_none_have_their_own_words),
        cmocka_unit_test(a_small_area_names_its_kinds),
        cmocka_unit_test(a_border_that_is_not_the_same_is_said),
        cmocka_unit_test(not_published_is_not_none),
        cmocka_unit_test(without_figures_it_says_so),
        cmocka_unit_test(children_who_are_not_known_make_it_at_least),
        cmocka_unit_test(bands_move_and_ranks_are_never_subtracted),
        cmocka_unit_test(months_not_loaded_are_no_zero),
        cmocka_unit_test(people_and_comparison_give_their_year_and_whole),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
