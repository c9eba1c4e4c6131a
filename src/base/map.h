// SPDX-License-Identifier: AGPL-3.0-or-later
// A hash map from text to a whole number or a pointer, in an arena. Keys are not copied: they
// must live as long as the map. Open addressing, never more than half full; no removal.
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include "base/base.h"
#include "base/str.h"

union map_value {
    int64_t i;
    void *p;
};

struct map_slot {
    str key; // none: free
    uint64_t hash;
    union map_value value;
};

struct map {
    struct arena *a;
    struct map_slot *slot;
    size_t cap, n;
};

void map_init(struct map *m, struct arena *a);
// The value under key, or NULL.
union map_value *map_find(const struct map *m, str key);
// The value under key, made (zero) when it was not there; ret_new may be NULL.
union map_value *map_at(struct map *m, str key, bool *ret_new);

#endif
