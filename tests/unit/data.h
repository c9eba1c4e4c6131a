// SPDX-License-Identifier: AGPL-3.0-or-later
// For tests over real data. DOORSTEP_DATA names the folder that holds oxford/ and its neighbours;
// the data itself is no part of the project. Without it such a test says so and counts as skipped.
#ifndef TESTS_DATA_H
#define TESTS_DATA_H

#include "base/base.h"
#include "base/file.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

// cmocka's own compares floats only.
#define assert_near(a, b, eps) assert_true(fabs((a) - (b)) <= (eps))

// The whole file DOORSTEP_DATA/<name>, mapped into the arena; or skips the test named `test`
// (ending the arena first).
static inline str data_or_skip(struct arena *a, const char *test, const char *name)
{
    const char *root = getenv("DOORSTEP_DATA");
    str text = STR_NONE;
    if (root && *root) {
        const char *path = str_z(a, str_fmt(a, "%s/%s", root, name));
        if (file_map(a, path, (size_t)1 << 30, &text) == NULL)
            return text;
    }
    printf("skipped: %s (no DOORSTEP_DATA)\n", test);
    arena_fini(a);
    skip();
    return text;
}

#endif
