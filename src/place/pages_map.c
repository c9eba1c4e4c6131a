// SPDX-License-Identifier: AGPL-3.0-or-later
// From the rows of a heat table to a map: shapes are fetched by code, the surroundings by where the
// map lies.
#include "base/base.h"
#include "place/pages.h"
#include "place/pages_sql.h"
#include "place/sentence.h"
#include "place/shape.h"

enum { AROUND_MOST = 600 };

static err shape_of(struct db_tx *tx, struct arena *a, str kind, int64_t vintage, str code,
                    struct geo_shape **ret, point *ret_label)
{
    struct q_map_shape r;
    bool found;
    *ret = NULL;
    TRY(q_map_shape_one(tx, a, &(struct q_map_shape_in){kind, vintage, code}, &r, &found));
    if (!found)
        return NULL;
    *ret = arena_new(a, struct geo_shape);
    TRY(shape_decode(a, r.shape, *ret));
    *ret_label = r.lon.has && r.lat.has ? (point){r.lon.v, r.lat.v} : geo_label_point(*ret);
    return NULL;
}

// An unchanged area may be drawn in the other census's layer only; then that shape serves.
static err row_shape(struct db_tx *tx, struct arena *a, const struct heat *h,
                     const struct small_area *s, struct map_place *to)
{
    int64_t vintage = h->edition && h->edition->vintage ? h->edition->vintage : s->vintage;
    struct geo_shape *shape;
    TRY(shape_of(tx, a, STR("lsoa"), vintage, s->code, &shape, &to->label));
    if (!shape && vintage != s->vintage)
        TRY(shape_of(tx, a, STR("lsoa"), s->vintage, s->code, &shape, &to->label));
    to->shape = shape;
    to->has_label = shape != NULL;
    return NULL;
}

static err add_rows(struct db_tx *tx, const struct page *pg, const struct heat *h, struct map *m)
{
    m->place = arena_new_array(pg->a, h->n, struct map_place);
    for (size_t i = 0; i < h->n; i++) {
        const struct heat_row *r = &h->row[i];
        struct map_place *to = &m->place[r->number - 1]; // Tab goes round in the order of numbers
        *to = (struct map_place){.code = r->area->code,
                                 .name = r->part_of.n
                                             ? str_fmt(pg->a, "%" PRIstr ", %" PRIstr,
                                                       ARGstr(r->area->name), ARGstr(r->part_of))
                                             : r->area->name,
                                 .says = sentence_of_row(pg, h, r),
                                 .number = h->n > 1 ? r->number : 0,
                                 .band = h->edition ? r->band : MAP_PLAIN};
        TRY(row_shape(tx, pg->a, h, r->area, to));
    }
    m->n_places = h->n;
    return NULL;
}

static err add_alone(struct db_tx *tx, struct arena *a, const struct area *x, struct map *m)
{
    struct geo_shape *shape;
    m->place = arena_new(a, struct map_place);
    *m->place = (struct map_place){.code = x->code, .name = x->name, .band = MAP_PLAIN};
    TRY(shape_of(tx, a, x->kind, x->vintage, x->code, &shape, &m->place->label));
    m->place->shape = shape;
    m->place->has_label = shape != NULL;
    m->n_places = 1;
    return NULL;
}

static err add_edges(struct db_tx *tx, struct arena *a, const struct map_wanted *want,
                     struct map *m)
{
    m->edge = arena_new_array(a, want->n_edges, struct map_edge);
    for (size_t i = 0; i < want->n_edges; i++) {
        const struct profile_child *c = &want->edge[i];
        struct map_edge *to = &m->edge[i];
        struct geo_shape *shape;
        *to = (struct map_edge){.code = c->code, .name = c->name, .has_label = want->name_edges};
        TRY(shape_of(tx, a, c->kind, c->vintage, c->code, &shape, &to->label));
        to->shape = shape;
    }
    m->n_edges = want->n_edges;
    return NULL;
}

static bool among_places(const struct map *m, str code)
{
    for (size_t i = 0; i < m->n_places; i++)
        if (str_eq(m->place[i].code, code))
            return true;
    return false;
}

// The areas that touch a box, without those of the map itself.
struct around {
    const struct map *map;
    str kind;
    int64_t vintage;
    box box;
    struct area_ref *v;
    struct geo_shape *shape;
    size_t n;
};

static err make_around(struct db_tx *tx, struct arena *a, void *ctx, void **ret)
{
    struct around *to = arena_copy(a, ctx, sizeof *to);
    size_t n;
    TRY(area_in_box(tx, a, to->kind, to->vintage, to->box, &to->v, &n));
    for (size_t i = 0; i < n; i++)
        if (!among_places(to->map, to->v[i].code) && to->n < AROUND_MOST)
            to->v[to->n++] = to->v[i];
    to->map = NULL; // gone before this is
    to->kind = STR_NONE;
    *ret = to;
    return area_shapes(tx, a, to->v, to->n, &to->shape);
}

// Where, and without whom.
static str around_key(struct arena *a, const struct around *x)
{
    uint64_t own = 0;
    for (size_t i = 0; i < x->map->n_places; i++)
        own = own * 31 + str_hash(x->map->place[i].code);
    return str_fmt(a, "around %" PRIstr " %lld %llx %.17g %.17g %.17g %.17g", ARGstr(x->kind),
                   (long long)x->vintage, (unsigned long long)own, x->box.x0, x->box.y0, x->box.x1,
                   x->box.y1);
}

static err add_around(struct db_tx *tx, struct arena *a, struct memo_at memo, str kind,
                      int64_t vintage, struct map *m)
{
    struct around want = {
        .map = m,
        .kind = kind,
        .vintage = vintage,
        .box = map_widen(map_bounds(m->place, m->n_places), m->widen + 0.05),
    };
    const void *found;
    TRY(memo_find(memo, tx, a, around_key(a, &want), make_around, &want, &found));
    const struct around *x = found;
    m->around = arena_new_array(a, x->n, struct map_edge);
    for (size_t i = 0; i < x->n; i++)
        m->around[i] =
            (struct map_edge){.code = x->v[i].code, .name = x->v[i].name, .shape = &x->shape[i]};
    m->n_around = x->n;
    return NULL;
}

err map_read(struct db_tx *tx, const struct page *pg, const struct map_wanted *want,
             struct map *ret)
{
    *ret = (struct map){.widen = want->widen};
    const struct heat *h = want->heat;
    if (h && h->n)
        TRY(add_rows(tx, pg, h, ret));
    else if (want->alone)
        TRY(add_alone(tx, pg->a, want->alone, ret));
    if (box_is_empty(map_bounds(ret->place, ret->n_places)))
        return NULL;
    TRY(add_edges(tx, pg->a, want, ret));
    if (want->around && h && h->n)
        TRY(add_around(tx, pg->a, want->memo, STR("lsoa"),
                       h->edition && h->edition->vintage ? h->edition->vintage
                                                         : h->row[0].area->vintage,
                       ret));
    else if (want->around)
        TRY(add_around(tx, pg->a, want->memo, want->alone->kind, want->alone->vintage, ret));
    map_draw(pg->a, ret, want->width);
    return NULL;
}
