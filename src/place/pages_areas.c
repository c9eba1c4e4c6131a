// SPDX-License-Identifier: AGPL-3.0-or-later
// The list of areas: the zone's, what a search finds, and every layer page by page.
#include "base/base.h"
#include "base/utf8.h"
#include "place/areas_tmpl.h"
#include "place/pages.h"
#include "place/pages_sql.h"
#include "place/pages_web.h"
#include "place/postcode.h"

// PATTERN_MAX: the store takes no longer pattern (src/store/sqlite.c).
enum { HITS_MOST = 50, LINES_MOST = 100, PATTERN_MAX = 50 };

const struct field areas_fields[] = {
    {"q", "", FIELD_TEXT, false, 80, 0, NULL, false},
    {"kind", "", FIELD_TEXT, false, 20, 0, NULL, false},
    {"vintage", "", FIELD_TEXT, false, 4, 0, NULL, false},
    {"after", "", FIELD_TEXT, false, 20, 0, NULL, false},
    {0},
};

// The text as a LIKE pattern: nothing in it is a wildcard. The end of a long search is left out.
static str as_pattern(struct arena *a, str text, bool anywhere)
{
    for (str rest = str_lower(a, text);; rest = utf8_cut(rest, rest.n - 1)) {
        str s = str_replace(a, rest, STR("!"), STR("!!"));
        s = str_replace(a, s, STR("%"), STR("!%"));
        s = str_replace(a, s, STR("_"), STR("!_"));
        s = str_fmt(a, "%s%" PRIstr "%%", anywhere ? "%" : "", ARGstr(s));
        if (s.n <= PATTERN_MAX)
            return s;
    }
}

static err search(struct db_tx *tx, struct arena *a, struct areas_page *v)
{
    struct q_area_search *row;
    size_t n;
    postcode p;
    v->like_postcode = postcode_parse(v->q, &p);
    if (v->q.n == 0 || v->like_postcode)
        return NULL;
    struct q_area_search_in in = {as_pattern(a, v->q, true), as_pattern(a, v->q, false),
                                  HITS_MOST + 1};
    TRY(q_area_search_all(tx, a, &in, &row, &n));
    v->more_hits = n > HITS_MOST;
    v->n_hits = v->more_hits ? HITS_MOST : n;
    v->hit = arena_new_array(a, v->n_hits, struct area_line);
    for (size_t i = 0; i < v->n_hits; i++)
        v->hit[i] = (struct area_line){row[i].code, row[i].name, row[i].kind, row[i].vintage};
    return NULL;
}

static err list_layer(struct req *r, struct db_tx *tx, struct areas_page *v)
{
    struct q_area_lines *row;
    size_t n;
    str after = req_field(r, "after");
    v->kind = req_field(r, "kind");
    if (v->kind.n == 0 || !str_to_i64(req_field(r, "vintage"), &v->vintage)) {
        v->kind = STR("");
        return NULL;
    }
    struct q_area_lines_in in = {v->kind, v->vintage, after, LINES_MOST + 1};
    TRY(q_area_lines_all(tx, r->a, &in, &row, &n));
    v->later = after.n > 0;
    v->n_lines = n > LINES_MOST ? LINES_MOST : n;
    v->line = arena_new_array(r->a, v->n_lines, struct area_line);
    for (size_t i = 0; i < v->n_lines; i++)
        v->line[i] = (struct area_line){row[i].code, row[i].name, v->kind, v->vintage};
    if (n > LINES_MOST)
        v->next = row[LINES_MOST - 1].code;
    return NULL;
}

static err zone_list(struct req *r, struct db_tx *tx, struct areas_page *v)
{
    struct zone z;
    struct zone_area *area;
    bool found;
    TRY(zone_now(tx, r->a, &z, &found));
    if (!found)
        return NULL;
    v->zone_name = z.name;
    TRY(zone_areas(tx, r->a, date_of_ms(r->now_ms), &area, &v->n_zone));
    v->zone = arena_new_array(r->a, v->n_zone, struct profile_child);
    for (size_t i = 0; i < v->n_zone; i++) {
        struct area x;
        TRY(area_find_in(tx, r->a, area[i].kind, area[i].vintage, area[i].code, &x, &found));
        v->zone[i] = (struct profile_child){area[i].code, found ? x.name : area[i].code,
                                            area[i].kind, area[i].vintage};
    }
    return NULL;
}

err areas_get(struct req *r)
{
    struct areas_page *v = arena_new(r->a, struct areas_page);
    struct db_tx *tx;
    TRY(req_public(r, &tx));
    v->q = req_field(r, "q");
    TRY(search(tx, r->a, v));
    TRY(list_layer(r, tx, v));
    TRY(zone_list(r, tx, v));
    TRY(layer_list(tx, r->a, &v->layer, &v->n_layers));
    areas_html(req_page(r, 200), v);
    return NULL;
}
