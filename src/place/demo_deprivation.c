// SPDX-License-Identifier: AGPL-3.0-or-later
// The Indices of Deprivation of the demonstration town, both editions, in the shape of File 7.
//
// Each small area stands somewhere in England on each domain, between 0 (the most deprived) and 1;
// that place gives rank, decile and score together, so the three always agree. Wards set the level,
// and what was planted (demo_town.h) is set on top.
#include "base/base.h"
#include "place/demo_files.h"
#include "place/deprivation.h"

#include <math.h>

enum { DOMAINS = 16, IMD = 0, MAIN = 7 };

enum measure { RATE, TRANSFORMED, PLAIN_SCORE };

// In the order of File 7. `spread` is how far an area may stand from its ward; `weight` is the
// domain's part of the whole (Indices of Deprivation 2019, technical report, table 3.1).
static const struct domain {
    const char *title;
    enum measure measure;
    double rate_max, spread, weight;
    const char *id; // as in deprivation.h
} domains[DOMAINS] = {
    {"Index of Multiple Deprivation (IMD)", PLAIN_SCORE, 0, 0, 0, "imd"},
    {"Income", RATE, 0.46, 0.55, 0.225, "income"},
    {"Employment", RATE, 0.34, 0.55, 0.225, "employment"},
    {"Education, Skills and Training", TRANSFORMED, 0, 0.7, 0.135, "education"},
    {"Health Deprivation and Disability", PLAIN_SCORE, 0, 0.6, 0.135, "health"},
    {"Crime", PLAIN_SCORE, 0, 0.9, 0.093, "crime"},
    {"Barriers to Housing and Services", TRANSFORMED, 0, 1.5, 0.093, "barriers"},
    {"Living Environment", TRANSFORMED, 0, 1.4, 0.093, "living_environment"},
    {"Income Deprivation Affecting Children Index (IDACI)", RATE, 0.62, 0.6, 0, "idaci"},
    {"Income Deprivation Affecting Older People (IDAOPI)", RATE, 0.58, 0.7, 0, "idaopi"},
    {"Children and Young People Sub-domain", PLAIN_SCORE, 0, 0.8, 0, "children_sub"},
    {"Adult Skills Sub-domain", RATE, 0.60, 0.7, 0, "adult_skills_sub"},
    {"Geographical Barriers Sub-domain", TRANSFORMED, 0, 1.5, 0, "geographical_barriers_sub"},
    {"Wider Barriers Sub-domain", PLAIN_SCORE, 0, 1.0, 0, "wider_barriers_sub"},
    {"Indoors Sub-domain", PLAIN_SCORE, 0, 1.3, 0, "indoors_sub"},
    {"Outdoors Sub-domain", PLAIN_SCORE, 0, 1.3, 0, "outdoors_sub"},
};

// Where an area stands, edition by edition, domain by domain.
struct standing {
    int64_t rank[TOWN_UNITS_MAX][DOMAINS];
};

// ---- where areas stand -------------------------------------------------------------------------

static double noise(struct seeded *chance)
{
    double sum = -1.5;
    for (int i = 0; i < 3; i++)
        sum += seeded_unit(chance);
    return sum;
}

static double logit(double p)
{
    return log(p / (1 - p));
}

// Income, work, education, health, children's income: what was planted together.
static bool planted_domain(int d)
{
    return (d >= 1 && d <= 4) || d == 8;
}

// The ward's own level pulls people's circumstances; distance to services goes its own way.
static double level(const struct town *t, const struct town_unit *u, int d, enum town_edition e)
{
    double own = logit(t->ward[u->ward].need[e]);
    bool of_places = strcmp(domains[d].id, "barriers") == 0 || d >= 12 || d == MAIN;
    return of_places ? 0.25 * own + 0.4 : own;
}

// An area's standing in one domain in both editions: one chance for what lasts, one for what
// changes.
static void stand(const struct town *t, const struct town_unit *u, int d, struct seeded *chance,
                  double ret[EDITIONS])
{
    double lasting = 2 * domains[d].spread * noise(chance);
    for (int e = 0; e < EDITIONS; e++) {
        double passing = 0.5 * noise(chance), low = seeded_unit(chance);
        double at = level(t, u, d, (enum town_edition)e) + lasting + passing;
        ret[e] = u->coincide && planted_domain(d) ? 0.008 + 0.08 * low : 1 / (1 + exp(-at));
    }
}

// A rank nobody else in town has in this domain.
static int64_t free_rank(const struct standing *s, int n, int d, int64_t rank, int64_t ranked)
{
    rank = rank < 1 ? 1 : rank > ranked ? ranked : rank;
    for (int i = 0; i < n; i++)
        if (s->rank[i][d] == rank) {
            rank = rank == ranked ? 1 : rank + 1;
            i = -1;
        }
    return rank;
}

// The exponential transformation of the Indices: 100 for the most deprived of England, 0 for the
// least; half of the areas get less than 16.
static double transformed(int64_t rank, int64_t ranked)
{
    double scaled = 1 - (double)(rank - 1) / (double)(ranked - 1);
    return -23 * log(1 - scaled * (1 - exp(-100.0 / 23)));
}

// What share of England is more deprived than a score of the whole: straight lines between rounded
// points of the edition of 2019.
static double share_above(double score)
{
    static const double point[][2] = {{92, 0},      {53, 0.05},  {45, 0.10},  {34, 0.20},
                                      {27, 0.30},   {21.5, 0.4}, {17, 0.50},  {13.5, 0.6},
                                      {10.8, 0.70}, {8.4, 0.80}, {5.9, 0.90}, {0.5, 1}};
    for (size_t i = 1; i < countof(point); i++)
        if (score >= point[i][0]) {
            double part = (point[i - 1][0] - score) / (point[i - 1][0] - point[i][0]);
            return point[i - 1][1] + (part < 0 ? 0 : part) * (point[i][1] - point[i - 1][1]);
        }
    return 1;
}

static double whole_score(const int64_t rank[DOMAINS], int64_t ranked)
{
    double sum = 0, weights = 0;
    for (int d = 1; d <= MAIN; d++) {
        sum += domains[d].weight * transformed(rank[d], ranked);
        weights += domains[d].weight;
    }
    return sum / weights;
}

static void rank_all(const struct town *t, enum town_edition e, struct standing *ret)
{
    struct seeded chance = town_chance(t->seed, STREAM_DEPRIVATION);
    int64_t ranked = deprivation_editions[e].ranked;
    enum town_census c = e == EDITION_2019 ? CENSUS_2011 : CENSUS_2021;
    double at[EDITIONS];
    int n = 0;
    for (int u = 0; u < t->units; u++) {
        bool own = t->lsoa[c][t->unit[u].lsoa[c]].unit == u; // the first unit speaks for its area
        for (int d = 1; d < DOMAINS; d++) {
            stand(t, &t->unit[u], d, &chance, at);
            if (own)
                ret->rank[n][d] =
                    free_rank(ret, n, d, 1 + (int64_t)(at[e] * (double)ranked), ranked);
        }
        if (!own)
            continue;
        double above = share_above(whole_score(ret->rank[n], ranked));
        ret->rank[n][IMD] = free_rank(ret, n, IMD, 1 + (int64_t)(above * (double)ranked), ranked);
        n++;
    }
}

// ---- the file ----------------------------------------------------------------------------------

static double score_of(int d, const int64_t rank[DOMAINS], int64_t ranked)
{
    double most = 1 - ((double)rank[d] - 0.5) / (double)ranked; // 1 the most deprived
    if (d == IMD)
        return whole_score(rank, ranked);
    if (domains[d].measure == RATE)
        return domains[d].rate_max * pow(most, 2.2) + 0.008 * most;
    if (domains[d].measure == TRANSFORMED)
        return transformed(rank[d], ranked);
    return 0.52 * logit(most);
}

static void put_headings(struct buf *b, enum town_edition e)
{
    bool old = e == EDITION_2019;
    buf_fmt(b,
            "%sLSOA code (%d),LSOA name (%d),Local Authority District code (%d),"
            "Local Authority District name (%d)",
            old ? "\xef\xbb\xbf" : "", old ? 2011 : 2021, old ? 2011 : 2021, old ? 2019 : 2024,
            old ? 2019 : 2024);
    for (int d = 0; d < DOMAINS; d++) {
        const char *x = domains[d].title, *quote = strchr(x, ',') ? "\"" : "";
        buf_fmt(b,
                ",%s%s Score%s%s,%s%s Rank (where 1 is most deprived)%s,"
                "%s%s Decile (where 1 is most deprived 10%% of LSOAs)%s",
                quote, x, d < 10 && domains[d].measure == RATE ? " (rate)" : "", quote, quote, x,
                quote, quote, x, quote);
    }
    buf_c(b, ",Total population: mid ");
    buf_c(b, old ? "2015 (excluding prisoners) \r\n" : "2022\r\n");
}

// Planted: kept back by the publisher. In Lark Rise work and older people of one area of 2025; in
// Hollin Bank children of one area of 2019.
static bool kept_back(const struct town *t, enum town_edition e, int unit, int d)
{
    return t->unit[unit].kept_back[e] && (e == EDITION_2019 ? d == 8 : d == 2 || d == 9);
}

static void put_row(const struct town *t, struct buf *b, enum town_edition e, int i,
                    const int64_t rank[DOMAINS])
{
    enum town_census c = e == EDITION_2019 ? CENSUS_2011 : CENSUS_2021;
    int64_t ranked = deprivation_editions[e].ranked;
    const struct town_lsoa *l = &t->lsoa[c][i];
    buf_fmt(b, "%" PRIstr ",%" PRIstr ",%s,%s", ARGstr(l->code), ARGstr(l->name),
            TOWN_DISTRICT_CODE, TOWN_DISTRICT_NAME);
    for (int d = 0; d < DOMAINS; d++) {
        if (kept_back(t, e, l->unit, d))
            buf_c(b, ",,,");
        else
            buf_fmt(b, ",%.3f,%lld,%lld", score_of(d, rank, ranked), (long long)rank[d],
                    (long long)decile_of(rank[d], ranked));
    }
    buf_fmt(b, ",%lld\r\n", (long long)town_people(t, c, i, -1));
}

void demo_put_deprivation(const struct town *t, struct buf *b, enum town_edition e)
{
    struct arena a;
    arena_init(&a);
    struct standing *s = arena_new(&a, struct standing);
    rank_all(t, e, s);
    put_headings(b, e);
    enum town_census c = e == EDITION_2019 ? CENSUS_2011 : CENSUS_2021;
    for (int i = 0; i < t->lsoas[c]; i++)
        put_row(t, b, e, i, s->rank[i]);
    arena_fini(&a);
}

// ---- the numbers beneath -----------------------------------------------------------------------

static int64_t people_aged(const struct town *t, int i, int from, int to)
{
    int64_t n = 0;
    for (int age = from; age <= to; age++)
        n += town_people(t, CENSUS_2021, i, age);
    return n;
}

// People counted in a domain, rounded to fives as they are published; the domain's rate gives it.
static void put_numerator(const struct town *t, struct buf *b, const struct standing *s, int i,
                          int d, int64_t people)
{
    int64_t ranked = deprivation_editions[EDITION_2025].ranked;
    double n = score_of(d, s->rank[i], ranked) * (double)people;
    if (kept_back(t, EDITION_2025, t->lsoa[CENSUS_2021][i].unit, d) || n < 5)
        buf_byte(b, ',');
    else
        buf_fmt(b, ",%lld", (long long)(n / 5 + 0.5) * 5);
}

void demo_put_indicators(const struct town *t, struct buf *b)
{
    struct arena a;
    arena_init(&a);
    struct standing *s = arena_new(&a, struct standing);
    rank_all(t, EDITION_2025, s);
    buf_c(b, "lsoa21_code,income_domain_numerator,"
             "income_deprivation_affecting_children_index_idaci_numerator,"
             "income_deprivation_affecting_older_people_index_idaopi_numerator,"
             "employment_domain_numerator,mental_health_indicator\r\n");
    for (int i = 0; i < t->lsoas[CENSUS_2021]; i++) {
        buf_str(b, t->lsoa[CENSUS_2021][i].code);
        put_numerator(t, b, s, i, 1, people_aged(t, i, 0, TOWN_AGES - 1));
        put_numerator(t, b, s, i, 8, people_aged(t, i, 0, 15));
        put_numerator(t, b, s, i, 9, people_aged(t, i, 60, TOWN_AGES - 1));
        put_numerator(t, b, s, i, 2, people_aged(t, i, 18, 65));
        buf_fmt(b, ",%.3f\r\n",
                score_of(4, s->rank[i], deprivation_editions[EDITION_2025].ranked) * 0.9);
    }
    arena_fini(&a);
}
