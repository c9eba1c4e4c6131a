// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "place/sentence.h"
#include "web/words.h"

enum { SENTENCE_MAX = 16 << 10, NAMED_MOST = 3 };

// Writes one sentence into a piece of its own.
struct piece {
    struct buf text;
    struct page pg;
};

static struct page *begin(struct piece *w, const struct page *pg)
{
    buf_init(&w->text, pg->a, SENTENCE_MAX);
    w->pg = page_part(pg, &w->text);
    return &w->pg;
}

static html done(const struct piece *w)
{
    return page_part_html(&w->pg);
}

#define ARGS(...)                                                                                  \
    countof(((struct page_arg[]){__VA_ARGS__})), (struct page_arg[])                               \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }

// ---- kinds of deprivation as a list -------------------------------------------------------------

// "income, work and health", of n words.
static str listed(const struct page *pg, const str *word, size_t n)
{
    if (n <= 1)
        return n ? word[0] : STR("");
    str all = str_join(pg->a, word, n - 1, STR(", "));
    return str_fmt(pg->a, "%" PRIstr " %" PRIstr " %" PRIstr, ARGstr(all),
                   ARGstr(page_words(pg, N_("and"))), ARGstr(word[n - 1]));
}

// The main domains of one row within the threshold.
static size_t kinds_of_row(const struct page *pg, const struct heat *h, const struct heat_row *r,
                           str word[DOMAINS_MAIN])
{
    size_t n = 0;
    for (int d = DOMAIN_INCOME; d <= DOMAIN_LIVING; d++)
        if (r->reading[d].band >= 1 && r->reading[d].band <= h->choice.at + 1)
            word[n++] = page_words(pg, heat_in_sentence((enum domain)d));
    return n;
}

// ---- the headline -------------------------------------------------------------------------------

static void say_single(struct page *pg, const struct profile *p, const struct heat *h)
{
    str word[DOMAINS_MAIN];
    const struct heat_row *r = &h->row[0];
    size_t n = kinds_of_row(pg, h, r, word);
    // a small area in an edition before it was split speaks of what it was split from
    bool own = str_eq(p->area.kind, STR("lsoa"));
    str name = own ? r->area->name : p->area.name, list = listed(pg, word, n);
    if (!r->coincide->known)
        page_say(
            pg, "No figures on deprivation are published for {1} ({2}).",
            ARGS(PAGE_ARG(name), PAGE_ARG(str_fmt(pg->a, "%lld", (long long)h->edition->year))));
    else if (n == 0)
        page_say(pg,
                 "In {1}, none of {2} kinds of deprivation is among the most deprived {3}% in "
                 "England.",
                 ARGS(PAGE_ARG(name), PAGE_ARG(r->coincide->judged), PAGE_ARG(h->percent)));
    else
        page_say_n(pg, (int64_t)n, "In {1}, 1 of {2} kinds of deprivation is high: {3}.",
                   "In {1}, {n} of {2} kinds of deprivation come together: {3}.",
                   ARGS(PAGE_ARG(name), PAGE_ARG(r->coincide->judged), PAGE_ARG(list)));
}

static void say_nothing(struct page *pg, const struct profile *p)
{
    if (p->n_small == 0)
        page_say(pg, "There are no figures from small areas for {1}.",
                 ARGS(PAGE_ARG(p->area.name)));
    else
        page_say(pg, "The Indices of Deprivation are not loaded for {1} yet.",
                 ARGS(PAGE_ARG(p->area.name)));
}

html sentence_headline(const struct page *pg, const struct profile *p, const struct heat *h)
{
    struct piece w;
    struct page *to = begin(&w, pg);
    if (!h->edition || h->n == 0)
        say_nothing(to, p);
    else if (h->n == 1)
        say_single(to, p, h);
    else if (h->judged == 0)
        page_say(to, "No figures on deprivation are published for the small areas of {1}.",
                 ARGS(PAGE_ARG(p->area.name)));
    else if (h->two_or_more == 0)
        page_say(to,
                 "In {1}, none of {2} small areas has two or more kinds of deprivation at once.",
                 ARGS(PAGE_ARG(p->area.name), PAGE_ARG(h->judged)));
    else
        page_say_n(to, h->two_or_more,
                   "In {1}, 1 of {2} small areas has two or more kinds of deprivation at once.",
                   "In {1}, {n} of {2} small areas have two or more kinds of deprivation at once.",
                   ARGS(PAGE_ARG(p->area.name), PAGE_ARG(h->judged)));
    return done(&w);
}

html sentence_measure(const struct page *pg, const struct heat *h)
{
    struct piece w;
    struct page *to = begin(&w, pg);
    if (h->edition && h->judged)
        page_say(to,
                 "We count a kind of deprivation when it is among the most deprived {1}% of small "
                 "areas in England ({2}).",
                 ARGS(PAGE_ARG(h->percent),
                      PAGE_ARG(str_fmt(pg->a, "%lld", (long long)h->edition->year))));
    return done(&w);
}

static void say_children_single(struct page *pg, const struct profile *p, const struct heat *h)
{
    const struct counted *c = &h->row[0].area->children;
    if (c->status == COUNT_PUBLISHED || c->status == COUNT_SUMMED)
        page_say_n(pg, c->n, "1 child under 16 lives here ({1}).",
                   "{n} children under 16 live here ({1}).", ARGS(PAGE_ARG(p->people.period)));
}

html sentence_children(const struct page *pg, const struct profile *p, const struct heat *h)
{
    struct piece w;
    struct page *to = begin(&w, pg);
    const struct counted *c = &h->children_there;
    if (h->n == 1)
        say_children_single(to, p, h);
    else if (h->two_or_more == 0 || c->n == 0)
        return done(&w);
    else if (c->status == COUNT_AT_LEAST)
        page_say(to, "At least {1} children under 16 live there ({2}); some are not known.",
                 ARGS(PAGE_ARG(c->n), PAGE_ARG(p->people.period)));
    else if (c->status == COUNT_SUMMED)
        page_say_n(to, c->n, "1 child under 16 lives there ({1}).",
                   "{n} children under 16 live there ({1}).", ARGS(PAGE_ARG(p->people.period)));
    return done(&w);
}

// ---- where and what -----------------------------------------------------------------------------

// The main domain within the threshold in most rows, leaving one out; -1 when there is none.
static int leading(const struct heat *h, int but)
{
    int best = -1;
    for (int d = DOMAIN_INCOME; d <= DOMAIN_LIVING; d++)
        if (d != but && h->of_domain[d] > 0 && (best < 0 || h->of_domain[d] > h->of_domain[best]))
            best = d;
    return best;
}

static str kind_words(const struct page *pg, int d)
{
    return page_words(pg, heat_in_sentence((enum domain)d));
}

static void say_leading(struct page *pg, const struct heat *h)
{
    int first = leading(h, -1), second = first < 0 ? -1 : leading(h, first);
    if (first < 0)
        return;
    if (second < 0)
        page_say(pg, "What shows is {1}: in {2} of {3} areas.",
                 ARGS(PAGE_ARG(kind_words(pg, first)), PAGE_ARG(h->of_domain[first]),
                      PAGE_ARG(h->judged)));
    else
        page_say(pg, "What shows most is {1} ({2} areas) and {3} ({4} areas).",
                 ARGS(PAGE_ARG(kind_words(pg, first)), PAGE_ARG(h->of_domain[first]),
                      PAGE_ARG(kind_words(pg, second)), PAGE_ARG(h->of_domain[second])));
}

// "Millbrook 004A (Weirside)": the code-like names of small areas say little by themselves.
static str row_name(const struct page *pg, const struct heat_row *r)
{
    return r->part_of.n ? str_fmt(pg->a, "%" PRIstr " (%" PRIstr ")", ARGstr(r->area->name),
                                  ARGstr(r->part_of))
                        : r->area->name;
}

html sentence_where(const struct page *pg, const struct profile *p, const struct heat *h)
{
    UNUSED(p);
    struct piece w;
    struct page *to = begin(&w, pg);
    if (!h->edition || h->n < 2 || h->judged == 0)
        return done(&w);
    say_leading(to, h);
    const struct heat_row *most = h->most_area ? heat_row_of(h, h->most_area) : NULL;
    if (most && h->most >= 2 && h->n_most == 1)
        page_say(
            to, " Most comes together in {1}: {2} of {3} kinds.",
            ARGS(PAGE_ARG(row_name(pg, most)), PAGE_ARG(h->most), PAGE_ARG((int)DOMAINS_MAIN)));
    else if (h->most >= 2)
        page_say(to, " In {1} areas {2} of {3} kinds come together.",
                 ARGS(PAGE_ARG(h->n_most), PAGE_ARG(h->most), PAGE_ARG((int)DOMAINS_MAIN)));
    return done(&w);
}

// ---- what changed -------------------------------------------------------------------------------

struct moved moved_count(const struct profile *p, int domain)
{
    struct moved m = {0};
    for (size_t i = 0; p->change.known && i < p->n_small; i++) {
        const struct small_area *s = &p->small[i];
        int then = s->reading[p->change.from][domain].band;
        int now = s->reading[p->change.to][domain].band;
        if (s->relation == LINK_SPLIT || s->relation == LINK_MERGED ||
            s->relation == LINK_IRREGULAR)
            m.redrawn++;
        else if (!then || !now)
            m.unknown++;
        else if (now < then)
            m.deeper++;
        else if (now > then)
            m.lighter++;
        else
            m.same++;
    }
    return m;
}

static void say_rest(struct page *pg, const struct moved *m)
{
    if (m->redrawn)
        page_say_n(pg, m->redrawn, " For 1 the border was redrawn, so it is not counted.",
                   " For {n} the borders were redrawn, so they are not counted.", 0, NULL);
    if (m->unknown)
        page_say_n(pg, m->unknown, " For 1 there is no figure for both years.",
                   " For {n} there are no figures for both years.", 0, NULL);
}

html sentence_moved(const struct page *pg, const struct profile *p, int domain)
{
    struct piece w;
    struct page *to = begin(&w, pg);
    if (!p->change.known)
        return done(&w);
    struct moved m = moved_count(p, domain);
    str then = str_fmt(pg->a, "%lld", (long long)p->edition[p->change.from].year);
    str now = str_fmt(pg->a, "%lld", (long long)p->edition[p->change.to].year);
    int compared = m.deeper + m.lighter + m.same;
    bool own = str_eq(p->area.kind, STR("lsoa"));
    if (own && m.redrawn) {
        page_say(to, "The two years {1} and {2} cannot be compared here.",
                 ARGS(PAGE_ARG(then), PAGE_ARG(now)));
        return done(&w);
    }
    if (compared == 0)
        page_say(to, "No small area can be compared between {1} and {2}.",
                 ARGS(PAGE_ARG(then), PAGE_ARG(now)));
    else if (m.deeper + m.lighter == 0)
        page_say_n(to, compared, "The area is in the same band in {1} and {2}.",
                   "All {n} small areas are in the same band in {1} and {2}.",
                   ARGS(PAGE_ARG(then), PAGE_ARG(now)));
    else if (compared == 1)
        page_say(to,
                 m.deeper ? N_("Between {1} and {2} the area moved to a more deprived band.")
                          : N_("Between {1} and {2} the area moved to a less deprived band."),
                 ARGS(PAGE_ARG(then), PAGE_ARG(now)));
    else
        page_say(
            to,
            "Of {1} small areas, {2} moved to a more deprived band between {3} and {4}, {5} to "
            "a less deprived band, and {6} stayed.",
            ARGS(PAGE_ARG(compared), PAGE_ARG(m.deeper), PAGE_ARG(then), PAGE_ARG(now),
                 PAGE_ARG(m.lighter), PAGE_ARG(m.same)));
    say_rest(to, &m);
    return done(&w);
}

// "Oxford 017F (E01035658) and Oxford 017G (E01035659)", of the areas it was made from.
static str before_list(const struct page *pg, const struct profile *p, const struct small_area *s)
{
    str *word = arena_new_array(pg->a, s->n_before, str);
    for (size_t i = 0; i < s->n_before; i++) {
        const struct small_area *b = &p->before[s->before[i]];
        word[i] = str_fmt(pg->a, "%" PRIstr " (%" PRIstr ")", ARGstr(b->name), ARGstr(b->code));
    }
    return listed(pg, word, s->n_before);
}

static void say_border(struct page *pg, const struct profile *p, const struct small_area *s)
{
    str before = before_list(pg, p, s);
    if (s->relation == LINK_SPLIT && s->n_before)
        page_say(pg,
                 "This small area is one part of what was {1}. The earlier figures are those of "
                 "all its parts together, so they cannot be compared like for like.",
                 ARGS(PAGE_ARG(before)));
    else if (s->relation == LINK_MERGED && s->n_before)
        page_say(pg,
                 "This small area was made from {1}. The earlier figures are those of each of "
                 "them, so they cannot be compared like for like.",
                 ARGS(PAGE_ARG(before)));
    else if (s->relation == LINK_IRREGULAR)
        page_say(pg,
                 "The border of this small area was drawn anew between the two censuses, so "
                 "nothing is carried over from before.",
                 0, NULL);
    else if (s->moved)
        page_say(pg,
                 "This small area kept its code between the two censuses, but its border moved, "
                 "so a part of any change can come from that.",
                 0, NULL);
}

html sentence_border(const struct page *pg, const struct profile *p)
{
    struct piece w;
    struct page *to = begin(&w, pg);
    if (p->n_small)
        say_border(to, p, &p->small[0]);
    return done(&w);
}

// ---- people, crime, comparison ------------------------------------------------------------------

html sentence_people(const struct page *pg, const struct profile *p)
{
    struct piece w;
    struct page *to = begin(&w, pg);
    const struct profile_people *x = &p->people;
    if (x->known && x->children > 0)
        page_say(to, "About 1 in {1} people here is a child under 16: {2} of {3} ({4}).",
                 ARGS(PAGE_ARG((x->total + x->children / 2) / x->children), PAGE_ARG(x->children),
                      PAGE_ARG(x->total), PAGE_ARG(x->period)));
    return done(&w);
}

html sentence_crime(const struct page *pg, const struct profile *p)
{
    struct piece w;
    struct page *to = begin(&w, pg);
    const struct profile_crime *c = &p->crime;
    int64_t least = INT64_MAX, most = -1, months = 0, first = 0, last = 0;
    for (size_t i = 0; c->known && i < c->n_months; i++) {
        if (!c->month[i].known)
            continue;
        int64_t n = c->month[i].n;
        least = n < least ? n : least;
        most = n > most ? n : most;
        first = first ? first : c->month[i].month;
        last = c->month[i].month;
        months++;
    }
    if (months == 1)
        page_say_n(to, most, "1 crime was recorded here in {1}.",
                   "{n} crimes were recorded here in {1}.",
                   ARGS(PAGE_ARG(month_words(pg->a, first))));
    else if (months > 1 && least == most)
        page_say(to, "{1} crimes were recorded here each month from {2} to {3}.",
                 ARGS(PAGE_ARG(most), PAGE_ARG(month_words(pg->a, first)),
                      PAGE_ARG(month_words(pg->a, last))));
    else if (months > 1)
        page_say(to, "Between {1} and {2} crimes a month were recorded here from {3} to {4}.",
                 ARGS(PAGE_ARG(least), PAGE_ARG(most), PAGE_ARG(month_words(pg->a, first)),
                      PAGE_ARG(month_words(pg->a, last))));
    return done(&w);
}

static str whole_percent(const struct page *pg, const struct share *s, int k)
{
    return page_fixed(pg->a, share_percent(s, k), 0);
}

html sentence_compare(const struct page *pg, const struct profile *p, const struct heat *h,
                      int domain)
{
    struct piece w;
    struct page *to = begin(&w, pg);
    int e = h->choice.edition, k = h->choice.at;
    const struct comparison *here = &p->compare[COMPARE_HERE],
                            *there = &p->compare[COMPARE_DISTRICT];
    const struct share *s = &here->share[e][domain], *d = &there->share[e][domain];
    if (!h->edition || s->n < 2)
        return done(&w);
    page_say(
        to,
        "In {1}, {2} of {3} small areas ({4}%) are among the most deprived {5}% of England in {6}.",
        ARGS(PAGE_ARG(p->area.name), PAGE_ARG(s->in[k]), PAGE_ARG(s->n),
             PAGE_ARG(whole_percent(pg, s, k)), PAGE_ARG(h->percent),
             PAGE_ARG(str_fmt(pg->a, "%lld", (long long)h->edition->year))));
    if (there->known && d->n)
        page_say(to, " In {1} as a whole it is {2} of {3} ({4}%).",
                 ARGS(PAGE_ARG(there->name), PAGE_ARG(d->in[k]), PAGE_ARG(d->n),
                      PAGE_ARG(whole_percent(pg, d, k))));
    return done(&w);
}

// ---- one row ------------------------------------------------------------------------------------

static str row_coincide(const struct page *pg, const struct heat *h, const struct heat_row *r)
{
    const struct coincide *c = r->coincide;
    if (!c->known)
        return page_words(pg, N_("not published"));
    return str_fmt(pg->a, "%d %" PRIstr " %d %" PRIstr, c->n[h->choice.at],
                   ARGstr(page_words(pg, N_("of"))), c->judged,
                   ARGstr(page_words(pg, N_("kinds of deprivation"))));
}

str sentence_of_row(const struct page *pg, const struct heat *h, const struct heat_row *r)
{
    int d = h->choice.show;
    if (!h->edition)
        return STR("");
    if (d == HEAT_COINCIDE)
        return row_coincide(pg, h, r);
    str kind = page_words(pg, heat_title(d)), band = page_words(pg, band_words(r->band));
    return str_fmt(pg->a, "%" PRIstr ": %" PRIstr, ARGstr(kind), ARGstr(band));
}
