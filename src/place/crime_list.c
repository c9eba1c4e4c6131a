// SPDX-License-Identifier: AGPL-3.0-or-later
// The newest crimes one by one. Crimes are stored by area, then month, so a page over many areas is
// put together from blocks (one area in one month), newest month first: nothing is sorted, and a
// page reads little more than its own rows.
#include "base/base.h"
#include "base/vec.h"
#include "place/crime_ground.h"
#include "place/crime_read.h"
#include "place/crime_sql.h"
#include "place/crime_store.h"

#include <stdlib.h>

// One area's way down the months.
struct walk {
    str code;
    int64_t bound; // its rows not yet read are of this month or before; 0: there are none
};

struct listing {
    struct db_tx *tx;
    struct arena *a;
    struct walk *walk; // by code
    size_t n_walks;
    const struct crime_after *after;
    struct crime_words words;
    struct crime_part *part; // of the month `month`
    size_t n_parts;
    int64_t month;
    VEC(struct crime_row) rows;
    size_t most;
};

err crime_words_read(struct db_tx *tx, struct arena *a, struct crime_words *ret)
{
    struct q_crime_words *r;
    size_t n;
    *ret = (struct crime_words){0};
    TRY(q_crime_words_all(tx, a, &r, &n));
    for (size_t i = 0; i < n; i++)
        ret->n = r[i].id >= ret->n ? r[i].id + 1 : ret->n;
    ret->word = arena_new_array(a, (size_t)ret->n, str);
    for (size_t i = 0; i < n; i++)
        ret->word[r[i].id] = r[i].word;
    return NULL;
}

str crime_word(const struct crime_words *w, int64_t id)
{
    return id > 0 && id < w->n ? w->word[id] : STR_NONE;
}

static int64_t month_before(int64_t month)
{
    return month % 100 == 1 ? month - 89 : month - 1;
}

static int by_text(const void *a, const void *b)
{
    return str_cmp(*(const str *)a, *(const str *)b);
}

// Every area begins at the newest month there is, or where the page before has come to.
static err begin(struct listing *p, const str *code, size_t n)
{
    struct q_crime_last_month last;
    bool any;
    TRY(q_crime_last_month_one(p->tx, p->a, &last, &any));
    str *sorted = arena_new_array(p->a, n, str);
    if (n)
        memcpy(sorted, code, n * sizeof *code);
    if (n)
        qsort(sorted, n, sizeof *sorted, by_text);
    p->walk = arena_new_array(p->a, n, struct walk);
    for (size_t i = 0; i < n && any; i++) {
        int64_t bound = last.month;
        if (p->after->month)
            bound = str_cmp(sorted[i], p->after->code) < 0 ? month_before(p->after->month)
                                                           : p->after->month;
        p->walk[p->n_walks++] = (struct walk){sorted[i], bound};
    }
    return NULL;
}

static err read_parts(struct listing *p, int64_t month)
{
    struct q_crime_months_of *r;
    if (p->month == month)
        return NULL;
    TRY(q_crime_months_of_all(p->tx, p->a, &(struct q_crime_months_of_in){month}, &r, &p->n_parts));
    p->part = arena_new_array(p->a, p->n_parts, struct crime_part);
    for (size_t i = 0; i < p->n_parts; i++)
        p->part[i] = (struct crime_part){
            .month = month, .force = r[i].force, .import = r[i].import_id, .districts = r[i].areas};
    p->month = month;
    return NULL;
}

// Which imports count in this block; with one import there is nothing to choose.
static err choose(struct listing *p, const struct walk *w, int64_t month, struct crime_winners *ret)
{
    struct crime_area area;
    struct q_crime_imports_of *r;
    size_t n;
    TRY(read_parts(p, month));
    *ret = (struct crime_winners){.n = p->n_parts > 0};
    if (p->n_parts)
        ret->import[0] = p->part[0].import;
    bool several = false;
    for (size_t i = 1; i < p->n_parts; i++)
        several = several || p->part[i].import.v != p->part[0].import.v;
    if (!several)
        return NULL;
    TRY(crime_area_read(p->tx, p->a, w->code, &area));
    TRY(q_crime_imports_of_all(p->tx, p->a, &(struct q_crime_imports_of_in){w->code, month}, &r,
                               &n));
    import_id *holds = arena_new_array(p->a, n, import_id);
    for (size_t i = 0; i < n; i++)
        holds[i] = r[i].import_id;
    crime_winners_find(p->part, p->n_parts, &area, holds, n, ret);
    return NULL;
}

static void take(struct listing *p, const struct walk *w, int64_t month,
                 const struct q_crime_rows_of *r)
{
    *vec_add(p->a, &p->rows) = (struct crime_row){
        .code = w->code,
        .month = month,
        .import = r->import_id,
        .line = r->line,
        .kind = crime_word(&p->words, r->kind),
        .outcome = crime_word(&p->words, r->outcome),
        .place = str_copy(p->a, r->place),
        .placed = r->lon.has && r->lat.has,
        .lon = r->lon.v,
        .lat = r->lat.v,
    };
}

// Reads what is left of the block; *ret_any is false when there were no rows at all.
static err read_block(struct listing *p, const struct walk *w, int64_t month, bool *ret_any)
{
    struct q_crime_rows_of r;
    struct q_crime_rows_of_in in = {w->code, month, INT64_MAX, INT64_MAX, INT64_MAX};
    struct crime_winners win;
    struct db_rows rows;
    TRY(choose(p, w, month, &win));
    if (month == p->after->month && str_eq(w->code, p->after->code)) {
        in.import = p->after->import;
        in.line = p->after->line;
    }
    if (win.n == 1) // rows of other imports need not be passed over
        in.most = (int64_t)(p->most + 1 - p->rows.n);
    if (win.n == 1 && in.import > win.import[0].v) {
        in.import = win.import[0].v;
        in.line = INT64_MAX;
    }
    TRY(q_crime_rows_of_open(p->tx, &in, &rows));
    bool more = true;
    for (*ret_any = false; p->rows.n <= p->most;) {
        TRY(q_crime_rows_of_next(&rows, &r, &more));
        if (!more)
            break;
        *ret_any = true;
        if (crime_winners_has(&win, (import_id){r.import_id}))
            take(p, w, month, &r);
    }
    db_rows_close(&rows);
    return NULL;
}

static err step_down(struct listing *p, struct walk *w, int64_t month, bool any)
{
    struct q_crime_month_before b;
    bool found = true;
    w->bound = month_before(month);
    if (any)
        return NULL;
    // a month without rows: look where the next are, rather than try every month
    TRY(q_crime_month_before_one(p->tx, p->a, &(struct q_crime_month_before_in){w->code, w->bound},
                                 &b, &found));
    w->bound = found ? b.month : 0;
    return NULL;
}

static int64_t newest_bound(const struct listing *p)
{
    int64_t month = 0;
    for (size_t i = 0; i < p->n_walks; i++)
        month = p->walk[i].bound > month ? p->walk[i].bound : month;
    return month;
}

err crime_newest(struct db_tx *tx, struct arena *a, const str *code, size_t n,
                 const struct crime_after *after, size_t most, struct crime_row **ret,
                 size_t *ret_n, bool *ret_more)
{
    struct listing p = {.tx = tx, .a = a, .after = after, .most = most};
    TRY(begin(&p, code, n));
    TRY(crime_words_read(tx, a, &p.words));
    for (int64_t month; p.rows.n <= most && (month = newest_bound(&p)) > 0;)
        for (size_t i = 0; i < p.n_walks && p.rows.n <= most; i++) {
            bool any;
            if (p.walk[i].bound < month)
                continue;
            TRY(read_block(&p, &p.walk[i], month, &any));
            TRY(step_down(&p, &p.walk[i], month, any));
        }
    *ret_more = p.rows.n > most;
    *ret = p.rows.v;
    *ret_n = *ret_more ? most : p.rows.n;
    return NULL;
}
