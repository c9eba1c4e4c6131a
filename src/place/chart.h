// SPDX-License-Identifier: AGPL-3.0-or-later
// The geometry of the charts: how long a bar is, where a column stands, which rung of a ladder is
// taken. Whole numbers only, so that a drawing is the same on every machine; no HTML here (the
// charts themselves stand in charts.tmpl, each beside its table).
#ifndef PLACE_CHART_H
#define PLACE_CHART_H

#include "base/base.h"

// The length of a bar for `value` when `most` is drawn `full` units long. Anything above nothing is
// seen: at least 1. Nothing, a negative value or most <= 0 gives 0; more than most is cut at full.
int chart_bar(double value, double most, int full);

// The lines behind a column chart: step, 2 × step … lines × step, of which the last is not below
// `most`. Steps are 1, 2 or 5 times a power of ten; there are 2 to 5 lines (1 when most < 2).
struct chart_axis {
    int64_t step;
    int lines;
};
struct chart_axis chart_axis_for(int64_t most);

// A column chart: an axis at the left, then n columns of equal width. Across in tenths of a percent
// of the drawing's width, so that it stretches and its words do not; down in whole units.
enum { CHART_TOP = 15, CHART_GROUND = 180, CHART_LEFT = 75, CHART_WHOLE = 1000 };

struct chart_column {
    int x, width, middle; // tenths of a percent
    int y, height;        // units; y + height is the ground
};
// Column i (from 0) of n > 0.
struct chart_column chart_column_at(struct chart_axis axis, size_t n, size_t i, int64_t value);
// How far down the line of a value is.
int chart_level(struct chart_axis axis, int64_t value);
// Is there room for the name of column i among n? For all up to 7; beyond, for about five on a
// phone (every third, sixth, twelfth …) and for those between them where it is wide.
enum chart_name { CHART_NAMED, CHART_NAMED_IF_WIDE, CHART_NAMELESS };
enum chart_name chart_name_at(size_t n, size_t i);
// Does the name of column i, a month YYYYMM, need its year? The first does, and the first named one
// of every year.
bool chart_name_has_year(size_t n, size_t i, int64_t month);

// The ladder of "what changed": five rungs of 10 units, 11 apart, the most deprived on top. The
// upper edge of a rung for bands 1 to 5, in units; its middle is 5½ below.
int chart_rung(int band);

#endif
