// SPDX-License-Identifier: AGPL-3.0-or-later
// Profiles over the real files of a district: every rank, decile and score, every count of people
// must be the source file's, for every small area and both editions.
#include "base/base.h"
#include "base/csv.h"
#include "base/map.h"
#include "data.h"
#include "place/heading.h"
#include "place/import.h"
#include "place/place.h"
#include "place/profile.h"
#include "testdb.h"

#include <time.h>

#define AT "oxford/"

static void no_error(err e)
{
    if (e)
        fail_msg("%.*s", (int)err_root(e).n, err_root(e).p);
}

struct real {
    struct testdb *t;
    struct arena a; // the mapped files
};

static const struct file_of {
    const char *name, *family;
    int64_t vintage;
    const char *period;
} files[] = {
    {AT "boundaries/lsoa11_bgc_drkane.geojson", "areas", 0, ""},
    {AT "boundaries/lsoa21_bgc_drkane.geojson", "areas", 0, ""},
    {AT "boundaries/msoa21_bgc_drkane.geojson", "areas", 0, ""},
    {AT "boundaries/ward25_drkane.geojson", "areas", 0, ""},
    {AT "lookups/lsoa11_lsoa21_lad22.csv", "lookup", 0, ""},
    {AT "lookups/lsoa21_ward24_lad24.csv", "lookup", 0, ""},
    {AT "deprivation/iod2019_file7_shape_reshaped.csv", "iod2019", 0, ""},
    {AT "deprivation/imd2019_lsoa11_subdomains.csv", "iod2019", 0, ""},
    {AT "deprivation/iod2025_file7_shape_reshaped.csv", "iod2025", 0, ""},
    {AT "deprivation/imd2025_lsoa21_subdomains.csv", "iod2025", 0, ""},
    {AT "population/population_mid2020_lsoa11_single_year.csv", "population", 0, "mid-2020"},
};

// Loads all of it once for all tests; NULL without the data.
static int begin(void **state)
{
    const char *root = getenv("DOORSTEP_DATA");
    *state = NULL;
    if (!root || !*root)
        return 0;
    struct real *r = calloc(1, sizeof *r);
    ASSERT(r != NULL);
    arena_init(&r->a);
    r->t = testdb_open();
    for (size_t i = 0; i < countof(files); i++) {
        struct import_job *job;
        struct import_result done;
        str text;
        struct import_opts opts = {.family = str_c(files[i].family),
                                   .vintage = files[i].vintage,
                                   .period = str_c(files[i].period)};
        const char *path = str_z(&r->a, str_fmt(&r->a, "%s/%s", root, files[i].name));
        no_error(file_map(&r->a, path, (size_t)1 << 30, &text));
        no_error(import_open(&r->a, text, str_c(files[i].name), &opts, &job));
        no_error(import_load(r->t->db, job, 1000 + (int64_t)i, &done));
    }
    *state = r;
    return 0;
}

static int end(void **state)
{
    struct real *r = *state;
    if (r) {
        testdb_close(r->t);
        arena_fini(&r->a);
        free(r);
    }
    return 0;
}

static struct real *real_or_skip(void **state, const char *test)
{
    if (!*state) {
        printf("skipped: %s (no DOORSTEP_DATA)\n", test);
        skip();
    }
    return *state;
}

static void read_into(struct real *r, struct arena *a, str code, struct profile *p)
{
    struct db_tx *tx;
    date today;
    bool found;
    assert_true(date_make(2026, 1, 1, &today));
    no_error(db_read_public(r->t->db, a, &tx));
    no_error(profile_read(tx, a, code, today, p, &found));
    db_read_end(tx);
    if (!found)
        fail_msg("no area %.*s", (int)code.n, code.p);
}

// ---- a source file read anew, without the importer ----------------------------------------------

struct source_file {
    struct csv csv;
    str heading[128];
    size_t n;
};

static void open_source(struct source_file *f, struct arena *a, const char *name)
{
    bool more;
    str text;
    const char *path = str_z(a, str_fmt(a, "%s/%s", getenv("DOORSTEP_DATA"), name));
    no_error(file_map(a, path, (size_t)1 << 30, &text));
    csv_init(&f->csv, a, text);
    no_error(csv_next(&f->csv, a, &more));
    assert_true(more && f->csv.n <= countof(f->heading));
    f->n = f->csv.n;
    for (size_t i = 0; i < f->n; i++)
        f->heading[i] = heading_fold(a, f->csv.field[i]);
}

static bool next_row(struct source_file *f, struct arena *a)
{
    bool more;
    no_error(csv_next(&f->csv, a, &more));
    return more;
}

static int column(const struct source_file *f, str starts, const char *measure)
{
    for (size_t i = 0; i < f->n; i++)
        if (str_starts(f->heading[i], starts) && f->heading[i].n > starts.n &&
            str_starts(str_slice(f->heading[i], starts.n, f->heading[i].n), str_c(measure)))
            return (int)i;
    return -1;
}

static double cell(const struct source_file *f, int col)
{
    double v;
    assert_true(col >= 0);
    assert_true(str_to_f64(str_trim(f->csv.field[col]), &v));
    return v;
}

// The official headings, in the order of the domains.
static const char *const official[DOMAIN_N] = {
    [DOMAIN_IMD] = "indexofmultipledeprivation(imd)",
    [DOMAIN_INCOME] = "income",
    [DOMAIN_EMPLOYMENT] = "employment",
    [DOMAIN_EDUCATION] = "education,skillsandtraining",
    [DOMAIN_HEALTH] = "healthdeprivationanddisability",
    [DOMAIN_CRIME] = "crime",
    [DOMAIN_BARRIERS] = "barrierstohousingandservices",
    [DOMAIN_LIVING] = "livingenvironment",
    [DOMAIN_CHILDREN_SUB] = "childrenandyoungpeoplesub-domain",
    [DOMAIN_ADULT_SKILLS_SUB] = "adultskillssub-domain",
    [DOMAIN_GEOGRAPHICAL_BARRIERS_SUB] = "geographicalbarrierssub-domain",
    [DOMAIN_WIDER_BARRIERS_SUB] = "widerbarrierssub-domain",
    [DOMAIN_INDOORS_SUB] = "indoorssub-domain",
    [DOMAIN_OUTDOORS_SUB] = "outdoorssub-domain",
};

static int edition_index(const struct profile *p, int64_t year)
{
    for (int e = 0; e < p->n_editions; e++)
        if (p->edition[e].year == year)
            return e;
    return -1;
}

static int compare_row(const struct source_file *f, const struct profile *p, int64_t year,
                       int64_t rank_of)
{
    int e = edition_index(p, year), pairs = 0;
    assert_true(e >= 0);
    assert_int_equal(p->edition[e].rank_of, rank_of);
    for (int d = 0; d < DOMAIN_N; d++) {
        if (!official[d])
            continue;
        const struct reading *r = &p->small[0].reading[e][d];
        int rank = column(f, str_c(official[d]), "rank"),
            decile = column(f, str_c(official[d]), "decile");
        assert_int_equal(r->status, READING_PUBLISHED);
        assert_int_equal(r->rank, (int)cell(f, rank));
        assert_int_equal(r->decile, (int)cell(f, decile));
        assert_int_equal(r->decile, decile_of(r->rank, rank_of));
        pairs++;
    }
    return pairs;
}

static void every_rank(struct real *r, const char *file, int64_t year, int64_t rank_of, int areas,
                       int64_t want_pairs)
{
    struct source_file f;
    struct arena once, files_arena;
    int n = 0;
    int64_t pairs = 0;
    arena_init(&files_arena);
    arena_init(&once);
    open_source(&f, &files_arena, file);
    while (next_row(&f, &files_arena)) {
        struct profile *p = arena_new(&once, struct profile);
        read_into(r, &once, str_trim(f.csv.field[0]), p);
        assert_int_equal(p->n_small, 1);
        pairs += compare_row(&f, p, year, rank_of);
        n++;
        arena_reset(&once);
    }
    assert_int_equal(n, areas);
    assert_int_equal(pairs, want_pairs);
    arena_fini(&once);
    arena_fini(&files_arena);
}

static void every_rank_of_2019_is_the_files(void **state)
{
    struct real *r = real_or_skip(state, __func__);
    every_rank(r, AT "deprivation/iod2019_file7_shape_reshaped.csv", 2019, 32844, 83, 83 * 14);
}

static void every_rank_of_2025_is_the_files(void **state)
{
    struct real *r = real_or_skip(state, __func__);
    every_rank(r, AT "deprivation/iod2025_file7_shape_reshaped.csv", 2025, 33755, 84, 84 * 14);
}

// Ten small areas were in the most deprived fifth by the whole index in 2019, six in 2025.
static void the_district_counts_as_published(void **state)
{
    struct real *r = real_or_skip(state, __func__);
    struct profile *p = arena_new(&r->a, struct profile);
    read_into(r, &r->a, STR("E07000178"), p);
    assert_int_equal(p->n_small, 84);
    assert_int_equal(p->n_editions, 2);
    const struct share *now = &p->compare[COMPARE_HERE].share[0][DOMAIN_IMD],
                       *then = &p->compare[COMPARE_HERE].share[1][DOMAIN_IMD];
    assert_int_equal(now->n, 84);
    assert_int_equal(now->in[1], 6);
    assert_int_equal(then->n, 83);
    assert_int_equal(then->in[1], 10);
    assert_int_equal(p->change.unchanged, 79);
    assert_int_equal(p->change.split, 4);
    assert_int_equal(p->change.merged, 1);
    assert_int_equal(p->n_before, 4);
    const struct small_area *moved[2] = {0};
    int n_moved = 0;
    for (size_t i = 0; i < p->n_small; i++)
        if (p->small[i].moved)
            moved[n_moved++ % 2] = &p->small[i];
    assert_int_equal(n_moved, 2); // Marston: both kept their codes
    assert_true(str_eq(moved[0]->code, STR("E01028562")));
    assert_true(str_eq(moved[1]->code, STR("E01028563")));
    assert_int_equal(p->people.total, 151584);
    assert_int_equal(p->people.missing, 0);
    int64_t sum = 0;
    for (int b = 0; b < AGE_BANDS; b++)
        sum += p->people.band[b];
    assert_int_equal(sum, 151584);
}

// The bands of each small area are sums of the file's own single years.
static void people_are_the_files(void **state)
{
    struct real *r = real_or_skip(state, __func__);
    struct source_file f;
    struct arena once, files_arena;
    int n = 0;
    arena_init(&files_arena);
    arena_init(&once);
    open_source(&f, &files_arena, AT "population/population_mid2020_lsoa11_single_year.csv");
    while (next_row(&f, &files_arena)) {
        int64_t children = 0, old = 0;
        struct profile *p = arena_new(&once, struct profile);
        for (int age = 0; age < 91; age++)
            *(age < 16 ? &children : &old) +=
                age < 16 || age >= 80 ? (int64_t)cell(&f, 3 + age) : 0;
        read_into(r, &once, f.csv.field[1], p);
        assert_true(p->people.known);
        assert_int_equal(p->people.total, (int64_t)cell(&f, 2));
        assert_int_equal(p->people.children, children);
        assert_int_equal(p->people.band[AGE_BANDS - 1], old);
        assert_int_equal(p->people.year, 2020);
        n++;
        arena_reset(&once);
    }
    assert_int_equal(n, 83);
    arena_fini(&once);
    arena_fini(&files_arena);
}

static bool has_note(const struct profile *p, enum note_kind k)
{
    for (size_t i = 0; i < p->n_notes; i++)
        if (p->note[i].kind == k)
            return true;
    return false;
}

// Every small area is in exactly one ward by best fit; Holywell has none and says so.
static void wards_share_the_small_areas_out(void **state)
{
    struct real *r = real_or_skip(state, __func__);
    struct map seen;
    int empty = 0;
    map_init(&seen, &r->a);
    for (int i = 96; i <= 119; i++) {
        struct profile *p = arena_new(&r->a, struct profile);
        read_into(r, &r->a, str_fmt(&r->a, "E05013%03d", i), p);
        assert_true(str_eq(p->area.parent_code, STR("E07000178")));
        empty += p->n_small == 0;
        assert_int_equal(p->n_small == 0, has_note(p, NOTE_NO_BEST_FIT));
        assert_int_equal(p->n_small > 0, has_note(p, NOTE_BEST_FIT));
        for (size_t k = 0; k < p->n_small; k++) {
            bool fresh;
            map_at(&seen, p->small[k].code, &fresh);
            assert_true(fresh);
        }
    }
    assert_int_equal(empty, 1);
    assert_int_equal(seen.n, 84);
}

static err make_zone(struct db_tx *tx, void *ctx)
{
    UNUSED(ctx);
    struct zone z = {.name = STR("The Leys and friends"),
                     .challenge = STR("How might we?"),
                     .vision = STR(""),
                     .starts = DATE_NONE};
    // Blackbird Leys, Northfield Brook, Rose Hill & Iffley, Barton & Sandhills
    static const char *const code[] = {"E05013097", "E05013110", "E05013113", "E05013096"};
    str v[countof(code)];
    date from;
    for (size_t i = 0; i < countof(code); i++)
        v[i] = str_c(code[i]);
    ASSERT(date_make(2025, 1, 1, &from));
    TRY(zone_set(tx, &z, 1000));
    return zone_set_areas(tx, v, countof(v), from, 1000);
}

static void the_zone_of_four_wards(void **state)
{
    struct real *r = real_or_skip(state, __func__);
    struct profile *p = arena_new(&r->a, struct profile), *w = arena_new(&r->a, struct profile);
    no_error(db_write(r->t->db, &r->a, make_zone, NULL));
    read_into(r, &r->a, STR("zone"), p);
    assert_int_equal(p->n_children, 4);
    size_t small = 0;
    for (size_t i = 0; i < p->n_children; i++) {
        read_into(r, &r->a, p->child[i].code, w);
        small += w->n_small;
        assert_true(w->compare[COMPARE_ZONE].known);
        assert_int_equal(w->compare[COMPARE_ZONE].small_areas, (int)p->n_small);
        for (int e = 0; e < p->n_editions; e++)
            for (int d = 0; d < DOMAIN_N; d++)
                assert_memory_equal(&w->compare[COMPARE_ZONE].share[e][d],
                                    &p->compare[COMPARE_HERE].share[e][d], sizeof(struct share));
    }
    assert_int_equal(small, p->n_small);
    assert_int_equal(p->compare[COMPARE_DISTRICT].small_areas, 84);
    assert_int_equal(p->compare[COMPARE_DISTRICT].share[0][DOMAIN_IMD].in[1], 6);
    assert_int_equal(p->compare[COMPARE_DISTRICT].share[1][DOMAIN_IMD].in[1], 10);
    assert_int_equal(p->compare[COMPARE_DISTRICT].share[1][DOMAIN_IMD].n, 83);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_rank_of_2019_is_the_files),
        cmocka_unit_test(every_rank_of_2025_is_the_files),
        cmocka_unit_test(the_district_counts_as_published),
        cmocka_unit_test(people_are_the_files),
        cmocka_unit_test(wards_share_the_small_areas_out),
        cmocka_unit_test(the_zone_of_four_wards),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
