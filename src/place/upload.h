// SPDX-License-Identifier: AGPL-3.0-or-later
// A file the coordinator handed in through the browser, between "here is a file" and "load it": its
// bytes lie in the state folder under a random name, the rest in the table `upload`. It is gone
// once it is loaded or thrown away; what nobody came back for goes after UPLOAD_DAYS.
//
// Only coordinators have uploads; every function here refuses others (ERR_DENIED).
#ifndef PLACE_UPLOAD_H
#define PLACE_UPLOAD_H

#include "base/base.h"
#include "base/actor.h"
#include "place/import.h"
#include "web/req.h"

enum { UPLOAD_DAYS = 7, UPLOAD_MAX = 256 << 20 };

struct upload {
    upload_id id;
    str file_name; // as it was on the person's computer, without folders
    str stored;    // its random name in the state folder
    str by;        // who handed it in
    int64_t at_ms;
    struct import_opts opts; // what has been chosen so far; family "": as it is recognised
};

// Where the bytes of an upload lie.
const char *upload_path(struct arena *a, const struct site *site, str stored);
// Writes the bytes into the state folder under a new random name.
MUST_USE err upload_keep(struct req *r, str bytes, str *ret_stored);
// Deletes the bytes; that they are gone already is fine.
void upload_forget(struct arena *a, const struct site *site, str stored);

// Inside a write.
MUST_USE err upload_add(struct db_tx *tx, const struct actor *who, str file_name, str stored,
                        int64_t now_ms, upload_id *ret);
MUST_USE err upload_choose(struct db_tx *tx, const struct actor *who, upload_id id,
                           const struct import_opts *opts);
MUST_USE err upload_drop(struct db_tx *tx, const struct actor *who, upload_id id);

MUST_USE err upload_find(struct db_tx *tx, const struct actor *who, struct arena *a, upload_id id,
                         struct upload *ret, bool *ret_found);
// Newest first.
MUST_USE err upload_list(struct db_tx *tx, const struct actor *who, struct arena *a,
                         struct upload **ret, size_t *ret_n);

#endif
