// SPDX-License-Identifier: AGPL-3.0-or-later
// The zone and the district beside a place: how many of their small areas lie in the most deprived
// 10, 20, 30 % of England. England itself needs no reading: its shares are 10, 20 and 30 %.
#include "base/base.h"
#include "base/map.h"
#include "place/place.h"
#include "place/profile_parts.h"
#include "place/profile_sql.h"

// One small area: the readings of its domains, and in which editions it is ranked at all.
struct bands {
    struct reading reading[EDITIONS_MAX][DOMAIN_N];
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
        reading_lay(&to->reading[e][d],
                    reading_of(row.rank, row.decile, row.score, &p->edition[e]));
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

static void add_bands(const struct bands *b, int e, struct comparison *c)
{
    for (int d = 0; d < DOMAIN_N; d++)
        share_add(&c->share[e][d], &b->reading[e][d]);
}

static void add_all_bands(const struct profile *p, const struct bands *b, struct comparison *c)
{
    for (int e = 0; e < p->n_editions; e++)
        add_bands(b, e, c);
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
        add_all_bands(r->job->p, b, c);
    }
    return NULL;
}

// An area that an edition does not rank, being of another census, is looked up as what it was.
static err add_small(struct reader *r, const struct area_ref *s, struct map *counted,
                     struct comparison *c)
{
    const struct profile *p = r->job->p;
    struct bands *b;
    TRY(bands_of(r, s->code, &b));
    add_all_bands(p, b, c);
    for (int e = 0; e < p->n_editions; e++)
        if (!b->ranked[e] && p->edition[e].vintage != s->vintage)
            return add_before(r, s, counted, c);
    return NULL;
}

static err compare_zone(struct reader *r)
{
    struct profile_job *job = r->job;
    struct comparison *c = &job->p->compare[COMPARE_ZONE];
    struct map counted;
    struct zone z;
    struct area_ref *v;
    size_t n;
    bool found;
    if (job->p->area.is_zone)
        return NULL;
    TRY(zone_now(job->tx, job->a, &z, &found));
    if (!found)
        return NULL;
    TRY(zone_small_areas(job->tx, job->a, job->today, 0, &v, &n));
    *c = (struct comparison){
        .known = n > 0, .code = STR("zone"), .name = z.name, .small_areas = (int)n};
    map_init(&counted, job->a);
    for (size_t i = 0; i < n; i++)
        TRY(add_small(r, &v[i], &counted, c));
    return NULL;
}

// Each edition ranks the district's small areas of its own census.
static err district_edition(struct reader *r, str code, int e, struct comparison *c)
{
    const struct profile *p = r->job->p;
    struct q_profile_district *v;
    size_t n;
    TRY(q_profile_district_all(r->job->tx, r->job->a,
                               &(struct q_profile_district_in){code, p->edition[e].vintage}, &v,
                               &n));
    for (size_t i = 0; i < n; i++) {
        struct bands *b;
        TRY(bands_of(r, v[i].code, &b));
        add_bands(b, e, c);
    }
    c->small_areas = c->small_areas ? c->small_areas : (int)n;
    c->known = c->known || n > 0;
    return NULL;
}

static err compare_district(struct reader *r)
{
    const struct profile_area *m = &r->job->p->area;
    struct comparison *c = &r->job->p->compare[COMPARE_DISTRICT];
    if (str_is_none(m->district_code) || str_eq(m->district_code, m->code))
        return NULL;
    *c = (struct comparison){.code = m->district_code, .name = m->district_name};
    for (int e = 0; e < r->job->p->n_editions; e++)
        TRY(district_edition(r, m->district_code, e, c));
    return NULL;
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
