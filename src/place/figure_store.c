// SPDX-License-Identifier: AGPL-3.0-or-later
// Reading figures: the newest import of each, and sums over areas.
#include "base/base.h"
#include "place/figure.h"
#include "place/figure_sql.h"

#include <stdlib.h>

static struct figure figure_of_row(str code, const struct q_figures_of_code *r)
{
    return (struct figure){.code = code,
                           .kind = r->kind,
                           .vintage = r->vintage,
                           .family = r->family,
                           .name = r->name,
                           .family_title = r->family_title,
                           .title = r->title,
                           .unit = r->unit,
                           .period = r->period,
                           .value = r->value,
                           .total = r->total,
                           .status = (enum figure_status)r->status,
                           .indicator = r->indicator,
                           .import = r->import};
}

static bool same_figure(const struct figure *x, const struct figure *y)
{
    return x->indicator.v == y->indicator.v && x->vintage == y->vintage &&
           str_eq(x->kind, y->kind) && str_eq(x->period, y->period);
}

// Rows come with the newest import last; it is the one that stays.
static void newest(struct arena *a, str code, const struct q_figures_of_code *row, size_t n,
                   struct figure **ret, size_t *ret_n)
{
    struct figure *out = arena_new_array(a, n, struct figure);
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        struct figure f = figure_of_row(code, &row[i]);
        if (k && same_figure(&out[k - 1], &f))
            k--;
        out[k++] = f;
    }
    *ret = out;
    *ret_n = k;
}

err figures_of_area(struct db_tx *tx, struct arena *a, str code, str family, struct figure **ret,
                    size_t *ret_n)
{
    struct q_figures_of_code *row;
    size_t n;
    if (family.n == 0) {
        TRY(q_figures_of_code_all(tx, a, &(struct q_figures_of_code_in){code}, &row, &n));
    } else {
        struct q_figures_of_code_family *of; // the same columns
        _Static_assert(sizeof *of == sizeof *row, "the two statements give the same row");
        TRY(q_figures_of_code_family_all(tx, a, &(struct q_figures_of_code_family_in){code, family},
                                         &of, &n));
        row = arena_copy(a, of, n * sizeof *of);
    }
    newest(a, str_copy(a, code), row, n, ret, ret_n);
    return NULL;
}

// All indicators, by id.
struct indicators {
    struct q_indicator_list *v;
    size_t n;
};

static err read_indicators(struct db_tx *tx, struct arena *a, void *ctx, void **ret)
{
    UNUSED(ctx);
    struct indicators *all = arena_new(a, struct indicators);
    TRY(q_indicator_list_all(tx, a, &all->v, &all->n));
    *ret = all;
    return NULL;
}

static int by_id(const void *key, const void *one)
{
    int64_t x = ((const indicator_id *)key)->v, y = ((const struct q_indicator_list *)one)->id.v;
    return (x > y) - (x < y);
}

static struct q_figures_of_code dressed(const struct q_figures_bare *f,
                                        const struct q_indicator_list *i)
{
    return (struct q_figures_of_code){
        f->kind,   f->vintage, f->indicator, f->period,       f->import, f->value, f->total,
        f->status, i->family,  i->name,      i->family_title, i->title,  i->unit};
}

err figures_of_area_with(struct db_tx *tx, struct arena *a, struct memo_at memo, str code,
                         struct figure **ret, size_t *ret_n)
{
    struct q_figures_bare *bare;
    const void *found;
    size_t n, k = 0;
    TRY(memo_find(memo, tx, a, STR("indicators"), read_indicators, NULL, &found));
    const struct indicators *all = found;
    TRY(q_figures_bare_all(tx, a, &(struct q_figures_bare_in){code}, &bare, &n));
    struct q_figures_of_code *row = arena_new_array(a, n, struct q_figures_of_code);
    for (size_t i = 0; i < n; i++) {
        const struct q_indicator_list *of =
            bsearch(&bare[i].indicator, all->v, all->n, sizeof *of, by_id);
        if (of)
            row[k++] = dressed(&bare[i], of);
    }
    newest(a, str_copy(a, code), row, k, ret, ret_n);
    return NULL;
}

static struct figure_sum *sum_for(struct figure_sum *v, size_t *n, const struct figure *f)
{
    for (size_t i = 0; i < *n; i++)
        if (same_figure(v[i].like, f))
            return &v[i];
    v[*n] = (struct figure_sum){.like = f};
    return &v[(*n)++];
}

void figures_sum(struct arena *a, const struct figure *v, size_t n, struct figure_sum **ret,
                 size_t *ret_n)
{
    struct figure_sum *out = arena_new_array(a, n, struct figure_sum);
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        if (!v[i].total.has)
            continue;
        struct figure_sum *s = sum_for(out, &k, &v[i]);
        if (!v[i].value.has) {
            s->unknown++;
            continue;
        }
        s->value += v[i].value.v;
        s->total += v[i].total.v;
        s->areas++;
    }
    *ret = out;
    *ret_n = k;
}
