// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "place/place.h"
#include "place/shape.h"
#include "calc/geo.h"

// strcpy(a, b) and printf("x") in a comment, and /* system(1) */ too
static const char *const words[] = {"strcpy(a, b)", "DELETE", "Select one", "it's \"SELECT 1\""};
static const char quote = '"', other = '\'';

int place_snprintf(int my_system)
{
    return my_system;
}
