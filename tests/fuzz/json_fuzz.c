// SPDX-License-Identifier: AGPL-3.0-or-later
// Our JSON writer against the reader we rely on: whatever jansson reads, base/json.h writes so that
// jansson reads the same value again; and any text at all goes through as a string.
#include "base/base.h"
#include "base/json.h"
#include "base/utf8.h"

// Both have a json_null; ours is meant below, jansson's is not needed.
#define json_null jansson_null
#include <jansson.h>
#undef json_null
#include <math.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { DEEPEST = 60 }; // the writer's own limit, kept by ASSERT

static int depth_of(const json_t *v)
{
    int deepest = 0;
    if (json_is_array(v)) {
        for (size_t i = 0; i < json_array_size(v); i++) {
            int d = depth_of(json_array_get(v, i));
            deepest = d > deepest ? d : deepest;
        }
    } else if (json_is_object(v)) {
        json_t *o = (json_t *)(uintptr_t)v;
        for (void *it = json_object_iter(o); it; it = json_object_iter_next(o, it)) {
            int d = depth_of(json_object_iter_value(it));
            deepest = d > deepest ? d : deepest;
        }
    }
    return deepest + 1;
}

static void write(struct json *j, json_t *v)
{
    switch (json_typeof(v)) {
    case JSON_OBJECT:
        json_open(j, '{');
        for (void *it = json_object_iter(v); it; it = json_object_iter_next(v, it)) {
            json_key(j, json_object_iter_key(it));
            write(j, json_object_iter_value(it));
        }
        json_close(j, '}');
        break;
    case JSON_ARRAY:
        json_open(j, '[');
        for (size_t i = 0; i < json_array_size(v); i++)
            write(j, json_array_get(v, i));
        json_close(j, ']');
        break;
    case JSON_STRING: json_str(j, (str){json_string_value(v), json_string_length(v)}); break;
    case JSON_INTEGER: json_i64(j, json_integer_value(v)); break;
    case JSON_REAL: json_f64(j, json_real_value(v)); break;
    case JSON_TRUE: json_bool(j, true); break;
    case JSON_FALSE: json_bool(j, false); break;
    case JSON_NULL: json_str(j, STR_NONE); break;
    }
}

// Numbers by value: 1.0 may be written 1.
static bool same(json_t *a, json_t *b)
{
    if (json_is_number(a) && json_is_number(b))
        return json_number_value(a) == json_number_value(b);
    if (json_typeof(a) != json_typeof(b))
        return false;
    if (json_is_array(a)) {
        bool all = json_array_size(a) == json_array_size(b);
        for (size_t i = 0; all && i < json_array_size(a); i++)
            all = same(json_array_get(a, i), json_array_get(b, i));
        return all;
    }
    if (json_is_object(a)) {
        bool all = json_object_size(a) == json_object_size(b);
        for (void *it = json_object_iter(a); all && it; it = json_object_iter_next(a, it)) {
            json_t *other = json_object_get(b, json_object_iter_key(it));
            all = other && same(json_object_iter_value(it), other);
        }
        return all;
    }
    return json_equal(a, b);
}

static void written_reads_the_same(json_t *value)
{
    if (depth_of(value) > DEEPEST)
        return;
    struct arena a;
    arena_init(&a);
    struct buf out;
    buf_init(&out, &a, (size_t)1 << 26);
    struct json j;
    json_init(&j, &out);
    write(&j, value);
    json_t *again = json_loadb(out.p, out.n, JSON_DECODE_ANY, NULL);
    ASSERT(out.full || (again && same(value, again)));
    json_decref(again);
    arena_fini(&a);
}

static void text_goes_through(str text)
{
    struct arena a;
    arena_init(&a);
    str fine = utf8_repair(&a, text);
    struct buf out;
    buf_init(&out, &a, (size_t)1 << 26);
    struct json j;
    json_init(&j, &out);
    json_str(&j, fine.p ? fine : STR(""));
    json_t *again = json_loadb(out.p, out.n, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    ASSERT(again && str_eq((str){json_string_value(again), json_string_length(again)}, fine));
    json_decref(again);
    arena_fini(&a);
}

static void number_goes_through(const uint8_t *data, size_t size)
{
    double v = 0;
    memcpy(&v, data, size < sizeof v ? size : sizeof v);
    struct arena a;
    arena_init(&a);
    struct buf out;
    buf_init(&out, &a, 4096);
    struct json j;
    json_init(&j, &out);
    json_open(&j, '[');
    json_f64(&j, v);
    json_fixed(&j, v, 5);
    json_close(&j, ']');
    json_t *again = json_loadb(out.p, out.n, 0, NULL);
    if (isfinite(v) && fabs(v) < 1e15 && (v == 0 || fabs(v) > 1e-300)) {
        ASSERT(again && json_number_value(json_array_get(again, 0)) == v);
        ASSERT(fabs(json_number_value(json_array_get(again, 1)) - v) <= 5.1e-6 + fabs(v) * 1e-15);
    }
    json_decref(again);
    arena_fini(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    json_t *value = json_loadb((const char *)data, size, JSON_DECODE_ANY, NULL);
    if (value)
        written_reads_the_same(value);
    json_decref(value);
    text_goes_through((str){(const char *)data, size});
    number_goes_through(data, size);
    return 0;
}
