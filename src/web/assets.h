// SPDX-License-Identifier: AGPL-3.0-or-later
// Styles, scripts and fonts, compiled into the program and served from /assets/HASH/NAME. HASH
// changes with any of them, so browsers may keep them for ever.
#ifndef WEB_ASSETS_H
#define WEB_ASSETS_H

#include "base/base.h"
#include "base/str.h"

struct asset {
    str name, plain, gzip; // gzip is none where it would not be smaller
    const char *type;
};

// Called once at the start; the arena lives as long as the program.
void assets_load(struct arena *a);
// By name, whatever the hash in the path says; NULL when there is none.
const struct asset *asset_find(str name);
str assets_hash(void);

// gzip at `level` into the arena; none when it would not be smaller.
str gzip_text(struct arena *a, str plain, int level);

#endif
