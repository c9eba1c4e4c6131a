// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "hist.h"

#include <math.h>

enum { STEP_BITS = 7 };

// Below 128 every value has its own bucket; above, each power of two is cut into 128 equal steps.
static size_t bucket_of(uint64_t v)
{
    if (v < HIST_STEPS)
        return (size_t)v;
    int shift = 63 - __builtin_clzll(v) - STEP_BITS;
    return (size_t)(shift + 1) * HIST_STEPS + (size_t)((v >> shift) & (HIST_STEPS - 1));
}

static uint64_t upper_edge(size_t bucket)
{
    if (bucket < HIST_STEPS)
        return bucket;
    unsigned shift = (unsigned)(bucket / HIST_STEPS - 1);
    uint64_t low = (uint64_t)(HIST_STEPS + bucket % HIST_STEPS) << shift;
    return low + ((1ull << shift) - 1);
}

void hist_init(struct hist *h)
{
    *h = (struct hist){0};
}

void hist_add(struct hist *h, uint64_t ns)
{
    h->count[bucket_of(ns)]++;
    h->n++;
    if (ns > h->max)
        h->max = ns;
}

uint64_t hist_quantile(const struct hist *h, double q)
{
    ASSERT(q >= 0 && q <= 1);
    uint64_t rank = (uint64_t)ceil(q * (double)h->n), seen = 0;
    if (rank == 0)
        rank = 1;
    for (size_t i = 0; i < HIST_BUCKETS && h->n; i++) {
        seen += h->count[i];
        if (seen >= rank)
            return upper_edge(i) < h->max ? upper_edge(i) : h->max;
    }
    return h->max;
}
