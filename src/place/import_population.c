// SPDX-License-Identifier: AGPL-3.0-or-later
// Mid-year population estimates by single year of age, 0 … 89 and 90 or more.
//
// Accepted headings for age: 0 … 90+ (or 90), "Age 0", "Aged 0", "Aged under 1"; or by sex, "F0",
// "M0" … "F90", "M90", which are added up. Each row must sum to its own total.
#include "base/base.h"
#include "place/code_columns.h"
#include "place/families.h"
#include "place/population_sql.h"

enum { AGES = 91, AGE_TOP = 90, COLUMNS_OF_AN_AGE = 2 };

struct shape {
    int code, name, total, lad;
    enum area_kind kind;
    int64_t vintage;
    int age[AGES][COLUMNS_OF_AN_AGE]; // one column, or women and men; -1: none
};

// ---- headings ----------------------------------------------------------------------------------

static bool take(str *s, const char *what)
{
    if (!str_starts(*s, str_c(what)))
        return false;
    *s = str_slice(*s, strlen(what), s->n);
    return true;
}

// The age a folded heading stands for and the slot: 0 for everybody or women, 1 for men; or -1.
static int age_of(str folded, int *ret_slot)
{
    str s = folded;
    int64_t age;
    *ret_slot = 0;
    if (str_eq(s, STR("agedunder1")) || str_eq(s, STR("agedunder1year")))
        return 0;
    if (!take(&s, "aged") && !take(&s, "age") && s.n > 1 && (s.p[0] == 'f' || s.p[0] == 'm')) {
        *ret_slot = s.p[0] == 'm';
        s = str_slice(s, 1, s.n);
    }
    (void)take(&s, "_");
    if (s.n == 0 || s.p[0] < '0' || s.p[0] > '9')
        return -1;
    if (str_ends(s, STR("years")))
        s.n -= 5;
    else if (str_ends(s, STR("year")))
        s.n -= 4;
    if (str_ends(s, STR("andover")))
        s.n -= 7;
    else if (str_ends(s, STR("plus")))
        s.n -= 4;
    else if (str_ends(s, STR("+")))
        s.n -= 1;
    return str_to_i64(s, &age) && age >= 0 && age <= AGE_TOP ? (int)age : -1;
}

static bool is_total(str folded)
{
    static const char *const words[] = {"total_population", "totalpopulation", "total",  "allages",
                                        "all_ages",         "population",      "persons"};
    for (size_t i = 0; i < countof(words); i++)
        if (str_eq(folded, str_c(words[i])))
            return true;
    return false;
}

static const char *meaning(str folded)
{
    int slot;
    return is_total(folded)             ? "everybody"
           : age_of(folded, &slot) >= 0 ? (slot ? "men and boys of this age" : "people of this age")
                                        : NULL;
}

static void find_ages(const struct table *t, struct shape *s)
{
    for (int age = 0; age < AGES; age++)
        s->age[age][0] = s->age[age][1] = -1;
    for (size_t i = 0; i < t->n; i++) {
        int slot, age = age_of(t->folded[i], &slot);
        if (age >= 0 && s->age[age][slot] < 0)
            s->age[age][slot] = (int)i;
        if (s->total < 0 && is_total(t->folded[i]))
            s->total = (int)i;
    }
}

// By sex or not: the same for all ages.
static bool ages_complete(struct import_job *job, const struct shape *s)
{
    bool by_sex = s->age[0][1] >= 0;
    for (int age = 0; age < AGES; age++)
        if (s->age[age][0] < 0 || (s->age[age][1] >= 0) != by_sex) {
            import_problem(
                job, 1, STR_NONE,
                "There is no column for people aged %d%s. Single years from 0 to 90+ are "
                "expected.",
                age, age == AGE_TOP ? " or more" : "");
            return false;
        }
    return true;
}

static bool find_columns(struct import_job *job, const struct table *t, struct shape *s)
{
    struct code_columns codes;
    *s = (struct shape){.code = -1, .name = -1, .total = -1, .lad = -1};
    code_columns_find(t->folded, t->n, &codes);
    code_columns_tell(job, t, &codes, meaning);
    if (codes.n == 0) {
        import_problem(job, 1, STR_NONE,
                       "No heading says which column holds the area's code (such as LSOA21CD).");
        return false;
    }
    s->code = codes.v[0].code;
    s->kind = codes.v[0].kind;
    s->vintage = codes.v[0].vintage ? codes.v[0].vintage : job->opts.vintage;
    for (size_t i = 0; i < codes.n; i++)
        if (codes.v[i].kind == AREA_LAD)
            s->lad = codes.v[i].code;
    if (s->vintage == 0) {
        import_problem(job, 1, t->heading[s->code],
                       "The heading %" PRIstr " names no year. Say of which year these areas are: "
                       "--vintage.",
                       ARGstr(t->heading[s->code]));
        return false;
    }
    if (job->opts.district.n && s->lad < 0) {
        import_problem(job, 1, STR_NONE,
                       "Only one district was asked for, but no column says which district a row "
                       "belongs to.");
        return false;
    }
    find_ages(t, s);
    if (!ages_complete(job, s))
        return false;
    if (s->total < 0)
        import_notice(job, 1, STR_NONE,
                      "There is no column with the total, so the ages could not be checked against "
                      "it.");
    return true;
}

// "mid-2020" from "population_mid2020_lsoa.csv", "SAPE mid 2022.csv"; none when it does not say.
static str period_of_name(struct arena *a, str file_name)
{
    str s = str_lower(a, file_name);
    for (size_t at = 0; (at = str_find(s, STR("mid"), at)) < s.n; at++) {
        size_t i = at + 3;
        int64_t year;
        while (i < s.n && (s.p[i] == '-' || s.p[i] == '_' || s.p[i] == ' '))
            i++;
        bool ends = i + 4 >= s.n || s.p[i + 4] < '0' || s.p[i + 4] > '9';
        if (ends && str_to_i64(str_slice(s, i, i + 4), &year) && year > 1980 && year < 2100)
            return str_fmt(a, "mid-%lld", (long long)year);
    }
    return STR_NONE;
}

static bool find_period(struct import_job *job)
{
    job->reference = job->opts.period.n ? job->opts.period : period_of_name(job->a, job->file_name);
    if (job->reference.n)
        return true;
    import_problem(
        job, 0, STR_NONE,
        "Neither the headings nor the file's name say of when these people were counted. "
        "Say it with --period, for example --period mid-2022.");
    return false;
}

// ---- rows --------------------------------------------------------------------------------------

// Everybody of one age; false (and a problem told) when it cannot be read.
static bool read_count(struct import_job *job, const struct table *t, int col, int64_t *ret)
{
    bool missing;
    if (!table_i64(job, t, col, ret, &missing))
        return false;
    if (!missing && *ret >= 0)
        return true;
    import_problem(job, t->row, t->heading[col],
                   missing ? "The count is missing; an empty field is not 0."
                           : "There cannot be fewer than 0 people.");
    return false;
}

static bool read_ages(struct import_job *job, const struct table *t, const struct shape *s,
                      int64_t age[AGES], int64_t *ret_sum)
{
    bool ok = true;
    *ret_sum = 0;
    for (int i = 0; i < AGES; i++) {
        age[i] = 0;
        for (int k = 0; k < COLUMNS_OF_AN_AGE; k++) {
            int64_t n = 0;
            if (s->age[i][k] >= 0)
                ok = read_count(job, t, s->age[i][k], &n) && ok;
            age[i] += n;
        }
        *ret_sum += age[i];
    }
    return ok;
}

static str ages_text(struct arena *a, const int64_t age[AGES])
{
    struct buf b;
    buf_init(&b, a, 4096);
    for (int i = 0; i < AGES; i++) {
        if (i)
            buf_byte(&b, ',');
        buf_i64(&b, age[i]);
    }
    ASSERT(!b.full);
    return buf_text(&b);
}

static bool take_code(struct import_job *job, const struct table *t, const struct shape *s,
                      struct map *seen, str *ret)
{
    bool missing, is_new;
    if (!table_code(job, t, s->code, ret, &missing))
        return false;
    if (missing) {
        import_problem(job, t->row, t->heading[s->code], "The area's code is missing.");
        return false;
    }
    union map_value *first = map_at(seen, str_copy(job->a, *ret), &is_new);
    if (is_new) {
        first->i = t->row;
        return true;
    }
    import_problem(job, t->row, t->heading[s->code],
                   "%" PRIstr " is there twice; it was in row %lld already.", ARGstr(*ret),
                   (long long)first->i);
    return false;
}

static err take_row(struct import_job *job, const struct table *t, const struct shape *s,
                    struct map *seen)
{
    str code;
    int64_t age[AGES], sum, total;
    if (job->opts.district.n && !str_eq(str_trim(t->field[s->lad]), job->opts.district))
        return NULL;
    if (!take_code(job, t, s, seen, &code) || !read_ages(job, t, s, age, &sum))
        return NULL;
    total = sum;
    if (s->total >= 0 && !read_count(job, t, s->total, &total))
        return NULL;
    if (total != sum) {
        import_problem(job, t->row, t->heading[s->total],
                       "The ages of %" PRIstr " add up to %lld, but the total says %lld.",
                       ARGstr(code), (long long)sum, (long long)total);
        return NULL;
    }
    job->rows_loaded++;
    if (!job->tx)
        return NULL;
    return q_population_insert(
        job->tx, &(struct q_population_insert_in){str_c(area_kind_word(s->kind)), s->vintage, code,
                                                  job->reference, job->id, total,
                                                  ages_text(&job->scratch, age)});
}

static err run(struct import_job *job)
{
    struct table t;
    struct shape s;
    struct map seen;
    bool ok, more;
    TRY(table_open(job, &t, &ok));
    if (!ok || !find_columns(job, &t, &s) || !find_period(job))
        return NULL;
    job->vintage = s.vintage;
    map_init(&seen, job->a);
    for (;;) {
        TRY(table_next(job, &t, &more));
        if (!more)
            return NULL;
        TRY(take_row(job, &t, &s, &seen));
    }
}

static err undo(struct db_tx *tx, import_id id)
{
    return q_population_delete(tx, &(struct q_population_delete_in){id});
}

static int guess(struct import_job *job, const str *folded, size_t n)
{
    UNUSED(job);
    struct code_columns codes;
    int ages = 0, slot;
    code_columns_find(folded, n, &codes);
    for (size_t i = 0; i < n; i++)
        ages += age_of(folded[i], &slot) >= 0;
    return codes.n == 0 ? 0 : ages >= AGES ? 95 : ages >= 60 ? 70 : 0;
}

const struct import_family family_population = {
    .name = "population",
    .command = "population",
    .title = "Population by single year of age",
    .hint = "“Lower layer Super Output Area population estimates” by single year of age",
    .source = {"Office for National Statistics", "Small area population estimates",
               "https://www.ons.gov.uk/peoplepopulationandcommunity/populationandmigration/"
               "populationestimates",
               OGL, OGL_ONS},
    .guess = guess,
    .run = run,
    .undo = undo,
    .counts = "areas",
};
