// SPDX-License-Identifier: AGPL-3.0-or-later
// A command that writes, while the server runs: the server is the one writing process, so the
// command line hands the command to it through a socket beside the database (FILE.sock). The server
// runs it in a thread, on its own database, with the caller's own streams.
#ifndef APP_FORWARD_H
#define APP_FORWARD_H

#include "base/base.h"
#include "base/err.h"
#include "store/db.h"

struct forward;

// The server's end: listens until forward_stop. Only the same user (or root) is served.
MUST_USE err forward_start(struct arena *a, struct db *db, const char *where, struct forward **ret);
void forward_stop(struct forward *f); // NULL is fine

// The caller's end. *ret_done is false when no server listens; else *ret_status is the exit status.
MUST_USE err forward_command(struct arena *a, const char *where, int argc, char **argv,
                             bool *ret_done, int *ret_status);

#endif
