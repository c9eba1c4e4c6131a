// SPDX-License-Identifier: AGPL-3.0-or-later
// Accounts: a changed password ends every session, a closed account can be opened again by somebody
// else, and what was checked a moment ago has to be true still when it is written.
#include "base/base.h"
#include "people/people.h"
#include "testdb.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

enum { START = 1000000 };

static void no_error(err e)
{
    if (e)
        fail_msg("%.*s", (int)err_root(e).n, err_root(e).p);
}

static void refused(err e, enum err_kind kind)
{
    assert_non_null(e);
    assert_int_equal(e->kind, kind);
}

static struct actor add(struct db_tx *tx, const char *login, enum role role)
{
    struct actor who = {.role = role};
    struct account_new one = {.login = str_c(login), .name = str_c(login), .role = role};
    no_error(account_add(tx, &one, STR("first hash"), START, &who.account));
    return who;
}

static bool alive(struct db_tx *tx, const char *token)
{
    const struct actor *who;
    int64_t seen;
    no_error(session_actor(tx, tx->a, str_c(token), START, &who, &seen));
    return who != NULL;
}

static str hash_of(struct db_tx *tx, const char *login)
{
    struct account who;
    str hash;
    bool found;
    no_error(account_by_login(tx, tx->a, str_c(login), &who, &hash, &found));
    return found ? hash : STR_NONE;
}

static err changes(struct db_tx *tx, void *ctx)
{
    UNUSED(ctx);
    struct actor amina = add(tx, "amina", ROLE_OUTREACH), ben = add(tx, "ben", ROLE_POLICE);
    struct account own;
    str hash;
    no_error(session_begin(tx, amina.account, STR("phone"), STR("a-phone"), START));
    no_error(session_begin(tx, amina.account, STR("desk"), STR("a-desk"), START));
    no_error(session_begin(tx, ben.account, STR("desk"), STR("b-desk"), START));
    no_error(account_own(tx, &amina, tx->a, &own, &hash));
    assert_true(str_eq(own.login, STR("amina")) && str_eq(hash, STR("first hash")));
    refused(account_own(tx, &actor_public, tx->a, &own, &hash), ERR_DENIED);

    no_error(account_set_password(tx, &amina, hash, STR("second hash")));
    assert_true(str_eq(hash_of(tx, "amina"), STR("second hash")));
    assert_true(str_eq(hash_of(tx, "ben"), STR("first hash")));
    assert_false(alive(tx, "a-phone") || alive(tx, "a-desk"));
    assert_true(alive(tx, "b-desk"));
    return NULL;
}

// Two who change it at once: the second has looked at a password that is gone.
static err races(struct db_tx *tx, void *ctx)
{
    UNUSED(ctx);
    struct actor amina = add(tx, "amina", ROLE_OUTREACH);
    str old = STR("first hash");
    no_error(account_still(tx, amina.account, old));
    no_error(account_set_password(tx, &amina, old, STR("second hash")));
    refused(account_set_password(tx, &amina, old, STR("third hash")), ERR_CONFLICT);
    assert_true(str_eq(hash_of(tx, "amina"), STR("second hash")));
    refused(account_still(tx, amina.account, old), ERR_CONFLICT);
    no_error(account_disable(tx, STR("amina"), START));
    refused(account_still(tx, amina.account, STR("second hash")), ERR_CONFLICT);
    refused(account_set_password(tx, &amina, STR("second hash"), STR("x")), ERR_CONFLICT);
    refused(account_still(tx, (account_id){999}, old), ERR_CONFLICT);
    return NULL;
}

static err reopens(struct db_tx *tx, void *ctx)
{
    UNUSED(ctx);
    struct actor cora = add(tx, "cora", ROLE_COORDINATOR), ben = add(tx, "ben", ROLE_PARTNER);
    account_id id = {0};
    no_error(session_begin(tx, ben.account, STR("desk"), STR("b-desk"), START));
    refused(account_reopen(tx, &cora, STR("ben"), STR("h"), &id), ERR_CONFLICT); // it is open
    assert_true(alive(tx, "b-desk"));
    no_error(account_disable(tx, STR("ben"), START));
    assert_true(str_is_none(hash_of(tx, "ben")));
    // One that began between the look at the password and the closing.
    no_error(session_begin(tx, ben.account, STR("late"), STR("b-late"), START));
    assert_false(alive(tx, "b-late"));

    refused(account_reopen(tx, &ben, STR("ben"), STR("h"), &id), ERR_DENIED);
    refused(account_reopen(tx, &cora, STR("nobody"), STR("h"), &id), ERR_NOT_FOUND);
    no_error(account_reopen(tx, &cora, STR("BEN"), STR("second hash"), &id));
    assert_int_equal(id.v, ben.account.v);
    assert_true(str_eq(hash_of(tx, "ben"), STR("second hash"))); // the old one is gone
    assert_false(alive(tx, "b-desk") || alive(tx, "b-late"));
    struct account *v;
    size_t n;
    no_error(account_list(tx, &cora, tx->a, &v, &n));
    assert_int_equal(n, 2);
    assert_true(str_eq(v[0].login, STR("ben")) && v[0].role == ROLE_PARTNER && !v[0].disabled);
    return NULL;
}

// A coordinator whose account is closed may have a request under way: it must not open their own.
static err not_ones_own(struct db_tx *tx, void *ctx)
{
    UNUSED(ctx);
    struct actor cora = add(tx, "cora", ROLE_COORDINATOR), dan = add(tx, "dan", ROLE_COORDINATOR);
    account_id id;
    no_error(account_disable(tx, STR("cora"), START));
    refused(account_reopen(tx, &cora, STR("cora"), STR("h"), &id), ERR_CONFLICT);
    assert_true(str_is_none(hash_of(tx, "cora")));
    no_error(account_reopen(tx, &dan, STR("cora"), STR("h"), &id));
    return NULL;
}

static void run(db_write_fn *fn)
{
    struct testdb *t = testdb_open();
    no_error(db_write(t->db, &t->a, fn, NULL));
    testdb_close(t);
}

static void a_changed_password_ends_every_session(void **state)
{
    UNUSED(state);
    run(changes);
}

static void what_was_looked_at_has_to_be_true_still(void **state)
{
    UNUSED(state);
    run(races);
}

static void a_closed_account_is_opened_with_a_new_password(void **state)
{
    UNUSED(state);
    run(reopens);
}

static void nobody_opens_their_own(void **state)
{
    UNUSED(state);
    run(not_ones_own);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_changed_password_ends_every_session),
        cmocka_unit_test(what_was_looked_at_has_to_be_true_still),
        cmocka_unit_test(a_closed_account_is_opened_with_a_new_password),
        cmocka_unit_test(nobody_opens_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
