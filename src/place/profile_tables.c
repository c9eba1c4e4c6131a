// SPDX-License-Identifier: AGPL-3.0-or-later
// Tables of figures around the inequalities of a place: the census and its like.
#include "base/base.h"
#include "place/figure.h"
#include "place/profile_parts.h"

enum { FAMILIES_MAX = 24 };

struct tables {
    struct profile_job *job;
    VEC(struct profile_family) families;
};

static struct profile_family *family_find(struct tables *t, str family)
{
    for (size_t i = 0; i < t->families.n; i++)
        if (str_eq(t->families.v[i].family, family))
            return &t->families.v[i];
    return NULL;
}

// The newest period of a family among sums that may hold several.
static str newest_period(const struct figure_sum *s, size_t n, str family)
{
    str best = STR_NONE;
    for (size_t i = 0; i < n; i++)
        if (str_eq(s[i].like->family, family) && str_cmp(s[i].like->period, best) > 0)
            best = s[i].like->period;
    return best;
}

static err add_family(struct tables *t, const struct figure_sum *s, size_t n,
                      const struct figure *like)
{
    struct profile_family f = {.family = like->family,
                               .title = like->family_title,
                               .unit = like->unit,
                               .period = newest_period(s, n, like->family)};
    f.figure = arena_new_array(t->job->a, n, struct profile_figure);
    for (size_t i = 0; i < n; i++) {
        if (!str_eq(s[i].like->family, f.family) || !str_eq(s[i].like->period, f.period))
            continue;
        f.figure[f.n++] = (struct profile_figure){
            .title = s[i].like->title, .value = s[i].value, .published = s[i].unknown == 0};
        f.total = s[i].total > f.total ? s[i].total : f.total;
        f.areas = (int)s[i].areas > f.areas ? (int)s[i].areas : f.areas;
        uint8_t source;
        TRY(profile_source_at(t->job, s[i].like->import, &source));
    }
    *vec_add(t->job->a, &t->families) = f;
    return NULL;
}

static err add_figures(struct tables *t, const struct figure *v, size_t n)
{
    struct figure_sum *s;
    size_t n_sums;
    figures_sum(t->job->a, v, n, &s, &n_sums);
    for (size_t i = 0; i < n_sums && t->families.n < FAMILIES_MAX; i++)
        if (!family_find(t, s[i].like->family))
            TRY(add_family(t, s, n_sums, s[i].like));
    return NULL;
}

// A place's own table is better than the sum over its small areas.
static err own_figures(struct tables *t)
{
    struct figure *v;
    size_t n;
    if (t->job->p->area.is_zone)
        return NULL;
    TRY(figures_of_area_with(t->job->tx, t->job->a, t->job->memo, t->job->area.code, &v, &n));
    return add_figures(t, v, n);
}

static err summed_figures(struct tables *t)
{
    VEC(struct figure) all = {0};
    const struct profile *p = t->job->p;
    for (size_t i = 0; i < p->n_small; i++) {
        struct figure *v;
        size_t n;
        TRY(figures_of_area_with(t->job->tx, t->job->a, t->job->memo, p->small[i].code, &v, &n));
        for (size_t k = 0; k < n; k++)
            if (str_eq(v[k].kind, STR("lsoa")) && v[k].total.has)
                *vec_add(t->job->a, &all) = v[k];
    }
    return add_figures(t, all.v, all.n);
}

err profile_families(struct profile_job *job)
{
    struct tables t = {.job = job};
    TRY(own_figures(&t));
    if (!str_eq(job->p->area.kind, STR("lsoa")))
        TRY(summed_figures(&t));
    job->p->family = t.families.v;
    job->p->n_families = t.families.n;
    return NULL;
}
