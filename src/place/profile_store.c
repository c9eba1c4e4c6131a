// SPDX-License-Identifier: AGPL-3.0-or-later
// Reading a profile together: which place, which small areas, their ranks in each edition, and what
// they were before.
#include "base/base.h"
#include "place/place.h"
#include "place/profile_parts.h"
#include "place/profile_sql.h"

void profile_note_add(struct profile_job *job, enum note_kind kind, const str *code, size_t n)
{
    struct profile_note *note = vec_add(job->a, &job->notes);
    *note = (struct profile_note){kind,
                                  arena_copy(job->a, code ? code : &STR_NONE, n * sizeof *code), n};
}

int64_t profile_other_vintage(int64_t vintage)
{
    int64_t below = 0, above = 0;
    for (size_t i = 0; i < n_deprivation_editions; i++) {
        int64_t v = deprivation_editions[i].lsoa_vintage;
        if (v < vintage && v > below)
            below = v;
        if (v > vintage && (!above || v < above))
            above = v;
    }
    return below ? below : above;
}

// ---- the place ----------------------------------------------------------------------------------

static err zone_place(struct profile_job *job, bool *ret_found)
{
    struct zone z;
    TRY(zone_now(job->tx, job->a, &z, ret_found));
    job->p->area = (struct profile_area){
        .code = STR("zone"), .name = z.name, .kind = STR("zone"), .is_zone = true};
    return NULL;
}

// The parent is the next larger area it lies in; a ward that only fits best is not one.
static err find_larger(struct profile_job *job)
{
    struct profile_area *to = &job->p->area;
    struct area_ref *v;
    size_t n;
    TRY(area_larger(job->tx, job->a, &job->area, &v, &n));
    if (!to->is_zone) {
        job->p->larger = v;
        job->p->n_larger = n;
    }
    for (size_t i = n; i-- > 0;) {
        if (!v[i].best_fit) {
            to->parent_code = v[i].code;
            to->parent_name = v[i].name;
            to->parent_kind = v[i].kind;
        }
        if (str_eq(v[i].kind, STR("lad"))) {
            to->district_code = v[i].code;
            to->district_name = v[i].name;
        }
    }
    return NULL;
}

static err area_place(struct profile_job *job, str code, bool *ret_found)
{
    TRY(area_find(job->tx, job->a, code, &job->area, ret_found));
    if (!*ret_found)
        return NULL;
    job->p->area = (struct profile_area){.code = job->area.code,
                                         .name = job->area.name,
                                         .kind = job->area.kind,
                                         .vintage = job->area.vintage};
    job->p->self = arena_copy(job->a, &job->area, sizeof job->area);
    return find_larger(job);
}

static void add_child(struct profile_job *job, struct profile_child *to, const struct area_ref *r)
{
    *to = (struct profile_child){r->code, r->name, r->kind, r->vintage};
    job->p->n_children++;
}

// The wards of a district, the output areas of a small area.
static err area_child_list(struct profile_job *job)
{
    bool lsoa = str_eq(job->area.kind, STR("lsoa"));
    if (!lsoa && !str_eq(job->area.kind, STR("lad")))
        return NULL;
    struct area_ref *v;
    size_t n;
    TRY(area_children(job->tx, job->a, &job->area, lsoa ? STR("oa") : STR("ward"), 0, &v, &n));
    job->p->child = arena_new_array(job->a, n, struct profile_child);
    for (size_t i = 0; i < n; i++)
        add_child(job, &job->p->child[i], &v[i]);
    return NULL;
}

// What the zone is made of today.
static err zone_child_list(struct profile_job *job)
{
    struct zone_area *v;
    size_t n;
    TRY(zone_areas(job->tx, job->a, job->today, &v, &n));
    job->p->child = arena_new_array(job->a, n, struct profile_child);
    for (size_t i = 0; i < n; i++) {
        struct area m;
        bool found;
        TRY(area_find_in(job->tx, job->a, v[i].kind, v[i].vintage, v[i].code, &m, &found));
        struct area_ref r = {.code = v[i].code,
                             .name = found ? m.name : v[i].code,
                             .kind = v[i].kind,
                             .vintage = v[i].vintage};
        add_child(job, &job->p->child[i], &r);
        if (i == 0 && found) { // a zone lies in one district; its first area tells which
            job->area = m;
            TRY(find_larger(job));
        }
    }
    if (n == 0)
        profile_note_add(job, NOTE_ZONE_EMPTY, NULL, 0);
    return NULL;
}

// ---- its small areas ----------------------------------------------------------------------------

static err small_refs(struct profile_job *job, struct area_ref **ret, size_t *ret_n)
{
    const struct area *m = &job->area;
    if (job->p->area.is_zone)
        return zone_small_areas(job->tx, job->a, job->today, 0, ret, ret_n);
    if (!str_eq(m->kind, STR("lsoa")))
        return area_children(job->tx, job->a, m, STR("lsoa"), 0, ret, ret_n);
    *ret = arena_new(job->a, struct area_ref);
    **ret = (struct area_ref){.id = m->id,
                              .code = m->code,
                              .name = m->name,
                              .kind = m->kind,
                              .vintage = m->vintage,
                              .drawn = m->drawn,
                              .label = m->label};
    *ret_n = 1;
    return NULL;
}

static err find_small(struct profile_job *job)
{
    struct profile *p = job->p;
    TRY(small_refs(job, &job->ref, &p->n_small));
    p->small = arena_new_array(job->a, p->n_small, struct small_area);
    job->facts = arena_new_array(job->a, p->n_small, struct small_facts);
    for (size_t i = 0; i < p->n_small; i++) {
        const struct area_ref *r = &job->ref[i];
        p->small[i] = (struct small_area){.id = r->id,
                                          .code = r->code,
                                          .name = r->name,
                                          .vintage = r->vintage,
                                          .has_label = r->drawn,
                                          .lon = r->label.x,
                                          .lat = r->label.y};
        p->area.best_fit = p->area.best_fit || r->best_fit;
    }
    if (p->n_small || p->area.is_zone)
        return NULL;
    enum area_fit fit;
    TRY(area_fit(job->tx, job->a, &job->area, &fit));
    if (fit == AREA_FIT_NONE && str_eq(p->area.kind, STR("ward")))
        profile_note_add(job, NOTE_NO_BEST_FIT, NULL, 0);
    else if (fit == AREA_FIT_UNKNOWN && !str_eq(p->area.kind, STR("oa")))
        profile_note_add(job, NOTE_NO_LOOKUP, NULL, 0);
    return NULL;
}

// ---- editions and readings ----------------------------------------------------------------------

// The index of an edition in the profile, kept newest first; what was read already moves along.
static int edition_at(struct profile *p, int64_t year)
{
    int at = 0;
    while (at < p->n_editions && p->edition[at].year > year)
        at++;
    if (at < p->n_editions && p->edition[at].year == year)
        return at;
    if (at == EDITIONS_MAX)
        return -1; // older than the ones we show
    int keep = (p->n_editions < EDITIONS_MAX ? p->n_editions : EDITIONS_MAX - 1) - at;
    memmove(&p->edition[at + 1], &p->edition[at], (size_t)keep * sizeof *p->edition);
    for (size_t i = 0; i < p->n_small + p->n_before; i++) {
        struct small_area *s = i < p->n_small ? &p->small[i] : &p->before[i - p->n_small];
        memmove(&s->reading[at + 1], &s->reading[at], (size_t)keep * sizeof *s->reading);
        memset(&s->reading[at], 0, sizeof *s->reading);
    }
    const struct deprivation_edition *e = edition_of_year(year);
    p->edition[at] = (struct edition){year, e ? e->lsoa_vintage : 0, e ? e->ranked : 0};
    p->n_editions += p->n_editions < EDITIONS_MAX;
    return at;
}

// Rows come by the thousand, so the first byte decides before anything is measured.
int profile_domain_at(str id)
{
    for (int d = 0; d < DOMAIN_N && id.n; d++) {
        const char *z = deprivation_domains[d].id;
        if (z[0] == id.p[0] && strncmp(z, id.p, id.n) == 0 && z[id.n] == 0)
            return d;
    }
    return -1;
}

static err read_area(struct profile_job *job, struct small_area *s)
{
    struct db_rows rows;
    struct q_profile_readings r;
    bool more;
    TRY(q_profile_readings_open(job->tx, &(struct q_profile_readings_in){s->code}, &rows));
    for (;;) {
        TRY(q_profile_readings_next(&rows, &r, &more));
        if (!more)
            return NULL;
        int d = profile_domain_at(r.domain), e = d < 0 ? -1 : edition_at(job->p, r.edition);
        if (e < 0)
            continue;
        struct reading *to = &s->reading[e][d];
        reading_lay(to, reading_of(r.rank, r.decile, r.score, &job->p->edition[e]));
        TRY(profile_source_at(job, r.import, &to->source));
    }
}

static bool has_reading(const struct small_area *s, int edition)
{
    for (int d = 0; d < DOMAIN_N; d++)
        if (s->reading[edition][d].status != READING_ABSENT)
            return true;
    return false;
}

// Every edition on the areas of another census has this code too, and so have the people: then it
// is the same area, since the ONS gives a changed area a new code.
static bool is_unchanged(const struct profile_job *job, size_t i)
{
    const struct profile *p = job->p;
    bool other = false;
    for (int e = 0; e < p->n_editions; e++) {
        if (p->edition[e].vintage == p->small[i].vintage)
            continue;
        if (!has_reading(&p->small[i], e))
            return false;
        other = true;
    }
    return other ||
           (job->facts[i].n_people > 0 && job->facts[i].people[0].vintage != p->small[i].vintage);
}

static enum link_relation relation_of(char change)
{
    switch (change) {
    case 'U': return LINK_UNCHANGED;
    case 'S': return LINK_SPLIT;
    case 'M': return LINK_MERGED;
    case 'X': return LINK_IRREGULAR;
    default: return LINK_NONE;
    }
}

// An area of the older census that is no more: what became of it.
static void note_after(struct profile_job *job, struct small_area *s, const struct small_facts *f)
{
    str *code = arena_new_array(job->a, f->n_changes, str);
    for (size_t k = 0; k < f->n_changes; k++)
        code[k] = f->change[k].code;
    s->after = code;
    s->n_after = f->n_changes;
}

static err find_change(struct profile_job *job, size_t i)
{
    struct small_area *s = &job->p->small[i];
    struct small_facts *f = &job->facts[i];
    if (is_unchanged(job, i)) {
        s->relation = LINK_UNCHANGED;
        return NULL;
    }
    TRY(area_changes(job->tx, job->a, STR("lsoa"), s->code, s->vintage,
                     profile_other_vintage(s->vintage), &f->change, &f->n_changes));
    if (f->n_changes)
        s->relation = relation_of(f->change[0].relation);
    if (f->n_changes && f->change[0].vintage > s->vintage)
        note_after(job, s, f);
    return NULL;
}

// ---- what they were before ----------------------------------------------------------------------

static bool became_other(const struct small_area *s)
{
    return (s->relation == LINK_SPLIT || s->relation == LINK_MERGED) &&
           profile_other_vintage(s->vintage) < s->vintage;
}

static uint16_t before_at(struct profile *p, const struct area_change *c)
{
    for (size_t i = 0; i < p->n_before; i++)
        if (str_eq(p->before[i].code, c->code))
            return (uint16_t)i;
    p->before[p->n_before] = (struct small_area){.code = c->code, .vintage = c->vintage};
    return (uint16_t)p->n_before++;
}

static err read_before(struct profile_job *job, size_t i)
{
    struct small_area *s = &job->p->before[i];
    struct small_facts *f = &job->before_facts[i];
    struct area m;
    bool found;
    TRY(area_find_in(job->tx, job->a, STR("lsoa"), s->vintage, s->code, &m, &found));
    s->name = found ? m.name : s->code;
    if (found && m.drawn) {
        s->id = m.id;
        s->has_label = true;
        s->lon = m.label.x;
        s->lat = m.label.y;
    }
    TRY(area_changes(job->tx, job->a, STR("lsoa"), s->code, s->vintage, job->p->small[0].vintage,
                     &f->change, &f->n_changes));
    if (f->n_changes)
        s->relation = relation_of(f->change[0].relation);
    TRY(profile_people_rows(job, STR("lsoa"), s->code, &f->people, &f->n_people));
    return read_area(job, s);
}

static err find_before(struct profile_job *job)
{
    struct profile *p = job->p;
    size_t most = 0;
    for (size_t i = 0; i < p->n_small; i++)
        most += became_other(&p->small[i]) ? job->facts[i].n_changes : 0;
    p->before = arena_new_array(job->a, most, struct small_area);
    job->before_facts = arena_new_array(job->a, most, struct small_facts);
    for (size_t i = 0; i < p->n_small; i++) {
        struct small_area *s = &p->small[i];
        if (!became_other(s))
            continue;
        uint16_t *at = arena_new_array(job->a, job->facts[i].n_changes, uint16_t);
        for (size_t k = 0; k < job->facts[i].n_changes; k++)
            at[k] = before_at(p, &job->facts[i].change[k]);
        s->before = at;
        s->n_before = job->facts[i].n_changes;
    }
    for (size_t i = 0; i < p->n_before; i++)
        TRY(read_before(job, i));
    return NULL;
}

static err read_small(struct profile_job *job)
{
    struct profile *p = job->p;
    for (size_t i = 0; i < p->n_small; i++) {
        TRY(read_area(job, &p->small[i]));
        TRY(profile_people_rows(job, STR("lsoa"), p->small[i].code, &job->facts[i].people,
                                &job->facts[i].n_people));
    }
    for (size_t i = 0; i < p->n_small; i++)
        TRY(find_change(job, i));
    TRY(profile_borders(job));
    return find_before(job);
}

// ---- notes --------------------------------------------------------------------------------------

static bool any_suppressed(const struct profile *p, const struct small_area *s)
{
    for (int e = 0; e < p->n_editions; e++)
        for (int d = 0; d < DOMAIN_N; d++)
            if (s->reading[e][d].status == READING_SUPPRESSED)
                return true;
    return false;
}

static bool note_about(const struct profile *p, const struct small_area *s, enum note_kind k)
{
    switch (k) {
    case NOTE_SPLIT_MERGED: return s->relation == LINK_SPLIT || s->relation == LINK_MERGED;
    case NOTE_IRREGULAR: return s->relation == LINK_IRREGULAR;
    case NOTE_BORDER_MOVED: return s->moved;
    case NOTE_NOT_PUBLISHED: return any_suppressed(p, s);
    case NOTE_JOINT_PEOPLE: return s->people.status == COUNT_JOINT;
    default: return false;
    }
}

static void add_notes(struct profile_job *job)
{
    static const enum note_kind kinds[] = {NOTE_SPLIT_MERGED, NOTE_IRREGULAR, NOTE_BORDER_MOVED,
                                           NOTE_NOT_PUBLISHED, NOTE_JOINT_PEOPLE};
    const struct profile *p = job->p;
    str *code = arena_new_array(job->a, p->n_small, str);
    if (p->area.best_fit)
        profile_note_add(job, NOTE_BEST_FIT, NULL, 0);
    for (size_t k = 0; k < countof(kinds); k++) {
        size_t n = 0;
        for (size_t i = 0; i < p->n_small; i++)
            if (note_about(p, &p->small[i], kinds[k]))
                code[n++] = p->small[i].code;
        if (n)
            profile_note_add(job, kinds[k], code, n);
    }
    if (p->n_editions > 1)
        profile_note_add(job, NOTE_DECILES_ASIDE, NULL, 0);
}

err profile_read(struct db_tx *tx, struct arena *a, str code, date today, struct profile *ret,
                 bool *ret_found)
{
    return profile_read_with(tx, a, code, today, (struct memo_at){0}, ret, ret_found);
}

err profile_read_with(struct db_tx *tx, struct arena *a, str code, date today, struct memo_at memo,
                      struct profile *ret, bool *ret_found)
{
    struct profile_job job = {.tx = tx, .a = a, .today = today, .memo = memo, .p = ret};
    *ret = (struct profile){0};
    if (str_eq(code, STR("zone")))
        TRY(zone_place(&job, ret_found));
    else
        TRY(area_place(&job, code, ret_found));
    if (!*ret_found)
        return NULL;
    TRY(ret->area.is_zone ? zone_child_list(&job) : area_child_list(&job));
    TRY(find_small(&job));
    TRY(read_small(&job));
    TRY(profile_people(&job));
    profile_count(ret);
    TRY(profile_compare(&job));
    TRY(profile_crime(&job));
    TRY(profile_families(&job));
    TRY(profile_place_sources(&job));
    add_notes(&job);
    ret->source = job.sources.v;
    ret->n_sources = job.sources.n;
    ret->note = job.notes.v;
    ret->n_notes = job.notes.n;
    return NULL;
}
