// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "reply.h"

#include "base/str.h"

void reply_start(struct reply *r)
{
    r->state = REPLY_HEAD;
    r->status = 0;
    r->close = false;
    r->left = r->body = 0;
    r->why = NULL;
    r->head_n = 0;
}

static void bad(struct reply *r, const char *why)
{
    r->state = REPLY_BAD;
    r->why = why;
}

static bool status_line(struct reply *r, str line)
{
    int64_t status;
    if (!str_starts(line, STR("HTTP/1.")) || line.n < 12 || line.p[8] != ' ' ||
        !str_to_i64(str_slice(line, 9, 12), &status) || status < 200 || status > 599)
        return false;
    r->status = (int)status;
    r->close = line.p[7] == '0';
    return true;
}

// One header line. false when it is a length nobody can use.
static bool header(struct reply *r, str line, bool *has_length, bool *chunked)
{
    size_t colon = str_find_byte(line, ':');
    str name = str_slice(line, 0, colon), value = str_trim(str_slice(line, colon + 1, line.n));
    int64_t length;
    if (str_eq_nocase(name, STR("content-length"))) {
        if (!str_to_i64(value, &length) || length < 0 || *has_length)
            return false;
        r->left = (uint64_t)length;
        *has_length = true;
    } else if (str_eq_nocase(name, STR("transfer-encoding"))) {
        *chunked = str_eq_nocase(value, STR("chunked"));
        return *chunked;
    } else if (str_eq_nocase(name, STR("connection")) && str_eq_nocase(value, STR("close"))) {
        r->close = true;
    }
    return true;
}

static void head_is_in(struct reply *r)
{
    str rest = {r->head, r->head_n}, line;
    bool has_length = false, chunked = false;
    if (!str_next(&rest, '\n', &line) || !status_line(r, str_trim(line)))
        return bad(r, "not an HTTP/1.1 status line");
    while (str_next(&rest, '\n', &line))
        if (!header(r, str_trim(line), &has_length, &chunked))
            return bad(r, "a body length that cannot be used");
    r->head_n = 0;
    if (r->status == 304 || r->status == 204) {
        r->state = REPLY_DONE;
    } else if (chunked) {
        r->state = REPLY_SIZE;
    } else if (has_length) {
        r->state = r->left ? REPLY_BODY : REPLY_DONE;
    } else {
        r->state = REPLY_TO_CLOSE;
        r->close = true;
    }
}

// Collects bytes up to and including `end` in head; true when it has come.
static bool collect(struct reply *r, const char *p, size_t n, str end, size_t *ret_taken)
{
    for (size_t i = 0; i < n; i++) {
        if (r->head_n == sizeof r->head) {
            bad(r, "headers larger than 16 KB");
            *ret_taken = i;
            return false;
        }
        r->head[r->head_n++] = p[i];
        if (p[i] == '\n' && str_ends((str){r->head, r->head_n}, end)) {
            *ret_taken = i + 1;
            return true;
        }
    }
    *ret_taken = n;
    return false;
}

static void size_is_in(struct reply *r)
{
    uint64_t size = 0;
    size_t i = 0;
    for (; i < r->head_n && i < 9; i++) {
        char c = r->head[i];
        int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
        if (digit < 0)
            break;
        size = size * 16 + (uint64_t)digit;
    }
    if (i == 0 || (r->head[i] != '\r' && r->head[i] != ';'))
        return bad(r, "a chunk size that cannot be read");
    r->head_n = 0;
    r->left = size ? size + 2 : 0; // with its line end
    r->body += size;
    r->state = size ? REPLY_CHUNK : REPLY_TRAILER;
}

// One step over what is there; returns the bytes it took.
static size_t step(struct reply *r, const char *p, size_t n)
{
    size_t taken = r->left < n ? (size_t)r->left : n;
    switch (r->state) {
    case REPLY_HEAD:
        if (collect(r, p, n, STR("\r\n\r\n"), &taken))
            head_is_in(r);
        return taken;
    case REPLY_BODY:
        r->left -= taken;
        r->body += taken;
        if (!r->left)
            r->state = REPLY_DONE;
        return taken;
    case REPLY_SIZE:
        if (collect(r, p, n, STR("\r\n"), &taken))
            size_is_in(r);
        return taken;
    case REPLY_CHUNK:
        r->left -= taken;
        if (!r->left)
            r->state = REPLY_SIZE;
        return taken;
    case REPLY_TRAILER:
        if (collect(r, p, n, STR("\r\n"), &taken)) {
            if (r->head_n == 2)
                r->state = REPLY_DONE;
            r->head_n = 0;
        }
        return taken;
    case REPLY_TO_CLOSE: r->body += n; return n;
    case REPLY_DONE:
    case REPLY_BAD: break;
    }
    return 0;
}

size_t reply_feed(struct reply *r, const char *p, size_t n)
{
    size_t at = 0;
    while (at < n && r->state != REPLY_DONE && r->state != REPLY_BAD)
        at += step(r, p + at, n - at);
    return at;
}

void reply_end(struct reply *r)
{
    if (r->state == REPLY_TO_CLOSE)
        r->state = REPLY_DONE;
    else if (r->state != REPLY_DONE && r->state != REPLY_BAD)
        bad(r, "the connection ended before the answer did");
}

bool reply_is_good(const struct reply *r)
{
    return r->state == REPLY_DONE && ((r->status >= 200 && r->status < 300) || r->status == 304);
}
