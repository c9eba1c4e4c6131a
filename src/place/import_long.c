// SPDX-License-Identifier: AGPL-3.0-or-later
// A table somebody made: a row for each area (and perhaps each category and period), with a number.
// Which column is which comes from a mapping (mapping.h) or is guessed from the headings and the
// first row; what the table cannot say about itself (what is counted, in which unit, from where,
// under which licence) has to be told, and without source and licence nothing is loaded.
#include "base/base.h"
#include "base/map.h"
#include "place/families.h"
#include "place/figure_write.h"
#include "place/mapping.h"
#include "place/zone_sql.h"

struct own_category {
    struct figure_indicator i;
};

struct own {
    struct table t;
    struct figure_place place;
    struct mapping told; // by hand, over what was saved
    int value, name, period, category, total;
    str title, unit;
    VEC(struct own_category) categories;
    struct map by_words; // -> index + 1
    struct map seen;     // code, category and period -> row
    bool settled, hopeless;
};

// ---- columns --------------------------------------------------------------------------------

static int column_told(struct import_job *job, const struct table *t, str heading, bool *ret_ok)
{
    if (heading.n == 0)
        return -1;
    str folded = heading_fold(job->a, heading);
    for (size_t i = 0; i < t->n; i++)
        if (str_eq(t->folded[i], folded))
            return (int)i;
    import_problem(job, 1, heading, "There is no column with this heading.");
    *ret_ok = false;
    return -1;
}

// The first row of figures, for guessing; false when there is none.
static bool peek(struct import_job *job, size_t at, size_t n, str **ret)
{
    struct csv csv;
    bool more;
    csv_init(&csv, job->a, job->text);
    csv.at = at;
    if (csv_next(&csv, job->a, &more) || !more || csv.n != n)
        return false;
    *ret = csv.field;
    return true;
}

static bool is_code(str s)
{
    s = str_trim(s);
    bool ok = s.n == 9 && s.p[0] >= 'A' && s.p[0] <= 'Z';
    for (size_t i = 1; ok && i < s.n; i++)
        ok = s.p[i] >= '0' && s.p[i] <= '9';
    return ok;
}

static int guess_code(const struct own *x, const str *first)
{
    for (size_t i = 0; first && i < x->t.n; i++)
        if (is_code(first[i]))
            return (int)i;
    return -1;
}

static bool is_number(struct arena *a, str cell)
{
    double v;
    return str_to_f64(str_replace(a, str_trim(cell), STR(","), STR("")), &v);
}

// The column with one of the usual headings, else the last one that holds a number.
static int guess_value(struct arena *a, const struct own *x, const str *first)
{
    static const char *const usual[] = {"value",       "n",      "count",   "number",    "rate",
                                        "observation", "figure", "percent", "percentage"};
    int found = table_find(&x->t, usual, countof(usual));
    for (int i = (int)x->t.n - 1; found < 0 && first && i >= 0; i--)
        if (i != x->place.code && i != x->period && i != x->total && is_number(a, first[i]))
            found = i;
    return found;
}

static void guess_columns(struct import_job *job, struct own *x)
{
    static const char *const period[] = {"period", "date", "year", "month", "quarter"};
    static const char *const total[] = {"total", "denominator", "base", "population"};
    static const char *const category[] = {"category", "measure", "indicator", "group", "type"};
    str *first = NULL;
    if (!peek(job, x->t.csv.at, x->t.n, &first))
        first = NULL;
    if (x->place.code < 0)
        x->place.code = guess_code(x, first);
    if (x->told.value.n)
        return; // a table that was mapped by hand is taken as it was mapped
    x->period = x->period < 0 ? table_find(&x->t, period, countof(period)) : x->period;
    x->total = x->total < 0 ? table_find(&x->t, total, countof(total)) : x->total;
    x->category = x->category < 0 ? table_find(&x->t, category, countof(category)) : x->category;
    x->value = guess_value(job->a, x, first);
}

static void tell_columns(struct import_job *job, const struct own *x)
{
    for (int i = 0; i < (int)x->t.n; i++)
        import_column(job, x->t.heading[i],
                      i == x->place.code ? "area code"
                      : i == x->value    ? "number"
                      : i == x->category ? "category"
                      : i == x->period   ? "period"
                      : i == x->total    ? "total"
                      : i == x->name     ? "area name"
                                         : NULL);
}

static bool find_columns(struct import_job *job, struct own *x)
{
    bool ok = true;
    const struct table *t = &x->t;
    bool by_heading = figure_place_find(job, t, &x->place);
    int code = column_told(job, t, x->told.code, &ok);
    if (code >= 0 && (!by_heading || code != x->place.code))
        x->place = (struct figure_place){
            .code = code, .district = x->place.district, .vintage = job->opts.vintage};
    x->value = column_told(job, t, x->told.value, &ok);
    x->name = column_told(job, t, x->told.name, &ok);
    x->period = column_told(job, t, x->told.period, &ok);
    x->category = column_told(job, t, x->told.category, &ok);
    x->total = column_told(job, t, x->told.total, &ok);
    guess_columns(job, x);
    tell_columns(job, x);
    if (ok && x->place.code < 0)
        import_problem(job, 0, STR_NONE, "Say which column holds the area's code.");
    if (ok && x->value < 0)
        import_problem(job, 0, STR_NONE, "Say which column holds the numbers.");
    return ok && x->place.code >= 0 && x->value >= 0;
}

// ---- what the table cannot say ----------------------------------------------------------------

static void ask(struct import_job *job, bool there, const char *sentence)
{
    if (!there)
        import_problem(job, 0, STR_NONE, "%s", sentence);
}

static bool find_facts(struct import_job *job, struct own *x)
{
    const struct import_opts *o = &job->opts;
    x->title = str_trim(o->title.n ? o->title : x->told.title);
    x->unit = str_trim(o->unit.n ? o->unit : x->told.unit);
    ask(job, x->title.n, "Say in a few words what is counted (the title).");
    ask(job, x->unit.n, "Say in which unit, such as people, visits or %.");
    ask(job, o->source.n, "Say where the figures come from (the source).");
    ask(job, o->licence.n,
        "Say under which licence the figures may be used; without one they cannot be shown.");
    ask(job, x->period >= 0 || o->period.n, "Say of which period the figures are, such as 2024.");
    if (o->district.n && x->place.district < 0)
        ask(job, false, "No column holds a district's code, so one district cannot be picked out.");
    job->title = x->title;
    return job->n_problems == 0;
}

// Which year's areas they are, when neither heading nor person says: that of the newest layer
// that has the first row's code.
static err settle(struct import_job *job, struct own *x, str code)
{
    struct q_layer_of_code l;
    bool found = false;
    x->settled = true;
    if (!x->place.vintage && job->look)
        TRY(q_layer_of_code_one(job->look, job->a, &(struct q_layer_of_code_in){code}, &l, &found));
    if (found) {
        x->place.vintage = l.vintage;
        import_notice(
            job, 0, x->t.heading[x->place.code],
            "The codes are taken for areas of %lld, the newest loaded here. Say so if they "
            "are of another year.",
            (long long)l.vintage);
    }
    job->vintage = x->place.vintage;
    x->hopeless = !x->place.vintage;
    if (x->hopeless)
        import_problem(job, x->t.row, x->t.heading[x->place.code],
                       "Of which year are these areas? No area loaded here has the code %" PRIstr
                       ". "
                       "Load the boundaries first, or give the vintage.",
                       ARGstr(code));
    return NULL;
}

// ---- rows -----------------------------------------------------------------------------------

static struct figure_indicator *indicator_of(struct import_job *job, struct own *x, str words)
{
    union map_value *v = map_find(&x->by_words, words);
    if (v)
        return &x->categories.v[v->i - 1].i;
    bool fresh;
    struct own_category *c = vec_add(job->a, &x->categories);
    str title = str_copy(job->a, words);
    c->i = (struct figure_indicator){
        .family = str_fmt(job->a, "own_%" PRIstr, ARGstr(figure_slug(job->a, x->title))),
        .family_title = x->title,
        .name = figure_slug(job->a, title),
        .title = title,
        .unit = x->unit,
    };
    map_at(&x->by_words, title, &fresh)->i = (int64_t)x->categories.n;
    return &c->i;
}

static bool told_suppressed(const struct own *x, str cell)
{
    str rest = x->told.suppressed, mark;
    while (str_next(&rest, '|', &mark))
        if (mark.n && str_eq(str_trim(mark), str_trim(cell)))
            return true;
    return false;
}

static bool take_numbers(struct import_job *job, struct own *x, struct figure_cell *ret,
                         opt_f64 *ret_total)
{
    bool missing;
    *ret_total = (opt_f64){0};
    *ret = (struct figure_cell){.status = FIGURE_SUPPRESSED};
    if (!told_suppressed(x, x->t.field[x->value]) &&
        !figure_cell(job, &x->t, x->value, FIGURE_MISSING, ret))
        return false;
    if (x->total < 0)
        return true;
    if (!table_f64(job, &x->t, x->total, &ret_total->v, &missing))
        return false;
    ret_total->has = !missing;
    return true;
}

static str period_of(struct import_job *job, const struct own *x)
{
    return x->period < 0 ? job->opts.period : str_trim(x->t.field[x->period]);
}

static bool first_of_its_kind(struct import_job *job, struct own *x, str code, str category,
                              str period)
{
    bool fresh;
    str key = str_fmt(job->a, "%" PRIstr "\n%" PRIstr "\n%" PRIstr, ARGstr(code), ARGstr(category),
                      ARGstr(period));
    union map_value *v = map_at(&x->seen, key, &fresh);
    if (fresh) {
        v->i = x->t.row;
        return true;
    }
    import_problem(job, x->t.row, x->t.heading[x->place.code],
                   "%" PRIstr " is there twice with the same period%s; it was in row %lld already.",
                   ARGstr(code), x->category < 0 ? "" : " and category", (long long)v->i);
    return false;
}

static err take_row(struct import_job *job, struct own *x)
{
    str code, words = x->category < 0 ? x->title : str_trim(x->t.field[x->category]);
    str period = period_of(job, x);
    struct figure_cell cell;
    opt_f64 total;
    if (!figure_place_code(job, &x->t, &x->place, &code))
        return NULL;
    if (!x->settled)
        TRY(settle(job, x, code));
    if (words.n == 0 || period.n == 0 || period.n > 40) {
        import_problem(job, x->t.row, x->t.heading[words.n == 0 ? x->category : x->period],
                       words.n == 0    ? "The category is missing."
                       : period.n == 0 ? "The period is missing."
                                       : "This is too long for a period.");
        return NULL;
    }
    if (x->hopeless || !first_of_its_kind(job, x, code, words, period) ||
        !take_numbers(job, x, &cell, &total))
        return NULL;
    if (str_is_none(job->reference) || str_cmp(period, job->reference) > 0)
        job->reference = str_copy(job->a, period);
    return figure_put(job, &x->place, code, indicator_of(job, x, words), period, cell, total);
}

// While something is still to be said the rows cannot be judged, but they can be shown and counted.
static err read_over(struct import_job *job, struct table *t)
{
    bool more = true;
    while (more)
        TRY(table_next(job, t, &more));
    return NULL;
}

static err run(struct import_job *job)
{
    struct own x = {0};
    bool ok, more;
    err e = mapping_parse(job->a, job->opts.columns, &x.told);
    if (e) {
        import_problem(job, 0, STR_NONE, "%" PRIstr, ARGstr(err_root(e)));
        return NULL;
    }
    job->reference = STR_NONE;
    TRY(table_open(job, &x.t, &ok));
    bool columns = ok && find_columns(job, &x);
    if (!ok)
        return NULL;
    if (!find_facts(job, &x) || !columns)
        return read_over(job, &x.t);
    map_init(&x.by_words, job->a);
    map_init(&x.seen, job->a);
    for (;;) {
        TRY(table_next(job, &x.t, &more));
        if (!more || x.hopeless)
            return NULL;
        TRY(take_row(job, &x));
    }
}

// Never by itself: anything might be somebody's table. A mapping given by hand says it is.
static int guess(struct import_job *job, const str *folded, size_t n)
{
    UNUSED(folded);
    UNUSED(n);
    return job->opts.columns.n ? 99 : 0;
}

const struct import_family family_long = {
    .name = "long",
    .command = "indicators",
    .title = "A table of your own",
    .hint = "Any CSV with a column of area codes and a column of numbers",
    .source = {"", "A table of our own", NULL, "", ""},
    .guess = guess,
    .run = run,
    .undo = figure_undo,
    .counts = "figures",
};
