// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "web/gate.h"

// RFC 9110 §5.6.2
static bool token_byte(unsigned char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c && strchr("!#$%&'*+-.^_`|~", c));
}

static const char *bad_header(const struct gate_header *h)
{
    if (h->name.n == 0)
        return "empty header name";
    for (size_t i = 0; i < h->name.n; i++)
        if (!token_byte((unsigned char)h->name.p[i]))
            return "header name is not a token";
    for (size_t i = 0; i < h->value.n; i++) {
        unsigned char c = (unsigned char)h->value.p[i];
        if ((c < 0x20 && c != '\t') || c == 0x7f)
            return "control byte in a header value";
    }
    return NULL;
}

static const char *bad_target(str t)
{
    if (t.n == 0 || t.p[0] != '/')
        return "target is not a path";
    size_t end = str_find_byte(t, '?');
    for (size_t i = 0; i < t.n; i++) {
        unsigned char c = (unsigned char)t.p[i];
        if (c <= 0x20 || c == 0x7f)
            return "control byte or space in the target";
        if (i < end && c == '%' && i + 2 < t.n) {
            char h = t.p[i + 1], l = t.p[i + 2];
            if ((h == '0' || h == '1') || (h == '7' && (l == 'f' || l == 'F')))
                return "escaped control byte in the path";
        }
    }
    return NULL;
}

static bool all_digits(str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return s.n > 0 && s.n <= 15;
}

struct counts {
    int host, length, encoding;
    size_t bytes;
};

static const char *judge_one(const struct gate_header *h, struct counts *c, struct gate_verdict *v)
{
    const char *why = bad_header(h);
    if (why)
        return why;
    c->bytes += h->name.n + h->value.n + 4;
    if (str_eq_nocase(h->name, STR("Host"))) {
        if (++c->host > 1)
            return "two Host headers";
    } else if (str_eq_nocase(h->name, STR("Content-Length"))) {
        if (++c->length > 1)
            return "two Content-Length headers";
        if (!all_digits(h->value) || !str_to_i64(h->value, &v->body))
            return "Content-Length is not a number";
    } else if (str_eq_nocase(h->name, STR("Transfer-Encoding"))) {
        if (++c->encoding > 1 || !str_eq_nocase(h->value, STR("chunked")))
            return "a Transfer-Encoding other than one chunked";
        v->chunked = true;
    }
    return NULL;
}

static void refuse(struct gate_verdict *v, int status, const char *why)
{
    v->refused = why;
    v->status = status;
}

struct gate_verdict gate_judge(const struct gate_request *r)
{
    struct gate_verdict v = {.body = -1, .status = 400};
    struct counts c = {0};
    if (r->raw_target.n > GATE_TARGET_BYTES)
        refuse(&v, 414, "target too long");
    else
        v.refused = bad_target(r->raw_target);
    if (!v.refused && !str_eq(r->version, STR("HTTP/1.1")) && !str_eq(r->version, STR("HTTP/1.0")))
        v.refused = "version is not HTTP/1.0 or 1.1";
    if (!v.refused && r->n > GATE_HEADERS_MAX)
        refuse(&v, 431, "too many headers");
    for (size_t i = 0; i < r->n && !v.refused; i++)
        v.refused = judge_one(&r->header[i], &c, &v);
    if (!v.refused && c.bytes > GATE_HEADER_BYTES)
        refuse(&v, 431, "headers too large");
    if (!v.refused && c.host == 0)
        v.refused = "no Host header";
    if (!v.refused && c.length && c.encoding)
        v.refused = "Content-Length with Transfer-Encoding";
    return v;
}
