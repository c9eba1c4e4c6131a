// SPDX-License-Identifier: AGPL-3.0-or-later
// How long a session lasts, with a time of our own: half an hour without use, eight hours in all.
#include "base/base.h"
#include "people/people.h"
#include "testdb.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

enum { MINUTE = 60 * 1000, START = 1000000 };

static void no_error(err e)
{
    if (e)
        fail_msg("%.*s", (int)err_root(e).n, err_root(e).p);
}

static bool alive(struct db_tx *tx, const char *token, int64_t now_ms)
{
    const struct actor *who;
    int64_t seen;
    no_error(session_actor(tx, tx->a, str_c(token), now_ms, &who, &seen));
    return who != NULL;
}

static account_id add(struct db_tx *tx, const char *login)
{
    account_id id;
    no_error(account_add(
        tx,
        &(struct account_new){.login = str_c(login), .name = str_c(login), .role = ROLE_OUTREACH},
        STR("no hash"), START, &id));
    return id;
}

static const struct actor *actor_of(struct db_tx *tx, const char *token, int64_t now_ms)
{
    const struct actor *who;
    int64_t seen;
    no_error(session_actor(tx, tx->a, str_c(token), now_ms, &who, &seen));
    assert_non_null(who);
    return who;
}

static err idle(struct db_tx *tx, void *ctx)
{
    UNUSED(ctx);
    no_error(session_begin(tx, add(tx, "amina"), STR("A browser"), STR("token-1"), START));
    assert_true(alive(tx, "token-1", START));
    assert_true(alive(tx, "token-1", START + 30 * MINUTE));
    assert_false(alive(tx, "token-1", START + 30 * MINUTE + 1));
    assert_false(alive(tx, "token-2", START));
    assert_false(alive(tx, "", START));
    return NULL;
}

static err in_all(struct db_tx *tx, void *ctx)
{
    UNUSED(ctx);
    no_error(session_begin(tx, add(tx, "amina"), STR("A browser"), STR("token-1"), START));
    int64_t now = START;
    for (; now - START + 20 * MINUTE <= SESSION_MAX_MS; now += 20 * MINUTE) // used all the time
        no_error(session_touch(tx, actor_of(tx, "token-1", now)->session, now));
    assert_true(now - START > 7 * 60 * MINUTE);
    assert_true(alive(tx, "token-1", START + SESSION_MAX_MS));
    assert_false(alive(tx, "token-1", START + SESSION_MAX_MS + 1));
    return NULL;
}

static err ends(struct db_tx *tx, void *ctx)
{
    UNUSED(ctx);
    account_id amina = add(tx, "amina"), ben = add(tx, "ben");
    no_error(session_begin(tx, amina, STR("phone"), STR("a-phone"), START));
    no_error(session_begin(tx, amina, STR("desk"), STR("a-desk"), START));
    no_error(session_begin(tx, ben, STR("desk"), STR("b-desk"), START));
    const struct actor *who = actor_of(tx, "a-phone", START);
    assert_int_equal(who->role, ROLE_OUTREACH);
    assert_int_equal(who->account.v, amina.v);
    struct session *v;
    size_t n;
    no_error(session_list(tx, who, tx->a, START, &v, &n));
    assert_int_equal(n, 2); // their own, nobody else's
    no_error(session_end(tx, who->session));
    assert_false(alive(tx, "a-phone", START));
    assert_true(alive(tx, "a-desk", START));
    no_error(session_end_all(tx, amina));
    assert_false(alive(tx, "a-desk", START));
    assert_true(alive(tx, "b-desk", START));
    no_error(account_disable(tx, STR("ben"), START + 1));
    assert_false(alive(tx, "b-desk", START + 2));
    return NULL;
}

static err sweep(struct db_tx *tx, void *ctx)
{
    UNUSED(ctx);
    account_id amina = add(tx, "amina");
    struct session *v;
    size_t n;
    no_error(session_begin(tx, amina, STR("old"), STR("old"), START));
    no_error(session_begin(tx, amina, STR("new"), STR("new"), START + 31 * MINUTE));
    const int64_t later = START + 31 * MINUTE;
    const struct actor *who = actor_of(tx, "new", later);
    no_error(session_list(tx, who, tx->a, START, &v, &n)); // even at a time when it was good
    assert_int_equal(n, 1);                                // what is over is not kept
    assert_true(str_eq(v[0].device, STR("new")));
    no_error(session_list(tx, who, tx->a, later + 31 * MINUTE, &v, &n));
    assert_int_equal(n, 0); // nor told
    return NULL;
}

// Use sweeps too, and does not bring back what is over.
static err sweep_in_use(struct db_tx *tx, void *ctx)
{
    UNUSED(ctx);
    account_id amina = add(tx, "amina"), ben = add(tx, "ben");
    const int64_t later = START + 31 * MINUTE;
    struct session *v;
    size_t n;
    no_error(session_begin(tx, amina, STR("old"), STR("old"), START));
    no_error(session_begin(tx, ben, STR("new"), STR("new"), START + 20 * MINUTE));
    const struct actor *old = actor_of(tx, "old", START);
    no_error(session_touch(tx, old->session, later)); // came late
    assert_false(alive(tx, "old", later));
    no_error(session_list(tx, old, tx->a, START, &v, &n));
    assert_int_equal(n, 0);
    assert_true(alive(tx, "new", later));
    return NULL;
}

static err set_role(struct db_tx *tx, const char *word)
{
    static const struct sql_field in[] = {{"role", SQL_STR, 0}};
    static const struct sql_stmt st = {.name = "test_set_role",
                                       .sqlite = "UPDATE account SET role = ?1",
                                       .pg = "UPDATE account SET role = $1",
                                       .in = in,
                                       .n_in = 1};
    str role = str_c(word);
    return db_run(tx, &st, &role, NULL);
}

static err role_now(struct db_tx *tx, void *ctx)
{
    UNUSED(ctx);
    no_error(session_begin(tx, add(tx, "amina"), STR("A browser"), STR("token-1"), START));
    assert_int_equal(actor_of(tx, "token-1", START)->role, ROLE_OUTREACH);
    no_error(set_role(tx, "panel"));
    assert_int_equal(actor_of(tx, "token-1", START)->role, ROLE_PANEL);
    no_error(set_role(tx, "king")); // nothing of ours: an error, and nobody in particular
    const struct actor *who;
    int64_t seen;
    assert_non_null(session_actor(tx, tx->a, STR("token-1"), START, &who, &seen));
    assert_null(who);
    return NULL;
}

static err link_once(struct db_tx *tx, void *ctx)
{
    UNUSED(ctx);
    bool ok;
    no_error(setup_make(tx, STR("first")));
    no_error(setup_check(tx, STR("first"), &ok));
    assert_true(ok);
    no_error(setup_make(tx, STR("second"))); // a new one takes the place of the old
    no_error(setup_check(tx, STR("first"), &ok));
    assert_false(ok);
    no_error(setup_check(tx, STR(""), &ok));
    assert_false(ok);
    no_error(setup_spend(tx));
    no_error(setup_check(tx, STR("second"), &ok));
    assert_false(ok);
    return NULL;
}

static void run(db_write_fn *fn)
{
    struct testdb *t = testdb_open();
    err e = db_write(t->db, &t->a, fn, NULL);
    if (e)
        fail_msg("%.*s", (int)err_root(e).n, err_root(e).p);
    testdb_close(t);
}

static void half_an_hour_without_use_ends_it(void **state)
{
    UNUSED(state);
    run(idle);
}

static void eight_hours_end_it_even_in_use(void **state)
{
    UNUSED(state);
    run(in_all);
}

static void signing_out_here_and_everywhere(void **state)
{
    UNUSED(state);
    run(ends);
}

static void old_sessions_are_swept_out(void **state)
{
    UNUSED(state);
    run(sweep);
}

static void use_sweeps_too(void **state)
{
    UNUSED(state);
    run(sweep_in_use);
}

static void a_role_is_asked_for_each_time(void **state)
{
    UNUSED(state);
    run(role_now);
}

static void the_set_up_link_works_once(void **state)
{
    UNUSED(state);
    run(link_once);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(half_an_hour_without_use_ends_it),
        cmocka_unit_test(eight_hours_end_it_even_in_use),
        cmocka_unit_test(signing_out_here_and_everywhere),
        cmocka_unit_test(old_sessions_are_swept_out),
        cmocka_unit_test(use_sweeps_too),
        cmocka_unit_test(a_role_is_asked_for_each_time),
        cmocka_unit_test(the_set_up_link_works_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
