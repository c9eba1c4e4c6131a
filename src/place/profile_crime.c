// SPDX-License-Identifier: AGPL-3.0-or-later
// Crime by month. The police give each crime the code of a small area of whichever census was the
// newest then, so a place is asked for by its codes of today and by those of before: a crime has
// one of them and is counted once.
#include "base/base.h"
#include "place/crime_store.h"
#include "place/profile_parts.h"

#include <stdlib.h>

static int by_total(const void *x, const void *y)
{
    const struct profile_crime_kind *a = x, *b = y;
    if (a->n != b->n)
        return a->n < b->n ? 1 : -1;
    return str_cmp(a->kind, b->kind);
}

static void take_table(struct arena *a, const struct crime_table *t, struct profile_crime *c)
{
    c->known = t->n_months > 0;
    c->total = t->total;
    c->month = arena_new_array(a, t->n_months, struct profile_month);
    for (size_t i = 0; i < t->n_months; i++) {
        const struct crime_month *m = &t->month[i];
        c->month[c->n_months++] =
            (struct profile_month){m->month, m->known > 0, m->total, (int)(t->n_areas - m->known)};
        c->unplaced += m->unplaced;
    }
    c->kind = arena_new_array(a, t->n_kinds, struct profile_crime_kind);
    for (size_t i = 0; i < t->n_kinds; i++)
        if (t->kind_total[i] > 0)
            c->kind[c->n_kinds++] = (struct profile_crime_kind){t->kind[i], t->kind_total[i]};
    if (c->n_kinds)
        qsort(c->kind, c->n_kinds, sizeof *c->kind, by_total);
}

err profile_crime(struct profile_job *job)
{
    const struct profile *p = job->p;
    struct crime_table t;
    size_t n = p->n_small + p->n_before;
    str *code = arena_new_array(job->a, n, str);
    if (n == 0)
        return NULL;
    for (size_t i = 0; i < n; i++)
        code[i] = i < p->n_small ? p->small[i].code : p->before[i - p->n_small].code;
    TRY(crime_by_month(job->tx, job->a, code, n, 0, &t));
    take_table(job->a, &t, &job->p->crime);
    return profile_source_series(job, t.import, t.n_imports);
}
