// SPDX-License-Identifier: AGPL-3.0-or-later
// Street-level crime as data.police.uk hands it out: one or many forces' months in a file.
//
// Rows are kept as they are. Equal rows are real (anti-social behaviour has no number, and points
// are shared), so nothing is taken for a copy. Rows without a place are kept and counted, never put
// on a map. The small area is the one the police give, not the one the point lies in. How several
// imports of one month get on is told in place/crime_store.h.
#include "base/base.h"
#include "base/map.h"
#include "place/area.h"
#include "place/crime_sql.h"
#include "place/crime_store.h"
#include "place/families.h"
#include "place/import_position.h"

enum { TEXT_MAX = 200 };

struct reading {
    struct import_job *job;
    struct table t;
    int id, month, by, within, place, code, name, kind, outcome;
    str district; // its name, when only one is wanted
    int64_t no_id, unplaced;
    struct positions at;
    struct crime_writer *w;
};

static void find_columns(struct reading *r)
{
    const struct {
        int *at;
        const char *folded, *meaning;
    } want[] = {
        {&r->id, "crimeid", "crime number: counted, not kept"},
        {&r->month, "month", "month"},
        {&r->by, "reportedby", NULL},
        {&r->within, "fallswithin", "police force"},
        {&r->at.lon, "longitude", "longitude"},
        {&r->at.lat, "latitude", "latitude"},
        {&r->place, "location", "place, as the police publish it"},
        {&r->code, "lsoacode", "area code"},
        {&r->name, "lsoaname", "name of the small area: says the district"},
        {&r->kind, "crimetype", "kind of crime"},
        {&r->outcome, "lastoutcomecategory", "last outcome"},
    };
    for (size_t i = 0; i < countof(want); i++)
        *want[i].at = table_at(&r->t, want[i].folded);
    for (size_t i = 0; i < r->t.n; i++) {
        const char *meaning = NULL;
        for (size_t k = 0; k < countof(want); k++)
            if (*want[k].at == (int)i)
                meaning = want[k].meaning;
        import_column(r->job, r->t.heading[i], meaning);
    }
    if (r->within < 0)
        r->within = r->by;
}

static bool can_be_read(struct reading *r)
{
    const struct {
        int at;
        const char *name;
    } must[] = {{r->month, "Month"},     {r->within, "Falls within"}, {r->at.lon, "Longitude"},
                {r->at.lat, "Latitude"}, {r->code, "LSOA code"},      {r->kind, "Crime type"}};
    bool ok = true;
    for (size_t i = 0; i < countof(must); i++)
        if (must[i].at < 0) {
            import_problem(r->job, 1, str_c(must[i].name), "There is no column “%s”.",
                           must[i].name);
            ok = false;
        }
    return ok;
}

// --district takes a code or a name; the file has names only.
static err find_district(struct reading *r, bool *ret_ok)
{
    struct import_job *job = r->job;
    struct area_name *name;
    size_t n;
    *ret_ok = true;
    if (job->opts.district.n == 0)
        return NULL;
    TRY(area_names(job->look, job->a, job->opts.district, &name, &n));
    r->district = n ? name[0].name : job->opts.district;
    if (r->name >= 0)
        return NULL;
    import_problem(job, 1, STR("LSOA name"),
                   "This file has no names of small areas, so it cannot be cut to one district.");
    *ret_ok = false;
    return NULL;
}

// ---- rows -------------------------------------------------------------------------------------

static str text_in(struct reading *r, int col)
{
    str s = col < 0 ? STR("") : str_trim(r->t.field[col]);
    if (s.n <= TEXT_MAX)
        return s;
    import_problem(r->job, r->t.row, r->t.heading[col], "This text is longer than %d bytes.",
                   TEXT_MAX);
    return STR("");
}

// "2019-01" -> 201901
static bool month_in(struct reading *r, int64_t *ret)
{
    str s = str_trim(r->t.field[r->month]);
    int64_t year = 0, month = 0;
    bool ok = s.n == 7 && s.p[4] == '-' && str_to_i64(str_slice(s, 0, 4), &year) &&
              str_to_i64(str_slice(s, 5, 7), &month) && year >= 1900 && month >= 1 && month <= 12;
    *ret = year * 100 + month;
    if (!ok)
        import_problem(r->job, r->t.row, r->t.heading[r->month],
                       "“%" PRIstr "” is not a month written as YYYY-MM.",
                       ARGstr(str_slice(s, 0, 40)));
    return ok;
}

static bool position_in(struct reading *r, struct crime_new *c)
{
    point p = {0};
    enum position_read read = position_read(&r->at, &p);
    c->placed = read == POSITION_READ;
    c->lon = p.x;
    c->lat = p.y;
    return read != POSITION_WRONG;
}

static bool wanted(const struct reading *r, str area_name)
{
    str district;
    int msoa;
    return r->district.n == 0 ||
           (crime_district_of(area_name, &district, &msoa) && str_eq_nocase(district, r->district));
}

static bool has_force_and_kind(struct reading *r, const struct crime_new *c)
{
    if (c->force.n && c->kind.n)
        return true;
    import_problem(r->job, r->t.row, r->t.heading[c->force.n ? r->kind : r->within],
                   c->force.n ? "The kind of crime is missing." : "The police force is missing.");
    return false;
}

static err take_row(struct reading *r)
{
    struct crime_new c = {
        .line = r->t.row,
        .force = text_in(r, r->within),
        .kind = text_in(r, r->kind),
        .outcome = text_in(r, r->outcome),
        .place = text_in(r, r->place),
        .area_name = text_in(r, r->name),
    };
    bool no_code;
    if (!wanted(r, c.area_name))
        return NULL;
    if (!month_in(r, &c.month) || !table_code(r->job, &r->t, r->code, &c.code, &no_code) ||
        !position_in(r, &c) || !has_force_and_kind(r, &c))
        return NULL;
    if (no_code)
        c.code = STR("");
    r->no_id += r->id >= 0 && str_trim(r->t.field[r->id]).n == 0;
    r->unplaced += no_code;
    r->job->rows_loaded++;
    return crime_write(r->w, &c);
}

// ---- what is told -----------------------------------------------------------------------------

static str month_shown(struct arena *a, int64_t month)
{
    return str_fmt(a, "%04lld-%02lld", (long long)month / 100, (long long)month % 100);
}

static err tell_loaded(struct reading *r, const struct crime_written *m)
{
    struct import_job *job = r->job;
    struct q_crime_loaded old;
    bool found;
    if (job->tx) // the dry run has told it
        return NULL;
    TRY(q_crime_loaded_one(job->look, job->a, &(struct q_crime_loaded_in){m->force, m->month}, &old,
                           &found));
    if (found)
        import_notice(job, 0, STR_NONE,
                      "%" PRIstr " %" PRIstr " is already loaded (import %lld, %lld rows): in the "
                      "areas this file covers, its %lld rows take their place.",
                      ARGstr(m->force), ARGstr(month_shown(job->a, m->month)),
                      (long long)old.import_id.v, (long long)old.rows_n, (long long)m->rows);
    return NULL;
}

static err tell_months(struct reading *r, const struct crime_written *m, size_t n)
{
    struct import_job *job = r->job;
    int64_t first = INT64_MAX, last = 0;
    for (size_t i = 0; i < n; i++) {
        first = m[i].month < first ? m[i].month : first;
        last = m[i].month > last ? m[i].month : last;
        TRY(tell_loaded(r, &m[i]));
    }
    if (n)
        job->reference = first == last ? month_shown(job->a, first)
                                       : str_fmt(job->a, "%" PRIstr " to %" PRIstr,
                                                 ARGstr(month_shown(job->a, first)),
                                                 ARGstr(month_shown(job->a, last)));
    if (r->unplaced)
        import_notice(job, 0, STR_NONE,
                      "%lld crimes have no place; they are kept and counted, but in no area.",
                      (long long)r->unplaced);
    if (r->no_id)
        import_notice(
            job, 0, STR_NONE,
            "%lld crimes have no number, as is usual for anti-social behaviour; rows that "
            "look the same are kept, each is one crime.",
            (long long)r->no_id);
    if (n == 0 && job->rows_read && job->n_problems == 0)
        import_problem(job, 0, STR("LSOA name"), "No row is of district %" PRIstr ".",
                       ARGstr(r->district));
    return NULL;
}

static err run(struct import_job *job)
{
    struct reading r = {.job = job};
    r.at = (struct positions){.job = job, .t = &r.t, .east = -1, .north = -1};
    struct crime_written *months;
    size_t n;
    bool ok, more;
    TRY(table_open(job, &r.t, &ok));
    if (!ok)
        return NULL;
    find_columns(&r);
    if (!can_be_read(&r))
        return NULL;
    TRY(find_district(&r, &ok));
    if (!ok)
        return NULL;
    TRY(positions_begin(&r.at));
    r.w = crime_writer_begin(job->a, job->tx, job->id);
    for (;;) {
        TRY(table_next(job, &r.t, &more));
        if (!more)
            break;
        TRY(take_row(&r));
    }
    TRY(crime_write_end(r.w, &months, &n));
    positions_tell(&r.at);
    return tell_months(&r, months, n);
}

static err undo(struct db_tx *tx, import_id id)
{
    TRY(q_crime_delete(tx, &(struct q_crime_delete_in){id}));
    TRY(q_crime_count_delete(tx, &(struct q_crime_count_delete_in){id}));
    return q_crime_month_delete(tx, &(struct q_crime_month_delete_in){id});
}

static int guess(struct import_job *job, const str *folded, size_t n)
{
    struct table t = {.folded = (str *)(uintptr_t)folded, .n = n};
    UNUSED(job);
    if (table_at(&t, "crimetype") < 0 || table_at(&t, "month") < 0)
        return 0;
    return table_at(&t, "lsoacode") >= 0 ? 95 : 60;
}

const struct import_family family_crime = {
    .name = "crime",
    .command = "crime",
    .title = "Street-level crime",
    .hint =
        "a force's month “…-street.csv” from data.police.uk; several months may stand in one file",
    .source = {"Home Office and police forces", "Street-level crime", "https://data.police.uk/",
               OGL, OGL_PUBLIC_SECTOR},
    .guess = guess,
    .run = run,
    .undo = undo,
};
