// SPDX-License-Identifier: AGPL-3.0-or-later
// Words that several pages share.
#include "base/base.h"
#include "place/pages.h"
#include "web/words.h"

struct kind_words {
    const char *kind, *one, *many;
};

static const struct kind_words kinds[] = {
    {"zone", N_("Community Impact Zone"), N_("zones")},
    {"ward", N_("Ward"), N_("wards")},
    {"lsoa", N_("Small area (LSOA)"), N_("small areas (LSOAs)")},
    {"oa", N_("Output area"), N_("output areas")},
    {"msoa", N_("Neighbourhood (MSOA)"), N_("neighbourhoods (MSOAs)")},
    {"lad", N_("District"), N_("districts")},
    {"county", N_("County"), N_("counties")},
    {"ced", N_("County division"), N_("county divisions")},
    {"region", N_("Region"), N_("regions")},
    {"country", N_("Country"), N_("countries")},
    {"constituency", N_("Constituency"), N_("constituencies")},
};

static const struct kind_words *find(str kind)
{
    for (size_t i = 0; i < countof(kinds); i++)
        if (str_eq(str_c(kinds[i].kind), kind))
            return &kinds[i];
    return NULL;
}

const char *kind_title(str kind)
{
    const struct kind_words *w = find(kind);
    return w ? w->one : N_("Area");
}

const char *kind_titles(str kind)
{
    const struct kind_words *w = find(kind);
    return w ? w->many : N_("areas");
}

// Two areas of the zone may have the same small area only by listing it; the first counts.
static str ward_of(const struct area_ref *v, size_t n, const struct profile *p, str code)
{
    for (size_t i = 0; i < n; i++) {
        if (!str_eq(v[i].code, code))
            continue;
        for (size_t k = 0; k < p->n_children; k++)
            if (str_eq(p->child[k].code, v[i].of_code) && !str_eq(v[i].of_code, code))
                return p->child[k].name;
    }
    return STR("");
}

err pages_name_wards(struct db_tx *tx, struct arena *a, const struct profile *p, date today,
                     struct heat *h)
{
    struct area_ref *v;
    size_t n;
    if (!p->area.is_zone)
        return NULL;
    TRY(zone_small_areas(tx, a, today, 0, &v, &n));
    for (size_t i = 0; i < h->n; i++)
        h->row[i].part_of = ward_of(v, n, p, h->row[i].area->code);
    return NULL;
}

static bool same_source(const struct profile_source *s, const struct profile_source *t)
{
    return str_eq(s->title, t->title) && str_eq(s->publisher, t->publisher) &&
           str_eq(s->licence, t->licence) && str_eq(s->attribution, t->attribution);
}

bool pages_source_said(const struct profile *p, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (same_source(&p->source[i], &p->source[k]))
            return true;
    return false;
}

// Dates grow as texts do.
static void widen(str d, str *first, str *last)
{
    if (first->n == 0 || str_cmp(d, *first) < 0)
        *first = d;
    if (str_cmp(d, *last) > 0)
        *last = d;
}

static str span_words(struct arena *a, str first, str last)
{
    return str_eq(first, last) ? first
                               : str_fmt(a, "%" PRIstr " – %" PRIstr, ARGstr(first), ARGstr(last));
}

str pages_source_dates(struct arena *a, const struct profile *p, size_t i)
{
    str first = STR(""), last = STR("");
    for (size_t k = i; k < p->n_sources; k++) {
        str d = p->source[k].date;
        if (same_source(&p->source[i], &p->source[k]) && d.n)
            widen(d, &first, &last);
    }
    str title = p->source[i].title;
    if (first.n == 0 || str_find(title, first, 0) < title.n)
        return STR("");
    return span_words(a, first, last);
}

str pages_families_period(struct arena *a, const struct profile *p)
{
    str first = STR(""), last = STR("");
    for (size_t i = 0; i < p->n_families; i++)
        widen(p->family[i].period, &first, &last);
    return span_words(a, first, last);
}

int64_t pages_sources_n(const struct profile *p)
{
    int64_t n = 0;
    for (size_t i = 0; i < p->n_sources; i++)
        n += !pages_source_said(p, i);
    return n;
}

bool pages_licence_said(const struct profile *p, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (str_eq(p->source[i].licence, p->source[k].licence))
            return true;
    return false;
}

bool pages_attribution_said(const struct profile *p, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (str_eq(p->source[i].licence, p->source[k].licence) &&
            str_eq(p->source[i].attribution, p->source[k].attribution))
            return true;
    return p->source[i].attribution.n == 0;
}

// ---- notes --------------------------------------------------------------------------------------

bool pages_note_of_change(const struct profile_note *n)
{
    return n->kind == NOTE_SPLIT_MERGED || n->kind == NOTE_IRREGULAR ||
           n->kind == NOTE_BORDER_MOVED;
}

static const char *topic(enum note_kind k)
{
    switch (k) {
    case NOTE_BEST_FIT: return N_("matched by best fit");
    case NOTE_NO_BEST_FIT: return N_("no small area fits best");
    case NOTE_NO_LOOKUP: return N_("small areas not known");
    case NOTE_ZONE_EMPTY: return N_("no areas yet");
    case NOTE_SPLIT_MERGED:
    case NOTE_IRREGULAR:
    case NOTE_BORDER_MOVED: return N_("borders that changed");
    case NOTE_NOT_PUBLISHED: return N_("figures not published");
    case NOTE_OTHER_VINTAGE: return N_("people on older borders");
    case NOTE_JOINT_PEOPLE: return N_("people counted together");
    case NOTE_PEOPLE_MISSING: return N_("people not counted");
    case NOTE_DECILES_ASIDE: return N_("two editions");
    }
    return "";
}

str pages_note_topics(const struct page *pg, const struct profile *p)
{
    str *word = arena_new_array(pg->a, p->n_notes, str);
    size_t n = 0;
    for (size_t i = 0; i < p->n_notes; i++)
        if (!pages_note_of_change(&p->note[i]))
            word[n++] = page_words(pg, topic(p->note[i].kind));
    return str_join(pg->a, word, n, STR(", "));
}
