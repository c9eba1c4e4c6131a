// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "place/figure_write.h"
#include "place/figure_sql.h"

#include <math.h>

// ---- words and keys ---------------------------------------------------------------------------

static bool letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (unsigned char)c >= 0x80;
}

static bool digit_at(str s, size_t i)
{
    return i < s.n && s.p[i] >= '0' && s.p[i] <= '9';
}

// "+1" and "-1" where a number begins, not the hyphen inside "75-84".
static const char *sign_at(str s, size_t i)
{
    if ((s.p[i] != '+' && s.p[i] != '-') || !digit_at(s, i + 1))
        return NULL;
    if (i > 0 && letter_or_digit(s.p[i - 1]))
        return NULL;
    return s.p[i] == '+' ? "plus_" : "minus_";
}

str figure_slug(struct arena *a, str words)
{
    struct buf out;
    buf_init(&out, a, words.n * 6 + 8);
    bool gap = false;
    for (size_t i = 0; i < words.n; i++) {
        const char *sign = sign_at(words, i);
        if (!sign && !letter_or_digit(words.p[i])) {
            gap = true;
            continue;
        }
        if (gap && out.n)
            buf_byte(&out, '_');
        gap = false;
        if (sign)
            buf_c(&out, sign);
        else
            buf_byte(&out, words.p[i]);
    }
    return str_lower(a, buf_text(&out));
}

str figure_words(struct arena *a, str heading)
{
    str s = str_trim(heading);
    if (str_find_byte(s, ' ') < s.n || str_find_byte(s, '_') == s.n)
        return str_copy(a, s);
    s = str_replace(a, s, STR("_"), STR(" "));
    char *p = arena_copy(a, s.p, s.n);
    if (s.n && p[0] >= 'a' && p[0] <= 'z')
        p[0] = (char)(p[0] - 'a' + 'A');
    return (str){p, s.n};
}

str figure_number(struct arena *a, double v)
{
    if (v != floor(v) || fabs(v) >= 1e15)
        return str_fmt(a, "%.6g", v);
    str digits = str_fmt(a, "%.0f", fabs(v));
    struct buf out;
    buf_init(&out, a, 64);
    if (v < 0)
        buf_byte(&out, '-');
    for (size_t i = 0; i < digits.n; i++) {
        if (i && (digits.n - i) % 3 == 0)
            buf_byte(&out, ',');
        buf_byte(&out, digits.p[i]);
    }
    return buf_text(&out);
}

// ---- where -----------------------------------------------------------------------------------

enum area_kind figure_code_kind(str code)
{
    static const struct {
        const char *prefix;
        enum area_kind kind;
    } known[] = {
        {"00", AREA_OA},      {"01", AREA_LSOA},   {"02", AREA_MSOA},   {"05", AREA_WARD},
        {"06", AREA_LAD},     {"07", AREA_LAD},    {"08", AREA_LAD},    {"09", AREA_LAD},
        {"10", AREA_COUNTY},  {"11", AREA_COUNTY}, {"12", AREA_REGION}, {"14", AREA_CONSTITUENCY},
        {"92", AREA_COUNTRY},
    };
    if (code.n != 9 || (code.p[0] != 'E' && code.p[0] != 'W'))
        return AREA_NONE;
    for (size_t i = 0; i < countof(known); i++)
        if (str_eq(str_slice(code, 1, 3), str_c(known[i].prefix)))
            return known[i].kind;
    return AREA_NONE;
}

bool figure_place_find(const struct import_job *job, const struct table *t,
                       struct figure_place *ret)
{
    static const char *const plain[] = {"geographycode", "geography_code", "areacode", "area_code",
                                        "gsscode",       "gss_code",       "onscode",  "code"};
    static const enum area_kind order[] = {AREA_OA, AREA_LSOA, AREA_MSOA, AREA_WARD, AREA_LAD};
    int64_t lad;
    *ret = (struct figure_place){.code = -1, .district = table_code_at(t, STR("lad"), &lad)};
    for (size_t i = 0; i < countof(order) && ret->code < 0; i++) {
        ret->code = table_code_at(t, str_c(area_kind_word(order[i])), &ret->vintage);
        ret->kind = ret->code < 0 ? AREA_NONE : order[i];
    }
    if (ret->code < 0)
        ret->code = table_find(t, plain, countof(plain));
    if (job->opts.vintage)
        ret->vintage = job->opts.vintage;
    return ret->code >= 0;
}

// What a code says by itself has to be what the file is about.
static bool fits_kind(struct import_job *job, const struct table *t, struct figure_place *p,
                      str code)
{
    enum area_kind k = figure_code_kind(code);
    if (k == AREA_NONE) {
        import_problem(job, t->row, t->heading[p->code],
                       "“%" PRIstr "” is a code of a kind of area that is not kept here.",
                       ARGstr(code));
        return false;
    }
    if (p->kind == AREA_NONE)
        p->kind = k;
    if (p->kind == k)
        return true;
    import_problem(job, t->row, t->heading[p->code],
                   "%" PRIstr " is a %s; the rows before are of the kind %s. One file can hold one "
                   "kind of area.",
                   ARGstr(code), area_kind_words(k), area_kind_words(p->kind));
    return false;
}

bool figure_place_code(struct import_job *job, const struct table *t, struct figure_place *p,
                       str *ret)
{
    bool missing;
    if (!table_code(job, t, p->code, ret, &missing))
        return false;
    if (missing) {
        import_problem(job, t->row, t->heading[p->code], "The area code is missing.");
        return false;
    }
    if (!fits_kind(job, t, p, *ret))
        return false;
    if (job->opts.district.n == 0 || p->district < 0)
        return true;
    return str_eq(str_trim(t->field[p->district]), job->opts.district);
}

// ---- cells -----------------------------------------------------------------------------------

static bool kept_back(str cell)
{
    static const char *const marks[] = {"c", "x", "*", "[c]", "[x]", "(c)", "(x)", "suppressed"};
    for (size_t i = 0; i < countof(marks); i++)
        if (str_eq_nocase(cell, str_c(marks[i])))
            return true;
    return false;
}

bool figure_cell(struct import_job *job, const struct table *t, int col, enum figure_status empty,
                 struct figure_cell *ret)
{
    str s = str_trim(t->field[col]);
    double v;
    bool missing;
    *ret = (struct figure_cell){.status = FIGURE_SUPPRESSED};
    if (kept_back(s))
        return true;
    if (!table_f64(job, t, col, &v, &missing))
        return false;
    ret->status = !missing ? FIGURE_PUBLISHED : s.n == 0 ? empty : FIGURE_MISSING;
    if (!missing)
        ret->value = some_f64(v);
    return true;
}

// ---- writing ---------------------------------------------------------------------------------

static err find_indicator(struct db_tx *tx, struct figure_indicator *i)
{
    struct q_indicator_find have;
    struct q_indicator_insert made;
    bool found;
    TRY(q_indicator_find_one(tx, tx->a, &(struct q_indicator_find_in){i->family, i->name}, &have,
                             &found));
    i->id = have.id;
    if (found)
        return NULL;
    TRY(q_indicator_insert_one(
        tx, tx->a,
        &(struct q_indicator_insert_in){i->family, i->name, i->family_title, i->title, i->unit},
        &made, &found));
    i->id = made.id;
    return NULL;
}

err figure_put(struct import_job *job, const struct figure_place *p, str code,
               struct figure_indicator *i, str period, struct figure_cell cell, opt_f64 total)
{
    job->rows_loaded++;
    if (!job->tx)
        return NULL;
    if (i->id.v == 0)
        TRY(find_indicator(job->tx, i));
    return q_figure_insert(job->tx, &(struct q_figure_insert_in){
                                        str_c(area_kind_word(p->kind)), p->vintage, code, i->id,
                                        period, job->id, cell.value, total, cell.status});
}

err figure_undo(struct db_tx *tx, import_id id)
{
    TRY(q_figure_delete(tx, &(struct q_figure_delete_in){id}));
    return q_indicator_drop_idle(tx);
}
