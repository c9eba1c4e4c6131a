// SPDX-License-Identifier: AGPL-3.0-or-later
// Boundary files from strangers: place/boundary.h, and everything that is done with a shape once it
// is accepted. What is accepted must survive being stored, served, drawn and asked about.
#include "base/base.h"
#include "calc/geo/locate.h"
#include "calc/geo/project.h"
#include "calc/geo/valid.h"
#include "place/boundary.h"
#include "place/shape.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void store_and_serve(struct arena *a, const struct geo_shape *s)
{
    struct buf b, text;
    buf_init(&b, a, (size_t)1 << 26);
    shape_encode(&b, s);
    struct geo_shape back;
    ASSERT(shape_decode(a, buf_text(&b), &back) == NULL);
    ASSERT(geo_points(&back) == geo_points(s) && back.decimals == s->decimals);
    buf_init(&text, a, (size_t)1 << 26);
    struct json j;
    json_init(&j, &text);
    shape_geojson(&j, &back, GEO_SERVE_DECIMALS);
    ASSERT(text.n > 4);
}

static void draw_and_ask(struct arena *a, const struct boundary_set *set)
{
    struct geo_shape *v = arena_new_array(a, set->n, struct geo_shape);
    box b = BOX_EMPTY;
    for (size_t i = 0; i < set->n; i++) {
        v[i] = set->v[i].shape;
        b = box_join(b, geo_box(&v[i]));
    }
    struct geo_index *ix = geo_index_new(a, v, set->n);
    struct geo_view view = geo_view_fit(b, 1000, 4);
    struct buf path;
    buf_init(&path, a, (size_t)1 << 26);
    for (size_t i = 0; i < set->n; i++) {
        size_t from = path.n;
        geo_view_path(&view, &v[i], &path);
        ASSERT(path.n > from); // an area never vanishes
        point p = geo_label_point(&v[i]);
        if (geo_side_of(&v[i], p) != GEO_OUTSIDE)
            ASSERT(geo_index_find(ix, p) >= 0);
        ASSERT(geo_area_m2(&v[i], 52) > 0);
    }
}

static void read_once(str text, struct boundary_opts opts)
{
    struct arena a;
    arena_init(&a);
    struct boundary_set set;
    ASSERT(boundary_read(&a, text, &opts, &set) == NULL);
    ASSERT((boundary_refusal(&a, &set) == NULL) == (set.n_errors == 0));
    ASSERT(set.n_errors > 0 || set.n == set.features);
    for (size_t i = 0; i < set.n; i++)
        store_and_serve(&a, &set.v[i].shape);
    if (set.n > 0)
        draw_and_ask(&a, &set);
    arena_fini(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    str text = {(const char *)data, size};
    read_once(text, (struct boundary_opts){0});
    read_once(text,
              (struct boundary_opts){.kind = AREA_WARD, .vintage = 2025, .generic_keys = true});
    // Stored bytes may be damaged as well.
    struct arena a;
    arena_init(&a);
    struct geo_shape s;
    (void)!shape_decode(&a, text, &s);
    arena_fini(&a);
    return 0;
}
