// SPDX-License-Identifier: AGPL-3.0-or-later
// How a batch of sealed records is opened and taken in.
#include "base/base.h"
#include "base/buf.h"
#include "field/field.h"
#include "field/field_parts.h"
#include "field/field_sql.h"
#include "field/seal.h"

#include <sodium.h>
#include <string.h>

// ---- opening -----------------------------------------------------------------------------------

static const struct q_field_key_all *key_of(const struct q_field_key_all *keys, size_t n,
                                            int64_t id)
{
    for (size_t i = 0; i < n; i++)
        if (keys[i].id == id)
            return &keys[i];
    return NULL;
}

static void open_one(struct arena *a, const struct q_field_key_all *key, str device,
                     struct field_sealed *s)
{
    s->damaged = !str_eq(sha256_hex(a, s->bytes), s->sha);
    if (s->damaged || !key || key->public_key.n != SEAL_PUBLIC ||
        key->private_key.n != SEAL_PRIVATE)
        return;
    struct seal_key k;
    memcpy(k.public, key->public_key.p, SEAL_PUBLIC);
    memcpy(k.private, key->private_key.p, SEAL_PRIVATE);
    s->opened = !seal_open(a, &k, s->bytes, seal_bound_to(a, s->id, device, s->seq), &s->plain);
    sodium_memzero(&k, sizeof k);
}

err field_open(struct db_tx *tx, struct field_batch *b)
{
    struct q_field_key_all *keys;
    size_t n;
    TRY(q_field_key_all_all(tx, tx->a, &keys, &n));
    for (size_t i = 0; i < b->n; i++)
        open_one(tx->a, key_of(keys, n, b->rec[i].key), b->device, &b->rec[i]);
    return NULL;
}

// ---- what a record says ------------------------------------------------------------------------

static void end_json(void *p)
{
    json_decref(p);
}

json_t *field_json(struct arena *a, str text)
{
    json_t *v = json_loadb(text.p ? text.p : "", text.n, JSON_REJECT_DUPLICATES, NULL);
    if (v)
        arena_on_end(a, end_json, v);
    return v;
}

str field_text(struct arena *a, const json_t *words, const char *key, size_t max)
{
    const json_t *v = json_object_get(words, key);
    if (!json_is_string(v) || json_string_length(v) > max)
        return STR_NONE;
    return str_copy(a, (str){json_string_value(v), json_string_length(v)});
}

int64_t field_number(const json_t *words, const char *key, int64_t otherwise)
{
    const json_t *v = json_object_get(words, key);
    return json_is_integer(v) ? json_integer_value(v) : otherwise;
}

// The difference between the server's clock and the phone's when the record was made: as measured
// in the same run of its page, else as the phone knew it then, else as it is now.
static int64_t clock_difference(const struct field_batch *b, const json_t *body)
{
    const json_t *boot = json_object_get(body, "boot");
    const json_t *measured =
        json_is_string(boot) ? json_object_get(b->boots, json_string_value(boot)) : NULL;
    if (json_is_integer(measured))
        return json_integer_value(measured);
    return field_number(body, "off", b->received_ms - b->phone_now_ms);
}

// Reads the body of an opened record. false: it is none we understand.
static bool read_body(struct arena *a, const struct field_batch *b, struct field_record *r)
{
    json_t *body = field_json(a, r->body);
    r->words = json_object_get(body, "d");
    r->kind = field_text(a, body, "kind", 40);
    r->account = (account_id){field_number(body, "by", 0)};
    r->phone_ms = field_number(body, "t", -1);
    if (!body || !json_is_object(r->words) || str_is_none(r->kind) || r->phone_ms < 0 ||
        r->phone_ms > INT64_MAX / 4)
        return false;
    r->at_ms = r->phone_ms + clock_difference(b, body);
    return true;
}

const struct field_kind *field_kind_of(const struct field_kind *const *kinds, str name)
{
    for (; kinds && *kinds; kinds++)
        if (str_eq(str_c((*kinds)->name), name))
            return *kinds;
    return NULL;
}

// ---- time --------------------------------------------------------------------------------------

// A time that cannot be is moved to the nearest that can; one that does not fit between its
// neighbours in the phone's own order is only marked.
static err judge_time(struct db_tx *tx, struct field_record *r, int64_t device_since_ms)
{
    if (r->at_ms > r->received_ms + FIELD_CLOCK_SLACK_MS) {
        r->at_ms = r->received_ms;
        r->uncertain = true;
    } else if (r->at_ms < device_since_ms - FIELD_CLOCK_SLACK_MS) {
        r->at_ms = device_since_ms;
        r->uncertain = true;
    }
    struct q_field_before before;
    struct q_field_after after;
    bool is_before, is_after;
    TRY(q_field_before_one(tx, tx->a, &(struct q_field_before_in){r->device, r->seq}, &before,
                           &is_before));
    TRY(q_field_after_one(tx, tx->a, &(struct q_field_after_in){r->device, r->seq}, &after,
                          &is_after));
    if ((is_before && before.at_ms > r->at_ms + FIELD_CLOCK_SLACK_MS) ||
        (is_after && after.at_ms < r->at_ms - FIELD_CLOCK_SLACK_MS))
        r->uncertain = true;
    return NULL;
}

// ---- taking in ---------------------------------------------------------------------------------

err field_keep(struct db_tx *tx, const struct field_record *r, const char *state, str why)
{
    return q_field_record_insert(
        tx, &(struct q_field_record_insert_in){.id = r->id,
                                               .sha = r->sha,
                                               .device = r->device,
                                               .seq = r->seq,
                                               .kind = str_is_none(r->kind) ? STR("") : r->kind,
                                               .via = r->via,
                                               .account = r->account,
                                               .phone_ms = r->phone_ms,
                                               .sent_ms = r->sent_ms,
                                               .received_ms = r->received_ms,
                                               .at_ms = r->at_ms,
                                               .uncertain = r->uncertain,
                                               .body = r->body,
                                               .state = str_c(state),
                                               .why = why});
}

err field_hand_over(struct db_tx *tx, const struct field_kind *const *kinds,
                    const struct field_record *r, str *ret_hold)
{
    *ret_hold = STR_NONE;
    if (str_eq(r->kind, STR("void")))
        return NULL;
    const struct field_kind *k = field_kind_of(kinds, r->kind);
    if (!k) {
        *ret_hold = STR("This program does not know records of this kind.");
        return NULL;
    }
    TRY(k->check(tx, r, ret_hold));
    return str_is_none(*ret_hold) ? k->take(tx, r) : NULL;
}

// What is known of the device a batch comes from.
struct sender {
    bool known;
    struct q_field_device_by_id device;
    str doubt; // why its records are held; none when all is well
    int64_t strangers;
};

static err look_at_sender(struct db_tx *tx, const struct field_batch *b, struct sender *ret)
{
    TRY(q_field_device_by_id_one(tx, tx->a, &(struct q_field_device_by_id_in){b->device},
                                 &ret->device, &ret->known));
    unsigned char hash[FIELD_TOKEN_HASH];
    field_token_hash(b->token, hash);
    const struct q_field_device_by_id *d = &ret->device;
    if (!ret->known)
        ret->doubt = STR("stranger");
    else if (!str_eq(d->token_hash, (str){(char *)hash, sizeof hash}))
        ret->doubt = STR("wrong-token");
    else if (d->closed_ms.has)
        ret->doubt = STR("closed-device");
    else if (d->expires_ms < b->received_ms)
        ret->doubt = STR("expired-token");
    if (ret->known)
        return NULL;
    // What strangers may leave here is bounded; beyond it they are told nothing, and keep it.
    struct q_field_held_strangers held;
    bool found;
    TRY(q_field_held_strangers_one(tx, tx->a, &held, &found));
    ret->strangers = held.n;
    if (ret->strangers + (int64_t)b->n > FIELD_STRANGERS_MAX)
        return err_new(tx->a, ERR_BUSY,
                       "Too many records of unknown devices wait to be looked at.");
    return NULL;
}

static err hold(struct db_tx *tx, const struct field_sealed *s, const struct field_record *r,
                str why)
{
    TRY(field_keep(tx, r, "held", why));
    if (s->opened)
        return NULL;
    return q_field_sealed_insert(
        tx, &(struct q_field_sealed_insert_in){s->id, s->sha, s->key, s->bytes});
}

// A record nobody has sent before.
static err take_new(struct db_tx *tx, const struct field_kind *const *kinds,
                    const struct field_batch *b, const struct sender *from,
                    const struct field_sealed *s, str other, enum field_fate *ret, str *ret_why)
{
    struct field_record r = {.id = s->id,
                             .sha = s->sha,
                             .device = b->device,
                             .seq = s->seq,
                             .via = STR("phone"),
                             .sent_ms = b->phone_now_ms,
                             .received_ms = b->received_ms,
                             .at_ms = b->received_ms,
                             .body = s->opened ? s->plain : STR_NONE};
    str why = other;
    bool read = s->opened && read_body(tx->a, b, &r);
    if (read)
        TRY(judge_time(tx, &r, from->known ? from->device.made_ms : 0));
    if (str_is_none(why))
        why = !s->opened ? STR("cannot-open") : !read ? STR("cannot-read") : from->doubt;
    if (!from->known || r.account.v != from->device.account.v) {
        r.account = (account_id){0}; // whoever it says wrote it stands in its body
        why = str_is_none(why) ? STR("other-account") : why;
    }
    if (str_is_none(why))
        TRY(field_hand_over(tx, kinds, &r, &why));
    *ret = str_is_none(why) ? FIELD_STORED : FIELD_HELD;
    *ret_why = why;
    if (*ret == FIELD_HELD)
        return hold(tx, s, &r, why);
    return field_keep(tx, &r, str_eq(r.kind, STR("void")) ? "void" : "done", STR(""));
}

static err take_one(struct db_tx *tx, const struct field_kind *const *kinds,
                    const struct field_batch *b, const struct sender *from,
                    const struct field_sealed *s, enum field_fate *ret, str *ret_why)
{
    bool erased;
    TRY(field_is_erased(tx, s->id, &erased));
    if (erased || s->damaged) {
        *ret = erased ? FIELD_ERASED : FIELD_DAMAGED;
        return NULL;
    }
    struct q_field_record_of *had;
    size_t n;
    TRY(q_field_record_of_all(tx, tx->a, &(struct q_field_record_of_in){s->id}, &had, &n));
    for (size_t i = 0; i < n; i++)
        if (str_eq(had[i].sha, s->sha)) {
            *ret = str_eq(had[i].state, STR("held")) ? FIELD_HELD : FIELD_STORED;
            *ret_why = STR("again");
            return NULL;
        }
    return take_new(tx, kinds, b, from, s, n ? STR("other-hash") : STR_NONE, ret, ret_why);
}

// "1-41,43-60" and the numbers between.
static err say_numbers(struct db_tx *tx, str device, struct field_receipt *ret)
{
    enum { ASK_MAX = 500 };
    struct q_field_have *v;
    size_t n;
    TRY(q_field_have_all(tx, tx->a, &(struct q_field_have_in){device}, &v, &n));
    struct buf have;
    buf_init(&have, tx->a, FIELD_BODY_MAX);
    ret->ask = arena_new_array(tx->a, ASK_MAX, int64_t);
    ret->n_ask = 0;
    int64_t next = 1;
    for (size_t i = 0; i < n; i++) {
        for (; next < v[i].low && ret->n_ask < ASK_MAX; next++)
            ret->ask[ret->n_ask++] = next;
        next = v[i].high + 1;
        buf_fmt(&have, "%s%lld", i ? "," : "", (long long)v[i].low);
        if (v[i].low != v[i].high)
            buf_fmt(&have, "-%lld", (long long)v[i].high);
    }
    ret->have = buf_text(&have);
    return NULL;
}

err field_take(struct db_tx *tx, const struct field_kind *const *kinds, const struct field_batch *b,
               struct field_receipt *ret)
{
    struct sender from = {0};
    TRY(look_at_sender(tx, b, &from));
    ret->fate = arena_new_array(tx->a, b->n, enum field_fate);
    ret->why = arena_new_array(tx->a, b->n, str);
    for (size_t i = 0; i < b->n; i++)
        TRY(take_one(tx, kinds, b, &from, &b->rec[i], &ret->fate[i], &ret->why[i]));
    if (from.known)
        TRY(q_field_device_seen(
            tx, &(struct q_field_device_seen_in){b->device, b->received_ms,
                                                 b->received_ms - b->phone_now_ms}));
    return say_numbers(tx, b->device, ret);
}
