// SPDX-License-Identifier: AGPL-3.0-or-later
// A growing text in an arena, with a declared ceiling. Passing the ceiling sets `full` and drops
// what does not fit; whoever declared the ceiling looks at the flag once, at the end.
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/base.h"
#include "base/str.h"

struct buf {
    struct arena *a;
    char *p;
    size_t n, cap, max;
    bool full;
};

// Starts empty; `max` is the ceiling in bytes.
void buf_init(struct buf *b, struct arena *a, size_t max);
void buf_add(struct buf *b, const void *p, size_t n);
void buf_str(struct buf *b, str s);
void buf_c(struct buf *b, const char *z);
void buf_byte(struct buf *b, char c);
void buf_i64(struct buf *b, int64_t v);
void buf_fmt(struct buf *b, const char *fmt, ...) FORMAT(2, 3);
// The text so far; valid until the next call that adds.
str buf_text(const struct buf *b);
// Room for n more bytes, or NULL when the ceiling is passed. Then b->n += what was written.
char *buf_room(struct buf *b, size_t n);

// Appends s with & < > " ' escaped, fit for text and for a quoted attribute alike.
void buf_html(struct buf *b, str s);
// The portable twin of buf_html's fast path; tests hold the two equal.
void buf_html_portable(struct buf *b, str s);
// Appends s percent-encoded, fit for one path segment or one query value.
void buf_url(struct buf *b, str s);

#endif
