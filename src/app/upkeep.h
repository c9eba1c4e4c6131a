// SPDX-License-Identifier: AGPL-3.0-or-later
// Looking after a zone: backup, restore, doctor, upgrade.
#ifndef APP_UPKEEP_H
#define APP_UPKEEP_H

#include "base/base.h"
#include "store/command.h"

extern const struct command upkeep_commands[];

#endif
