// SPDX-License-Identifier: AGPL-3.0-or-later
// The words of the partnership, months as people write them, and how it grew.
#include "base/base.h"
#include "base/vec.h"
#include "partner/partner.h"
#include "web/words.h"

#include <stdlib.h>

const struct partner_word org_kinds[] = {
    {"council", N_("Council"), N_("Councils")},
    {"police", N_("Police"), N_("Police")},
    {"nhs", N_("NHS"), N_("NHS")},
    {"school", N_("School or college"), N_("Schools and colleges")},
    {"university", N_("University"), N_("Universities")},
    {"charity", N_("Charity"), N_("Charities")},
    {"community", N_("Community group"), N_("Community groups")},
    {"business", N_("Business"), N_("Businesses")},
    {"faith", N_("Faith group"), N_("Faith groups")},
    {"other", N_("Other"), N_("Others")},
};
const size_t org_kinds_n = countof(org_kinds);

const struct partner_word org_roles[] = {
    {"founding", N_("founding partner"), N_("founding partners")},
    {"delivery", N_("delivery partner"), N_("delivery partners")},
    {"funder", N_("funder"), N_("funders")},
    {"host", N_("host"), N_("hosts")},
    {"evaluation", N_("evaluation partner"), N_("evaluation partners")},
    {"partner", N_("partner"), N_("partners")},
};
const size_t org_roles_n = countof(org_roles);

static const struct partner_word *word_find(const struct partner_word *v, size_t n, str word)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(str_c(v[i].word), word))
            return &v[i];
    return NULL;
}

const char *org_kind_title(struct arena *a, str word)
{
    const struct partner_word *w = word_find(org_kinds, org_kinds_n, word);
    return w ? w->title : str_z(a, word);
}

const char *org_role_title(struct arena *a, str word)
{
    const struct partner_word *w = word_find(org_roles, org_roles_n, word);
    return w ? w->title : str_z(a, word);
}

bool org_kind_known(str word)
{
    return word_find(org_kinds, org_kinds_n, word) != NULL;
}

bool org_role_known(str word)
{
    return word_find(org_roles, org_roles_n, word) != NULL;
}

// ---- months -----------------------------------------------------------------------------------

// 1 … 12 for a month's name or its first three letters; 0 for anything else.
static int month_named(str s)
{
    static const char *const names[] = {"january",   "february", "march",    "april",
                                        "may",       "june",     "july",     "august",
                                        "september", "october",  "november", "december"};
    for (int i = 0; i < 12; i++)
        if (str_eq_nocase(s, str_c(names[i])) ||
            str_eq_nocase(s, str_slice(str_c(names[i]), 0, 3)) ||
            (i == 8 && str_eq_nocase(s, STR("sept"))))
            return i + 1;
    return 0;
}

static bool year_read(str s, int *ret)
{
    int64_t y;
    if (s.n != 4 || !str_to_i64(s, &y) || y < 1900)
        return false;
    *ret = (int)y;
    return true;
}

static int month_number(str s)
{
    int64_t m;
    return (s.n == 1 || s.n == 2) && str_to_i64(s, &m) && m >= 1 && m <= 12 ? (int)m : 0;
}

// Two words, whichever way round the year stands. A lone pair of small numbers is not a month.
static bool month_of_parts(str one, str two, date *ret)
{
    int y, m = month_named(one) ? month_named(one) : month_number(one);
    if (m && year_read(two, &y))
        return date_make(y, m, 1, ret);
    m = month_number(two);
    return m && two.n == 2 && year_read(one, &y) && date_make(y, m, 1, ret);
}

bool org_month_read(str s, date *ret)
{
    str part[4], rest = str_trim(s), one;
    date whole;
    size_t n = 0;
    if (rest.n == 0) {
        *ret = DATE_NONE;
        return true;
    }
    if (date_parse(rest, &whole)) {
        int y, m, d;
        date_parts(whole, &y, &m, &d);
        return date_make(y, m, 1, ret);
    }
    char between = str_find_byte(rest, '/') < rest.n   ? '/'
                   : str_find_byte(rest, '-') < rest.n ? '-'
                                                       : ' ';
    while (str_next(&rest, between, &one))
        if (str_trim(one).n && n < countof(part))
            part[n++] = str_trim(one);
    return n == 2 && month_of_parts(part[0], part[1], ret);
}

static int64_t yyyymm(date d)
{
    int y, m, day;
    date_parts(d, &y, &m, &day);
    return y * 100 + m;
}

str org_month_words(struct arena *a, date d)
{
    return date_is_none(d) ? STR_NONE : month_words(a, yyyymm(d));
}

str org_month_iso(struct arena *a, date d)
{
    return date_is_none(d) ? STR_NONE : str_slice(date_iso(a, d), 0, 7);
}

// ---- addresses --------------------------------------------------------------------------------

bool org_web_read(struct arena *a, str typed, str *ret_web)
{
    str s = str_trim(typed);
    *ret_web = STR_NONE;
    if (s.n == 0)
        return true;
    // Only "www." says beyond doubt that a web address follows (trap D25 of the open-data rules).
    if (str_starts(str_lower(a, s), STR("www.")))
        s = str_fmt(a, "https://%" PRIstr, ARGstr(s));
    url u;
    bool web =
        str_starts(str_lower(a, s), STR("https://")) || str_starts(str_lower(a, s), STR("http://"));
    if (!web || !url_check(a, s, &u))
        return false;
    str host = str_slice(u.s, str_find(u.s, STR("//"), 0) + 2, u.s.n);
    host = str_slice(host, 0, str_find_byte(host, '/'));
    if (str_find_byte(host, '.') == host.n)
        return false;
    *ret_web = u.s;
    return true;
}

// ---- how it grew ------------------------------------------------------------------------------

bool org_role_current(const struct org_role *r, date on)
{
    return !r->removed && (date_is_none(r->starts) || r->starts.days <= on.days) &&
           (date_is_none(r->ends) || r->ends.days > on.days);
}

struct point_in_time {
    date month;
    str role;
    bool ends;
    const struct partner *who;
    size_t at; // keeps the order among equals
};

static int role_order(str role)
{
    for (size_t i = 0; i < org_roles_n; i++)
        if (str_eq(role, str_c(org_roles[i].word)))
            return (int)i;
    return (int)org_roles_n;
}

static int earlier(const void *x, const void *y)
{
    const struct point_in_time *a = x, *b = y;
    if (a->month.days != b->month.days)
        return a->month.days < b->month.days ? -1 : 1;
    if (a->ends != b->ends)
        return a->ends ? 1 : -1;
    int ra = role_order(a->role), rb = role_order(b->role);
    if (ra != rb)
        return ra < rb ? -1 : 1;
    return a->at < b->at ? -1 : 1;
}

static bool same_event(const struct point_in_time *a, const struct point_in_time *b)
{
    return a->month.days == b->month.days && a->ends == b->ends && str_eq(a->role, b->role);
}

void partner_timeline(struct arena *a, const struct partner *v, size_t n,
                      struct partner_event **ret, size_t *ret_n)
{
    VEC(struct point_in_time) points = {0};
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < v[i].n_role; k++) {
            const struct org_role *r = &v[i].role[k];
            struct point_in_time at = {r->starts, r->role, false, &v[i], points.n};
            if (!date_is_none(r->starts))
                *vec_add(a, &points) = at;
            at = (struct point_in_time){r->ends, r->role, true, &v[i], points.n};
            if (!date_is_none(r->ends))
                *vec_add(a, &points) = at;
        }
    if (points.n)
        qsort(points.v, points.n, sizeof *points.v, earlier);
    VEC(struct partner_event) events = {0};
    for (size_t i = 0; i < points.n; i++) {
        const struct point_in_time *p = &points.v[i];
        if (i == 0 || !same_event(&points.v[i - 1], p)) {
            struct partner_event *e = vec_add(a, &events);
            *e = (struct partner_event){.month = p->month, .role = p->role, .ends = p->ends};
            e->who = arena_new_array(a, points.n - i, const struct partner *);
        }
        struct partner_event *e = &events.v[events.n - 1];
        e->who[e->n_who++] = p->who;
    }
    *ret = events.v;
    *ret_n = events.n;
}
