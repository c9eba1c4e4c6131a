// SPDX-License-Identifier: AGPL-3.0-or-later
// The demonstration town before it is loaded: its land over many seeds, and its files against the
// readers that real files go through. Loaded see demo_test.c.
#include "base/base.h"
#include "place/boundary.h"
#include "place/demo_files.h"
#include "place/postcode.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <cmocka.h>

enum { SEEDS = 12, TEXT_MAX = 16 << 20 };

static void no_error(err e)
{
    if (e)
        fail_msg("%.*s", (int)err_root(e).n, err_root(e).p);
}

static str hash_of(struct arena *a, str text)
{
    unsigned char h[16];
    crypto_generichash(h, sizeof h, (const unsigned char *)text.p, text.n, NULL, 0);
    return hex_of(a, h, sizeof h);
}

// ---- the land -----------------------------------------------------------------------------------

static void every_area_is_one_piece_whatever_the_seed(void **state)
{
    UNUSED(state);
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        struct arena a;
        arena_init(&a);
        const struct town *t = town_make(&a, seed);
        const int *lsoa11 = town_lsoa_cells(t, &a, CENSUS_2011);
        const int *lsoa21 = town_lsoa_cells(t, &a, CENSUS_2021);
        for (int w = 0; w < TOWN_WARDS; w++)
            assert_true(land_whole(t->land, t->ward_of, w));
        for (int i = 0; i < t->lsoas[CENSUS_2011]; i++)
            assert_true(land_whole(t->land, lsoa11, i));
        for (int i = 0; i < t->lsoas[CENSUS_2021]; i++)
            assert_true(land_whole(t->land, lsoa21, i));
        for (int i = 0; i < t->oas; i++)
            assert_true(land_whole(t->land, t->oa_of, i));
        arena_fini(&a);
    }
}

static void two_pieces_are_not_one(void **state)
{
    UNUSED(state);
    struct arena a;
    struct seeded chance = {1};
    arena_init(&a);
    struct land *l = land_make(&a, &chance);
    int *owner = arena_new_array(&a, LAND_CELLS, int);
    int here = 10 * LAND_COLS + 10;
    owner[here] = 1;
    assert_true(land_whole(l, owner, 1));
    owner[land_beside(here, 3)] = 1;
    assert_true(land_whole(l, owner, 1));
    owner[here + 5] = 1;
    assert_false(land_whole(l, owner, 1));
    assert_false(land_whole(l, owner, 2)); // nothing is no piece
    arena_fini(&a);
}

// The area of all shapes of a layer together, after the reader of real boundary files has passed
// each without mending anything.
static double area_of_layer(struct arena *a, const struct town *t, enum town_layer layer,
                            size_t want)
{
    struct buf b;
    struct boundary_set set;
    double sum = 0;
    buf_init(&b, a, TEXT_MAX);
    demo_put_areas(t, &b, layer);
    assert_false(b.full);
    no_error(boundary_read(a, buf_text(&b), &(struct boundary_opts){0}, &set));
    if (set.n_problems)
        fail_msg("%.*s", (int)set.problem[0].sentence.n, set.problem[0].sentence.p);
    assert_int_equal(set.n, want);
    for (size_t i = 0; i < set.n; i++)
        sum += geo_area_m2(&set.v[i].shape, 54);
    return sum;
}

// No gap and no overlap: each layer covers exactly what the finest covers.
static void layers_share_their_borders(void **state)
{
    UNUSED(state);
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        struct arena a;
        arena_init(&a);
        const struct town *t = town_make(&a, seed);
        double all = area_of_layer(&a, t, LAYER_OA, (size_t)t->oas);
        const struct {
            enum town_layer layer;
            size_t n;
        } layers[] = {{LAYER_DISTRICT, 1},
                      {LAYER_WARD, TOWN_WARDS},
                      {LAYER_MSOA, (size_t)t->msoas},
                      {LAYER_LSOA11, (size_t)t->lsoas[CENSUS_2011]},
                      {LAYER_LSOA21, (size_t)t->lsoas[CENSUS_2021]}};
        assert_true(all > 40e6 && all < 60e6);
        for (size_t i = 0; i < countof(layers); i++) {
            double sum = area_of_layer(&a, t, layers[i].layer, layers[i].n);
            assert_true(sum / all > 1 - 1e-9 && sum / all < 1 + 1e-9);
        }
        arena_fini(&a);
    }
}

// ---- the same on every machine ------------------------------------------------------------------

static void put_everything(const struct town *t, struct buf *b)
{
    for (int l = LAYER_DISTRICT; l <= LAYER_OA; l++)
        demo_put_areas(t, b, (enum town_layer)l);
    demo_put_changes(t, b);
    demo_put_best_fit(t, b);
    demo_put_output_areas(t, b);
    demo_put_ward_names(t, b);
    for (int i = 0; i < 2; i++) {
        demo_put_population(t, b, (enum town_census)i);
        demo_put_deprivation(t, b, (enum town_edition)i);
    }
    demo_put_indicators(t, b);
    demo_put_household_deprivation(t, b);
    demo_put_tenure(t, b);
    demo_put_disability(t, b);
    demo_put_school_meals(t, b);
    demo_put_postcodes(t, b, 300);
    demo_put_crime(t, b, 202401, 130);
}

static str everything(struct arena *a, uint64_t seed)
{
    struct buf b;
    buf_init(&b, a, TEXT_MAX);
    put_everything(town_make(a, seed), &b);
    assert_false(b.full);
    return hash_of(a, buf_text(&b));
}

// Changing the town on purpose changes this line, and docs/demo.md says so.
static const char files_of_seed_1[] = "ef187e2e7aefa00f72bbb22d4f041212";

static void the_files_of_a_seed_are_always_the_same(void **state)
{
    UNUSED(state);
    struct arena a;
    arena_init(&a);
    str one = everything(&a, 1);
    assert_true(str_eq(one, everything(&a, 1)));
    assert_false(str_eq(one, everything(&a, 2)));
    assert_string_equal(str_z(&a, one), files_of_seed_1);
    arena_fini(&a);
}

static void codes_and_postcodes_have_the_official_shape_and_are_invented(void **state)
{
    UNUSED(state);
    struct arena a;
    struct buf b;
    arena_init(&a);
    const struct town *t = town_make(&a, 1);
    for (int c = 0; c < CENSUSES; c++)
        for (int i = 0; i < t->lsoas[c]; i++) {
            assert_int_equal(t->lsoa[c][i].code.n, 9);
            assert_true(str_starts(t->lsoa[c][i].code, STR("E0199")));
            for (int k = 0; k < i; k++)
                assert_false(str_eq(t->lsoa[c][i].code, t->lsoa[c][k].code));
        }
    buf_init(&b, &a, TEXT_MAX);
    demo_put_postcodes(t, &b, 3000);
    str rest = buf_text(&b), line, first;
    int n = 0;
    postcode p;
    assert_true(str_next(&rest, '\n', &line));
    while (str_next(&rest, '\n', &line) && line.n) {
        assert_true(str_next(&line, ',', &first));
        assert_true(postcode_parse(str_slice(first, 1, first.n - 1), &p));
        assert_true(str_starts(postcode_key(&p), STR("QX")));
        n++;
    }
    assert_int_equal(n, 3000);
    arena_fini(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_area_is_one_piece_whatever_the_seed),
        cmocka_unit_test(two_pieces_are_not_one),
        cmocka_unit_test(layers_share_their_borders),
        cmocka_unit_test(the_files_of_a_seed_are_always_the_same),
        cmocka_unit_test(codes_and_postcodes_have_the_official_shape_and_are_invented),
    };
    return cmocka_run_group_tests_name("place/demo_files", tests, NULL, NULL);
}
