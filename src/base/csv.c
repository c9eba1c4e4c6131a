// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "base/csv.h"
#include "base/buf.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

// How it is fast. The ends of fields are found 64 bytes at a stride, as bits: a prefix-xor over the
// bits of the quotes says which delimiters and line ends stand inside quotes (Langdale and Lemire,
// "Parsing Gigabytes of JSON per Second", section 3.1). That holds only while every quote opens or
// closes a field or is doubled; where one does not, or a NUL turns up, the index stops before that
// block and the record is read byte by byte by plain_field() and quoted_field(), which know what
// to say. Both ways give the same fields.
enum { BLOCK = 64, WINDOW = 64 * BLOCK };

struct csv_index {
    size_t base;            // end[] counts from here
    size_t next;            // first byte not indexed
    size_t at, n;           // the ends not yet used: end[at … n-1]
    uint64_t inside;        // all ones: a quoted field reaches over the border
    bool after_end, closed; // the byte before `next` ended a field; was a closing quote
    bool stuck;             // the block at `next` has to be read byte by byte
    bool doubled;           // there are doubled quotes in this window
    uint16_t end[WINDOW];
};

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

static void index_from(struct csv *c, size_t at)
{
    struct csv_index *x = c->index;
    x->base = x->next = at;
    x->at = x->n = 0;
    x->inside = 0;
    x->after_end = true;
    x->closed = x->stuck = x->doubled = false;
}

void csv_init(struct csv *c, struct arena *a, str text)
{
    if (str_starts(text, STR("\xef\xbb\xbf")))
        text = str_slice(text, 3, text.n);
    *c = (struct csv){.text = text, .between = guess_delimiter(text)};
    c->field = arena_new_array(a, CSV_FIELDS_MAX, str);
    c->index = arena_new(a, struct csv_index);
    index_from(c, 0);
}

// One bit for each of 64 bytes.
struct bits {
    uint64_t quote, end, nul;
};

#ifdef __SSE2__
static inline uint64_t mask(__m128i v)
{
    return (uint64_t)(unsigned)_mm_movemask_epi8(v);
}

static inline struct bits look_at(const char *p, char between)
{
    const __m128i d = _mm_set1_epi8(between), q = _mm_set1_epi8('"'), lf = _mm_set1_epi8('\n'),
                  cr = _mm_set1_epi8('\r'), nul = _mm_setzero_si128();
    struct bits b = {0};
    for (int i = 0; i < BLOCK; i += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(p + i));
        __m128i end = _mm_or_si128(_mm_cmpeq_epi8(v, d),
                                   _mm_or_si128(_mm_cmpeq_epi8(v, lf), _mm_cmpeq_epi8(v, cr)));
        b.quote |= mask(_mm_cmpeq_epi8(v, q)) << i;
        b.end |= mask(end) << i;
        b.nul |= mask(_mm_cmpeq_epi8(v, nul)) << i;
    }
    return b;
}
#else
static struct bits look_at(const char *p, char between)
{
    struct bits b = {0};
    for (int i = 0; i < BLOCK; i++) {
        b.quote |= (uint64_t)(p[i] == '"') << i;
        b.end |= (uint64_t)(p[i] == between || p[i] == '\n' || p[i] == '\r') << i;
        b.nul |= (uint64_t)(p[i] == 0) << i;
    }
    return b;
}
#endif

// Bit i of the answer: is there an odd number of bits at or below i?
static inline uint64_t prefix_xor(uint64_t x)
{
    for (int by = 1; by < BLOCK; by *= 2)
        x ^= x << by;
    return x;
}

// Adds the ends in the n (at most 64) bytes at x->next; false when they are not plain sailing.
static inline bool index_block(struct csv_index *x, const char *p, size_t n, char between)
{
    struct bits b = look_at(p, between);
    uint64_t there = n < BLOCK ? ((uint64_t)1 << n) - 1 : ~(uint64_t)0;
    uint64_t quote = b.quote & there, inside = prefix_xor(quote) ^ x->inside;
    uint64_t end = b.end & ~inside & there, opens = quote & inside, closes = quote & ~inside;
    uint64_t may_open = (end | closes) << 1 | (uint64_t)(x->after_end || x->closed);
    uint64_t after_close = closes << 1 | (uint64_t)x->closed;
    if ((opens & ~may_open) | (after_close & ~(end | opens) & there) | (b.nul & there))
        return false;
    x->doubled = x->doubled || (after_close & opens);
    x->inside = 0 - (inside >> 63);
    x->after_end = end >> 63;
    x->closed = closes >> 63;
    for (size_t from = x->next - x->base; end; end &= end - 1)
        x->end[x->n++] = (uint16_t)(from + (size_t)__builtin_ctzll(end));
    return true;
}

// Finds the ends in the next window. false: nothing more can be found this way.
static bool index_more(struct csv *c)
{
    struct csv_index *x = c->index;
    x->base = x->next;
    x->at = x->n = 0;
    x->doubled = x->inside && x->doubled; // it may be of the field that reaches over the border
    if (x->stuck || x->next == c->text.n)
        return false;
    while (!x->stuck && x->next < c->text.n && x->next - x->base < WINDOW) {
        size_t n = c->text.n - x->next < BLOCK ? c->text.n - x->next : BLOCK;
        char last[BLOCK] = {0};
        const char *p = c->text.p + x->next;
        if (n < BLOCK)
            p = memcpy(last, p, n);
        x->stuck = !index_block(x, p, n, c->between);
        x->next += x->stuck ? 0 : n;
    }
    return true;
}

// Offset of the next delimiter, quote, line end or NUL at or after i; text.n, or a place beyond
// the longest line, when there is none.
static size_t find_special(const struct csv *c, size_t i)
{
    const char *p = c->text.p;
    size_t end = c->text.n - i > CSV_LINE_MAX + 1 ? i + CSV_LINE_MAX + 1 : c->text.n;
    for (; i < end; i++)
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
    // a quote inside a bare field is text
    while (i < c->text.n && c->text.p[i] == '"' && i - from <= CSV_LINE_MAX)
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

// The record at c->at, byte by byte.
static err careful_record(struct csv *c, struct arena *scratch)
{
    size_t start = c->at;
    c->n = 0;
    for (;;) {
        if (c->n == CSV_FIELDS_MAX)
            return bad(c, scratch, "the row has too many columns; 2,048 are the most.");
        if (c->at - start > CSV_LINE_MAX)
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

static inline str between_ends(const struct csv *c, struct arena *scratch, size_t from, size_t end,
                               bool doubled)
{
    str f = {c->text.p + from, end - from};
    if (f.n < 2 || f.p[0] != '"')
        return f;
    f = (str){f.p + 1, f.n - 2};
    return doubled ? str_replace(scratch, f, STR("\"\""), STR("\"")) : f;
}

// The record at c->at by the index; false (and c->at stays) when it has to be read with care.
static bool swift_record(struct csv *c, struct arena *scratch)
{
    struct csv_index *x = c->index;
    size_t from = c->at, limit = from + CSV_LINE_MAX;
    bool doubled = x->doubled;
    while (c->n < CSV_FIELDS_MAX) {
        while (x->at == x->n) {
            if (!index_more(c)) {
                if (x->stuck || x->inside)
                    return false;
                c->field[c->n++] = between_ends(c, scratch, from, c->text.n, doubled);
                c->at = c->text.n; // the last line has no end
                return true;
            }
            doubled = doubled || x->doubled;
            if (x->next > limit)
                return false;
        }
        size_t end = x->base + x->end[x->at++];
        if (end < from) // a line end that has been passed
            continue;
        c->field[c->n++] = between_ends(c, scratch, from, end, doubled);
        from = end + 1;
        if (c->text.p[end] != c->between) {
            c->at = end;
            eat_line_end(c);
            return true;
        }
    }
    return false;
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
    if (swift_record(c, scratch))
        return NULL;
    TRY(careful_record(c, scratch));
    index_from(c, c->at);
    return NULL;
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
