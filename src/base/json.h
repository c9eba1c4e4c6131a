// SPDX-License-Identifier: AGPL-3.0-or-later
// Writing JSON into a buf. Commas and quoting are looked after; nesting is checked by ASSERT.
// (Reading is jansson's job.) Numbers are written so that they read back to the same value.
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/base.h"
#include "base/buf.h"

struct json {
    struct buf *out;
    int depth;
    uint64_t has_item; // bit per depth: something stands before
    bool after_key;
};

void json_init(struct json *j, struct buf *out);
void json_open(struct json *j, char kind);  // '{' or '['
void json_close(struct json *j, char kind); // '}' or ']'
void json_key(struct json *j, const char *key);
void json_str(struct json *j, str s); // none is written as null
void json_i64(struct json *j, int64_t v);
void json_f64(struct json *j, double v);            // shortest form that reads back equal
void json_fixed(struct json *j, double v, int dec); // at most `dec` decimals, no trailing zeros
void json_bool(struct json *j, bool v);
void json_none(struct json *j);

// key and value in one go
void json_kv_str(struct json *j, const char *key, str s);
void json_kv_i64(struct json *j, const char *key, int64_t v);

#endif
