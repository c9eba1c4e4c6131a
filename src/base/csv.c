// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "base/csv.h"
#include "base/buf.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

static char guess_delimiter(str text)
{
    size_t n[3] = {0};
    bool quoted = false;
    for (size_t i = 0; i < text.n && i < CSV_LINE_MAX; i++) {
        char c = text.p[i];
        if (c == '"')
            quoted = !quoted;
        if (quoted)
            continue;
        if (c == '\n' || c == '\r')
            break;
        n[0] += c == ',';
        n[1] += c == ';';
        n[2] += c == '\t';
    }
    if (n[2] > n[0] && n[2] > n[1])
        return '\t';
    return n[1] > n[0] ? ';' : ',';
}

void csv_init(struct csv *c, struct arena *a, str text)
{
    if (str_starts(text, STR("\xef\xbb\xbf")))
        text = str_slice(text, 3, text.n);
    *c = (struct csv){.text = text, .between = guess_delimiter(text)};
    c->field = arena_new_array(a, CSV_FIELDS_MAX, str);
}

// Offset of the next delimiter, quote, line end or NUL at or after i, or text.n.
static size_t find_special(const struct csv *c, size_t i)
{
    const char *p = c->text.p;
#ifdef __SSE2__
    const __m128i d = _mm_set1_epi8(c->between), q = _mm_set1_epi8('"'), lf = _mm_set1_epi8('\n'),
                  cr = _mm_set1_epi8('\r'), nul = _mm_setzero_si128();
    for (; i + 16 <= c->text.n; i += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(p + i));
        __m128i hit = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(v, d), _mm_cmpeq_epi8(v, q)),
                                   _mm_or_si128(_mm_cmpeq_epi8(v, lf), _mm_cmpeq_epi8(v, cr)));
        hit = _mm_or_si128(hit, _mm_cmpeq_epi8(v, nul));
        unsigned m = (unsigned)_mm_movemask_epi8(hit);
        if (m)
            return i + (size_t)__builtin_ctz(m);
    }
#endif
    for (; i < c->text.n; i++)
        if (p[i] == c->between || p[i] == '"' || p[i] == '\n' || p[i] == '\r' || p[i] == 0)
            return i;
    return i;
}

static err bad(const struct csv *c, struct arena *a, const char *what)
{
    return err_new(a, ERR_INVALID, "Row %lld, column %zu: %s", (long long)c->row, c->n + 1, what);
}

// Reads the quoted field whose opening quote stands at c->at; leaves c->at behind its close.
static err quoted_field(struct csv *c, struct arena *scratch, str *ret)
{
    size_t from = c->at + 1, i = from, doubled = 0;
    for (;;) {
        i += str_find_byte(str_slice(c->text, i, c->text.n), '"');
        if (i >= c->text.n || i - from > CSV_LINE_MAX)
            return bad(c, scratch, "a quotation mark is opened and never closed.");
        if (i + 1 < c->text.n && c->text.p[i + 1] == '"') {
            doubled++;
            i += 2;
            continue;
        }
        break;
    }
    str raw = str_slice(c->text, from, i);
    if (raw.n && memchr(raw.p, 0, raw.n))
        return bad(c, scratch, "there is a NUL byte in the text.");
    *ret = doubled ? str_replace(scratch, raw, STR("\"\""), STR("\"")) : raw;
    c->at = i + 1;
    if (c->at < c->text.n) {
        char t = c->text.p[c->at];
        if (t != c->between && t != '\n' && t != '\r')
            return bad(c, scratch, "there is text after a closing quotation mark.");
    }
    return NULL;
}

static err plain_field(struct csv *c, struct arena *scratch, str *ret)
{
    size_t from = c->at, i = find_special(c, from);
    while (i < c->text.n && c->text.p[i] == '"') // a quote inside a bare field is text
        i = find_special(c, i + 1);
    if (i < c->text.n && c->text.p[i] == 0)
        return bad(c, scratch, "there is a NUL byte in the text.");
    if (i - from > CSV_LINE_MAX)
        return bad(c, scratch, "the line is longer than 1 MB; this does not look like a table.");
    *ret = str_slice(c->text, from, i);
    c->at = i;
    return NULL;
}

static void eat_line_end(struct csv *c)
{
    if (c->at < c->text.n && c->text.p[c->at] == '\r')
        c->at++;
    if (c->at < c->text.n && c->text.p[c->at] == '\n')
        c->at++;
}

err csv_next(struct csv *c, struct arena *scratch, bool *ret_more)
{
    // blank lines: counted, passed over
    while (c->at < c->text.n && (c->text.p[c->at] == '\n' || c->text.p[c->at] == '\r')) {
        eat_line_end(c);
        c->row++;
    }
    c->n = 0;
    *ret_more = c->at < c->text.n;
    if (!*ret_more)
        return NULL;
    c->row++;
    size_t start = c->at;
    for (;;) {
        if (c->n == CSV_FIELDS_MAX || c->at - start > CSV_LINE_MAX)
            return bad(c, scratch, "the line is too long; this does not look like a table.");
        str f = STR("");
        if (c->at < c->text.n && c->text.p[c->at] == '"')
            TRY(quoted_field(c, scratch, &f));
        else
            TRY(plain_field(c, scratch, &f));
        c->field[c->n++] = f;
        if (c->at >= c->text.n)
            return NULL;
        if (c->text.p[c->at] != c->between) {
            eat_line_end(c);
            return NULL;
        }
        c->at++;
    }
}

static bool starts_formula(char c)
{
    return c && strchr("=+-@\t\r'", c);
}

static bool plain_number(str s)
{
    double d;
    return str_to_f64(s, &d);
}

void csv_put(struct buf *b, str field, bool first)
{
    if (!first)
        buf_byte(b, ',');
    bool guard = field.n && starts_formula(field.p[0]) && !plain_number(field);
    bool quote = guard;
    for (size_t i = 0; i < field.n && !quote; i++)
        quote = field.p[i] == ',' || field.p[i] == '"' || field.p[i] == '\n' || field.p[i] == '\r';
    if (!quote) {
        buf_str(b, field);
        return;
    }
    buf_byte(b, '"');
    if (guard)
        buf_byte(b, '\'');
    for (size_t i = 0; i < field.n; i++) {
        if (field.p[i] == '"')
            buf_byte(b, '"');
        buf_byte(b, field.p[i]);
    }
    buf_byte(b, '"');
}

void csv_end(struct buf *b)
{
    buf_add(b, "\r\n", 2);
}

str csv_unguard(str field)
{
    return field.n > 1 && field.p[0] == '\'' && starts_formula(field.p[1])
               ? str_slice(field, 1, field.n)
               : field;
}
