// SPDX-License-Identifier: AGPL-3.0-or-later
// Storing crimes, with the counts and the list of what is loaded that reading lives on.
#include "base/base.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/vec.h"
#include "place/crime_sql.h"
#include "place/crime_store.h"

#include <stdlib.h>

// Districts are covered from this many small areas per middle-sized one on; there are four or five.
enum { AREAS_PER_MSOA = 2 };

struct district {
    str name;
    int64_t areas; // small areas with rows
    int msoas;     // the highest number of one
};

struct loaded {
    struct crime_written told;
    struct map district; // name -> struct district
    struct map seen;     // codes
    VEC(struct district *) all;
};

struct tally {
    str code;
    int64_t month;
    VEC(int64_t) n; // by kind, as in crime_writer.kind
};

struct crime_writer {
    struct arena *a;
    struct db_tx *tx;
    import_id import;
    struct map kind, outcome; // word -> place in kinds; word -> id
    VEC(int64_t) kinds;       // ids
    struct map month, tally;  // by "force" + month, and code + month
    VEC(struct loaded *) months;
    VEC(struct tally *) tallies;
};

struct crime_writer *crime_writer_begin(struct arena *a, struct db_tx *tx, import_id import)
{
    struct crime_writer *w = arena_new(a, struct crime_writer);
    w->a = a;
    w->tx = tx;
    w->import = import;
    map_init(&w->kind, a);
    map_init(&w->outcome, a);
    map_init(&w->month, a);
    map_init(&w->tally, a);
    return w;
}

// map_at() for a key that may go away.
static union map_value *at(struct map *m, str key, bool *ret_new)
{
    union map_value *v = map_find(m, key);
    *ret_new = v == NULL;
    return v ? v : map_at(m, str_copy(m->a, key), NULL);
}

// The key of a text and a month, in the room given; texts are short (the family sees to it).
static str month_key(char *room, size_t n, str text, int64_t month)
{
    ASSERT(text.n + 8 <= n);
    memcpy(room, &month, 8);
    if (text.n)
        memcpy(room + 8, text.p, text.n);
    return (str){room, text.n + 8};
}

// The id of a word in a list; the list grows by what is new.
static err term(struct crime_writer *w, const char *list, str word, int64_t *ret)
{
    struct q_term_find t;
    struct q_term_insert made;
    bool found;
    *ret = 0;
    if (!w->tx)
        return NULL;
    TRY(q_term_find_one(w->tx, w->a, &(struct q_term_find_in){str_c(list), word}, &t, &found));
    *ret = t.id;
    if (found)
        return NULL;
    TRY(q_term_insert_one(w->tx, w->a, &(struct q_term_insert_in){str_c(list), word}, &made,
                          &found));
    *ret = made.id;
    return NULL;
}

static err kind_of(struct crime_writer *w, str word, size_t *ret)
{
    bool fresh;
    union map_value *v = at(&w->kind, word, &fresh);
    if (fresh) {
        v->i = (int64_t)w->kinds.n;
        TRY(term(w, "crime type", word, vec_add(w->a, &w->kinds)));
    }
    *ret = (size_t)v->i;
    return NULL;
}

static err outcome_of(struct crime_writer *w, str word, int64_t *ret)
{
    bool fresh;
    *ret = 0; // none given
    if (word.n == 0)
        return NULL;
    union map_value *v = at(&w->outcome, word, &fresh);
    if (fresh)
        TRY(term(w, "crime outcome", word, &v->i));
    *ret = v->i;
    return NULL;
}

static void count_one(struct crime_writer *w, const struct crime_new *c, size_t kind)
{
    char room[64];
    bool fresh;
    union map_value *v = at(&w->tally, month_key(room, sizeof room, c->code, c->month), &fresh);
    if (fresh) {
        v->p = *vec_add(w->a, &w->tallies) = arena_new(w->a, struct tally);
        *(struct tally *)v->p = (struct tally){.code = str_copy(w->a, c->code), .month = c->month};
    }
    struct tally *t = v->p;
    while (t->n.n <= kind)
        *vec_add(w->a, &t->n) = 0;
    t->n.v[kind]++;
}

static struct loaded *month_of(struct crime_writer *w, const struct crime_new *c)
{
    char room[256];
    bool fresh;
    union map_value *v = at(&w->month, month_key(room, sizeof room, c->force, c->month), &fresh);
    if (fresh) {
        struct loaded *m = v->p = *vec_add(w->a, &w->months) = arena_new(w->a, struct loaded);
        m->told = (struct crime_written){.force = str_copy(w->a, c->force), .month = c->month};
        map_init(&m->district, w->a);
        map_init(&m->seen, w->a);
    }
    return v->p;
}

bool crime_district_of(str name, str *ret_district, int *ret_msoa)
{
    name = str_trim(name);
    if (name.n < 6 || name.p[name.n - 5] != ' ')
        return false;
    int n = 0;
    for (size_t i = name.n - 4; i < name.n - 1; i++) {
        if (name.p[i] < '0' || name.p[i] > '9')
            return false;
        n = n * 10 + name.p[i] - '0';
    }
    char last = name.p[name.n - 1];
    *ret_district = str_trim(str_slice(name, 0, name.n - 5));
    *ret_msoa = n;
    return last >= 'A' && last <= 'Z';
}

static void see_area(struct crime_writer *w, struct loaded *m, const struct crime_new *c)
{
    bool fresh;
    str name;
    int msoa;
    at(&m->seen, c->code, &fresh);
    if (!fresh || !crime_district_of(c->area_name, &name, &msoa))
        return;
    union map_value *v = at(&m->district, name, &fresh);
    if (fresh) {
        v->p = *vec_add(w->a, &m->all) = arena_new(w->a, struct district);
        ((struct district *)v->p)->name = str_copy(w->a, name);
    }
    struct district *d = v->p;
    d->areas++;
    d->msoas = msoa > d->msoas ? msoa : d->msoas;
}

err crime_write(struct crime_writer *w, const struct crime_new *c)
{
    size_t kind;
    int64_t outcome;
    struct loaded *m = month_of(w, c);
    m->told.rows++;
    if (c->code.n)
        see_area(w, m, c);
    else
        m->told.unplaced++;
    TRY(kind_of(w, c->kind, &kind));
    TRY(outcome_of(w, c->outcome, &outcome));
    count_one(w, c, kind);
    if (!w->tx)
        return NULL;
    return q_crime_insert(w->tx, &(struct q_crime_insert_in){c->code, c->month, w->import, c->line,
                                                             w->kinds.v[kind], outcome, c->place,
                                                             (opt_f64){c->placed, c->lon},
                                                             (opt_f64){c->placed, c->lat}});
}

// ---- the end ----------------------------------------------------------------------------------

static int by_code(const void *a, const void *b)
{
    const struct tally *x = *(struct tally *const *)a, *y = *(struct tally *const *)b;
    int c = str_cmp(x->code, y->code);
    return c ? c : (x->month > y->month) - (x->month < y->month);
}

static int by_name(const void *a, const void *b)
{
    const struct district *x = *(struct district *const *)a, *y = *(struct district *const *)b;
    return str_cmp(x->name, y->name);
}

// "4:12 7:1": each kind with how many.
static str by_kind(const struct crime_writer *w, const struct tally *t, struct buf *b,
                   int64_t *ret_all)
{
    b->n = 0;
    *ret_all = 0;
    for (size_t k = 0; k < t->n.n; k++) {
        if (t->n.v[k])
            buf_fmt(b, "%s%lld:%lld", b->n ? " " : "", (long long)w->kinds.v[k],
                    (long long)t->n.v[k]);
        *ret_all += t->n.v[k];
    }
    ASSERT(!b->full);
    return buf_text(b);
}

static err write_counts(struct crime_writer *w)
{
    struct buf b;
    buf_init(&b, w->a, 64 * 1024);
    if (w->tallies.n)
        qsort(w->tallies.v, w->tallies.n, sizeof *w->tallies.v, by_code);
    for (size_t i = 0; i < w->tallies.n; i++) {
        const struct tally *t = w->tallies.v[i];
        int64_t n;
        str kinds = by_kind(w, t, &b, &n);
        TRY(q_crime_count_insert(
            w->tx, &(struct q_crime_count_insert_in){t->code, t->month, w->import, n, kinds}));
    }
    return NULL;
}

// "\nCherwell\nOxford\n": the districts the month covers.
static str covered(struct crime_writer *w, struct loaded *m)
{
    str *name = arena_new_array(w->a, m->all.n + 2, str);
    size_t n = 1; // a line end before the first and behind the last
    if (m->all.n)
        qsort(m->all.v, m->all.n, sizeof *m->all.v, by_name);
    for (size_t i = 0; i < m->all.n; i++)
        if (m->all.v[i]->areas >= (int64_t)AREAS_PER_MSOA * m->all.v[i]->msoas)
            name[n++] = m->all.v[i]->name;
    name[0] = name[n++] = STR("");
    return str_join(w->a, name, n, STR("\n"));
}

static err write_months(struct crime_writer *w)
{
    for (size_t i = 0; i < w->months.n; i++) {
        struct loaded *m = w->months.v[i];
        TRY(q_crime_month_insert(w->tx, &(struct q_crime_month_insert_in){
                                            m->told.force, m->told.month, w->import, m->told.rows,
                                            m->told.unplaced, covered(w, m)}));
    }
    return NULL;
}

err crime_write_end(struct crime_writer *w, struct crime_written **ret, size_t *ret_n)
{
    *ret_n = w->months.n;
    *ret = arena_new_array(w->a, w->months.n, struct crime_written);
    for (size_t i = 0; i < w->months.n; i++)
        (*ret)[i] = w->months.v[i]->told;
    if (!w->tx)
        return NULL;
    TRY(write_counts(w));
    return write_months(w);
}
