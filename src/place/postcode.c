// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "place/postcode.h"

// The real shapes without their space; 'A' stands for a letter and '9' for a digit.
static const char *const shapes[] = {"A99AA", "A999AA", "AA99AA", "AA999AA", "A9A9AA", "AA9A9AA"};

static char shape_of(char c)
{
    return c >= 'A' && c <= 'Z' ? 'A' : c >= '0' && c <= '9' ? '9' : c;
}

static bool fits(const postcode *p, const char *shape)
{
    if (strlen(shape) != p->n)
        return false;
    for (size_t i = 0; i < p->n; i++) {
        if (shape_of(p->key[i]) != shape[i])
            return false;
    }
    return true;
}

static bool has_real_shape(const postcode *p)
{
    for (size_t i = 0; i < countof(shapes); i++) {
        if (fits(p, shapes[i]))
            return true;
    }
    return str_eq(postcode_key(p), STR("GIR0AA")); // Girobank, the one exception
}

// How many bytes of white space stand here: ASCII, and U+00A0 in UTF-8.
static size_t space_at(str s, size_t i)
{
    char c = s.p[i];
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n')
        return 1;
    return c == '\xc2' && i + 1 < s.n && s.p[i + 1] == '\xa0' ? 2 : 0;
}

bool postcode_parse(str text, postcode *ret)
{
    postcode p = {.n = 0};
    for (size_t i = 0; i < text.n;) {
        size_t skip = space_at(text, i);
        if (skip == 0) {
            if (p.n == POSTCODE_MAX)
                return false;
            char c = text.p[i];
            p.key[p.n++] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
            skip = 1;
        }
        i += skip;
    }
    if (!has_real_shape(&p))
        return false;
    *ret = p;
    return true;
}

str postcode_key(const postcode *p)
{
    return (str){p->key, p->n};
}

str postcode_shown(struct arena *a, const postcode *p)
{
    str key = postcode_key(p);
    return str_fmt(a, "%" PRIstr " %" PRIstr, ARGstr(str_slice(key, 0, key.n - 3)),
                   ARGstr(str_slice(key, key.n - 3, key.n)));
}
