// SPDX-License-Identifier: AGPL-3.0-or-later
// Finding areas, and what hangs above and below them.
#include "base/base.h"
#include "base/vec.h"
#include "place/area.h"
#include "place/area_sql.h"
#include "place/heading.h"
#include "place/place.h"

#include <stdlib.h>

// ---- one area ---------------------------------------------------------------------------------

static struct area area_of_row(str code, const struct q_area_by_code *r)
{
    return (struct area){
        .id = r->id,
        .code = code,
        .name = r->name,
        .kind = r->kind,
        .vintage = r->vintage,
        .parent_code = r->parent,
        .drawn = r->lon.has,
        .label = {r->lon.v, r->lat.v},
        .bounds = {r->west.v, r->south.v, r->east.v, r->north.v},
        .area_m2 = r->area_m2.v,
    };
}

static bool fits(str kind, int64_t vintage, str want_kind, int64_t want_vintage)
{
    return (want_kind.n == 0 || str_eq(kind, want_kind)) &&
           (want_vintage == 0 || vintage == want_vintage);
}

// Known only from a list of names.
static err find_alias(struct db_tx *tx, struct arena *a, str kind, int64_t vintage, str code,
                      struct area *ret, bool *ret_found)
{
    struct q_area_alias_by_code *r;
    size_t n;
    TRY(q_area_alias_by_code_all(tx, a, &(struct q_area_alias_by_code_in){code}, &r, &n));
    for (size_t i = 0; i < n && !*ret_found; i++)
        if (fits(r[i].kind, r[i].vintage, kind, vintage)) {
            *ret = (struct area){.code = str_copy(a, code),
                                 .name = r[i].name,
                                 .kind = r[i].kind,
                                 .vintage = r[i].vintage,
                                 .parent_code = r[i].parent};
            *ret_found = true;
        }
    return NULL;
}

err area_find_in(struct db_tx *tx, struct arena *a, str kind, int64_t vintage, str code,
                 struct area *ret, bool *ret_found)
{
    struct q_area_by_code *r;
    size_t n;
    *ret = (struct area){0};
    *ret_found = false;
    TRY(q_area_by_code_all(tx, a, &(struct q_area_by_code_in){code}, &r, &n));
    for (size_t i = 0; i < n && !*ret_found; i++)
        if (fits(r[i].kind, r[i].vintage, kind, vintage)) {
            *ret = area_of_row(str_copy(a, code), &r[i]);
            *ret_found = true;
        }
    return *ret_found ? NULL : find_alias(tx, a, kind, vintage, code, ret, ret_found);
}

err area_find(struct db_tx *tx, struct arena *a, str code, struct area *ret, bool *ret_found)
{
    return area_find_in(tx, a, STR_NONE, 0, code, ret, ret_found);
}

err area_names(struct db_tx *tx, struct arena *a, str code, struct area_name **ret, size_t *ret_n)
{
    struct q_area_edition_names *r;
    struct q_area_alias_by_code *s;
    size_t n, m;
    TRY(q_area_edition_names_all(tx, a, &(struct q_area_edition_names_in){code}, &r, &n));
    TRY(q_area_alias_by_code_all(tx, a, &(struct q_area_alias_by_code_in){code}, &s, &m));
    struct area_name *v = arena_new_array(a, n + m, struct area_name);
    size_t k = 0, i = 0, j = 0;
    while (i < n || j < m) {
        bool drawn = j == m || (i < n && r[i].vintage >= s[j].vintage);
        struct area_name one = drawn ? (struct area_name){r[i].vintage, r[i].name}
                                     : (struct area_name){s[j].vintage, s[j].name};
        i += drawn;
        j += !drawn;
        if (k == 0 || v[k - 1].vintage != one.vintage)
            v[k++] = one;
    }
    *ret = v;
    *ret_n = k;
    return NULL;
}

err area_class(struct db_tx *tx, struct arena *a, const struct area *of, str *ret,
               import_id *ret_import)
{
    struct q_area_class r;
    bool found;
    TRY(q_area_class_one(tx, a, &(struct q_area_class_in){of->code, of->kind}, &r, &found));
    *ret = found ? r.name : STR_NONE;
    *ret_import = found ? r.import : (import_id){0};
    return NULL;
}

// ---- larger -----------------------------------------------------------------------------------

typedef VEC(struct area_ref) refs;

static struct area_ref ref_above(const struct q_area_above *r)
{
    return (struct area_ref){
        .id = {r->id.v},
        .code = r->to_code,
        .name = str_is_none(r->name) ? r->to_code : r->name,
        .kind = r->to_kind,
        .vintage = r->vintage.has ? r->vintage.v : r->to_vintage,
        .drawn = r->lon.has,
        .label = {r->lon.v, r->lat.v},
        .best_fit = str_eq(r->relation, STR("best_fit")),
    };
}

static bool has_kind(const refs *v, str kind)
{
    for (size_t i = 0; i < v->n; i++)
        if (str_eq(v->v[i].kind, kind))
            return true;
    return false;
}

// One of each kind that `all` does not have yet: links of the area's own vintage first.
static err add_above(struct db_tx *tx, struct arena *a, str code, str kind, int64_t vintage,
                     bool by_best_fit, refs *all)
{
    struct q_area_above *r;
    size_t n;
    TRY(q_area_above_all(tx, a, &(struct q_area_above_in){code, kind}, &r, &n));
    for (int own = 1; own >= 0; own--)
        for (size_t i = 0; i < n; i++)
            if ((r[i].from_vintage == vintage) == own && !has_kind(all, r[i].to_kind)) {
                struct area_ref *one = vec_add(a, all);
                *one = ref_above(&r[i]);
                one->best_fit = one->best_fit || by_best_fit;
            }
    return NULL;
}

static int small_to_large(const void *x, const void *y)
{
    const struct area_ref *a = x, *b = y;
    enum area_kind ka = area_kind_of(a->kind), kb = area_kind_of(b->kind);
    return ka != kb ? (ka < kb ? -1 : 1) : str_cmp(a->code, b->code);
}

err area_larger(struct db_tx *tx, struct arena *a, const struct area *of, struct area_ref **ret,
                size_t *ret_n)
{
    refs all = {0};
    TRY(add_above(tx, a, of->code, of->kind, of->vintage, false, &all));
    // what the larger ones belong to: a small area's ward knows its district
    for (size_t i = 0; i < all.n; i++) {
        struct area_ref up = all.v[i];
        if (!up.best_fit)
            TRY(add_above(tx, a, up.code, up.kind, up.vintage, false, &all));
    }
    for (size_t i = 0; i < all.n; i++) {
        struct area_ref up = all.v[i];
        if (up.best_fit)
            TRY(add_above(tx, a, up.code, up.kind, up.vintage, true, &all));
    }
    if (all.n)
        qsort(all.v, all.n, sizeof *all.v, small_to_large);
    *ret = all.v;
    *ret_n = all.n;
    return NULL;
}

err area_larger_one(struct db_tx *tx, struct arena *a, const struct area *of, str kind,
                    struct area_ref *ret, bool *ret_found)
{
    struct area_ref *v;
    size_t n;
    *ret = (struct area_ref){0};
    *ret_found = false;
    TRY(area_larger(tx, a, of, &v, &n));
    for (size_t i = 0; i < n; i++)
        if (str_eq(v[i].kind, kind)) {
            *ret = v[i];
            *ret_found = true;
        }
    return NULL;
}

// ---- smaller ----------------------------------------------------------------------------------

// Census areas nest within their own vintage: an LSOA of 2021 holds output areas of 2021. The year
// of a ward or a district is only the year somebody wrote it down.
static int64_t nesting_vintage(const struct area *of)
{
    return area_kind_of(of->kind) < AREA_WARD ? of->vintage : 0;
}

// Which rows answer: those of one pair of layers, the newest.
static bool better_pair(const struct q_area_below *r, const struct q_area_below *than,
                        int64_t vintage)
{
    bool own = r->to_vintage == vintage, than_own = than->to_vintage == vintage;
    if (own != than_own)
        return own;
    if (r->from_vintage != than->from_vintage)
        return r->from_vintage > than->from_vintage;
    return r->to_vintage > than->to_vintage;
}

static err children(struct db_tx *tx, struct arena *a, const struct area *of, str kind,
                    int64_t vintage, str of_code, refs *all)
{
    struct q_area_below *r;
    const struct q_area_below *best = NULL;
    int64_t own = nesting_vintage(of);
    size_t n;
    TRY(q_area_below_all(tx, a, &(struct q_area_below_in){of->code, of->kind, kind}, &r, &n));
    for (size_t i = 0; i < n; i++)
        if ((vintage == 0 || r[i].from_vintage == vintage) &&
            (!best || better_pair(&r[i], best, own)))
            best = &r[i];
    for (size_t i = 0; i < n && best; i++)
        if (r[i].from_vintage == best->from_vintage && r[i].to_vintage == best->to_vintage)
            *vec_add(a, all) = (struct area_ref){
                .id = {r[i].id.v},
                .code = r[i].code,
                .name = r[i].name,
                .kind = kind,
                .vintage = r[i].from_vintage,
                .drawn = r[i].lon.has,
                .label = {r[i].lon.v, r[i].lat.v},
                .best_fit = str_eq(r[i].relation, STR("best_fit")),
                .of_code = of_code,
            };
    return NULL;
}

err area_children(struct db_tx *tx, struct arena *a, const struct area *of, str kind,
                  int64_t vintage, struct area_ref **ret, size_t *ret_n)
{
    refs all = {0};
    TRY(children(tx, a, of, str_copy(a, kind), vintage, STR_NONE, &all));
    *ret = all.v;
    *ret_n = all.n;
    return NULL;
}

err area_fit(struct db_tx *tx, struct arena *a, const struct area *of, enum area_fit *ret)
{
    struct area_ref *v, up;
    size_t n;
    bool found = false;
    *ret = AREA_FIT_SOME;
    if (str_eq(of->kind, STR("lsoa")))
        return NULL;
    TRY(area_children(tx, a, of, STR("lsoa"), 0, &v, &n));
    if (n > 0)
        return NULL;
    *ret = AREA_FIT_UNKNOWN;
    TRY(area_larger_one(tx, a, of, STR("lad"), &up, &found));
    if (!found)
        return NULL;
    struct q_area_fit_beside beside;
    TRY(q_area_fit_beside_one(
        tx, a, &(struct q_area_fit_beside_in){of->kind, of->vintage, up.kind, up.code}, &beside,
        &found));
    if (found)
        *ret = AREA_FIT_NONE;
    return NULL;
}

// ---- the zone ---------------------------------------------------------------------------------

static struct area_ref ref_of(const struct area *x)
{
    return (struct area_ref){.id = x->id,
                             .code = x->code,
                             .name = x->name,
                             .kind = x->kind,
                             .vintage = x->vintage,
                             .drawn = x->drawn,
                             .label = x->label};
}

static err add_zone_area(struct db_tx *tx, struct arena *a, const struct zone_area *z,
                         int64_t vintage, refs *all)
{
    struct area one;
    bool found;
    bool small = str_eq(z->kind, STR("lsoa"));
    TRY(area_find_in(tx, a, z->kind, small ? vintage : z->vintage, z->code, &one, &found));
    if (!found) // its layer was taken back since
        return NULL;
    if (!small)
        return children(tx, a, &one, STR("lsoa"), vintage, z->code, all);
    struct area_ref *r = vec_add(a, all);
    *r = ref_of(&one);
    r->of_code = z->code;
    return NULL;
}

static int by_code(const void *x, const void *y)
{
    const struct area_ref *a = x, *b = y;
    int c = str_cmp(a->code, b->code);
    return c ? c : (a->vintage > b->vintage) - (a->vintage < b->vintage);
}

err zone_small_areas(struct db_tx *tx, struct arena *a, date on, int64_t vintage,
                     struct area_ref **ret, size_t *ret_n)
{
    struct zone_area *z;
    size_t n, k = 0;
    refs all = {0};
    TRY(zone_areas(tx, a, on, &z, &n));
    for (size_t i = 0; i < n; i++)
        TRY(add_zone_area(tx, a, &z[i], vintage, &all));
    if (all.n)
        qsort(all.v, all.n, sizeof *all.v, by_code);
    for (size_t i = 0; i < all.n; i++) // listed itself, and by its ward
        if (k == 0 || !str_eq(all.v[k - 1].code, all.v[i].code))
            all.v[k++] = all.v[i];
    *ret = all.v;
    *ret_n = k;
    return NULL;
}
