// SPDX-License-Identifier: AGPL-3.0-or-later
// Millbrook, the demonstration town: its places, loaded through the same imports real data goes
// through. The same size and seed give the same rows on every machine (docs/demo.md).
//
// Each file is loaded whole or not at all. When making the town was cut short, making it again with
// the same size and seed goes on where it stopped; with another, what is there of the old one is
// taken back.
#ifndef PLACE_DEMO_H
#define PLACE_DEMO_H

#include "base/base.h"
#include "place/place.h"

// The time in the demonstration: 5 January 2026, nine in the morning.
enum { DEMO_NOW_S = 1767603600 };
#define DEMO_NOW_MS ((int64_t)DEMO_NOW_S * 1000)

#define DEMO_SOURCE  "Doorstep demonstration data"
#define DEMO_LICENCE "CC0"

struct demo_opts {
    char size; // 'S', 'M' or 'L'
    uint64_t seed;
    // Told before each file; may be NULL.
    void (*progress)(void *ctx, str file_name, int done, int of);
    void *progress_ctx;
};

struct demo_made {
    int files, unchanged; // loaded, and how many of them had been loaded before
    int64_t rows, crimes;
    int areas, wards;
};

// What a database holds, as far as the demonstration is concerned.
enum demo_state {
    DEMO_ROOM,  // nothing, or a demonstration that was cut short
    DEMO_THERE, // the demonstration
    DEMO_ZONE,  // a real zone
    DEMO_DATA,  // no zone yet, but imports that are not of the demonstration
};
MUST_USE err demo_state(struct db *db, struct arena *a, enum demo_state *ret);

// Loads every file of the town.
MUST_USE err demo_load(struct db *db, struct arena *a, const struct demo_opts *o,
                       struct demo_made *ret);
// Makes the zone of its four wards, and so ends the making. Inside a write, after demo_load.
MUST_USE err demo_zone(struct db_tx *tx);

#endif
