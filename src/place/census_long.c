// SPDX-License-Identifier: AGPL-3.0-or-later
// Long tables: a row for each category of each area, with its number and the total of the area. The
// columns come in any order, and so do the rows.
#include "base/base.h"
#include "base/map.h"
#include "place/census_parts.h"

#include <math.h>

// ---- long tables ----------------------------------------------------------------------------

struct category {
    str words; // as written
    struct figure_indicator i;
};

// What is known of an area so far; its rows need not stand together.
struct long_area {
    str code;
    int64_t row; // its first
    double sum, total;
    bool has_total, gaps;
    VEC(int32_t) row_of; // by category; 0: not yet
};

struct long_table {
    struct census *c;
    int category, n, total;
    str family, variable, unit;
    VEC(struct category) categories;
    struct map by_words, by_code; // indexes, from 1
    VEC(struct long_area) areas;
};

static bool is_count_heading(str folded)
{
    static const char *const words[] = {"n", "count", "value", "observation", "number"};
    for (size_t i = 0; i < countof(words); i++)
        if (str_eq(folded, str_c(words[i])))
            return true;
    return false;
}

// Shares are worked out from the counts, and names of areas live with the areas.
static bool is_idle_heading(const struct table *t, size_t at)
{
    static const char *const words[] = {"prop", "proportion", "percent", "percentage",
                                        "pct",  "date",       "year",    "geography"};
    struct heading h;
    str f = t->folded[at];
    for (size_t i = 0; i < countof(words); i++)
        if (str_eq(f, str_c(words[i])))
            return true;
    return (table_heading(f, &h) && h.role != HEADING_CODE) || str_ends(f, STR("_name"));
}

// The one column that is left is the category's. Returns how many are left.
static int long_columns(const struct table *t, const struct figure_place *p, int *ret_category,
                        int *ret_n, int *ret_total)
{
    int left = 0;
    *ret_category = *ret_n = *ret_total = -1;
    for (size_t i = 0; i < t->n; i++) {
        if ((int)i == p->code || (int)i == p->district || is_idle_heading(t, i))
            continue;
        if (*ret_n < 0 && is_count_heading(t->folded[i])) {
            *ret_n = (int)i;
        } else if (*ret_total < 0 && str_starts(t->folded[i], STR("total"))) {
            *ret_total = (int)i;
        } else {
            left++;
            *ret_category = (int)i;
        }
    }
    return left;
}

static void tell_long_columns(struct import_job *job, const struct long_table *l)
{
    const struct table *t = &l->c->t;
    for (int i = 0; i < (int)t->n; i++)
        import_column(job, t->heading[i],
                      i == l->c->place.code ? "area code"
                      : i == l->category    ? "category"
                      : i == l->n           ? "number"
                      : i == l->total       ? "total of the table"
                                            : NULL);
}

static bool find_long_columns(struct import_job *job, struct long_table *l)
{
    const struct table *t = &l->c->t;
    int left = long_columns(t, &l->c->place, &l->category, &l->n, &l->total);
    tell_long_columns(job, l);
    if (l->n < 0 || left != 1) {
        import_problem(
            job, 1, STR_NONE,
            l->n < 0 ? "No heading says which column holds the numbers (“n”, “count” or “value”)."
            : left == 0 ? "No column is left that could hold the categories."
                        : "Several columns could hold the categories; load this as a "
                          "table of your own and choose.");
        return false;
    }
    if (l->total < 0)
        import_notice(job, 1, STR_NONE,
                      "There is no column of totals: sums could not be checked, and no percentages "
                      "can be shown.");
    str words = t->heading[l->category];
    const struct census_table *k = census_table_find(job->a, words);
    l->variable = k ? str_c(k->variable) : figure_words(job->a, words);
    l->family = census_family(job, k, words);
    l->unit = census_unit(k, l->total < 0 ? STR("") : t->folded[l->total]);
    census_name(job, k, l->variable);
    return true;
}

static size_t category_at(struct import_job *job, struct long_table *l, str words)
{
    union map_value *v = map_find(&l->by_words, words);
    if (v)
        return (size_t)v->i;
    bool fresh;
    struct category *k = vec_add(job->a, &l->categories);
    k->words = str_copy(job->a, words);
    k->i = (struct figure_indicator){.family = l->family,
                                     .family_title = l->variable,
                                     .name = figure_slug(job->a, words),
                                     .title = k->words,
                                     .unit = l->unit};
    map_at(&l->by_words, k->words, &fresh)->i = (int64_t)l->categories.n;
    return l->categories.n;
}

static struct long_area *area_at(struct import_job *job, struct long_table *l, str code)
{
    union map_value *v = map_find(&l->by_code, code);
    if (v)
        return &l->areas.v[v->i - 1];
    bool fresh;
    struct long_area *x = vec_add(job->a, &l->areas);
    *x = (struct long_area){.code = str_copy(job->a, code), .row = l->c->t.row};
    map_at(&l->by_code, x->code, &fresh)->i = (int64_t)l->areas.n;
    return x;
}

// Each category once in each area.
static bool note_category(struct import_job *job, struct long_table *l, struct long_area *x,
                          size_t category)
{
    while (x->row_of.n < category)
        *vec_add(job->a, &x->row_of) = 0;
    int32_t *row = &x->row_of.v[category - 1];
    if (*row) {
        import_problem(job, l->c->t.row, l->c->t.heading[l->category],
                       "“%" PRIstr "” is there twice for %" PRIstr "; it was in row %d already.",
                       ARGstr(l->categories.v[category - 1].words), ARGstr(x->code), *row);
        return false;
    }
    *row = (int32_t)l->c->t.row;
    return true;
}

static bool note_total(struct import_job *job, struct long_table *l, struct long_area *x,
                       opt_f64 *ret)
{
    bool missing;
    *ret = (opt_f64){0};
    if (l->total < 0)
        return true;
    if (!table_f64(job, &l->c->t, l->total, &ret->v, &missing))
        return false;
    ret->has = !missing;
    if (missing)
        return true;
    if (x->has_total && fabs(x->total - ret->v) >= 0.5) {
        import_problem(job, l->c->t.row, l->c->t.heading[l->total],
                       "The total of %" PRIstr " is %" PRIstr " here and %" PRIstr " in row %lld.",
                       ARGstr(x->code), ARGstr(figure_number(job->a, ret->v)),
                       ARGstr(figure_number(job->a, x->total)), (long long)x->row);
        return false;
    }
    x->total = ret->v;
    x->has_total = true;
    return true;
}

static err take_long_row(struct import_job *job, struct long_table *l)
{
    struct census *c = l->c;
    str code, words = str_trim(c->t.field[l->category]);
    struct figure_cell cell;
    opt_f64 total;
    if (!figure_place_code(job, &c->t, &c->place, &code) ||
        (!c->settled && !census_settle(job, c, STR(""))))
        return NULL;
    if (words.n == 0) {
        import_problem(job, c->t.row, c->t.heading[l->category], "The category is missing.");
        return NULL;
    }
    struct long_area *x = area_at(job, l, code);
    size_t k = category_at(job, l, words);
    if (!note_category(job, l, x, k) || !note_total(job, l, x, &total) ||
        !census_cell(job, c, l->n, &cell)) {
        x->gaps = true; // one fault is told once, not again as a sum
        return NULL;
    }
    x->sum += cell.value.v;
    x->gaps = x->gaps || !cell.value.has;
    return figure_put(job, &c->place, x->code, &l->categories.v[k - 1].i, c->period, cell, total);
}

err census_long_run(struct import_job *job, struct census *c)
{
    struct long_table l = {.c = c};
    bool more;
    map_init(&l.by_words, job->a);
    map_init(&l.by_code, job->a);
    if (!find_long_columns(job, &l))
        return NULL;
    for (;;) {
        TRY(table_next(job, &l.c->t, &more));
        if (!more || c->hopeless)
            break;
        TRY(take_long_row(job, &l));
    }
    for (size_t i = 0; i < l.areas.n; i++) {
        const struct long_area *x = &l.areas.v[i];
        if (l.total >= 0 && !x->has_total && !x->gaps)
            census_total_missing(job, c, x->row, l.total, x->code);
        else if (x->has_total && !x->gaps)
            census_sum_check(job, c, x->row, l.total, x->code, x->sum, x->total);
    }
    census_sums_tell(job, c);
    return NULL;
}

int census_long_guess(const struct table *t, const struct figure_place *p)
{
    int category, n, total;
    bool one = long_columns(t, p, &category, &n, &total) == 1 && n >= 0;
    return !one ? 0 : total >= 0 ? 85 : 40;
}
