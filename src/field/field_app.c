// SPDX-License-Identifier: AGPL-3.0-or-later
// What a phone asks before it can keep anything: the key it seals to, and leave to append.
//
//   GET  /field/pack.json   {"doorstep":"pack/1","now":t,"account":7,"form":F,
//                            "key":{"id":1,"public":base64}}
//   POST /field/device      device, key, name → 201 {"doorstep":"device/1","device":D,"expires":t}
//
// The phone makes its id and its key (128 and 256 bits of chance) and keeps them before it asks. So
// an answer that is lost costs nothing: the same question again gives the same phone.
#include "base/base.h"
#include "base/json.h"
#include "field/field.h"

#include <sodium.h>

// Longer than any shift, because a phone may come back from the bottom of a bag.
#define DEVICE_LIFE_MS (14 * INT64_C(86400000))
enum { DEVICE_ID = 32, DEVICE_KEY = 43 }; // characters: 16 bytes in hexadecimal, 32 in base64url

static struct json answer_json(struct req *r, int status, const char *marker)
{
    struct json j;
    req_file(r, "application/json; charset=utf-8", STR_NONE);
    r->status = status;
    r->no_store = true;
    json_init(&j, &r->out);
    json_open(&j, '{');
    json_kv_str(&j, "doorstep", str_c(marker));
    return j;
}

static str base64(struct arena *a, str bytes)
{
    size_t n = sodium_base64_encoded_len(bytes.n, sodium_base64_VARIANT_ORIGINAL);
    char *p = arena_alloc(a, n);
    sodium_bin2base64(p, n, (const unsigned char *)bytes.p, bytes.n,
                      sodium_base64_VARIANT_ORIGINAL);
    return str_c(p);
}

// The key is made at the first question, so this is a write.
static err pack_write(struct db_tx *tx, struct req *r)
{
    int64_t id;
    str public;
    TRY(field_key_now(tx, r->now_ms, &id, &public));
    struct json j = answer_json(r, 200, "pack/1");
    json_kv_i64(&j, "now", r->now_ms);
    json_kv_i64(&j, "account", r->actor->account.v);
    json_kv_str(&j, "form", r->page.token);
    json_key(&j, "key");
    json_open(&j, '{');
    json_kv_i64(&j, "id", id);
    json_kv_str(&j, "public", base64(r->a, public));
    json_close(&j, '}');
    json_close(&j, '}');
    return NULL;
}

static err pack_get(struct req *r)
{
    req_page(r, 200); // binds the form token to whoever is signed in
    return req_write(r, pack_write);
}

static bool all_of(str s, size_t n, const char *more, bool capitals)
{
    if (s.n != n)
        return false;
    for (size_t i = 0; i < n; i++) {
        char c = s.p[i];
        bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= (capitals ? 'z' : 'f')) ||
                     (capitals && c >= 'A' && c <= 'Z');
        if (!plain && (c != more[0] && c != more[1]))
            return false;
    }
    return true;
}

static err device_write(struct db_tx *tx, struct req *r)
{
    str id = req_field(r, "device"), name = req_field(r, "name");
    int64_t until = r->now_ms + DEVICE_LIFE_MS;
    TRY(field_device_give(tx, r->actor, id, name, req_field(r, "key"), r->now_ms, until));
    struct json j = answer_json(r, 201, "device/1");
    json_kv_str(&j, "device", id);
    json_kv_i64(&j, "expires", until);
    json_close(&j, '}');
    return NULL;
}

static err device_post(struct req *r)
{
    if (r->form.n_problems || !all_of(req_field(r, "device"), DEVICE_ID, "00", false) ||
        !all_of(req_field(r, "key"), DEVICE_KEY, "-_", true)) {
        req_error(r, 422, STR("A phone gives its number, its key and a name."));
        return NULL;
    }
    return req_write(r, device_write);
}

static const struct field device_fields[] = {
    {"device", "the phone's number", FIELD_TEXT, .needed = true, .max = DEVICE_ID},
    {"key", "the phone's key", FIELD_TEXT, .needed = true, .max = DEVICE_KEY},
    {"name", "the phone's name", FIELD_TEXT, .needed = true, .max = 60},
    {0},
};

const struct route field_app_routes[] = {
    {GET, "/field/pack.json", MAY_TEAM, pack_get, NULL, "Get what a phone needs to keep records", 0,
     0, NULL},
    {POST, "/field/device", MAY_TEAM, device_post, device_fields,
     "Let this phone send records in my name", 0, 0, NULL},
    {0},
};
