// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "nspl_rows.h"

#include "calc/geo/bng.h"

#include <math.h>
#include <stdlib.h>

// In the order of the codes, E92000001 to W92000004.
enum country { ENGLAND, NORTHERN_IRELAND, SCOTLAND, WALES, COUNTRIES };

// What a code column counts: how many of its areas there are for a given postcode's place.
enum level { LEVEL_OA, LEVEL_LSOA, LEVEL_MSOA, LEVEL_WARD, LEVEL_DISTRICT, LEVEL_NATION, LEVELS };

struct code_column {
    const char *type[COUNTRIES]; // "E01"; NULL where the country has no such area: pseudo code
    enum level level;
    int64_t first, span; // numbers first … first + span - 1
    int pseudo_per_1000; // how often there is none all the same
};

// Columns 10 (oa11) to 31 (buasd11), in the order of the file.
static const struct code_column before_position[] = {
    {{"E00", "N00", "S00", "W00"}, LEVEL_OA, 1, 181408, 0},      // oa11
    {{"E10", NULL, NULL, NULL}, LEVEL_DISTRICT, 2, 30, 450},     // cty
    {{"E58", NULL, NULL, NULL}, LEVEL_WARD, 1, 1900, 450},       // ced
    {{"E07", "N09", "S12", "W06"}, LEVEL_DISTRICT, 4, 175, 0},   // laua
    {{"E05", "N08", "S13", "W05"}, LEVEL_WARD, 26, 13800, 0},    // ward
    {{"E18", "ZC0", "S08", "W11"}, LEVEL_DISTRICT, 1, 24, 0},    // hlthau
    {{"E40", NULL, NULL, NULL}, LEVEL_DISTRICT, 3, 7, 0},        // nhser
    {{"E92", "N92", "S92", "W92"}, LEVEL_NATION, 1, 4, 0},       // ctry
    {{"E12", NULL, NULL, NULL}, LEVEL_DISTRICT, 1, 9, 0},        // rgn
    {{"E14", "N06", "S14", "W07"}, LEVEL_MSOA, 530, 533, 0},     // pcon
    {{"E15", "N07", "S15", "W08"}, LEVEL_DISTRICT, 1, 9, 0},     // eer
    {{"E24", "N11", "S09", "W16"}, LEVEL_DISTRICT, 1, 39, 0},    // teclec
    {{"E30", "N12", "S22", "W22"}, LEVEL_DISTRICT, 170, 110, 0}, // ttwa
    {{"E16", "ZC0", "S03", "W11"}, LEVEL_DISTRICT, 1, 150, 0},   // pct
    {{"E07", "N09", "S30", "W06"}, LEVEL_DISTRICT, 4, 175, 0},   // itl
    {{"E26", NULL, "S21", "W18"}, LEVEL_LSOA, 1, 10, 970},       // park
    {{"E01", "N01", "S01", "W01"}, LEVEL_LSOA, 1, 33755, 0},     // lsoa11
    {{"E02", NULL, "S02", "W02"}, LEVEL_MSOA, 1, 6791, 0},       // msoa11
    {{"E33", "N19", "S34", "W35"}, LEVEL_LSOA, 1, 53578, 0},     // wz11
    {{"E38", "ZC0", "S03", "W11"}, LEVEL_DISTRICT, 6, 210, 0},   // ccg
    {{"E34", "N11", "S20", "W37"}, LEVEL_MSOA, 1, 5830, 250},    // bua11
    {{"E35", NULL, "S20", "W38"}, LEVEL_MSOA, 1, 1900, 500},     // buasd11
};
static const struct code_column lep[] = {
    {{"E37", NULL, NULL, NULL}, LEVEL_DISTRICT, 1, 38, 0},   // lep1
    {{"E37", NULL, NULL, NULL}, LEVEL_DISTRICT, 1, 38, 850}, // lep2
    {{"E23", "N24", "S23", "W15"}, LEVEL_DISTRICT, 1, 43, 0} // pfa
};
static const struct code_column after_rank[] = {
    {{"E56", NULL, NULL, NULL}, LEVEL_DISTRICT, 1, 21, 200}, // calncv
    {{"E54", NULL, NULL, NULL}, LEVEL_DISTRICT, 5, 44, 0},   // stp
};

static const char areas[] =
    "AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY "
    "E EC EH EN EX FK FY G GL GU HA HD HG HP HR HS HU HX IG IP IV KA KT KW KY L LA LD LE LL LN LS "
    "LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO "
    "SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE";
static const char welsh[] = " CF LD LL NP SA ";
static const char scottish[] = " AB DD DG EH FK G HS IV KA KW KY ML PA PH TD ZE ";

// Where a country's postcodes lie, in metres of its own grid; Northern Ireland counts in the Irish
// one. Ranks run up to `ranks`.
static const struct country_facts {
    char letter;
    double east, north, wide, high;
    int64_t ranks;
} facts[COUNTRIES] = {
    [ENGLAND] = {'E', 330000, 110000, 250000, 380000, 32844},
    [WALES] = {'W', 240000, 180000, 85000, 190000, 1909},
    [SCOTLAND] = {'S', 210000, 570000, 160000, 330000, 6976},
    [NORTHERN_IRELAND] = {'N', 210000, 320000, 140000, 110000, 890},
};

struct row {
    const char *outward;
    char inward[4];
    enum country country;
    bool live, placed;
    int64_t id[LEVELS];
    point metres, degrees;
};

static int by_text(const void *a, const void *b)
{
    return memcmp(a, b, 4);
}

bool nspl_init(struct nspl *t, struct arena *a, int64_t rows, uint64_t seed)
{
    enum { DISTRICTS = 22 };
    *t = (struct nspl){.chance = {seed}, .wanted = rows};
    t->outward = arena_array(a, NSPL_OUTWARD_MAX, sizeof *t->outward);
    str rest = str_c(areas), area;
    while (str_next(&rest, ' ', &area))
        for (int district = 1; district <= DISTRICTS; district++) {
            char *to = t->outward[t->n_outward++];
            ASSERT(t->n_outward <= NSPL_OUTWARD_MAX);
            str text = str_fmt(a, "%" PRIstr "%d    ", ARGstr(area), district);
            memcpy(to, text.p, 4);
        }
    qsort(t->outward, (size_t)t->n_outward, sizeof *t->outward, by_text);
    return rows <= nspl_room(t);
}

int64_t nspl_room(const struct nspl *t)
{
    return t->n_outward * NSPL_SECTORS * NSPL_UNITS;
}

void nspl_heading(struct buf *b)
{
    buf_c(b, "pcd,pcd2,pcds,dointr,doterm,usertype,oseast1m,osnrth1m,osgrdind,oa11,cty,ced,laua,"
             "ward,hlthau,nhser,ctry,rgn,pcon,eer,teclec,ttwa,pct,itl,park,lsoa11,msoa11,wz11,ccg,"
             "bua11,buasd11,ru11ind,oac11,lat,long,lep1,lep2,pfa,imd,calncv,stp\n");
}

static enum country country_of(const char *outward)
{
    char area[5] = {' ', outward[0], outward[1], ' ', 0};
    if (outward[1] < 'A')
        memcpy(area + 2, " ", 2);
    if (!strcmp(area, " BT "))
        return NORTHERN_IRELAND;
    return strstr(welsh, area) ? WALES : strstr(scottish, area) ? SCOTLAND : ENGLAND;
}

// A number in [0, 1) that belongs to a place, whatever was drawn before: all rows of one sector
// lie near each other.
static double place_share(int64_t place, uint64_t salt)
{
    struct seeded s = {(uint64_t)place * 8 + salt};
    return seeded_unit(&s);
}

// Irish Grid to degrees, roughly (a sphere, within a few kilometres): nobody converts these.
static point irish_degrees(point metres)
{
    double lat = 53.5 + (metres.y - 250000) / 111300;
    return (point){-8 + (metres.x - 200000) / (111320 * cos(lat * 3.14159265358979 / 180)), lat};
}

static void put_in_place(struct nspl *t, struct row *r, int64_t outward, int64_t sector)
{
    const struct country_facts *f = &facts[r->country];
    double east = f->east + f->wide * place_share(outward, 0) + 8000 * place_share(sector, 1);
    double north = f->north + f->high * place_share(outward, 2) + 8000 * place_share(sector, 3);
    r->metres.x = floor(east + 900 * seeded_unit(&t->chance));
    r->metres.y = floor(north + 900 * seeded_unit(&t->chance));
    r->degrees =
        r->country == NORTHERN_IRELAND ? irish_degrees(r->metres) : bng_to_wgs84(r->metres);
}

// The row of one possible postcode. Areas nest: unit in output area in LSOA (one a sector) in MSOA
// and so on, so that codes repeat as they do in the real file.
static struct row row_at(struct nspl *t, int64_t slot)
{
    static const char letters[] = "ABDEFGHJLNPQRSTUWXYZ";
    int64_t unit = slot % NSPL_UNITS, sector = slot / NSPL_UNITS, outward = sector / NSPL_SECTORS;
    struct row r = {.outward = t->outward[outward]};
    r.inward[0] = (char)('0' + sector % NSPL_SECTORS);
    r.inward[1] = letters[unit / 20];
    r.inward[2] = letters[unit % 20];
    r.country = country_of(r.outward);
    r.live = seeded_below(&t->chance, 1000) >= 350;
    r.placed = seeded_below(&t->chance, 1000) >= 29;
    r.id[LEVEL_OA] = sector * 7 + unit / 60;
    r.id[LEVEL_LSOA] = sector;
    r.id[LEVEL_MSOA] = sector / 4;
    r.id[LEVEL_WARD] = sector / 2;
    r.id[LEVEL_DISTRICT] = outward / 8 % 170;
    if (!memcmp(r.outward, "OX", 2) && r.outward[3] == ' ' && r.outward[2] <= '4')
        r.id[LEVEL_DISTRICT] = 174; // E07000178
    r.id[LEVEL_NATION] = r.country;
    if (r.placed)
        put_in_place(t, &r, outward, sector);
    return r;
}

static void put_postcode(struct buf *b, const struct row *r)
{
    int n = r->outward[2] == ' ' ? 2 : r->outward[3] == ' ' ? 3 : 4;
    buf_fmt(b, "\"%.4s%s\",\"%.4s %s\",\"%.*s %s\",", r->outward, r->inward, r->outward, r->inward,
            n, r->outward, r->inward);
}

static void put_dates(struct nspl *t, struct buf *b, const struct row *r)
{
    uint64_t from = seeded_below(&t->chance, 3) ? 0 : seeded_below(&t->chance, 400);
    uint64_t to = from + 1 + seeded_below(&t->chance, 60);
    buf_fmt(b, "\"%d\",", (int)(198001 + from / 12 * 100 + from % 12));
    if (r->live)
        buf_c(b, "\"\",");
    else
        buf_fmt(b, "\"%d\",", (int)(198001 + to / 12 * 100 + to % 12));
    buf_c(b, seeded_below(&t->chance, 1000) < 186 ? "\"1\"," : "\"0\",");
}

static void put_codes(struct nspl *t, struct buf *b, const struct row *r,
                      const struct code_column *c, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *type = c[i].type[r->country];
        bool none =
            c[i].pseudo_per_1000 && seeded_below(&t->chance, 1000) < (uint64_t)c[i].pseudo_per_1000;
        if (!r->placed)
            buf_c(b, "\"\",");
        else if (!type || none)
            buf_fmt(b, "\"%c99999999\",", facts[r->country].letter);
        else
            buf_fmt(b, "\"%s%06d\",", type, (int)(c[i].first + r->id[c[i].level] % c[i].span));
    }
}

static void put_grid(struct buf *b, const struct row *r)
{
    if (r->placed)
        buf_fmt(b, "\"%06d\",\"%07d\",\"1\",", (int)r->metres.x, (int)r->metres.y);
    else
        buf_c(b, "\"\",\"\",\"9\",");
}

static void put_kind(struct buf *b, const struct row *r)
{
    if (r->placed)
        buf_fmt(b, "\"%c%d\",\"%d%c%d\",", (char)('A' + r->id[LEVEL_LSOA] % 6),
                (int)(1 + r->id[LEVEL_MSOA] % 2), (int)(1 + r->id[LEVEL_OA] % 8),
                (char)('A' + r->id[LEVEL_OA] % 4), (int)(1 + r->id[LEVEL_LSOA] % 3));
    else
        buf_c(b, "\"\",\"\",");
}

bool nspl_next(struct nspl *t, struct buf *b)
{
    if (t->wanted == 0)
        return false;
    // Knuth's selection sampling (TAOCP 2, 3.4.2 S): each of the postcodes left is taken with the
    // chance that leaves exactly as many as are wanted.
    int64_t room = nspl_room(t);
    while (seeded_below(&t->chance, (uint64_t)(room - t->slot)) >= (uint64_t)t->wanted)
        t->slot++;
    struct row r = row_at(t, t->slot++);
    t->wanted--;
    put_postcode(b, &r);
    put_dates(t, b, &r);
    put_grid(b, &r);
    put_codes(t, b, &r, before_position, countof(before_position));
    put_kind(b, &r);
    buf_fmt(b, "%.6f,%.6f,", r.placed ? r.degrees.y : 99.999999, r.placed ? r.degrees.x : 0.0);
    put_codes(t, b, &r, lep, countof(lep));
    buf_fmt(b, "%d,", r.placed ? (int)(1 + r.id[LEVEL_LSOA] % facts[r.country].ranks) : 0);
    put_codes(t, b, &r, after_rank, countof(after_rank));
    b->p[b->n - 1] = '\n'; // instead of the comma after the last column
    return true;
}
