// SPDX-License-Identifier: AGPL-3.0-or-later
// The zone and the district beside a place: how many of their small areas lie in the most deprived
// 10, 20, 30 % of England. England itself needs no reading: its shares are 10, 20 and 30 %.
#include "base/base.h"
#include "base/map.h"
#include "place/place.h"
#include "place/profile_parts.h"
#include "place/profile_sql.h"

// One small area: the bands of its domains, and in which editions it is ranked at all.
struct bands {
    uint8_t band[EDITIONS_MAX][DOMAIN_N];
    bool ranked[EDITIONS_MAX];
};

// The zone mostly lies in the district, so each code is read once for both.
struct reader {
    struct profile_job *job;
    struct map seen; // code -> struct bands
};

static int edition_index(const struct profile *p, int64_t year)
{
    for (int e = 0; e < p->n_editions; e++)
        if (p->edition[e].year == year)
            return e;
    return -1;
}

static err read_bands(struct reader *r, str code, struct bands *to)
{
    const struct profile *p = r->job->p;
    struct db_rows rows;
    struct q_profile_bands row;
    bool more;
    TRY(q_profile_bands_open(r->job->tx, &(struct q_profile_bands_in){code}, &rows));
    for (;;) {
        TRY(q_profile_bands_next(&rows, &row, &more));
        if (!more)
            return NULL;
        int e = edition_index(p, row.edition), d = profile_domain_at(row.domain);
        if (e < 0 || d < 0)
            continue;
        to->ranked[e] = true;
        to->band[e][d] = reading_of(row.rank, row.decile, (opt_f64){0}, &p->edition[e]).band;
    }
}

static err bands_of(struct reader *r, str code, struct bands **ret)
{
    bool fresh;
    union map_value *v = map_at(&r->seen, code, &fresh);
    if (fresh) {
        v->p = arena_new(r->job->a, struct bands);
        TRY(read_bands(r, code, v->p));
    }
    *ret = v->p;
    return NULL;
}

static void add_bands(const struct profile *p, const struct bands *b, struct comparison *c)
{
    for (int e = 0; e < p->n_editions; e++)
        for (int d = 0; d < DOMAIN_N; d++)
            share_add(&c->share[e][d], &(struct reading){.band = b->band[e][d]});
}

// An edition on another census ranks what the area was before: each former area counts once.
static err add_before(struct reader *r, const struct area_ref *s, struct map *counted,
                      struct comparison *c)
{
    struct area_change *change;
    size_t n;
    int64_t other = profile_other_vintage(s->vintage);
    if (other > s->vintage)
        return NULL;
    TRY(area_changes(r->job->tx, r->job->a, STR("lsoa"), s->code, s->vintage, other, &change, &n));
    for (size_t i = 0; i < n; i++) {
        struct bands *b;
        bool fresh;
        map_at(counted, change[i].code, &fresh);
        if (!fresh || change[i].relation == 'X' || str_eq(change[i].code, s->code))
            continue;
        TRY(bands_of(r, change[i].code, &b));
        add_bands(r->job->p, b, c);
    }
    return NULL;
}

static err compare_with(struct reader *r, str code, str name, const struct area_ref *v, size_t n,
                        struct comparison *c)
{
    const struct profile *p = r->job->p;
    struct map counted;
    map_init(&counted, r->job->a);
    *c = (struct comparison){.known = n > 0, .code = code, .name = name, .small_areas = (int)n};
    for (size_t i = 0; i < n; i++) {
        struct bands *b;
        TRY(bands_of(r, v[i].code, &b));
        add_bands(p, b, c);
        for (int e = 0; e < p->n_editions; e++)
            if (!b->ranked[e] && p->edition[e].vintage != v[i].vintage) {
                TRY(add_before(r, &v[i], &counted, c));
                break;
            }
    }
    return NULL;
}

static err compare_zone(struct reader *r)
{
    struct profile_job *job = r->job;
    struct zone z;
    bool found;
    struct area_ref *v;
    size_t n;
    if (job->p->area.is_zone)
        return NULL;
    TRY(zone_now(job->tx, job->a, &z, &found));
    if (!found)
        return NULL;
    TRY(zone_small_areas(job->tx, job->a, job->today, 0, &v, &n));
    return compare_with(r, STR("zone"), z.name, v, n, &job->p->compare[COMPARE_ZONE]);
}

static err compare_district(struct reader *r)
{
    struct profile_job *job = r->job;
    const struct profile_area *m = &job->p->area;
    struct area district;
    struct area_ref *v;
    size_t n;
    bool found;
    if (str_is_none(m->district_code) || str_eq(m->district_code, m->code))
        return NULL;
    TRY(area_find_in(job->tx, job->a, STR("lad"), 0, m->district_code, &district, &found));
    if (!found)
        return NULL;
    TRY(area_children(job->tx, job->a, &district, STR("lsoa"), 0, &v, &n));
    return compare_with(r, m->district_code, m->district_name, v, n,
                        &job->p->compare[COMPARE_DISTRICT]);
}

err profile_compare(struct profile_job *job)
{
    struct reader r = {.job = job};
    map_init(&r.seen, job->a);
    if (job->p->n_editions == 0)
        return NULL;
    TRY(compare_zone(&r));
    return compare_district(&r);
}
