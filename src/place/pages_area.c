// SPDX-License-Identifier: AGPL-3.0-or-later
// The page of an area, presenting and print: all three read the same things.
#include "base/base.h"
#include "place/area_tmpl.h"
#include "place/pages.h"
#include "place/pages_web.h"
#include "place/present_tmpl.h"
#include "place/print_tmpl.h"

enum { MAP_WIDTH = 480, ZONE_MAP_WIDTH = 520 };

const struct field area_fields[] = {
    {"domain", "", FIELD_TEXT, false, 40, 0, NULL, false},
    {"edition", "", FIELD_TEXT, false, 4, 0, NULL, false},
    {"within", "", FIELD_TEXT, false, 4, 0, NULL, false},
    {"sort", "", FIELD_TEXT, false, 40, 0, NULL, false},
    {"found", "", FIELD_TEXT, false, 10, 0, NULL, false},
    {"ward", "", FIELD_TEXT, false, 20, 0, NULL, false},
    {0},
};

// Does the zone hold this small area today?
static err in_zone(struct db_tx *tx, struct arena *a, date today, str code, bool *ret)
{
    struct area_ref *v;
    size_t n;
    TRY(zone_small_areas(tx, a, today, 0, &v, &n));
    for (size_t i = 0; i < n; i++)
        *ret = *ret || str_eq(v[i].code, code);
    return NULL;
}

// What a search by postcode brought along: never the postcode itself.
static err read_found(struct req *r, struct db_tx *tx, str code, struct area_page *v)
{
    v->found = req_field(r, "found");
    if (v->found.n == 0)
        return NULL;
    str ward = req_field(r, "ward");
    if (ward.n)
        TRY(area_find(tx, r->a, ward, &v->found_ward, &v->has_found_ward));
    return in_zone(tx, r->a, date_of_ms(r->now_ms), code, &v->found_in_zone);
}

static err read_map(struct db_tx *tx, const struct page *pg, const struct area *self,
                    struct memo_at memo, struct area_page *v)
{
    const struct profile_area *a = &v->p->area;
    struct profile_child own = {a->code, a->name, a->kind, a->vintage};
    bool outline = str_eq(a->kind, STR("ward"));
    struct map_wanted want = {.heat = &v->heat,
                              .alone = a->is_zone ? NULL : self,
                              .edge = a->is_zone ? v->p->child : &own,
                              .n_edges = a->is_zone ? v->p->n_children : outline,
                              .around = true,
                              .widen = v->heat.n <= 1 ? 0.6 : 0.03,
                              .width = a->is_zone ? ZONE_MAP_WIDTH : MAP_WIDTH,
                              .memo = memo};
    return map_read(tx, pg, &want, &v->map);
}

err area_page_read(struct req *r, str code, struct area_page *ret, bool *ret_found)
{
    struct db_tx *tx;
    bool zone;
    struct profile *p = arena_new(r->a, struct profile);
    *ret = (struct area_page){.p = p};
    TRY(req_public(r, &tx));
    struct memo_at memo = {r->site->memo, r->generation};
    TRY(profile_read_with(tx, r->a, code, date_of_ms(r->now_ms), memo, p, ret_found));
    if (!*ret_found)
        return NULL;
    TRY(zone_now(tx, r->a, &ret->zone, &zone));
    heat_make(r->a, p,
              heat_choose(p, req_field(r, "domain"), req_field(r, "edition"),
                          req_field(r, "within"), req_field(r, "sort")),
              &ret->heat);
    TRY(pages_name_wards(tx, r->a, p, date_of_ms(r->now_ms), &ret->heat));
    ret->one = str_eq(p->area.kind, STR("lsoa"));
    ret->domain = ret->heat.choice.show == HEAT_COINCIDE ? DOMAIN_IMD : ret->heat.choice.show;
    TRY(read_found(r, tx, code, ret));
    r->page.a = r->a;
    return read_map(tx, &r->page, p->self, memo, ret);
}

// A code in small letters leads to the page of the code.
static err not_there(struct req *r, str code)
{
    struct db_tx *tx;
    struct area same;
    bool found;
    str upper = str_upper(r->a, code);
    if (str_eq(code, STR("zone")))
        return err_new(r->a, ERR_NOT_FOUND, "The zone has not been set up yet.");
    TRY(req_public(r, &tx));
    TRY(area_find(tx, r->a, upper, &same, &found));
    if (!found)
        return err_new(r->a, ERR_NOT_FOUND, "We have no area with the code %" PRIstr ".",
                       ARGstr(code));
    req_redirect(r, url_path(r->a, "/areas/{}", upper).s);
    return NULL;
}

// Reads the page's things, then has them shown.
static err show(struct req *r, void (*html_of)(struct req *r, const struct area_page *v))
{
    struct area_page *v = arena_new(r->a, struct area_page);
    bool found;
    TRY(area_page_read(r, r->param[0], v, &found));
    if (!found)
        return not_there(r, r->param[0]);
    html_of(r, v);
    return NULL;
}

static void as_page(struct req *r, const struct area_page *v)
{
    area_html(req_page(r, 200), v);
}

static void as_steps(struct req *r, const struct area_page *v)
{
    present_html(req_page(r, 200), v);
}

static void as_sheet(struct req *r, const struct area_page *v)
{
    r->no_store = true; // the sheet says the day, so it is not kept for the next one
    str origin = req_origin(r);
    size_t host = str_find(origin, STR("://"), 0) + 3;
    print_html(req_page(r, 200), v, str_slice(origin, host, origin.n), date_of_ms(r->now_ms));
}

err area_get(struct req *r)
{
    return show(r, as_page);
}

err area_present_get(struct req *r)
{
    return show(r, as_steps);
}

err area_print_get(struct req *r)
{
    return show(r, as_sheet);
}
