// SPDX-License-Identifier: AGPL-3.0-or-later
// Counting crimes by month and kind.
#include "base/base.h"
#include "base/map.h"
#include "base/vec.h"
#include "place/area.h"
#include "place/crime_ground.h"
#include "place/crime_read.h"
#include "place/crime_sql.h"
#include "place/crime_store.h"

#include <stdlib.h>

enum { MONTHS_TO_BELONG = 2 };

err crime_area_read(struct db_tx *tx, struct arena *a, str code, struct crime_area *ret)
{
    struct area_name *name;
    size_t n;
    TRY(area_names(tx, a, code, &name, &n));
    *ret = (struct crime_area){.code = code, .district = arena_new_array(a, n, str)};
    for (size_t i = 0; i < n; i++) {
        str district;
        int msoa;
        if (!crime_district_of(name[i].name, &district, &msoa))
            continue;
        str line = str_fmt(a, "\n%" PRIstr "\n", ARGstr(district));
        if (ret->n_districts == 0 || !str_eq(ret->district[ret->n_districts - 1], line))
            ret->district[ret->n_districts++] = line;
    }
    return NULL;
}

// ---- counting ---------------------------------------------------------------------------------

// The parts of one month, and what is known of it.
struct span {
    size_t from, to; // in counting.part
    struct crime_month told;
    bool *mine; // by part: its force covers some of the areas
};

struct counting {
    struct arena *a;
    struct crime_part *part; // by month, force, import
    size_t n_parts;
    struct span *span; // by month
    size_t n_spans;
    struct crime_words words;
    int16_t *kind_at;   // by id: place in kinds + 1
    VEC(int64_t) kinds; // ids, in the order they were met
    VEC(import_id) imports;
};

static err read_parts(struct db_tx *tx, struct counting *c, int64_t from)
{
    struct q_crime_months *r;
    TRY(q_crime_months_all(tx, c->a, &(struct q_crime_months_in){from}, &r, &c->n_parts));
    c->part = arena_new_array(c->a, c->n_parts, struct crime_part);
    c->span = arena_new_array(c->a, c->n_parts, struct span);
    for (size_t i = 0; i < c->n_parts; i++) {
        c->part[i] = (struct crime_part){r[i].month,  r[i].force,    r[i].import_id,
                                         r[i].rows_n, r[i].unplaced, r[i].areas};
        if (i == 0 || r[i].month != r[i - 1].month)
            c->span[c->n_spans++] = (struct span){.from = i, .told = {.month = r[i].month}};
        c->span[c->n_spans - 1].to = i + 1;
    }
    for (size_t i = 0; i < c->n_spans; i++)
        c->span[i].mine = arena_new_array(c->a, c->span[i].to - c->span[i].from, bool);
    return NULL;
}

static void count_kind(struct counting *c, int64_t id, int64_t n, int64_t *ret)
{
    if (id <= 0 || id >= c->words.n)
        return;
    if (c->kind_at[id] == 0) {
        if (c->kinds.n == CRIME_KINDS_MAX)
            return;
        *vec_add(c->a, &c->kinds) = id;
        c->kind_at[id] = (int16_t)c->kinds.n;
    }
    ret[c->kind_at[id] - 1] += n;
}

// Adds "4:12 7:1" as crime_write.c writes it.
static void count_kinds(struct counting *c, str kinds, int64_t *ret)
{
    int64_t v[2] = {0, 0};
    int which = 0;
    for (size_t i = 0; i < kinds.n; i++) {
        char ch = kinds.p[i];
        if (ch == ' ') {
            count_kind(c, v[0], v[1], ret);
            which = 0;
            v[0] = v[1] = 0;
        } else if (ch == ':') {
            which = 1;
        } else {
            v[which] = v[which] * 10 + ch - '0';
        }
    }
    count_kind(c, v[0], v[1], ret);
}

static void note_import(struct counting *c, import_id id)
{
    for (size_t i = 0; i < c->imports.n; i++)
        if (c->imports.v[i].v == id.v)
            return;
    *vec_add(c->a, &c->imports) = id;
}

// Room for CRIME_KINDS_MAX kinds in each month that has any.
static int64_t *counts_of(struct counting *c, struct span *s)
{
    if (!s->told.n)
        s->told.n = arena_new_array(c->a, CRIME_KINDS_MAX, int64_t);
    return s->told.n;
}

// In how many months does a force have rows in the area?
static int months_of_force(const struct counting *c, str force, const struct q_crime_counts_of *row,
                           size_t n)
{
    int months = 0;
    int64_t last = 0;
    for (size_t i = 0; i < c->n_parts; i++) {
        if (!str_eq(c->part[i].force, force) || c->part[i].month == last)
            continue;
        for (size_t k = 0; k < n; k++)
            if (row[k].month == c->part[i].month && row[k].import_id.v == c->part[i].import.v) {
                last = row[k].month;
                months++;
                break;
            }
    }
    return months;
}

static bool belongs(const struct counting *c, const struct span *s, const struct crime_area *area,
                    const struct q_crime_counts_of *row, size_t n)
{
    if (area->n_districts)
        return false;
    for (size_t i = s->from; i < s->to; i++)
        if (months_of_force(c, c->part[i].force, row, n) >= MONTHS_TO_BELONG)
            return true;
    return false;
}

// One area's rows [from, to) of the month of s.
static void count_month(struct counting *c, struct span *s, const struct crime_area *area,
                        const struct q_crime_counts_of *row, size_t from, size_t to)
{
    import_id holds[CRIME_WINNERS_MAX];
    size_t n_holds = 0;
    struct crime_winners w;
    for (size_t i = from; i < to; i++)
        if (n_holds < CRIME_WINNERS_MAX)
            holds[n_holds++] = row[i].import_id;
    crime_winners_find(c->part + s->from, s->to - s->from, area, holds, n_holds, &w);
    s->told.known += w.n > 0;
    for (size_t i = s->from; i < s->to; i++)
        if (crime_winners_has(&w, c->part[i].import))
            s->mine[i - s->from] = true;
    for (size_t i = 0; i < w.n; i++)
        note_import(c, w.import[i]);
    int64_t *n = counts_of(c, s);
    for (size_t i = from; i < to; i++) {
        if (!crime_winners_has(&w, row[i].import_id))
            continue;
        count_kinds(c, row[i].kinds, n);
        s->told.total += row[i].n;
    }
}

static bool holds(const struct q_crime_counts_of *row, size_t n, const struct crime_part *p)
{
    for (size_t i = 0; i < n; i++)
        if (row[i].month == p->month && row[i].import_id.v == p->import.v)
            return true;
    return false;
}

// Does the newest import of every force have rows here in every month? Then the rule need not know
// which district this is. Both lists go by month.
static bool all_told(const struct counting *c, const struct q_crime_counts_of *row, size_t n)
{
    size_t from = 0;
    for (size_t i = 0; i < c->n_parts; i++) {
        const struct crime_part *p = &c->part[i], *next = i + 1 < c->n_parts ? p + 1 : NULL;
        if (next && next->month == p->month && str_eq(next->force, p->force))
            continue;
        while (from < n && row[from].month < p->month)
            from++;
        size_t to = from;
        while (to < n && row[to].month == p->month)
            to++;
        if (!holds(row + from, to - from, p))
            return false;
    }
    return true;
}

static err count_area(struct db_tx *tx, struct counting *c, str code, int64_t from_month)
{
    struct crime_area area = {.code = code};
    struct q_crime_counts_of *row;
    size_t n, at = 0;
    TRY(q_crime_counts_of_all(tx, c->a, &(struct q_crime_counts_of_in){code, from_month}, &row,
                              &n));
    if (!all_told(c, row, n))
        TRY(crime_area_read(tx, c->a, code, &area));
    for (size_t i = 0; i < c->n_spans; i++) {
        struct span *s = &c->span[i];
        while (at < n && row[at].month < s->told.month)
            at++;
        size_t from = at;
        while (at < n && row[at].month == s->told.month)
            at++;
        size_t before = s->told.known;
        count_month(c, s, &area, row, from, at);
        if (s->told.known == before && belongs(c, s, &area, row, n))
            s->told.known++;
    }
    return NULL;
}

// For each force that covers some of the areas: the newest import with rows without a place.
static void count_unplaced(const struct counting *c, struct span *s)
{
    for (size_t i = s->to; i-- > s->from;) {
        str force = c->part[i].force;
        bool mine = false;
        int64_t unplaced = 0;
        for (;; i--) {
            mine = mine || s->mine[i - s->from];
            unplaced = unplaced ? unplaced : c->part[i].unplaced;
            if (i == s->from || !str_eq(c->part[i - 1].force, force))
                break;
        }
        s->told.unplaced += mine ? unplaced : 0;
    }
}

// ---- the answer -------------------------------------------------------------------------------

struct column {
    str word;
    size_t at; // in counting.kinds
};

static int by_word(const void *a, const void *b)
{
    const struct column *x = a, *y = b;
    return str_cmp(x->word, y->word);
}

static struct column *columns_of(struct counting *c)
{
    struct column *v = arena_new_array(c->a, c->kinds.n, struct column);
    for (size_t i = 0; i < c->kinds.n; i++)
        v[i] = (struct column){crime_word(&c->words, c->kinds.v[i]), i};
    if (c->kinds.n)
        qsort(v, c->kinds.n, sizeof *v, by_word);
    return v;
}

static int64_t month_after(int64_t month)
{
    return month % 100 == 12 ? month + 89 : month + 1;
}

static void put_month(struct counting *c, const struct span *s, const struct column *col,
                      struct crime_table *t)
{
    struct crime_month *m = &t->month[t->n_months++];
    *m = s->told;
    m->n = arena_new_array(c->a, t->n_kinds, int64_t);
    for (size_t k = 0; k < t->n_kinds && s->told.n; k++) {
        m->n[k] = s->told.n[col[k].at];
        t->kind_total[k] += m->n[k];
    }
    t->total += m->total;
}

static void put_all(struct counting *c, const struct column *col, struct crime_table *t)
{
    size_t from = 0, to = c->n_spans, room = 0;
    while (from < to && c->span[from].told.known == 0)
        from++;
    while (to > from && c->span[to - 1].told.known == 0)
        to--;
    if (from == to)
        return;
    int64_t first = c->span[from].told.month, last = c->span[to - 1].told.month;
    for (int64_t m = first; m <= last; m = month_after(m))
        room++;
    t->month = arena_new_array(c->a, room, struct crime_month);
    for (int64_t m = first; m <= last; m = month_after(m)) {
        struct span none = {.told = {.month = m}};
        put_month(c, c->span[from].told.month == m ? &c->span[from++] : &none, col, t);
    }
}

err crime_by_month(struct db_tx *tx, struct arena *a, const str *code, size_t n, int64_t from,
                   struct crime_table *ret)
{
    struct counting c = {.a = a};
    *ret = (struct crime_table){.n_areas = n};
    TRY(crime_words_read(tx, a, &c.words));
    c.kind_at = arena_new_array(a, (size_t)c.words.n, int16_t);
    TRY(read_parts(tx, &c, from));
    for (size_t i = 0; i < n && c.n_parts; i++)
        TRY(count_area(tx, &c, code[i], from));
    for (size_t i = 0; i < c.n_spans; i++)
        count_unplaced(&c, &c.span[i]);
    const struct column *col = columns_of(&c);
    ret->n_kinds = c.kinds.n;
    ret->kind = arena_new_array(a, ret->n_kinds, str);
    ret->kind_total = arena_new_array(a, ret->n_kinds, int64_t);
    for (size_t k = 0; k < ret->n_kinds; k++)
        ret->kind[k] = col[k].word;
    put_all(&c, col, ret);
    ret->import = c.imports.v;
    ret->n_imports = c.imports.n;
    return NULL;
}
