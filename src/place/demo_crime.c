// SPDX-License-Identifier: AGPL-3.0-or-later
// Street-level crime of the demonstration town, in the shape of data.police.uk: moved to a few
// shared places in each small area, some without a place, anti-social behaviour without a number.
#include "base/base.h"
#include "place/demo_files.h"

enum { PLACES = 8, IN_A_THOUSAND = 1000 };

// A word and how many of a thousand rows have it.
struct word {
    const char *word;
    int share;
};

static const struct word kinds[] = {
    {"Violence and sexual offences", 330},
    {"Anti-social behaviour", 170},
    {"Criminal damage and arson", 85},
    {"Other theft", 80},
    {"Shoplifting", 75},
    {"Public order", 70},
    {"Vehicle crime", 55},
    {"Burglary", 45},
    {"Drugs", 35},
    {"Other crime", 20},
    {"Bicycle theft", 12},
    {"Robbery", 9},
    {"Theft from the person", 8},
    {"Possession of weapons", 6},
};

static const struct word outcomes[] = {
    {"Investigation complete; no suspect identified", 440},
    {"Unable to prosecute suspect", 330},
    {"Under investigation", 90},
    {"Awaiting court outcome", 45},
    {"Local resolution", 30},
    {"Offender given a caution", 20},
    {"Status update unavailable", 20},
    {"Action to be taken by another organisation", 15},
    {"Formal action is not in the public interest", 10},
};

static const char *const street_first[] = {
    "Tanner", "Weaver",   "Miller",  "Alder",  "Thistle", "Cobbler", "Lantern", "Orchard",
    "Heron",  "Chandler", "Bramble", "Mason",  "Swallow", "Furlong", "Linden",  "Cooper",
    "Harrow", "Kiln",     "Saddler", "Willow", "Fuller",  "Larch",   "Quarry",  "Meadow",
};
static const char *const street_last[] = {
    "Street", "Close", "Road", "Lane", "Avenue", "Crescent", "Way", "Court", "Gardens", "Drive",
};
static const char *const other_places[] = {
    "Supermarket",     "Parking Area",  "Petrol Station",
    "Park/Open Space", "Shopping Area", "Sports/Recreation Area",
};

struct place {
    struct land_spot spot;
    str name;
};

struct ground {
    const struct town *t;
    struct seeded chance;
    double upto[TOWN_UNITS_MAX]; // running sum of what each small area draws
    struct place place[TOWN_UNITS_MAX][PLACES];
};

static const char *draw(struct seeded *chance, const struct word *v, size_t n)
{
    int at = (int)seeded_below(chance, IN_A_THOUSAND);
    for (size_t i = 0; i < n; i++) {
        at -= v[i].share;
        if (at < 0)
            return v[i].word;
    }
    return v[0].word;
}

static str name_place(struct arena *a, struct seeded *chance)
{
    if (seeded_below(chance, 6) == 0)
        return str_c(other_places[seeded_below(chance, countof(other_places))]);
    const char *first = street_first[seeded_below(chance, countof(street_first))];
    return str_fmt(a, "%s %s", first, street_last[seeded_below(chance, countof(street_last))]);
}

// The shared places of each small area: the same in every month.
static void lay_ground(struct ground *g, struct arena *a)
{
    const struct town *t = g->t;
    const int *owner = town_lsoa_cells(t, a, CENSUS_2021);
    int *cell = arena_new_array(a, LAND_CELLS, int);
    struct seeded chance = town_chance(t->seed, STREAM_CRIME);
    double sum = 0;
    for (int i = 0; i < t->lsoas[CENSUS_2021]; i++) {
        size_t n = 0;
        for (int c = 0; c < LAND_CELLS; c++)
            if (owner[c] == i)
                cell[n++] = c;
        for (int k = 0; k < PLACES; k++) {
            int at = cell[seeded_below(&chance, n)];
            g->place[i][k].spot = land_spot_in(t->land, at, &chance);
            g->place[i][k].name = name_place(a, &chance);
        }
        sum += (1.6 - town_need(t, t->lsoa[CENSUS_2021][i].unit)) * (0.5 + seeded_unit(&chance));
        g->upto[i] = sum;
    }
}

static int draw_area(struct ground *g)
{
    int n = g->t->lsoas[CENSUS_2021], low = 0, high = n - 1;
    double at = seeded_unit(&g->chance) * g->upto[n - 1];
    while (low < high) {
        int mid = (low + high) / 2;
        if (g->upto[mid] > at)
            high = mid;
        else
            low = mid + 1;
    }
    return low;
}

static void put_where(struct ground *g, struct buf *b)
{
    uint64_t odd = seeded_below(&g->chance, IN_A_THOUSAND);
    int i = draw_area(g);
    const struct place *p = &g->place[i][seeded_below(&g->chance, PLACES)];
    const struct town_lsoa *l = &g->t->lsoa[CENSUS_2021][i];
    if (odd < 15) {
        buf_c(b, ",,No Location,,");
    } else if (odd < 20) { // over the border: the force looks after another town as well
        buf_c(b, "1.050000,54.020000,On or near Saltmouth Quay,E01992001,Saltmouth 001A");
    } else {
        land_put_degrees(b, p->spot.lon);
        buf_byte(b, ',');
        land_put_degrees(b, p->spot.lat);
        buf_c(b, ",On or near ");
        buf_str(b, p->name);
        buf_byte(b, ',');
        buf_str(b, l->code);
        buf_byte(b, ',');
        buf_str(b, l->name);
    }
}

static void put_row(struct ground *g, struct buf *b, int64_t month)
{
    const char *kind = draw(&g->chance, kinds, countof(kinds));
    bool numbered = kind != kinds[1].word;
    for (int i = 0; numbered && i < 4; i++)
        buf_fmt(b, "%016llx", (unsigned long long)seeded_next(&g->chance));
    buf_fmt(b, ",%04d-%02d," TOWN_FORCE "," TOWN_FORCE ",", (int)(month / 100), (int)(month % 100));
    put_where(g, b);
    buf_byte(b, ',');
    buf_c(b, kind);
    buf_byte(b, ',');
    if (numbered)
        buf_c(b, draw(&g->chance, outcomes, countof(outcomes)));
    buf_c(b, ",\n");
}

void demo_put_crime(const struct town *t, struct buf *b, int64_t month, int n)
{
    struct arena a;
    arena_init(&a);
    struct ground *g = arena_new(&a, struct ground);
    *g = (struct ground){.t = t, .chance = town_chance(t->seed + (uint64_t)month, STREAM_CRIME)};
    lay_ground(g, &a);
    buf_c(b, "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,"
             "LSOA name,Crime type,Last outcome category,Context\n");
    for (int i = 0; i < n; i++)
        put_row(g, b, month);
    arena_fini(&a);
}
