// SPDX-License-Identifier: AGPL-3.0-or-later
// The figures of an area to take away: a table, what its columns mean, and the outlines of its
// small areas. Each carries its sources, licences and attributions. `zone` stands for the zone's
// code. Source: RFC 7946 (GeoJSON); further members of a collection are allowed by its section 6.1.
#include "base/base.h"
#include "base/json.h"
#include "place/area.h"
#include "place/place.h"
#include "place/profile.h"
#include "place/shape.h"
#include "web/req.h"

enum { SERVED_DECIMALS = 5 };

static err read_for(struct req *r, struct db_tx **ret_tx, struct profile **ret)
{
    bool found;
    *ret = arena_new(r->a, struct profile);
    TRY(req_public(r, ret_tx));
    TRY(profile_read_with(*ret_tx, r->a, r->param[0], date_of_ms(r->now_ms),
                          (struct memo_at){r->site->memo, r->generation}, *ret, &found));
    return found ? NULL
                 : err_new(r->a, ERR_NOT_FOUND, "There is no area with the code %" PRIstr ".",
                           ARGstr(r->param[0]));
}

static err figures_get(struct req *r)
{
    struct db_tx *tx;
    struct profile *p;
    TRY(read_for(r, &tx, &p));
    req_file(r, "text/csv; charset=utf-8; header=present",
             str_fmt(r->a, "%" PRIstr "-figures.csv", ARGstr(p->area.code)));
    profile_csv(p, &r->out);
    return NULL;
}

static err metadata_get(struct req *r)
{
    struct db_tx *tx;
    struct profile *p;
    TRY(read_for(r, &tx, &p));
    req_file(r, "application/csvm+json", STR_NONE);
    profile_csv_metadata(p, STR("figures.csv"), &r->out);
    return NULL;
}

// ---- outlines -----------------------------------------------------------------------------------

static void put_bands(struct arena *a, struct json *j, const struct profile *p,
                      const struct small_area *s)
{
    if (p->n_editions == 0)
        return;
    json_kv_i64(j, "edition", p->edition[0].year);
    for (int d = 0; d < DOMAIN_N; d++) {
        if (!p->has_domain[d])
            continue;
        const struct reading *r = &s->reading[0][d];
        json_key(j, str_z(a, str_fmt(a, "%s_band", domain_id((enum domain)d))));
        if (r->band)
            json_i64(j, r->band);
        else
            json_none(j);
    }
}

static err put_feature(struct db_tx *tx, struct arena *a, struct json *j, const struct profile *p,
                       const struct small_area *s)
{
    struct geo_shape shape = {0};
    if (s->id.v)
        TRY(area_shape(tx, a, s->id, &shape));
    json_open(j, '{');
    json_kv_str(j, "type", STR("Feature"));
    json_kv_str(j, "id", s->code);
    json_key(j, "properties");
    json_open(j, '{');
    json_kv_str(j, "code", s->code);
    json_kv_str(j, "name", s->name);
    json_kv_str(j, "kind", STR("lsoa"));
    json_kv_i64(j, "vintage", s->vintage);
    put_bands(a, j, p, s);
    json_close(j, '}');
    json_key(j, "geometry");
    shape_geojson(j, &shape, SERVED_DECIMALS);
    json_close(j, '}');
    return NULL;
}

static err outlines_get(struct req *r)
{
    struct db_tx *tx;
    struct profile *p;
    struct json j;
    TRY(read_for(r, &tx, &p));
    req_file(r, "application/geo+json",
             str_fmt(r->a, "%" PRIstr "-areas.geojson", ARGstr(p->area.code)));
    json_init(&j, &r->out);
    json_open(&j, '{');
    json_kv_str(&j, "type", STR("FeatureCollection"));
    json_kv_str(&j, "name", p->area.name);
    profile_json_sources(p, &j);
    json_key(&j, "features");
    json_open(&j, '[');
    for (size_t i = 0; i < p->n_small; i++)
        TRY(put_feature(tx, r->a, &j, p, &p->small[i]));
    json_close(&j, ']');
    json_close(&j, '}');
    buf_byte(&r->out, '\n');
    return NULL;
}

const struct route download_routes[] = {
    {GET, "/areas/:code/figures.csv", MAY_EVERYONE, figures_get, NULL,
     "Download an area's figures as a table", ROUTE_CACHED | ROUTE_HEAVY, 0, "zone"},
    {GET, "/areas/:code/figures.csv-metadata.json", MAY_EVERYONE, metadata_get, NULL,
     "Read what the columns of that table mean", ROUTE_CACHED | ROUTE_HEAVY, 0, "zone"},
    {GET, "/areas/:code/areas.geojson", MAY_EVERYONE, outlines_get, NULL,
     "Download the outlines of an area's small areas", ROUTE_CACHED | ROUTE_HEAVY, 0, "zone"},
    {0},
};
