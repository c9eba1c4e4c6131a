// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "base/random.h"
#include "base/str.h"
#include "field/seal.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <sodium.h>
#include <string.h>

enum { IV = 12, KEY = 32, OKM = KEY + IV };
#define CURVE "prime256v1"
#define INFO  "doorstep sealed queue v1"

// OpenSSL's objects end with the arena.
static void end_pkey(void *p)
{
    EVP_PKEY_free(p);
}
static void end_pkey_ctx(void *p)
{
    EVP_PKEY_CTX_free(p);
}
static void end_cipher(void *p)
{
    EVP_CIPHER_CTX_free(p);
}

static err broken(struct arena *a)
{
    return err_new(a, ERR_IO, "The encryption library did not do its work.");
}

// A key of the curve from its parts; `private` may be NULL.
static EVP_PKEY *pkey_of(struct arena *a, const unsigned char public[SEAL_PUBLIC],
                         const unsigned char private[SEAL_PRIVATE])
{
    unsigned char little[SEAL_PRIVATE]; // an OSSL_PARAM holds numbers the machine's way
    OSSL_PARAM p[4];
    int n = 0;
    p[n++] = OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, (char[]){CURVE}, 0);
    p[n++] =
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, (void *)public, SEAL_PUBLIC);
    if (private) {
        for (int i = 0; i < SEAL_PRIVATE; i++)
            little[i] = private[SEAL_PRIVATE - 1 - i];
        p[n++] = OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_PRIV_KEY, little, sizeof little);
    }
    p[n] = OSSL_PARAM_construct_end();
    EVP_PKEY_CTX *c = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    EVP_PKEY *k = NULL;
    if (c && EVP_PKEY_fromdata_init(c) == 1)
        EVP_PKEY_fromdata(c, &k, private ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY, p);
    EVP_PKEY_CTX_free(c);
    sodium_memzero(little, sizeof little);
    if (k)
        arena_on_end(a, end_pkey, k);
    return k;
}

err seal_key_public(struct arena *a, const unsigned char private[SEAL_PRIVATE],
                    unsigned char ret[SEAL_PUBLIC])
{
    EC_GROUP *g = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
    EC_POINT *point = g ? EC_POINT_new(g) : NULL;
    BIGNUM *k = BN_bin2bn(private, SEAL_PRIVATE, NULL);
    bool sound = g && k && !BN_is_zero(k) && BN_cmp(k, EC_GROUP_get0_order(g)) < 0;
    bool made = sound && point && EC_POINT_mul(g, point, k, NULL, NULL, NULL) == 1 &&
                EC_POINT_point2oct(g, point, POINT_CONVERSION_UNCOMPRESSED, ret, SEAL_PUBLIC,
                                   NULL) == SEAL_PUBLIC;
    BN_clear_free(k);
    EC_POINT_free(point);
    EC_GROUP_free(g);
    if (made)
        return NULL;
    return sound ? broken(a) : err_new(a, ERR_INVALID, "This is no private key of P-256.");
}

err seal_key_make(struct arena *a, struct seal_key *ret)
{
    // Of 2^256 numbers all but one in 2^32 are good; the next draw replaces a bad one.
    for (int tries = 0; tries < 4; tries++) {
        random_system.fill(random_system.ctx, ret->private, SEAL_PRIVATE);
        err e = seal_key_public(a, ret->private, ret->public);
        if (!e || e->kind != ERR_INVALID)
            return e;
    }
    return broken(a);
}

str seal_bound_to(struct arena *a, str id, str device, int64_t seq)
{
    return str_fmt(a, "%" PRIstr "|%" PRIstr "|%lld", ARGstr(id), ARGstr(device), (long long)seq);
}

// ECDH between a pair of ours and a public key of theirs.
static err shared_secret(struct arena *a, const struct seal_key *ours,
                         const unsigned char theirs[SEAL_PUBLIC], unsigned char ret[SEAL_PRIVATE])
{
    EVP_PKEY *peer = pkey_of(a, theirs, NULL);
    if (!peer)
        return err_new(a, ERR_INVALID, "The sealed record does not begin with a key of a phone.");
    EVP_PKEY *own = pkey_of(a, ours->public, ours->private);
    EVP_PKEY_CTX *c = own ? EVP_PKEY_CTX_new_from_pkey(NULL, own, NULL) : NULL;
    if (!c)
        return broken(a);
    arena_on_end(a, end_pkey_ctx, c);
    size_t n = SEAL_PRIVATE;
    if (EVP_PKEY_derive_init(c) != 1 || EVP_PKEY_derive_set_peer(c, peer) != 1 ||
        EVP_PKEY_derive(c, ret, &n) != 1 || n != SEAL_PRIVATE)
        return err_new(a, ERR_INVALID, "The sealed record does not begin with a key of a phone.");
    return NULL;
}

// Key and iv of one record: `point` is the one it begins with, `server` the key it is sealed to.
static err record_key(struct arena *a, const unsigned char secret[SEAL_PRIVATE],
                      const unsigned char point[SEAL_PUBLIC],
                      const unsigned char server[SEAL_PUBLIC], unsigned char ret[OKM])
{
    unsigned char salt[2 * SEAL_PUBLIC];
    memcpy(salt, point, SEAL_PUBLIC);
    memcpy(salt + SEAL_PUBLIC, server, SEAL_PUBLIC);
    OSSL_PARAM p[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, (char[]){"SHA256"}, 0),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, (void *)secret, SEAL_PRIVATE),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, salt, sizeof salt),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, (char[]){INFO}, strlen(INFO)),
        OSSL_PARAM_construct_end(),
    };
    EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
    EVP_KDF_CTX *c = kdf ? EVP_KDF_CTX_new(kdf) : NULL;
    bool made = c && EVP_KDF_derive(c, ret, OKM, p) == 1;
    EVP_KDF_CTX_free(c);
    EVP_KDF_free(kdf);
    return made ? NULL : broken(a);
}

// AES-256-GCM over the whole text in one go: out has text.n bytes, tag is read or written.
static bool gcm(struct arena *a, bool seals, const unsigned char okm[OKM], str text, str bound_to,
                unsigned char *out, unsigned char tag[SEAL_TAG])
{
    EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
    if (!c)
        return false;
    arena_on_end(a, end_cipher, c);
    int n, rest;
    if (EVP_CipherInit_ex2(c, EVP_aes_256_gcm(), okm, okm + KEY, seals, NULL) != 1 ||
        EVP_CipherUpdate(c, NULL, &n, (const unsigned char *)bound_to.p, (int)bound_to.n) != 1 ||
        EVP_CipherUpdate(c, out, &n, (const unsigned char *)text.p, (int)text.n) != 1)
        return false;
    if (!seals && EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_TAG, SEAL_TAG, tag) != 1)
        return false;
    if (EVP_CipherFinal_ex(c, out + n, &rest) != 1)
        return false;
    return !seals || EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG, SEAL_TAG, tag) == 1;
}

err seal_open(struct arena *a, const struct seal_key *key, str record, str bound_to, str *ret)
{
    if (record.n < SEAL_MORE || record.n > INT32_MAX)
        return err_new(a, ERR_INVALID, "The sealed record is too short to be one.");
    const unsigned char *point = (const unsigned char *)record.p;
    unsigned char secret[SEAL_PRIVATE], okm[OKM], tag[SEAL_TAG];
    TRY(shared_secret(a, key, point, secret));
    TRY(record_key(a, secret, point, key->public, okm));
    str text = {record.p + SEAL_PUBLIC, record.n - SEAL_MORE};
    memcpy(tag, record.p + record.n - SEAL_TAG, SEAL_TAG);
    char *plain = arena_alloc(a, text.n + 1);
    bool opened = gcm(a, false, okm, text, bound_to, (unsigned char *)plain, tag);
    sodium_memzero(secret, sizeof secret);
    sodium_memzero(okm, sizeof okm);
    if (!opened) // what does not carry the right tag is nobody's words
        return err_new(a, ERR_INVALID, "The sealed record was changed on its way.");
    *ret = (str){plain, text.n};
    return NULL;
}

err seal_make(struct arena *a, const unsigned char to[SEAL_PUBLIC], str plain, str bound_to,
              const struct seal_key *with, str *ret)
{
    struct seal_key fresh;
    if (!with) {
        TRY(seal_key_make(a, &fresh));
        with = &fresh;
    }
    unsigned char secret[SEAL_PRIVATE], okm[OKM];
    TRY(shared_secret(a, with, to, secret));
    TRY(record_key(a, secret, with->public, to, okm));
    unsigned char *out = arena_alloc(a, plain.n + SEAL_MORE);
    memcpy(out, with->public, SEAL_PUBLIC);
    if (!gcm(a, true, okm, plain, bound_to, out + SEAL_PUBLIC, out + SEAL_PUBLIC + plain.n))
        return broken(a);
    *ret = (str){(char *)out, plain.n + SEAL_MORE};
    return NULL;
}

str sha256_hex(struct arena *a, str bytes)
{
    unsigned char sum[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(sum, (const unsigned char *)bytes.p, bytes.n);
    return hex_of(a, sum, sizeof sum);
}
