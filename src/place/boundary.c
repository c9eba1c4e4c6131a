// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "place/boundary_parts.h"
#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>

// --- telling ---

void boundary_tell(struct boundary_reading *r, enum boundary_trouble what, str key, const char *fmt,
                   ...)
{
    char said[600];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(said, sizeof said, fmt, ap);
    va_end(ap);
    str sentence = utf8_repair(r->a, str_c(said)); // a cut may have split a character
    if (r->row > 0 && !str_is_none(r->code))
        sentence = str_fmt(r->a, "Feature %lld (%" PRIstr "): %" PRIstr, (long long)r->row,
                           ARGstr(r->code), ARGstr(sentence));
    else if (r->row > 0)
        sentence = str_fmt(r->a, "Feature %lld: %" PRIstr, (long long)r->row, ARGstr(sentence));
    else
        sentence = str_copy(r->a, sentence);
    bool notice = what >= BOUNDARY_NOTE_GRID;
    *vec_add(r->a, &r->problems) = (struct boundary_problem){
        .row = r->row, .key = key, .what = what, .notice = notice, .sentence = sentence};
    r->set->n_errors += !notice;
    r->stop |= what == BOUNDARY_TOO_MANY_POINTS;
}

// Something about the file as a whole, whichever feature is being read.
#define tell_file(r, what, ...)                                                                    \
    do {                                                                                           \
        (r)->row = 0;                                                                              \
        boundary_tell((r), (what), STR_NONE, __VA_ARGS__);                                         \
    } while (0)

// --- the text ---

static void line_and_column(str text, size_t at, long long *ret_line, long long *ret_column)
{
    *ret_line = 1;
    size_t from = 0;
    for (size_t i = 0; i < at && i < text.n; i++) {
        if (text.p[i] == '\n') {
            ++*ret_line;
            from = i + 1;
        }
    }
    *ret_column = (long long)(at - from) + 1;
}

// UTF-16 in either byte order: with a byte order mark, or "{" and a NUL.
static bool is_utf16(str t)
{
    return str_starts(t, STR("\xff\xfe")) || str_starts(t, STR("\xfe\xff")) ||
           (t.n >= 2 && ((t.p[0] == '{' && t.p[1] == 0) || (t.p[0] == 0 && t.p[1] == '{')));
}

// Without the byte order mark; false when the text is none we can read.
static bool readable(struct boundary_reading *r, str *text)
{
    if (text->n > BOUNDARY_MAX_BYTES) {
        tell_file(r, BOUNDARY_TOO_LARGE, "The file is larger than %d MB; split it by district.",
                  BOUNDARY_MAX_BYTES >> 20);
        return false;
    }
    if (str_starts(*text, STR("\xef\xbb\xbf")))
        *text = str_slice(*text, 3, text->n);
    if (str_trim(*text).n == 0) {
        tell_file(r, BOUNDARY_EMPTY_FILE, "The file is empty.");
        return false;
    }
    if (is_utf16(*text)) {
        tell_file(r, BOUNDARY_ENCODING, "The file is in UTF-16. Save it as UTF-8 and try again.");
        return false;
    }
    size_t bad = utf8_bad_at(*text);
    if (bad == text->n)
        return true;
    long long line, column;
    line_and_column(*text, bad, &line, &column);
    tell_file(
        r, BOUNDARY_ENCODING,
        "Line %lld, column %lld: the byte 0x%02X is not UTF-8. Save the file as UTF-8 and try "
        "again.",
        line, column, (unsigned char)text->p[bad]);
    return false;
}

// Does the parser stand at, or just behind, a word that is a number in JavaScript only?
static bool at_non_number(str text, size_t at)
{
    str near = str_slice(text, at >= 9 ? at - 9 : 0, at + 9);
    return str_find(near, STR("NaN"), 0) < near.n || str_find(near, STR("Infinity"), 0) < near.n;
}

static void tell_json(struct boundary_reading *r, str text, const json_error_t *why)
{
    size_t at = why->position > 0 ? (size_t)why->position : 0;
    enum json_error_code code = json_error_code(why);
    if (code == json_error_premature_end_of_input)
        tell_file(r, BOUNDARY_JSON, "The file breaks off at line %d, column %d; it was cut short.",
                  why->line, why->column);
    else if (code == json_error_stack_overflow)
        tell_file(r, BOUNDARY_JSON, "Line %d, column %d: the file is nested too deep.", why->line,
                  why->column);
    else if (code == json_error_numeric_overflow || at_non_number(text, at))
        tell_file(r, BOUNDARY_JSON,
                  "Line %d, column %d: a number is not finite or too large (NaN, Infinity, 1e999).",
                  why->line, why->column);
    else
        tell_file(r, BOUNDARY_JSON, "Line %d, column %d: the file is not JSON: %s.", why->line,
                  why->column, why->text);
}

static void drop_json(void *ctx)
{
    json_decref(ctx);
}

// The text as a JSON value that lives as long as r->scratch; NULL when a problem was told.
static json_t *parse(struct boundary_reading *r, str text)
{
    json_error_t why;
    json_t *root = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES, &why);
    if (root)
        arena_on_end(r->scratch, drop_json, root);
    else
        tell_json(r, text, &why);
    return root;
}

// --- the features ---

// "a Feature" and so on, for the sentence that says why it will not do.
static const char *type_of(const json_t *root)
{
    const char *type = json_string_value(json_object_get(root, "type"));
    return type ? type : json_is_object(root) ? "object without a type" : "list";
}

// The one collection of geometries of a topology; NULL when a problem was told.
static json_t *topology_features(struct boundary_reading *r, json_t *root)
{
    json_t *objects = json_object_get(root, "objects");
    if (json_object_size(objects) != 1) {
        tell_file(r, BOUNDARY_NOT_FEATURES,
                  "The TopoJSON holds %zu layers; pass a file with exactly one.",
                  json_object_size(objects));
        return NULL;
    }
    json_t *one = json_object_iter_value(json_object_iter(objects));
    json_t *list = json_object_get(one, "geometries");
    if (!json_is_array(list)) {
        tell_file(r, BOUNDARY_NOT_FEATURES, "The TopoJSON's layer is not a GeometryCollection.");
        return NULL;
    }
    r->is_topology = true;
    return boundary_arcs_read(r, root) ? list : NULL;
}

static json_t *find_features(struct boundary_reading *r, json_t *root)
{
    const char *type = type_of(root);
    json_t *list;
    if (strcmp(type, "Topology") == 0) {
        list = topology_features(r, root);
    } else {
        list = json_object_get(root, "features");
        if (strcmp(type, "FeatureCollection") != 0 || !json_is_array(list)) {
            tell_file(r, BOUNDARY_NOT_FEATURES,
                      "The file is not a GeoJSON FeatureCollection or a TopoJSON; it is a %.40s%s.",
                      type, strcmp(type, "FeatureCollection") == 0 ? " without features" : "");
            return NULL;
        }
    }
    if (list && json_array_size(list) == 0) {
        tell_file(r, BOUNDARY_NO_FEATURES, "The file holds no areas: its list is empty.");
        return NULL;
    }
    return list;
}

// --- one feature ---

// A code is short and plain: what may stand in an address and in a table's key.
static bool code_ok(str code)
{
    if (code.n > 40)
        return false;
    for (size_t i = 0; i < code.n; i++) {
        char c = code.p[i];
        if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
              c == '-' || c == '_' || c == '.'))
            return false;
    }
    return true;
}

// What a heading of the ONS promises: E01028513, or Northern Ireland's older 95GG17S1.
static bool is_ons_code(str s)
{
    size_t digits = 0, letters = 0;
    for (size_t i = 0; i < s.n; i++) {
        digits += s.p[i] >= '0' && s.p[i] <= '9';
        letters += s.p[i] >= 'A' && s.p[i] <= 'Z';
    }
    if (s.n == 9)
        return digits == 8 && s.p[0] >= 'A' && s.p[0] <= 'Z';
    return str_starts(s, STR("95")) && s.n >= 4 && s.n <= 8 && digits + letters == s.n;
}

// false when the feature cannot be kept under its code.
static bool check_code(struct boundary_reading *r, const struct boundary_names *names, bool generic,
                       struct map *seen)
{
    if (str_is_none(names->code)) {
        boundary_tell(r, BOUNDARY_CODE_MISSING, names->code_key,
                      "It has no code under %" PRIstr ".", ARGstr(names->code_key));
        return false;
    }
    if (!code_ok(names->code)) {
        boundary_tell(r, BOUNDARY_CODE_BAD, names->code_key,
                      "Its code under %" PRIstr " is not up to 40 letters and digits.",
                      ARGstr(names->code_key));
        return false;
    }
    if (!generic && !is_ons_code(names->code)) {
        boundary_tell(r, BOUNDARY_CODE_BAD, names->code_key,
                      "Its code under %" PRIstr " is %" PRIstr
                      "; one letter and eight digits are expected.",
                      ARGstr(names->code_key), ARGstr(names->code));
        return false;
    }
    r->code = names->code;
    bool is_new;
    union map_value *first = map_at(seen, r->code, &is_new);
    if (is_new) {
        first->i = r->row;
        return true;
    }
    boundary_tell(r, BOUNDARY_CODE_REPEATED, names->code_key,
                  "The code %" PRIstr " is already that of feature %lld.", ARGstr(r->code),
                  (long long)first->i);
    return false;
}

static void tell_crossing(struct boundary_reading *r, const struct geo_form *f)
{
    const struct geo_verdict *v = &f->verdict;
    str where =
        v->located ? str_fmt(r->feature, " at %.6f, %.6f", v->where.x, v->where.y) : STR("");
    if (f->kind == GEO_FORM_MENDED)
        boundary_tell(r, BOUNDARY_NOTE_MENDED, STR("geometry"),
                      "Its boundary was not valid (%" PRIstr "%" PRIstr
                      ") and was mended; its area changed by %.4f %%.",
                      ARGstr(v->reason), ARGstr(where), 100 * f->area_change);
    else
        boundary_tell(r, BOUNDARY_CROSSING, STR("geometry"),
                      "Its boundary is not valid (%" PRIstr "%" PRIstr
                      ") and cannot be mended without changing the map.",
                      ARGstr(v->reason), ARGstr(where));
}

// The geometry in the form it will be stored in; *ret_kept is false when a problem was told.
static err read_shape(struct boundary_reading *r, const json_t *geometry, struct geo_shape *ret,
                      bool *ret_kept)
{
    struct geo_shape found;
    *ret_kept = boundary_geometry(r, geometry, &found);
    if (!*ret_kept)
        return NULL;
    struct geo_form form;
    TRY(geo_store_form(r->engine, r->feature, &found, &form));
    if (!form.verdict.ok)
        tell_crossing(r, &form);
    *ret_kept = form.kind != GEO_FORM_BROKEN;
    if (*ret_kept && form.rounded.parts_dropped + form.rounded.rings_dropped > 0)
        boundary_tell(r, BOUNDARY_NOTE_TINY, STR("geometry"),
                      "%zu of its parts or holes enclose no area and were left out.",
                      form.rounded.parts_dropped + form.rounded.rings_dropped);
    *ret = geo_copy(r->a, &form.shape);
    return NULL;
}

static err read_feature(struct boundary_reading *r, const json_t *feature,
                        struct boundary_keys *keys, struct map *seen)
{
    r->code = STR_NONE;
    const char *type = json_string_value(json_object_get(feature, "type"));
    if (!r->is_topology && !(type && strcmp(type, "Feature") == 0)) {
        boundary_tell(r, BOUNDARY_NOT_A_FEATURE, STR("type"), "It is not a GeoJSON Feature.");
        return NULL;
    }
    struct boundary_names names;
    boundary_names_read(r, keys, feature, &names);
    bool named = keys->usable && check_code(r, &names, keys->generic, seen), shaped;
    struct boundary b = {.code = names.code,
                         .name = names.name,
                         .name_cy = names.name_cy,
                         .parent_kind = names.parent_kind,
                         .parent_code = names.parent_code,
                         .parent_name = names.parent_name,
                         .row = r->row};
    const json_t *geometry = r->is_topology ? feature : json_object_get(feature, "geometry");
    TRY(read_shape(r, geometry, &b.shape, &shaped));
    if (named && shaped)
        r->set->v[r->set->n++] = b;
    return NULL;
}

static err read_features(struct boundary_reading *r, json_t *list)
{
    struct boundary_keys keys;
    boundary_keys_choose(r, list, &keys);
    struct map seen;
    map_init(&seen, r->scratch);
    struct boundary_set *set = r->set;
    set->kind = keys.kind;
    set->vintage = keys.vintage;
    set->features = json_array_size(list);
    set->v = arena_new_array(r->a, set->features, struct boundary);
    int64_t grid = 0;
    for (size_t i = 0; i < set->features && !r->stop; i++) {
        r->row = (int64_t)i + 1;
        r->on_grid = false;
        TRY(read_feature(r, json_array_get(list, i), &keys, &seen));
        grid += r->on_grid;
        arena_reset(r->feature);
    }
    if (grid > 0)
        tell_file(r, BOUNDARY_NOTE_GRID,
                  "%lld of %zu areas are on the British National Grid and were converted to WGS84 "
                  "(within about 5 metres).",
                  (long long)grid, set->features);
    return NULL;
}

static err read_text(struct boundary_reading *r, str text)
{
    if (!readable(r, &text))
        return NULL;
    TRY(geo_engine_open(r->scratch, &r->engine));
    json_t *root = parse(r, text);
    json_t *list = root ? find_features(r, root) : NULL;
    return list ? read_features(r, list) : NULL;
}

err boundary_read(struct arena *a, str text, const struct boundary_opts *opts,
                  struct boundary_set *ret)
{
    *ret = (struct boundary_set){0};
    struct arena scratch, feature;
    arena_init(&scratch);
    arena_init(&feature);
    struct boundary_reading r = {.a = a,
                                 .scratch = &scratch,
                                 .feature = &feature,
                                 .opts = opts,
                                 .set = ret,
                                 .code = STR_NONE};
    err e = read_text(&r, text);
    if (e) // its sentence may live in an arena that ends here
        e = err_new(a, e->kind, "%" PRIstr, ARGstr(err_text(&scratch, e)));
    arena_fini(&feature);
    arena_fini(&scratch);
    ret->problem = r.problems.v;
    ret->n_problems = r.problems.n;
    return e;
}

err boundary_refusal(struct arena *a, const struct boundary_set *set)
{
    const struct boundary_problem *first = NULL;
    for (size_t i = 0; i < set->n_problems && !first; i++) {
        if (!set->problem[i].notice)
            first = &set->problem[i];
    }
    if (!first)
        return NULL;
    if (set->n_errors == 1)
        return err_new(a, ERR_INVALID, "%" PRIstr, ARGstr(first->sentence));
    return err_new(a, ERR_INVALID, "%" PRIstr " (and %zu more problem%s)", ARGstr(first->sentence),
                   set->n_errors - 1, set->n_errors == 2 ? "" : "s");
}
