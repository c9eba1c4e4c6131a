// SPDX-License-Identifier: AGPL-3.0-or-later
// How many people and children live in a place. Estimates are mostly counted on the small areas of
// one census and wanted on those of another: unchanged areas are copied, merged ones added up,
// split ones known for all their parts together only, irregular ones not at all.
#include "base/base.h"
#include "place/profile_parts.h"
#include "place/profile_sql.h"

// The year in "mid-2020", "2021", "2020-06-30"; 0 when there is none.
static int64_t year_of(str period)
{
    for (size_t i = 0; i + 4 <= period.n; i++) {
        int64_t y;
        if (str_to_i64(str_slice(period, i, i + 4), &y) && y >= 1000)
            return y;
    }
    return 0;
}

err profile_people_rows(struct profile_job *job, str kind, str code, struct people_row **ret,
                        size_t *ret_n)
{
    struct q_profile_population r;
    struct db_rows rows;
    VEC(struct people_row) found = {0};
    bool more;
    TRY(q_profile_population_open(job->tx, &(struct q_profile_population_in){code, kind}, &rows));
    for (;;) {
        TRY(q_profile_population_next(&rows, &r, &more));
        if (!more)
            break;
        struct people_row row = {
            .vintage = r.vintage, .year = year_of(r.period), .total = r.total, .import = r.import};
        if (!row.year || !ages_by_band(r.ages, row.band))
            continue;
        row.period = str_copy(job->a, r.period);
        *vec_add(job->a, &found) = row;
    }
    *ret = found.v;
    *ret_n = found.n;
    return NULL;
}

// The newest import's row of a year; the areas of the newer census come first.
static const struct people_row *row_of(const struct small_facts *f, int64_t year)
{
    for (size_t i = f->n_people; i-- > 0;)
        if (f->people[i].year == year)
            return &f->people[i];
    return NULL;
}

static int64_t newest_year(const struct small_facts *f, size_t n, int64_t year)
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < f[i].n_people; k++)
            if (f[i].people[k].year > year)
                year = f[i].people[k].year;
    return year;
}

static int64_t children_in(const int64_t band[AGE_BANDS])
{
    int64_t n = 0;
    for (int b = 0; b < AGE_BANDS_CHILDREN; b++)
        n += band[b];
    return n;
}

static void set_counts(struct small_area *s, enum count_status status, int64_t people,
                       int64_t children)
{
    s->people = (struct counted){people, (uint8_t)status};
    s->children = (struct counted){children, (uint8_t)status};
}

static bool is_small(const struct profile *p, str code)
{
    for (size_t i = 0; i < p->n_small; i++)
        if (str_eq(p->small[i].code, code))
            return true;
    return false;
}

// All that a former area became lies in this place, so that its people do as well.
static bool stays_within(const struct profile_job *job, size_t before)
{
    const struct small_facts *f = &job->before_facts[before];
    for (size_t i = 0; i < f->n_changes; i++)
        if (!is_small(job->p, f->change[i].code))
            return false;
    return f->n_changes > 0;
}

// What the former areas of a small area say about it: a sum when it was made of whole ones, a joint
// value when it is a part of one.
static void carry_over(struct profile_job *job, struct small_area *s, int64_t year)
{
    int64_t people = 0, children = 0;
    for (size_t i = 0; i < s->n_before; i++) {
        const struct people_row *r = row_of(&job->before_facts[s->before[i]], year);
        if (!r)
            return;
        people += r->total;
        children += children_in(r->band);
    }
    if (s->n_before && s->relation == LINK_MERGED)
        set_counts(s, COUNT_SUMMED, people, children);
    else if (s->n_before == 1 && s->relation == LINK_SPLIT)
        set_counts(s, COUNT_JOINT, people, children);
}

static err add_row(struct profile_job *job, const struct people_row *r)
{
    struct profile_people *p = &job->p->people;
    uint8_t source;
    p->total += r->total;
    for (int b = 0; b < AGE_BANDS; b++)
        p->band[b] += r->band[b];
    p->period = r->period;
    p->vintage = r->vintage;
    return profile_source_at(job, r->import, &source);
}

// Adds up the place: its unchanged areas, and each former area once, if it stayed within.
static err add_up(struct profile_job *job, int64_t year)
{
    struct profile *p = job->p;
    str *missing = arena_new_array(job->a, p->n_small, str);
    for (size_t i = 0; i < p->n_small; i++) {
        struct small_area *s = &p->small[i];
        const struct people_row *r = row_of(&job->facts[i], year);
        if (r) {
            set_counts(s, COUNT_PUBLISHED, r->total, children_in(r->band));
            TRY(add_row(job, r));
            continue;
        }
        carry_over(job, s, year);
        bool within = s->people.status != COUNT_NOT_KNOWN;
        for (size_t k = 0; k < s->n_before; k++)
            within = within && stays_within(job, s->before[k]);
        if (!within)
            missing[p->people.missing++] = s->code;
    }
    for (size_t i = 0; i < p->n_before; i++) {
        const struct people_row *r = row_of(&job->before_facts[i], year);
        if (r)
            set_counts(&p->before[i], COUNT_PUBLISHED, r->total, children_in(r->band));
        if (r && stays_within(job, i))
            TRY(add_row(job, r));
    }
    if (p->people.missing && p->n_small > 1)
        profile_note_add(job, NOTE_PEOPLE_MISSING, missing, (size_t)p->people.missing);
    return NULL;
}

// A ward or district may have an estimate of its own, which is better than a sum.
static err own_estimate(struct profile_job *job, int64_t year, bool *ret_found)
{
    struct small_facts f = {0};
    *ret_found = false;
    if (job->p->area.is_zone || str_eq(job->area.kind, STR("lsoa")))
        return NULL;
    TRY(profile_people_rows(job, job->area.kind, job->area.code, &f.people, &f.n_people));
    int64_t own = newest_year(&f, 1, 0);
    if (!own || own < year)
        return NULL;
    *ret_found = true;
    job->p->people.year = own;
    return add_row(job, row_of(&f, own));
}

err profile_people(struct profile_job *job)
{
    struct profile *p = job->p;
    int64_t year = newest_year(job->facts, p->n_small, 0);
    year = newest_year(job->before_facts, p->n_before, year);
    struct profile_people *people = &p->people;
    people->year = year;
    if (year)
        TRY(add_up(job, year));
    people->summed = p->n_small != 1 || !str_eq(p->area.kind, STR("lsoa"));
    people->known = year && people->missing < (int)p->n_small;
    struct profile_people summed = *people;
    *people = (struct profile_people){0};
    TRY(own_estimate(job, year, &people->known));
    if (!people->known) {
        *people = summed;
        if (people->known && people->vintage != p->small[0].vintage)
            profile_note_add(job, NOTE_OTHER_VINTAGE, NULL, 0);
    }
    people->children = children_in(people->band);
    return NULL;
}
