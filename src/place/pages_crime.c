// SPDX-License-Identifier: AGPL-3.0-or-later
// The newest crimes of an area, fifty to a page. A page begins behind the last row of the one
// before, or ends above the first row of the one behind it, so that any page costs the same and
// none is missed when a month is loaded meanwhile.
#include "base/base.h"
#include "base/vec.h"
#include "place/crime_store.h"
#include "place/crime_tmpl.h"
#include "place/deprivation.h"
#include "place/pages.h"
#include "place/pages_sql.h"
#include "place/pages_web.h"

enum {
    LINES = 50,
    SIFT = 400,       // rows looked at in one go when only one kind is wanted
    SIFT_ROUNDS = 25, // after which the page ends early, with a way on
    MONTH_LAST = 999912,
    LINE_LAST = INT32_MAX
};

const struct field crime_fields[] = {
    {"kind", "", FIELD_TEXT, false, 80, 0, NULL, false},
    {"after", "", FIELD_TEXT, false, 80, 0, NULL, false},
    {"before", "", FIELD_TEXT, false, 80, 0, NULL, false},
    {0},
};

// ---- where a page begins: "201902-12-345-E01028513" ---------------------------------------------

static bool key_read(str text, struct crime_after *ret)
{
    str month, import, line;
    return str_next(&text, '-', &month) && str_next(&text, '-', &import) &&
           str_next(&text, '-', &line) && str_to_i64(month, &ret->month) &&
           str_to_i64(import, &ret->import) && str_to_i64(line, &ret->line) && ret->month > 0 &&
           ret->month <= MONTH_LAST && ret->line <= LINE_LAST && (ret->code = text).n > 0;
}

static struct crime_after after_row(const struct crime_row *r)
{
    return (struct crime_after){r->month, r->import, r->line, r->code};
}

// A key `lines` further down the file: that of a row made one larger or smaller begins with the row
// itself.
static str key_text(struct arena *a, struct crime_after k, int64_t lines)
{
    return str_fmt(a, "%lld-%lld-%lld-%" PRIstr, (long long)k.month, (long long)k.import,
                   (long long)(k.line + lines), ARGstr(k.code));
}

// ---- the small areas of the place, of every census ----------------------------------------------

struct smalls {
    VEC(str) code;
    VEC(str) name;
};

static void smalls_add(struct arena *a, struct smalls *s, const struct area_ref *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        bool there = false;
        for (size_t k = 0; k < s->code.n && !there; k++)
            there = str_eq(s->code.v[k], v[i].code);
        if (there)
            continue;
        *vec_add(a, &s->code) = v[i].code;
        *vec_add(a, &s->name) = v[i].name;
    }
}

// Months are published on the small areas of their own time, so both censuses' are asked for.
static err smalls_read(struct db_tx *tx, struct arena *a, date today, const struct area *of,
                       struct smalls *ret)
{
    if (str_eq(of->kind, STR("lsoa"))) {
        smalls_add(a, ret, &(struct area_ref){.code = of->code, .name = of->name}, 1);
        return NULL;
    }
    for (size_t i = n_deprivation_editions; i-- > 0;) {
        int64_t vintage = deprivation_editions[i].lsoa_vintage;
        struct area_ref *v;
        size_t n;
        TRY(of->id.v == 0 && str_eq(of->kind, STR("zone"))
                ? zone_small_areas(tx, a, today, vintage, &v, &n)
                : area_children(tx, a, of, STR("lsoa"), vintage, &v, &n));
        smalls_add(a, ret, v, n);
    }
    return NULL;
}

// ---- what all pages of one list share
// ------------------------------------------------------------

struct ground {
    date today;
    str code;
    struct area area;
    struct smalls smalls;
    str *kinds;
    size_t n_kinds;
};

static err read_kinds(struct db_tx *tx, struct arena *a, struct ground *g)
{
    struct q_crime_kinds *row;
    TRY(q_crime_kinds_all(tx, a, &row, &g->n_kinds));
    g->kinds = arena_new_array(a, g->n_kinds, str);
    for (size_t i = 0; i < g->n_kinds; i++)
        g->kinds[i] = row[i].word;
    return NULL;
}

static err read_area(struct db_tx *tx, struct arena *a, str code, struct area *ret, bool *ret_found)
{
    struct zone z;
    if (!str_eq(code, STR("zone")))
        return area_find(tx, a, code, ret, ret_found);
    TRY(zone_now(tx, a, &z, ret_found));
    *ret = (struct area){.code = STR("zone"), .name = z.name, .kind = STR("zone")};
    return NULL;
}

static err make_ground(struct db_tx *tx, struct arena *a, void *ctx, void **ret)
{
    struct ground *g = arena_copy(a, ctx, sizeof *g);
    bool found;
    TRY(read_area(tx, a, g->code, &g->area, &found));
    if (!found)
        return err_new(a, ERR_NOT_FOUND, "We have no area with the code %" PRIstr ".",
                       ARGstr(g->code));
    g->code = g->area.code;
    TRY(smalls_read(tx, a, g->today, &g->area, &g->smalls));
    TRY(read_kinds(tx, a, g));
    *ret = g;
    return NULL;
}

static err ground_of(struct req *r, struct db_tx *tx, const struct ground **ret)
{
    struct ground want = {.today = date_of_ms(r->now_ms), .code = r->param[0]};
    const void *found;
    str key = str_fmt(r->a, "crime %" PRIstr " %d", ARGstr(want.code), want.today.days);
    TRY(memo_find((struct memo_at){r->site->memo, r->generation}, tx, r->a, key, make_ground, &want,
                  &found));
    *ret = found;
    return NULL;
}

static str name_of(const struct smalls *s, str code)
{
    for (size_t i = 0; i < s->code.n; i++)
        if (str_eq(s->code.v[i], code))
            return s->name.v[i];
    return code;
}

// ---- reading ------------------------------------------------------------------------------------

static struct crime_line line_of(const struct smalls *s, const struct crime_row *r)
{
    return (struct crime_line){*r, name_of(s, r->code)};
}

static bool wanted(const struct crime_page *v, const struct crime_row *r)
{
    return v->kind.n == 0 || str_eq(r->kind, v->kind);
}

static err read_older(struct db_tx *tx, struct arena *a, const struct smalls *s,
                      struct crime_after after, struct crime_page *v)
{
    struct crime_after from = after;
    bool more = true;
    size_t most = v->kind.n ? SIFT : LINES;
    v->line = arena_new_array(a, LINES, struct crime_line);
    for (int round = 0; more && v->n_lines < LINES && round < SIFT_ROUNDS; round++) {
        struct crime_row *row;
        size_t n, i = 0;
        TRY(crime_newest(tx, a, s->code.v, s->code.n, &after, most, &row, &n, &more));
        for (; i < n && v->n_lines < LINES; i++)
            if (wanted(v, &row[i]))
                v->line[v->n_lines++] = line_of(s, &row[i]);
        more = more || i < n;
        if (i > 0)
            after = after_row(&row[i - 1]);
        v->next = more && i > 0 ? key_text(a, after, 0) : STR("");
    }
    if (from.month)
        v->prev = v->n_lines ? key_text(a, after_row(&v->line[0].row), 0) : key_text(a, from, -1);
    return NULL;
}

// The page is filled from its end. Where it would be the top of the list, it is the first page.
static err read_newer(struct db_tx *tx, struct arena *a, const struct smalls *s,
                      struct crime_after than, struct crime_page *v)
{
    struct crime_after from = than;
    struct crime_line *line = arena_new_array(a, LINES, struct crime_line);
    size_t at = LINES, most = v->kind.n ? SIFT : LINES;
    bool more = true;
    for (int round = 0; more && at > 0 && round < SIFT_ROUNDS; round++) {
        struct crime_row *row;
        size_t n, i;
        TRY(crime_newer(tx, a, s->code.v, s->code.n, &than, most, &row, &n, &more));
        for (i = n; i > 0 && at > 0; i--)
            if (wanted(v, &row[i - 1]))
                line[--at] = line_of(s, &row[i - 1]);
        more = more || i > 0;
        if (i < n)
            than = after_row(&row[i]);
    }
    if (!more)
        return read_older(tx, a, s, (struct crime_after){0}, v);
    v->line = line + at;
    v->n_lines = LINES - at;
    v->prev = key_text(a, than, 0);
    v->next = v->n_lines ? key_text(a, after_row(&line[LINES - 1].row), 0) : key_text(a, from, 1);
    return NULL;
}

err area_crime_get(struct req *r)
{
    struct crime_page *v = arena_new(r->a, struct crime_page);
    struct crime_after at = {0};
    const struct ground *g;
    struct db_tx *tx;
    TRY(req_public(r, &tx));
    TRY(ground_of(r, tx, &g));
    v->area = g->area;
    v->kinds = g->kinds;
    v->n_kinds = g->n_kinds;
    v->kind = req_field(r, "kind");
    v->single = str_eq(v->area.kind, STR("lsoa"));
    if (key_read(req_field(r, "before"), &at))
        TRY(read_newer(tx, r->a, &g->smalls, at, v));
    else if (key_read(req_field(r, "after"), &at))
        TRY(read_older(tx, r->a, &g->smalls, at, v));
    else
        TRY(read_older(tx, r->a, &g->smalls, (struct crime_after){0}, v));
    crime_html(req_page(r, 200), v);
    return NULL;
}
