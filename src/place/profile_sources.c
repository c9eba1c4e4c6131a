// SPDX-License-Identifier: AGPL-3.0-or-later
// Where a profile's figures, outlines and lookups come from, each dataset told once.
#include "base/base.h"
#include "place/profile_parts.h"
#include "place/profile_sql.h"

#include <stdlib.h>

enum { SOURCES_MAX = 200 }; // an index has to fit reading.source

static bool same_source(const struct profile_source *s, const struct profile_source *t)
{
    return str_eq(s->title, t->title) && str_eq(s->publisher, t->publisher) &&
           str_eq(s->licence, t->licence) && str_eq(s->attribution, t->attribution) &&
           str_eq(s->date, t->date);
}

// Every page names its sources, so they are read together and kept. Both by id.
struct records {
    struct q_profile_source_list *source;
    struct q_profile_import_list *import;
    size_t n_sources, n_imports;
};

static err read_records(struct db_tx *tx, struct arena *a, void *ctx, void **ret)
{
    UNUSED(ctx);
    struct records *r = arena_new(a, struct records);
    TRY(q_profile_source_list_all(tx, a, &r->source, &r->n_sources));
    TRY(q_profile_import_list_all(tx, a, &r->import, &r->n_imports));
    *ret = r;
    return NULL;
}

static int import_by_id(const void *key, const void *one)
{
    int64_t x = ((const import_id *)key)->v;
    int64_t y = ((const struct q_profile_import_list *)one)->import.v;
    return (x > y) - (x < y);
}

static int source_by_id(const void *key, const void *one)
{
    int64_t x = *(const int64_t *)key, y = ((const struct q_profile_source_list *)one)->id;
    return (x > y) - (x < y);
}

static err source_of(struct profile_job *job, import_id import, struct profile_source *ret)
{
    const struct records *all = job->records;
    if (!all) {
        const void *found;
        TRY(memo_find(job->memo, job->tx, job->a, STR("sources"), read_records, NULL, &found));
        job->records = all = found;
    }
    const struct q_profile_import_list *r =
        bsearch(&import, all->import, all->n_imports, sizeof *r, import_by_id);
    const struct q_profile_source_list *s =
        r ? bsearch(&r->source, all->source, all->n_sources, sizeof *s, source_by_id) : NULL;
    if (!s)
        return err_new(job->a, ERR_BUG, "Import %lld has rows but is not on record.",
                       (long long)import.v);
    *ret = (struct profile_source){import,         s->title, s->publisher, s->licence,
                                   s->attribution, s->url,   r->reference};
    return NULL;
}

static err source_add(struct profile_job *job, const struct profile_source *s, uint8_t *ret)
{
    size_t i = 0;
    while (i < job->sources.n && !same_source(s, &job->sources.v[i]))
        i++;
    if (i == SOURCES_MAX)
        return err_new(job->a, ERR_BUG, "A profile draws on more than %d sources.", SOURCES_MAX);
    if (i == job->sources.n)
        *vec_add(job->a, &job->sources) = *s;
    *ret = (uint8_t)i;
    return NULL;
}

// "2018-10" and "2019-02" as "2018-10 to 2019-02".
static str date_span(struct arena *a, str from, str to)
{
    return str_eq(from, to) ? from
                            : str_fmt(a, "%" PRIstr " to %" PRIstr, ARGstr(from), ARGstr(to));
}

err profile_source_series(struct profile_job *job, const import_id *import, size_t n)
{
    struct profile_source *s = arena_new_array(job->a, n, struct profile_source);
    bool *told = arena_new_array(job->a, n, bool);
    for (size_t i = 0; i < n; i++)
        TRY(source_of(job, import[i], &s[i]));
    for (size_t i = 0; i < n; i++) {
        struct profile_source one = s[i];
        str last = one.date;
        uint8_t at;
        for (size_t k = i; k < n && !told[i]; k++) {
            struct profile_source other = s[k];
            other.date = one.date;
            if (!same_source(&one, &other))
                continue;
            told[k] = k != i;
            one.date = str_cmp(s[k].date, one.date) < 0 ? s[k].date : one.date;
            last = str_cmp(s[k].date, last) > 0 ? s[k].date : last;
        }
        if (told[i])
            continue;
        one.date = date_span(job->a, one.date, last);
        TRY(source_add(job, &one, &at));
    }
    return NULL;
}

err profile_source_at(struct profile_job *job, import_id import, uint8_t *ret)
{
    for (size_t i = job->imports.n; i-- > 0;)
        if (job->imports.v[i].import.v == import.v) {
            *ret = job->imports.v[i].source;
            return NULL;
        }
    struct profile_source s;
    TRY(source_of(job, import, &s));
    TRY(source_add(job, &s, ret));
    *vec_add(job->a, &job->imports) = (struct import_at){import, *ret};
    return NULL;
}

// ---- outlines and lookups -----------------------------------------------------------------------

static err lookup_source(struct profile_job *job, str code, str kind)
{
    struct q_profile_lookup_import r;
    bool found;
    uint8_t source;
    TRY(q_profile_lookup_import_one(job->tx, job->a,
                                    &(struct q_profile_lookup_import_in){code, kind}, &r, &found));
    return found ? profile_source_at(job, r.import, &source) : NULL;
}

static err outline_source(struct profile_job *job, area_id area)
{
    struct q_profile_shape_import r;
    bool found;
    uint8_t source;
    TRY(q_profile_shape_import_one(job->tx, job->a, &(struct q_profile_shape_import_in){area}, &r,
                                   &found));
    return found ? profile_source_at(job, r.import, &source) : NULL;
}

// Whether it is rural or urban comes with a source of its own.
static err find_class(struct profile_job *job)
{
    struct profile_area *to = &job->p->area;
    import_id import;
    uint8_t source;
    TRY(area_class(job->tx, job->a, &job->area, &to->class, &import));
    return str_is_none(to->class) ? NULL : profile_source_at(job, import, &source);
}

err profile_place_sources(struct profile_job *job)
{
    const struct profile *p = job->p;
    if (str_eq(p->area.kind, STR("lsoa")))
        TRY(find_class(job));
    if (!p->area.is_zone) {
        TRY(outline_source(job, job->area.id));
        if (p->n_small && !str_eq(p->area.kind, STR("lsoa")))
            TRY(lookup_source(job, p->area.code, p->area.kind));
    }
    for (size_t i = 0; i < p->n_children && p->area.is_zone; i++)
        TRY(lookup_source(job, p->child[i].code, p->child[i].kind));
    for (size_t i = 0; i < p->n_small; i++) {
        TRY(outline_source(job, p->small[i].id));
        if (p->small[i].n_before)
            TRY(lookup_source(job, p->small[i].code, STR("lsoa")));
    }
    return NULL;
}
