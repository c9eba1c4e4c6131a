// SPDX-License-Identifier: AGPL-3.0-or-later
// A multipart body from strangers, under a boundary we know.
#include "base/base.h"
#include "web/form.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct form f;
    str body = {(const char *)data, size};
    arena_init(&a);
    if (form_parse_multipart(&a, body, STR("multipart/form-data; boundary=b"), &f) == NULL)
        for (size_t i = 0; i < f.n; i++) { // every value lies inside the body
            ASSERT(f.value[i].value.p >= body.p &&
                   f.value[i].value.p + f.value[i].value.n <= body.p + body.n);
            ASSERT(!str_is_none(f.value[i].name));
        }
    arena_fini(&a);
    return 0;
}
