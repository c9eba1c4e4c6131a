// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "place/area_write.h"
#include "place/area_sql.h"
#include "place/shape.h"

enum { SHAPE_MAX_BYTES = 64 << 20 };

err layer_make(struct db_tx *tx, str kind, int64_t vintage, layer_id *ret)
{
    struct q_layer_find have;
    struct q_layer_insert made = {0};
    bool found;
    TRY(q_layer_find_one(tx, tx->a, &(struct q_layer_find_in){kind, vintage}, &have, &found));
    if (!found)
        TRY(q_layer_insert_one(tx, tx->a, &(struct q_layer_insert_in){kind, vintage}, &made,
                               &found));
    else
        made.id = have.id;
    *ret = made.id;
    return NULL;
}

err area_link_add(struct db_tx *tx, import_id import, const struct area_link *l)
{
    return q_area_link_insert(
        tx, &(struct q_area_link_insert_in){l->from_kind, l->from_vintage, l->from_code, l->to_kind,
                                            l->to_vintage, l->to_code, l->relation, import});
}

static err area_make(struct db_tx *tx, layer_id layer, str code, area_id *ret)
{
    struct q_area_id_find have;
    struct q_area_insert made = {0};
    bool found;
    TRY(q_area_id_find_one(tx, tx->a, &(struct q_area_id_find_in){layer, code}, &have, &found));
    if (!found)
        TRY(q_area_insert_one(tx, tx->a, &(struct q_area_insert_in){layer, code}, &made, &found));
    else
        made.id = have.id;
    *ret = made.id;
    return NULL;
}

err area_add(struct db_tx *tx, struct arena *scratch, layer_id layer, import_id import,
             const struct area_new *n)
{
    area_id id;
    struct buf bytes;
    TRY(area_make(tx, layer, n->code, &id));
    buf_init(&bytes, scratch, SHAPE_MAX_BYTES);
    shape_encode(&bytes, n->shape);
    if (bytes.full)
        return err_new(tx->a, ERR_INVALID, "The border of %" PRIstr " is too large to store.",
                       ARGstr(n->code));
    point label = geo_label_point(n->shape);
    box b = geo_box(n->shape);
    // On the scale of its own latitude: one for a whole country would be a third out at its ends.
    double m2 = geo_area_m2(n->shape, (b.y0 + b.y1) / 2);
    TRY(q_area_edition_insert(tx, &(struct q_area_edition_insert_in){
                                      id, import, n->name, n->parent_code, label.x, label.y, m2,
                                      b.x0, b.y0, b.x1, b.y1, buf_text(&bytes)}));
    if (str_is_none(n->parent_code))
        return NULL;
    return area_link_add(tx, import,
                         &(struct area_link){.from_kind = n->kind,
                                             .from_vintage = n->vintage,
                                             .from_code = n->code,
                                             .to_kind = n->parent_kind,
                                             .to_vintage = n->vintage,
                                             .to_code = n->parent_code,
                                             .relation = STR("parent")});
}

err area_alias_add(struct db_tx *tx, import_id import, str kind, str code, int64_t vintage,
                   str name, str parent)
{
    return q_area_alias_insert(
        tx, &(struct q_area_alias_insert_in){kind, code, vintage, name, parent, import});
}

err area_undo(struct db_tx *tx, import_id import)
{
    TRY(q_area_edition_delete(tx, &(struct q_area_edition_delete_in){import}));
    TRY(q_area_link_delete(tx, &(struct q_area_link_delete_in){import}));
    TRY(q_area_alias_delete(tx, &(struct q_area_alias_delete_in){import}));
    TRY(q_area_delete_empty(tx));
    return q_layer_delete_empty(tx);
}
