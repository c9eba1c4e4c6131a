// SPDX-License-Identifier: AGPL-3.0-or-later
// Reading figures: the newest import of each, and sums over areas.
#include "base/base.h"
#include "place/figure.h"
#include "place/figure_sql.h"

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

err figure_families(struct db_tx *tx, struct arena *a, struct figure_family **ret, size_t *ret_n)
{
    struct q_figure_families *r;
    TRY(q_figure_families_all(tx, a, &r, ret_n));
    *ret = arena_new_array(a, *ret_n, struct figure_family);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret)[i] = (struct figure_family){r[i].family, r[i].title, r[i].unit, r[i].indicators};
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
