// SPDX-License-Identifier: AGPL-3.0-or-later
// Passwords: what is good enough, and their hashes.
#include "base/base.h"
#include "people/people.h"
#include "base/utf8.h"

#include <sodium.h>

// The passwords people choose most, among those long enough to pass; the check is on the beginning,
// so that "password12345!" does not pass either.
static const char *const common[] = {
    "password",      "passw0rd",  "123456789", "qwertyuiop", "qwerty12345", "iloveyou",  "letmein",
    "administrator", "welcome1",  "welcome2",  "abc123abc",  "1q2w3e4r",    "changeme",  "doorstep",
    "111111111",     "000000000", "987654321", "asdfghjkl",  "monkey123",   "football1",
};

static bool one_character(str s)
{
    for (size_t i = 1; i < s.n; i++)
        if (s.p[i] != s.p[0])
            return false;
    return true;
}

const char *password_weakness(str password, str login, str name)
{
    struct arena a;
    arena_init(&a);
    const char *why = NULL;
    str low = str_lower(&a, password);
    if (utf8_count(password) < PASSWORD_MIN)
        why = "Use at least 12 characters. Three words you can remember work well.";
    else if (one_character(password))
        why = "This is one character again and again. Use different ones.";
    else if ((login.n > 3 && str_find(low, str_lower(&a, login), 0) < low.n) ||
             (name.n > 3 && str_find(low, str_lower(&a, name), 0) < low.n))
        why = "Leave your own name out of it.";
    for (size_t i = 0; i < countof(common) && !why; i++)
        if (str_starts(low, str_c(common[i])))
            why = "This is one of the passwords people guess first. Use another.";
    arena_fini(&a);
    return why;
}

err password_hash(struct arena *a, str password, str *ret)
{
    char out[crypto_pwhash_STRBYTES];
    if (crypto_pwhash_str(out, password.p, password.n, crypto_pwhash_OPSLIMIT_INTERACTIVE,
                          crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0)
        return err_new(a, ERR_BUSY, "There is not enough memory to check a password just now.");
    *ret = str_copy(a, str_c(out));
    return NULL;
}

bool password_ok(str hash, str password)
{
    // Of no account: it only makes an unknown name take as long as a known one.
    static const char nobody[] = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$"
                                 "GpZ3sK/oH9p7VIiV56G/64Zo/8GaUw434IimaPqxwCo";
    char z[crypto_pwhash_STRBYTES] = {0};
    bool known = hash.n > 0 && hash.n < sizeof z;
    memcpy(z, known ? hash.p : nobody, known ? hash.n : sizeof nobody);
    bool ok = crypto_pwhash_str_verify(z, password.p ? password.p : "", password.n) == 0;
    return ok && known;
}
