// SPDX-License-Identifier: AGPL-3.0-or-later
// The zone's settings in the browser: name, question, vision, start and areas, with all they were
// before. Nothing is overwritten: a change ends one row and begins another, and what was can be put
// back.
#include "base/base.h"
#include "base/vec.h"
#include "place/deprivation.h"
#include "place/zone_pages.h"
#include "place/zone_pages_sql.h"
#include "place/zone_sql.h"
#include "place/zone_tmpl.h"
#include "store/audit.h"

#include <stdlib.h>

enum { SUGGESTED_MAX = 6 };

static const struct field find_field[] = {
    {"q", "a name or code", FIELD_TEXT, false, 100, 0, NULL, false},
    {0},
};
static const struct field zone_fields[] = {
    {"name", "the name of the zone", FIELD_TEXT, true, 120, 0, NULL, false},
    {"challenge", "the question you share", FIELD_LONG, true, 600, 0, NULL, false},
    {"vision", "your vision", FIELD_LONG, false, 600, 0, NULL, false},
    {"starts", "the day it began", FIELD_DATE, false, 20, 0, NULL, false},
    {0},
};
static const struct field area_fields[] = {
    {"area", "an area", FIELD_TEXT, false, 20, 0, NULL, true},
    {"from", "from which day", FIELD_DATE, true, 20, 0, NULL, false},
    {0},
};
static const struct field version_field[] = {
    {"version", "which one", FIELD_NUMBER, true, 20, 0, NULL, false},
    {0},
};
static const struct field day_field[] = {
    {"day", "which day", FIELD_DATE, true, 20, 0, NULL, false},
    {0},
};

str zone_year(struct arena *a, int64_t year)
{
    return str_fmt(a, "%lld", (long long)year);
}

// ---- the areas to choose from -----------------------------------------------------------------

// All rows of the zone's areas, and the last day on which they changed or will change.
static err area_rows(struct db_tx *tx, struct arena *a, struct q_zone_area_all **ret, size_t *ret_n,
                     date *ret_changed)
{
    TRY(q_zone_area_all_all(tx, a, ret, ret_n));
    *ret_changed = DATE_NONE; // the smallest number of days there is
    for (size_t i = 0; i < *ret_n; i++) {
        const struct q_zone_area_all *x = &(*ret)[i];
        if (x->valid_from.days > ret_changed->days)
            *ret_changed = x->valid_from;
        if (!date_is_none(x->valid_to) && x->valid_to.days > ret_changed->days)
            *ret_changed = x->valid_to;
    }
    return NULL;
}

static bool matches(struct arena *a, const struct area_ref *w, str q)
{
    if (q.n == 0)
        return true;
    str low = str_lower(a, q), name = str_lower(a, w->name), code = str_lower(a, w->code);
    return str_find(name, low, 0) < name.n || str_find(code, low, 0) < code.n;
}

static struct zone_choice *choice_of(struct zone_view *v, str code)
{
    for (size_t i = 0; i < v->n_choice; i++)
        if (str_eq(v->choice[i].code, code))
            return &v->choice[i];
    return NULL;
}

static int by_choice(const void *x, const void *y)
{
    const struct zone_choice *a = x, *b = y;
    if (a->chosen != b->chosen)
        return a->chosen ? -1 : 1;
    return str_cmp(a->name, b->name);
}

// First the areas the zone has, whatever they are; then wards that fit the search, as far as
// there is room.
static err add_chosen(struct db_tx *tx, struct arena *a, struct zone_view *v)
{
    struct q_zone_area_all *rows;
    size_t n;
    TRY(area_rows(tx, a, &rows, &n, &v->changed));
    v->choice = arena_new_array(a, n + ZONE_WARDS_MAX, struct zone_choice);
    for (size_t i = 0; i < n; i++) {
        if (!date_is_none(rows[i].valid_to) || choice_of(v, rows[i].code))
            continue;
        struct area one;
        bool found;
        TRY(area_find_in(tx, a, rows[i].kind, 0, rows[i].code, &one, &found));
        v->choice[v->n_choice++] = (struct zone_choice){.code = rows[i].code,
                                                        .name = found ? one.name : rows[i].code,
                                                        .kind = rows[i].kind,
                                                        .vintage = rows[i].vintage,
                                                        .chosen = true};
    }
    return NULL;
}

static err wards_loaded(struct db_tx *tx, struct arena *a, struct area_ref **ret, size_t *ret_n,
                        int64_t *ret_year)
{
    static const box everywhere = {-180, -90, 180, 90};
    struct layer *layer;
    size_t n;
    *ret_n = 0;
    TRY(layer_list(tx, a, &layer, &n));
    for (size_t i = 0; i < n && *ret_n == 0; i++)
        if (str_eq(layer[i].kind, STR("ward"))) {
            *ret_year = layer[i].vintage;
            TRY(area_in_box(tx, a, layer[i].kind, layer[i].vintage, everywhere, ret, ret_n));
        }
    return NULL;
}

static err add_wards(struct db_tx *tx, struct arena *a, struct zone_view *v)
{
    struct area_ref *ward = NULL;
    size_t n, room = v->n_choice < ZONE_WARDS_MAX ? ZONE_WARDS_MAX - v->n_choice : 0;
    TRY(wards_loaded(tx, a, &ward, &n, &v->ward_year));
    v->no_wards = n == 0;
    for (size_t i = 0; i < n; i++) {
        if (choice_of(v, ward[i].code))
            continue;
        if (!matches(a, &ward[i], v->q) || room == 0) {
            v->n_hidden++;
            continue;
        }
        room--;
        v->choice[v->n_choice++] = (struct zone_choice){.code = ward[i].code,
                                                        .name = ward[i].name,
                                                        .kind = ward[i].kind,
                                                        .vintage = ward[i].vintage};
    }
    if (v->n_choice)
        qsort(v->choice, v->n_choice, sizeof *v->choice, by_choice);
    return NULL;
}

static int by_deprivation(const void *x, const void *y)
{
    const struct zone_choice *a = x, *b = y;
    if (a->first_fifth != b->first_fifth)
        return a->first_fifth > b->first_fifth ? -1 : 1;
    if (a->small != b->small)
        return a->small < b->small ? -1 : 1;
    return str_cmp(a->name, b->name);
}

// Only wards on the page are suggested: the others have no name here and no box to tick.
static err suggest(struct db_tx *tx, struct arena *a, struct zone_view *v)
{
    struct q_deprivation_newest newest;
    struct q_ward_deprived *row;
    bool found;
    size_t n;
    TRY(q_deprivation_newest_one(tx, a, &newest, &found));
    const struct deprivation_edition *e =
        found && newest.edition.has ? edition_of_year(newest.edition.v) : NULL;
    if (!e || v->no_wards)
        return NULL;
    TRY(q_ward_deprived_all(tx, a, &(struct q_ward_deprived_in){e->year, e->lsoa_vintage}, &row,
                            &n));
    v->suggested = arena_new_array(a, n, struct zone_choice);
    for (size_t i = 0; i < n; i++) {
        struct zone_choice *c = choice_of(v, row[i].ward);
        if (!c || row[i].first_fifth == 0)
            continue;
        c->small = row[i].small;
        c->first_fifth = row[i].first_fifth;
        v->suggested[v->n_suggested++] = *c;
    }
    if (v->n_suggested)
        qsort(v->suggested, v->n_suggested, sizeof *v->suggested, by_deprivation);
    if (v->n_suggested > SUGGESTED_MAX)
        v->n_suggested = SUGGESTED_MAX;
    v->edition = e->year;
    return NULL;
}

// ---- the page ---------------------------------------------------------------------------------

static const struct form *form_of(struct arena *a, const struct form_value *v, size_t n)
{
    struct form *f = arena_new(a, struct form);
    f->value = arena_new_array(a, n, struct form_value);
    memcpy(f->value, v, n * sizeof *v);
    f->n = n;
    return f;
}

static const struct form *facts_of(struct arena *a, const struct zone *z)
{
    str starts = date_is_none(z->starts) ? STR("") : date_iso(a, z->starts);
    return form_of(a,
                   (struct form_value[]){{STR("name"), z->name, STR_NONE},
                                         {STR("challenge"), z->challenge, STR_NONE},
                                         {STR("vision"), z->vision, STR_NONE},
                                         {STR("starts"), starts, STR_NONE}},
                   4);
}

static date later(date a, date b)
{
    return a.days > b.days ? a : b;
}

enum which_form { FORM_NONE, FORM_FACTS, FORM_AREAS };

static void tick(struct zone_view *v, const struct form *f)
{
    str code;
    for (size_t i = 0; i < v->n_choice; i++)
        v->choice[i].chosen = false;
    for (size_t k = 0; form_nth(f, "area", k, &code); k++) {
        struct zone_choice *c = choice_of(v, code);
        if (c)
            c->chosen = true;
    }
}

static err zone_show(struct req *r, enum which_form sent)
{
    struct db_tx *tx;
    struct zone_view v = {
        .zone = {.name = STR(""), .challenge = STR(""), .vision = STR(""), .starts = DATE_NONE},
        .q = r->method == GET ? req_field(r, "q") : STR("")};
    const struct form *none = arena_new(r->a, struct form);
    TRY(req_tx(r, &tx));
    TRY(zone_now(tx, r->a, &v.zone, &v.found));
    TRY(add_chosen(tx, r->a, &v));
    TRY(add_wards(tx, r->a, &v));
    TRY(suggest(tx, r->a, &v));
    date from = later(v.changed, date_of_ms(r->now_ms));
    v.facts = sent == FORM_FACTS ? &r->form : v.found ? facts_of(r->a, &v.zone) : none;
    v.areas = sent == FORM_AREAS
                  ? &r->form
                  : form_of(r->a,
                            (struct form_value[]){{STR("from"), date_iso(r->a, from), STR_NONE},
                                                  {STR("q"), v.q, STR_NONE}},
                            2);
    v.wrong = sent == FORM_NONE ? none : &r->form;
    if (sent == FORM_AREAS)
        tick(&v, &r->form);
    zone_page(req_page(r, sent == FORM_NONE ? 200 : 422), &v);
    return NULL;
}

static err zone_get(struct req *r)
{
    return zone_show(r, FORM_NONE);
}

// ---- changing it ------------------------------------------------------------------------------

static bool same_zone(const struct zone *a, const struct zone *b)
{
    return str_eq(a->name, b->name) && str_eq(a->challenge, b->challenge) &&
           str_eq(a->vision, b->vision) && a->starts.days == b->starts.days;
}

// The flag that marks the demonstration town is not the coordinator's to change.
static err zone_write(struct db_tx *tx, struct req *r)
{
    struct zone *z = r->ctx, now;
    bool found;
    TRY(zone_now(tx, tx->a, &now, &found));
    req_redirect(r, STR("/team/zone"));
    if (found && same_zone(&now, z)) {
        req_flash(r, STR("Nothing was different, so nothing was changed."));
        return NULL;
    }
    z->demonstration = found && now.demonstration;
    TRY(zone_set(tx, z, r->now_ms));
    req_flash(r, STR("Saved. What it said before is kept in the history; you can put it back."));
    return audit_add(tx, r->now_ms, r->actor, STR("zone changed"), STR("zone"), STR(""));
}

static err zone_post(struct req *r)
{
    if (r->form.n_problems)
        return zone_show(r, FORM_FACTS);
    struct zone *z = arena_new(r->a, struct zone);
    *z = (struct zone){.name = req_field(r, "name"),
                       .challenge = req_field(r, "challenge"),
                       .vision = req_field(r, "vision"),
                       .starts = form_date(&r->form, "starts")};
    r->ctx = z;
    return req_write(r, zone_write);
}

static err put_back_post(struct req *r)
{
    struct db_tx *tx;
    struct zone *v;
    size_t n;
    TRY(req_tx(r, &tx));
    TRY(zone_history(tx, r->a, &v, &n));
    for (size_t i = 0; i < n; i++)
        if (v[i].id.v == form_i64(&r->form, "version", 0)) {
            r->ctx = &v[i];
            return req_write(r, zone_write);
        }
    return err_new(r->a, ERR_NOT_FOUND, "The history has no such version.");
}

struct new_areas {
    str *code;
    size_t n;
    date from;
};

static err areas_write(struct db_tx *tx, struct req *r)
{
    struct new_areas *x = r->ctx;
    TRY(zone_set_areas(tx, x->code, x->n, x->from, r->now_ms));
    req_redirect(r, STR("/team/zone"));
    req_flash(r, str_fmt(r->a, "From %" PRIstr " the zone is made of %zu area%s.",
                         ARGstr(date_words(r->a, x->from)), x->n, x->n == 1 ? "" : "s"));
    return audit_add(tx, r->now_ms, r->actor, STR("zone areas set"), STR("zone"), STR(""));
}

// A day before the last change would rewrite what was; the history stays as it is.
static err refuse_past(struct req *r, date from)
{
    struct db_tx *tx;
    struct q_zone_area_all *rows;
    size_t n;
    date changed;
    TRY(req_tx(r, &tx));
    TRY(area_rows(tx, r->a, &rows, &n, &changed));
    if (!date_is_none(from) && from.days < changed.days)
        form_refuse(&r->form, "from",
                    str_fmt(r->a,
                            "Choose %" PRIstr " or a later day: the areas changed on that day",
                            ARGstr(date_words(r->a, changed))));
    return NULL;
}

static err areas_post(struct req *r)
{
    struct new_areas *x = arena_new(r->a, struct new_areas);
    x->code = arena_new_array(r->a, r->form.n + 1, str);
    x->from = form_date(&r->form, "from");
    while (form_nth(&r->form, "area", x->n, &x->code[x->n]))
        x->n++;
    if (x->n == 0)
        form_refuse(&r->form, "area", STR("Choose at least one area"));
    TRY(refuse_past(r, x->from));
    if (r->form.n_problems)
        return zone_show(r, FORM_AREAS);
    r->ctx = x;
    return req_write(r, areas_write);
}

static err areas_put_back_post(struct req *r)
{
    struct db_tx *tx;
    struct new_areas *x = arena_new(r->a, struct new_areas);
    struct zone_area *v;
    struct q_zone_area_all *rows;
    size_t n_rows;
    date changed;
    TRY(req_tx(r, &tx));
    TRY(zone_areas(tx, r->a, form_date(&r->form, "day"), &v, &x->n));
    if (x->n == 0)
        return err_new(r->a, ERR_NOT_FOUND, "The zone had no areas on that day.");
    TRY(area_rows(tx, r->a, &rows, &n_rows, &changed));
    x->from = later(changed, date_of_ms(r->now_ms));
    x->code = arena_new_array(r->a, x->n, str);
    for (size_t i = 0; i < x->n; i++)
        x->code[i] = v[i].code;
    r->ctx = x;
    return req_write(r, areas_write);
}

// ---- what it was before -----------------------------------------------------------------------

static bool lasted(const struct q_zone_area_all *x)
{
    return date_is_none(x->valid_to) || x->valid_to.days > x->valid_from.days;
}

static int by_day(const void *x, const void *y)
{
    const struct zone_day *a = x, *b = y;
    return a->day.days > b->day.days ? -1 : a->day.days < b->day.days;
}

// The days on which the areas changed and left some: each can be put back.
static void days_of(struct arena *a, const struct q_zone_area_all *rows, size_t n,
                    struct zone_history_view *v)
{
    v->day = arena_new_array(a, 2 * n, struct zone_day);
    for (size_t i = 0; i < 2 * n; i++) {
        date d = i < n ? rows[i].valid_from : rows[i - n].valid_to;
        bool known = date_is_none(d), any = false;
        for (size_t k = 0; k < v->n_day; k++)
            known = known || v->day[k].day.days == d.days;
        for (size_t k = 0; k < n; k++)
            any = any || (rows[k].valid_from.days <= d.days &&
                          (date_is_none(rows[k].valid_to) || rows[k].valid_to.days > d.days));
        if (!known && any)
            v->day[v->n_day++].day = d;
    }
    if (v->n_day)
        qsort(v->day, v->n_day, sizeof *v->day, by_day);
    if (v->n_day)
        v->day[0].now = true;
}

static err history_get(struct req *r)
{
    struct db_tx *tx;
    struct zone_history_view v = {0};
    struct q_zone_area_all *rows;
    size_t n;
    date changed;
    TRY(req_tx(r, &tx));
    TRY(zone_history(tx, r->a, &v.zone, &v.n_zone));
    TRY(area_rows(tx, r->a, &rows, &n, &changed));
    v.area = arena_new_array(r->a, n, struct zone_past_area);
    for (size_t i = 0; i < n; i++) {
        struct area one;
        bool found;
        if (!lasted(&rows[i]))
            continue;
        TRY(area_find_in(tx, r->a, rows[i].kind, 0, rows[i].code, &one, &found));
        v.area[v.n_area++] = (struct zone_past_area){
            {rows[i].kind, rows[i].code, rows[i].vintage, rows[i].valid_from, rows[i].valid_to},
            found ? one.name : rows[i].code};
    }
    days_of(r->a, rows, n, &v);
    zone_history_page(req_page(r, 200), &v);
    return NULL;
}

const struct route zone_routes[] = {
    {GET, "/team/zone", MAY_COORDINATOR, zone_get, find_field, "See the zone's settings", 0, 0,
     NULL},
    {POST, "/team/zone", MAY_COORDINATOR, zone_post, zone_fields,
     "Change the zone's name, question, vision or start", 0, 0, NULL},
    {POST, "/team/zone/put-back", MAY_COORDINATOR, put_back_post, version_field,
     "Put back what the zone's settings were", 0, 0, NULL},
    {POST, "/team/zone/areas", MAY_COORDINATOR, areas_post, area_fields,
     "Say which areas make the zone", 0, 0, NULL},
    {POST, "/team/zone/areas/put-back", MAY_COORDINATOR, areas_put_back_post, day_field,
     "Put back the areas the zone had", 0, 0, NULL},
    {GET, "/team/zone/history", MAY_COORDINATOR, history_get, NULL, "See what the zone was before",
     0, 0, NULL},
    {0},
};
