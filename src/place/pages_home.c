// SPDX-License-Identifier: AGPL-3.0-or-later
// The home page of the zone.
#include "base/base.h"
#include "place/home_tmpl.h"
#include "place/pages.h"
#include "place/pages_web.h"

enum { HOME_MAP_WIDTH = 520 };

static err count_layers(struct db_tx *tx, struct arena *a, struct home_page *v)
{
    struct layer *layer;
    size_t n;
    TRY(layer_list(tx, a, &layer, &n));
    for (size_t i = 0; i < n; i++) {
        v->areas_loaded += layer[i].areas;
        if (str_eq(layer[i].kind, STR("lsoa")))
            v->small_areas_loaded += layer[i].areas;
    }
    return NULL;
}

static const struct small_area *small_find(const struct profile *p, str code)
{
    for (size_t i = 0; i < p->n_small; i++)
        if (str_eq(p->small[i].code, code))
            return &p->small[i];
    return NULL;
}

static void add_people(struct home_ward *w, const struct small_area *s)
{
    bool counts = s && (s->people.status == COUNT_PUBLISHED || s->people.status == COUNT_SUMMED);
    if (counts)
        w->people.n += s->people.n;
    else
        w->people.status = COUNT_AT_LEAST;
}

// The zone's areas, each with how many small areas and people it has.
static err read_wards(struct db_tx *tx, struct arena *a, date today, struct home_page *v)
{
    const struct profile *p = v->p;
    struct area_ref *small;
    size_t n;
    TRY(zone_small_areas(tx, a, today, 0, &small, &n));
    v->ward = arena_new_array(a, p->n_children, struct home_ward);
    v->n_wards = p->n_children;
    for (size_t i = 0; i < p->n_children; i++) {
        struct home_ward *w = &v->ward[i];
        *w = (struct home_ward){.code = p->child[i].code, .name = p->child[i].name};
        w->people.status = COUNT_SUMMED;
        for (size_t k = 0; k < n; k++)
            if (str_eq(small[k].of_code, w->code)) {
                w->small_areas++;
                add_people(w, small_find(p, small[k].code));
            }
    }
    return NULL;
}

static err read_zone(struct req *r, struct db_tx *tx, struct home_page *v)
{
    struct profile *p = arena_new(r->a, struct profile);
    bool found;
    date today = date_of_ms(r->now_ms);
    struct memo_at memo = {r->site->memo, r->generation};
    TRY(profile_read_with(tx, r->a, STR("zone"), today, memo, p, &found));
    if (!found)
        return NULL;
    v->p = p;
    heat_make(r->a, p, heat_choose(p, STR("imd"), STR(""), STR(""), STR("area")), &v->heat);
    TRY(pages_name_wards(tx, r->a, p, today, &v->heat));
    TRY(read_wards(tx, r->a, today, v));
    struct map_wanted want = {.heat = &v->heat,
                              .edge = p->child,
                              .n_edges = p->n_children,
                              .name_edges = true,
                              .around = true,
                              .widen = 0.05,
                              .width = HOME_MAP_WIDTH,
                              .memo = memo};
    r->page.a = r->a;
    TRY(map_read(tx, &r->page, &want, &v->map));
    for (size_t i = 0; i < v->map.n_places; i++)
        v->map.place[i].number = 0; // there is no table here to tie them to
    return NULL;
}

err home_get(struct req *r)
{
    struct home_page *v = arena_new(r->a, struct home_page);
    struct db_tx *tx;
    TRY(req_public(r, &tx));
    TRY(zone_now(tx, r->a, &v->zone, &v->has_zone));
    TRY(count_layers(tx, r->a, v));
    if (v->has_zone)
        TRY(read_zone(r, tx, v));
    home_html(req_page(r, 200), v);
    return NULL;
}
