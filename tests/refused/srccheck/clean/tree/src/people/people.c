// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "place/place.h"
