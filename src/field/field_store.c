// SPDX-License-Identifier: AGPL-3.0-or-later
// Devices, keys, records from paper and forms, held and erased ones.
#include "base/base.h"
#include "base/random.h"
#include "field/field.h"
#include "field/field_parts.h"
#include "field/field_sql.h"
#include "field/seal.h"
#include "store/audit.h"

#include <sodium.h>

// ---- keys --------------------------------------------------------------------------------------

err field_key_now(struct db_tx *tx, int64_t now_ms, int64_t *ret_id, str *ret_public)
{
    struct q_field_key_newest have;
    bool found;
    TRY(q_field_key_newest_one(tx, tx->a, &have, &found));
    if (found) {
        *ret_id = have.id;
        *ret_public = have.public_key;
        return NULL;
    }
    struct seal_key k;
    TRY(seal_key_make(tx->a, &k));
    struct q_field_key_insert made;
    *ret_public = (str){arena_copy(tx->a, k.public, sizeof k.public), sizeof k.public};
    err e =
        q_field_key_insert_one(tx, tx->a,
                               &(struct q_field_key_insert_in){
                                   *ret_public, (str){(char *)k.private, sizeof k.private}, now_ms},
                               &made, &found);
    sodium_memzero(&k, sizeof k);
    *ret_id = made.id;
    return e;
}

// ---- devices -----------------------------------------------------------------------------------

void field_token_hash(str token, unsigned char ret[FIELD_TOKEN_HASH])
{
    crypto_generichash(ret, FIELD_TOKEN_HASH, (const unsigned char *)(token.p ? token.p : ""),
                       token.n, NULL, 0);
}

err field_device_give(struct db_tx *tx, const struct actor *who, str id, str name, str token,
                      int64_t now_ms, int64_t expires_ms)
{
    if (!who->account.v)
        return err_new(tx->a, ERR_DENIED, "Sign in first.");
    unsigned char hash[FIELD_TOKEN_HASH];
    field_token_hash(token, hash);
    str kept = {arena_copy(tx->a, hash, sizeof hash), sizeof hash};
    struct q_field_device_by_id had;
    bool found;
    TRY(q_field_device_by_id_one(tx, tx->a, &(struct q_field_device_by_id_in){id}, &had, &found));
    if (found && had.account.v != who->account.v)
        return err_new(tx->a, ERR_CONFLICT, "This phone belongs to somebody else's account.");
    TRY(audit_add(tx, now_ms, who, STR("device_given"),
                  str_fmt(tx->a, "device:%" PRIstr, ARGstr(id)), STR("")));
    if (found)
        return q_field_device_renew(tx,
                                    &(struct q_field_device_renew_in){id, name, kept, expires_ms});
    return q_field_device_insert(
        tx, &(struct q_field_device_insert_in){id, who->account, name, kept, now_ms, expires_ms});
}

err field_device_close(struct db_tx *tx, const struct actor *who, str id, int64_t now_ms)
{
    struct q_field_device_by_id had;
    bool found;
    TRY(q_field_device_by_id_one(tx, tx->a, &(struct q_field_device_by_id_in){id}, &had, &found));
    if (!found)
        return err_new(tx->a, ERR_NOT_FOUND, "There is no such phone.");
    if (who->role != ROLE_COORDINATOR && had.account.v != who->account.v)
        return err_new(tx->a, ERR_DENIED, "This is somebody else's phone.");
    TRY(audit_add(tx, now_ms, who, STR("device_closed"),
                  str_fmt(tx->a, "device:%" PRIstr, ARGstr(id)), STR("")));
    return q_field_device_set_closed(tx, &(struct q_field_device_set_closed_in){id, now_ms});
}

#define DEVICE_OF(r)                                                                               \
    ((struct field_device){(r)->id, (r)->account, (r)->name, (r)->made_ms, (r)->expires_ms,        \
                           (r)->closed_ms.has, (r)->seen_ms, (r)->clock_ms})

err field_device_list(struct db_tx *tx, const struct actor *who, struct arena *a,
                      struct field_device **ret, size_t *ret_n)
{
    if (who->role == ROLE_COORDINATOR) {
        struct q_field_devices *v;
        TRY(q_field_devices_all(tx, a, &v, ret_n));
        *ret = arena_new_array(a, *ret_n, struct field_device);
        for (size_t i = 0; i < *ret_n; i++)
            (*ret)[i] = DEVICE_OF(&v[i]);
        return NULL;
    }
    struct q_field_devices_of *v;
    TRY(q_field_devices_of_all(tx, a, &(struct q_field_devices_of_in){who->account}, &v, ret_n));
    *ret = arena_new_array(a, *ret_n, struct field_device);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret)[i] = DEVICE_OF(&v[i]);
    return NULL;
}

// ---- paper and forms ---------------------------------------------------------------------------

// A form's record has its form's number, so that both are one thing.
static str desk_of(struct arena *a, const struct field_entry *e)
{
    return str_fmt(a, "desk-%lld", (long long)e->account.v);
}

// The canonical bytes: keys sorted, no blanks, whole numbers only.
static str body_of(struct arena *a, const struct field_entry *e)
{
    json_t *body = json_pack("{s:s%, s:I, s:I, s:O}", "kind", e->kind.p, e->kind.n, "by",
                             (json_int_t)e->account.v, "t", (json_int_t)e->at_ms, "d", e->words);
    ASSERT(body != NULL);
    char *text = json_dumps(body, JSON_COMPACT | JSON_SORT_KEYS);
    ASSERT(text != NULL);
    str kept = str_copy(a, str_c(text));
    free(text);
    json_decref(body);
    return kept;
}

err field_enter(struct db_tx *tx, const struct field_kind *const *kinds,
                const struct field_entry *e, str *ret_record, str *ret_hold, bool *ret_new)
{
    struct q_field_form_get form;
    TRY(q_field_form_get_one(tx, tx->a, &(struct q_field_form_get_in){e->form_id}, &form, ret_new));
    *ret_new = !*ret_new;
    *ret_record = *ret_new ? e->form_id : form.record;
    *ret_hold = STR_NONE;
    if (!*ret_new)
        return NULL;
    struct q_field_desk_next next;
    bool found;
    str desk = desk_of(tx->a, e);
    TRY(q_field_desk_next_one(tx, tx->a, &(struct q_field_desk_next_in){desk}, &next, &found));
    struct field_record r = {.id = e->form_id,
                             .device = desk,
                             .seq = next.seq,
                             .kind = e->kind,
                             .via = e->via,
                             .account = e->account,
                             .phone_ms = e->at_ms,
                             .sent_ms = e->now_ms,
                             .received_ms = e->now_ms,
                             .at_ms = e->at_ms,
                             .body = body_of(tx->a, e),
                             .words = e->words};
    r.sha = sha256_hex(tx->a, r.body);
    TRY(field_hand_over(tx, kinds, &r, ret_hold));
    TRY(field_keep(tx, &r, str_is_none(*ret_hold) ? "done" : "held",
                   str_is_none(*ret_hold) ? STR("") : *ret_hold));
    return q_field_form_insert(
        tx, &(struct q_field_form_insert_in){e->form_id, e->account, r.id, e->now_ms});
}

// ---- held records ------------------------------------------------------------------------------

static err for_the_coordinator(struct db_tx *tx, const struct actor *who)
{
    if (who->role == ROLE_COORDINATOR)
        return NULL;
    return err_new(tx->a, ERR_DENIED, "Held records are for the coordinator.");
}

err field_held_list(struct db_tx *tx, const struct actor *who, struct arena *a,
                    struct field_held **ret, size_t *ret_n)
{
    TRY(for_the_coordinator(tx, who));
    struct q_field_held *v;
    TRY(q_field_held_all(tx, a, &v, ret_n));
    *ret = arena_new_array(a, *ret_n, struct field_held);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret)[i] = (struct field_held){v[i].id,  v[i].sha,         v[i].device, v[i].kind,
                                        v[i].why, v[i].received_ms, v[i].opened};
    return NULL;
}

static err read_back(struct db_tx *tx, str id, str sha, struct field_record *ret)
{
    struct q_field_record_get r;
    bool found;
    TRY(q_field_record_get_one(tx, tx->a, &(struct q_field_record_get_in){id, sha}, &r, &found));
    if (!found)
        return err_new(tx->a, ERR_NOT_FOUND, "There is no such record.");
    *ret = (struct field_record){
        .id = r.id,
        .sha = r.sha,
        .device = r.device,
        .seq = r.seq,
        .kind = r.kind,
        .via = r.via,
        .account = r.account,
        .phone_ms = r.phone_ms,
        .sent_ms = r.sent_ms,
        .received_ms = r.received_ms,
        .at_ms = r.at_ms,
        .uncertain = r.uncertain,
        .body = r.body,
        .words = json_object_get(field_json(tx->a, r.body), "d"),
    };
    return NULL;
}

err field_held_settle(struct db_tx *tx, const struct field_kind *const *kinds,
                      const struct actor *who, str id, str sha, bool keep, int64_t now_ms)
{
    TRY(for_the_coordinator(tx, who));
    struct field_record r;
    TRY(read_back(tx, id, sha, &r));
    TRY(audit_add(tx, now_ms, who, keep ? STR("record_taken_up") : STR("record_put_aside"),
                  str_fmt(tx->a, "record:%" PRIstr, ARGstr(id)), STR("")));
    if (!keep)
        return q_field_record_set_state(
            tx, &(struct q_field_record_set_state_in){id, sha, STR("aside"), STR("")});
    if (!r.words)
        return err_new(tx->a, ERR_CONFLICT,
                       "This record cannot be opened, so it cannot be taken up.");
    str hold;
    TRY(field_hand_over(tx, kinds, &r, &hold));
    if (!str_is_none(hold))
        return err_new(tx->a, ERR_CONFLICT, "%" PRIstr, ARGstr(hold));
    return q_field_record_set_state(
        tx, &(struct q_field_record_set_state_in){id, sha, STR("done"), STR("")});
}

// ---- erasing -----------------------------------------------------------------------------------

static str id_hash(struct arena *a, str id)
{
    unsigned char hash[FIELD_TOKEN_HASH];
    field_token_hash(id, hash);
    return (str){arena_copy(a, hash, sizeof hash), sizeof hash};
}

err field_is_erased(struct db_tx *tx, str id, bool *ret)
{
    struct q_field_erased_is row;
    return q_field_erased_is_one(tx, tx->a, &(struct q_field_erased_is_in){id_hash(tx->a, id)},
                                 &row, ret);
}

static err drop_files(struct db_tx *tx, str record)
{
    struct q_field_files_of *v;
    size_t n;
    TRY(q_field_files_of_all(tx, tx->a, &(struct q_field_files_of_in){record}, &v, &n));
    TRY(q_field_files_wipe(tx, &(struct q_field_files_wipe_in){record}));
    for (size_t i = 0; i < n; i++) {
        int64_t gone;
        TRY(q_field_blob_unused_count(tx, &(struct q_field_blob_unused_in){v[i].sha}, &gone));
        if (gone)
            TRY(q_field_pieces_delete(tx, &(struct q_field_pieces_delete_in){v[i].sha}));
    }
    return NULL;
}

err field_erase(struct db_tx *tx, const struct field_kind *const *kinds, str id, int64_t now_ms)
{
    struct q_field_record_of *v;
    size_t n;
    TRY(q_field_record_of_all(tx, tx->a, &(struct q_field_record_of_in){id}, &v, &n));
    for (size_t i = 0; i < n; i++) {
        struct field_record r;
        TRY(read_back(tx, id, v[i].sha, &r));
        const struct field_kind *k = field_kind_of(kinds, r.kind);
        if (str_eq(v[i].state, STR("done")) && k && k->drop)
            TRY(k->drop(tx, &r));
    }
    TRY(drop_files(tx, id));
    TRY(q_field_sealed_wipe(tx, &(struct q_field_sealed_wipe_in){id}));
    TRY(q_field_record_wipe(tx, &(struct q_field_record_wipe_in){id}));
    return q_field_erased_insert(tx,
                                 &(struct q_field_erased_insert_in){id_hash(tx->a, id), now_ms});
}
