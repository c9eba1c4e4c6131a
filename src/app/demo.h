// SPDX-License-Identifier: AGPL-3.0-or-later
// `doorstep demo`: the demonstration town, made of what each slice brings to it.
#ifndef APP_DEMO_H
#define APP_DEMO_H

#include "base/base.h"
#include "store/command.h"

extern const struct command demo_commands[];

// The partnership of the demonstration town. Inside a write.
MUST_USE err demo_partners(struct db_tx *tx);

#endif
