// SPDX-License-Identifier: AGPL-3.0-or-later
// A file whose bytes were compiled into the program (tools/embed.c). A table of these ends with an
// entry whose name is NULL.
#ifndef BASE_EMBEDDED_H
#define BASE_EMBEDDED_H

#include "base/base.h"

struct embedded {
    const char *name;
    const char *bytes;
    size_t n;
};

#endif
