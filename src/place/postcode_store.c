// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "place/find.h"
#include "place/postcodes_sql.h"

err postcode_find(struct db_tx *tx, struct arena *a, str key, struct postcode_row *ret,
                  bool *ret_found)
{
    struct q_postcode_newest r;
    TRY(q_postcode_newest_one(tx, a, &(struct q_postcode_newest_in){key}, &r, ret_found));
    *ret = (struct postcode_row){
        .key = str_copy(a, key),
        .import = r.import_id,
        .vintage = r.vintage.v,
        .introduced = r.introduced.v,
        .terminated = r.terminated.v,
        .large_user = r.large_user.v == 1,
        .placed = r.lat.has && r.lon.has,
        .by_position = r.quality.v == POSTCODE_BY_POSITION,
        .lat = r.lat.v,
        .lon = r.lon.v,
        .oa = r.oa,
        .lsoa11 = r.lsoa11,
        .lsoa21 = r.lsoa21,
        .ward = r.ward,
        .district = r.district,
    };
    return NULL;
}
