// SPDX-License-Identifier: AGPL-3.0-or-later
// Rounding a shape's coordinates. Rounding is what breaks shapes: at four decimals of a degree a
// city's small areas begin to cross themselves, at five (about a metre) hardly any does. So areas
// are stored with seven decimals, served with five or the fewest that keep them valid, never four.
#ifndef CALC_GEO_ROUND_H
#define CALC_GEO_ROUND_H

#include "base/base.h"
#include "calc/geo/polygon.h"

// Rounds to `decimals` (0 … 9) places, drops points that fall on their predecessor, spikes that run
// out and straight back, and rings that no longer enclose anything. Coordinates must be
// below 10⁹. The result shares nothing with s. It may be invalid: judge it with geo_judge
// (calc/geo/valid.h).
struct geo_rounding {
    size_t points_dropped, rings_dropped, parts_dropped;
};
struct geo_shape geo_round(struct arena *a, const struct geo_shape *s, int decimals,
                           struct geo_rounding *ret);

#endif
