// SPDX-License-Identifier: AGPL-3.0-or-later
// Public pages, ready rendered, for as long as the data has not changed: the generation number of
// the database is part of what is asked for, so a page made from older data is never found. What
// is kept is bounded in bytes; the oldest go first.
#ifndef WEB_CACHE_H
#define WEB_CACHE_H

#include "base/base.h"
#include "base/str.h"

struct page_cache;

// A cached answer. Counted references: cache_get and cache_put lend it, cache_drop gives it back.
struct cached {
    char *body;
    size_t n;
    const char *type;
    bool gzip;
    str disposition; // of a download; none otherwise
    char etag[64];
};

struct page_cache *cache_open(size_t max_bytes);
void cache_close(struct page_cache *c); // NULL is fine
// NULL when it is not there. The key names path, query, language and encoding.
const struct cached *cache_get(struct page_cache *c, str key, uint64_t generation);
// Keeps a copy; returns it, lent, or NULL when it is too large to keep.
const struct cached *cache_put(struct page_cache *c, str key, uint64_t generation,
                               const struct cached *answer);
void cache_drop(struct page_cache *c, const struct cached *e);

#endif
