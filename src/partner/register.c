// SPDX-License-Identifier: AGPL-3.0-or-later
// Reading a register of organisations out of a table. Every row is judged before anything is
// written; what breaks a rule of the table itself (no name, the same identifier twice) stops the
// whole file, what only looks odd (a number that misses its scheme's shape) is flagged and kept.
#include "base/base.h"
#include "base/csv.h"
#include "base/map.h"
#include "base/random.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "partner/partner.h"

#include <sodium.h>

enum column { COL_ID, COL_NAME, COL_SHORT, COL_AREA, COL_ACTIVE, COL_COUNT };

// Headings, without case, spaces, hyphens and underscores.
static const struct {
    enum column column;
    const char *folded;
} headings[] = {
    {COL_ID, "orgid"},
    {COL_ID, "orgidentifier"},
    {COL_ID, "identifier"},
    {COL_ID, "id"},
    {COL_NAME, "name"},
    {COL_NAME, "organisation"},
    {COL_NAME, "organisationname"},
    {COL_SHORT, "normalisedname"},
    {COL_SHORT, "shortname"},
    {COL_AREA, "gsscode"},
    {COL_AREA, "gss"},
    {COL_ACTIVE, "active"},
};

struct reading {
    struct arena *a;
    struct arena scratch;
    struct register_file *f;
    struct csv csv;
    int col[COL_COUNT]; // -1: not there
    size_t n_heading;
    str heading[COL_COUNT];
    VEC(struct register_row) rows;
    VEC(struct register_remark) problems;
    VEC(struct register_remark) flags;
    struct map seen; // sound identifier -> row
};

static struct register_remark remark(struct reading *r, enum column c, str sentence)
{
    return (struct register_remark){r->csv.row, c == COL_COUNT ? STR_NONE : r->heading[c],
                                    sentence};
}

static void problem(struct reading *r, enum column c, str sentence)
{
    r->f->n_problems++;
    if (r->problems.n < REGISTER_REMARKS_KEPT)
        *vec_add(r->a, &r->problems) = remark(r, c, sentence);
}

static void flag(struct reading *r, enum column c, str sentence)
{
    r->f->n_flags++;
    if (r->flags.n < REGISTER_REMARKS_KEPT)
        *vec_add(r->a, &r->flags) = remark(r, c, sentence);
}

static str fold(struct arena *a, str s)
{
    str low = str_lower(a, str_trim(s));
    char *p = arena_alloc(a, low.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < low.n; i++)
        if (low.p[i] != ' ' && low.p[i] != '_' && low.p[i] != '-')
            p[n++] = low.p[i];
    return (str){p, n};
}

static void find_columns(struct reading *r)
{
    for (int c = 0; c < COL_COUNT; c++)
        r->col[c] = -1;
    for (size_t h = 0; h < countof(headings); h++)
        for (size_t i = 0; i < r->csv.n && r->col[headings[h].column] < 0; i++)
            if (str_eq(fold(r->a, r->csv.field[i]), str_c(headings[h].folded))) {
                r->col[headings[h].column] = (int)i;
                r->heading[headings[h].column] = str_copy(r->a, str_trim(r->csv.field[i]));
            }
    r->n_heading = r->csv.n;
}

// Of two columns with one heading nobody knows which is meant.
static void find_twins(struct reading *r)
{
    for (size_t i = 0; i < r->csv.n; i++)
        for (size_t k = 0; k < i; k++)
            if (str_trim(r->csv.field[i]).n &&
                str_eq(fold(r->a, r->csv.field[i]), fold(r->a, r->csv.field[k])))
                problem(r, COL_COUNT,
                        str_fmt(r->a, "The heading %" PRIstr " is there twice.",
                                ARGstr(utf8_cut(str_trim(r->csv.field[i]), 60))));
}

static str cell(struct reading *r, enum column c)
{
    if (r->col[c] < 0)
        return STR_NONE;
    str v = csv_unguard(r->csv.field[r->col[c]]);
    return c == COL_ID ? v : str_trim(v); // the spaces of an identifier are worth a remark
}

static bool is_area_code(str s)
{
    bool ok = s.n == 9 && s.p[0] >= 'A' && s.p[0] <= 'Z';
    for (size_t i = 1; i < s.n && ok; i++)
        ok = s.p[i] >= '0' && s.p[i] <= '9';
    return ok;
}

static void read_id(struct reading *r, struct register_row *row)
{
    row->id = org_id_read(r->a, str_copy(r->a, cell(r, COL_ID)));
    if (row->id.sound) {
        bool new;
        union map_value *at =
            map_at(&r->seen, org_id_text(r->a, row->id.scheme, row->id.value), &new);
        if (!new)
            problem(r, COL_ID,
                    str_fmt(r->a, "%" PRIstr "-%" PRIstr " stands in row %lld already.",
                            ARGstr(row->id.scheme), ARGstr(row->id.value), (long long)at->i));
        at->i = r->csv.row;
        if (row->id.spaces)
            flag(r, COL_ID, STR("There were spaces in the identifier; they were taken out."));
        return;
    }
    if (row->id.suggestion.n)
        flag(r, COL_ID,
             str_fmt(r->a, "%" PRIstr " Could it be %" PRIstr "? It is kept as it is.",
                     ARGstr(row->id.why), ARGstr(row->id.suggestion)));
    else
        flag(r, COL_ID, str_fmt(r->a, "%" PRIstr " It is kept as it is.", ARGstr(row->id.why)));
}

static void read_active(struct reading *r, struct register_row *row)
{
    str v = cell(r, COL_ACTIVE);
    if (str_eq_nocase(v, STR("false")) || str_eq_nocase(v, STR("no")) || str_eq(v, STR("0")))
        row->closed = true;
    else if (v.n && !str_eq_nocase(v, STR("true")) && !str_eq_nocase(v, STR("yes")) &&
             !str_eq(v, STR("1")))
        problem(r, COL_ACTIVE,
                str_fmt(r->a, "“%" PRIstr "” is neither TRUE nor FALSE.", ARGstr(utf8_cut(v, 60))));
    r->f->closed += row->closed;
}

static void read_row(struct reading *r)
{
    if (r->csv.n != r->n_heading) {
        problem(
            r, COL_COUNT,
            str_fmt(r->a, "This row has %zu fields, the heading has %zu.", r->csv.n, r->n_heading));
        return;
    }
    struct register_row row = {.alias = STR_NONE, .area_code = STR_NONE};
    str name = cell(r, COL_NAME), brief = cell(r, COL_SHORT), area = cell(r, COL_AREA);
    row.name = str_copy(r->a, name);
    if (name.n == 0)
        problem(r, COL_NAME, STR("There is no name."));
    else if (name.n > 300 || text_has_control(name))
        problem(r, COL_NAME, STR("This is no name of an organisation."));
    if (brief.n && !str_eq(brief, name))
        row.alias = str_copy(r->a, brief);
    if (is_area_code(area))
        row.area_code = str_copy(r->a, area);
    else if (area.n)
        problem(r, COL_AREA,
                str_fmt(r->a, "“%" PRIstr "” is no area code, such as E07000178.",
                        ARGstr(utf8_cut(area, 60))));
    r->f->without_area += area.n == 0;
    read_id(r, &row);
    read_active(r, &row);
    *vec_add(r->a, &r->rows) = row;
}

static bool is_utf16(str text)
{
    return str_starts(text, STR("\xff\xfe")) || str_starts(text, STR("\xfe\xff"));
}

static err read_all(struct reading *r, bool utf16)
{
    bool more;
    if (utf16) {
        problem(r, COL_COUNT, STR("The file is in UTF-16. Save it again as “CSV UTF-8”."));
        return NULL;
    }
    TRY(csv_next(&r->csv, &r->scratch, &more));
    if (!more) {
        problem(r, COL_COUNT, STR("The file is empty."));
        return NULL;
    }
    find_columns(r);
    find_twins(r);
    if (r->col[COL_ID] < 0)
        problem(r, COL_COUNT,
                STR("There is no column with identifiers. It should be called org_id."));
    if (r->col[COL_NAME] < 0)
        problem(r, COL_COUNT, STR("There is no column called name."));
    for (;;) {
        TRY(csv_next(&r->csv, &r->scratch, &more));
        if (!more || r->col[COL_ID] < 0 || r->col[COL_NAME] < 0)
            break;
        read_row(r);
        arena_reset(&r->scratch);
    }
    if (r->f->n_problems == 0 && r->rows.n == 0)
        problem(r, COL_COUNT, STR("There is a heading, but no rows."));
    // The list of local authorities is the only one whose publisher and licence we know.
    if (r->col[COL_AREA] >= 0 && r->col[COL_ACTIVE] >= 0) {
        r->f->source = STR("List of local authorities with their org-id and area codes");
        r->f->licence = STR("Open Government Licence v3.0");
    }
    return NULL;
}

err register_read(struct arena *a, str text, str file_name, struct register_file *ret)
{
    *ret = (struct register_file){
        .file_name = file_name, .bytes = (int64_t)text.n, .source = STR_NONE, .licence = STR_NONE};
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, (const unsigned char *)(text.p ? text.p : ""), text.n);
    ret->sha256 = hex_of(a, hash, sizeof hash);
    struct reading *r = arena_new(a, struct reading);
    r->a = a;
    r->f = ret;
    arena_init(&r->scratch);
    map_init(&r->seen, a);
    bool utf8 = utf8_ok(text);
    csv_init(&r->csv, a, utf8 ? text : utf8_from_1252(a, text));
    if (!utf8)
        flag(r, COL_COUNT, STR("The file is not UTF-8. It was read as Windows-1252."));
    err e = read_all(r, is_utf16(text));
    if (e && e->kind == ERR_INVALID) { // the table breaks off: a fault of the file, with its row
        r->csv.row = 0;                // the sentence names it
        problem(r, COL_COUNT, str_copy(a, err_root(e)));
        e = NULL;
    }
    if (e) // it was made in the scratch arena
        e = err_new(a, e->kind, "%" PRIstr, ARGstr(err_root(e)));
    arena_fini(&r->scratch);
    ret->row = r->rows.v;
    ret->n = r->rows.n;
    ret->problem = r->problems.v;
    ret->flag = r->flags.v;
    return e;
}
