// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include <stdio.h>

void log_line(const char *s)
{
    fprintf(stderr, "%s\n", s);
}
