// SPDX-License-Identifier: AGPL-3.0-or-later
// Street-level crime as the police publish it, read back: counts by month and kind for a set of
// small areas, what is not known, and the newest crimes one by one.
//
// What counts, when several imports cover the same ground: in each month an area's rows come from
// the newest import that covers the area, and from that one alone, so nothing is counted twice.
// An import covers an area in a month when it has rows there, or when it is *whole* for that month
// (most files are a force's own; a file cut down to one district is not) -- see crime_load in
// import_crime.c. An area without rows in a month that is covered had none: 0. A month that no
// import covers for an area is not known, which is not 0.
//
// Points are snapped to shared places by the police before they publish; nothing here is an
// address.
#ifndef PLACE_CRIME_STORE_H
#define PLACE_CRIME_STORE_H

#include "base/base.h"
#include "place/place.h"

#endif
