// SPDX-License-Identifier: AGPL-3.0-or-later
// Lists of areas without borders: code, name and perhaps the larger area, for one year or for many
// (the year in a column of its own). They give names to codes that have since been abolished.
#include "base/base.h"
#include "place/area_write.h"
#include "place/code_columns.h"
#include "place/families.h"

struct shape {
    struct code_columns codes;
    enum area_kind kind;
    int code, name, year; // year: a column, or -1
    int64_t vintage;      // when there is no such column
    int parent;           // or -1
    enum area_kind parent_kind;
    int64_t parent_vintage; // 0: that of the row
    bool repeats;           // smaller areas stand in the same rows, so these come many times
    int64_t first, last;    // years seen
};

static const char *const year_words[] = {"sourcefile", "year", "vintage"};

static const char *meaning(str folded)
{
    for (size_t i = 0; i < countof(year_words); i++)
        if (str_eq(folded, str_c(year_words[i])))
            return "year";
    return NULL;
}

// A list that says only "code", "name", "parent": the kind was given by hand.
static void find_plain(struct import_job *job, const struct table *t, struct shape *s)
{
    if (s->code >= 0 || job->opts.kind.n == 0)
        return;
    s->code = table_at(t, "code");
    s->name = table_at(t, "name");
    s->kind = area_kind_of(job->opts.kind);
    s->vintage = job->opts.vintage;
}

static void find_coded(struct import_job *job, struct shape *s)
{
    enum area_kind want = area_kind_of(job->opts.kind);
    for (size_t i = 0; i < s->codes.n && s->code < 0; i++) {
        const struct code_column *c = &s->codes.v[i];
        if (want != AREA_NONE && c->kind != want)
            continue;
        s->code = c->code;
        s->name = c->name;
        s->kind = c->kind;
        s->repeats = c->kind > s->codes.v[0].kind;
        s->vintage = c->vintage ? c->vintage : job->opts.vintage;
    }
}

// The next larger area that holds others whole: of the same year, else of whatever year.
static void find_parent(struct shape *s)
{
    for (size_t i = 0; i < s->codes.n && s->parent < 0; i++) {
        const struct code_column *c = &s->codes.v[i];
        if (c->kind > s->kind && c->kind >= AREA_LAD && c->kind != AREA_CONSTITUENCY) {
            s->parent = c->code;
            s->parent_kind = c->kind;
            s->parent_vintage = c->vintage;
        }
    }
}

static bool find_columns(struct import_job *job, const struct table *t, struct shape *s)
{
    *s = (struct shape){.code = -1, .name = -1, .parent = -1};
    code_columns_find(t->folded, t->n, &s->codes);
    s->year = table_find(t, year_words, countof(year_words));
    find_coded(job, s);
    find_plain(job, t, s);
    find_parent(s);
    code_columns_tell(job, t, &s->codes, meaning);
    if (s->code < 0 || s->name < 0)
        import_problem(job, 1, STR_NONE,
                       "A list of areas needs a column with their codes and one with their names, "
                       "such as WD25CD and WD25NM.");
    else if (s->kind == AREA_NONE)
        import_problem(job, 1, t->heading[s->code], "Say what kind of areas these are: --kind.");
    else if (s->year < 0 && s->vintage == 0)
        import_problem(job, 1, t->heading[s->code],
                       "The heading %" PRIstr " names no year. Say of which year these areas are: "
                       "--vintage.",
                       ARGstr(t->heading[s->code]));
    else
        return true;
    return false;
}

// Which area lies in which is another kind of file's business, but for the next larger one.
static void tell_other_codes(struct import_job *job, const struct table *t, const struct shape *s)
{
    for (size_t i = 0; i < s->codes.n; i++) {
        const struct code_column *c = &s->codes.v[i];
        if (c->kind <= s->kind || c->code == s->parent)
            continue;
        import_notice(job, 1, t->heading[c->code],
                      "Which area lies in which of these is not read from a list of names. Load "
                      "the file as a lookup too.");
        return;
    }
}

static bool year_of_row(struct import_job *job, const struct table *t, struct shape *s,
                        int64_t *ret)
{
    bool missing;
    *ret = s->vintage;
    if (s->year >= 0) {
        if (!table_i64(job, t, s->year, ret, &missing))
            return false;
        if (missing || *ret < 1900 || *ret > 2100) {
            import_problem(job, t->row, t->heading[s->year], "This is not a year.");
            return false;
        }
    }
    s->first = s->first == 0 || *ret < s->first ? *ret : s->first;
    s->last = *ret > s->last ? *ret : s->last;
    return true;
}

static err write_row(struct import_job *job, struct shape *s, struct alias_set *names,
                     const struct table *t, str code, str name, str parent, int64_t year)
{
    TRY(alias_set_add(names, s->kind, code, year, name, parent));
    for (size_t i = 0; i < s->codes.n; i++) { // names of the larger areas come along
        const struct code_column *c = &s->codes.v[i];
        str up = str_trim(t->field[c->code]);
        if (c->kind >= s->kind && c->code != s->code && c->name >= 0 && !is_missing(up) &&
            !is_missing(t->field[c->name]))
            TRY(alias_set_add(names, c->kind, up, c->vintage ? c->vintage : year,
                              str_trim(t->field[c->name]), STR_NONE));
    }
    job->rows_loaded++;
    if (!job->tx || str_is_none(parent))
        return NULL;
    return area_link_add(
        job->tx, job->id,
        &(struct area_link){.from_kind = str_c(area_kind_word(s->kind)),
                            .from_vintage = year,
                            .from_code = code,
                            .to_kind = str_c(area_kind_word(s->parent_kind)),
                            .to_vintage = s->parent_vintage ? s->parent_vintage : year,
                            .to_code = parent,
                            .relation = STR("parent")});
}

// Has this code been there with this name? It has been now.
static bool same_again(struct import_job *job, struct map *seen, str key, str name)
{
    bool is_new;
    map_at(seen, str_fmt(job->a, "%" PRIstr " %" PRIstr, ARGstr(key), ARGstr(name)), &is_new);
    return !is_new;
}

static err take_row(struct import_job *job, const struct table *t, struct shape *s,
                    struct map *seen, struct alias_set *names)
{
    str code, parent = STR_NONE;
    bool missing, is_new;
    int64_t year;
    if (!table_code(job, t, s->code, &code, &missing) || !year_of_row(job, t, s, &year))
        return NULL;
    if (missing) {
        import_problem(job, t->row, t->heading[s->code], "The area's code is missing.");
        return NULL;
    }
    if (s->parent >= 0) {
        if (!table_code(job, t, s->parent, &parent, &missing))
            return NULL;
        parent = missing ? STR_NONE : parent;
    }
    if (job->opts.district.n && !str_eq(parent, job->opts.district))
        return NULL;
    str name = str_trim(t->field[s->name]);
    if (is_missing(name)) {
        import_problem(job, t->row, t->heading[s->name], "%" PRIstr " has no name.", ARGstr(code));
        return NULL;
    }
    str key = str_fmt(job->a, "%lld %" PRIstr, (long long)year, ARGstr(code));
    union map_value *first = map_at(seen, key, &is_new);
    if (!is_new && s->repeats && same_again(job, seen, key, name))
        return NULL;
    if (!is_new) {
        import_problem(job, t->row, t->heading[s->code],
                       "%" PRIstr " of %lld is there twice; it was in row %lld already.",
                       ARGstr(code), (long long)year, (long long)first->i);
        return NULL;
    }
    first->i = t->row;
    if (s->repeats)
        (void)same_again(job, seen, key, name);
    return write_row(job, s, names, t, code, name, parent, year);
}

static err run(struct import_job *job)
{
    struct table t;
    struct shape s;
    struct map seen;
    struct alias_set names;
    bool ok, more;
    TRY(table_open(job, &t, &ok));
    if (!ok || !find_columns(job, &t, &s))
        return NULL;
    tell_other_codes(job, &t, &s);
    map_init(&seen, job->a);
    alias_set_init(&names, job);
    for (;;) {
        TRY(table_next(job, &t, &more));
        if (!more)
            break;
        TRY(take_row(job, &t, &s, &seen, &names));
    }
    job->vintage = s.first == s.last ? s.last : 0;
    job->title =
        str_fmt(job->a, "Names and codes: %" PRIstr, ARGstr(layer_words(job->a, s.kind, 0)));
    job->reference = s.first == s.last
                         ? str_fmt(job->a, "%lld", (long long)s.last)
                         : str_fmt(job->a, "%lld–%lld", (long long)s.first, (long long)s.last);
    return NULL;
}

static int guess(struct import_job *job, const str *folded, size_t n)
{
    UNUSED(job);
    struct code_columns c;
    bool year = false;
    code_columns_find(folded, n, &c);
    for (size_t i = 0; i < n; i++)
        year = year || meaning(folded[i]);
    if (c.n == 0 || c.v[0].name < 0)
        return 0;
    return year ? 85 : c.others == 0 ? 55 : 0;
}

const struct import_family family_area_names = {
    .name = "area-names",
    .command = "areas",
    .title = "Names of areas",
    .hint = "a list of codes and names, such as “Wards (May 2025) Names and Codes”",
    .source = {"Office for National Statistics", "Names and codes of areas",
               "https://geoportal.statistics.gov.uk/", OGL, OGL_ONS},
    .guess = guess,
    .run = run,
    .undo = area_undo,
    .counts = "names",
};
