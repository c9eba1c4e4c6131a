// SPDX-License-Identifier: AGPL-3.0-or-later
// What the coordinator's page shows.
#ifndef FIELD_FIELD_PAGES_H
#define FIELD_FIELD_PAGES_H

#include "base/base.h"
#include "field/field.h"

struct field_view {
    const struct field_held *held;
    const struct field_device *device;
    size_t n_held, n_device;
    int64_t now_ms;
};

// Why a record is held, in a sentence: the words of the log, or what its slice said.
const char *field_why_words(struct arena *a, str why);

#endif
