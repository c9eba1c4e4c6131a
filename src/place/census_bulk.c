// SPDX-License-Identifier: AGPL-3.0-or-later
// The ONS's bulk files: date, geography, geography code, then a column for each category, whose
// title is the only name it has.
#include "base/base.h"
#include "base/map.h"
#include "place/census_parts.h"

// ---- bulk files -----------------------------------------------------------------------------

struct bulk_column {
    int at, total; // columns; total -1 when there is none, or it is itself the total
    bool leaf;     // not the sum of columns under it
    struct figure_indicator i;
    struct census_title title;
};

struct bulk {
    struct census *c;
    int date;
    VEC(struct bulk_column) columns;
    struct map seen; // code -> row
};

// The total's column of a variable, or -1.
static int total_of(const struct table *t, int from, const struct census_title *of, int *ret_n)
{
    int total = -1, n = 0;
    for (size_t i = (size_t)from; i < t->n; i++) {
        struct census_title x = census_title_split(t->heading[i]);
        if (!str_eq(x.variable, of->variable) || !str_eq(x.measure, of->measure))
            continue;
        if (total < 0 && census_title_is_total(&x, n == 0))
            total = (int)i;
        n++;
    }
    *ret_n = n;
    return total;
}

// "Owned" is the sum of "Owned: Owns outright" and its neighbours.
static bool has_parts(const struct table *t, int from, const struct census_title *of)
{
    for (size_t i = (size_t)from; i < t->n; i++) {
        struct census_title x = census_title_split(t->heading[i]);
        if (str_eq(x.variable, of->variable) && str_eq(x.measure, of->measure) &&
            x.category.n > of->category.n && str_starts(x.category, of->category) &&
            x.category.p[of->category.n] == ':')
            return true;
    }
    return false;
}

static void add_bulk_column(struct import_job *job, struct bulk *b, int at, int from)
{
    struct census_title x = census_title_split(b->c->t.heading[at]);
    const struct census_table *k = census_table_find(job->a, x.variable);
    int n, total = total_of(&b->c->t, from, &x, &n);
    bool counts = str_eq_nocase(x.measure, STR("Value"));
    if (total == at && n > 1) { // it stands beside each of its categories
        import_column(job, b->c->t.heading[at], "total");
        return;
    }
    str name = figure_slug(job->a, x.category);
    if (!counts)
        name = str_fmt(job->a, "%" PRIstr "_%" PRIstr, ARGstr(name),
                       ARGstr(figure_slug(job->a, x.measure)));
    struct bulk_column *c = vec_add(job->a, &b->columns);
    *c = (struct bulk_column){.at = at,
                              .total = total == at ? -1 : total,
                              .leaf = !has_parts(&b->c->t, from, &x),
                              .title = x,
                              .i = {.family = census_family(job, k, x.variable),
                                    .family_title = x.variable,
                                    .name = name,
                                    .title = x.category}};
    str all = c->total < 0 ? x.category : b->c->t.folded[c->total];
    c->i.unit = counts ? census_unit(k, str_lower(job->a, all)) : str_lower(job->a, x.measure);
    import_column(job, b->c->t.heading[at],
                  str_z(job->a, str_fmt(job->a, "%" PRIstr ": %" PRIstr, ARGstr(x.variable),
                                        ARGstr(x.category))));
    if (job->title.n == 0 || b->columns.n == 1)
        census_name(job, k, x.variable);
}

static bool same_variable(const struct bulk_column *x, const struct bulk_column *y)
{
    return x->total == y->total && str_eq(x->title.variable, y->title.variable);
}

// A variable of several columns that has none of totals: said once.
static void tell_unchecked(struct import_job *job, const struct bulk *b)
{
    for (size_t i = 0, next; i < b->columns.n; i = next) {
        const struct bulk_column *first = &b->columns.v[i];
        for (next = i + 1; next < b->columns.n && same_variable(&b->columns.v[next], first);)
            next++;
        if (first->total < 0 && next - i > 1)
            import_notice(job, 1, b->c->t.heading[first->at],
                          "“%" PRIstr "” has no column of totals: sums could not be checked, and "
                          "no percentages can be shown.",
                          ARGstr(first->title.variable));
    }
}

static bool find_bulk_columns(struct import_job *job, struct bulk *b)
{
    const struct table *t = &b->c->t;
    b->date = table_at(t, "date");
    int geography = table_at(t, "geography"), from = b->c->place.code + 1;
    for (int i = 0; i < (int)t->n; i++) {
        if (i == b->c->place.code)
            import_column(job, t->heading[i], "area code");
        else if (i == b->date)
            import_column(job, t->heading[i], "year of the census");
        else if (i == geography || i < from)
            import_column(job, t->heading[i], NULL);
        else
            add_bulk_column(job, b, i, from);
    }
    if (b->columns.n == 0)
        import_problem(job, 1, STR_NONE, "There is no column of figures behind the area's code.");
    tell_unchecked(job, b);
    return b->columns.n > 0;
}

// The columns of one variable, from `i` on; returns where the next variable begins. Where the area
// has figures its total has to be there, or nothing could be checked; an area without any may be
// without a total too.
static size_t check_bulk_variable(struct import_job *job, struct bulk *b, str code, size_t i,
                                  const struct figure_cell *cell)
{
    const struct bulk_column *first = &b->columns.v[i];
    double sum = 0, total = 0;
    bool all = true, any = false, missing = true;
    for (; i < b->columns.n && same_variable(&b->columns.v[i], first); i++) {
        any = any || cell[i].value.has;
        if (!b->columns.v[i].leaf)
            continue;
        all = all && cell[i].value.has;
        sum += cell[i].value.v;
    }
    if (first->total < 0 || !table_f64(job, &b->c->t, first->total, &total, &missing))
        return i;
    if (missing && any)
        census_total_missing(job, b->c, b->c->t.row, first->total, code);
    else if (!missing && all)
        census_sum_check(job, b->c, b->c->t.row, first->total, code, sum, total);
    return i;
}

static err bulk_figures(struct import_job *job, struct bulk *b, str code)
{
    struct census *c = b->c;
    struct figure_cell *cell = arena_new_array(&job->scratch, b->columns.n, struct figure_cell);
    for (size_t i = 0; i < b->columns.n; i++)
        if (!census_cell(job, c, b->columns.v[i].at, &cell[i]))
            return NULL;
    for (size_t i = 0; i < b->columns.n;)
        i = check_bulk_variable(job, b, code, i, cell);
    for (size_t i = 0; i < b->columns.n; i++) {
        opt_f64 total = {0};
        bool missing;
        if (b->columns.v[i].total >= 0 &&
            table_f64(job, &c->t, b->columns.v[i].total, &total.v, &missing))
            total.has = !missing;
        TRY(figure_put(job, &c->place, code, &b->columns.v[i].i, c->period, cell[i], total));
    }
    return NULL;
}

static err take_bulk_row(struct import_job *job, struct bulk *b)
{
    struct census *c = b->c;
    str code, year = b->date >= 0 ? str_trim(c->t.field[b->date]) : STR("");
    bool fresh;
    if (!figure_place_code(job, &c->t, &c->place, &code))
        return NULL;
    if (!c->settled && !census_settle(job, c, year))
        return NULL;
    if (b->date >= 0 && job->opts.period.n == 0 && !str_eq(year, c->period)) {
        import_problem(job, c->t.row, c->t.heading[b->date],
                       "This row is of “%" PRIstr "”, the rows before are of %" PRIstr ".",
                       ARGstr(year), ARGstr(c->period));
        return NULL;
    }
    union map_value *first = map_find(&b->seen, code);
    if (first) {
        import_problem(job, c->t.row, c->t.heading[c->place.code],
                       "%" PRIstr " is there twice; it was in row %lld already.", ARGstr(code),
                       (long long)first->i);
        return NULL;
    }
    map_at(&b->seen, str_copy(job->a, code), &fresh)->i = c->t.row;
    return bulk_figures(job, b, code);
}

err census_bulk_run(struct import_job *job, struct census *c)
{
    struct bulk b = {.c = c};
    bool more;
    map_init(&b.seen, job->a);
    if (!find_bulk_columns(job, &b))
        return NULL;
    for (;;) {
        TRY(table_next(job, &b.c->t, &more));
        if (!more || c->hopeless)
            break;
        TRY(take_bulk_row(job, &b));
    }
    census_sums_tell(job, c);
    return NULL;
}
