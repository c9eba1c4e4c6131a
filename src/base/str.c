// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "base/str.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

str str_c(const char *z)
{
    return z ? (str){z, strlen(z)} : STR_NONE;
}

const char *str_z(struct arena *a, str s)
{
    ASSERT(s.n == 0 || memchr(s.p, 0, s.n) == NULL);
    char *z = arena_alloc(a, s.n + 1);
    if (s.n)
        memcpy(z, s.p, s.n);
    return z;
}

str str_copy(struct arena *a, str s)
{
    return s.p ? (str){arena_copy(a, s.p, s.n), s.n} : STR_NONE;
}

str str_fmt(struct arena *a, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    ASSERT(n >= 0);
    char *p = arena_alloc(a, (size_t)n + 1);
    va_start(ap, fmt);
    vsnprintf(p, (size_t)n + 1, fmt, ap);
    va_end(ap);
    return (str){p, (size_t)n};
}

str str_join(struct arena *a, const str *v, size_t n, str between)
{
    size_t len = 0;
    for (size_t i = 0; i < n; i++)
        len += v[i].n + (i ? between.n : 0);
    char *p = arena_alloc(a, len + 1), *q = p;
    for (size_t i = 0; i < n; i++) {
        if (i && between.n) {
            memcpy(q, between.p, between.n);
            q += between.n;
        }
        if (v[i].n)
            memcpy(q, v[i].p, v[i].n);
        q += v[i].n;
    }
    return (str){p, len};
}

str str_slice(str s, size_t from, size_t to)
{
    if (to > s.n)
        to = s.n;
    if (from > to)
        from = to;
    return s.p ? (str){s.p + from, to - from} : s;
}

static unsigned char lower(unsigned char c)
{
    return c >= 'A' && c <= 'Z' ? (unsigned char)(c + 32) : c;
}

bool str_eq_nocase(str a, str b)
{
    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; i++)
        if (lower((unsigned char)a.p[i]) != lower((unsigned char)b.p[i]))
            return false;
    return true;
}

int str_cmp(str a, str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int c = n ? memcmp(a.p, b.p, n) : 0;
    return c ? c : (a.n > b.n) - (a.n < b.n);
}

bool str_starts(str s, str prefix)
{
    return s.n >= prefix.n && str_eq(str_slice(s, 0, prefix.n), prefix);
}

bool str_ends(str s, str suffix)
{
    return s.n >= suffix.n && str_eq(str_slice(s, s.n - suffix.n, s.n), suffix);
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

str str_trim(str s)
{
    static const str nbsp = {"\xc2\xa0", 2};
    for (;;) {
        if (s.n && is_space(s.p[0]))
            s = str_slice(s, 1, s.n);
        else if (str_starts(s, nbsp))
            s = str_slice(s, 2, s.n);
        else
            break;
    }
    for (;;) {
        if (s.n && is_space(s.p[s.n - 1]))
            s.n--;
        else if (str_ends(s, nbsp))
            s.n -= 2;
        else
            break;
    }
    return s;
}

size_t str_find_byte(str s, char c)
{
    const char *q = s.n ? memchr(s.p, c, s.n) : NULL;
    return q ? (size_t)(q - s.p) : s.n;
}

size_t str_find(str s, str what, size_t from)
{
    if (what.n == 0)
        return from < s.n ? from : s.n;
    for (size_t i = from; i + what.n <= s.n; i++) {
        size_t j = str_find_byte(str_slice(s, i, s.n), what.p[0]);
        i += j;
        if (i + what.n > s.n)
            break;
        if (memcmp(s.p + i, what.p, what.n) == 0)
            return i;
    }
    return s.n;
}

bool str_next(str *rest, char sep, str *ret_part)
{
    if (rest->p == NULL)
        return false;
    size_t i = str_find_byte(*rest, sep);
    *ret_part = str_slice(*rest, 0, i);
    *rest = i < rest->n ? str_slice(*rest, i + 1, rest->n) : STR_NONE;
    return true;
}

str str_lower(struct arena *a, str s)
{
    char *p = arena_alloc(a, s.n + 1);
    for (size_t i = 0; i < s.n; i++)
        p[i] = (char)lower((unsigned char)s.p[i]);
    return (str){p, s.n};
}

str str_upper(struct arena *a, str s)
{
    char *p = arena_alloc(a, s.n + 1);
    for (size_t i = 0; i < s.n; i++)
        p[i] = s.p[i] >= 'a' && s.p[i] <= 'z' ? (char)(s.p[i] - 32) : s.p[i];
    return (str){p, s.n};
}

str str_replace(struct arena *a, str s, str what, str with)
{
    ASSERT(what.n > 0);
    size_t hits = 0;
    for (size_t i = str_find(s, what, 0); i < s.n; i = str_find(s, what, i + what.n))
        hits++;
    if (!hits)
        return s;
    size_t len = s.n - hits * what.n + hits * with.n, at = 0;
    char *p = arena_alloc(a, len + 1), *q = p;
    for (size_t i = str_find(s, what, 0);; i = str_find(s, what, at)) {
        memcpy(q, s.p + at, i - at);
        q += i - at;
        if (i >= s.n)
            break;
        if (with.n)
            memcpy(q, with.p, with.n);
        q += with.n;
        at = i + what.n;
    }
    return (str){p, len};
}

bool str_to_i64(str s, int64_t *ret)
{
    size_t i = 0;
    bool neg = s.n && s.p[0] == '-';
    if (neg)
        i++;
    if (i >= s.n || s.n - i > 19)
        return false;
    uint64_t v = 0;
    for (; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        v = v * 10 + (uint64_t)(s.p[i] - '0'); // 19 digits always fit
    }
    if (v > (uint64_t)INT64_MAX + (neg ? 1 : 0))
        return false;
    *ret = neg ? (int64_t)(0 - v) : (int64_t)v;
    return true;
}

// "-1.26734": at most 15 digits and no exponent. Both the digits and the power of ten are exact as
// doubles, so their quotient is the nearest double, as strtod() would say (Clinger, "How to Read
// Floating Point Numbers Accurately", 1990).
static bool short_decimal(str s, double *ret)
{
    static const double ten_to[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                    1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    bool neg = s.n && s.p[0] == '-';
    size_t i = neg, digits = 0, after = 0;
    uint64_t v = 0;
    for (; i < s.n && s.p[i] >= '0' && s.p[i] <= '9'; i++, digits++)
        v = v * 10 + (uint64_t)(s.p[i] - '0');
    if (i < s.n && s.p[i] == '.')
        for (i++; i < s.n && s.p[i] >= '0' && s.p[i] <= '9'; i++, digits++, after++)
            v = v * 10 + (uint64_t)(s.p[i] - '0');
    if (i != s.n || digits == 0 || digits > 15)
        return false;
    double d = (double)v / ten_to[after];
    *ret = neg ? -d : d;
    return true;
}

bool str_to_f64(str s, double *ret)
{
    char z[64];
    if (s.n == 0 || s.n >= sizeof z)
        return false;
    if (s.n <= 17 && short_decimal(s, ret))
        return true;
    bool digit = false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c >= '0' && c <= '9')
            digit = true;
        else if (c != '.' && c != '-' && c != 'e' && c != 'E' && !(c == '+' && i > 0))
            return false;
    }
    if (!digit)
        return false;
    memcpy(z, s.p, s.n);
    z[s.n] = 0;
    char *end;
    errno = 0;
    double d = strtod(z, &end); // the program never leaves the "C" numeric locale
    if (end != z + s.n || !isfinite(d))
        return false;
    *ret = d;
    return true;
}

uint64_t str_hash(str s)
{
    uint64_t h = 0xcbf29ce484222325u; // FNV-1a, then a finaliser for the low bits
    for (size_t i = 0; i < s.n; i++)
        h = (h ^ (unsigned char)s.p[i]) * 0x100000001b3u;
    h ^= h >> 32;
    return h * 0x9e3779b97f4a7c15u;
}

bool str_eq_secret(str a, str b)
{
    if (a.n != b.n)
        return false;
    unsigned char d = 0;
    for (size_t i = 0; i < a.n; i++)
        d |= (unsigned char)(a.p[i] ^ b.p[i]);
    return d == 0;
}
