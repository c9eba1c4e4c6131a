// SPDX-License-Identifier: AGPL-3.0-or-later
// Writing a page. Templates (*.tmpl) are compiled by tmplc into calls of what stands here; nothing
// else writes HTML. The types do the guarding:
//
//   str, const char *   anything anybody may have typed: always escaped
//   html                text that is safe HTML already: printed as it is, in text only
//   url                 an address somebody checked: the only type that may begin a link
//
// A value of a kind that a place does not take (html in an attribute, str as a whole link, a bare
// double, a bool) does not compile: the _Generic below has no branch for it.
//
// Numbers print as people in the United Kingdom write them in text (12,345) and as plain digits in
// attributes and addresses; days as "23 November 2026" in text and 2026-11-23 elsewhere. A number
// with decimals is first made text by page_fixed(), because only its owner knows how many it has.
//
// A page never fails: when the output's ceiling is passed, buf.full says so (see base/buf.h) and
// whoever made the buf looks at it once, at the end.
#ifndef WEB_PAGE_H
#define WEB_PAGE_H

#include "base/base.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/date.h"
#include "base/str.h"

typedef struct {
    str s;
} html;

typedef struct {
    str s;
} url;

struct words; // web/words.h

// What every template gets as its first argument.
struct page {
    struct buf *out;
    const struct words *words; // the reader's language; NULL: the language of the templates
    str lang;                  // for <html lang>, as BCP 47: "en-GB"
    str dir;                   // "ltr" or "rtl"
    str token;                 // the session's form token, printed by {{token}}
    struct arena *a;           // lives as long as the page is being written
    const void *ctx;           // whatever the layout wants to know of the request
};

// --- making html ---------------------------------------------------------------------------

// Plain text as html: escaped, in the arena.
html html_escape(struct arena *a, str s);
// A page that writes into `part` with everything else as pg has it, for a piece of a page made by
// a template ahead of its place. page_part_html() is what has been written so far; it lives as
// long as `part`.
struct page page_part(const struct page *pg, struct buf *part);
html page_part_html(const struct page *part);

// --- making url ----------------------------------------------------------------------------

// A path within this site that the program itself wrote. Asserts that it begins with exactly one
// '/' and holds no control byte, space or backslash.
url url_local(str s);
// The same with each {} of the pattern replaced by a value, percent-encoded; a value for each {}.
//   url_path(a, "/areas/{}/people", code)
#define url_path(a, pattern, ...)                                                                  \
    url_path_of((a), (pattern), countof(((str[]){__VA_ARGS__})), (str[]){__VA_ARGS__})
url url_path_of(struct arena *a, const char *pattern, size_t n, const str *part);
// An address somebody typed or a file brought. True, with a trimmed copy in *ret, only for
// http(s)://host…, mailto:name@host and local paths; false leaves *ret untouched. A user name in
// front of the host is refused, since it is there to mislead.
MUST_USE bool url_check(struct arena *a, str s, url *ret);

// --- numbers as text -----------------------------------------------------------------------

// v with exactly `decimals` places (0 … 9), halves away from zero, as somebody checking by hand
// would round the number's shortest decimal form: 2.675 gives 2.68. With thousands commas, for
// text. v has to be finite.
str page_fixed(struct arena *a, double v, int decimals);
// The same without commas, for attributes and drawings.
str page_fixed_plain(struct arena *a, double v, int decimals);

// --- what templates call -------------------------------------------------------------------

// n bytes of the template itself, n > 0.
static inline void page_raw(struct page *pg, const char *p, size_t n)
{
    struct buf *b = pg->out;
    if (__builtin_expect(n > b->cap - b->n, 0)) {
        buf_add(b, p, n);
        return;
    }
    memcpy(b->p + b->n, p, n);
    b->n += n;
}

void page_text_str(struct page *pg, str s);
void page_text_c(struct page *pg, const char *z);
void page_text_html(struct page *pg, html h);
void page_text_url(struct page *pg, url u);
void page_text_i64(struct page *pg, int64_t v);
void page_text_u64(struct page *pg, uint64_t v);
void page_text_date(struct page *pg, date d);
void page_attr_i64(struct page *pg, int64_t v);
void page_attr_u64(struct page *pg, uint64_t v);
void page_attr_date(struct page *pg, date d);
void page_url_part_str(struct page *pg, str s);
void page_url_part_c(struct page *pg, const char *z);

// clang-format off
#define PAGE_INTEGERS(of_i64, of_u64)                                                              \
    signed char: of_i64, short: of_i64, int: of_i64, long: of_i64, long long: of_i64,              \
    unsigned char: of_u64, unsigned short: of_u64, unsigned: of_u64, unsigned long: of_u64,        \
    unsigned long long: of_u64
// clang-format on

// A value in text.
#define page_text(pg, x)                                                                           \
    _Generic((x),                                                                                  \
        str: page_text_str,                                                                        \
        char *: page_text_c,                                                                       \
        const char *: page_text_c,                                                                 \
        html: page_text_html,                                                                      \
        url: page_text_url,                                                                        \
        date: page_text_date,                                                                      \
        PAGE_INTEGERS(page_text_i64, page_text_u64))((pg), (x))

// A value in a double-quoted attribute, a <title> or a <textarea>.
#define page_attr(pg, x)                                                                           \
    _Generic((x),                                                                                  \
        str: page_text_str,                                                                        \
        char *: page_text_c,                                                                       \
        const char *: page_text_c,                                                                 \
        url: page_text_url,                                                                        \
        date: page_attr_date,                                                                      \
        PAGE_INTEGERS(page_attr_i64, page_attr_u64))((pg), (x))

// A piece of an address whose beginning is written in the template, percent-encoded.
#define page_url_part(pg, x)                                                                       \
    _Generic((x),                                                                                  \
        str: page_url_part_str,                                                                    \
        char *: page_url_part_c,                                                                   \
        const char *: page_url_part_c,                                                             \
        date: page_attr_date,                                                                      \
        PAGE_INTEGERS(page_attr_i64, page_attr_u64))((pg), (x))

// A whole address, or its beginning.
static inline void page_url(struct page *pg, url u)
{
    page_text_url(pg, u);
}

// The hidden field that proves a form came from us.
void page_token(struct page *pg);

// --- sentences for translators -------------------------------------------------------------

// One value of a sentence.
struct page_arg {
    enum { PAGE_ARG_STR, PAGE_ARG_I64, PAGE_ARG_U64, PAGE_ARG_DATE } kind;
    union {
        str s;
        int64_t i;
        uint64_t u;
        date d;
    };
};

struct page_arg page_arg_str(str s);
struct page_arg page_arg_c(const char *z);
struct page_arg page_arg_i64(int64_t v);
struct page_arg page_arg_u64(uint64_t v);
struct page_arg page_arg_date(date d);

#define PAGE_ARG(x)                                                                                \
    _Generic((x),                                                                                  \
        str: page_arg_str,                                                                         \
        char *: page_arg_c,                                                                        \
        const char *: page_arg_c,                                                                  \
        date: page_arg_date,                                                                       \
        PAGE_INTEGERS(page_arg_i64, page_arg_u64))(x)

// A sentence in the reader's language with {1} … {9} replaced by the n values. Everything is
// escaped, the sentence as well: there is no HTML in sentences. A placeholder without a value
// stays as it is written.
void page_say(struct page *pg, const char *msgid, size_t n, const struct page_arg *arg);
// The same with the plural form the language wants for `count`, which {n} stands for.
void page_say_n(struct page *pg, int64_t count, const char *one, const char *many, size_t n,
                const struct page_arg *arg);

// A sentence that reaches the page through a variable, in the reader's language; where it is
// written in C it has to be marked with N_(). {{page_words(pg, title)}}
str page_words(const struct page *pg, const char *msgid);

#endif
