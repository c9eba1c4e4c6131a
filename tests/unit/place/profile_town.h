// SPDX-License-Identifier: AGPL-3.0-or-later
// A made-up town for tests over a store, in which one small area was split, two were merged and one
// is suppressed. Ward E05000001 holds E01000001 (unchanged), E01000011 (merged from 02 and 03) and
// E01000012 (half of 04); ward E05000002 holds E01000013 (the other half) and E01000005; ward
// E05000003 is no small area's best fit.
#ifndef TESTS_PROFILE_TOWN_H
#define TESTS_PROFILE_TOWN_H

#include "base/base.h"
#include "place/import.h"
#include "place/place.h"
#include "place/profile.h"
#include "testdb.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

static inline void no_error(err e)
{
    if (e)
        fail_msg("%.*s", (int)err_root(e).n, err_root(e).p);
}

static inline bool is(str s, const char *z)
{
    return str_eq(s, str_c(z));
}

static const char iod2019[] =
    "LSOA code (2011),Index of Multiple Deprivation (IMD) Rank (where 1 is most deprived),"
    "Income Rank (where 1 is most deprived),Crime Rank (where 1 is most deprived)\n"
    "E01000001,100,3284,9853\nE01000002,200,32844,9854\nE01000003,300,1,1\n"
    "E01000004,400,2,2\nE01000005,500,,3\n";
static const char iod2025[] =
    "LSOA code (2021),Index of Multiple Deprivation (IMD) Rank (where 1 is most deprived),"
    "Income Rank (where 1 is most deprived),Crime Rank (where 1 is most deprived)\n"
    "E01000001,100,3375,3376\nE01000011,200,1,1\nE01000012,300,20000,1\nE01000013,400,2,2\n"
    "E01000005,500,,1\n";
static const char changes[] = "LSOA11CD,LSOA11NM,CHGIND,LSOA21CD,LAD22CD,LAD22NM\n"
                              "E01000001,Town A,U,E01000001,E07000001,Town\n"
                              "E01000002,Town B,M,E01000011,E07000001,Town\n"
                              "E01000003,Town C,M,E01000011,E07000001,Town\n"
                              "E01000004,Town D,S,E01000012,E07000001,Town\n"
                              "E01000004,Town D,S,E01000013,E07000001,Town\n"
                              "E01000005,Town E,U,E01000005,E07000001,Town\n";
static const char wards[] = "LSOA21CD,LSOA21NM,WD24CD,WD24NM,LAD24CD,LAD24NM\n"
                            "E01000001,Town 1A,E05000001,North,E07000001,Town\n"
                            "E01000011,Town 1B,E05000001,North,E07000001,Town\n"
                            "E01000012,Town 1C,E05000001,North,E07000001,Town\n"
                            "E01000013,Town 2A,E05000002,South,E07000001,Town\n"
                            "E01000005,Town 2B,E05000002,South,E07000001,Town\n";
#define FEATURE(kind, code, name, west, east)                                                      \
    "{\"type\":\"Feature\",\"properties\":{\"" kind "CD\":\"" code "\",\"" kind "NM\":\"" name     \
    "\",\"LAD24CD\":\"E07000001\"},\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[" west    \
    ",52],[" east ",52],[" east ",52.1],[" west ",52.1],[" west ",52]]]}}"
#define FEATURES "{\"type\":\"FeatureCollection\",\"features\":["
static const char ward_outlines[] =
    FEATURES FEATURE("WD24", "E05000001", "North", "-1.3", "-1.2") "," FEATURE(
        "WD24", "E05000002", "South", "-1.2", "-1.1") "," FEATURE("WD24", "E05000003", "Tiny",
                                                                  "-1.1", "-1.0") "]}";
static const char small_outline[] =
    FEATURES FEATURE("LSOA21", "E01000013", "Town 2A", "-1.2", "-1.15") "]}";

static inline void load_as(struct testdb *t, const char *family, const char *name, str text,
                           struct import_opts opts)
{
    struct import_job *job;
    struct import_result done;
    opts.family = str_c(family);
    no_error(import_open(&t->a, text, str_c(name), &opts, &job));
    no_error(import_load(t->db, job, 1000, &done));
    assert_true(done.rows > 0);
}

static inline str ages_csv(struct arena *a, const int *people, const char *const *code, size_t n)
{
    struct buf b;
    buf_init(&b, a, 1 << 16);
    buf_c(&b, "LSOA11CD,Total");
    for (int age = 0; age < 90; age++)
        buf_fmt(&b, ",%d", age);
    buf_c(&b, ",90+\n");
    for (size_t i = 0; i < n; i++) {
        buf_fmt(&b, "%s,%d", code[i], 91 * people[i]);
        for (int age = 0; age <= 90; age++)
            buf_fmt(&b, ",%d", people[i]);
        buf_c(&b, "\n");
    }
    return buf_text(&b);
}

static inline struct testdb *town(void)
{
    static const char *const code[] = {"E01000001", "E01000002", "E01000003", "E01000004",
                                       "E01000005"};
    static const int people[] = {1, 2, 3, 4, 5};
    struct testdb *t = testdb_open();
    load_as(t, "areas", "wards.geojson", str_c(ward_outlines), (struct import_opts){0});
    load_as(t, "areas", "lsoa.geojson", str_c(small_outline), (struct import_opts){0});
    load_as(t, "lookup", "changes.csv", str_c(changes), (struct import_opts){0});
    load_as(t, "lookup", "wards.csv", str_c(wards), (struct import_opts){0});
    load_as(t, "iod2019", "iod2019.csv", str_c(iod2019), (struct import_opts){0});
    load_as(t, "iod2025", "iod2025.csv", str_c(iod2025), (struct import_opts){0});
    load_as(t, "population", "mid-2020.csv", ages_csv(&t->a, people, code, countof(code)),
            (struct import_opts){.period = STR("mid-2020")});
    return t;
}

static inline struct profile *profile_of(struct testdb *t, const char *code)
{
    struct db_tx *tx;
    date today;
    bool found;
    assert_true(date_make(2026, 1, 1, &today));
    struct profile *p = arena_new(&t->a, struct profile);
    no_error(db_read_public(t->db, &t->a, &tx));
    no_error(profile_read(tx, &t->a, str_c(code), today, p, &found));
    db_read_end(tx);
    assert_true(found);
    return p;
}

static inline const struct profile_note *note_in(const struct profile *p, enum note_kind k)
{
    for (size_t i = 0; i < p->n_notes; i++)
        if (p->note[i].kind == k)
            return &p->note[i];
    return NULL;
}

#endif
