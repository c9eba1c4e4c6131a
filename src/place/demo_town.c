// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "place/demo_town.h"

#include <math.h>

// Planned wards, in the order they lie. `lsoas` counts those of 2021.
enum story { PLAIN, COINCIDE_3, COINCIDE_4, BETTER, WORSE, CENTRE };

static const struct plan {
    const char *name;
    int lsoas;
    bool zone;
    enum story story;
    int need[EDITIONS]; // per cent
} plans[TOWN_WARDS - 1] = {
    {"Abbey Fold", 5, false, PLAIN, {62, 60}},      {"Cloverley", 5, false, PLAIN, {80, 82}},
    {"Hollin Bank", 6, true, COINCIDE_3, {30, 28}}, {"Saltergate", 6, true, COINCIDE_4, {26, 29}},
    {"Dunmere", 5, false, PLAIN, {45, 47}},         {"Eastholme", 5, false, PLAIN, {55, 54}},
    {"Lark Rise", 6, true, BETTER, {12, 44}},       {"Fennick", 5, false, CENTRE, {48, 50}},
    {"Quayside", 5, false, CENTRE, {40, 44}},       {"Gorse Hill", 5, false, PLAIN, {72, 70}},
    {"Highcroft", 5, false, PLAIN, {88, 88}},       {"Oakhanger", 5, false, PLAIN, {76, 78}},
    {"Tanners Mead", 6, true, WORSE, {42, 17}},     {"Priory Park", 5, false, PLAIN, {58, 55}},
    {"Quarry Bank", 5, false, PLAIN, {36, 38}},     {"Riverside", 5, false, PLAIN, {66, 68}},
};

struct seeded town_chance(uint64_t seed, enum town_stream stream)
{
    struct seeded s = {seed};
    s.state = seeded_next(&s) + (uint64_t)stream;
    s.state = seeded_next(&s);
    return s;
}

// ---- the tree of areas -------------------------------------------------------------------------

// Where the planted split and merger are: the last two units of a ward.
static bool is_pair(const struct plan *p)
{
    return p->story == COINCIDE_3 || p->story == BETTER;
}

static int units_of(const struct plan *p)
{
    return p->lsoas + (p->story == BETTER); // the merged area was two
}

static bool coincides(const struct plan *p, int nth)
{
    return (p->story == COINCIDE_3 && nth < 3) || (p->story == COINCIDE_4 && nth < 4);
}

// The nth unit of a ward with its areas of both censuses.
static void add_unit(struct town *t, int ward, int nth)
{
    const struct plan *p = &plans[ward];
    struct town_unit *u = &t->unit[t->units];
    bool second = is_pair(p) && nth == units_of(p) - 1;
    *u = (struct town_unit){.ward = ward, .msoa = ward, .coincide = coincides(p, nth)};
    u->kept_back[EDITION_2019] = p->story == COINCIDE_3 && nth == 2;
    u->kept_back[EDITION_2025] = p->story == BETTER && nth == 2;
    for (int c = 0; c < CENSUSES; c++) {
        bool shared = second && (c == CENSUS_2011) == (p->story == COINCIDE_3);
        if (!shared)
            t->lsoa[c][t->lsoas[c]++] = (struct town_lsoa){.unit = t->units, .change = 'U'};
        t->lsoa[c][t->lsoas[c] - 1].unit_n++;
        u->lsoa[c] = t->lsoas[c] - 1;
    }
    t->units++;
}

static void plan_wards(struct town *t)
{
    for (int w = 0; w < TOWN_WARDS - 1; w++) {
        struct town_ward *ward = &t->ward[w];
        *ward = (struct town_ward){.name = str_c(plans[w].name),
                                   .zone = plans[w].zone,
                                   .first_unit = t->units,
                                   .units = units_of(&plans[w])};
        for (int e = 0; e < EDITIONS; e++)
            ward->need[e] = plans[w].need[e] / 100.0;
        for (int i = 0; i < ward->units; i++)
            add_unit(t, w, i);
    }
    t->msoas = TOWN_WARDS - 1;
    t->ward[TOWN_WARDS - 1] = (struct town_ward){.name = STR("Minster")};
}

static void mark_changes(struct town *t)
{
    for (int c = 0; c < CENSUSES; c++)
        for (int i = 0; i < t->lsoas[c]; i++)
            if (t->lsoa[c][i].unit_n == 2) { // the halves have areas of their own in the other
                char change = c == CENSUS_2011 ? 'S' : 'M';
                t->lsoa[c][i].change = change;
                for (int k = 0; k < 2; k++)
                    t->lsoa[!c][t->unit[t->lsoa[c][i].unit + k].lsoa[!c]].change = change;
            }
}

// ---- codes and names ---------------------------------------------------------------------------

str town_msoa_code(struct arena *a, int msoa)
{
    return str_fmt(a, "E0299%04d", msoa + 1);
}

// "Millbrook 003B": the MSOA's number and a letter.
static str lsoa_name(const struct town *t, enum town_census c, int i)
{
    const struct town_unit *u = &t->unit[t->lsoa[c][i].unit];
    int first = t->unit[t->ward[u->ward].first_unit].lsoa[c];
    return str_fmt(t->a, "Millbrook %03d%c", u->msoa + 1, 'A' + i - first);
}

// Unchanged areas keep their code; split and merged ones got new ones.
static void name_lsoas(struct town *t)
{
    int fresh = 0;
    for (int i = 0; i < t->lsoas[CENSUS_2011]; i++) {
        struct town_lsoa *l = &t->lsoa[CENSUS_2011][i];
        l->code = str_fmt(t->a, "E0199%04d", i + 1);
        l->name = lsoa_name(t, CENSUS_2011, i);
    }
    for (int i = 0; i < t->lsoas[CENSUS_2021]; i++) {
        struct town_lsoa *l = &t->lsoa[CENSUS_2021][i];
        int before = t->unit[l->unit].lsoa[CENSUS_2011];
        l->code = l->change == 'U' ? t->lsoa[CENSUS_2011][before].code
                                   : str_fmt(t->a, "E0199%04d", 1001 + fresh++);
        l->name = lsoa_name(t, CENSUS_2021, i);
    }
    // two names moved when the MSOAs were drawn anew
    t->lsoa[CENSUS_2011][t->unit[t->ward[4].first_unit].lsoa[CENSUS_2011]].name =
        STR("Millbrook 006F");
    t->lsoa[CENSUS_2011][t->unit[t->ward[13].first_unit + 1].lsoa[CENSUS_2011]].name =
        STR("Millbrook 015F");
}

static void name_wards(struct town *t)
{
    for (int w = 0; w < TOWN_WARDS; w++) {
        t->ward[w].code = str_fmt(t->a, "E0599%04d", w + 1);
        t->ward[w].old_code = str_fmt(t->a, "E0598%04d", w + 1);
    }
}

// ---- on the ground -----------------------------------------------------------------------------

// The cells that `owner` gives to `who`.
static size_t cells_of(const int *owner, int who, int *ret_cell)
{
    size_t n = 0;
    for (int i = 0; i < LAND_CELLS; i++)
        if (owner[i] == who)
            ret_cell[n++] = i;
    return n;
}

static void lay_wards(struct town *t, struct seeded *chance)
{
    double share[TOWN_WARDS];
    int cell[LAND_CELLS], town[LAND_CELLS];
    for (int w = 0; w < TOWN_WARDS - 1; w++)
        share[w] = plans[w].lsoas;
    for (int i = 0; i < LAND_CELLS; i++) {
        town[i] = t->land->town[i] ? 1 : 0;
        t->ward_of[i] = t->unit_of[i] = t->oa_of[i] = -1;
    }
    size_t n = cells_of(town, 1, cell);
    land_split(t->land, chance, cell, n, share, TOWN_WARDS - 1, t->ward_of);
}

static void lay_units(struct town *t, struct seeded *chance)
{
    double share[TOWN_UNITS_MAX];
    int cell[LAND_CELLS], part[LAND_CELLS];
    for (int w = 0; w < TOWN_WARDS - 1; w++) {
        const struct town_ward *ward = &t->ward[w];
        for (int i = 0; i < ward->units; i++) {
            const struct town_unit *u = &t->unit[ward->first_unit + i];
            bool half = t->lsoa[CENSUS_2021][u->lsoa[CENSUS_2021]].unit_n == 2;
            share[i] = half ? 0.5 : 1;
        }
        size_t n = cells_of(t->ward_of, w, cell);
        land_split(t->land, chance, cell, n, share, ward->units, part);
        for (size_t i = 0; i < n; i++)
            t->unit_of[cell[i]] = ward->first_unit + part[cell[i]];
    }
}

// Four or five output areas to a unit. Numbers that came out empty are left out.
static void lay_oas(struct town *t, struct seeded *chance)
{
    static const double share[] = {1, 1, 1, 1, 1};
    int cell[LAND_CELLS], part[LAND_CELLS];
    for (int u = 0; u < t->units; u++) {
        size_t n = cells_of(t->unit_of, u, cell);
        int parts = 4 + (int)seeded_below(chance, 2), number[5] = {-1, -1, -1, -1, -1};
        land_split(t->land, chance, cell, n, share, parts, part);
        for (size_t i = 0; i < n; i++) {
            int *oa = &number[part[cell[i]]];
            if (*oa < 0) {
                ASSERT(t->oas < TOWN_OAS_MAX);
                *oa = t->oas++;
                t->oa[*oa] = (struct town_oa){str_fmt(t->a, "E0099%04d", t->oas), u};
            }
            t->oa_of[cell[i]] = *oa;
        }
    }
}

// ---- the ward without a small area of its own --------------------------------------------------

static void give_oa(struct town *t, int oa, int ward)
{
    for (int i = 0; i < LAND_CELLS; i++)
        if (t->oa_of[i] == oa)
            t->ward_of[i] = ward;
}

// May this output area leave its ward? Not a zone ward's, and the ward must stay in one piece.
static bool can_leave(struct town *t, int oa)
{
    int ward = t->unit[t->oa[oa].unit].ward;
    if (t->ward[ward].zone)
        return false;
    give_oa(t, oa, TOWN_WARDS - 1);
    bool whole = land_whole(t->land, t->ward_of, ward);
    give_oa(t, oa, ward);
    return whole;
}

// An output area of another ward beside this cell, or -1.
static int foreign_oa(const struct town *t, int cell)
{
    for (int s = 0; s < LAND_SIDES; s++) {
        int other = land_beside(cell, s);
        if (t->ward_of[other] >= 0 && t->ward_of[other] != t->ward_of[cell])
            return t->oa_of[other];
    }
    return -1;
}

// Minster: one output area of each of two wards that meet, the nearest to the middle of the town.
static void lay_minster(struct town *t)
{
    int best[2] = {-1, -1};
    double near = 1e18;
    for (int i = 0; i < LAND_CELLS; i++) {
        double far = t->land->x[i] * t->land->x[i] + t->land->y[i] * t->land->y[i];
        int other = t->ward_of[i] >= 0 && far < near ? foreign_oa(t, i) : -1;
        if (other < 0 || !can_leave(t, t->oa_of[i]) || !can_leave(t, other))
            continue;
        near = far;
        best[0] = t->oa_of[i];
        best[1] = other;
    }
    for (int k = 0; k < 2; k++)
        if (best[k] >= 0)
            give_oa(t, best[k], TOWN_WARDS - 1);
}

int town_best_fit(const struct town *t, enum town_census census, int lsoa)
{
    return t->unit[t->lsoa[census][lsoa].unit].ward; // Minster took one output area of each only
}

const int *town_lsoa_cells(const struct town *t, struct arena *a, enum town_census census)
{
    int *owner = arena_new_array(a, LAND_CELLS, int);
    for (int i = 0; i < LAND_CELLS; i++)
        owner[i] = t->unit_of[i] < 0 ? -1 : t->unit[t->unit_of[i]].lsoa[census];
    return owner;
}

// ---- people ------------------------------------------------------------------------------------

// How many of a thousand are of that age: a plain English town, with more children in the zone and
// more students in the centre.
static double share_of_age(const struct plan *p, int age)
{
    double share = age < 60 ? 13.2 : age < 90 ? 13.2 - 0.37 * (age - 60) : 8;
    if (p->zone)
        share *= age < 16 ? 1.5 : age < 45 ? 1.1 : 0.75;
    if (p->story == CENTRE)
        share *= age >= 18 && age < 25 ? 3 : age < 16 ? 0.6 : 1;
    return share / 1000;
}

static void people_the_unit(struct town *t, struct town_unit *u, struct seeded *chance)
{
    const struct plan *p = &plans[u->ward];
    bool half = t->lsoa[CENSUS_2021][u->lsoa[CENSUS_2021]].unit_n == 2;
    double people = (half ? 0.5 : 1) * (1350 + 700 * seeded_unit(chance));
    for (int age = 0; age < TOWN_AGES; age++) {
        double wanted = people * share_of_age(p, age) * (0.6 + 0.8 * seeded_unit(chance));
        u->ages[age] = (int64_t)(wanted + seeded_unit(chance));
        u->people += u->ages[age];
    }
}

double town_need(const struct town *t, int unit)
{
    const struct town_unit *u = &t->unit[unit];
    return u->coincide ? 0.06 : t->ward[u->ward].need[EDITION_2025];
}

int64_t town_people(const struct town *t, enum town_census census, int lsoa, int age)
{
    const struct town_lsoa *l = &t->lsoa[census][lsoa];
    int64_t n = 0;
    for (int i = 0; i < l->unit_n; i++)
        n += age < 0 ? t->unit[l->unit + i].people : t->unit[l->unit + i].ages[age];
    return n;
}

struct town *town_make(struct arena *a, uint64_t seed)
{
    struct town *t = arena_new(a, struct town);
    struct seeded land = town_chance(seed, STREAM_LAND), wards = town_chance(seed, STREAM_WARDS),
                  people = town_chance(seed, STREAM_PEOPLE);
    t->a = a;
    t->seed = seed;
    t->land = land_make(a, &land);
    plan_wards(t);
    mark_changes(t);
    name_wards(t);
    name_lsoas(t);
    lay_wards(t, &wards);
    lay_units(t, &wards);
    lay_oas(t, &wards);
    lay_minster(t);
    land_smooth(t->land, t->oa_of);
    for (int u = 0; u < t->units; u++)
        people_the_unit(t, &t->unit[u], &people);
    return t;
}
