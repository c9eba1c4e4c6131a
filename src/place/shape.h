// SPDX-License-Identifier: AGPL-3.0-or-later
// An area's shape on its way into and out of the store, and out to others.
//
// Stored bytes: version 1 · decimals to serve (0, 5, 6 or 7) · number of parts · per part number of
// rings · per ring number of points · per point the step east and north from the point before, in
// 10⁻⁷ degrees (the first from 0, 0) · four bytes of checksum. Numbers are LEB128 varints, steps
// zigzag; so a small area of forty points is about 200 bytes. A corner keeps seven decimals, about
// a centimetre. Any single damaged byte is found.
#ifndef PLACE_SHAPE_H
#define PLACE_SHAPE_H

#include "base/base.h"
#include "base/err.h"
#include "base/json.h"
#include "calc/geo/polygon.h"

// Appends the bytes. Coordinates must be degrees and every ring have three points (geo_store_form
// in calc/geo/valid.h makes such shapes).
void shape_encode(struct buf *out, const struct geo_shape *s);

// Reads them back into the arena. ERR_INVALID for anything shape_encode would not have written:
// wrong version, damage, a cut end, bytes left over, a corner off the globe.
MUST_USE err shape_decode(struct arena *a, str bytes, struct geo_shape *ret);

// Writes the geometry as an RFC 7946 object: Polygon, or MultiPolygon for several parts, or null
// for no points; longitude first, outer rings counter-clockwise, rings closed, no crs. `decimals`
// (5 to 7; 5 is what we serve) is raised where the shape needs more to stay valid (s->decimals),
// and where fewer would lose a part or a hole.
void shape_geojson(struct json *j, const struct geo_shape *s, int decimals);

#endif
