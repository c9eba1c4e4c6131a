// SPDX-License-Identifier: AGPL-3.0-or-later
// The sums of a profile: bands, coinciding domains, then and now, facts. No database here.
#include "base/base.h"
#include "place/profile.h"

const int threshold_percent[THRESHOLDS] = {10, 20, 30};

const char *const age_band_id[AGE_BANDS] = {"0-4",   "5-9",   "10-15", "16-24",
                                            "25-44", "45-64", "65-79", "80+"};
const char *const age_band_words[AGE_BANDS] = {"0 to 4",   "5 to 9",   "10 to 15", "16 to 24",
                                               "25 to 44", "45 to 64", "65 to 79", "80 and over"};
// The first single year of age of each band, and one behind the last.
static const int age_band_from[AGE_BANDS] = {0, 5, 10, 16, 25, 45, 65, 80};
enum { AGES_MIN = 81, AGES_MAX = 130 };

struct domain_words {
    const char *brief, *means;
};

static const struct domain_words words[DOMAIN_N] = {
    [DOMAIN_IMD] = {"All", "All seven domains put together, some counting for more than others."},
    [DOMAIN_INCOME] = {"Income", "People with too little money to live on."},
    [DOMAIN_EMPLOYMENT] = {"Work", "People who want to work and cannot, also through illness or "
                                   "caring for others."},
    [DOMAIN_EDUCATION] = {"Education", "How children and young people do at school, and adults "
                                       "without qualifications or English."},
    [DOMAIN_HEALTH] = {"Health", "Poor health of body or mind, and lives that end too early."},
    [DOMAIN_CRIME] = {"Crime", "The risk of being a victim of crime."},
    [DOMAIN_BARRIERS] = {"Barriers", "How hard it is to get and afford a home, and to reach "
                                     "services."},
    [DOMAIN_LIVING] = {"Living", "The state of homes, the air, and safety on the roads."},
    [DOMAIN_IDACI] = {"Children", "Children who live in families with too little money. Part of "
                                  "income."},
    [DOMAIN_IDAOPI] = {"Older", "People of 60 and over with too little money. Part of income."},
    [DOMAIN_CHILDREN_SUB] = {"Young", "How children and young people do at school. Part of "
                                      "education."},
    [DOMAIN_ADULT_SKILLS_SUB] = {"Skills", "Adults without qualifications or English. Part of "
                                           "education."},
    [DOMAIN_GEOGRAPHICAL_BARRIERS_SUB] = {"Distance", "How far it is to services. Part of "
                                                      "barriers."},
    [DOMAIN_WIDER_BARRIERS_SUB] = {"Housing", "How hard it is to get and afford a home. Part of "
                                              "barriers."},
    [DOMAIN_INDOORS_SUB] = {"Indoors", "The state of homes. Part of living environment."},
    [DOMAIN_OUTDOORS_SUB] = {"Outdoors", "The air, and safety on the roads. Part of living "
                                         "environment."},
};

const char *domain_short(enum domain d)
{
    return words[d].brief;
}

const char *domain_means(enum domain d)
{
    return words[d].means;
}

int band_of_decile(int64_t decile)
{
    if (decile < 1 || decile > 10)
        return 0;
    return decile <= 3 ? (int)decile : decile <= 5 ? 4 : 5;
}

const char *band_words(int band)
{
    static const char *const of[BANDS + 1] = {"not published",     "most deprived 10%",
                                              "most deprived 20%", "most deprived 30%",
                                              "30% to 50%",        "less deprived half"};
    return of[band < 0 || band > BANDS ? 0 : band];
}

struct reading reading_of(opt_i64 rank, opt_i64 decile, opt_f64 score, const struct edition *e)
{
    struct reading r = {.score = score, .status = READING_SUPPRESSED};
    if (!decile.has && rank.has && e->rank_of)
        decile = some_i64(decile_of(rank.v, e->rank_of));
    if (!rank.has && !decile.has)
        return r;
    r.status = READING_PUBLISHED;
    r.rank = rank.has ? (int32_t)rank.v : 0;
    r.decile = (uint8_t)(decile.has ? decile.v : 0);
    r.band = (uint8_t)band_of_decile(r.decile);
    return r;
}

void reading_lay(struct reading *r, struct reading newer)
{
    struct reading older = *r;
    bool ranked = newer.status == READING_PUBLISHED;
    if (older.status == READING_ABSENT || (!ranked && !newer.score.has)) {
        *r = newer;
        return;
    }
    if (ranked) {
        *r = newer;
        if (newer.rank == 0 && older.decile == newer.decile)
            r->rank = older.rank;
        if (newer.decile == 0 && older.rank == newer.rank) {
            r->decile = older.decile;
            r->band = older.band;
        }
    }
    r->score = newer.score.has ? newer.score : older.score;
}

// Bands 1, 2 and 3 are the three thresholds, each within the next.
static bool within(const struct reading *r, int threshold)
{
    return r->band >= 1 && r->band <= threshold + 1;
}

struct coincide coincide_count(const struct reading reading[DOMAIN_N])
{
    struct coincide c = {0};
    for (int d = 0; d < DOMAIN_N; d++) {
        if (!domain_is_main((enum domain)d) || !reading[d].band)
            continue;
        c.judged++;
        for (int k = 0; k < THRESHOLDS; k++)
            c.n[k] += within(&reading[d], k);
    }
    c.known = c.judged > 0;
    return c;
}

void share_add(struct share *s, const struct reading *r)
{
    if (!r->band)
        return;
    s->n++;
    for (int k = 0; k < THRESHOLDS; k++)
        s->in[k] += within(r, k);
}

double share_percent(const struct share *s, int k)
{
    return s->n ? 100.0 * s->in[k] / s->n : -1;
}

static int band_of_age(int age)
{
    int b = AGE_BANDS - 1;
    while (age < age_band_from[b])
        b--;
    return b;
}

bool ages_by_band(str ages, int64_t band[AGE_BANDS])
{
    int64_t sum[AGE_BANDS] = {0}, n = 0;
    int age = 0;
    bool digit = false;
    for (size_t i = 0; i <= ages.n; i++) {
        char c = i < ages.n ? ages.p[i] : ',';
        if (c >= '0' && c <= '9' && n < INT64_C(1000000000)) {
            n = n * 10 + (c - '0');
            digit = true;
        } else if (c == ',' && digit && age < AGES_MAX) {
            sum[band_of_age(age++)] += n;
            n = 0;
            digit = false;
        } else {
            return false;
        }
    }
    if (age < AGES_MIN)
        return false;
    for (int b = 0; b < AGE_BANDS; b++)
        band[b] += sum[b];
    return true;
}

// ---- counting over the small areas --------------------------------------------------------------

static void count_area(struct profile *p, struct small_area *s)
{
    for (int e = 0; e < p->n_editions; e++) {
        s->coincide[e] = coincide_count(s->reading[e]);
        for (int d = 0; d < DOMAIN_N; d++)
            if (s->reading[e][d].status != READING_ABSENT)
                p->has_domain[d] = true;
    }
}

static void count_here(struct profile *p)
{
    struct comparison *c = &p->compare[COMPARE_HERE];
    *c = (struct comparison){.known = p->n_small > 0,
                             .code = p->area.code,
                             .name = p->area.name,
                             .small_areas = (int)p->n_small};
    for (int e = 0; e < p->n_editions; e++)
        for (int d = 0; d < DOMAIN_N; d++) {
            for (size_t i = 0; i < p->n_small; i++)
                share_add(&c->share[e][d], &p->small[i].reading[e][d]);
            for (size_t i = 0; i < p->n_before; i++)
                share_add(&c->share[e][d], &p->before[i].reading[e][d]);
        }
}

static void count_bands(const struct small_area *s, size_t n, int edition, int d,
                        int count[BANDS + 1])
{
    for (size_t i = 0; i < n; i++)
        if (s[i].reading[edition][d].status != READING_ABSENT)
            count[s[i].reading[edition][d].band]++;
}

static void count_change(struct profile *p)
{
    struct profile_change *c = &p->change;
    *c = (struct profile_change){.known = p->n_editions > 1, .from = 1, .to = 0};
    for (size_t i = 0; i < p->n_small; i++) {
        c->unchanged += p->small[i].relation == LINK_UNCHANGED;
        c->split += p->small[i].relation == LINK_SPLIT;
        c->merged += p->small[i].relation == LINK_MERGED;
        c->irregular += p->small[i].relation == LINK_IRREGULAR;
    }
    for (int d = 0; d < DOMAIN_N && c->known; d++) {
        count_bands(p->small, p->n_small, c->from, d, c->domain[d].then);
        count_bands(p->before, p->n_before, c->from, d, c->domain[d].then);
        count_bands(p->small, p->n_small, c->to, d, c->domain[d].now);
    }
}

// Of two areas with as many domains at a threshold the one with more at the wider thresholds comes
// first, then the more deprived one by the whole, then the lower code.
static bool before_it(const struct small_area *a, const struct small_area *b, int k)
{
    for (int i = k; i < THRESHOLDS; i++)
        if (a->coincide[0].n[i] != b->coincide[0].n[i])
            return a->coincide[0].n[i] > b->coincide[0].n[i];
    int32_t ra = a->reading[0][DOMAIN_IMD].rank, rb = b->reading[0][DOMAIN_IMD].rank;
    if (ra != rb && ra && rb)
        return ra < rb;
    return str_cmp(a->code, b->code) < 0;
}

static struct profile_most find_most(const struct profile *p, int k)
{
    struct profile_most m = {.area = -1};
    for (size_t i = 0; i < p->n_small; i++) {
        const struct small_area *s = &p->small[i];
        if (s->coincide[0].n[k] == 0)
            continue;
        m.shared =
            m.area < 0 || s->coincide[0].n[k] > m.n ? 1 : m.shared + (s->coincide[0].n[k] == m.n);
        if (m.area < 0 || before_it(s, &p->small[m.area], k))
            m.area = (int)i;
        m.n = p->small[m.area].coincide[0].n[k];
    }
    return m;
}

// A joint count belongs to another area as well, so it cannot be added.
static void add_children(struct counted *sum, const struct counted *c)
{
    if (c->status == COUNT_PUBLISHED || c->status == COUNT_SUMMED)
        sum->n += c->n;
    else
        sum->status = COUNT_AT_LEAST;
}

static void count_facts(struct profile *p)
{
    struct profile_facts *f = &p->facts;
    *f = (struct profile_facts){.small_areas = (int)p->n_small, .edition = p->n_editions ? 0 : -1};
    for (int k = 0; k < THRESHOLDS; k++) {
        f->children_there[k].status = p->people.known ? COUNT_SUMMED : COUNT_NOT_KNOWN;
        f->most[k] = find_most(p, k);
        for (size_t i = 0; i < p->n_small; i++) {
            if (p->small[i].coincide[0].n[k] < 2)
                continue;
            f->two_or_more[k]++;
            if (p->people.known)
                add_children(&f->children_there[k], &p->small[i].children);
        }
    }
}

void profile_count(struct profile *p)
{
    for (size_t i = 0; i < p->n_small; i++)
        count_area(p, &p->small[i]);
    for (size_t i = 0; i < p->n_before; i++)
        count_area(p, &p->before[i]);
    count_here(p);
    count_change(p);
    count_facts(p);
}

// ---- notes --------------------------------------------------------------------------------------

static const char *note_sentence(enum note_kind k)
{
    switch (k) {
    case NOTE_BEST_FIT:
        return "The small areas (LSOAs) were matched to this place by best fit: each counts whole "
               "for the ward most of its people live in, so their outline is not quite the ward's.";
    case NOTE_NO_BEST_FIT:
        return "No small area (LSOA) has this ward as its best fit, so there are no figures from "
               "small areas for it. That is not the same as 0.";
    case NOTE_NO_LOOKUP:
        return "No table is loaded that says which small areas (LSOAs) belong to this place.";
    case NOTE_ZONE_EMPTY: return "The zone has no areas yet.";
    case NOTE_SPLIT_MERGED:
        return "These small areas were split or merged between the two censuses, so their earlier "
               "figures are those of the areas they were made from.";
    case NOTE_IRREGULAR:
        return "The borders of these small areas changed irregularly between the two censuses, so "
               "nothing is carried over from before.";
    case NOTE_BORDER_MOVED:
        return "These small areas kept their codes between the two censuses, but their borders "
               "moved, so a part of any change can come from that.";
    case NOTE_NOT_PUBLISHED:
        return "Some figures of these small areas are not published. That is not the same as 0.";
    case NOTE_OTHER_VINTAGE:
        return "The people were counted on the small areas of the census before.";
    case NOTE_JOINT_PEOPLE:
        return "How many people live in these small areas is only known for them together with the "
               "other part of the area they were split from.";
    case NOTE_PEOPLE_MISSING: return "The number of people lacks those of these small areas.";
    case NOTE_DECILES_ASIDE:
        return "The two editions of the Indices rank different numbers of areas and measure some "
               "things differently. Read the bands side by side; a rank of one year cannot be "
               "taken away from a rank of another.";
    }
    return "";
}

str profile_note_words(struct arena *a, const struct profile_note *note)
{
    str s = str_c(note_sentence(note->kind));
    if (!note->n)
        return s;
    return str_fmt(a, "%" PRIstr " (%" PRIstr ")", ARGstr(s),
                   ARGstr(str_join(a, note->codes, note->n, STR(", "))));
}
