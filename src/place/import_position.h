// SPDX-License-Identifier: AGPL-3.0-or-later
// Positions as tables give them: latitude and longitude in two columns, or easting and northing on
// the British National Grid. For imports that read such columns (postcodes, crimes).
//
//   - Latitude and longitude the wrong way round are a problem at their row and column.
//   - Grid numbers where degrees should stand are converted (within about 5 m) and counted in a
//     notice: the northing in the column of latitudes, the easting in that of longitudes.
//   - Easting and northing the wrong way round are a problem where the place would lie outside the
//     United Kingdom. Most such pairs make a place either way; so where areas are loaded, a file
//     without any position within 100 km of them is told in a notice, with the guess that the two
//     columns are exchanged when that would bring it near.
//   - 0 and 0, or a latitude of 99.999999, is how the ONS's files write "no position".
#ifndef PLACE_IMPORT_POSITION_H
#define PLACE_IMPORT_POSITION_H

#include "base/base.h"
#include "calc/geo/point.h"
#include "place/import.h"

enum position_read { POSITION_NONE, POSITION_WRONG, POSITION_READ };

struct positions {
    struct import_job *job;
    const struct table *t;
    int lat, lon, east, north; // columns, -1 where there is none; degrees go before metres
    bool irish;                // this row's metres count in the Irish Grid: not converted

    int64_t n_irish, n_converted, n, n_near;
    box near; // 100 km around all areas that are loaded; empty when there are none
    struct {
        int64_t row;
        point at, exchanged; // degrees; exchanged: 0, 0 when it makes no place
    } first;
};

// Once the columns are known. The dry run looks where the areas are.
MUST_USE err positions_begin(struct positions *p);
// The position of the row last read, in degrees. POSITION_WRONG: a problem is noted.
enum position_read position_read(struct positions *p, point *ret);
// After the last row: the notices.
void positions_tell(const struct positions *p);

#endif
