// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "base/utf8.h"
#include "base/buf.h"

static bool cont(const unsigned char *p, const unsigned char *end)
{
    return p < end && (*p & 0xc0) == 0x80;
}

// Length of the character at p, or 0 when it is not one.
static size_t char_len(const unsigned char *p, const unsigned char *end)
{
    unsigned char c = *p;
    if (c < 0x80)
        return 1;
    if (c >= 0xc2 && c <= 0xdf)
        return cont(p + 1, end) ? 2 : 0;
    if (c >= 0xe0 && c <= 0xef) {
        if (!cont(p + 1, end) || !cont(p + 2, end))
            return 0;
        if ((c == 0xe0 && p[1] < 0xa0) || (c == 0xed && p[1] > 0x9f))
            return 0;
        return 3;
    }
    if (c >= 0xf0 && c <= 0xf4) {
        if (!cont(p + 1, end) || !cont(p + 2, end) || !cont(p + 3, end))
            return 0;
        if ((c == 0xf0 && p[1] < 0x90) || (c == 0xf4 && p[1] > 0x8f))
            return 0;
        return 4;
    }
    return 0;
}

size_t utf8_bad_at(str s)
{
    if (s.n == 0)
        return 0;
    const unsigned char *p = (const unsigned char *)s.p, *end = p + s.n;
    while (p < end) {
        uint64_t w;
        while (end - p >= 8 && (memcpy(&w, p, 8), (w & 0x8080808080808080u) == 0))
            p += 8; // eight plain bytes at a stride
        if (p == end)
            break;
        size_t n = char_len(p, end);
        if (n == 0)
            return (size_t)((const char *)p - s.p);
        p += n;
    }
    return s.n;
}

static void put(struct buf *b, unsigned cp)
{
    if (cp < 0x80) {
        buf_byte(b, (char)cp);
    } else if (cp < 0x800) {
        buf_byte(b, (char)(0xc0 | cp >> 6));
        buf_byte(b, (char)(0x80 | (cp & 0x3f)));
    } else {
        buf_byte(b, (char)(0xe0 | cp >> 12));
        buf_byte(b, (char)(0x80 | (cp >> 6 & 0x3f)));
        buf_byte(b, (char)(0x80 | (cp & 0x3f)));
    }
}

str utf8_from_1252(struct arena *a, str s)
{
    static const uint16_t high[32] = {
        0x20ac, 0x81,   0x201a, 0x192,  0x201e, 0x2026, 0x2020, 0x2021, 0x2c6,  0x2030, 0x160,
        0x2039, 0x152,  0x8d,   0x17d,  0x8f,   0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
        0x2013, 0x2014, 0x2dc,  0x2122, 0x161,  0x203a, 0x153,  0x9d,   0x17e,  0x178};
    struct buf b;
    buf_init(&b, a, s.n * 3 + 1);
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        put(&b, c >= 0x80 && c < 0xa0 ? high[c - 0x80] : c);
    }
    return buf_text(&b);
}

str utf8_repair(struct arena *a, str s)
{
    size_t bad = utf8_bad_at(s);
    if (bad == s.n)
        return s;
    struct buf b;
    buf_init(&b, a, s.n * 3 + 1);
    while (s.n) {
        bad = utf8_bad_at(s);
        buf_str(&b, str_slice(s, 0, bad));
        if (bad == s.n)
            break;
        put(&b, 0xfffd);
        s = str_slice(s, bad + 1, s.n);
    }
    return buf_text(&b);
}

size_t utf8_count(str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
    return n;
}

str utf8_cut(str s, size_t n)
{
    if (n >= s.n)
        return s;
    while (n > 0 && ((unsigned char)s.p[n] & 0xc0) == 0x80)
        n--;
    return str_slice(s, 0, n);
}

bool text_has_control(str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f)
            return true;
    }
    return false;
}
