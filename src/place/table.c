// SPDX-License-Identifier: AGPL-3.0-or-later
// A table with a heading row, as import families read it.
#include "base/base.h"
#include "place/heading.h"
#include "place/import.h"

err table_open(struct import_job *job, struct table *t, bool *ret_ok)
{
    bool more;
    *t = (struct table){0};
    csv_init(&t->csv, job->a, job->text);
    TRY(csv_next(&t->csv, job->a, &more));
    *ret_ok = more;
    if (!more) {
        import_problem(job, 1, STR_NONE, "There is no row of headings.");
        return NULL;
    }
    t->n = t->csv.n;
    t->heading = arena_new_array(job->a, t->n, str);
    t->folded = arena_new_array(job->a, t->n, str);
    for (size_t i = 0; i < t->n; i++) {
        t->heading[i] = str_trim(str_copy(job->a, t->csv.field[i]));
        t->folded[i] = heading_fold(job->a, t->csv.field[i]);
        for (size_t k = 0; k < i; k++)
            if (t->folded[i].n && str_eq(t->folded[k], t->folded[i])) {
                import_problem(job, 1, t->heading[i], "This heading is there twice.");
                *ret_ok = false;
            }
    }
    t->field = t->csv.field;
    return NULL;
}

static void keep_sample(struct import_job *job, const struct table *t)
{
    if (job->tx || job->sample.n >= IMPORT_SAMPLE_ROWS * t->n)
        return;
    for (size_t i = 0; i < t->n; i++)
        *vec_add(job->a, &job->sample) = str_copy(job->a, str_slice(t->field[i], 0, 60));
}

err table_next(struct import_job *job, struct table *t, bool *ret_more)
{
    for (;;) {
        import_row_done(job, (int64_t)t->csv.at);
        TRY(csv_next(&t->csv, &job->scratch, ret_more));
        if (!*ret_more)
            return NULL;
        t->row = t->csv.row;
        if (t->csv.n == t->n)
            break;
        if (t->csv.n == 1 && str_trim(t->field[0]).n == 0)
            continue; // a line of spaces
        import_problem(job, t->row, STR_NONE,
                       "This row has %zu fields; the headings are %zu. It may have been cut off.",
                       t->csv.n, t->n);
        job->rows_read++;
    }
    job->rows_read++;
    keep_sample(job, t);
    return NULL;
}

int table_at(const struct table *t, const char *folded)
{
    for (size_t i = 0; i < t->n; i++)
        if (str_eq(t->folded[i], str_c(folded)))
            return (int)i;
    return -1;
}

int table_find(const struct table *t, const char *const *folded, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int at = table_at(t, folded[i]);
        if (at >= 0)
            return at;
    }
    return -1;
}

// What people write for the families of the ONS, besides the families themselves.
static const struct {
    const char *word;
    enum area_kind kind;
} kind_words[] = {
    {"outputarea", AREA_OA},
    {"oa", AREA_OA},
    {"lowerlayersuperoutputarea", AREA_LSOA},
    {"lowersuperoutputarea", AREA_LSOA},
    {"lsoa", AREA_LSOA},
    {"middlelayersuperoutputarea", AREA_MSOA},
    {"msoa", AREA_MSOA},
    {"electoralward", AREA_WARD},
    {"ward", AREA_WARD},
    {"wd", AREA_WARD},
    {"localauthoritydistrict", AREA_LAD},
    {"localauthority", AREA_LAD},
    {"ltla", AREA_LAD},
    {"laua", AREA_LAD},
    {"lad", AREA_LAD},
    {"la", AREA_LAD},
};

// A year at the start of *s, of two or four digits, taken off; 0 when there is none.
static int take_year(str *s)
{
    size_t n = 0;
    while (n < s->n && n < 5 && s->p[n] >= '0' && s->p[n] <= '9')
        n++;
    int64_t y = 0;
    if ((n != 2 && n != 4) || !str_to_i64(str_slice(*s, 0, n), &y))
        return 0;
    *s = str_slice(*s, n, s->n);
    return (int)(n == 4 ? y : y < 70 ? 2000 + y : 1900 + y);
}

static bool take(str *s, str what)
{
    if (!str_starts(*s, what))
        return false;
    *s = str_slice(*s, what.n, s->n);
    return true;
}

// What follows the family: "11_code", "code(2011)", "2021code", "name(2018boundaries)".
static bool cousin_tail(str s, struct heading *ret)
{
    ret->vintage = take_year(&s);
    (void)take(&s, STR("_"));
    if (take(&s, STR("code")) || take(&s, STR("cd")))
        ret->role = HEADING_CODE;
    else if (take(&s, STR("name")) || take(&s, STR("nm")))
        ret->role = HEADING_NAME;
    else
        return false;
    if (ret->vintage == 0 && take(&s, STR("(")))
        return (ret->vintage = take_year(&s)) != 0 && str_ends(s, STR(")"));
    return s.n == 0;
}

bool table_heading(str folded, struct heading *ret)
{
    if (heading_ons(folded, ret))
        return true;
    for (size_t i = 0; i < countof(kind_words); i++) {
        str rest = folded;
        struct heading h = {.kind = kind_words[i].kind};
        if (take(&rest, str_c(kind_words[i].word)) && cousin_tail(rest, &h)) {
            *ret = h;
            return true;
        }
    }
    return false;
}

int table_code_at(const struct table *t, str kind, int64_t *ret_vintage)
{
    for (size_t i = 0; i < t->n; i++) {
        struct heading h;
        if (table_heading(t->folded[i], &h) && h.role == HEADING_CODE &&
            str_eq(str_c(area_kind_word(h.kind)), kind)) {
            *ret_vintage = h.vintage;
            return (int)i;
        }
    }
    return -1;
}

bool is_missing(str cell)
{
    static const char *const marks[] = {"", "-", "NA", "N/A", "n/a", ":", "..", "#N/A"};
    cell = str_trim(cell);
    if (cell.n == 0 || cell.n > 4) // the longest mark has four bytes
        return cell.n == 0;
    for (size_t i = 0; i < countof(marks); i++)
        if (str_eq(cell, str_c(marks[i])))
            return true;
    return false;
}

static void not_a_number(struct import_job *job, const struct table *t, int col)
{
    import_problem(job, t->row, t->heading[col], "“%" PRIstr "” is not a number.",
                   ARGstr(str_slice(t->field[col], 0, 40)));
}

// "1,234" as some spreadsheets write it.
static str without_commas(struct import_job *job, str s)
{
    return str_find_byte(s, ',') < s.n ? str_replace(&job->scratch, s, STR(","), STR("")) : s;
}

bool table_i64(struct import_job *job, const struct table *t, int col, int64_t *ret,
               bool *ret_missing)
{
    str s = str_trim(t->field[col]);
    double d;
    *ret = 0;
    *ret_missing = false;
    if (str_to_i64(s, ret)) // what most cells are
        return true;
    *ret_missing = is_missing(s);
    if (*ret_missing)
        return true;
    s = without_commas(job, s);
    if (str_to_i64(s, ret))
        return true;
    if (str_to_f64(s, &d) && d == (double)(int64_t)d && d < 1e15 && d > -1e15) { // "12.0"
        *ret = (int64_t)d;
        return true;
    }
    not_a_number(job, t, col);
    return false;
}

bool table_f64(struct import_job *job, const struct table *t, int col, double *ret,
               bool *ret_missing)
{
    str s = str_trim(t->field[col]);
    *ret = 0;
    *ret_missing = false;
    if (str_to_f64(s, ret)) // what most cells are
        return true;
    *ret_missing = is_missing(s);
    if (*ret_missing || str_to_f64(without_commas(job, s), ret))
        return true;
    not_a_number(job, t, col);
    return false;
}

bool table_code(struct import_job *job, const struct table *t, int col, str *ret, bool *ret_missing)
{
    str s = str_trim(t->field[col]);
    *ret = s;
    *ret_missing = false;
    bool ok = s.n == 9 && s.p[0] >= 'A' && s.p[0] <= 'Z';
    for (size_t i = 1; i < s.n && ok; i++)
        ok = s.p[i] >= '0' && s.p[i] <= '9';
    if (!ok) {
        *ret_missing = is_missing(s);
        if (*ret_missing)
            return true;
        import_problem(job, t->row, t->heading[col],
                       "“%" PRIstr "” is not an area code (one letter and eight digits).",
                       ARGstr(str_slice(s, 0, 40)));
        return false;
    }
    *ret_missing = str_ends(s, STR("99999999"));
    return true;
}
