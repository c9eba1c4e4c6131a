// SPDX-License-Identifier: AGPL-3.0-or-later
// The newest crimes one by one. Crimes are stored by area, then month, so a page over many areas is
// put together from blocks (one area in one month), newest month first: nothing is sorted, and a
// page reads little more than its own rows. The way back up is the same walk the other way round.
#include "base/base.h"
#include "base/vec.h"
#include "place/crime_ground.h"
#include "place/crime_read.h"
#include "place/crime_sql.h"
#include "place/crime_store.h"

#include <stdlib.h>

// One area's way down the months, or up.
struct walk {
    str code;
    int64_t bound; // its rows not yet read are of this month or beyond; 0: there are none
};

struct listing {
    struct db_tx *tx;
    struct arena *a;
    struct walk *walk; // by code
    size_t n_walks;
    bool up; // from `after` to newer ones, the last of the list first
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

// The month beyond this one, on the way of the walk.
static int64_t month_beyond(const struct listing *p, int64_t month)
{
    if (p->up)
        return month % 100 == 12 ? month + 89 : month + 1;
    return month % 100 == 1 ? month - 89 : month - 1;
}

static int by_text(const void *a, const void *b)
{
    return str_cmp(*(const str *)a, *(const str *)b);
}

// In the month of the row a walk begins at, areas on the near side of its own are behind us.
static int64_t bound_at_first(const struct listing *p, str code, int64_t newest)
{
    if (p->after->month == 0)
        return newest;
    int side = str_cmp(code, p->after->code);
    bool passed = p->up ? side > 0 : side < 0;
    return passed ? month_beyond(p, p->after->month) : p->after->month;
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
        str next = sorted[p->up ? n - 1 - i : i];
        p->walk[p->n_walks++] = (struct walk){next, bound_at_first(p, next, last.month)};
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

static err read_down(struct listing *p, const struct walk *w, const struct q_crime_rows_of_in *in,
                     const struct crime_winners *win, bool *ret_any)
{
    struct q_crime_rows_of r;
    struct db_rows rows;
    TRY(q_crime_rows_of_open(p->tx, in, &rows));
    for (bool more = true; p->rows.n <= p->most;) {
        TRY(q_crime_rows_of_next(&rows, &r, &more));
        if (!more)
            break;
        *ret_any = true;
        if (crime_winners_has(win, (import_id){r.import_id}))
            take(p, w, in->month, &r);
    }
    db_rows_close(&rows);
    return NULL;
}

static err read_up(struct listing *p, const struct walk *w, const struct q_crime_rows_of_in *in,
                   const struct crime_winners *win, bool *ret_any)
{
    struct q_crime_rows_above_in above = {in->code, in->month, in->import, in->line, in->most};
    struct q_crime_rows_above r;
    struct db_rows rows;
    TRY(q_crime_rows_above_open(p->tx, &above, &rows));
    for (bool more = true; p->rows.n <= p->most;) {
        TRY(q_crime_rows_above_next(&rows, &r, &more));
        if (!more)
            break;
        *ret_any = true;
        if (crime_winners_has(win, (import_id){r.import_id}))
            take(p, w, in->month,
                 &(struct q_crime_rows_of){r.import_id, r.line, r.kind, r.outcome, r.place, r.lon,
                                           r.lat});
    }
    db_rows_close(&rows);
    return NULL;
}

// Reads what is left of the block; *ret_any is false when there were no rows at all.
static err read_block(struct listing *p, const struct walk *w, int64_t month, bool *ret_any)
{
    int64_t end = p->up ? -1 : INT64_MAX; // further out than any import and any line
    struct q_crime_rows_of_in in = {w->code, month, end, end, INT64_MAX};
    struct crime_winners win;
    TRY(choose(p, w, month, &win));
    if (month == p->after->month && str_eq(w->code, p->after->code)) {
        in.import = p->after->import;
        in.line = p->after->line;
    }
    if (win.n == 1) // rows of other imports need not be passed over
        in.most = (int64_t)(p->most + 1 - p->rows.n);
    if (win.n == 1 && (p->up ? in.import < win.import[0].v : in.import > win.import[0].v)) {
        in.import = win.import[0].v;
        in.line = end;
    }
    *ret_any = false;
    return p->up ? read_up(p, w, &in, &win, ret_any) : read_down(p, w, &in, &win, ret_any);
}

// The next month on the way in which the area has rows; 0: none.
static err month_with_rows(struct listing *p, const struct walk *w, int64_t from, int64_t *ret)
{
    struct q_crime_month_before before;
    struct q_crime_month_from above;
    bool found;
    if (p->up) {
        TRY(q_crime_month_from_one(p->tx, p->a, &(struct q_crime_month_from_in){w->code, from},
                                   &above, &found));
        *ret = found ? above.month : 0;
    } else {
        TRY(q_crime_month_before_one(p->tx, p->a, &(struct q_crime_month_before_in){w->code, from},
                                     &before, &found));
        *ret = found ? before.month : 0;
    }
    return NULL;
}

static err step_on(struct listing *p, struct walk *w, int64_t month, bool any)
{
    w->bound = month_beyond(p, month);
    // a month without rows: look where the next are, rather than try every month
    return any ? NULL : month_with_rows(p, w, w->bound, &w->bound);
}

// The month the walk is at: the newest anybody still has, on the way up the oldest; 0: all are
// done.
static int64_t month_at(const struct listing *p)
{
    int64_t month = 0;
    for (size_t i = 0; i < p->n_walks; i++) {
        int64_t bound = p->walk[i].bound;
        if (bound && (month == 0 || (p->up ? bound < month : bound > month)))
            month = bound;
    }
    return month;
}

static err walk_on(struct listing *p, const str *code, size_t n)
{
    TRY(begin(p, code, n));
    TRY(crime_words_read(p->tx, p->a, &p->words));
    for (int64_t month; p->rows.n <= p->most && (month = month_at(p)) > 0;)
        for (size_t i = 0; i < p->n_walks && p->rows.n <= p->most; i++) {
            bool any;
            if (p->walk[i].bound != month)
                continue;
            TRY(read_block(p, &p->walk[i], month, &any));
            TRY(step_on(p, &p->walk[i], month, any));
        }
    return NULL;
}

err crime_newest(struct db_tx *tx, struct arena *a, const str *code, size_t n,
                 const struct crime_after *after, size_t most, struct crime_row **ret,
                 size_t *ret_n, bool *ret_more)
{
    struct listing p = {.tx = tx, .a = a, .after = after, .most = most};
    TRY(walk_on(&p, code, n));
    *ret_more = p.rows.n > most;
    *ret = p.rows.v;
    *ret_n = *ret_more ? most : p.rows.n;
    return NULL;
}

err crime_newer(struct db_tx *tx, struct arena *a, const str *code, size_t n,
                const struct crime_after *than, size_t most, struct crime_row **ret, size_t *ret_n,
                bool *ret_more)
{
    struct listing p = {.tx = tx, .a = a, .up = true, .after = than, .most = most};
    ASSERT(than->month > 0);
    TRY(walk_on(&p, code, n));
    *ret_more = p.rows.n > most;
    *ret_n = *ret_more ? most : p.rows.n;
    *ret = arena_new_array(a, *ret_n, struct crime_row);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret)[i] = p.rows.v[*ret_n - 1 - i];
    return NULL;
}
