// SPDX-License-Identifier: AGPL-3.0-or-later
// A Cookie header from strangers; and the form token, which comes from there too.
#include "base/base.h"
#include "web/csrf.h"
#include "web/form.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    str h = {(const char *)data, size};
    static const unsigned char key[32] = {7};
    arena_init(&a);
    str v = cookie_find(h, STR("session"));
    ASSERT(str_is_none(v) || (v.p >= h.p && v.p + v.n <= h.p + h.n));
    ASSERT(str_is_none(v) || str_find_byte(v, ';') == v.n);
    ASSERT(!csrf_token_ok(key, STR("visitor"), h)); // nobody guesses one
    arena_fini(&a);
    return 0;
}
