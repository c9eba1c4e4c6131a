// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"

static const char begin[] = "PRAGMA query_only = 1";
