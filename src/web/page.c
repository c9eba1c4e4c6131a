// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "web/page.h"
#include "web/words.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

// --- text ----------------------------------------------------------------------------------

#ifdef __SSE2__
static inline bool special16(__m128i v)
{
    // " & ' < > ; the pairs & ' and < > each differ in one bit, so three comparisons do
    __m128i quotes = _mm_cmpeq_epi8(_mm_or_si128(v, _mm_set1_epi8(1)), _mm_set1_epi8('\''));
    __m128i angles = _mm_cmpeq_epi8(_mm_or_si128(v, _mm_set1_epi8(2)), _mm_set1_epi8('>'));
    __m128i hit = _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('"')), _mm_or_si128(quotes, angles));
    return _mm_movemask_epi8(hit) != 0;
}

static inline int64_t load64(const char *p)
{
    int64_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

static inline int32_t load32(const char *p)
{
    int32_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

// Nothing to escape? Most values have nothing, and short ones are told in one comparison: two
// overlapping loads cover 4 … 16 bytes without reading past the end.
static inline bool plain(const char *p, size_t n)
{
    if (n >= 16) {
        size_t i = 0;
        for (; i + 16 <= n; i += 16)
            if (special16(_mm_loadu_si128((const __m128i *)(const void *)(p + i))))
                return false;
        return !special16(_mm_loadu_si128((const __m128i *)(const void *)(p + n - 16)));
    }
    if (n >= 8)
        return !special16(_mm_set_epi64x(load64(p), load64(p + n - 8)));
    if (n >= 4)
        return !special16(_mm_set_epi32(0, 0, load32(p), load32(p + n - 4)));
    for (size_t i = 0; i < n; i++)
        if (p[i] == '&' || p[i] == '<' || p[i] == '>' || p[i] == '"' || p[i] == '\'')
            return false;
    return true;
}
#else
static inline bool plain(const char *p, size_t n)
{
    return false;
}
#endif

void page_text_str(struct page *pg, str s)
{
    if (s.n == 0)
        return;
    if (plain(s.p, s.n))
        page_raw(pg, s.p, s.n);
    else
        buf_html(pg->out, s);
}

void page_text_c(struct page *pg, const char *z)
{
    page_text_str(pg, str_c(z));
}

void page_text_html(struct page *pg, html h)
{
    if (h.s.n)
        page_raw(pg, h.s.p, h.s.n);
}

void page_text_url(struct page *pg, url u)
{
    page_text_str(pg, u.s);
}

enum { DIGITS_MAX = 32 };

// Writes u backwards, ending before `end`; returns where it begins.
static inline char *digits(char *end, uint64_t u, bool commas)
{
    char *p = end;
    int n = 0;
    do {
        if (commas && n && n % 3 == 0)
            *--p = ',';
        *--p = (char)('0' + u % 10);
        n++;
    } while (u /= 10);
    return p;
}

static inline void put_number(struct page *pg, uint64_t u, bool minus, bool commas)
{
    char t[DIGITS_MAX];
    char *p = digits(t + sizeof t, u, commas);
    if (minus)
        *--p = '-';
    page_raw(pg, p, (size_t)(t + sizeof t - p));
}

static inline uint64_t magnitude(int64_t v)
{
    return v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
}

void page_text_i64(struct page *pg, int64_t v)
{
    put_number(pg, magnitude(v), v < 0, true);
}

void page_text_u64(struct page *pg, uint64_t v)
{
    put_number(pg, v, false, true);
}

void page_attr_i64(struct page *pg, int64_t v)
{
    put_number(pg, magnitude(v), v < 0, false);
}

void page_attr_u64(struct page *pg, uint64_t v)
{
    put_number(pg, v, false, false);
}

void page_text_date(struct page *pg, date d)
{
    page_text_str(pg, date_words(pg->a, d));
}

void page_attr_date(struct page *pg, date d)
{
    page_text_str(pg, date_iso(pg->a, d));
}

void page_url_part_str(struct page *pg, str s)
{
    buf_url(pg->out, s);
}

void page_url_part_c(struct page *pg, const char *z)
{
    buf_url(pg->out, str_c(z));
}

void page_token(struct page *pg)
{
    buf_c(pg->out, "<input type=\"hidden\" name=\"token\" value=\"");
    page_text_str(pg, pg->token);
    buf_c(pg->out, "\">");
}

// --- html and url --------------------------------------------------------------------------

html html_escape(struct arena *a, str s)
{
    struct buf b;
    buf_init(&b, a, s.n * 6); // the longest escape is six bytes
    buf_html(&b, s);
    return (html){buf_text(&b)};
}

struct page page_part(const struct page *pg, struct buf *part)
{
    struct page p = *pg;
    p.out = part;
    return p;
}

html page_part_html(const struct page *part)
{
    return (html){buf_text(part->out)};
}

// Nothing a browser would drop or turn into something else on the way.
static bool address_bytes(str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] <= ' ' || s.p[i] == 127 || s.p[i] == '\\')
            return false;
    return true;
}

static bool is_local(str s)
{
    return s.n >= 1 && s.p[0] == '/' && !(s.n >= 2 && s.p[1] == '/') && address_bytes(s);
}

url url_local(str s)
{
    ASSERT(is_local(s));
    return (url){s};
}

url url_path_of(struct arena *a, const char *pattern, size_t n, const str *part)
{
    struct buf b;
    buf_init(&b, a, SIZE_MAX / 2);
    str rest = str_c(pattern);
    for (size_t i = 0; i < n; i++) {
        size_t at = str_find(rest, STR("{}"), 0);
        ASSERT(at < rest.n);
        buf_str(&b, str_slice(rest, 0, at));
        buf_url(&b, part[i]);
        rest = str_slice(rest, at + 2, rest.n);
    }
    ASSERT(str_find(rest, STR("{}"), 0) == rest.n);
    buf_str(&b, rest);
    return url_local(buf_text(&b));
}

static bool web_address(str s)
{
    size_t scheme = str_find(s, STR("://"), 0);
    str name = str_slice(s, 0, scheme);
    if (scheme == s.n || !(str_eq_nocase(name, STR("http")) || str_eq_nocase(name, STR("https"))))
        return false;
    str host = str_slice(s, scheme + 3, s.n);
    size_t end = 0;
    while (end < host.n && host.p[end] != '/' && host.p[end] != '?' && host.p[end] != '#')
        end++;
    host.n = end;
    return host.n > 0 && str_find_byte(host, '@') == host.n && host.p[0] != ':';
}

static bool mail_address(str s)
{
    str scheme = STR("mailto:");
    if (!str_eq_nocase(str_slice(s, 0, scheme.n), scheme))
        return false;
    size_t at = str_find_byte(s, '@');
    return at > scheme.n && at + 1 < s.n;
}

bool url_check(struct arena *a, str s, url *ret)
{
    s = str_trim(s);
    if (!address_bytes(s) || !(is_local(s) || web_address(s) || mail_address(s)))
        return false;
    *ret = (url){str_copy(a, s)};
    return true;
}

// --- decimals ------------------------------------------------------------------------------

static const uint64_t power10[] = {1,      10,      100,      1000,      10000,
                                   100000, 1000000, 10000000, 100000000, 1000000000};

// v * 10^decimals by way of the shortest decimal that reads back as v, so that 2.675 is a half.
static double scaled_exactly(double v, int decimals)
{
    char t[48];
    for (int places = 15; places <= 17; places++) {
        snprintf(t, sizeof t, "%.*e", places - 1, v);
        if (strtod(t, NULL) == v)
            break;
    }
    char *e = strchr(t, 'e');
    ASSERT(e != NULL);
    long exponent = strtol(e + 1, NULL, 10);
    snprintf(e, sizeof t - (size_t)(e - t), "e%ld", exponent + decimals);
    return strtod(t, NULL);
}

// v * 10^decimals as a whole number, halves up. The plain product is near enough unless it is
// large or close to a half.
static uint64_t scaled(double v, int decimals)
{
    double x = v * (double)power10[decimals], part = x - floor(x);
    if (x >= 1e11 || fabs(part - 0.5) < 1e-4)
        x = scaled_exactly(v, decimals);
    return (uint64_t)floor(x) + (x - floor(x) >= 0.5);
}

static str fixed(struct arena *a, double v, int decimals, bool commas)
{
    ASSERT(isfinite(v) && decimals >= 0 && decimals < (int)countof(power10));
    if (fabs(v) * (double)power10[decimals] >= 1e15) // more digits than a double has
        return str_fmt(a, "%.*f", decimals, v);
    uint64_t u = scaled(fabs(v), decimals);
    char t[DIGITS_MAX], *end = t + sizeof t, *p = end;
    if (decimals) {
        p = digits(p, u % power10[decimals], false);
        while (end - p < decimals)
            *--p = '0';
        *--p = '.';
    }
    p = digits(p, u / power10[decimals], commas);
    if (v < 0 && u)
        *--p = '-';
    return (str){arena_copy(a, p, (size_t)(end - p)), (size_t)(end - p)};
}

str page_fixed(struct arena *a, double v, int decimals)
{
    return fixed(a, v, decimals, true);
}

str page_fixed_plain(struct arena *a, double v, int decimals)
{
    return fixed(a, v, decimals, false);
}

// --- sentences -----------------------------------------------------------------------------

struct page_arg page_arg_str(str s)
{
    return (struct page_arg){.kind = PAGE_ARG_STR, .s = s};
}

struct page_arg page_arg_c(const char *z)
{
    return page_arg_str(str_c(z));
}

struct page_arg page_arg_i64(int64_t v)
{
    return (struct page_arg){.kind = PAGE_ARG_I64, .i = v};
}

struct page_arg page_arg_u64(uint64_t v)
{
    return (struct page_arg){.kind = PAGE_ARG_U64, .u = v};
}

struct page_arg page_arg_date(date d)
{
    return (struct page_arg){.kind = PAGE_ARG_DATE, .d = d};
}

static void put_arg(struct page *pg, const struct page_arg *arg)
{
    switch (arg->kind) {
    case PAGE_ARG_STR: page_text_str(pg, arg->s); break;
    case PAGE_ARG_I64: page_text_i64(pg, arg->i); break;
    case PAGE_ARG_U64: page_text_u64(pg, arg->u); break;
    case PAGE_ARG_DATE: page_text_date(pg, arg->d); break;
    }
}

// The value a placeholder "{c}" stands for, or NULL.
static const struct page_arg *arg_of(char c, const struct page_arg *count, size_t n,
                                     const struct page_arg *arg)
{
    if (c == 'n')
        return count;
    return c >= '1' && c <= '9' && (size_t)(c - '1') < n ? &arg[c - '1'] : NULL;
}

static void say(struct page *pg, str m, const struct page_arg *count, size_t n,
                const struct page_arg *arg)
{
    size_t from = 0;
    for (size_t at = 0; at + 2 < m.n; at++) {
        if (m.p[at] != '{' || m.p[at + 2] != '}')
            continue;
        const struct page_arg *x = arg_of(m.p[at + 1], count, n, arg);
        if (!x)
            continue;
        page_text_str(pg, str_slice(m, from, at));
        put_arg(pg, x);
        from = at + 3;
        at += 2;
    }
    page_text_str(pg, str_slice(m, from, m.n));
}

void page_say(struct page *pg, const char *msgid, size_t n, const struct page_arg *arg)
{
    say(pg, words_find(pg->words, str_c(msgid)), NULL, n, arg);
}

void page_say_n(struct page *pg, int64_t count, const char *one, const char *many, size_t n,
                const struct page_arg *arg)
{
    struct page_arg c = page_arg_i64(count);
    say(pg, words_find_n(pg->words, str_c(one), str_c(many), count), &c, n, arg);
}

str page_words(const struct page *pg, const char *msgid)
{
    return words_find(pg->words, str_c(msgid));
}
