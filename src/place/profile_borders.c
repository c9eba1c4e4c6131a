// SPDX-License-Identifier: AGPL-3.0-or-later
// Small areas that kept their code between two censuses while their border was drawn elsewhere. The
// change table calls them unchanged, since most of their people stayed; their figures of then and
// now are of different ground all the same.
#include "base/base.h"
#include "place/profile_parts.h"
#include "place/profile_sql.h"

// How much of its area has to be won or lost. Files draw more or less coarsely, which alone makes a
// difference of up to one in a hundred.
static const double moved_least = 0.05;

struct moved_codes {
    VEC(str) code;
};

static err has_moved(struct db_tx *tx, struct arena *a, const struct small_area *s, bool *ret)
{
    struct q_profile_drawn *r;
    size_t n;
    double then = 0, now = 0;
    TRY(q_profile_drawn_all(tx, a, &(struct q_profile_drawn_in){s->code}, &r, &n));
    for (size_t i = 0; i < n; i++) { // of one vintage the newest import comes last
        if (r[i].vintage == s->vintage)
            now = r[i].area_m2;
        if (r[i].vintage == profile_other_vintage(s->vintage))
            then = r[i].area_m2;
    }
    double most = then > now ? then : now;
    *ret = then > 0 && now > 0 && (now > then ? now - then : then - now) > moved_least * most;
    return NULL;
}

static err find_moved(struct db_tx *tx, struct arena *a, void *ctx, void **ret)
{
    const struct profile *p = ctx;
    struct moved_codes *m = arena_new(a, struct moved_codes);
    for (size_t i = 0; i < p->n_small; i++) {
        bool moved = false;
        if (p->small[i].relation == LINK_UNCHANGED)
            TRY(has_moved(tx, a, &p->small[i], &moved));
        if (moved)
            *vec_add(a, &m->code) = str_copy(a, p->small[i].code);
    }
    *ret = m;
    return NULL;
}

err profile_borders(struct profile_job *job)
{
    struct profile *p = job->p;
    const void *found;
    str key = str_fmt(job->a, "borders %" PRIstr " %d", ARGstr(p->area.code), job->today.days);
    TRY(memo_find(job->memo, job->tx, job->a, key, find_moved, p, &found));
    const struct moved_codes *m = found;
    for (size_t i = 0; i < p->n_small; i++)
        for (size_t k = 0; k < m->code.n && !p->small[i].moved; k++)
            p->small[i].moved = str_eq(p->small[i].code, m->code.v[k]);
    return NULL;
}
