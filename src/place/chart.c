// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "place/chart.h"

int chart_bar(double value, double most, int full)
{
    if (!(value > 0) || !(most > 0))
        return 0;
    if (value >= most)
        return full;
    int length = (int)(value / most * full + 0.5);
    return length < 1 ? 1 : length;
}

struct chart_axis chart_axis_for(int64_t most)
{
    static const int64_t first[] = {1, 2, 5};
    if (most < 2)
        return (struct chart_axis){1, 1};
    for (int64_t power = 1; power <= INT64_MAX / 100; power *= 10)
        for (size_t i = 0; i < countof(first); i++) {
            int64_t step = first[i] * power, lines = (most + step - 1) / step;
            if (lines <= 5)
                return (struct chart_axis){step, (int)lines};
        }
    return (struct chart_axis){INT64_MAX, 1};
}

int chart_level(struct chart_axis axis, int64_t value)
{
    double share = (double)value / ((double)axis.step * axis.lines);
    return CHART_GROUND - (int)(share * (CHART_GROUND - CHART_TOP) + 0.5);
}

struct chart_column chart_column_at(struct chart_axis axis, size_t n, size_t i, int64_t value)
{
    int64_t room = CHART_WHOLE - CHART_LEFT;
    int from = CHART_LEFT + (int)(room * (int64_t)i / (int64_t)n);
    int to = CHART_LEFT + (int)(room * (int64_t)(i + 1) / (int64_t)n);
    int gap = (to - from) / 6;
    int top = chart_level(axis, value);
    if (value > 0 && top == CHART_GROUND)
        top--;
    return (struct chart_column){.x = from + gap,
                                 .width = to - from - 2 * gap,
                                 .middle = (from + to) / 2,
                                 .y = top,
                                 .height = CHART_GROUND - top};
}

// At most five names, so that they stand side by side on a phone.
static size_t named_every(size_t n)
{
    return n <= 7 ? 1 : n <= 14 ? 3 : n <= 24 ? 6 : 12 * ((n + 59) / 60);
}

enum chart_name chart_name_at(size_t n, size_t i)
{
    size_t every = named_every(n);
    if (i % every == 0)
        return CHART_NAMED;
    return n <= 14 || i % (every / 2) == 0 ? CHART_NAMED_IF_WIDE : CHART_NAMELESS;
}

bool chart_name_has_year(size_t n, size_t i, int64_t month)
{
    return chart_name_at(n, i) == CHART_NAMED && (i == 0 || month % 100 <= (int64_t)named_every(n));
}

int chart_rung(int band)
{
    return 1 + 11 * (band - 1);
}
