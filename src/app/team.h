// SPDX-License-Identifier: AGPL-3.0-or-later
// The team's first page: what somebody's role may do, and, for the coordinator, what a new zone
// still needs. For team.tmpl and team.c only.
#ifndef APP_TEAM_H
#define APP_TEAM_H

#include "base/base.h"
#include "base/actor.h"

enum { TEAM_STEPS = 6 };

struct team_step {
    const char *title, *why, *path, *unit;
    int64_t count;
    bool done;
};

struct team_view {
    const struct actor *actor;
    const char *duty;
    const char *const *may; // sentences; ends with NULL
    struct team_step step[TEAM_STEPS];
    size_t n_step, n_done;
};

#endif
