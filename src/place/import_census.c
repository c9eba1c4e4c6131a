// SPDX-License-Identifier: AGPL-3.0-or-later
// Tables of the census, in the two shapes they are handed about in: the ONS's bulk files, with a
// column for each category (census_bulk.c), and long tables, with a row for each (census_long.c).
//
// Both are checked the same way: the categories of an area have to add up to the total its own row
// gives. Totals are never compared between tables: the ONS changes cells slightly, table by table.
#include "base/base.h"
#include "place/census_parts.h"
#include "place/families.h"

#include <math.h>

enum { AREAS_BEFORE_OVERLAP = 3 };

// ---- sums -----------------------------------------------------------------------------------

void census_sum_check(struct import_job *job, struct census *c, int64_t row, int total_column,
                      str code, double sum, double total)
{
    struct census_sums *s = &c->sums;
    if (fabs(sum - total) < 0.5) {
        s->right++;
        return;
    }
    s->n_wrong++;
    s->over += sum > total;
    if (s->wrong.n >= IMPORT_PROBLEMS_KEPT)
        return;
    *vec_add(job->a, &s->wrong) =
        (struct import_problem){row, c->t.heading[total_column],
                                str_fmt(job->a,
                                        "The categories of %" PRIstr " add up to %" PRIstr
                                        ", but its total is %" PRIstr ".",
                                        ARGstr(code), ARGstr(figure_number(job->a, sum)),
                                        ARGstr(figure_number(job->a, total)))};
}

void census_total_missing(struct import_job *job, const struct census *c, int64_t row,
                          int total_column, str code)
{
    import_problem(job, row, c->t.heading[total_column],
                   "The total of %" PRIstr " is missing, so its categories cannot be checked.",
                   ARGstr(code));
}

bool census_cell(struct import_job *job, const struct census *c, int col, struct figure_cell *ret)
{
    if (!figure_cell(job, &c->t, col, FIGURE_MISSING, ret))
        return false;
    if (!ret->value.has || ret->value.v >= 0)
        return true;
    import_problem(job, c->t.row, c->t.heading[col], "There cannot be fewer than 0 of them.");
    return false;
}

void census_sums_tell(struct import_job *job, const struct census *c)
{
    const struct census_sums *s = &c->sums;
    if (s->n_wrong >= AREAS_BEFORE_OVERLAP && s->right == 0 && s->over == s->n_wrong) {
        import_notice(
            job, 0, STR_NONE,
            "In every area the categories add up to more than the total: they overlap, so "
            "the sum could not be used as a check.");
        return;
    }
    for (size_t i = 0; i < s->wrong.n; i++)
        import_problem(job, s->wrong.v[i].row, s->wrong.v[i].column, "%" PRIstr,
                       ARGstr(s->wrong.v[i].sentence));
    job->n_problems += s->n_wrong - (int64_t)s->wrong.n;
}

// ---- what both shapes settle first ------------------------------------------------------------

static bool is_year(str s)
{
    int64_t y;
    return s.n == 4 && str_to_i64(s, &y) && y >= 1801 && y <= 2200;
}

bool census_settle(struct import_job *job, struct census *c, str year)
{
    int64_t of = 0;
    c->period = str_copy(job->a, job->opts.period.n ? job->opts.period : str_trim(year));
    bool census_area = c->place.kind >= AREA_OA && c->place.kind <= AREA_MSOA;
    if (!c->period.n && census_area && c->place.vintage) // those are drawn anew with each census
        c->period = str_fmt(job->a, "%lld", (long long)c->place.vintage);
    c->hopeless = true;
    if (!is_year(c->period) || !str_to_i64(c->period, &of)) {
        import_problem(job, c->t.row, STR_NONE,
                       "The file does not say which census it is of. Give the year as the period, "
                       "such as 2021.");
        return false;
    }
    if (!c->place.vintage)
        c->place.vintage = census_vintage(c->place.kind, of);
    if (!c->place.vintage) {
        import_problem(job, c->t.row, c->t.heading[c->place.code],
                       "The file does not say of which year its areas are. Give their vintage.");
        return false;
    }
    job->vintage = c->place.vintage;
    job->reference = c->period;
    job->title = str_fmt(job->a, "Census %lld: %" PRIstr, (long long)of, ARGstr(job->title));
    c->settled = true;
    c->hopeless = false;
    return true;
}

void census_name(struct import_job *job, const struct census_table *k, str title)
{
    job->title = k ? str_fmt(job->a, "%s (%s)", k->variable, k->number) : title;
}

str census_family(struct import_job *job, const struct census_table *k, str words)
{
    if (k)
        return str_c(k->family);
    return str_fmt(job->a, "census_%" PRIstr, ARGstr(figure_slug(job->a, words)));
}

str census_unit(const struct census_table *k, str total)
{
    size_t n = total.n;
    if (k)
        return str_c(k->unit);
    if (str_find(total, STR("household"), 0) < n)
        return STR("households");
    if (str_find(total, STR("resident"), 0) < n || str_find(total, STR("person"), 0) < n ||
        str_find(total, STR("people"), 0) < n)
        return STR("people");
    return STR("count");
}

// ---- the family -----------------------------------------------------------------------------

static bool is_bulk(const struct table *t)
{
    return table_at(t, "date") >= 0 && table_at(t, "geography") >= 0 &&
           table_at(t, "geographycode") >= 0;
}

static err run(struct import_job *job)
{
    struct census c = {0};
    bool ok;
    TRY(table_open(job, &c.t, &ok));
    if (!ok)
        return NULL;
    if (!figure_place_find(job, &c.t, &c.place)) {
        import_problem(
            job, 1, STR_NONE,
            "No heading says which column holds the area's code (such as “geography code” "
            "or “LSOA21CD”).");
        return NULL;
    }
    if (job->opts.district.n && c.place.district < 0) {
        import_problem(job, 1, STR_NONE,
                       "No column holds a district's code, so one district cannot be picked out.");
        return NULL;
    }
    return is_bulk(&c.t) ? census_bulk_run(job, &c) : census_long_run(job, &c);
}

static int guess(struct import_job *job, const str *folded, size_t n)
{
    struct table t = {.folded = (str *)(uintptr_t)folded, .n = n};
    struct figure_place p;
    if (is_bulk(&t))
        return 95;
    return figure_place_find(job, &t, &p) ? census_long_guess(&t, &p) : 0;
}

const struct import_family family_census = {
    .name = "census",
    .command = "indicators",
    .title = "Census table",
    .hint =
        "A bulk file of the Census (census2021-ts…-lsoa.csv), or a table with a category, a number "
        "and a total in each row",
    .source = {"Office for National Statistics", "Census", "https://www.ons.gov.uk/census", OGL,
               "Source: Office for National Statistics licensed under the Open Government Licence "
               "v3.0. Contains National Statistics data © Crown copyright and database right."},
    .guess = guess,
    .run = run,
    .undo = figure_undo,
    .counts = "figures",
};
