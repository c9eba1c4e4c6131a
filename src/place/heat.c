// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "place/heat.h"
#include "web/words.h"

#include <stdlib.h>

const int heat_column[HEAT_COLUMNS] = {DOMAIN_INCOME, DOMAIN_EMPLOYMENT, DOMAIN_EDUCATION,
                                       DOMAIN_HEALTH, DOMAIN_CRIME,      DOMAIN_BARRIERS,
                                       DOMAIN_LIVING, DOMAIN_IDACI,      DOMAIN_IDAOPI,
                                       HEAT_COINCIDE, HEAT_CHILDREN};
const int heat_shows[HEAT_SHOWS] = {HEAT_COINCIDE,     DOMAIN_IMD,       DOMAIN_INCOME,
                                    DOMAIN_EMPLOYMENT, DOMAIN_EDUCATION, DOMAIN_HEALTH,
                                    DOMAIN_CRIME,      DOMAIN_BARRIERS,  DOMAIN_LIVING,
                                    DOMAIN_IDACI,      DOMAIN_IDAOPI};

struct column_words {
    const char *id, *title, *in_sentence;
};

static const struct column_words columns[] = {
    [DOMAIN_IMD] = {"imd", N_("All together"), N_("all kinds together")},
    [DOMAIN_INCOME] = {"income", N_("Income"), N_("income")},
    [DOMAIN_EMPLOYMENT] = {"employment", N_("Work"), N_("work")},
    [DOMAIN_EDUCATION] = {"education", N_("Education"), N_("education")},
    [DOMAIN_HEALTH] = {"health", N_("Health"), N_("health")},
    [DOMAIN_CRIME] = {"crime", N_("Crime"), N_("crime")},
    [DOMAIN_BARRIERS] = {"barriers", N_("Housing and services"), N_("housing and services")},
    [DOMAIN_LIVING] = {"living_environment", N_("Living environment"), N_("living environment")},
    [DOMAIN_IDACI] = {"idaci", N_("Children, low income"), N_("children in low-income homes")},
    [DOMAIN_IDAOPI] = {"idaopi", N_("Older, low income"), N_("older people on low incomes")},
    [HEAT_COINCIDE] = {"coincide", N_("How many together"), NULL},
    [HEAT_AREA] = {"area", N_("Small area"), NULL},
    [HEAT_CHILDREN] = {"children", N_("Children"), NULL},
};

const char *heat_title(int column)
{
    return columns[column].title;
}

const char *heat_in_sentence(enum domain d)
{
    return columns[d].in_sentence;
}

const char *heat_column_id(int column)
{
    return columns[column].id;
}

bool heat_has(const struct heat *h, int column)
{
    return column >= DOMAIN_N || h->has[column];
}

const char *heat_band_words(int band)
{
    static const char *const of[BANDS + 1] = {N_("Not published"), N_("5 or more"), N_("4"),
                                              N_("2 or 3"),        N_("1"),         N_("None")};
    return of[band];
}

const char *heat_domain_band_words(int band)
{
    static const char *const of[BANDS + 1] = {N_("Not published"), N_("Most deprived 10%"),
                                              N_("20%"),           N_("30%"),
                                              N_("50%"),           N_("Less deprived half")};
    return of[band];
}

const char *heat_class(int band)
{
    static const char *const of[BANDS + 1] = {"band-none", "band-1", "band-2",
                                              "band-3",    "band-4", "band-5"};
    return of[band];
}

const char *heat_cell_words(int band)
{
    static const char *const of[BANDS + 1] = {NULL, "10%", "20%", "30%", "50%", NULL};
    return of[band];
}

int heat_band(const struct coincide *c, int at)
{
    if (!c->known)
        return 0;
    int n = c->n[at];
    return n >= 5 ? 1 : n == 4 ? 2 : n >= 2 ? 3 : n == 1 ? 4 : 5;
}

// ---- choosing -----------------------------------------------------------------------------------

static bool column_find(str id, int *ret)
{
    for (int i = 0; i < (int)countof(columns); i++)
        if (columns[i].id && str_eq(str_c(columns[i].id), id)) {
            *ret = i;
            return true;
        }
    return false;
}

static void choose_order(str sort, struct heat_choice *c)
{
    bool down = str_starts(sort, STR("-"));
    if (column_find(str_slice(sort, down, sort.n), &c->sort))
        c->down = down;
}

struct heat_choice heat_choose(const struct profile *p, str show, str edition, str at, str sort)
{
    struct heat_choice c = {HEAT_COINCIDE, 0, 1, HEAT_COINCIDE, true};
    int64_t year, percent;
    int column;
    if (column_find(show, &column) && column <= HEAT_COINCIDE)
        c.show = column;
    for (int e = 0; str_to_i64(edition, &year) && e < p->n_editions; e++)
        if (p->edition[e].year == year)
            c.edition = e;
    for (int k = 0; str_to_i64(at, &percent) && k < THRESHOLDS; k++)
        if (threshold_percent[k] == percent)
            c.at = k;
    choose_order(sort, &c);
    return c;
}

// ---- the rows -----------------------------------------------------------------------------------

static bool in_edition(const struct small_area *s, int edition)
{
    for (int d = 0; d < DOMAIN_N; d++)
        if (s->reading[edition][d].status != READING_ABSENT)
            return true;
    return false;
}

// An area of the census that the edition ranks has its row even when nothing is loaded for it.
static bool is_of_its_census(const struct edition *e, const struct small_area *s)
{
    return !e || !e->vintage || e->vintage == s->vintage;
}

static void add_row(struct heat *h, const struct small_area *s)
{
    struct heat_row *r = &h->row[h->n++];
    int e = h->choice.edition;
    r->area = s;
    r->reading = s->reading[e];
    r->coincide = &s->coincide[e];
    r->band = h->choice.show == HEAT_COINCIDE ? heat_band(r->coincide, h->choice.at)
                                              : r->reading[h->choice.show].band;
}

static void count_children(struct heat *h, const struct counted *c)
{
    if (c->status == COUNT_PUBLISHED || c->status == COUNT_SUMMED)
        h->children_there.n += c->n;
    else // a joint count belongs to another area as well, so it cannot be added
        h->children_there.status = COUNT_AT_LEAST;
}

static void count_row(struct heat *h, const struct heat_row *r, bool people_known)
{
    int n = r->coincide->n[h->choice.at];
    h->judged += r->coincide->known;
    for (int d = 0; d < DOMAIN_N; d++)
        h->has[d] = h->has[d] || r->reading[d].status != READING_ABSENT;
    for (int d = 0; d < DOMAINS_SHOWN; d++) {
        h->of_domain[d] += r->reading[d].band >= 1 && r->reading[d].band <= h->choice.at + 1;
        if (r->reading[d].status == READING_SUPPRESSED)
            h->all_published = false;
    }
    if (n >= 2) {
        h->two_or_more++;
        if (people_known)
            count_children(h, &r->area->children);
    }
    if (n > h->most) {
        h->most = n;
        h->n_most = 0;
        h->most_area = r->area;
    }
    h->n_most += n > 0 && n == h->most;
}

static int by_code(const void *a, const void *b)
{
    const struct heat_row *x = a, *y = b;
    return str_cmp(x->area->code, y->area->code);
}

// What a row is sorted by; has = false stays at the end in either direction.
static opt_i64 sort_value(const struct heat *h, const struct heat_row *r)
{
    int c = h->choice.sort;
    if (c == HEAT_AREA)
        return some_i64(r->number);
    if (c == HEAT_COINCIDE)
        return (opt_i64){r->coincide->known, r->coincide->n[h->choice.at]};
    if (c == HEAT_CHILDREN)
        return (opt_i64){r->area->children.status != COUNT_NOT_KNOWN, r->area->children.n};
    return (opt_i64){r->reading[c].band != 0, r->reading[c].band};
}

// An insertion keeps equal rows in their order, and there are seldom more than a hundred.
static void sort_rows(struct heat *h)
{
    for (size_t i = 1; i < h->n; i++) {
        struct heat_row r = h->row[i];
        opt_i64 v = sort_value(h, &r);
        size_t at = i;
        for (; at > 0; at--) {
            opt_i64 u = sort_value(h, &h->row[at - 1]);
            bool later = u.has != v.has ? v.has : v.has && (h->choice.down ? u.v < v.v : u.v > v.v);
            if (!later)
                break;
            h->row[at] = h->row[at - 1];
        }
        h->row[at] = r;
    }
}

void heat_make(struct arena *a, const struct profile *p, struct heat_choice choice,
               struct heat *ret)
{
    *ret = (struct heat){.choice = choice,
                         .edition = p->n_editions ? &p->edition[choice.edition] : NULL,
                         .percent = threshold_percent[choice.at],
                         .all_published = true,
                         .children_there.status = p->people.known ? COUNT_SUMMED : COUNT_NOT_KNOWN};
    ret->row = arena_new_array(a, p->n_small + p->n_before, struct heat_row);
    for (size_t i = 0; i < p->n_small; i++)
        if (is_of_its_census(ret->edition, &p->small[i]) ||
            in_edition(&p->small[i], choice.edition))
            add_row(ret, &p->small[i]);
    for (size_t i = 0; i < p->n_before; i++)
        if (in_edition(&p->before[i], choice.edition))
            add_row(ret, &p->before[i]);
    qsort(ret->row, ret->n, sizeof *ret->row, by_code);
    for (size_t i = 0; i < ret->n; i++) {
        ret->row[i].number = (int)i + 1;
        count_row(ret, &ret->row[i], p->people.known);
    }
    sort_rows(ret);
}

const struct heat_row *heat_row_of(const struct heat *h, const struct small_area *s)
{
    for (size_t i = 0; i < h->n; i++)
        if (h->row[i].area == s)
            return &h->row[i];
    return NULL;
}
