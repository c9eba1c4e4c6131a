// SPDX-License-Identifier: AGPL-3.0-or-later
// Places: the zone, its areas of every kind and vintage, and the public figures about them. The
// only header other slices include.
//
// Words: a *layer* is a kind of area in one vintage (LSOAs of 2021); an *area* is one place of a
// layer, known by its code; *best fit* is the ONS's choice of a ward for an LSOA; the *zone* is a
// named, dated set of areas that the coordinator edits. Everything here is public.
#ifndef PLACE_PLACE_H
#define PLACE_PLACE_H

#include "base/base.h"
#include "base/date.h"
#include "store/command.h"
#include "store/db.h"
#include "web/req.h"

struct zone {
    zone_id id;
    str name, challenge, vision;
    date starts; // DATE_NONE when not known
    bool demonstration;
    int64_t from_ms;
};

struct zone_area {
    str kind, code;
    int64_t vintage;
    date from, to; // `to` is DATE_NONE while it belongs
};

// The zone as it is now; *ret_found is false before set-up.
MUST_USE err zone_now(struct db_tx *tx, struct arena *a, struct zone *ret, bool *ret_found);
// All it has been, newest first.
MUST_USE err zone_history(struct db_tx *tx, struct arena *a, struct zone **ret, size_t *ret_n);
// Changes the zone: the present row ends at now_ms and a new one begins.
MUST_USE err zone_set(struct db_tx *tx, const struct zone *z, int64_t now_ms);
// The areas that make the zone on a day, by code.
MUST_USE err zone_areas(struct db_tx *tx, struct arena *a, date on, struct zone_area **ret,
                        size_t *ret_n);
// From `from` on the zone is made of these codes: what is missing ends, what is new begins.
// ERR_NOT_FOUND names a code that no layer has; ERR_CONFLICT when the zone was changed after
// `from`.
MUST_USE err zone_set_areas(struct db_tx *tx, const str *code, size_t n, date from, int64_t now_ms);

extern const struct route place_routes[];
extern const struct route download_routes[];    // downloads.c
extern const struct route import_routes[];      // import_web.c
extern const struct route zone_routes[];        // zone_web.c
extern const struct command place_commands[];   // init, zone …
extern const struct command import_commands[];  // import …
extern const struct command profile_commands[]; // profile_json.c
// The hook of web/req.h.
err place_zone_card(struct db_tx *tx, struct arena *a, struct zone_card *ret);

#endif
