// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

void buf_init(struct buf *b, struct arena *a, size_t max)
{
    *b = (struct buf){.a = a, .max = max};
}

char *buf_room(struct buf *b, size_t n)
{
    if (n <= b->cap - b->n)
        return b->p + b->n;
    if (b->full || n > b->max - b->n) {
        b->full = true;
        return NULL;
    }
    size_t want = b->cap ? b->cap * 2 : 256;
    while (want < b->n + n)
        want *= 2;
    if (want > b->max)
        want = b->max;
    b->p = arena_grow(b->a, b->p, b->cap, want);
    b->cap = want;
    return b->p + b->n;
}

void buf_add(struct buf *b, const void *p, size_t n)
{
    if (n == 0)
        return;
    char *q = buf_room(b, n);
    if (!q)
        return;
    memcpy(q, p, n);
    b->n += n;
}

void buf_str(struct buf *b, str s)
{
    buf_add(b, s.p, s.n);
}

void buf_c(struct buf *b, const char *z)
{
    buf_add(b, z, strlen(z));
}

void buf_byte(struct buf *b, char c)
{
    buf_add(b, &c, 1);
}

void buf_i64(struct buf *b, int64_t v)
{
    char t[24], *e = t + sizeof t, *p = e;
    uint64_t u = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
    do
        *--p = (char)('0' + u % 10);
    while (u /= 10);
    if (v < 0)
        *--p = '-';
    buf_add(b, p, (size_t)(e - p));
}

void buf_fmt(struct buf *b, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    ASSERT(n >= 0);
    char *q = buf_room(b, (size_t)n + 1);
    if (!q)
        return;
    va_start(ap, fmt);
    vsnprintf(q, (size_t)n + 1, fmt, ap);
    va_end(ap);
    b->n += (size_t)n;
}

str buf_text(const struct buf *b)
{
    return (str){b->p ? b->p : "", b->n};
}

static void html_byte(struct buf *b, char c)
{
    switch (c) {
    case '&': buf_add(b, "&amp;", 5); break;
    case '<': buf_add(b, "&lt;", 4); break;
    case '>': buf_add(b, "&gt;", 4); break;
    case '"': buf_add(b, "&quot;", 6); break;
    case '\'': buf_add(b, "&#39;", 5); break;
    default: buf_byte(b, c);
    }
}

static bool html_special(char c)
{
    return c == '&' || c == '<' || c == '>' || c == '"' || c == '\'';
}

void buf_html_portable(struct buf *b, str s)
{
    if (s.n == 0)
        return;
    size_t start = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (!html_special(s.p[i]))
            continue;
        buf_add(b, s.p + start, i - start);
        html_byte(b, s.p[i]);
        start = i + 1;
    }
    buf_add(b, s.p + start, s.n - start);
}

void buf_html(struct buf *b, str s)
{
#ifdef __SSE2__
    if (s.n == 0)
        return;
    size_t start = 0, i = 0;
    const __m128i amp = _mm_set1_epi8('&'), lt = _mm_set1_epi8('<'), gt = _mm_set1_epi8('>'),
                  quot = _mm_set1_epi8('"'), apos = _mm_set1_epi8('\'');
    for (; i + 16 <= s.n; i += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(s.p + i));
        __m128i hit =
            _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(v, amp), _mm_cmpeq_epi8(v, lt)),
                         _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(v, gt), _mm_cmpeq_epi8(v, quot)),
                                      _mm_cmpeq_epi8(v, apos)));
        unsigned mask = (unsigned)_mm_movemask_epi8(hit);
        while (mask) {
            size_t at = i + (size_t)__builtin_ctz(mask);
            buf_add(b, s.p + start, at - start);
            html_byte(b, s.p[at]);
            start = at + 1;
            mask &= mask - 1;
        }
    }
    buf_add(b, s.p + start, i - start);
    buf_html_portable(b, str_slice(s, i, s.n));
#else
    buf_html_portable(b, s);
#endif
}

void buf_url(struct buf *b, str s)
{
    static const char hex[] = "0123456789ABCDEF";
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
            c == '-' || c == '_' || c == '.' || c == '~') {
            buf_byte(b, (char)c);
        } else {
            char t[3] = {'%', hex[c >> 4], hex[c & 15]};
            buf_add(b, t, 3);
        }
    }
}
