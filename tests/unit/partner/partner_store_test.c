// SPDX-License-Identifier: AGPL-3.0-or-later
// The partnership in the store: nothing is lost by a change, only sound identifiers join, and an
// import goes in once and comes out again.
#include "base/base.h"
#include "partner/partner.h"
#include "testdb.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#define same(x, y) assert_true(str_eq((x), str_c(y)))

static void no_error(err e)
{
    if (e)
        fail_msg("%.*s", (int)err_root(e).n, err_root(e).p);
}

static date day(int y, int m, int d)
{
    date x;
    assert_true(date_make(y, m, d, &x));
    return x;
}

// Each test is one write, so that it reads what it wrote.
static err run(err (*fn)(struct db_tx *tx, void *ctx))
{
    struct testdb *t = testdb_open();
    err e = db_write(t->db, &t->a, fn, NULL);
    if (e)
        fprintf(stderr, "# %.*s\n", (int)err_root(e).n, err_root(e).p);
    bool failed = e != NULL;
    testdb_close(t);
    assert_false(failed);
    return NULL;
}

static organisation_id added(struct db_tx *tx, const char *name, const char *kind)
{
    organisation_id id;
    no_error(organisation_add(tx,
                              &(struct organisation){.name = str_c(name),
                                                     .kind = str_c(kind),
                                                     .about = STR(""),
                                                     .web = STR_NONE,
                                                     .area_code = STR_NONE},
                              1000, &id));
    return id;
}

static err change_and_back(struct db_tx *tx, void *ctx)
{
    UNUSED(ctx);
    organisation_id id = added(tx, "The Hub", "charity");
    struct organisation o;
    struct organisation_version *v;
    size_t n;
    bool found, changed;
    no_error(organisation_find(tx, tx->a, id, &o, &found));
    assert_true(found);
    assert_true(str_is_none(o.web));
    no_error(organisation_change(tx, &o, 2000, &changed));
    assert_false(changed); // nothing was different
    o.name = STR("The Hub Foundation");
    o.web = STR("https://hub.example.org");
    no_error(organisation_change(tx, &o, 3000, &changed));
    assert_true(changed);
    no_error(organisation_versions(tx, tx->a, id, &v, &n));
    assert_int_equal(n, 1);
    same(v[0].name, "The Hub");
    assert_true(str_is_none(v[0].web));
    assert_int_equal(v[0].until_ms, 3000);
    o.id.v = 12345;
    err e = organisation_change(tx, &o, 3000, &changed);
    assert_non_null(e);
    assert_int_equal(e->kind, ERR_NOT_FOUND);
    no_error(organisation_off(tx, id, 4000));
    no_error(organisation_find(tx, tx->a, id, &o, &found));
    assert_true(o.off);
    no_error(organisation_on(tx, id));
    no_error(organisation_find(tx, tx->a, id, &o, &found));
    assert_false(o.off);
    same(o.name, "The Hub Foundation");
    return NULL;
}

static void a_change_keeps_what_was(void **state)
{
    UNUSED(state);
    run(change_and_back);
}

static err identifiers(struct db_tx *tx, void *ctx)
{
    UNUSED(ctx);
    organisation_id one = added(tx, "One", "charity"), two = added(tx, "Two", "charity");
    struct org_id good = org_id_read(tx->a, STR("GB-CHC-1153055")),
                  bad = org_id_read(tx->a, STR("GB-COH-NA"));
    struct organisation o;
    struct org_identifier *v;
    size_t n;
    bool found;
    no_error(organisation_identify(tx, one, &good));
    no_error(organisation_identify(tx, one, &good)); // once more changes nothing
    no_error(organisation_identify(tx, one, &bad));
    no_error(organisation_identify(tx, two, &bad)); // two bodies keyed …-NA stay two
    err e = organisation_identify(tx, two, &good);
    assert_non_null(e);
    assert_int_equal(e->kind, ERR_CONFLICT);
    assert_true(str_find(e->sentence, STR("One"), 0) < e->sentence.n);
    no_error(organisation_by_identifier(tx, tx->a, STR("GB-CHC"), STR("1153055"), &o, &found));
    assert_true(found && o.id.v == one.v);
    no_error(organisation_by_identifier(tx, tx->a, STR("GB-COH"), STR("NA"), &o, &found));
    assert_false(found); // an unsound one joins nothing
    no_error(organisation_identifiers(tx, tx->a, one, &v, &n));
    assert_int_equal(n, 2);
    assert_true(v[0].sound);
    assert_false(v[1].sound);
    assert_non_null(organisation_unidentify(tx, two, v[0].id)); // not its own
    no_error(organisation_unidentify(tx, one, v[0].id));
    no_error(organisation_identify(tx, two, &good));
    return NULL;
}

static void only_sound_identifiers_join(void **state)
{
    UNUSED(state);
    run(identifiers);
}

static err list(struct db_tx *tx, void *ctx)
{
    UNUSED(ctx);
    organisation_id late = added(tx, "Late", "charity"), city = added(tx, "City", "council"),
                    past = added(tx, "Past", "charity"), none = added(tx, "None", "other"),
                    gone = added(tx, "Gone", "other");
    org_role_id r, mistake;
    no_error(org_role_add(tx, late, STR("partner"), day(2019, 6, 1), DATE_NONE, &r));
    no_error(org_role_add(tx, city, STR("founding"), day(2018, 3, 1), DATE_NONE, &r));
    no_error(org_role_add(tx, city, STR("host"), DATE_NONE, DATE_NONE, &mistake));
    no_error(org_role_add(tx, past, STR("partner"), day(2018, 3, 1), day(2020, 1, 1), &r));
    no_error(org_role_add(tx, gone, STR("partner"), day(2018, 3, 1), DATE_NONE, &r));
    no_error(organisation_off(tx, gone, 5000));
    no_error(org_role_remove(tx, mistake, true, 6000));
    UNUSED(none);
    struct partner *v;
    size_t n;
    no_error(partner_list(tx, tx->a, day(2021, 1, 1), &v, &n));
    assert_int_equal(n, 3);
    same(v[0].org.name, "City"); // in the order they came, those of today first
    same(v[1].org.name, "Late");
    same(v[2].org.name, "Past");
    assert_true(v[0].current && v[1].current && !v[2].current);
    assert_int_equal(v[0].n_role, 1);
    no_error(org_role_remove(tx, mistake, false, 7000));
    no_error(org_role_end(tx, r, day(2022, 1, 1)));
    no_error(partner_list(tx, tx->a, day(2019, 1, 1), &v, &n));
    assert_int_equal(v[0].n_role + v[1].n_role + v[2].n_role, 4);
    assert_false(v[2].current); // Late: not yet
    same(v[2].org.name, "Late");
    return NULL;
}

static void the_list_of_partners(void **state)
{
    UNUSED(state);
    run(list);
}

static err search(struct db_tx *tx, void *ctx)
{
    UNUSED(ctx);
    organisation_id hub = added(tx, "The Hub", "charity");
    added(tx, "100% Youth_Club", "community");
    struct org_id x = org_id_read(tx->a, STR("GB-CHC-1153055"));
    no_error(organisation_identify(tx, hub, &x));
    static const struct {
        const char *q;
        size_t n;
    } wanted[] = {{"hub", 1},     {"HUB", 1},
                  {"1153055", 1}, {"gb-chc-1153", 1},
                  {"%", 1},       {"the hub the hub the hub the hub the hub the hub the hub", 0},
                  {"_", 1},       {"nothing", 0},
                  {"", 2},        {"\\", 0},
                  {"'", 0}};
    for (size_t i = 0; i < countof(wanted); i++) {
        struct organisation *v;
        size_t n;
        no_error(organisation_search(tx, tx->a, str_c(wanted[i].q), 10, &v, &n));
        if (n != wanted[i].n)
            fail_msg("“%s” found %zu", wanted[i].q, n);
    }
    return NULL;
}

static void the_register_is_searched(void **state)
{
    UNUSED(state);
    run(search);
}

static struct register_file file_of(struct db_tx *tx, const char *text)
{
    struct register_file f;
    no_error(register_read(tx->a, str_c(text), STR("test.csv"), &f));
    assert_int_equal(f.n_problems, 0);
    f.source = f.licence = STR("test");
    return f;
}

static int64_t count(struct db_tx *tx)
{
    struct organisation *v;
    size_t n;
    no_error(organisation_search(tx, tx->a, STR(""), 1000, &v, &n));
    return (int64_t)n;
}

static err import(struct db_tx *tx, void *ctx)
{
    UNUSED(ctx);
    organisation_id hub = added(tx, "The Hub", "charity");
    struct org_id x = org_id_read(tx->a, STR("GB-CHC-1153055"));
    no_error(organisation_identify(tx, hub, &x));
    struct register_file f = file_of(
        tx, "org_id,name,active\nGB-CHC-1153055,Hub Foundation,TRUE\nGB-LAE-QXM,Millbrook,TRUE\n"
            "GB-LAE-QXN,Newtown,FALSE\nGB-COH-NA,One,TRUE\nGB-COH-NA,Two,TRUE\n");
    struct register_result r;
    no_error(register_load(tx, &f, 1000, &r));
    assert_false(r.unchanged);
    assert_int_equal(r.added, 4);
    assert_int_equal(r.named, 1);
    int64_t import = r.import;
    assert_int_equal(count(tx), 5);
    no_error(register_load(tx, &f, 2000, &r)); // the same file again
    assert_true(r.unchanged);
    assert_int_equal(count(tx), 5);
    str *alias;
    size_t n;
    no_error(organisation_aliases(tx, tx->a, hub, &alias, &n));
    assert_int_equal(n, 1);
    same(alias[0], "Hub Foundation"); // the first name stands, the second is an alias
    struct organisation o;
    bool found;
    no_error(organisation_by_identifier(tx, tx->a, STR("GB-LAE"), STR("QXN"), &o, &found));
    assert_true(found && o.closed);
    same(o.kind, "council");
    no_error(organisation_by_identifier(tx, tx->a, STR("GB-LAE"), STR("QXM"), &o, &found));
    assert_false(o.closed);
    org_role_id role;
    no_error(org_role_add(tx, o.id, STR("founding"), DATE_NONE, DATE_NONE, &role));
    int64_t kept;
    no_error(register_undo(tx, import, &kept));
    assert_int_equal(kept, 1);      // Millbrook has a role by now
    assert_int_equal(count(tx), 2); // and The Hub was there before
    no_error(organisation_aliases(tx, tx->a, hub, &alias, &n));
    assert_int_equal(n, 0);
    err e = register_undo(tx, import, &kept);
    assert_non_null(e);
    assert_int_equal(e->kind, ERR_NOT_FOUND);
    return NULL;
}

static void a_register_goes_in_once_and_comes_out(void **state)
{
    UNUSED(state);
    run(import);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_change_keeps_what_was),
        cmocka_unit_test(only_sound_identifiers_join),
        cmocka_unit_test(the_list_of_partners),
        cmocka_unit_test(the_register_is_searched),
        cmocka_unit_test(a_register_goes_in_once_and_comes_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
