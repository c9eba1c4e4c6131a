// SPDX-License-Identifier: AGPL-3.0-or-later
// Areas on the map and between vintages: shapes, surroundings, "which area is here?", changes.
#include "base/base.h"
#include "calc/geo/locate.h"
#include "place/area.h"
#include "place/area_sql.h"
#include "place/shape.h"

// ---- between two vintages ---------------------------------------------------------------------

static err changes_after(struct db_tx *tx, struct arena *a, str kind, str code, int64_t from,
                         int64_t to, struct area_change **ret, size_t *ret_n)
{
    struct q_area_changes_after *r;
    TRY(q_area_changes_after_all(tx, a, &(struct q_area_changes_after_in){kind, code, from, to}, &r,
                                 ret_n));
    *ret = arena_new_array(a, *ret_n, struct area_change);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret)[i] = (struct area_change){r[i].relation.n ? r[i].relation.p[0] : 'X', r[i].code, to};
    return NULL;
}

static err changes_before(struct db_tx *tx, struct arena *a, str kind, str code, int64_t from,
                          int64_t to, struct area_change **ret, size_t *ret_n)
{
    struct q_area_changes_before *r;
    TRY(q_area_changes_before_all(tx, a, &(struct q_area_changes_before_in){kind, code, to, from},
                                  &r, ret_n));
    *ret = arena_new_array(a, *ret_n, struct area_change);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret)[i] = (struct area_change){r[i].relation.n ? r[i].relation.p[0] : 'X', r[i].code, to};
    return NULL;
}

err area_changes(struct db_tx *tx, struct arena *a, str kind, str code, int64_t from, int64_t to,
                 struct area_change **ret, size_t *ret_n)
{
    return (from < to ? changes_after : changes_before)(tx, a, kind, code, from, to, ret, ret_n);
}

// ---- shapes -----------------------------------------------------------------------------------

err area_shape(struct db_tx *tx, struct arena *a, area_id id, struct geo_shape *ret)
{
    struct q_area_shape_of r;
    bool found;
    *ret = (struct geo_shape){0};
    TRY(q_area_shape_of_one(tx, a, &(struct q_area_shape_of_in){id}, &r, &found));
    return found ? shape_decode(a, r.shape, ret) : NULL;
}

err area_shapes(struct db_tx *tx, struct arena *a, const struct area_ref *v, size_t n,
                struct geo_shape **ret)
{
    *ret = arena_new_array(a, n, struct geo_shape);
    for (size_t i = 0; i < n; i++)
        if (v[i].drawn)
            TRY(area_shape(tx, a, v[i].id, &(*ret)[i]));
    return NULL;
}

// Those of all vintages, the newest first.
static err touching(struct db_tx *tx, struct arena *a, str kind, box b,
                    struct q_area_touching **ret, size_t *ret_n)
{
    return q_area_touching_all(tx, a, &(struct q_area_touching_in){kind, b.x0, b.y0, b.x1, b.y1},
                               ret, ret_n);
}

err area_in_box(struct db_tx *tx, struct arena *a, str kind, int64_t vintage, box b,
                struct area_ref **ret, size_t *ret_n)
{
    struct q_area_touching *r;
    size_t n, k = 0;
    TRY(touching(tx, a, kind, b, &r, &n));
    *ret = arena_new_array(a, n, struct area_ref);
    if (vintage == 0 && n > 0)
        vintage = r[0].vintage;
    for (size_t i = 0; i < n; i++)
        if (r[i].vintage == vintage)
            (*ret)[k++] = (struct area_ref){.id = r[i].id,
                                            .code = r[i].code,
                                            .name = r[i].name,
                                            .kind = str_copy(a, kind),
                                            .vintage = vintage,
                                            .drawn = true,
                                            .label = {r[i].lon, r[i].lat}};
    *ret_n = k;
    return NULL;
}

// ---- which area is here? ----------------------------------------------------------------------

// Among n candidates of one vintage, by code; the index of the one that has the place, or -1.
static err which_has(struct db_tx *tx, struct arena *a, const struct q_area_touching *v, size_t n,
                     point where, int64_t *ret)
{
    struct geo_shape *shape = arena_new_array(a, n, struct geo_shape);
    for (size_t i = 0; i < n; i++)
        TRY(area_shape(tx, a, v[i].id, &shape[i]));
    *ret = geo_index_find(geo_index_new(a, shape, n), where);
    return NULL;
}

err area_at(struct db_tx *tx, struct arena *a, str kind, int64_t vintage, point where,
            struct area *ret, bool *ret_found)
{
    struct q_area_touching *r;
    size_t n;
    *ret = (struct area){0};
    *ret_found = false;
    if (!(where.x >= -180 && where.x <= 180 && where.y >= -90 && where.y <= 90))
        return NULL;
    TRY(touching(tx, a, kind, box_with(BOX_EMPTY, where), &r, &n));
    for (size_t i = 0, end; i < n; i = end) {
        int64_t at = -1;
        for (end = i; end < n && r[end].vintage == r[i].vintage;)
            end++;
        if (vintage == 0 || r[i].vintage == vintage)
            TRY(which_has(tx, a, r + i, end - i, where, &at));
        if (at >= 0)
            return area_find_in(tx, a, kind, r[i].vintage, r[i + (size_t)at].code, ret, ret_found);
    }
    return NULL;
}

err layer_list(struct db_tx *tx, struct arena *a, struct layer **ret, size_t *ret_n)
{
    struct q_layer_all *r;
    TRY(q_layer_all_all(tx, a, &r, ret_n));
    *ret = arena_new_array(a, *ret_n, struct layer);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret)[i] = (struct layer){r[i].id, r[i].kind, r[i].vintage, r[i].areas};
    return NULL;
}
