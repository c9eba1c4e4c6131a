// SPDX-License-Identifier: AGPL-3.0-or-later
// The list of slices: the one place that knows them all.
#ifndef APP_SLICES_H
#define APP_SLICES_H

#include "base/base.h"
#include "store/command.h"
#include "store/db.h"
#include "web/req.h"

extern const struct route *const all_routes[];               // ends with NULL
extern const struct command *const all_commands[];           // ends with NULL
extern const struct field_kind *const all_field_kinds[];     // ends with NULL
extern const struct sql_stmt *const *const all_statements[]; // ends with NULL

#endif
