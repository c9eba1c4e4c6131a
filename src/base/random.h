// SPDX-License-Identifier: AGPL-3.0-or-later
// Where chance comes from. Secrets use random_system (the kernel, through libsodium); anything
// that has to come out the same again (the demonstration town, tests) uses a seeded generator.
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include "base/base.h"
#include "base/str.h"

struct random_source {
    void (*fill)(void *ctx, void *ret, size_t n);
    void *ctx;
};
extern const struct random_source random_system;

// n random bytes as base64url text without padding, in the arena.
str random_token(const struct random_source *r, struct arena *a, size_t n_bytes);
// Bytes as lower-case hexadecimal.
str hex_of(struct arena *a, const void *p, size_t n);

// splitmix64 (Steele, Lea, Flood 2014): the same seed gives the same numbers on every machine.
struct seeded {
    uint64_t state;
};
uint64_t seeded_next(struct seeded *s);
// Uniform in 0 … n-1, without the bias of a plain remainder. n > 0.
uint64_t seeded_below(struct seeded *s, uint64_t n);
// Uniform in [0, 1).
double seeded_unit(struct seeded *s);

#endif
