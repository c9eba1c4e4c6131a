// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "place/demo.h"
#include "place/demo_files.h"
#include "place/import.h"

enum { FILE_MAX = 256 << 20, MONTHS = 24, FIRST_MONTH = 202311, FILES_MAX = 64 };

static const struct size {
    char name;
    int crimes_a_month, postcodes;
} sizes[] = {{'S', 130, 300}, {'M', 1300, 3000}, {'L', 41700, 6000}};

// Crimes are more in summer: per cent more or less than the mean, January first.
static const int season[12] = {-8, -6, 0, 2, 5, 6, 8, 5, 1, 0, -5, -8};

// One file to be loaded: what writes it (one of the two) and what the import has to be told.
struct demo_file {
    const char *name, *family;
    void (*put)(const struct town *t, struct buf *b);
    void (*put_of)(const struct town *t, struct buf *b, int of, int rows);
    int of, rows;
    const char *kind, *period, *title, *unit, *columns;
};

static void areas(const struct town *t, struct buf *b, int of, int rows)
{
    UNUSED(rows);
    demo_put_areas(t, b, (enum town_layer)of);
}

static void population(const struct town *t, struct buf *b, int of, int rows)
{
    UNUSED(rows);
    demo_put_population(t, b, (enum town_census)of);
}

static void deprivation(const struct town *t, struct buf *b, int of, int rows)
{
    UNUSED(rows);
    demo_put_deprivation(t, b, (enum town_edition)of);
}

static const struct demo_file tables[] = {
    {"millbrook-district-2025.geojson", "areas", .put_of = areas, .of = LAYER_DISTRICT,
     .kind = "lad"},
    {"millbrook-wards-2025.geojson", "areas", .put_of = areas, .of = LAYER_WARD, .kind = "ward"},
    {"millbrook-msoa-2021.geojson", "areas", .put_of = areas, .of = LAYER_MSOA, .kind = "msoa"},
    {"millbrook-lsoa-2011.geojson", "areas", .put_of = areas, .of = LAYER_LSOA11, .kind = "lsoa"},
    {"millbrook-lsoa-2021.geojson", "areas", .put_of = areas, .of = LAYER_LSOA21, .kind = "lsoa"},
    {"millbrook-oa-2021.geojson", "areas", .put_of = areas, .of = LAYER_OA, .kind = "oa"},
    {"millbrook-lsoa-2011-to-2021.csv", "lookup", .put = demo_put_changes},
    {"millbrook-best-fit-wards.csv", "lookup", .put = demo_put_best_fit},
    {"millbrook-output-areas.csv", "lookup", .put = demo_put_output_areas},
    {"millbrook-ward-names.csv", "area-names", .put = demo_put_ward_names, .kind = "ward"},
    {"millbrook-population-mid-2020.csv", "population", .put_of = population, .of = CENSUS_2011,
     .period = "mid-2020"},
    {"millbrook-population-mid-2024.csv", "population", .put_of = population, .of = CENSUS_2021,
     .period = "mid-2024"},
    {"millbrook-indices-2019.csv", "iod2019", .put_of = deprivation, .of = EDITION_2019},
    {"millbrook-indices-2025.csv", "iod2025", .put_of = deprivation, .of = EDITION_2025},
    {"millbrook-indices-2025-indicators.csv", "iod-indicators", .put = demo_put_indicators},
    {"millbrook-census2021-household-deprivation.csv", "census",
     .put = demo_put_household_deprivation},
    {"millbrook-census2021-tenure.csv", "census", .put = demo_put_tenure},
    {"census2021-ts038-lsoa.csv", "census", .put = demo_put_disability},
    {"millbrook-free-school-meals.csv", "long", .put = demo_put_school_meals, .period = "2024",
     .title = "Children with free school meals", .unit = "children",
     .columns = "code=LSOA21CD;value=Free school meals;total=Pupils;name=Small area;suppressed=c"},
};

struct making {
    struct db *db;
    struct arena *a; // for the whole
    const struct town *town;
    const struct demo_opts *opts;
    const struct size *size;
    struct demo_made *made;
    int64_t id[FILES_MAX]; // imports that belong to this town
    int of;
};

static err load_text(struct making *m, struct arena *a, const struct demo_file *f, str text,
                     struct import_result *ret)
{
    struct import_opts o = {.family = str_c(f->family),
                            .kind = str_c(f->kind),
                            .period = str_c(f->period),
                            .title = str_c(f->title),
                            .unit = str_c(f->unit),
                            .columns = str_c(f->columns),
                            .source = STR(DEMO_SOURCE),
                            .licence = STR(DEMO_LICENCE)};
    struct import_job *job;
    TRY(import_open(a, text, str_c(f->name), &o, &job));
    return import_load(m->db, job, DEMO_NOW_MS, ret);
}

static err load_file(struct making *m, const struct demo_file *f)
{
    struct arena a;
    struct buf b;
    struct import_result r;
    if (m->opts->progress)
        m->opts->progress(m->opts->progress_ctx, str_c(f->name), m->made->files, m->of);
    arena_init(&a);
    buf_init(&b, &a, FILE_MAX);
    if (f->put)
        f->put(m->town, &b);
    else
        f->put_of(m->town, &b, f->of, f->rows);
    ASSERT(!b.full);
    err e = load_text(m, &a, f, buf_text(&b), &r);
    if (e) { // it must outlive the arena of the file
        e = err_new(m->a, e->kind, "%s: %" PRIstr, f->name, ARGstr(err_root(e)));
        arena_fini(&a);
        return e;
    }
    arena_fini(&a);
    m->id[m->made->files++] = r.id.v;
    m->made->unchanged += r.unchanged;
    m->made->rows += r.rows;
    return NULL;
}

static void postcodes(const struct town *t, struct buf *b, int of, int rows)
{
    UNUSED(of);
    demo_put_postcodes(t, b, rows);
}

static void crime(const struct town *t, struct buf *b, int of, int rows)
{
    demo_put_crime(t, b, of, rows);
}

// One file a month, as the police publish it; only one is in memory at a time.
static err load_crime(struct making *m)
{
    int month = FIRST_MONTH;
    for (int i = 0; i < MONTHS; i++) {
        int n = m->size->crimes_a_month, all = n + n * season[month % 100 - 1] / 100;
        str name = str_fmt(m->a, "%d-%02d-millshire-street.csv", month / 100, month % 100);
        int64_t before = m->made->rows;
        TRY(load_file(m, &(struct demo_file){.name = str_z(m->a, name),
                                             .family = "crime",
                                             .put_of = crime,
                                             .of = month,
                                             .rows = all}));
        m->made->crimes += m->made->rows - before;
        month += month % 100 == 12 ? 89 : 1;
    }
    return NULL;
}

static err load_all(struct making *m)
{
    for (size_t i = 0; i < countof(tables); i++)
        TRY(load_file(m, &tables[i]));
    TRY(load_file(m, &(struct demo_file){.name = "millbrook-postcodes.csv",
                                         .family = "postcodes",
                                         .put_of = postcodes,
                                         .rows = m->size->postcodes}));
    return load_crime(m);
}

// ---- what was there before ---------------------------------------------------------------------

static bool of_demonstration(const struct import_row *r)
{
    return str_eq(r->publisher, STR(DEMO_SOURCE));
}

static err imports(struct db *db, struct arena *a, struct import_row **ret, size_t *ret_n)
{
    struct db_tx *tx;
    TRY(db_read(db, a, &tx));
    err e = import_list(tx, a, ret, ret_n);
    db_read_end(tx);
    return e;
}

err demo_state(struct db *db, struct arena *a, enum demo_state *ret)
{
    struct db_tx *tx;
    struct zone z;
    bool zone;
    TRY(db_read(db, a, &tx));
    err e = zone_now(tx, a, &z, &zone);
    db_read_end(tx);
    TRY(e);
    *ret = zone ? z.demonstration ? DEMO_THERE : DEMO_ZONE : DEMO_ROOM;
    if (zone)
        return NULL;
    struct import_row *r;
    size_t n;
    TRY(imports(db, a, &r, &n));
    for (size_t i = 0; i < n; i++)
        if (!of_demonstration(&r[i]))
            *ret = DEMO_DATA;
    return NULL;
}

// Takes back what an unfinished town of another size, seed or version of this program left.
static err take_back_others(struct making *m)
{
    struct import_row *r;
    size_t n;
    TRY(imports(m->db, m->a, &r, &n));
    for (size_t i = 0; i < n; i++) {
        bool ours = !of_demonstration(&r[i]);
        for (int k = 0; k < m->made->files; k++)
            ours = ours || m->id[k] == r[i].id.v;
        if (!ours)
            TRY(import_undo(m->db, m->a, r[i].id));
    }
    return NULL;
}

err demo_load(struct db *db, struct arena *a, const struct demo_opts *o, struct demo_made *ret)
{
    struct making m = {
        .db = db, .a = a, .opts = o, .made = ret, .of = (int)countof(tables) + 1 + MONTHS};
    *ret = (struct demo_made){0};
    for (size_t i = 0; i < countof(sizes); i++)
        if (sizes[i].name == o->size)
            m.size = &sizes[i];
    ASSERT(m.size != NULL);
    m.town = town_make(a, o->seed);
    TRY(load_all(&m));
    ret->wards = TOWN_WARDS;
    ret->areas = m.town->lsoas[CENSUS_2021];
    return take_back_others(&m);
}

err demo_zone(struct db_tx *tx)
{
    static const int wards[] = {3, 4, 7, 13}; // E05990003 Hollin Bank …
    str code[countof(wards)];
    date starts;
    ASSERT(date_make(2019, 1, 7, &starts));
    struct zone z = {
        .name = STR("Millbrook"),
        .challenge =
            STR("How might we create more opportunities for children and families in the 4 "
                "key wards, to address inequality handed down between generations?"),
        .vision = STR("More opportunities for children and families in the 4 key wards, through "
                      "stronger individuals, higher community resilience and new service models."),
        .starts = starts,
        .demonstration = true,
    };
    for (size_t i = 0; i < countof(wards); i++)
        code[i] = str_fmt(tx->a, "E0599%04d", wards[i]);
    TRY(zone_set(tx, &z, DEMO_NOW_MS));
    return zone_set_areas(tx, code, countof(code), starts, DEMO_NOW_MS);
}
