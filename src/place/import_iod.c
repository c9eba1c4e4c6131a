// SPDX-License-Identifier: AGPL-3.0-or-later
// The English Indices of Deprivation, 2019 and 2025 and whatever follows, in every shape they are
// handed about in: the official File 7, tables of ranks and deciles, the ONS's lookup, mySociety's
// composite of the four nations (England's own scores in it, its rates in percent; the composite
// UK_IMD_… is another index and passed over).
//
// A rank says something within its own edition only: 2019 ranks 32,844 areas of 2011, 2025 ranks
// 33,755 areas of 2021. So the edition is told by the vintage of the codes, and a file whose codes
// do not fit the edition asked for is refused. Where rank and decile are both there they must agree
// (decile = ceil(10 rank / N)); a wrong pair is an error in the file.
#include "base/base.h"
#include "base/map.h"
#include "place/deprivation.h"
#include "place/families.h"
#include "place/iod_sql.h"

enum { DOMAINS_MAX = 16 };

struct shape {
    int code, district;
    int at[DOMAINS_MAX][3]; // column of each domain's measures, -1 when absent
    const struct deprivation_edition *edition;
    int64_t year;
    bool composite;     // mySociety's
    int64_t *elsewhere; // its rows of other nations
};

static void find_columns(struct import_job *job, const struct table *t, struct shape *s)
{
    for (int d = 0; d < DOMAINS_MAX; d++)
        for (int m = 0; m < 3; m++)
            s->at[d][m] = -1;
    int64_t lad;
    s->district = table_code_at(t, STR("lad"), &lad);
    for (size_t i = 0; i < t->n; i++) {
        size_t d;
        enum deprivation_measure m;
        static const char *const words[] = {"rank", "decile", "score"};
        if ((int)i == s->code || (int)i == s->district) {
            import_column(job, t->heading[i], (int)i == s->code ? "area code" : "district code");
        } else if (deprivation_heading(t->folded[i], &d, &m)) {
            s->at[d][m] = (int)i;
            import_column(job, t->heading[i],
                          str_fmt(job->a, "%s: %s", deprivation_domains[d].title, words[m]).p);
        } else {
            import_column(job, t->heading[i], NULL);
        }
    }
}

// Which edition the codes belong to, and whether that is the one asked for.
static bool find_edition(struct import_job *job, const struct table *t, struct shape *s,
                         int64_t vintage)
{
    int64_t asked = str_eq(str_c(job->family->name), STR("iod2019"))   ? 2019
                    : str_eq(str_c(job->family->name), STR("iod2025")) ? 2025
                                                                       : 0;
    if (!vintage)
        vintage = job->opts.vintage;
    s->edition = edition_of_vintage(vintage);
    if (asked && vintage && (!s->edition || s->edition->year != asked)) {
        import_problem(job, 1, t->heading[s->code],
                       "These are small areas of %lld, but the Indices of %lld are for those of "
                       "%lld.",
                       (long long)vintage, (long long)asked,
                       (long long)edition_of_year(asked)->lsoa_vintage);
        return false;
    }
    if (asked && !s->edition)
        s->edition = edition_of_year(asked);
    if (!s->edition && !vintage) {
        import_problem(
            job, 1, t->heading[s->code],
            "The headings do not say of which year the small areas are. Say which edition it is: "
            "--as iod2019 or --as iod2025, in the browser the kind of file.");
        return false;
    }
    s->year = s->edition ? s->edition->year : vintage;
    job->vintage = s->edition ? s->edition->lsoa_vintage : vintage;
    job->reference = str_fmt(job->a, "%lld", (long long)s->year);
    if (!s->edition)
        import_notice(
            job, 1, t->heading[s->code],
            "We do not know an edition for small areas of %lld: deciles are taken as they "
            "are and cannot be checked.",
            (long long)vintage);
    return true;
}

// A column of scores: rates are kept as shares of 1.
static bool read_score(struct import_job *job, const struct table *t, const struct shape *s, int d,
                       opt_f64 *ret)
{
    bool missing;
    int col = s->at[d][MEASURE_SCORE];
    if (!table_f64(job, t, col, &ret->v, &missing))
        return false;
    ret->has = !missing;
    if (missing || !deprivation_domains[d].rate)
        return true;
    if (s->composite)
        ret->v /= 100;
    if (ret->v >= 0 && ret->v <= 1)
        return true;
    import_problem(job, t->row, t->heading[col],
                   "“%" PRIstr "” is no rate: a share between 0 and %s is expected.",
                   ARGstr(str_slice(str_trim(t->field[col]), 0, 40)), s->composite ? "100" : "1");
    return false;
}

static bool check_pair(struct import_job *job, const struct table *t, const struct shape *s, int d,
                       opt_i64 rank, opt_i64 decile)
{
    const struct deprivation_edition *e = s->edition;
    if (rank.has && e && (rank.v < 1 || rank.v > e->ranked)) {
        import_problem(job, t->row, t->heading[s->at[d][MEASURE_RANK]],
                       "Rank %lld is not between 1 and %lld.", (long long)rank.v,
                       (long long)e->ranked);
        return false;
    }
    if (decile.has && (decile.v < 1 || decile.v > 10)) {
        import_problem(job, t->row, t->heading[s->at[d][MEASURE_DECILE]],
                       "Decile %lld is not between 1 and 10.", (long long)decile.v);
        return false;
    }
    if (rank.has && decile.has && e && decile_of(rank.v, e->ranked) != decile.v) {
        import_problem(job, t->row, t->heading[s->at[d][MEASURE_DECILE]],
                       "Rank %lld is in decile %lld, not %lld.", (long long)rank.v,
                       (long long)decile_of(rank.v, e->ranked), (long long)decile.v);
        return false;
    }
    return true;
}

// One domain of one row.
static err take_domain(struct import_job *job, const struct table *t, const struct shape *s,
                       str code, int d)
{
    const int *at = s->at[d];
    opt_i64 rank = {0}, decile = {0};
    opt_f64 score = {0};
    bool missing;
    if (at[MEASURE_RANK] < 0 && at[MEASURE_DECILE] < 0 && at[MEASURE_SCORE] < 0)
        return NULL;
    if (at[MEASURE_RANK] >= 0) {
        if (!table_i64(job, t, at[MEASURE_RANK], &rank.v, &missing))
            return NULL;
        rank.has = !missing;
    }
    if (at[MEASURE_DECILE] >= 0) {
        if (!table_i64(job, t, at[MEASURE_DECILE], &decile.v, &missing))
            return NULL;
        decile.has = !missing;
    }
    if (at[MEASURE_SCORE] >= 0 && !read_score(job, t, s, d, &score))
        return NULL;
    if (!check_pair(job, t, s, d, rank, decile))
        return NULL;
    if (rank.has && !decile.has && s->edition)
        decile = some_i64(decile_of(rank.v, s->edition->ranked));
    job->rows_loaded++;
    if (!job->tx)
        return NULL;
    return q_deprivation_insert(
        job->tx, &(struct q_deprivation_insert_in){code, s->year, str_c(deprivation_domains[d].id),
                                                   job->id, rank, decile, score});
}

static err take_row(struct import_job *job, const struct table *t, const struct shape *s,
                    struct map *seen)
{
    str code;
    bool missing, fresh;
    if (!table_code(job, t, s->code, &code, &missing))
        return NULL;
    if (missing) {
        import_problem(job, t->row, t->heading[s->code], "The area code is missing.");
        return NULL;
    }
    if (s->composite && code.p[0] != 'E') {
        ++*s->elsewhere;
        return NULL;
    }
    if (code.p[0] != 'E') {
        import_problem(job, t->row, t->heading[s->code],
                       "%" PRIstr " is not in England; these Indices are England's.", ARGstr(code));
        return NULL;
    }
    if (job->opts.district.n && s->district >= 0 &&
        !str_eq(str_trim(t->field[s->district]), job->opts.district))
        return NULL;
    union map_value *first = map_at(seen, str_copy(job->a, code), &fresh);
    if (!fresh) {
        import_problem(job, t->row, t->heading[s->code],
                       "%" PRIstr " is there twice; it was in row %lld already.", ARGstr(code),
                       (long long)first->i);
        return NULL;
    }
    first->i = t->row;
    for (int d = 0; d < DOMAINS_MAX; d++)
        TRY(take_domain(job, t, s, code, d));
    return NULL;
}

static err run(struct import_job *job)
{
    struct table t;
    struct shape s;
    bool ok, more;
    int64_t vintage = 0, elsewhere = 0;
    TRY(table_open(job, &t, &ok));
    if (!ok)
        return NULL;
    s.elsewhere = &elsewhere;
    s.composite = table_at(&t, "overall_local_score") >= 0 && table_at(&t, "lsoa") >= 0;
    s.code = s.composite ? table_at(&t, "lsoa") : table_code_at(&t, STR("lsoa"), &vintage);
    if (s.code < 0) {
        import_problem(
            job, 1, STR_NONE,
            "No heading says which column holds the small area's code (such as “LSOA code "
            "(2021)”).");
        return NULL;
    }
    find_columns(job, &t, &s);
    if (!find_edition(job, &t, &s, vintage))
        return NULL;
    bool any = false;
    for (int d = 0; d < DOMAINS_MAX; d++)
        any = any || s.at[d][0] >= 0 || s.at[d][1] >= 0 || s.at[d][2] >= 0;
    if (!any) {
        import_problem(job, 1, STR_NONE, "No heading is a rank, decile or score of a domain.");
        return NULL;
    }
    struct map seen;
    map_init(&seen, job->a);
    for (;;) {
        TRY(table_next(job, &t, &more));
        if (!more)
            break;
        TRY(take_row(job, &t, &s, &seen));
    }
    if (elsewhere)
        import_notice(job, 0, t.heading[s.code],
                      "%lld rows are not in England; these Indices are England's, so they are "
                      "passed over.",
                      (long long)elsewhere);
    return NULL;
}

static err undo(struct db_tx *tx, import_id id)
{
    return q_deprivation_delete(tx, &(struct q_deprivation_delete_in){id});
}

// Sure when there is an LSOA code and at least one rank or decile of a domain.
static int guess_edition(struct import_job *job, const str *folded, size_t n, int64_t want)
{
    int measures = 0;
    int64_t vintage = 0;
    for (size_t i = 0; i < n; i++) {
        size_t d;
        enum deprivation_measure m;
        measures += deprivation_heading(folded[i], &d, &m) && m != MEASURE_SCORE;
    }
    struct table t = {.folded = (str *)(uintptr_t)folded, .n = n};
    if (table_code_at(&t, STR("lsoa"), &vintage) < 0 || measures == 0)
        return 0;
    if (job->opts.vintage && !vintage)
        vintage = job->opts.vintage;
    const struct deprivation_edition *e = edition_of_vintage(vintage);
    return e && e->year == want ? 90 : want == 0 ? 60 : 0;
}

static int guess_2019(struct import_job *job, const str *folded, size_t n)
{
    return guess_edition(job, folded, n, 2019);
}

static int guess_2025(struct import_job *job, const str *folded, size_t n)
{
    return guess_edition(job, folded, n, 2025);
}

static int guess_any(struct import_job *job, const str *folded, size_t n)
{
    return guess_edition(job, folded, n, 0);
}

const struct import_family family_iod2019 = {
    .name = "iod2019",
    .command = "indicators",
    .title = "English Indices of Deprivation 2019",
    .hint = "“File 7: all ranks, deciles and scores” of the Indices of Deprivation 2019",
    .source = {"Ministry of Housing, Communities and Local Government",
               "English Indices of Deprivation 2019",
               "https://www.gov.uk/government/statistics/english-indices-of-deprivation-2019", OGL,
               OGL_PUBLIC_SECTOR},
    .guess = guess_2019,
    .run = run,
    .undo = undo,
    .counts = "figures",
};

const struct import_family family_iod2025 = {
    .name = "iod2025",
    .command = "indicators",
    .title = "English Indices of Deprivation 2025",
    .hint = "“File 7: all ranks, deciles and scores” of the Indices of Deprivation 2025",
    .source = {"Ministry of Housing, Communities and Local Government",
               "English Indices of Deprivation 2025",
               "https://www.gov.uk/government/statistics/english-indices-of-deprivation-2025", OGL,
               OGL_PUBLIC_SECTOR},
    .guess = guess_2025,
    .run = run,
    .undo = undo,
    .counts = "figures",
};

const struct import_family family_iod = {
    .name = "iod",
    .command = "indicators",
    .title = "English Indices of Deprivation of another year",
    .hint = "“File 7” of an edition this program does not know yet",
    .source = {"Ministry of Housing, Communities and Local Government",
               "English Indices of Deprivation",
               "https://www.gov.uk/government/collections/english-indices-of-deprivation", OGL,
               OGL_PUBLIC_SECTOR},
    .guess = guess_any,
    .run = run,
    .undo = undo,
    .counts = "figures",
};
