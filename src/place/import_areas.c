// SPDX-License-Identifier: AGPL-3.0-or-later
// Areas with their borders, from GeoJSON or TopoJSON (place/boundary.h reads and judges them).
// Loading the same layer in another generalisation simply makes newer editions of its areas.
#include "base/base.h"
#include "place/area_write.h"
#include "place/boundary.h"
#include "place/code_columns.h"
#include "place/families.h"

enum { OLDEST_YEAR = 1970, NEWEST_YEAR = 2100 };

static bool take_options(struct import_job *job, struct boundary_opts *ret)
{
    const struct import_opts *o = &job->opts;
    *ret = (struct boundary_opts){.kind = area_kind_of(o->kind), .vintage = (int)o->vintage};
    if (o->kind.n && ret->kind == AREA_NONE)
        import_problem(job, 0, STR_NONE,
                       "There is no kind of area called “%" PRIstr "”; known are oa, lsoa, msoa, "
                       "ward, lad and their like.",
                       ARGstr(o->kind));
    else if (o->vintage && (o->vintage < OLDEST_YEAR || o->vintage > NEWEST_YEAR))
        import_problem(job, 0, STR_NONE, "%lld is not a year areas can be of.",
                       (long long)o->vintage);
    else
        return true;
    return false;
}

// The dry run's reading serves the load as well: judging borders is most of the work.
static err read_once(struct import_job *job, const struct boundary_opts *opts,
                     const struct boundary_set **ret)
{
    if (!job->kept) {
        struct boundary_opts o = *opts;
        struct boundary_set *set = arena_new(job->a, struct boundary_set);
        o.generic_keys = o.kind != AREA_NONE && o.vintage != 0;
        TRY(boundary_read(job->a, job->text, &o, set));
        job->kept = set;
    }
    *ret = job->kept;
    return NULL;
}

static void tell(struct import_job *job, const struct boundary_set *set)
{
    for (size_t i = 0; i < set->n_problems; i++) {
        const struct boundary_problem *p = &set->problem[i];
        (p->notice ? import_notice : import_problem)(job, p->row, p->key, "%" PRIstr,
                                                     ARGstr(p->sentence));
    }
}

// The preview has no columns of a file to show, so it shows what was made of the features.
static void show(struct import_job *job, const struct boundary_set *set)
{
    import_column(job, STR("code"), "area code");
    import_column(job, STR("name"), "name");
    import_column(job, STR("in"), "larger area it lies in");
    import_column(job, STR("corners"), "corners of its border");
    for (size_t i = 0; i < set->n && i < IMPORT_SAMPLE_ROWS && !job->tx; i++) {
        const struct boundary *b = &set->v[i];
        *vec_add(job->a, &job->sample) = b->code;
        *vec_add(job->a, &job->sample) = str_is_none(b->name) ? STR("") : b->name;
        *vec_add(job->a, &job->sample) = str_is_none(b->parent_code) ? STR("") : b->parent_code;
        *vec_add(job->a, &job->sample) = str_fmt(job->a, "%zu", geo_points(&b->shape));
    }
}

static err write_one(struct import_job *job, const struct boundary_set *set, layer_id layer,
                     const struct boundary *b, struct alias_set *names)
{
    bool parent = b->parent_kind != AREA_NONE;
    if (parent && !str_is_none(b->parent_name))
        TRY(alias_set_add(names, b->parent_kind, b->parent_code, set->vintage, b->parent_name,
                          STR_NONE));
    err e = area_add(job->tx, &job->scratch, layer, job->id,
                     &(struct area_new){
                         .code = b->code,
                         .name = str_is_none(b->name) ? STR("") : b->name,
                         .kind = str_c(area_kind_word(set->kind)),
                         .vintage = set->vintage,
                         .parent_kind = parent ? str_c(area_kind_word(b->parent_kind)) : STR_NONE,
                         .parent_code = parent ? b->parent_code : STR_NONE,
                         .shape = &b->shape,
                     });
    import_row_done(job, job->bytes);
    return e;
}

static bool wanted(const struct import_job *job, const struct boundary *b)
{
    return job->opts.district.n == 0 || str_eq(b->parent_code, job->opts.district) ||
           str_eq(b->code, job->opts.district);
}

static err run(struct import_job *job)
{
    struct boundary_opts opts;
    const struct boundary_set *set;
    if (!take_options(job, &opts))
        return NULL;
    TRY(read_once(job, &opts, &set));
    tell(job, set);
    show(job, set);
    job->rows_read = (int64_t)set->features;
    job->vintage = set->vintage;
    job->reference = str_fmt(job->a, "%d", set->vintage);
    job->title = str_fmt(job->a, "Boundaries: %" PRIstr,
                         ARGstr(layer_words(job->a, set->kind, set->vintage)));
    layer_id layer = {0};
    struct alias_set names;
    alias_set_init(&names, job);
    if (job->tx)
        TRY(layer_make(job->tx, str_c(area_kind_word(set->kind)), set->vintage, &layer));
    for (size_t i = 0; i < set->n; i++) {
        if (!wanted(job, &set->v[i]))
            continue;
        job->rows_loaded++;
        if (job->tx)
            TRY(write_one(job, set, layer, &set->v[i], &names));
    }
    if (job->rows_loaded == 0 && job->n_problems == 0)
        import_problem(job, 0, STR_NONE, "None of the areas lies in %" PRIstr ".",
                       ARGstr(job->opts.district));
    return NULL;
}

// Any JSON: the reader itself says best why it is no map.
static int guess(struct import_job *job, const str *folded, size_t n)
{
    UNUSED(folded);
    UNUSED(n);
    str head = str_slice(job->text, 0, 4096);
    bool map = str_find(head, STR("FeatureCollection"), 0) < head.n ||
               str_find(head, STR("Topology"), 0) < head.n;
    return map ? 95 : 60;
}

const struct import_family family_areas = {
    .name = "areas",
    .command = "areas",
    .title = "Areas with their borders",
    .hint = "boundaries as GeoJSON (or TopoJSON) from the Open Geography Portal",
    .source = {"Office for National Statistics", "Boundaries",
               "https://geoportal.statistics.gov.uk/", OGL,
               "Source: Office for National Statistics licensed under the Open Government Licence "
               "v3.0. Contains OS data © Crown copyright and database right."},
    .json = true,
    .guess = guess,
    .run = run,
    .undo = area_undo,
    .counts = "areas",
};
