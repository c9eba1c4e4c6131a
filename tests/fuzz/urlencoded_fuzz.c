// SPDX-License-Identifier: AGPL-3.0-or-later
// A form body or query string from strangers, then the check against declared fields.
#include "base/base.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "web/form.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct field fields[] = {
    {"name", "a name", FIELD_TEXT, true, 40, 0, NULL, false},
    {"n", "a number", FIELD_NUMBER, false, 0, 0, NULL, false},
    {"day", "a day", FIELD_DATE, false, 0, 0, NULL, false},
    {"kind", "a kind", FIELD_CHOICE, false, 0, 0, "a|b", true},
    {0},
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct form f;
    arena_init(&a);
    if (form_parse_urlencoded(&a, (str){(const char *)data, size}, &f) == NULL) {
        for (size_t i = 0; i < f.n; i++) { // what is written again reads the same
            struct buf b;
            str back;
            ASSERT(utf8_ok(f.value[i].value));
            buf_init(&b, &a, 1 << 20);
            buf_url(&b, f.value[i].value);
            ASSERT(url_decode(&a, buf_text(&b), true, &back) && str_eq(back, f.value[i].value));
        }
        form_check(&a, &f, fields);
        int64_t n;
        ASSERT(f.n_problems || str_to_i64(form_get(&f, "n"), &n) || form_get(&f, "n").n == 0);
        ASSERT(f.n_problems || form_get(&f, "name").n <= 40);
    }
    arena_fini(&a);
    return 0;
}
