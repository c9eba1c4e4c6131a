// SPDX-License-Identifier: AGPL-3.0-or-later
// Small helpers for tests of import families: a file as a string, judged or loaded.
#ifndef TESTS_IMPORT_TRY_H
#define TESTS_IMPORT_TRY_H

#include "base/base.h"
#include "data.h"
#include "place/figure.h"
#include "place/import.h"
#include "testdb.h"

static inline void no_error(err e)
{
    if (e)
        fail_msg("%.*s", (int)err_root(e).n, err_root(e).p);
}

static inline void assert_str(str have, const char *want)
{
    if (!str_eq(have, str_c(want)))
        fail_msg("“%.*s”, not “%s”", (int)have.n, have.p ? have.p : "", want);
}

static inline void assert_says(str have, const char *part)
{
    if (str_find(have, str_c(part), 0) == have.n)
        fail_msg("“%.*s” does not say “%s”", (int)have.n, have.p ? have.p : "", part);
}

// The dry run of a file.
static inline struct import_job *try_check(struct testdb *t, str text, struct import_opts o)
{
    struct import_job *job;
    struct db_tx *tx;
    no_error(import_open(&t->a, text, STR("file.csv"), &o, &job));
    no_error(db_read(t->db, &t->a, &tx));
    no_error(import_check(job, tx));
    db_read_end(tx);
    return job;
}

// What the notices of a dry run say, one to a line.
static inline str try_notices(struct import_job *job)
{
    str all = STR("");
    for (size_t i = 0; i < job->notices.n; i++)
        all = str_fmt(job->a, "%" PRIstr "%" PRIstr "\n", ARGstr(all),
                      ARGstr(job->notices.v[i].sentence));
    return all;
}

// The first problem of a file, as "row, heading: sentence".
static inline str try_trouble(struct testdb *t, str text)
{
    struct import_job *job = try_check(t, text, (struct import_opts){0});
    assert_true(job->problems.n > 0);
    const struct import_problem *p = &job->problems.v[0];
    return str_fmt(&t->a, "%lld, %" PRIstr ": %" PRIstr, (long long)p->row, ARGstr(p->column),
                   ARGstr(p->sentence));
}

// Loads a file that has to be good.
static inline struct import_result try_load(struct testdb *t, str text, struct import_opts o)
{
    struct import_job *job;
    struct import_result r;
    no_error(import_open(&t->a, text, STR("file.csv"), &o, &job));
    no_error(import_load(t->db, job, 1700000000000, &r));
    return r;
}

// A file that has to be refused, with a sentence that says `part`; and nothing is written.
static inline void try_refused(struct testdb *t, str text, struct import_opts o, const char *part)
{
    struct import_job *job = NULL;
    struct import_result r;
    uint64_t before = db_generation(t->db);
    err e = import_open(&t->a, text, STR("file.csv"), &o, &job);
    if (!e)
        e = import_load(t->db, job, 1700000000000, &r);
    if (!e)
        fail_msg("loaded, though it should say “%s”", part);
    assert_says(err_root(e), part);
    assert_true(db_generation(t->db) == before);
}

static inline size_t try_figures(struct testdb *t, const char *code, const char *family,
                                 struct figure **ret)
{
    struct db_tx *tx;
    size_t n;
    no_error(db_read_public(t->db, &t->a, &tx));
    no_error(figures_of_area(tx, &t->a, str_c(code), str_c(family), ret, &n));
    db_read_end(tx);
    return n;
}

#endif
