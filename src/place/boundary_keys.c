// SPDX-License-Identifier: AGPL-3.0-or-later
// Which properties hold the code, the name and the larger area: decided once for the whole file
// from the headings of all features, then read feature by feature.
#include "base/base.h"
#include "place/boundary_parts.h"

// A heading that names a code, and how many features have it.
struct sighting {
    struct heading h;
    str key; // as written the first time
    int64_t first_row;
    size_t features;
};

struct survey {
    struct boundary_reading *r;
    struct map known; // key as written -> struct heading *, NULL for none of the family
    VEC(struct sighting) codes;
    size_t features;
};

static const struct heading *heading_of(struct boundary_reading *r, struct map *known, str key)
{
    bool is_new;
    union map_value *v = map_at(known, key, &is_new);
    if (is_new) {
        struct heading *h = arena_new(r->scratch, struct heading);
        v->p = heading_ons(heading_fold(r->scratch, key), h) ? h : NULL;
    }
    return v->p;
}

static void see_code(struct survey *s, const struct heading *h, str key, int64_t row)
{
    for (size_t i = 0; i < s->codes.n; i++) {
        struct sighting *old = &s->codes.v[i];
        if (old->h.kind == h->kind && old->h.vintage == h->vintage) {
            old->features++;
            return;
        }
    }
    *vec_add(s->r->scratch, &s->codes) =
        (struct sighting){.h = *h, .key = key, .first_row = row, .features = 1};
}

static void survey_features(struct survey *s, json_t *list)
{
    s->features = json_array_size(list);
    for (size_t i = 0; i < s->features; i++) {
        json_t *props = json_object_get(json_array_get(list, i), "properties");
        for (void *it = json_object_iter(props); it; it = json_object_iter_next(props, it)) {
            str key = str_c(json_object_iter_key(it));
            const struct heading *h = heading_of(s->r, &s->known, key);
            if (h && h->role == HEADING_CODE)
                see_code(s, h, key, (int64_t)i + 1);
        }
    }
}

// The finest kind among those the most features have.
static enum area_kind finest_kind(const struct survey *s)
{
    size_t most = 0;
    enum area_kind best = AREA_NONE;
    for (size_t i = 0; i < s->codes.n; i++) {
        const struct sighting *c = &s->codes.v[i];
        if (c->features > most || (c->features == most && c->h.kind < best)) {
            most = c->features;
            best = c->h.kind;
        }
    }
    return best;
}

static void tell_file_key(struct boundary_reading *r, enum boundary_trouble what, str key,
                          const char *sentence)
{
    r->row = 0;
    boundary_tell(r, what, key, "%s", sentence);
}

// The keys of the first feature, for a person who wonders what we saw.
static str keys_there(struct boundary_reading *r, json_t *list)
{
    json_t *props = json_object_get(json_array_get(list, 0), "properties");
    str out = STR("");
    int n = 0;
    for (void *it = json_object_iter(props); it && n < 12; it = json_object_iter_next(props, it))
        out = str_fmt(r->scratch, "%" PRIstr "%s%.40s", ARGstr(out), n++ ? ", " : "",
                      json_object_iter_key(it));
    return out.n ? out : STR("no keys at all");
}

// What vintages the chosen kind has: how many different years, and the sightings that matter.
struct years {
    size_t different;
    const struct sighting *wanted, *unnamed, *most, *odd; // odd: a year other than the most common
};

static struct years years_of(const struct survey *s, enum area_kind kind, int wanted)
{
    struct years y = {0};
    for (size_t i = 0; i < s->codes.n; i++) {
        const struct sighting *c = &s->codes.v[i];
        if (c->h.kind != kind)
            continue;
        if (c->h.vintage == 0) {
            y.unnamed = c;
            continue;
        }
        y.different++;
        if (c->h.vintage == wanted)
            y.wanted = c;
        if (!y.most || c->features > y.most->features) {
            y.odd = y.most;
            y.most = c;
        } else {
            y.odd = c;
        }
    }
    return y;
}

// Several years in one file, none of which was asked for.
static void tell_mixed(struct survey *s, const struct years *y)
{
    struct boundary_reading *r = s->r;
    bool side_by_side = y->odd->features == s->features && y->most->features == s->features;
    str text = side_by_side ? str_fmt(r->scratch,
                                      "Every feature has both %" PRIstr " and %" PRIstr
                                      ": say which year you want.",
                                      ARGstr(y->most->key), ARGstr(y->odd->key))
                            : str_fmt(r->scratch,
                                      "The file mixes years: %zu features have %" PRIstr
                                      ", but feature %lld has %" PRIstr ". Split it by year.",
                                      y->most->features, ARGstr(y->most->key),
                                      (long long)y->odd->first_row, ARGstr(y->odd->key));
    tell_file_key(r, BOUNDARY_VINTAGE_MIXED, str_copy(r->a, y->odd->key), str_z(r->scratch, text));
}

// Fills keys->vintage and the key itself, or tells why it cannot.
static void choose_vintage(struct survey *s, struct boundary_keys *keys)
{
    struct boundary_reading *r = s->r;
    int wanted = r->opts->vintage;
    struct years y = years_of(s, keys->kind, wanted);
    const struct sighting *take = y.wanted ? y.wanted : y.most ? y.most : y.unnamed;
    keys->code_key = str_copy(r->a, take->key);
    keys->vintage = take->h.vintage ? take->h.vintage : wanted;
    keys->slot = take->h.vintage;
    if (y.wanted)
        return;
    if (y.different > 1) {
        tell_mixed(s, &y);
        keys->any_year = true;
    } else if (take->h.vintage != 0 && wanted != 0) {
        tell_file_key(r, BOUNDARY_VINTAGE_WRONG, keys->code_key,
                      str_z(r->scratch, str_fmt(r->scratch,
                                                "You asked for the areas of %d, but the file's "
                                                "codes are of %d (%" PRIstr ").",
                                                wanted, take->h.vintage, ARGstr(take->key))));
    } else if (keys->vintage == 0) {
        tell_file_key(r, BOUNDARY_VINTAGE_UNKNOWN, keys->code_key,
                      str_z(r->scratch, str_fmt(r->scratch,
                                                "The key %" PRIstr " names no year: say of which "
                                                "year the areas are.",
                                                ARGstr(take->key))));
    }
}

static bool has_kind(const struct survey *s, enum area_kind kind)
{
    for (size_t i = 0; i < s->codes.n; i++) {
        if (s->codes.v[i].h.kind == kind)
            return true;
    }
    return false;
}

static void choose_generic(struct boundary_reading *r, struct boundary_keys *keys)
{
    keys->generic = true;
    keys->usable = true;
    keys->kind = r->opts->kind;
    keys->vintage = r->opts->vintage;
    keys->code_key = STR("code");
    if (keys->kind == AREA_NONE)
        tell_file_key(r, BOUNDARY_KIND_UNKNOWN, keys->code_key,
                      "The keys do not say what kind of areas these are: name the kind.");
    if (keys->vintage == 0)
        tell_file_key(r, BOUNDARY_VINTAGE_UNKNOWN, keys->code_key,
                      "The keys do not say of which year the areas are: name the year.");
}

static void tell_no_key(struct survey *s, json_t *list, enum area_kind found)
{
    struct boundary_reading *r = s->r;
    enum area_kind want = r->opts->kind;
    if (want != AREA_NONE && found != AREA_NONE) {
        str text = str_fmt(r->scratch, "You asked for areas of the kind %s, but the file holds %s.",
                           area_kind_words(want), area_kind_words(found));
        tell_file_key(r, BOUNDARY_KIND_WRONG, STR_NONE, str_z(r->scratch, text));
        return;
    }
    str text = str_fmt(r->scratch,
                       "No key names a code, such as LSOA21CD or WD25CD. The first feature has: "
                       "%" PRIstr ".",
                       ARGstr(keys_there(r, list)));
    tell_file_key(r, BOUNDARY_NO_CODE_KEY, STR_NONE, str_z(r->scratch, text));
}

void boundary_keys_choose(struct boundary_reading *r, json_t *list, struct boundary_keys *ret)
{
    struct survey s = {.r = r};
    map_init(&s.known, r->scratch);
    survey_features(&s, list);
    *ret = (struct boundary_keys){.code_key = STR_NONE};
    enum area_kind found = finest_kind(&s);
    ret->kind = r->opts->kind != AREA_NONE ? r->opts->kind : found;
    if (ret->kind != AREA_NONE && has_kind(&s, ret->kind)) {
        ret->usable = true;
        choose_vintage(&s, ret);
    } else if (r->opts->generic_keys) {
        choose_generic(r, ret);
    } else {
        tell_no_key(&s, list, found);
    }
    ret->known = s.known;
}

// --- one feature ---

// Trimmed text; none for blank, absent and null. Whole numbers pass as text where codes are meant.
static str text_of(struct boundary_reading *r, const json_t *v)
{
    if (json_is_integer(v))
        return str_fmt(r->a, "%" JSON_INTEGER_FORMAT, json_integer_value(v));
    if (!json_is_string(v))
        return STR_NONE;
    str s = str_trim((str){json_string_value(v), json_string_length(v)});
    return s.n ? str_copy(r->a, s) : STR_NONE;
}

// Only these hold others whole: a ward does not hold its small areas, nor does a constituency.
static bool can_be_parent(enum area_kind k, enum area_kind of)
{
    return k > of && k != AREA_WARD && k != AREA_CED && k != AREA_CONSTITUENCY;
}

static void take_parent(struct boundary_reading *r, const struct boundary_keys *keys,
                        const struct heading *h, const json_t *value, struct boundary_names *n)
{
    if (h->role != HEADING_CODE || !can_be_parent(h->kind, keys->kind))
        return;
    if (n->parent_kind != AREA_NONE && h->kind >= n->parent_kind)
        return;
    str code = text_of(r, value);
    if (str_is_none(code))
        return;
    n->parent_kind = h->kind;
    n->parent_code = code;
}

// The name that stands beside the parent's code, of whatever year.
static str name_of_parent(struct boundary_reading *r, struct boundary_keys *keys, json_t *props,
                          enum area_kind kind)
{
    for (void *it = json_object_iter(props); it && kind != AREA_NONE;
         it = json_object_iter_next(props, it)) {
        const struct heading *h = heading_of(r, &keys->known, str_c(json_object_iter_key(it)));
        if (h && h->kind == kind && h->role == HEADING_NAME)
            return text_of(r, json_object_iter_value(it));
    }
    return STR_NONE;
}

static void take_own(struct boundary_reading *r, const struct boundary_keys *keys,
                     const struct heading *h, const json_t *value, struct boundary_names *n)
{
    bool right_year = keys->any_year || h->vintage == keys->slot;
    if (h->role == HEADING_CODE && right_year && str_is_none(n->code))
        n->code = text_of(r, value);
    else if (h->role == HEADING_NAME && (right_year || str_is_none(n->name)))
        n->name = text_of(r, value);
    else if (h->role == HEADING_WELSH_NAME && (right_year || str_is_none(n->name_cy)))
        n->name_cy = text_of(r, value);
}

// The first text under the key in any case.
static str text_under(struct boundary_reading *r, json_t *props, str name)
{
    str found = STR_NONE;
    for (void *it = json_object_iter(props); it; it = json_object_iter_next(props, it)) {
        if (str_is_none(found) && str_eq_nocase(str_c(json_object_iter_key(it)), name))
            found = text_of(r, json_object_iter_value(it));
    }
    return found;
}

static void take_generic(struct boundary_reading *r, const json_t *feature, json_t *props,
                         struct boundary_names *n)
{
    n->code = text_under(r, props, STR("code"));
    if (str_is_none(n->code))
        n->code = text_under(r, props, STR("id"));
    if (str_is_none(n->code))
        n->code = text_of(r, json_object_get(feature, "id"));
    n->name = text_under(r, props, STR("name"));
}

void boundary_names_read(struct boundary_reading *r, struct boundary_keys *keys,
                         const json_t *feature, struct boundary_names *ret)
{
    *ret = (struct boundary_names){.code = STR_NONE,
                                   .name = STR_NONE,
                                   .name_cy = STR_NONE,
                                   .parent_code = STR_NONE,
                                   .code_key = keys->code_key};
    json_t *props = json_object_get(feature, "properties");
    for (void *it = json_object_iter(props); it; it = json_object_iter_next(props, it)) {
        const struct heading *h = heading_of(r, &keys->known, str_c(json_object_iter_key(it)));
        if (!h)
            continue;
        if (h->kind == keys->kind && !keys->generic)
            take_own(r, keys, h, json_object_iter_value(it), ret);
        else
            take_parent(r, keys, h, json_object_iter_value(it), ret);
    }
    ret->parent_name = name_of_parent(r, keys, props, ret->parent_kind);
    if (keys->generic)
        take_generic(r, feature, props, ret);
}
