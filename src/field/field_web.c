// SPDX-License-Identifier: AGPL-3.0-or-later
// What phones say to the server, and the coordinator's page of held records and phones.
//
//   POST /sync        {"doorstep":"batch/1","device":D,"now":t,"boots":{B:ms},"rec":[
//                      {"id":I,"seq":42,"key":K,"sha":H,"sealed":base64}, …]}
//   201               {"doorstep":"receipt/1","server":S,"now":t,"stored":[[I,H],…],
//                      "quarantine":[[I,H,"other-hash"],…],"erased":[I,…],"damaged":[I,…],
//                      "have":"1-41,43-60","ask":[42]}
//
// Any other answer means "not sent", whatever its status.
#include "base/base.h"
#include "base/json.h"
#include "field/field.h"
#include "field/field_pages.h"
#include "field/field_parts.h"
#include "field/field_tmpl.h"

#include <sodium.h>

// ---- reading a batch ---------------------------------------------------------------------------

static bool unbase64(struct arena *a, str text, str *ret)
{
    size_t cap = text.n / 4 * 3 + 3, n;
    unsigned char *p = arena_alloc(a, cap);
    if (sodium_base642bin(p, cap, text.p, text.n, NULL, &n, NULL, sodium_base64_VARIANT_ORIGINAL))
        return false;
    *ret = (str){(char *)p, n};
    return true;
}

// An id becomes part of pages, addresses and logs: letters, digits and dashes only.
static bool id_ok(str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] >= '0' && s.p[i] <= '9') || (s.p[i] >= 'a' && s.p[i] <= 'z') ||
              s.p[i] == '-'))
            return false;
    return s.n > 0 && s.n <= 64;
}

static bool read_record(struct arena *a, const json_t *v, struct field_sealed *ret)
{
    ret->id = field_text(a, v, "id", 64);
    ret->sha = field_text(a, v, "sha", 64);
    ret->seq = field_number(v, "seq", 0);
    ret->key = field_number(v, "key", 0);
    str sealed = field_text(a, v, "sealed", FIELD_RECORD_MAX / 3 * 4 + 4);
    return id_ok(ret->id) && ret->sha.n == 64 && id_ok(ret->sha) && ret->seq > 0 &&
           ret->seq < INT64_MAX / 2 && !str_is_none(sealed) && unbase64(a, sealed, &ret->bytes);
}

static bool read_batch(struct req *r, struct field_batch *b)
{
    json_t *v = field_json(r->a, r->body);
    const json_t *rec = json_object_get(v, "rec");
    if (!v || !str_eq(field_text(r->a, v, "doorstep", 20), STR("batch/1")) || !json_is_array(rec) ||
        json_array_size(rec) > FIELD_BATCH_MAX)
        return false;
    b->device = field_text(r->a, v, "device", 64);
    b->phone_now_ms = field_number(v, "now", -1);
    b->boots = json_object_get(v, "boots");
    b->n = json_array_size(rec);
    b->rec = arena_new_array(r->a, b->n, struct field_sealed);
    for (size_t i = 0; i < b->n; i++)
        if (!read_record(r->a, json_array_get(rec, i), &b->rec[i]))
            return false;
    return id_ok(b->device) && b->phone_now_ms >= 0 && b->phone_now_ms < INT64_MAX / 4;
}

// ---- the receipt -------------------------------------------------------------------------------

static void put_pairs(struct json *j, const char *key, const struct field_batch *b,
                      const struct field_receipt *f, enum field_fate fate)
{
    json_key(j, key);
    json_open(j, '[');
    for (size_t i = 0; i < b->n; i++) {
        if (f->fate[i] != fate)
            continue;
        json_open(j, '[');
        json_str(j, b->rec[i].id);
        json_str(j, b->rec[i].sha);
        if (fate == FIELD_HELD)
            json_str(j, f->why[i]);
        json_close(j, ']');
    }
    json_close(j, ']');
}

static void put_ids(struct json *j, const char *key, const struct field_batch *b,
                    const struct field_receipt *f, enum field_fate fate)
{
    json_key(j, key);
    json_open(j, '[');
    for (size_t i = 0; i < b->n; i++)
        if (f->fate[i] == fate)
            json_str(j, b->rec[i].id);
    json_close(j, ']');
}

static void say_receipt(struct req *r, const struct field_batch *b, const struct field_receipt *f)
{
    req_file(r, "application/json; charset=utf-8", STR_NONE);
    r->status = 201;
    r->no_store = true;
    struct json j;
    json_init(&j, &r->out);
    json_open(&j, '{');
    json_kv_str(&j, "doorstep", STR("receipt/1"));
    json_kv_str(&j, "server", str_c(r->site->build));
    json_kv_i64(&j, "now", r->now_ms);
    put_pairs(&j, "stored", b, f, FIELD_STORED);
    put_pairs(&j, "quarantine", b, f, FIELD_HELD);
    put_ids(&j, "erased", b, f, FIELD_ERASED);
    put_ids(&j, "damaged", b, f, FIELD_DAMAGED);
    json_kv_str(&j, "have", f->have);
    json_key(&j, "ask");
    json_open(&j, '[');
    for (size_t i = 0; i < f->n_ask; i++)
        json_i64(&j, f->ask[i]);
    json_close(&j, ']');
    json_close(&j, '}');
}

static err take_batch(struct db_tx *tx, struct req *r)
{
    struct field_batch *b = r->ctx;
    struct field_receipt f;
    TRY(field_take(tx, r->site->field_kinds, b, &f));
    say_receipt(r, b, &f);
    return NULL;
}

static err sync_post(struct req *r)
{
    struct field_batch *b = arena_new(r->a, struct field_batch);
    if (!read_batch(r, b)) {
        req_error(r, 422, STR("This is no batch of records."));
        return NULL;
    }
    b->token = r->bearer;
    b->received_ms = r->now_ms;
    struct db_tx *tx;
    TRY(req_tx(r, &tx));
    TRY(field_open(tx, b));
    r->ctx = b;
    return req_write(r, take_batch);
}

// ---- phones and held records -------------------------------------------------------------------

const char *field_why_words(struct arena *a, str why)
{
    static const struct {
        const char *word, *sentence;
    } known[] = {
        {"stranger", N_("No list was ever given to this phone here.")},
        {"wrong-token", N_("It came without this phone's key.")},
        {"closed-device", N_("This phone had been closed.")},
        {"expired-token", N_("This phone's time was over.")},
        {"other-hash", N_("There is another record with the same number and other words.")},
        {"cannot-open", N_("It could not be opened.")},
        {"cannot-read", N_("It was opened, but it says nothing this program understands.")},
        {"other-account",
         N_("It says it was written by somebody else than this phone belongs to.")},
    };
    for (size_t i = 0; i < countof(known); i++)
        if (str_eq(why, str_c(known[i].word)))
            return known[i].sentence;
    return str_z(a, why);
}

static err held_page(struct req *r)
{
    struct db_tx *tx;
    TRY(req_tx(r, &tx));
    struct field_view v = {.now_ms = r->now_ms};
    struct field_held *held;
    struct field_device *device;
    TRY(field_held_list(tx, r->actor, r->a, &held, &v.n_held));
    TRY(field_device_list(tx, r->actor, r->a, &device, &v.n_device));
    v.held = held;
    v.device = device;
    field_page(req_page(r, 200), &v);
    return NULL;
}

static err settle(struct db_tx *tx, struct req *r)
{
    bool keep = str_eq(req_field(r, "do"), STR("take"));
    TRY(field_held_settle(tx, r->site->field_kinds, r->actor, req_field(r, "id"),
                          req_field(r, "sha"), keep, r->now_ms));
    req_flash(r, keep ? STR("The record was taken up.") : STR("The record was put aside."));
    req_redirect(r, STR("/team/field"));
    return NULL;
}

static err held_post(struct req *r)
{
    return req_write(r, settle);
}

static err close_device(struct db_tx *tx, struct req *r)
{
    TRY(field_device_close(tx, r->actor, r->param[0], r->now_ms));
    req_flash(r, STR("This phone may not send any more. What it still has will be held."));
    req_redirect(r, STR("/team/field"));
    return NULL;
}

static err device_close_post(struct req *r)
{
    return req_write(r, close_device);
}

static const struct field held_fields[] = {
    {"id", "the record", FIELD_TEXT, .needed = true, .max = 64},
    {"sha", "the record", FIELD_TEXT, .needed = true, .max = 64},
    {"do", "what to do", FIELD_CHOICE, .needed = true, .choices = "take|aside"},
    {0},
};

const struct route field_routes[] = {
    {POST, "/sync", MAY_EVERYONE, sync_post, NULL, "Take sealed records from a phone, by its token",
     ROUTE_DEVICE, FIELD_BODY_MAX, NULL},
    {GET, "/team/field", MAY_COORDINATOR, held_page, NULL,
     "See phones, and records that have to be looked at", 0, 0, NULL},
    {POST, "/team/field/held", MAY_COORDINATOR, held_post, held_fields,
     "Take a held record up, or put it aside", 0, 0, NULL},
    {POST, "/team/field/devices/:id/close", MAY_COORDINATOR, device_close_post, NULL,
     "End what a phone may send", 0, 0, "phone-1"},
    {0},
};
