// SPDX-License-Identifier: AGPL-3.0-or-later
// The British National Grid (metres east and north, as postcode and boundary files print them) and
// WGS84 (longitude and latitude in degrees, as maps and telephones use them).
//
// Source: Ordnance Survey, "A guide to coordinate systems in Great Britain", annexes B and C:
// transverse Mercator on the Airy 1830 ellipsoid, then the seven-parameter Helmert transformation.
// No grid file is needed. The price is accuracy: within about 5 metres anywhere in Great Britain
// (3 metres in every file we tried), so fine for saying which street, not for surveying.
#ifndef CALC_GEO_BNG_H
#define CALC_GEO_BNG_H

#include "base/base.h"
#include "calc/geo/point.h"

// Grid metres (x east, y north) to degrees (x longitude, y latitude). Not checked for being in the
// grid: see bng_in_grid. Height above the ellipsoid is taken as nought.
point bng_to_wgs84(point metres);

// The exact way back: the same three by three system solved backwards rather than with its signs
// turned round, so that there and back again moves a point by less than a millimetre.
point bng_from_wgs84(point degrees);

// The first half alone: grid metres to longitude and latitude on Airy 1830 (OSGB36), for whoever
// wants to compare with the published worked example.
point bng_to_airy(point metres);

// Could this pair be degrees at all? A coordinate beyond ±1000 is surely metres.
bool bng_looks_like_metres(point p);
// Within the grid: 0 to 700 km east, 0 to 1300 km north.
bool bng_in_grid(point metres);
// Within the box that holds the United Kingdom: latitude 49 to 61, longitude -9 to 2.5.
bool wgs84_in_uk(point degrees);
// Outside the box as it stands, inside once longitude and latitude change places.
bool wgs84_looks_swapped(point degrees);

#endif
