// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "web/csrf.h"

#include <sodium.h>

enum { TAG = 32 };

static void tag_of(const unsigned char key[32], str visitor, unsigned char ret[TAG])
{
    static const unsigned char purpose[] = "form";
    crypto_generichash_state st;
    crypto_generichash_init(&st, key, 32, TAG);
    crypto_generichash_update(&st, purpose, sizeof purpose);
    crypto_generichash_update(&st, (const unsigned char *)(visitor.p ? visitor.p : ""), visitor.n);
    crypto_generichash_final(&st, ret, TAG);
}

str csrf_token(struct arena *a, const struct random_source *r, const unsigned char key[32],
               str visitor)
{
    unsigned char raw[2 * TAG], tag[TAG];
    tag_of(key, visitor, tag);
    r->fill(r->ctx, raw, TAG);
    for (int i = 0; i < TAG; i++)
        raw[TAG + i] = raw[i] ^ tag[i];
    size_t cap = sodium_base64_ENCODED_LEN(sizeof raw, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *p = arena_alloc(a, cap);
    sodium_bin2base64(p, cap, raw, sizeof raw, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return str_c(p);
}

bool csrf_token_ok(const unsigned char key[32], str visitor, str token)
{
    unsigned char raw[2 * TAG], tag[TAG];
    size_t n = 0;
    if (visitor.n == 0 || token.n == 0 ||
        sodium_base642bin(raw, sizeof raw, token.p, token.n, NULL, &n, NULL,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
        n != sizeof raw)
        return false;
    tag_of(key, visitor, tag);
    for (int i = 0; i < TAG; i++)
        raw[i] ^= raw[TAG + i];
    return sodium_memcmp(raw, tag, TAG) == 0;
}

bool csrf_headers_ok(str sec_fetch_site, str origin_header, str origin)
{
    if (sec_fetch_site.n)
        return str_eq(sec_fetch_site, STR("same-origin")) || str_eq(sec_fetch_site, STR("none"));
    if (origin_header.n)
        return str_eq(origin_header, origin);
    return true; // an old browser or a command-line client: the token decides
}
