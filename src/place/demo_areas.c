// SPDX-License-Identifier: AGPL-3.0-or-later
// Boundaries, lookups and population of the demonstration town.
#include "base/base.h"
#include "place/demo_files.h"

// What a feature of a layer says beside its shape.
struct feature {
    str code, name; // name none for output areas
};

static const struct {
    const char *key, *year, *parent_key; // "LSOA" "21"
} layer_keys[] = {
    [LAYER_DISTRICT] = {"LAD", "25", NULL},     [LAYER_WARD] = {"WD", "25", "LAD25CD"},
    [LAYER_MSOA] = {"MSOA", "21", "LAD21CD"},   [LAYER_LSOA21] = {"LSOA", "21", "LAD21CD"},
    [LAYER_LSOA11] = {"LSOA", "11", "LAD11CD"}, [LAYER_OA] = {"OA", "21", "LAD21CD"},
};

static struct feature feature_of(const struct town *t, struct arena *a, enum town_layer layer,
                                 int i)
{
    switch (layer) {
    case LAYER_DISTRICT: return (struct feature){STR(TOWN_DISTRICT_CODE), STR(TOWN_DISTRICT_NAME)};
    case LAYER_WARD: return (struct feature){t->ward[i].code, t->ward[i].name};
    case LAYER_MSOA:
        return (struct feature){town_msoa_code(a, i), str_fmt(a, "Millbrook %03d", i + 1)};
    case LAYER_LSOA21:
        return (struct feature){t->lsoa[CENSUS_2021][i].code, t->lsoa[CENSUS_2021][i].name};
    case LAYER_LSOA11:
        return (struct feature){t->lsoa[CENSUS_2011][i].code, t->lsoa[CENSUS_2011][i].name};
    case LAYER_OA: break;
    }
    return (struct feature){t->oa[i].code, STR_NONE};
}

static int layer_size(const struct town *t, enum town_layer layer)
{
    switch (layer) {
    case LAYER_DISTRICT: return 1;
    case LAYER_WARD: return TOWN_WARDS;
    case LAYER_MSOA: return t->msoas;
    case LAYER_LSOA21: return t->lsoas[CENSUS_2021];
    case LAYER_LSOA11: return t->lsoas[CENSUS_2011];
    case LAYER_OA: break;
    }
    return t->oas;
}

// For each cell the number of the area of the layer it lies in.
static const int *layer_cells(const struct town *t, struct arena *a, enum town_layer layer)
{
    if (layer == LAYER_WARD)
        return t->ward_of;
    if (layer == LAYER_OA)
        return t->oa_of;
    if (layer == LAYER_LSOA21 || layer == LAYER_LSOA11)
        return town_lsoa_cells(t, a, layer == LAYER_LSOA21 ? CENSUS_2021 : CENSUS_2011);
    int *owner = arena_new_array(a, LAND_CELLS, int);
    for (int i = 0; i < LAND_CELLS; i++)
        owner[i] = t->unit_of[i] < 0         ? -1
                   : layer == LAYER_DISTRICT ? 0
                                             : t->unit[t->unit_of[i]].msoa;
    return owner;
}

void demo_put_areas(const struct town *t, struct buf *b, enum town_layer layer)
{
    struct arena a;
    arena_init(&a);
    const int *owner = layer_cells(t, &a, layer);
    const char *key = layer_keys[layer].key, *year = layer_keys[layer].year;
    buf_c(b,
          "{\"type\":\"FeatureCollection\",\"name\":\"" TOWN_DISTRICT_NAME "\",\"features\":[\n");
    for (int i = 0; i < layer_size(t, layer); i++) {
        struct feature f = feature_of(t, &a, layer, i);
        buf_fmt(b, "%s{\"type\":\"Feature\",\"properties\":{\"%s%sCD\":\"%" PRIstr "\"",
                i ? ",\n" : "", key, year, ARGstr(f.code));
        if (!str_is_none(f.name))
            buf_fmt(b, ",\"%s%sNM\":\"%" PRIstr "\"", key, year, ARGstr(f.name));
        if (layer_keys[layer].parent_key)
            buf_fmt(b, ",\"%s\":\"" TOWN_DISTRICT_CODE "\"", layer_keys[layer].parent_key);
        buf_c(b, "},\"geometry\":");
        land_put_geometry(t->land, b, owner, i);
        buf_c(b, "}");
    }
    buf_c(b, "\n]}\n");
    arena_fini(&a);
}

// ---- lookups -----------------------------------------------------------------------------------

void demo_put_changes(const struct town *t, struct buf *b)
{
    buf_c(b, "lsoa11_name,lsoa11_code,change_code,lsoa21_name,lsoa21_code,ltla22_name,"
             "ltla22_code\r\n");
    int last[CENSUSES] = {-1, -1};
    for (int u = 0; u < t->units; u++) {
        const int *at = t->unit[u].lsoa;
        if (at[CENSUS_2011] == last[CENSUS_2011] && at[CENSUS_2021] == last[CENSUS_2021])
            continue;
        const struct town_lsoa *was = &t->lsoa[CENSUS_2011][at[CENSUS_2011]],
                               *is = &t->lsoa[CENSUS_2021][at[CENSUS_2021]];
        buf_fmt(b,
                "%" PRIstr ",%" PRIstr ",%c,%" PRIstr ",%" PRIstr "," TOWN_DISTRICT_NAME
                "," TOWN_DISTRICT_CODE "\r\n",
                ARGstr(was->name), ARGstr(was->code), is->change, ARGstr(is->name),
                ARGstr(is->code));
        last[CENSUS_2011] = at[CENSUS_2011];
        last[CENSUS_2021] = at[CENSUS_2021];
    }
}

void demo_put_best_fit(const struct town *t, struct buf *b)
{
    buf_c(b, "lsoa21_name,lsoa21_code,ward24_name,ward24_code,ltla24_name,ltla24_code\r\n");
    for (int i = 0; i < t->lsoas[CENSUS_2021]; i++) {
        const struct town_lsoa *l = &t->lsoa[CENSUS_2021][i];
        const struct town_ward *w = &t->ward[town_best_fit(t, CENSUS_2021, i)];
        buf_fmt(b, "%" PRIstr ",%" PRIstr ",%" PRIstr ",%" PRIstr ",%s,%s\r\n", ARGstr(l->name),
                ARGstr(l->code), ARGstr(w->name), ARGstr(w->code), TOWN_DISTRICT_NAME,
                TOWN_DISTRICT_CODE);
    }
}

void demo_put_output_areas(const struct town *t, struct buf *b)
{
    buf_c(b, "OA21CD,LSOA21CD,LSOA21NM,MSOA21CD,MSOA21NM,LAD22CD,LAD22NM\r\n");
    for (int i = 0; i < t->oas; i++) {
        const struct town_unit *u = &t->unit[t->oa[i].unit];
        const struct town_lsoa *l = &t->lsoa[CENSUS_2021][u->lsoa[CENSUS_2021]];
        buf_fmt(b, "%" PRIstr ",%" PRIstr ",%" PRIstr ",E0299%04d,Millbrook %03d,%s,%s\r\n",
                ARGstr(t->oa[i].code), ARGstr(l->code), ARGstr(l->name), u->msoa + 1, u->msoa + 1,
                TOWN_DISTRICT_CODE, TOWN_DISTRICT_NAME);
    }
}

void demo_put_ward_names(const struct town *t, struct buf *b)
{
    buf_c(b, "WDCD,WDNM,LADCD,LADNM,SOURCEFILE\r\n");
    for (int old = 1; old >= 0; old--)
        for (int w = 0; w < TOWN_WARDS; w++)
            buf_fmt(b, "%" PRIstr ",%" PRIstr ",%s,%s,%d\r\n",
                    ARGstr(old ? t->ward[w].old_code : t->ward[w].code), ARGstr(t->ward[w].name),
                    TOWN_DISTRICT_CODE, TOWN_DISTRICT_NAME, old ? 2016 : 2022);
}

// ---- population --------------------------------------------------------------------------------

// The town grew a little between the two years.
static int64_t people_then(int64_t n, enum town_census census)
{
    return census == CENSUS_2011 ? n - n / 29 : n;
}

void demo_put_population(const struct town *t, struct buf *b, enum town_census census)
{
    const char *year = census == CENSUS_2011 ? "11" : "21";
    buf_fmt(b, "lsoa%s_name,lsoa%s_code,total_population", year, year);
    for (int age = 0; age < TOWN_AGES; age++)
        buf_fmt(b, ",%d%s", age, age == TOWN_AGES - 1 ? "+" : "");
    buf_c(b, "\r\n");
    for (int i = 0; i < t->lsoas[census]; i++) {
        const struct town_lsoa *l = &t->lsoa[census][i];
        int64_t total = 0;
        for (int age = 0; age < TOWN_AGES; age++)
            total += people_then(town_people(t, census, i, age), census);
        buf_fmt(b, "%" PRIstr ",%" PRIstr ",%lld", ARGstr(l->name), ARGstr(l->code),
                (long long)total);
        for (int age = 0; age < TOWN_AGES; age++)
            buf_fmt(b, ",%lld", (long long)people_then(town_people(t, census, i, age), census));
        buf_c(b, "\r\n");
    }
}
