// SPDX-License-Identifier: AGPL-3.0-or-later
// Text as pointer and length. A str never owns its bytes and need not end in NUL; the bytes live
// in an arena, in the program, or in a mapped file. {NULL, 0} is "no text" (SQL NULL), which is
// not the same as the empty text STR("").
#ifndef BASE_STR_H
#define BASE_STR_H

#include "base/base.h"
#include "base/arena.h"

typedef struct {
    const char *p;
    size_t n;
} str;

#define STR(literal) ((str){("" literal), sizeof(literal) - 1})
#define STR_NONE     ((str){NULL, 0})
// For printf formats: printf("%" PRIstr, ARGstr(s)).
#define PRIstr    ".*s"
#define ARGstr(s) (int)(s).n, ((s).p ? (s).p : "")

// From a C string; NULL gives STR_NONE. The bytes are not copied.
str str_c(const char *z);
// A NUL-terminated copy. Asserts that s holds no NUL byte.
const char *str_z(struct arena *a, str s);
str str_copy(struct arena *a, str s);
str str_fmt(struct arena *a, const char *fmt, ...) FORMAT(2, 3);
str str_join(struct arena *a, const str *v, size_t n, str between);

static inline bool str_is_none(str s)
{
    return s.p == NULL;
}
static inline bool str_eq(str a, str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}
// Bytes from `from` up to (not including) `to`, cut to what there is.
str str_slice(str s, size_t from, size_t to);
bool str_eq_nocase(str a, str b); // ASCII letters only
// By bytes, as SQLite and PostgreSQL's "C" collation order text: <0, 0, >0.
int str_cmp(str a, str b);
bool str_starts(str s, str prefix);
bool str_ends(str s, str suffix);
// Without leading and trailing white space (ASCII, and the no-break space U+00A0).
str str_trim(str s);
// Index of the first c, or s.n when there is none.
size_t str_find_byte(str s, char c);
// Index of the first occurrence of `what` at or after `from`, or s.n.
size_t str_find(str s, str what, size_t from);
// Takes the part before the next `sep` off *rest. false when nothing is left (and *rest is none).
bool str_next(str *rest, char sep, str *ret_part);
str str_lower(struct arena *a, str s); // ASCII letters only
str str_upper(struct arena *a, str s);
str str_replace(struct arena *a, str s, str what, str with);

// Whole-text numbers: no spaces, no '+', no trailing bytes. false leaves *ret untouched.
MUST_USE bool str_to_i64(str s, int64_t *ret);
// Decimal with optional fraction and exponent, '.' as the point whatever the locale; finite only.
MUST_USE bool str_to_f64(str s, double *ret);

uint64_t str_hash(str s);
// a and b differ or not, in time that depends on the length only (tokens, hashes).
bool str_eq_secret(str a, str b);

#endif
