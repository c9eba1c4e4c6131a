// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"

static const char path[] = "/tmp/zone.db";
