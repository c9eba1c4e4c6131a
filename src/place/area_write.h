// SPDX-License-Identifier: AGPL-3.0-or-later
// Writing areas, links and names: for imports and the demonstration town. Every row carries the
// import it came with, and area_undo() takes all of an import's rows back.
#ifndef PLACE_AREA_WRITE_H
#define PLACE_AREA_WRITE_H

#include "base/base.h"
#include "base/err.h"
#include "base/ids.h"
#include "calc/geo/polygon.h"
#include "store/db.h"

// The layer of that kind and vintage, made when there is none.
MUST_USE err layer_make(struct db_tx *tx, str kind, int64_t vintage, layer_id *ret);

// The words that relate two areas: U S M X (change), best_fit, parent, class.
struct area_link {
    str from_kind, from_code, to_kind, to_code, relation;
    int64_t from_vintage, to_vintage;
};
MUST_USE err area_link_add(struct db_tx *tx, import_id import, const struct area_link *l);

struct area_new {
    str code, name;                // name "" when there is none
    str kind;                      // of the layer: for the link to the parent
    int64_t vintage;               // of the layer
    str parent_kind, parent_code;  // none when there is none
    const struct geo_shape *shape; // 7 decimals, valid (geo_store_form)
};
// Adds an edition of the area to its layer (and the area itself when it is new there), with label
// point, bounds, area in m², and the link to its parent. `scratch` may be reset afterwards.
MUST_USE err area_add(struct db_tx *tx, struct arena *scratch, layer_id layer, import_id import,
                      const struct area_new *n);

// A name of a code in a year. parent may be none.
MUST_USE err area_alias_add(struct db_tx *tx, import_id import, str kind, str code, int64_t vintage,
                            str name, str parent);

// Takes back everything above that an import wrote, and the areas and layers nobody else has.
MUST_USE err area_undo(struct db_tx *tx, import_id import);

#endif
