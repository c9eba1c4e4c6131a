// SPDX-License-Identifier: AGPL-3.0-or-later
// The demonstration town loaded: the same seed the same rows, what was planted found again, and a
// making that was cut short. Its land and its files by themselves see demo_files_test.c.
#include "base/base.h"
#include "place/area.h"
#include "place/demo.h"
#include "place/find.h"
#include "place/import.h"
#include "place/profile.h"
#include "store/backup.h"
#include "testdb.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

enum { TEXT_MAX = 16 << 20 };

static void no_error(err e)
{
    if (e)
        fail_msg("%.*s", (int)err_root(e).n, err_root(e).p);
}

static bool is(str s, const char *z)
{
    return str_eq(s, str_c(z));
}

// ---- loaded -------------------------------------------------------------------------------------

static err finish(struct db_tx *tx, void *ctx)
{
    UNUSED(ctx);
    return demo_zone(tx);
}

static void load(struct testdb *t, uint64_t seed, struct demo_made *ret)
{
    struct demo_opts o = {.size = 'S', .seed = seed};
    no_error(demo_load(t->db, &t->a, &o, ret));
}

static struct testdb *town_of(uint64_t seed)
{
    struct testdb *t = testdb_open_at(DEMO_NOW_MS);
    struct demo_made made;
    load(t, seed, &made);
    no_error(db_write(t->db, &t->a, finish, NULL));
    return t;
}

static void dump_table(sqlite3 *d, struct buf *b, const char *table)
{
    sqlite3_stmt *st;
    char sql[200];
    snprintf(sql, sizeof sql, "SELECT * FROM %s", table);
    assert_int_equal(sqlite3_prepare_v2(d, sql, -1, &st, NULL), SQLITE_OK);
    buf_fmt(b, "== %s\n", table);
    while (sqlite3_step(st) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(st); i++) {
            buf_fmt(b, "|%d:", sqlite3_column_bytes(st, i));
            buf_add(b, sqlite3_column_blob(st, i), (size_t)sqlite3_column_bytes(st, i));
        }
        buf_byte(b, '\n');
    }
    sqlite3_finalize(st);
}

// Every table but those of the machine (when it was migrated, its secrets), through a backup: the
// same way from both engines.
static str dump(struct testdb *t)
{
    static const char tables[] =
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name "
        "NOT IN ('schema_migration', 'secret') ORDER BY name";
    struct buf b;
    sqlite3 *d;
    sqlite3_stmt *st;
    str kept;
    char folder[] = "/tmp/doorstep-demo-XXXXXX";
    assert_non_null(mkdtemp(folder));
    const char *packed = str_fmt(&t->a, "%s/dump", folder).p,
               *file = str_fmt(&t->a, "%s/dump.db", folder).p;
    no_error(backup_make(t->db, &t->a, packed, DEMO_NOW_MS));
    no_error(backup_restore(&t->a, packed, file, DEMO_NOW_MS, &kept));
    buf_init(&b, &t->a, TEXT_MAX);
    assert_int_equal(sqlite3_open_v2(file, &d, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(d, tables, -1, &st, NULL), SQLITE_OK);
    while (sqlite3_step(st) == SQLITE_ROW)
        dump_table(d, &b, (const char *)sqlite3_column_text(st, 0));
    sqlite3_finalize(st);
    sqlite3_close(d);
    static const char *const left[] = {"dump", "dump.db", "dump.db.lock", "dump.db-wal",
                                       "dump.db-shm"};
    for (size_t i = 0; i < countof(left); i++)
        unlink(str_fmt(&t->a, "%s/%s", folder, left[i]).p);
    assert_int_equal(rmdir(folder), 0);
    assert_false(b.full);
    assert_true(b.n > 500000);
    return buf_text(&b);
}

static void the_same_seed_makes_the_same_rows(void **state)
{
    UNUSED(state);
    struct testdb *one = town_of(1), *again = town_of(1), *other = town_of(2);
    str a = dump(one), b = dump(again), c = dump(other);
    assert_int_equal(a.n, b.n);
    assert_true(str_eq(a, b));
    assert_false(str_eq(a, c));
    testdb_close(one);
    testdb_close(again);
    testdb_close(other);
}

// Only the places were loaded, then the program was killed.
static void a_town_cut_short_is_finished(void **state)
{
    UNUSED(state);
    struct testdb *cut = testdb_open_at(DEMO_NOW_MS), *whole = town_of(1);
    struct demo_made first, second;
    enum demo_state s;
    load(cut, 1, &first);
    assert_int_equal(first.unchanged, 0);
    no_error(demo_state(cut->db, &cut->a, &s));
    assert_int_equal(s, DEMO_ROOM);
    load(cut, 1, &second);
    assert_int_equal(second.unchanged, second.files);
    assert_int_equal(second.files, first.files);
    no_error(db_write(cut->db, &cut->a, finish, NULL));
    no_error(demo_state(cut->db, &cut->a, &s));
    assert_int_equal(s, DEMO_THERE);
    assert_true(str_eq(dump(cut), dump(whole)));
    testdb_close(cut);
    testdb_close(whole);
}

static void imports_of(struct testdb *t, struct import_row **ret, size_t *ret_n)
{
    struct db_tx *tx;
    no_error(db_read(t->db, &t->a, &tx));
    no_error(import_list(tx, &t->a, ret, ret_n));
    db_read_end(tx);
}

static void another_seed_takes_the_unfinished_town_back(void **state)
{
    UNUSED(state);
    struct testdb *t = testdb_open_at(DEMO_NOW_MS);
    struct demo_made made;
    struct import_row *old, *new;
    size_t n_old, n_new;
    load(t, 7, &made);
    imports_of(t, &old, &n_old);
    load(t, 1, &made);
    imports_of(t, &new, &n_new);
    assert_int_equal(n_old, n_new);
    size_t kept = 0;
    for (size_t i = 0; i < n_new; i++)
        for (size_t k = 0; k < n_old; k++)
            kept += new[i].id.v == old[k].id.v;
    assert_int_equal(kept, made.unchanged); // a file of names may be the same in both
    assert_true(kept < n_new / 2);
    testdb_close(t);
}

static void a_real_import_is_not_built_over(void **state)
{
    UNUSED(state);
    struct testdb *t = testdb_open_at(DEMO_NOW_MS);
    struct import_job *job;
    struct import_result r;
    enum demo_state s;
    struct import_opts o = {.family = STR("area-names")};
    no_error(import_open(&t->a, STR("WD25CD,WD25NM\nE05013097,Somewhere\n"), STR("names.csv"), &o,
                         &job));
    no_error(import_load(t->db, job, DEMO_NOW_MS, &r));
    no_error(demo_state(t->db, &t->a, &s));
    assert_int_equal(s, DEMO_DATA);
    testdb_close(t);
}

// ---- what was planted ---------------------------------------------------------------------------

struct looking {
    struct testdb *t;
    struct db_tx *tx;
};

static void profile_of(struct looking *l, const char *code, struct profile *ret)
{
    bool found;
    no_error(profile_read(l->tx, &l->t->a, str_c(code), date_of_ms(DEMO_NOW_MS), ret, &found));
    assert_true(found);
}

static int edition_at(const struct profile *p, int64_t year)
{
    for (int e = 0; e < p->n_editions; e++)
        if (p->edition[e].year == year)
            return e;
    fail_msg("no edition of %lld", (long long)year);
    return -1;
}

// Small areas in which at least four of the seven are in the most deprived 10 % in both editions.
static int piling_up(const struct profile *p)
{
    int n = 0, now = edition_at(p, 2025), then = edition_at(p, 2019);
    for (size_t i = 0; i < p->n_small; i++)
        n += p->small[i].coincide[now].n[0] >= 4 && p->small[i].coincide[then].n[0] >= 4;
    return n;
}

// Main domains of all small areas in the most deprived 20 %.
static int weight(const struct profile *p, int64_t year)
{
    int n = 0, e = edition_at(p, year);
    for (size_t i = 0; i < p->n_small; i++)
        n += p->small[i].coincide[e].n[1];
    for (size_t i = 0; i < p->n_before; i++)
        n += p->before[i].coincide[e].n[1];
    return n;
}

static bool has_note(const struct profile *p, enum note_kind kind)
{
    for (size_t i = 0; i < p->n_notes; i++)
        if (p->note[i].kind == kind)
            return true;
    return false;
}

static void check_wards(struct looking *l)
{
    struct profile hollin, salter, lark, tanners, minster;
    profile_of(l, "E05990003", &hollin);
    profile_of(l, "E05990004", &salter);
    profile_of(l, "E05990007", &lark);
    profile_of(l, "E05990013", &tanners);
    profile_of(l, "E05990017", &minster);
    assert_true(piling_up(&hollin) >= 3);
    assert_true(piling_up(&salter) >= 4);
    assert_true(weight(&lark, 2025) * 2 < weight(&lark, 2019));
    assert_true(weight(&tanners, 2025) > 2 * weight(&tanners, 2019));
    assert_int_equal(hollin.change.split, 2);
    assert_int_equal(lark.change.merged, 1);
    assert_true(has_note(&lark, NOTE_NOT_PUBLISHED));
    assert_true(has_note(&minster, NOTE_NO_BEST_FIT));
    assert_int_equal(minster.n_small, 0);
    assert_true(is(minster.area.name, "Minster"));
}

static void check_zone(struct looking *l)
{
    struct profile zone;
    profile_of(l, "zone", &zone);
    assert_int_equal(zone.n_children, 4);
    assert_int_equal(zone.n_small, 24);
    assert_true(zone.people.known && zone.people.total > 35000 && zone.people.total < 50000);
    assert_int_equal(zone.people.year, 2024);
    assert_true(zone.crime.known);
    assert_int_equal(zone.crime.n_months, 24);
    for (size_t i = 0; i < zone.crime.n_months; i++)
        assert_true(zone.crime.month[i].known);
    assert_true(zone.n_families >= 3);
    for (size_t i = 0; i < zone.n_sources; i++) {
        assert_true(is(zone.source[i].publisher, DEMO_SOURCE));
        assert_true(is(zone.source[i].licence, DEMO_LICENCE));
    }
}

static void check_changes(struct looking *l)
{
    struct area_change *c;
    size_t n;
    no_error(area_changes(l->tx, &l->t->a, STR("lsoa"), STR("E01990015"), 2011, 2021, &c, &n));
    assert_int_equal(n, 2);
    assert_int_equal(c[0].relation, 'S');
    no_error(area_changes(l->tx, &l->t->a, STR("lsoa"), STR("E01991003"), 2021, 2011, &c, &n));
    assert_int_equal(n, 2);
    assert_int_equal(c[0].relation, 'M');
}

static void check_postcodes(struct looking *l)
{
    struct postcode_row p;
    bool found;
    no_error(postcode_find(l->tx, &l->t->a, STR("QX10AA"), &p, &found));
    assert_true(found);
    assert_true(str_starts(p.lsoa21, STR("E0199")));
    assert_true(is(p.district, "E07990001"));
}

static void what_was_planted_is_found_again(void **state)
{
    UNUSED(state);
    struct looking l = {.t = town_of(1)};
    no_error(db_read_public(l.t->db, &l.t->a, &l.tx));
    check_wards(&l);
    check_zone(&l);
    check_changes(&l);
    check_postcodes(&l);
    db_read_end(l.tx);
    testdb_close(l.t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_seed_makes_the_same_rows),
        cmocka_unit_test(a_town_cut_short_is_finished),
        cmocka_unit_test(another_seed_takes_the_unfinished_town_back),
        cmocka_unit_test(a_real_import_is_not_built_over),
        cmocka_unit_test(what_was_planted_is_found_again),
    };
    return cmocka_run_group_tests_name("place/demo", tests, NULL, NULL);
}
