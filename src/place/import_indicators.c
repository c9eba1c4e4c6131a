// SPDX-License-Identifier: AGPL-3.0-or-later
// The numbers underneath the Indices of Deprivation: how many people are counted in a domain, how
// far it is to a doctor, and so on. "File 8" of the Indices as it is published, or the same columns
// under headings with underscores: one column, one indicator.
//
// An empty cell is a number the publisher keeps back (counts under five and their like), never 0.
#include "base/base.h"
#include "base/map.h"
#include "place/deprivation.h"
#include "place/families.h"
#include "place/figure_write.h"

enum { ENOUGH_COLUMNS = 2 };

struct indicator_column {
    int at;
    int64_t empty;
    struct figure_indicator i;
};

struct indicators {
    struct table t;
    struct figure_place place;
    const struct deprivation_edition *edition;
    str family, family_title, period;
    VEC(struct indicator_column) columns;
    struct map seen; // code -> row
    int64_t rows;
};

// What a number counts, told by the words of its heading; the first line that fits.
static const struct {
    const char *words, *unit;
} units[] = {
    {"_numerator", "people"},
    {"per_1_000_households", "per 1,000 households"},
    {"per_1000_households", "per 1,000 households"},
    {"per_1_000_at_risk_population", "per 1,000 people"},
    {"per_1_000_at_risk_properties", "per 1,000 properties"},
    {"percent_of_households", "% of households"},
    {"_km", "km"},
    {"", "index"},
};

static str unit_of(str slug)
{
    for (size_t i = 0; i + 1 < countof(units); i++)
        if (str_find(slug, str_c(units[i].words), 0) < slug.n)
            return str_c(units[i].unit);
    return str_c(units[countof(units) - 1].unit);
}

// A column of figures: not a code or a name, nor a rank, decile or score (those have a family of
// their own).
static bool is_figure_heading(str folded)
{
    struct heading h;
    size_t d;
    enum deprivation_measure m;
    return !table_heading(folded, &h) && !deprivation_heading(folded, &d, &m) && folded.n > 0 &&
           str_find(folded, STR("name"), 0) == folded.n &&
           str_find(folded, STR("code"), 0) == folded.n &&
           str_find(folded, STR("district"), 0) == folded.n;
}

static bool speaks_of_indicators(str folded)
{
    static const char *const words[] = {"indicator", "numerator", "rate_per", "rateper"};
    for (size_t i = 0; i < countof(words); i++)
        if (str_find(folded, str_c(words[i]), 0) < folded.n)
            return is_figure_heading(folded);
    return false;
}

static void find_columns(struct import_job *job, struct indicators *x)
{
    const struct table *t = &x->t;
    for (int i = 0; i < (int)t->n; i++) {
        if (i == x->place.code || i == x->place.district) {
            import_column(job, t->heading[i], i == x->place.code ? "area code" : "district code");
        } else if (is_figure_heading(t->folded[i])) {
            str name = figure_slug(job->a, t->heading[i]),
                title = figure_words(job->a, t->heading[i]);
            *vec_add(job->a, &x->columns) =
                (struct indicator_column){.at = i,
                                          .i = {.family = x->family,
                                                .family_title = x->family_title,
                                                .name = name,
                                                .title = title,
                                                .unit = unit_of(name)}};
            import_column(job, t->heading[i], str_z(job->a, title));
        } else {
            import_column(job, t->heading[i], NULL);
        }
    }
}

// The edition is told by the vintage of the small areas, as with the ranks.
static bool find_edition(struct import_job *job, struct indicators *x)
{
    int64_t year = 0;
    x->edition = edition_of_vintage(x->place.vintage);
    x->period = job->opts.period;
    if (!x->period.n && x->edition)
        x->period = str_fmt(job->a, "%lld", (long long)x->edition->year);
    if (!x->place.vintage || !x->period.n || !str_to_i64(x->period, &year)) {
        import_problem(
            job, 1, x->t.heading[x->place.code],
            "It is not clear of which Indices these figures are. Give the vintage of the "
            "small areas and, as the period, the year of the Indices.");
        return false;
    }
    if (x->edition && x->edition->year != year) {
        import_problem(job, 1, x->t.heading[x->place.code],
                       "These are small areas of %lld, which the Indices of %lld do not use.",
                       (long long)x->place.vintage, (long long)year);
        return false;
    }
    x->family = str_fmt(job->a, "iod%lld_indicators", (long long)year);
    x->family_title =
        str_fmt(job->a, "Underlying the Indices of Deprivation %lld", (long long)year);
    job->vintage = x->place.vintage;
    job->reference = x->period;
    job->title = str_fmt(job->a, "English Indices of Deprivation %lld: underlying indicators",
                         (long long)year);
    return true;
}

static err take_row(struct import_job *job, struct indicators *x)
{
    str code;
    bool fresh;
    if (!figure_place_code(job, &x->t, &x->place, &code))
        return NULL;
    const union map_value *first = map_find(&x->seen, code);
    if (first) {
        import_problem(job, x->t.row, x->t.heading[x->place.code],
                       "%" PRIstr " is there twice; it was in row %lld already.", ARGstr(code),
                       (long long)first->i);
        return NULL;
    }
    map_at(&x->seen, str_copy(job->a, code), &fresh)->i = x->t.row;
    x->rows++;
    for (size_t i = 0; i < x->columns.n; i++) {
        struct indicator_column *c = &x->columns.v[i];
        struct figure_cell cell;
        if (!figure_cell(job, &x->t, c->at, FIGURE_SUPPRESSED, &cell))
            continue;
        c->empty += cell.status == FIGURE_SUPPRESSED;
        TRY(figure_put(job, &x->place, code, &c->i, x->period, cell, (opt_f64){0}));
    }
    return NULL;
}

static void tell_empty(struct import_job *job, const struct indicators *x)
{
    for (size_t i = 0; i < x->columns.n; i++)
        if (x->columns.v[i].empty)
            import_notice(job, 0, x->t.heading[x->columns.v[i].at],
                          "%lld of %lld values are kept back by the publisher. They stay “not "
                          "published”; they are not 0.",
                          (long long)x->columns.v[i].empty, (long long)x->rows);
}

static bool start(struct import_job *job, struct indicators *x)
{
    if (!figure_place_find(job, &x->t, &x->place) || x->place.kind != AREA_LSOA) {
        import_problem(
            job, 1, STR_NONE,
            "No heading says which column holds the small area's code (such as “LSOA code "
            "(2021)”).");
        return false;
    }
    if (job->opts.district.n && x->place.district < 0) {
        import_problem(job, 1, STR_NONE,
                       "No column holds a district's code, so one district cannot be picked out.");
        return false;
    }
    if (!find_edition(job, x))
        return false;
    find_columns(job, x);
    if (x->columns.n == 0)
        import_problem(job, 1, STR_NONE, "There is no column of indicators.");
    return x->columns.n > 0;
}

static err run(struct import_job *job)
{
    struct indicators x = {0};
    bool ok, more;
    TRY(table_open(job, &x.t, &ok));
    if (!ok || !start(job, &x))
        return NULL;
    map_init(&x.seen, job->a);
    for (;;) {
        TRY(table_next(job, &x.t, &more));
        if (!more)
            break;
        TRY(take_row(job, &x));
    }
    tell_empty(job, &x);
    return NULL;
}

static int guess(struct import_job *job, const str *folded, size_t n)
{
    struct table t = {.folded = (str *)(uintptr_t)folded, .n = n};
    struct figure_place p;
    int found = 0;
    for (size_t i = 0; i < n; i++)
        found += speaks_of_indicators(folded[i]);
    bool small_areas = figure_place_find(job, &t, &p) && p.kind == AREA_LSOA;
    return small_areas && found >= ENOUGH_COLUMNS ? 80 : 0;
}

const struct import_family family_iod_indicators = {
    .name = "iod-indicators",
    .command = "indicators",
    .title = "Numbers underneath the Indices of Deprivation",
    .hint = "“File 8: underlying indicators” of the Indices of Deprivation",
    .source = {"Ministry of Housing, Communities and Local Government",
               "English Indices of Deprivation: underlying indicators",
               "https://www.gov.uk/government/collections/english-indices-of-deprivation", OGL,
               OGL_PUBLIC_SECTOR},
    .guess = guess,
    .run = run,
    .undo = figure_undo,
    .counts = "figures",
};
