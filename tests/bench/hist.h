// SPDX-License-Identifier: AGPL-3.0-or-later
// How long things took, many of them, in little memory: counts in logarithmic buckets, after the
// idea of Gil Tene's HdrHistogram. A value is kept to within 1/128 of itself (0.8 %); the largest
// one is kept exactly. Values are whole nanoseconds.
#ifndef BENCH_HIST_H
#define BENCH_HIST_H

#include "base/base.h"

enum { HIST_STEPS = 128, HIST_BUCKETS = 58 * HIST_STEPS };

struct hist {
    uint64_t count[HIST_BUCKETS];
    uint64_t n;   // values added
    uint64_t max; // the largest of them
};

// All zero; a zeroed struct hist is ready as well.
void hist_init(struct hist *h);
void hist_add(struct hist *h, uint64_t ns);
// The value that a share `q` (0 … 1) of all values does not pass: the nearest rank, given as the
// upper edge of its bucket and never above the maximum. 0 when nothing was added.
uint64_t hist_quantile(const struct hist *h, double q);

#endif
