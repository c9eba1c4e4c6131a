// SPDX-License-Identifier: AGPL-3.0-or-later
// A command under measurement: started on one core, watched, ended by its process id.
#ifndef BENCH_CHILD_H
#define BENCH_CHILD_H

#include "base/base.h"
#include "base/err.h"

#include <sys/types.h>

// Starts argv[0] (looked up in PATH) with its output sent to our standard error, on `core` alone,
// or wherever the system likes when core is -1. It gets SIGKILL when we die. Fails when the
// command cannot be run.
MUST_USE err child_start(struct arena *a, char *const *argv, int core, pid_t *ret_pid);

// Memory of a process and all its descendants, in KiB, from /proc/PID/smaps_rollup.
struct child_memory {
    int64_t rss;
    int64_t dirty; // private and written to: what cannot simply be dropped, as pages of a file can
};
// Adds the present sizes to *m; a process that has gone counts nothing.
void child_memory_add(struct arena *scratch, pid_t pid, struct child_memory *m);

#endif
