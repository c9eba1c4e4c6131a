// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "people/people.h"
#include "people/people_sql.h"
#include "store/store_sql.h"

#include <sodium.h>

enum { HASH = 32 };

static str hash_of(struct arena *a, str token)
{
    unsigned char *h = arena_alloc(a, HASH);
    crypto_generichash(h, HASH, (const unsigned char *)(token.p ? token.p : ""), token.n, NULL, 0);
    return (str){(const char *)h, HASH};
}

err account_add(struct db_tx *tx, const struct account_new *who, str hash, int64_t now_ms,
                account_id *ret)
{
    struct q_account_insert row;
    bool found;
    err e = q_account_insert_one(
        tx, tx->a,
        &(struct q_account_insert_in){str_lower(tx->a, who->login), who->name,
                                      str_c(role_word(who->role)), hash, now_ms},
        &row, &found);
    if (e && e->kind == ERR_CONFLICT)
        return err_new(tx->a, ERR_CONFLICT, "There is already an account called %" PRIstr ".",
                       ARGstr(who->login));
    TRY(e);
    *ret = row.id;
    return NULL;
}

err account_list(struct db_tx *tx, const struct actor *who, struct arena *a, struct account **ret,
                 size_t *ret_n)
{
    if (who->role != ROLE_COORDINATOR)
        return err_new(a, ERR_DENIED, "Only the coordinator may see the accounts.");
    struct q_account_rows *rows;
    TRY(q_account_rows_all(tx, a, &rows, ret_n));
    *ret = arena_new_array(a, *ret_n, struct account);
    for (size_t i = 0; i < *ret_n; i++) {
        struct account *x = &(*ret)[i];
        *x = (struct account){rows[i].id,  rows[i].login,      rows[i].name,
                              ROLE_PUBLIC, rows[i].created_ms, rows[i].disabled_ms.has};
        if (!role_parse(rows[i].role, &x->role))
            return err_new(a, ERR_BUG, "An account has an unknown role.");
    }
    return NULL;
}

err account_disable(struct db_tx *tx, str login, int64_t now_ms)
{
    int64_t n;
    TRY(q_account_set_disabled_count(
        tx, &(struct q_account_set_disabled_in){str_lower(tx->a, login), now_ms}, &n));
    if (n == 0)
        return err_new(tx->a, ERR_NOT_FOUND, "There is no active account called %" PRIstr ".",
                       ARGstr(login));
    return q_session_delete_login(tx, &(struct q_session_delete_login_in){str_lower(tx->a, login)});
}

err account_reopen(struct db_tx *tx, const struct actor *who, str login, str hash, account_id *ret)
{
    struct q_account_open_or_closed row;
    bool found;
    int64_t n;
    if (who->role != ROLE_COORDINATOR)
        return err_new(tx->a, ERR_DENIED, "Only the coordinator may open an account again.");
    TRY(q_account_open_or_closed_one(
        tx, tx->a, &(struct q_account_open_or_closed_in){str_lower(tx->a, login)}, &row, &found));
    if (!found)
        return err_new(tx->a, ERR_NOT_FOUND, "There is no account called %" PRIstr ".",
                       ARGstr(login));
    if (row.id.v == who->account.v)
        return err_new(tx->a, ERR_CONFLICT,
                       "You cannot open your own account again. Another coordinator can.");
    TRY(q_account_open_again_count(tx, &(struct q_account_open_again_in){row.id, hash}, &n));
    if (n == 0)
        return err_new(tx->a, ERR_CONFLICT, "The account %" PRIstr " is open already.",
                       ARGstr(login));
    *ret = row.id;
    return session_end_all(tx, row.id);
}

err account_own(struct db_tx *tx, const struct actor *who, struct arena *a, struct account *ret,
                str *ret_hash)
{
    struct q_account_get row;
    bool found;
    TRY(q_account_get_one(tx, a, &(struct q_account_get_in){who->account}, &row, &found));
    if (!found)
        return err_new(a, ERR_DENIED, "You need to sign in for this.");
    *ret = (struct account){row.id, row.login, row.name, who->role, row.created_ms, false};
    *ret_hash = row.password;
    return NULL;
}

static err account_changed(struct db_tx *tx)
{
    return err_new(tx->a, ERR_CONFLICT,
                   "This account was changed a moment ago. Sign in again to see how it is now.");
}

err account_set_password(struct db_tx *tx, const struct actor *who, str old_hash, str new_hash)
{
    int64_t n;
    TRY(q_account_set_password_count(
        tx, &(struct q_account_set_password_in){who->account, old_hash, new_hash}, &n));
    return n == 0 ? account_changed(tx) : session_end_all(tx, who->account);
}

err account_still(struct db_tx *tx, account_id who, str hash)
{
    struct q_account_get row;
    bool found;
    TRY(q_account_get_one(tx, tx->a, &(struct q_account_get_in){who}, &row, &found));
    return found && str_eq(row.password, hash) ? NULL : account_changed(tx);
}

err account_any(struct db_tx *tx, bool *ret)
{
    struct q_account_count row;
    bool found;
    TRY(q_account_count_one(tx, tx->a, &row, &found));
    *ret = row.n > 0;
    return NULL;
}

err account_by_login(struct db_tx *tx, struct arena *a, str login, struct account *ret,
                     str *ret_hash, bool *ret_found)
{
    struct q_account_find row;
    TRY(q_account_find_one(tx, a, &(struct q_account_find_in){str_lower(a, login)}, &row,
                           ret_found));
    *ret = (struct account){row.id, row.login, row.name, ROLE_PUBLIC, row.created_ms, false};
    *ret_hash = *ret_found ? row.password : STR_NONE;
    if (*ret_found && !role_parse(row.role, &ret->role))
        return err_new(a, ERR_BUG, "An account has an unknown role.");
    return NULL;
}

static err sweep(struct db_tx *tx, int64_t now_ms)
{
    return q_session_delete_old(
        tx, &(struct q_session_delete_old_in){now_ms - SESSION_IDLE_MS, now_ms - SESSION_MAX_MS});
}

err session_begin(struct db_tx *tx, account_id who, str device, str token, int64_t now_ms)
{
    TRY(sweep(tx, now_ms));
    return q_session_insert(
        tx, &(struct q_session_insert_in){hash_of(tx->a, token), who, now_ms, device});
}

err session_end(struct db_tx *tx, session_id s)
{
    return q_session_delete(tx, &(struct q_session_delete_in){s});
}

err session_end_all(struct db_tx *tx, account_id who)
{
    return q_session_delete_of(tx, &(struct q_session_delete_of_in){who});
}

err session_actor(struct db_tx *tx, struct arena *a, str token, int64_t now_ms,
                  const struct actor **ret, int64_t *ret_seen_ms)
{
    struct q_session_find row;
    bool found;
    *ret = NULL;
    TRY(q_session_find_one(tx, a, &(struct q_session_find_in){hash_of(a, token)}, &row, &found));
    if (!found || now_ms - row.seen_ms > SESSION_IDLE_MS ||
        now_ms - row.created_ms > SESSION_MAX_MS)
        return NULL;
    struct actor *who = arena_new(a, struct actor);
    *who = (struct actor){.account = row.account, .session = row.id, .name = row.name};
    if (!role_parse(row.role, &who->role))
        return err_new(a, ERR_BUG, "An account has an unknown role.");
    *ret = who;
    *ret_seen_ms = row.seen_ms;
    return NULL;
}

err session_touch(struct db_tx *tx, session_id s, int64_t now_ms)
{
    TRY(sweep(tx, now_ms)); // first, so that one that is over is not used into life again
    return q_session_seen(tx, &(struct q_session_seen_in){s, now_ms});
}

err session_list(struct db_tx *tx, const struct actor *who, struct arena *a, int64_t now_ms,
                 struct session **ret, size_t *ret_n)
{
    struct q_session_rows *rows;
    TRY(q_session_rows_all(tx, a,
                           &(struct q_session_rows_in){who->account, now_ms - SESSION_IDLE_MS,
                                                       now_ms - SESSION_MAX_MS},
                           &rows, ret_n));
    *ret = arena_new_array(a, *ret_n, struct session);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret)[i] =
            (struct session){rows[i].id, rows[i].created_ms, rows[i].seen_ms, rows[i].device};
    return NULL;
}

err setup_make(struct db_tx *tx, str key)
{
    return q_secret_put(tx, &(struct q_secret_put_in){STR("setup"), hash_of(tx->a, key)});
}

err setup_check(struct db_tx *tx, str key, bool *ret_ok)
{
    struct q_secret_get row;
    bool found;
    TRY(q_secret_get_one(tx, tx->a, &(struct q_secret_get_in){STR("setup")}, &row, &found));
    *ret_ok = found && key.n && str_eq_secret(row.value, hash_of(tx->a, key));
    return NULL;
}

err setup_spend(struct db_tx *tx)
{
    return q_secret_drop(tx, &(struct q_secret_drop_in){STR("setup")});
}
