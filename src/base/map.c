// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "base/map.h"

void map_init(struct map *m, struct arena *a)
{
    *m = (struct map){.a = a};
}

static struct map_slot *probe(const struct map *m, str key, uint64_t hash)
{
    for (size_t i = hash & (m->cap - 1);; i = (i + 1) & (m->cap - 1)) {
        struct map_slot *s = &m->slot[i];
        if (str_is_none(s->key) || (s->hash == hash && str_eq(s->key, key)))
            return s;
    }
}

union map_value *map_find(const struct map *m, str key)
{
    if (m->cap == 0)
        return NULL;
    struct map_slot *s = probe(m, key, str_hash(key));
    return str_is_none(s->key) ? NULL : &s->value;
}

static void grow(struct map *m)
{
    struct map_slot *old = m->slot;
    size_t n = m->cap;
    m->cap = n ? n * 2 : 16;
    m->slot = arena_new_array(m->a, m->cap, struct map_slot);
    for (size_t i = 0; i < n; i++)
        if (!str_is_none(old[i].key))
            *probe(m, old[i].key, old[i].hash) = old[i];
}

union map_value *map_at(struct map *m, str key, bool *ret_new)
{
    ASSERT(!str_is_none(key));
    if ((m->n + 1) * 2 > m->cap)
        grow(m);
    uint64_t h = str_hash(key);
    struct map_slot *s = probe(m, key, h);
    bool fresh = str_is_none(s->key);
    if (fresh) {
        s->key = key;
        s->hash = h;
        m->n++;
    }
    if (ret_new)
        *ret_new = fresh;
    return &s->value;
}
