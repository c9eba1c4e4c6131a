// SPDX-License-Identifier: AGPL-3.0-or-later
// The postcode directory of the demonstration town, quoted as the real one is: codes and grid
// numbers in quotes, degrees bare. No real postcode begins with QX.
#include "base/base.h"
#include "calc/geo/bng.h"
#include "place/demo_files.h"

enum { DISTRICTS = 4, SECTORS = 10, LETTERS = 20 };

static const char heading[] =
    "pcd,pcd2,pcds,dointr,doterm,usertype,oseast1m,osnrth1m,osgrdind,oa21,cty,ced,laua,ward,nhser,"
    "ctry,rgn,pcon,ttwa,itl,park,lsoa21,msoa21,wz11,sicbl,bua24,ruc21,oac11,lat,long,lep1,lep2,pfa,"
    "imd,icb\n";
static const char letters[] = "ABDEFGHJLNPQRSTUWXYZ"; // none of C I K M O V at the end

struct directory {
    const struct town *t;
    struct buf *b;
    struct seeded chance;
    int next[DISTRICTS][SECTORS]; // the next free pair of letters
};

// One in a hundred has no position, as in the real directory: grade 9, 99.999999 north.
static void put_row(struct directory *d, int cell, const char *out, const char *in)
{
    const struct town *t = d->t;
    struct seeded *chance = &d->chance;
    struct land_spot spot = land_spot_in(t->land, cell, chance);
    bool nowhere = seeded_below(chance, 100) == 0, large = seeded_below(chance, 25) == 0;
    int began = 1980 + (int)seeded_below(chance, 30), month = 1 + (int)seeded_below(chance, 12);
    int ended = seeded_below(chance, 8) == 0 ? 2010 + (int)seeded_below(chance, 15) : 0;
    point grid = bng_from_wgs84((point){spot.lon / 1e6, spot.lat / 1e6});
    const struct town_lsoa *l = &t->lsoa[CENSUS_2021][t->unit[t->unit_of[cell]].lsoa[CENSUS_2021]];
    buf_fmt(d->b, "\"%s %s\",\"%s  %s\",\"%s %s\",\"%d%02d\",", out, in, out, in, out, in, began,
            month);
    if (ended)
        buf_fmt(d->b, "\"%d%02d\",", ended, 1 + (int)seeded_below(chance, 12));
    else
        buf_c(d->b, "\"\",");
    if (nowhere)
        buf_fmt(d->b, "\"%d\",\"\",\"\",\"9\",", large);
    else
        buf_fmt(d->b, "\"%d\",\"%06d\",\"%07d\",\"1\",", large, (int)grid.x, (int)grid.y);
    buf_fmt(d->b,
            "\"%" PRIstr "\",\"E99999999\",\"E99999999\",\"%s\",\"%" PRIstr
            "\",\"\",\"E92000001\",\"\",\"\",\"\",\"\",\"E99999999\",\"%" PRIstr
            "\",\"E0299%04d\",\"\",\"\",\"\",\"\",\"\",",
            ARGstr(t->oa[t->oa_of[cell]].code), TOWN_DISTRICT_CODE,
            ARGstr(t->ward[t->ward_of[cell]].code), ARGstr(l->code),
            t->unit[t->unit_of[cell]].msoa + 1);
    if (nowhere) {
        buf_c(d->b, "99.999999,0.000000");
    } else {
        land_put_degrees(d->b, spot.lat);
        buf_byte(d->b, ',');
        land_put_degrees(d->b, spot.lon);
    }
    buf_c(d->b, ",\"\",\"\",\"\",0,\"\"\n");
}

// Postcodes go through the town ward by ward: four districts, ten sectors each.
static void put_unit(struct directory *d, int unit, int n)
{
    int cell[LAND_CELLS], cells = 0;
    for (int i = 0; i < LAND_CELLS; i++)
        if (d->t->unit_of[i] == unit)
            cell[cells++] = i;
    int district = d->t->unit[unit].ward * DISTRICTS / (TOWN_WARDS - 1), sector = unit % SECTORS;
    for (int i = 0; i < n; i++) {
        int at = d->next[district][sector];
        if (at == LETTERS * LETTERS)
            return;
        d->next[district][sector]++;
        const char out[] = {'Q', 'X', (char)('1' + district), 0};
        const char in[] = {(char)('0' + sector), letters[at / LETTERS], letters[at % LETTERS], 0};
        put_row(d, cell[i * cells / n], out, in);
    }
}

void demo_put_postcodes(const struct town *t, struct buf *b, int n)
{
    struct directory d = {.t = t, .b = b, .chance = town_chance(t->seed, STREAM_POSTCODES)};
    buf_c(b, heading);
    for (int u = 0; u < t->units; u++)
        put_unit(&d, u, n * (u + 1) / t->units - n * u / t->units);
}
