// SPDX-License-Identifier: AGPL-3.0-or-later
// The desk where files that were handed in through the browser are loaded, one after the other, by
// the writer; and what the page that waits for one is told. It is kept in memory: after a restart
// nothing is under way, nothing is half done, and the upload still waits to be confirmed.
#ifndef PLACE_IMPORT_DESK_H
#define PLACE_IMPORT_DESK_H

#include "base/base.h"
#include "place/import.h"
#include "place/upload.h"

struct import_desk;

struct import_desk *import_desk_open(void);
// Waits until what is being loaded is loaded. NULL is fine.
void import_desk_close(struct import_desk *d);

enum desk_state {
    DESK_NONE,    // this upload is not on the desk
    DESK_LOADING, // done of total bytes
    DESK_LOADED,  // as import `id`
    DESK_REFUSED, // nothing was loaded; `sentence` says why
};

struct desk_view {
    enum desk_state state;
    int64_t done, total;
    import_id id;
    bool unchanged; // the same file had been loaded before, as import `id`
    int64_t rows;
    str sentence;
};

// Checks the upload's file again and hands it to the writer, which also takes the upload off the
// list and writes the audit trail, all in one transaction. Returns while the loading goes on.
// ERR_INVALID when the file has errors, ERR_CONFLICT when it is on the desk already.
MUST_USE err import_desk_load(struct req *r, const struct upload *u);
// How it stands with an upload. What is over stays on the desk for a while.
void import_desk_look(struct import_desk *d, struct arena *a, upload_id id, struct desk_view *ret);

#endif
