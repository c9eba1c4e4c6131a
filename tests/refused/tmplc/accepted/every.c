// SPDX-License-Identifier: AGPL-3.0-or-later
// Prints the page of every.tmpl, for tests/tools.sh to compare with every.html.
#include "base/base.h"
#include "every.h"

#include <stdio.h>

int main(void)
{
    struct arena a;
    arena_init(&a);
    struct buf out;
    buf_init(&out, &a, 1 << 20);
    struct page pg = {.out = &out, .a = &a, .token = STR("t\"k")};
    date day;
    bool good = date_make(2026, 11, 23, &day);
    page_every(&pg, (area_id){12000}, day);
    good = good && fwrite(out.p, 1, out.n, stdout) == out.n;
    arena_fini(&a);
    return good ? 0 : 1;
}
