// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "base/random.h"

#include <sodium.h>

static void system_fill(void *ctx, void *ret, size_t n)
{
    UNUSED(ctx);
    randombytes_buf(ret, n);
}

const struct random_source random_system = {system_fill, NULL};

str random_token(const struct random_source *r, struct arena *a, size_t n_bytes)
{
    unsigned char raw[64];
    ASSERT(n_bytes <= sizeof raw);
    r->fill(r->ctx, raw, n_bytes);
    size_t cap = sodium_base64_ENCODED_LEN(n_bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *p = arena_alloc(a, cap);
    sodium_bin2base64(p, cap, raw, n_bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(raw, sizeof raw);
    return str_c(p);
}

str hex_of(struct arena *a, const void *p, size_t n)
{
    char *z = arena_alloc(a, n * 2 + 1);
    sodium_bin2hex(z, n * 2 + 1, p, n);
    return (str){z, n * 2};
}

uint64_t seeded_next(struct seeded *s)
{
    uint64_t z = (s->state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

uint64_t seeded_below(struct seeded *s, uint64_t n)
{
    ASSERT(n > 0);
    uint64_t limit = UINT64_MAX - UINT64_MAX % n, v;
    do
        v = seeded_next(s);
    while (v >= limit);
    return v % n;
}

double seeded_unit(struct seeded *s)
{
    return (double)(seeded_next(s) >> 11) * 0x1.0p-53;
}
