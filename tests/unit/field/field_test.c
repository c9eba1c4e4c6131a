// SPDX-License-Identifier: AGPL-3.0-or-later
// The log: nothing is refused, nothing is doubled, and times come out right.
#include "base/base.h"
#include "base/random.h"
#include "field/field.h"
#include "field/seal.h"
#include "people/people.h"
#include "testdb.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#define same(x, y) assert_true(str_eq((x), str_c(y)))

enum { NOON = 1800000000 };
#define NOON_MS (NOON * INT64_C(1000))

static void no_error(err e)
{
    if (e)
        fail_msg("%.*s", (int)err_root(e).n, err_root(e).p);
}

// ---- a slice that takes records up: it counts, and remembers when ------------------------------

static struct {
    int taken, dropped;
    int64_t at_ms;
    bool uncertain;
} seen;

static err may_take(struct db_tx *tx, const struct field_record *r, str *ret_hold)
{
    *ret_hold = field_number(r->words, "no", 0) ? STR("There is no such door.") : STR_NONE;
    return UNUSED(tx), NULL;
}

static err takes(struct db_tx *tx, const struct field_record *r)
{
    seen.taken++;
    seen.at_ms = r->at_ms;
    seen.uncertain = r->uncertain;
    return UNUSED(tx), NULL;
}

static err drops(struct db_tx *tx, const struct field_record *r)
{
    seen.dropped++;
    return UNUSED(tx), UNUSED(r), NULL;
}

static const struct field_kind knock = {"knock", "A knock", may_take, takes, drops};
static const struct field_kind *const kinds[] = {&knock, NULL};

static const struct actor worker = {.role = ROLE_OUTREACH, .account = {1}},
                          coordinator = {.role = ROLE_COORDINATOR, .account = {1}};

// ---- a phone -----------------------------------------------------------------------------------

static str server_key;
static int64_t server_key_id;

static void get_ready(struct db_tx *tx)
{
    memset(&seen, 0, sizeof seen);
    account_id id;
    no_error(account_add(
        tx, &(struct account_new){.login = STR("ann"), .name = STR("Ann"), .role = ROLE_OUTREACH},
        STR("-"), NOON_MS, &id));
    assert_int_equal(id.v, 1);
    no_error(field_key_now(tx, NOON_MS, &server_key_id, &server_key));
    no_error(field_device_give(tx, &worker, STR("phone-a"), STR("Ann's phone"), STR("secret"),
                               NOON_MS, NOON_MS + 8 * 3600000));
}

static struct field_sealed sealed(struct db_tx *tx, const char *id, int64_t seq, const char *body)
{
    struct field_sealed s = {.id = str_c(id), .seq = seq, .key = server_key_id};
    no_error(seal_make(tx->a, (const unsigned char *)server_key.p, str_c(body),
                       seal_bound_to(tx->a, s.id, STR("phone-a"), seq), NULL, &s.bytes));
    s.sha = sha256_hex(tx->a, s.bytes);
    return s;
}

// The body of a record made `late_ms` after noon, by a clock that is `wrong_ms` fast.
static const char *body(struct db_tx *tx, int64_t late_ms, int64_t wrong_ms, const char *more)
{
    return str_z(tx->a, str_fmt(tx->a, "{\"by\":1,\"d\":{%s},\"kind\":\"knock\",\"t\":%lld}", more,
                                (long long)(NOON_MS + late_ms + wrong_ms)));
}

static struct field_receipt sent(struct db_tx *tx, struct field_sealed *v, size_t n, int64_t now_ms,
                                 int64_t wrong_ms, const char *token)
{
    struct field_batch b = {.device = STR("phone-a"),
                            .token = str_c(token),
                            .phone_now_ms = now_ms + wrong_ms,
                            .received_ms = now_ms,
                            .rec = v,
                            .n = n};
    struct field_receipt f;
    no_error(field_open(tx, &b));
    no_error(field_take(tx, kinds, &b, &f));
    return f;
}

// ---- tests -------------------------------------------------------------------------------------

static err again_is_one(struct db_tx *tx, void *ctx)
{
    UNUSED(ctx);
    get_ready(tx);
    struct field_sealed v[] = {sealed(tx, "r-1", 1, body(tx, 0, 0, "")),
                               sealed(tx, "r-3", 3, body(tx, 1000, 0, ""))};
    struct field_receipt f = sent(tx, v, 2, NOON_MS + 5000, 0, "secret");
    assert_int_equal(f.fate[0], FIELD_STORED);
    assert_int_equal(f.fate[1], FIELD_STORED);
    same(f.have, "1,3");
    assert_int_equal(f.n_ask, 1);
    assert_int_equal(f.ask[0], 2);
    f = sent(tx, v, 2, NOON_MS + 6000, 0, "secret");
    assert_int_equal(f.fate[0], FIELD_STORED);
    assert_int_equal(seen.taken, 2); // not four
    struct field_sealed gap =
        sealed(tx, "r-2", 2, "{\"by\":1,\"d\":{},\"kind\":\"void\",\"t\":1800000000500}");
    f = sent(tx, &gap, 1, NOON_MS + 7000, 0, "secret");
    assert_int_equal(f.fate[0], FIELD_STORED);
    same(f.have, "1-3");
    assert_int_equal(f.n_ask, 0);
    assert_int_equal(seen.taken, 2); // a number without a record
    return NULL;
}

static err other_bytes_are_both_kept(struct db_tx *tx, void *ctx)
{
    UNUSED(ctx);
    get_ready(tx);
    struct field_sealed one = sealed(tx, "r-1", 1, body(tx, 0, 0, "")),
                        two = sealed(tx, "r-1", 1, body(tx, 0, 0, "\"other\":1"));
    sent(tx, &one, 1, NOON_MS, 0, "secret");
    struct field_receipt f = sent(tx, &two, 1, NOON_MS, 0, "secret");
    assert_int_equal(f.fate[0], FIELD_HELD);
    same(f.why[0], "other-hash");
    assert_int_equal(seen.taken, 1);
    struct field_held *h;
    size_t n;
    no_error(field_held_list(tx, &coordinator, tx->a, &h, &n));
    assert_int_equal(n, 1);
    same(h[0].sha, str_z(tx->a, two.sha));
    assert_int_equal(field_held_list(tx, &worker, tx->a, &h, &n)->kind, ERR_DENIED);
    no_error(field_held_settle(tx, kinds, &coordinator, h[0].id, h[0].sha, true, NOON_MS));
    assert_int_equal(seen.taken, 2); // the coordinator said it is another knock
    return NULL;
}

static err nothing_is_refused(struct db_tx *tx, void *ctx)
{
    UNUSED(ctx);
    get_ready(tx);
    struct field_sealed v[] = {
        sealed(tx, "r-1", 1, body(tx, 0, 0, "\"no\":1")),
        sealed(tx, "r-2", 2, "{\"by\":1,\"d\":{},\"kind\":\"song\",\"t\":1800000000000}"),
        sealed(tx, "r-3", 3, "no JSON"),
        sealed(tx, "r-4", 4, "{\"by\":2,\"d\":{},\"kind\":\"knock\",\"t\":1800000000000}"),
        sealed(tx, "r-5", 5, body(tx, 0, 0, "")),
    };
    v[4].key = 999; // a key nobody has
    struct field_receipt f = sent(tx, v, 5, NOON_MS, 0, "secret");
    const char *why[] = {"There is no such door.",
                         "This program does not know records of this kind.", "cannot-read",
                         "other-account", "cannot-open"};
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(f.fate[i], FIELD_HELD);
        same(f.why[i], why[i]);
    }
    same(f.have, "1-5");
    struct field_sealed late = sealed(tx, "r-6", 6, body(tx, 0, 0, ""));
    f = sent(tx, &late, 1, NOON_MS + 9 * 3600000, 0, "secret");
    same(f.why[0], "expired-token");
    struct field_sealed stolen = sealed(tx, "r-7", 7, body(tx, 0, 0, ""));
    f = sent(tx, &stolen, 1, NOON_MS, 0, "guessed");
    same(f.why[0], "wrong-token");
    assert_int_equal(seen.taken, 0);
    return NULL;
}

static err damage_has_to_come_again(struct db_tx *tx, void *ctx)
{
    UNUSED(ctx);
    get_ready(tx);
    struct field_sealed v = sealed(tx, "r-1", 1, body(tx, 0, 0, ""));
    str whole = v.bytes;
    v.bytes = (str){whole.p, whole.n - 1};
    struct field_receipt f = sent(tx, &v, 1, NOON_MS, 0, "secret");
    assert_int_equal(f.fate[0], FIELD_DAMAGED);
    same(f.have, ""); // so the phone keeps it
    v.bytes = whole;
    v.damaged = false;
    f = sent(tx, &v, 1, NOON_MS, 0, "secret");
    assert_int_equal(f.fate[0], FIELD_STORED);
    assert_int_equal(seen.taken, 1);
    return NULL;
}

static err clocks_are_put_right(struct db_tx *tx, void *ctx)
{
    UNUSED(ctx);
    get_ready(tx);
    const int64_t two_years = INT64_C(63072000000);
    struct field_sealed fast = sealed(tx, "r-1", 1, body(tx, 60000, two_years, ""));
    sent(tx, &fast, 1, NOON_MS + 120000, two_years, "secret");
    assert_int_equal(seen.at_ms, NOON_MS + 60000);
    assert_false(seen.uncertain);
    struct field_sealed slow = sealed(tx, "r-2", 2, body(tx, 90000, -two_years, ""));
    sent(tx, &slow, 1, NOON_MS + 120000, -two_years, "secret");
    assert_int_equal(seen.at_ms, NOON_MS + 90000);
    assert_false(seen.uncertain);
    // The clock was changed between the record and the sync: what the phone knew then counts.
    struct field_sealed knew = sealed(
        tx, "r-3", 3,
        str_z(tx->a,
              str_fmt(tx->a, "{\"by\":1,\"d\":{},\"kind\":\"knock\",\"off\":%lld,\"t\":%lld}",
                      (long long)two_years, (long long)(NOON_MS + 100000 - two_years))));
    sent(tx, &knew, 1, NOON_MS + 130000, 0, "secret");
    assert_int_equal(seen.at_ms, NOON_MS + 100000);
    assert_false(seen.uncertain);
    // Nobody knew: it cannot lie two years ahead, so it is moved, and marked.
    struct field_sealed lost = sealed(tx, "r-4", 4, body(tx, 110000, two_years, ""));
    sent(tx, &lost, 1, NOON_MS + 140000, 0, "secret");
    assert_int_equal(seen.at_ms, NOON_MS + 140000);
    assert_true(seen.uncertain);
    // Before the phone was given out, and against its own order.
    struct field_sealed early = sealed(tx, "r-5", 5, body(tx, 0, -two_years, ""));
    sent(tx, &early, 1, NOON_MS + 150000, 0, "secret");
    assert_int_equal(seen.at_ms, NOON_MS);
    assert_true(seen.uncertain);
    return NULL;
}

static err order_and_clock_disagree(struct db_tx *tx, void *ctx)
{
    UNUSED(ctx);
    get_ready(tx);
    struct field_sealed v[] = {sealed(tx, "r-1", 1, body(tx, 3600000, 0, "")),
                               sealed(tx, "r-2", 2, body(tx, 60000, 0, ""))};
    sent(tx, v, 1, NOON_MS + 3700000, 0, "secret");
    assert_false(seen.uncertain);
    sent(tx, v + 1, 1, NOON_MS + 3700000, 0, "secret");
    assert_true(seen.uncertain);
    return NULL;
}

static err erased_stays_erased(struct db_tx *tx, void *ctx)
{
    UNUSED(ctx);
    get_ready(tx);
    struct field_sealed v = sealed(tx, "r-1", 1, body(tx, 0, 0, "\"words\":\"mine\""));
    sent(tx, &v, 1, NOON_MS, 0, "secret");
    no_error(field_erase(tx, kinds, STR("r-1"), NOON_MS));
    assert_int_equal(seen.dropped, 1);
    struct field_receipt f = sent(tx, &v, 1, NOON_MS, 0, "secret");
    assert_int_equal(f.fate[0], FIELD_ERASED);
    same(f.have, "1"); // its phone is not asked for it
    assert_int_equal(seen.taken, 1);
    // One that was erased before it ever arrived.
    no_error(field_erase(tx, kinds, STR("r-2"), NOON_MS));
    struct field_sealed w = sealed(tx, "r-2", 2, body(tx, 0, 0, ""));
    f = sent(tx, &w, 1, NOON_MS, 0, "secret");
    assert_int_equal(f.fate[0], FIELD_ERASED);
    assert_int_equal(seen.taken, 1);
    return NULL;
}

static err a_form_is_one(struct db_tx *tx, void *ctx)
{
    UNUSED(ctx);
    get_ready(tx);
    json_t *words = json_pack("{s:i}", "door", 3);
    struct field_entry e = {.form_id = STR("form-1"),
                            .kind = STR("knock"),
                            .via = STR("paper"),
                            .account = {1},
                            .at_ms = NOON_MS,
                            .now_ms = NOON_MS + 1000,
                            .words = words};
    str record, hold;
    bool new;
    no_error(field_enter(tx, kinds, &e, &record, &hold, &new));
    assert_true(new);
    assert_true(str_is_none(hold));
    no_error(field_enter(tx, kinds, &e, &record, &hold, &new));
    assert_false(new);
    same(record, "form-1");
    assert_int_equal(seen.taken, 1);
    assert_int_equal(seen.at_ms, NOON_MS);
    json_decref(words);
    return NULL;
}

#define TEST(fn)                                                                                   \
    static void test_##fn(void **state)                                                            \
    {                                                                                              \
        UNUSED(state);                                                                             \
        struct testdb *t = testdb_open();                                                          \
        no_error(db_write(t->db, &t->a, fn, NULL));                                                \
        testdb_close(t);                                                                           \
    }
TEST(again_is_one)
TEST(other_bytes_are_both_kept)
TEST(nothing_is_refused)
TEST(damage_has_to_come_again)
TEST(clocks_are_put_right)
TEST(order_and_clock_disagree)
TEST(erased_stays_erased)
TEST(a_form_is_one)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_again_is_one),
        cmocka_unit_test(test_other_bytes_are_both_kept),
        cmocka_unit_test(test_nothing_is_refused),
        cmocka_unit_test(test_damage_has_to_come_again),
        cmocka_unit_test(test_clocks_are_put_right),
        cmocka_unit_test(test_order_and_clock_disagree),
        cmocka_unit_test(test_erased_stays_erased),
        cmocka_unit_test(test_a_form_is_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
