// SPDX-License-Identifier: AGPL-3.0-or-later
// The zone and the district beside a place: how many of their small areas lie in the most deprived
// 10, 20, 30 % of England. England itself needs no reading: its shares are 10, 20 and 30 %.
//
// That takes the readings of every small area of the district and is the same for all its places,
// so it is kept from one page to the next.
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
    struct arena *a;
    struct map seen; // code -> struct bands
};

// By enum comparator; COMPARE_HERE stays empty.
struct compared {
    struct comparison with[COMPARATORS];
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
        v->p = arena_new(r->a, struct bands);
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
    TRY(area_changes(r->job->tx, r->a, STR("lsoa"), s->code, s->vintage, other, &change, &n));
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

static err compare_zone(struct reader *r, struct comparison *c)
{
    struct profile_job *job = r->job;
    struct map counted;
    struct zone z;
    struct area_ref *v;
    size_t n;
    bool found;
    if (job->p->area.is_zone)
        return NULL;
    TRY(zone_now(job->tx, r->a, &z, &found));
    if (!found)
        return NULL;
    TRY(zone_small_areas(job->tx, r->a, job->today, 0, &v, &n));
    *c = (struct comparison){
        .known = n > 0, .code = STR("zone"), .name = z.name, .small_areas = (int)n};
    map_init(&counted, r->a);
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
    TRY(q_profile_district_all(
        r->job->tx, r->a, &(struct q_profile_district_in){code, p->edition[e].vintage}, &v, &n));
    for (size_t i = 0; i < n; i++) {
        struct bands *b;
        TRY(bands_of(r, v[i].code, &b));
        add_bands(b, e, c);
    }
    c->small_areas = c->small_areas ? c->small_areas : (int)n;
    c->known = c->known || n > 0;
    return NULL;
}

static err compare_district(struct reader *r, struct comparison *c)
{
    const struct profile_area *m = &r->job->p->area;
    if (str_is_none(m->district_code) || str_eq(m->district_code, m->code))
        return NULL;
    *c = (struct comparison){.code = str_copy(r->a, m->district_code),
                             .name = str_copy(r->a, m->district_name)};
    for (int e = 0; e < r->job->p->n_editions; e++)
        TRY(district_edition(r, m->district_code, e, c));
    return NULL;
}

static err make(struct db_tx *tx, struct arena *a, void *ctx, void **ret)
{
    UNUSED(tx);
    struct compared *c = arena_new(a, struct compared);
    struct reader r = {.job = ctx, .a = a};
    map_init(&r.seen, a);
    TRY(compare_zone(&r, &c->with[COMPARE_ZONE]));
    TRY(compare_district(&r, &c->with[COMPARE_DISTRICT]));
    *ret = c;
    return NULL;
}

// All that the two shares depend on: which comparators there are, the day (the zone's areas have
// dates), and which edition stands where.
static str key_of(const struct profile_job *job)
{
    const struct profile *p = job->p;
    bool itself = str_eq(p->area.district_code, p->area.code);
    str key = str_fmt(job->a, "compare %d %" PRIstr " %d", p->area.is_zone,
                      ARGstr(itself ? STR("") : p->area.district_code), job->today.days);
    for (int e = 0; e < p->n_editions; e++)
        key = str_fmt(job->a, "%" PRIstr " %lld", ARGstr(key), (long long)p->edition[e].year);
    return key;
}

err profile_compare(struct profile_job *job)
{
    const void *found;
    if (job->p->n_editions == 0)
        return NULL;
    TRY(memo_find(job->memo, job->tx, job->a, key_of(job), make, job, &found));
    const struct compared *c = found;
    job->p->compare[COMPARE_ZONE] = c->with[COMPARE_ZONE];
    job->p->compare[COMPARE_DISTRICT] = c->with[COMPARE_DISTRICT];
    return NULL;
}
