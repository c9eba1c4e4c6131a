// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "web/assets.h"
#include "base/embedded.h"
#include "web/req.h"

#include <libdeflate.h>

extern const struct embedded embedded_assets[];

enum { ASSETS_MAX = 32 };
// Filled once at the start, before any thread runs, and only read from then on.
static struct asset table[ASSETS_MAX];
static size_t n_assets;
static str hash;

static const char *type_of(str name)
{
    static const struct {
        const char *ext, *type;
    } types[] = {
        {".css", "text/css; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".svg", "image/svg+xml"},
        {".woff2", "font/woff2"},
        {".webmanifest", "application/manifest+json"},
        {".png", "image/png"},
    };
    for (size_t i = 0; i < countof(types); i++)
        if (str_ends(name, str_c(types[i].ext)))
            return types[i].type;
    return "application/octet-stream";
}

str gzip_text(struct arena *a, str plain, int level)
{
    struct libdeflate_compressor *c = libdeflate_alloc_compressor(level);
    ASSERT(c != NULL);
    size_t cap = libdeflate_gzip_compress_bound(c, plain.n);
    char *out = arena_alloc(a, cap);
    size_t n = libdeflate_gzip_compress(c, plain.p, plain.n, out, cap);
    libdeflate_free_compressor(c);
    return n && n < plain.n ? (str){out, n} : STR_NONE;
}

void assets_load(struct arena *a)
{
    n_assets = 0;
    for (const struct embedded *e = embedded_assets; e->name; e++) {
        str name = str_c(e->name), bytes = {e->bytes, e->n};
        if (str_eq(name, STR("build-hash.txt"))) {
            hash = str_trim(bytes);
            continue;
        }
        ASSERT(n_assets < ASSETS_MAX);
        bool packed = str_ends(name, STR(".woff2")) || str_ends(name, STR(".png"));
        table[n_assets++] = (struct asset){.name = name,
                                           .plain = bytes,
                                           .gzip = packed ? STR_NONE : gzip_text(a, bytes, 6),
                                           .type = type_of(name)};
    }
    ASSERT(hash.n > 0);
}

const struct asset *asset_find(str name)
{
    for (size_t i = 0; i < n_assets; i++)
        if (str_eq(table[i].name, name))
            return &table[i];
    return NULL;
}

str assets_hash(void)
{
    return hash;
}

url asset_url(struct page *pg, const char *name)
{
    ASSERT(asset_find(str_c(name)) != NULL);
    return url_path(pg->a, "/assets/{}/{}", hash, str_c(name));
}
