// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include <stdio.h>

void people_list(void)
{
    printf("nobody\n");
}
