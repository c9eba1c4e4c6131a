// SPDX-License-Identifier: AGPL-3.0-or-later
// The sealed queue against a record another implementation sealed (WebCrypto), bit by bit.
#include "base/base.h"
#include "base/random.h"
#include "base/str.h"
#include "field/seal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <sodium.h>

#define SEALED                                                                                     \
    "049252afb068a89166159d17ccdd307e9a16d940f5c3fdb4dde1b4366db03909c2fdd1350696ed7bcea4d6bf3c"   \
    "1922610e62b93b86f04480c3719ba26ea210290372f50fb051489f25cb2f74d1704667e1ed00577e48ace7149a"   \
    "5b383f5479771b30"

static struct seal_key key_from(struct arena *a, const char *words)
{
    struct seal_key k;
    crypto_hash_sha256(k.private, (const unsigned char *)words, strlen(words));
    assert_null(seal_key_public(a, k.private, k.public));
    return k;
}

static str bound(struct arena *a)
{
    return seal_bound_to(a, STR("018f0000-0000-7000-8000-000000000001"), STR("device-7"), 42);
}

static void the_vector_is_made_and_opened(void **state)
{
    UNUSED(state);
    struct arena a;
    arena_init(&a);
    struct seal_key server = key_from(&a, "doorstep test server key"),
                    phone = key_from(&a, "doorstep test ephemeral key");
    str plain = STR("{\"outcome\":\"110\"}"), sealed, opened;
    assert_null(seal_make(&a, server.public, plain, bound(&a), &phone, &sealed));
    assert_true(str_eq(hex_of(&a, sealed.p, sealed.n), STR(SEALED)));
    assert_int_equal(sealed.n, plain.n + SEAL_MORE);
    assert_null(seal_open(&a, &server, sealed, bound(&a), &opened));
    assert_true(str_eq(opened, plain));
    arena_fini(&a);
}

static void no_bit_may_differ(void **state)
{
    UNUSED(state);
    struct arena a;
    arena_init(&a);
    struct seal_key server = key_from(&a, "doorstep test server key");
    str sealed, opened;
    assert_null(
        seal_make(&a, server.public, STR("{\"outcome\":\"110\"}"), bound(&a), NULL, &sealed));
    for (size_t bit = 0; bit < sealed.n * 8; bit++) {
        char *wrong = arena_copy(&a, sealed.p, sealed.n);
        wrong[bit / 8] = (char)(wrong[bit / 8] ^ (1 << bit % 8));
        err e = seal_open(&a, &server, (str){wrong, sealed.n}, bound(&a), &opened);
        assert_non_null(e);
        assert_int_equal(e->kind, ERR_INVALID);
    }
    for (size_t n = 0; n < sealed.n; n++)
        assert_non_null(seal_open(&a, &server, (str){sealed.p, n}, bound(&a), &opened));
    arena_fini(&a);
}

// A record cannot be put in another one's place: id, device and number are part of the seal.
static void the_place_is_part_of_it(void **state)
{
    UNUSED(state);
    struct arena a;
    arena_init(&a);
    struct seal_key server = key_from(&a, "doorstep test server key"), other;
    str sealed, opened, id = STR("018f0000-0000-7000-8000-000000000001"), phone = STR("device-7");
    assert_null(seal_make(&a, server.public, STR("{}"), bound(&a), NULL, &sealed));
    assert_null(seal_open(&a, &server, sealed, bound(&a), &opened));
    assert_non_null(seal_open(&a, &server, sealed, seal_bound_to(&a, id, phone, 43), &opened));
    assert_non_null(
        seal_open(&a, &server, sealed, seal_bound_to(&a, id, STR("device-8"), 42), &opened));
    assert_non_null(seal_open(
        &a, &server, sealed,
        seal_bound_to(&a, STR("018f0000-0000-7000-8000-000000000002"), phone, 42), &opened));
    assert_null(seal_key_make(&a, &other));
    assert_non_null(seal_open(&a, &other, sealed, bound(&a), &opened));
    arena_fini(&a);
}

static void two_seals_of_one_text_differ(void **state)
{
    UNUSED(state);
    struct arena a;
    arena_init(&a);
    struct seal_key server = key_from(&a, "doorstep test server key");
    str one, two;
    assert_null(seal_make(&a, server.public, STR("{}"), bound(&a), NULL, &one));
    assert_null(seal_make(&a, server.public, STR("{}"), bound(&a), NULL, &two));
    assert_false(str_eq(one, two));
    arena_fini(&a);
}

static void what_is_no_key_is_refused(void **state)
{
    UNUSED(state);
    struct arena a;
    arena_init(&a);
    unsigned char none[SEAL_PRIVATE] = {0}, beyond[SEAL_PRIVATE], public[SEAL_PUBLIC];
    memset(beyond, 0xff, sizeof beyond);
    assert_int_equal(seal_key_public(&a, none, public)->kind, ERR_INVALID);
    assert_int_equal(seal_key_public(&a, beyond, public)->kind, ERR_INVALID);
    arena_fini(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_vector_is_made_and_opened),
        cmocka_unit_test(no_bit_may_differ),
        cmocka_unit_test(the_place_is_part_of_it),
        cmocka_unit_test(two_seals_of_one_text_differ),
        cmocka_unit_test(what_is_no_key_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
