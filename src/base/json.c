// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "base/json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

void json_init(struct json *j, struct buf *out)
{
    *j = (struct json){.out = out};
}

static void before(struct json *j)
{
    if (j->after_key) {
        j->after_key = false;
        return;
    }
    if (j->has_item >> j->depth & 1)
        buf_byte(j->out, ',');
    j->has_item |= (uint64_t)1 << j->depth;
}

void json_open(struct json *j, char kind)
{
    before(j);
    ASSERT(j->depth < 62 && (kind == '{' || kind == '['));
    buf_byte(j->out, kind);
    j->depth++;
    j->has_item &= ~((uint64_t)1 << j->depth);
}

void json_close(struct json *j, char kind)
{
    ASSERT(j->depth > 0 && !j->after_key);
    j->depth--;
    buf_byte(j->out, kind);
}

static void quoted(struct json *j, str s)
{
    buf_byte(j->out, '"');
    size_t from = 0;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        buf_add(j->out, s.p + from, i - from);
        from = i + 1;
        switch (c) {
        case '"': buf_add(j->out, "\\\"", 2); break;
        case '\\': buf_add(j->out, "\\\\", 2); break;
        case '\n': buf_add(j->out, "\\n", 2); break;
        case '\r': buf_add(j->out, "\\r", 2); break;
        case '\t': buf_add(j->out, "\\t", 2); break;
        default: buf_fmt(j->out, "\\u%04x", c);
        }
    }
    if (s.n)
        buf_add(j->out, s.p + from, s.n - from);
    buf_byte(j->out, '"');
}

void json_key(struct json *j, const char *key)
{
    ASSERT(!j->after_key);
    before(j);
    quoted(j, str_c(key));
    buf_byte(j->out, ':');
    j->after_key = true;
}

void json_str(struct json *j, str s)
{
    if (str_is_none(s)) {
        json_none(j);
        return;
    }
    before(j);
    quoted(j, s);
}

void json_i64(struct json *j, int64_t v)
{
    before(j);
    buf_i64(j->out, v);
}

void json_f64(struct json *j, double v)
{
    if (!isfinite(v)) {
        json_none(j);
        return;
    }
    before(j);
    char t[40];
    int n = 0;
    for (int digits = 15; digits <= 17; digits++) {
        n = snprintf(t, sizeof t, "%.*g", digits, v);
        if (strtod(t, NULL) == v)
            break;
    }
    buf_add(j->out, t, (size_t)n);
}

void json_fixed(struct json *j, double v, int dec)
{
    if (!isfinite(v)) {
        json_none(j);
        return;
    }
    before(j);
    char t[360];
    int n = snprintf(t, sizeof t, "%.*f", dec, v);
    ASSERT(n > 0 && (size_t)n < sizeof t);
    if (dec > 0) {
        while (t[n - 1] == '0')
            n--;
        if (t[n - 1] == '.')
            n--;
    }
    if (n == 2 && t[0] == '-' && t[1] == '0') { // no negative nought
        t[0] = '0';
        n = 1;
    }
    buf_add(j->out, t, (size_t)n);
}

void json_bool(struct json *j, bool v)
{
    before(j);
    buf_c(j->out, v ? "true" : "false");
}

void json_none(struct json *j)
{
    before(j);
    buf_c(j->out, "null");
}

void json_kv_str(struct json *j, const char *key, str s)
{
    json_key(j, key);
    json_str(j, s);
}

void json_kv_i64(struct json *j, const char *key, int64_t v)
{
    json_key(j, key);
    json_i64(j, v);
}
