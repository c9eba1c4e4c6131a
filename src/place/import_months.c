// SPDX-License-Identifier: AGPL-3.0-or-later
// The list of imports, with many months of one family taken together: three years of crime are one
// line that opens.
#include "base/base.h"
#include "base/date.h"
#include "place/import_pages.h"

#include <stdlib.h>

// Months are counted from year 0, so that the next one is one more.
struct span {
    int64_t first, last;
};

static bool month_of(str s, int64_t *ret)
{
    int64_t year, month;
    if (s.n != 7 || s.p[4] != '-' || !str_to_i64(str_slice(s, 0, 4), &year) ||
        !str_to_i64(str_slice(s, 5, 7), &month) || year < 1900 || month < 1 || month > 12)
        return false;
    *ret = year * 12 + month - 1;
    return true;
}

// "2023-01", "2023-01 to 2023-06"
static bool span_of(str reference, struct span *ret)
{
    str to = STR(" to ");
    size_t at = str_find(reference, to, 0);
    if (!month_of(str_slice(reference, 0, at), &ret->first))
        return false;
    ret->last = ret->first;
    return at == reference.n ||
           (month_of(str_slice(reference, at + to.n, reference.n), &ret->last) &&
            ret->last >= ret->first);
}

static str month_shown(struct arena *a, int64_t month)
{
    return month_words(a, month / 12 * 100 + month % 12 + 1);
}

static str span_shown(struct arena *a, struct span s)
{
    str first = month_shown(a, s.first);
    return s.first == s.last ? first
                             : str_fmt(a, "%" PRIstr " to %" PRIstr, ARGstr(first),
                                       ARGstr(month_shown(a, s.last)));
}

str import_month_words(struct arena *a, str reference)
{
    struct span s;
    return span_of(reference, &s) ? span_shown(a, s) : reference;
}

// Does it belong with x, which is of some months itself?
static bool together(const struct import_row *x, const struct import_row *y)
{
    struct span s;
    return str_eq(x->family, y->family) && str_eq(x->title, y->title) && span_of(y->reference, &s);
}

static int newest_first(const void *a, const void *b)
{
    const struct import_row *x = a, *y = b;
    int by_month = str_cmp(y->reference, x->reference); // as they are written, so they sort
    return by_month ? by_month : (x->id.v < y->id.v) - (x->id.v > y->id.v);
}

static struct span span_all(const struct import_row *v, size_t n)
{
    struct span all = {INT64_MAX, 0}, s;
    for (size_t i = 0; i < n; i++)
        if (span_of(v[i].reference, &s)) {
            all.first = s.first < all.first ? s.first : all.first;
            all.last = s.last > all.last ? s.last : all.last;
        }
    return all;
}

// How many months of a span there are, each once.
static int64_t count_months(struct arena *a, const struct import_row *v, size_t n, struct span all)
{
    struct span s;
    int64_t months = 0;
    bool *there = arena_new_array(a, (size_t)(all.last - all.first + 1), bool);
    for (size_t i = 0; i < n; i++) {
        if (!span_of(v[i].reference, &s))
            continue;
        for (int64_t m = s.first; m <= s.last; m++) {
            months += !there[m - all.first];
            there[m - all.first] = true;
        }
    }
    return months;
}

static struct import_months group_of(struct arena *a, const struct import_row *v, size_t n)
{
    struct span all = span_all(v, n);
    int64_t months = count_months(a, v, n, all), missing = all.last - all.first + 1 - months;
    str gaps = missing == 0 ? STR("")
                            : str_fmt(a, "; %lld between them %s missing", (long long)missing,
                                      missing == 1 ? "is" : "are");
    return (struct import_months){
        .title = import_family_words(v[0].family),
        .words = str_fmt(a, "%lld month%s, %" PRIstr "%" PRIstr, (long long)months,
                         months == 1 ? "" : "s", ARGstr(span_shown(a, all)), ARGstr(gaps)),
        .v = v,
        .n = n,
    };
}

// Those that belong with v[0], marked as taken; none when they are too few to stand together.
static size_t take_group(struct arena *a, const struct import_row *v, bool *taken, size_t n,
                         struct import_row **ret)
{
    size_t m = 0;
    for (size_t i = 0; i < n; i++)
        m += together(&v[0], &v[i]);
    if (m < MONTHS_TOGETHER || !together(&v[0], &v[0]))
        return 0;
    *ret = arena_new_array(a, m, struct import_row);
    for (size_t i = 0, k = 0; i < n; i++)
        if (together(&v[0], &v[i])) {
            (*ret)[k++] = v[i];
            taken[i] = true;
        }
    qsort(*ret, m, sizeof **ret, newest_first);
    return m;
}

void imports_group(struct arena *a, const struct import_row *v, size_t n, struct imports *ret)
{
    VEC(struct import_months) groups = {0};
    struct import_row *alone = arena_new_array(a, n, struct import_row), *g;
    bool *taken = arena_new_array(a, n, bool);
    *ret = (struct imports){.v = alone};
    for (size_t i = 0; i < n; i++) {
        size_t m = taken[i] ? 0 : take_group(a, v + i, taken + i, n - i, &g);
        if (m)
            *vec_add(a, &groups) = group_of(a, g, m);
        else if (!taken[i])
            alone[ret->n++] = v[i];
    }
    ret->group = groups.v;
    ret->n_group = groups.n;
}
