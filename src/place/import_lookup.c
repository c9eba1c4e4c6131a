// SPDX-License-Identifier: AGPL-3.0-or-later
// Lookups: tables that hold the codes of two kinds or two years of areas side by side.
//
//   LSOA 2011 → 2021 with a change code   U S M X
//   LSOA → ward                           best_fit: the ONS's choice, never an exact fit
//   OA → LSOA → MSOA → district …         parent
//   LSOA → rural-urban class              class
//
// Names beside the codes are kept too. Codes are joined on codes only: names move between them.
#include "base/base.h"
#include "place/area_write.h"
#include "place/code_columns.h"
#include "place/families.h"

struct shape {
    struct code_columns codes;
    int change; // column of the change code, or -1
    int ruc, ruc_name;
    int64_t ruc_vintage;
    int lad; // for --district, or -1
};

static const char *const change_words[] = {"change_code", "chgind",    "chngind",
                                           "changecode",  "changeind", "change"};

static bool is_change(str folded)
{
    for (size_t i = 0; i < countof(change_words); i++)
        if (str_eq(folded, str_c(change_words[i])))
            return true;
    return false;
}

// "ruc21_code", "ruc21cd", "ruc21", "ruc21ind": the class; its year goes to *ret.
static bool is_ruc(str folded, int64_t *ret)
{
    static const char *const tails[] = {"", "cd", "_code", "ind"};
    if (folded.n < 5 || !str_starts(folded, STR("ruc")) ||
        !str_to_i64(str_slice(folded, 3, 5), ret))
        return false;
    *ret += 2000;
    for (size_t i = 0; i < countof(tails); i++)
        if (str_eq(str_slice(folded, 5, folded.n), str_c(tails[i])))
            return true;
    return false;
}

static bool is_ruc_name(str folded)
{
    return str_eq(folded, STR("classification")) ||
           (str_starts(folded, STR("ruc")) &&
            (str_ends(folded, STR("nm")) || str_ends(folded, STR("_name"))));
}

static const char *meaning(str folded)
{
    int64_t year;
    return is_change(folded)       ? "change code (U, S, M or X)"
           : is_ruc(folded, &year) ? "rural-urban class"
           : is_ruc_name(folded)   ? "name of the rural-urban class"
                                   : NULL;
}

// ---- which columns -----------------------------------------------------------------------------

// A column without a year: another of its kind has one, then it is the same said again; else it is
// of the year of the smallest areas, or of the one given by hand.
static void settle_years(struct import_job *job, const struct table *t, struct shape *s)
{
    struct code_columns *c = &s->codes;
    size_t k = 0;
    int64_t own = job->opts.vintage;
    for (size_t i = 0; i < c->n; i++)
        if (c->v[i].kind == c->v[0].kind && c->v[i].vintage)
            own = c->v[i].vintage;
    for (size_t i = 0; i < c->n; i++) {
        struct code_column x = c->v[i];
        bool said = i + 1 < c->n && c->v[i + 1].kind == x.kind && x.vintage == 0;
        if (said)
            continue;
        if (x.vintage == 0 && own == 0) {
            import_problem(job, 1, t->heading[x.code],
                           "The heading names no year. Say of which year these codes are: "
                           "--vintage.");
            continue;
        }
        x.vintage = x.vintage ? x.vintage : own;
        c->v[k++] = x;
    }
    c->n = k;
}

static bool census(enum area_kind k)
{
    return k == AREA_OA || k == AREA_LSOA || k == AREA_MSOA;
}

// How two columns relate; NULL when the table says nothing sure about the two.
static const char *relation_of(const struct code_columns *c, size_t from, size_t to)
{
    const struct code_column *x = &c->v[from], *y = &c->v[to];
    bool finest = x->kind == c->v[0].kind;
    if (x->kind == y->kind)
        return finest && x->vintage != y->vintage ? "change" : NULL;
    if (x->kind == AREA_CED || x->kind == AREA_CONSTITUENCY)
        return NULL;
    if (census(y->kind))
        return census(x->kind) && x->vintage == y->vintage ? "parent" : NULL;
    if (y->kind == AREA_WARD || y->kind == AREA_CED || y->kind == AREA_CONSTITUENCY)
        return finest && census(x->kind) ? "best_fit" : NULL;
    return "parent";
}

static bool find_columns(struct import_job *job, const struct table *t, struct shape *s)
{
    *s = (struct shape){.ruc = -1, .ruc_name = -1, .lad = -1};
    code_columns_find(t->folded, t->n, &s->codes);
    s->change = table_find(t, change_words, countof(change_words));
    for (size_t i = 0; i < t->n; i++) {
        if (s->ruc < 0 && is_ruc(t->folded[i], &s->ruc_vintage))
            s->ruc = (int)i;
        else if (s->ruc_name < 0 && is_ruc_name(t->folded[i]))
            s->ruc_name = (int)i;
    }
    code_columns_tell(job, t, &s->codes, meaning);
    settle_years(job, t, s);
    bool any = s->ruc >= 0 && s->codes.n > 0, change = false;
    for (size_t i = 0; i < s->codes.n; i++) {
        if (s->codes.v[i].kind == AREA_LAD)
            s->lad = s->codes.v[i].code;
        for (size_t k = i + 1; k < s->codes.n; k++) {
            const char *r = relation_of(&s->codes, i, k);
            any = any || r;
            change = change || (r && strcmp(r, "change") == 0);
        }
    }
    if (job->n_problems == 0 && !any)
        import_problem(job, 1, STR_NONE,
                       "A lookup needs the codes of two kinds or two years of areas, such as "
                       "LSOA21CD and WD24CD.");
    if (change && s->change < 0)
        import_problem(job, 1, STR_NONE,
                       "The codes of two years are here, but no column says what changed "
                       "(change_code or CHGIND, with U, S, M or X).");
    if (job->opts.district.n && s->lad < 0)
        import_problem(job, 1, STR_NONE,
                       "Only one district was asked for, but no column says which district a row "
                       "belongs to.");
    return job->n_problems == 0;
}

// ---- rows --------------------------------------------------------------------------------------

struct reading {
    struct import_job *job;
    const struct table *t;
    struct shape *s;
    struct map links; // from and layer of to -> first seen
    struct alias_set names;
    str code[CODE_COLUMNS_MAX]; // of this row; none when missing
    str change;
};

struct linked {
    str to;
    int64_t row;
};

static struct area_link link_of(const struct reading *r, size_t from, size_t to, str relation)
{
    const struct code_column *x = &r->s->codes.v[from], *y = &r->s->codes.v[to];
    return (struct area_link){.from_kind = str_c(area_kind_word(x->kind)),
                              .from_vintage = x->vintage,
                              .from_code = r->code[from],
                              .to_kind = str_c(area_kind_word(y->kind)),
                              .to_vintage = y->vintage,
                              .to_code = r->code[to],
                              .relation = relation};
}

// false when the same has been said before. A small area that lies in two larger ones of the same
// layer is a mistake in the file; one that was split is not.
static bool first_said(struct reading *r, size_t from, size_t to, bool several)
{
    struct import_job *job = r->job;
    bool is_new;
    str key = str_fmt(job->a, "%zu %zu %" PRIstr "%" PRIstr, from, to, ARGstr(r->code[from]),
                      ARGstr(several ? r->code[to] : STR("")));
    union map_value *v = map_at(&r->links, key, &is_new);
    if (is_new) {
        struct linked *l = v->p = arena_new(job->a, struct linked);
        *l = (struct linked){str_copy(job->a, r->code[to]), r->t->row};
        return true;
    }
    const struct linked *l = v->p;
    if (!str_eq(l->to, r->code[to]))
        import_problem(job, r->t->row, r->t->heading[r->s->codes.v[to].code],
                       "%" PRIstr " was given to %" PRIstr " in row %lld, and now to %" PRIstr ".",
                       ARGstr(r->code[from]), ARGstr(l->to), (long long)l->row,
                       ARGstr(r->code[to]));
    return false;
}

static err take_pair(struct reading *r, size_t from, size_t to)
{
    const char *relation = relation_of(&r->s->codes, from, to);
    if (!relation || str_is_none(r->code[from]) || str_is_none(r->code[to]))
        return NULL;
    bool change = strcmp(relation, "change") == 0;
    if (change && str_eq(r->change, STR("U")) && !str_eq(r->code[from], r->code[to])) {
        import_problem(r->job, r->t->row, r->t->heading[r->s->codes.v[to].code],
                       "%" PRIstr " is unchanged (U) and yet becomes %" PRIstr ".",
                       ARGstr(r->code[from]), ARGstr(r->code[to]));
        return NULL;
    }
    if (!first_said(r, from, to, change))
        return NULL;
    r->job->rows_loaded++;
    if (!r->job->tx)
        return NULL;
    struct area_link l = link_of(r, from, to, change ? r->change : str_c(relation));
    return area_link_add(r->job->tx, r->job->id, &l);
}

static bool take_change(struct reading *r)
{
    r->change = STR_NONE;
    if (r->s->change < 0)
        return true;
    r->change = str_upper(&r->job->scratch, str_trim(r->t->field[r->s->change]));
    if (r->change.n == 1 && strchr("USMX", r->change.p[0]))
        return true;
    import_problem(r->job, r->t->row, r->t->heading[r->s->change],
                   "“%" PRIstr "” is no change code: U (unchanged), S (split), M (merged) or X "
                   "(irregular) is expected.",
                   ARGstr(str_slice(r->change, 0, 20)));
    return false;
}

// The class of the smallest area, under the code of its class, and that code's name.
static err take_class(struct reading *r)
{
    struct import_job *job = r->job;
    const struct shape *s = r->s;
    str class = s->ruc >= 0 ? str_trim(r->t->field[s->ruc]) : STR("");
    if (is_missing(class) || str_is_none(r->code[0]))
        return NULL;
    str name = s->ruc_name >= 0 ? str_trim(r->t->field[s->ruc_name]) : class;
    bool is_new, named;
    map_at(&r->links, str_fmt(job->a, "ruc %" PRIstr, ARGstr(r->code[0])), &is_new);
    if (!is_new) {
        import_problem(job, r->t->row, r->t->heading[s->codes.v[0].code],
                       "%" PRIstr " is there twice.", ARGstr(r->code[0]));
        return NULL;
    }
    map_at(&r->links, str_fmt(job->a, "class %" PRIstr, ARGstr(class)), &named);
    job->rows_loaded++;
    if (!job->tx)
        return NULL;
    if (named)
        TRY(area_alias_add(job->tx, job->id, STR("ruc"), class, s->ruc_vintage, name, STR_NONE));
    return area_link_add(job->tx, job->id,
                         &(struct area_link){.from_kind = str_c(area_kind_word(s->codes.v[0].kind)),
                                             .from_vintage = s->codes.v[0].vintage,
                                             .from_code = r->code[0],
                                             .to_kind = STR("ruc"),
                                             .to_vintage = s->ruc_vintage,
                                             .to_code = class,
                                             .relation = STR("class")});
}

static err take_names(struct reading *r)
{
    for (size_t i = 0; i < r->s->codes.n; i++) {
        const struct code_column *c = &r->s->codes.v[i];
        if (c->name < 0 || str_is_none(r->code[i]) || is_missing(r->t->field[c->name]))
            continue;
        TRY(alias_set_add(&r->names, c->kind, r->code[i], c->vintage,
                          str_trim(r->t->field[c->name]), STR_NONE));
    }
    return NULL;
}

static err take_row(struct reading *r)
{
    struct import_job *job = r->job;
    const struct shape *s = r->s;
    bool missing;
    if (job->opts.district.n && !str_eq(str_trim(r->t->field[s->lad]), job->opts.district))
        return NULL;
    for (size_t i = 0; i < s->codes.n; i++) {
        if (!table_code(job, r->t, s->codes.v[i].code, &r->code[i], &missing))
            return NULL;
        if (missing)
            r->code[i] = STR_NONE;
    }
    if (str_is_none(r->code[0])) {
        import_problem(job, r->t->row, r->t->heading[s->codes.v[0].code],
                       "The area's code is missing.");
        return NULL;
    }
    if (!take_change(r))
        return NULL;
    for (size_t i = 0; i < s->codes.n; i++)
        for (size_t k = i + 1; k < s->codes.n; k++)
            TRY(take_pair(r, i, k));
    TRY(take_class(r));
    return take_names(r);
}

// "Lookup: LSOA 2021 to ward 2024, LAD 2024", of the newest year there is.
static void name_it(struct import_job *job, const struct shape *s)
{
    const struct code_columns *c = &s->codes;
    int64_t newest = s->ruc >= 0 ? s->ruc_vintage : 0;
    str text = str_fmt(job->a, "Lookup: %" PRIstr " to ",
                       ARGstr(layer_words(job->a, c->v[0].kind, c->v[0].vintage)));
    for (size_t i = 0; i < c->n; i++) {
        newest = c->v[i].vintage > newest ? c->v[i].vintage : newest;
        if (i > 0)
            text = str_fmt(job->a, "%" PRIstr "%s%" PRIstr, ARGstr(text), i > 1 ? ", " : "",
                           ARGstr(layer_words(job->a, c->v[i].kind, c->v[i].vintage)));
    }
    if (s->ruc >= 0)
        text = str_fmt(job->a, "%" PRIstr "%srural-urban class %lld", ARGstr(text),
                       c->n > 1 ? ", " : "", (long long)s->ruc_vintage);
    job->title = text;
    job->vintage = c->v[0].vintage;
    job->reference = str_fmt(job->a, "%lld", (long long)newest);
}

static err run(struct import_job *job)
{
    struct table t;
    struct shape s;
    struct reading r = {.job = job, .t = &t, .s = &s};
    bool ok, more;
    TRY(table_open(job, &t, &ok));
    if (!ok || !find_columns(job, &t, &s))
        return NULL;
    map_init(&r.links, job->a);
    alias_set_init(&r.names, job);
    name_it(job, &s);
    for (;;) {
        TRY(table_next(job, &t, &more));
        if (!more)
            return NULL;
        TRY(take_row(&r));
    }
}

static int guess(struct import_job *job, const str *folded, size_t n)
{
    UNUSED(job);
    struct code_columns c;
    bool change = false, ruc = false;
    int64_t year;
    code_columns_find(folded, n, &c);
    for (size_t i = 0; i < n; i++) {
        change = change || is_change(folded[i]);
        ruc = ruc || is_ruc(folded[i], &year);
    }
    if (c.n >= 2 && change)
        return 95;
    if (c.n >= 1 && ruc && c.others <= 4)
        return 80;
    return c.n < 2 ? 0 : c.others == 0 ? 75 : c.others <= 2 ? 60 : 0;
}

const struct import_family family_lookup = {
    .name = "lookup",
    .command = "lookup",
    .title = "Lookup between areas",
    .hint = "“LSOA (2011) to LSOA (2021)”, “LSOA (2021) to Ward … Best Fit Lookup” and their like",
    .source = {"Office for National Statistics", "Lookups between areas",
               "https://geoportal.statistics.gov.uk/", OGL, OGL_ONS},
    .guess = guess,
    .run = run,
    .undo = area_undo,
    .counts = "links",
};
