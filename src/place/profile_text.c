// SPDX-License-Identifier: AGPL-3.0-or-later
// A profile as plain text, for a terminal or an e-mail.
#include "base/base.h"
#include "place/heading.h"
#include "place/profile.h"
#include "web/page.h"

static const char *kind_words(const struct profile_area *m)
{
    return m->is_zone ? "zone" : area_kind_words(area_kind_of(m->kind));
}

static void put_head(const struct profile *p, struct buf *out)
{
    const struct profile_area *m = &p->area;
    buf_fmt(out, "%" PRIstr "\n%s", ARGstr(m->name), kind_words(m));
    if (!m->is_zone)
        buf_fmt(out, ", %" PRIstr ", %lld", ARGstr(m->code), (long long)m->vintage);
    if (!str_is_none(m->parent_code))
        buf_fmt(out, ", in %" PRIstr, ARGstr(m->parent_name));
    buf_fmt(out, "\n%d small area%s%s\n", (int)p->n_small, p->n_small == 1 ? "" : "s",
            m->best_fit ? ", by best fit" : "");
}

// "1,234", rounded half away from zero.
static str plain(struct arena *a, double v, int decimals)
{
    return page_fixed(a, v, decimals);
}

static void put_people(struct arena *a, const struct profile *p, struct buf *out)
{
    const struct profile_people *n = &p->people;
    buf_c(out, "\nPeople\n");
    if (!n->known) {
        buf_c(out, "  not known\n");
        return;
    }
    buf_fmt(out, "  %" PRIstr " people (%" PRIstr "), of whom %" PRIstr " are children (0 to 15)\n",
            ARGstr(plain(a, (double)n->total, 0)), ARGstr(n->period),
            ARGstr(plain(a, (double)n->children, 0)));
    for (int b = 0; b < AGE_BANDS; b++)
        buf_fmt(out, "  %-12s %8" PRIstr "\n", age_band_words[b],
                ARGstr(plain(a, (double)n->band[b], 0)));
}

// "10%" once a domain is within it, "-" when it is not published, nothing when less deprived.
static const char *mark(const struct reading *r)
{
    static const char *const of[BANDS + 1] = {"-", "10%", "20%", "30%", "", ""};
    return r->status == READING_ABSENT ? "?" : of[r->band];
}

static void put_line(const struct profile *p, const struct small_area *s, int e, struct buf *out)
{
    buf_fmt(out, "  %-10" PRIstr " %-22" PRIstr, ARGstr(s->code), ARGstr(s->name));
    for (int k = 0; k < THRESHOLDS; k++)
        buf_fmt(out, " %4d", s->coincide[e].n[k]);
    if (s->children.status == COUNT_PUBLISHED || s->children.status == COUNT_SUMMED)
        buf_fmt(out, " %8lld ", (long long)s->children.n);
    else
        buf_fmt(out, " %8s ", "-");
    for (int d = 0; d < DOMAINS_SHOWN; d++)
        if (p->has_domain[d])
            buf_fmt(out, " %-10s", mark(&s->reading[e][d]));
    buf_byte(out, '\n');
}

static void put_edition(const struct profile *p, int e, struct buf *out)
{
    const struct edition *ed = &p->edition[e];
    buf_fmt(out, "\nMultiple inequalities: Indices of Deprivation %lld", (long long)ed->year);
    if (ed->rank_of)
        buf_fmt(out, " (%lld small areas of %lld)", (long long)ed->rank_of, (long long)ed->vintage);
    buf_fmt(out, "\n  %-10s %-22s %4s %4s %4s %8s ", "", "", "10%", "20%", "30%", "children");
    for (int d = 0; d < DOMAINS_SHOWN; d++)
        if (p->has_domain[d])
            buf_fmt(out, " %-10s", domain_short((enum domain)d));
    buf_byte(out, '\n');
    for (size_t i = 0; i < p->n_small; i++)
        if (p->small[i].coincide[e].known)
            put_line(p, &p->small[i], e, out);
    for (size_t i = 0; i < p->n_before; i++)
        if (p->before[i].coincide[e].known)
            put_line(p, &p->before[i], e, out);
}

static void put_sentence(const struct profile *p, struct buf *out)
{
    const struct profile_facts *f = &p->facts;
    if (f->edition < 0)
        return;
    buf_fmt(out,
            "\n  The first three columns count the seven main domains that are among the most "
            "deprived of England.\n  In %d of %d small areas two or more of the seven are in the "
            "most deprived 10%%, in %d in the most deprived 20%%, in %d in the most deprived "
            "30%%.\n",
            f->two_or_more[0], f->small_areas, f->two_or_more[1], f->two_or_more[2]);
}

static void put_compare(struct arena *a, const struct profile *p, struct buf *out)
{
    if (!p->n_editions)
        return;
    buf_fmt(out, "\nSmall areas among the most deprived 20%% of England, %lld\n",
            (long long)p->edition[0].year);
    for (int d = 0; d < DOMAINS_SHOWN; d++) {
        if (!p->has_domain[d])
            continue;
        buf_fmt(out, "  %-34s", domain_title((enum domain)d));
        for (int c = 0; c < COMPARATORS; c++) {
            const struct comparison *with = &p->compare[c];
            const struct share *s = &with->share[0][d];
            if (with->known && s->n)
                buf_fmt(out, "  %" PRIstr " %d of %d (%" PRIstr "%%)", ARGstr(with->name), s->in[1],
                        s->n, ARGstr(plain(a, share_percent(s, 1), 0)));
        }
        buf_c(out, "  England 20%\n");
    }
}

static void put_crime(struct arena *a, const struct profile *p, struct buf *out)
{
    const struct profile_crime *c = &p->crime;
    if (!c->known)
        return;
    buf_fmt(out, "\nCrime recorded by the police: %" PRIstr "\n",
            ARGstr(plain(a, (double)c->total, 0)));
    for (size_t i = 0; i < c->n_months; i++) {
        buf_fmt(out, "  %-16" PRIstr, ARGstr(month_words(a, c->month[i].month)));
        if (c->month[i].known)
            buf_fmt(out, " %8" PRIstr "\n", ARGstr(plain(a, (double)c->month[i].n, 0)));
        else
            buf_c(out, " not known\n");
    }
}

static void put_families(struct arena *a, const struct profile *p, struct buf *out)
{
    for (size_t i = 0; i < p->n_families; i++) {
        const struct profile_family *f = &p->family[i];
        buf_fmt(out, "\n%" PRIstr " (%" PRIstr ", %" PRIstr ")\n", ARGstr(f->title),
                ARGstr(f->unit), ARGstr(f->period));
        for (size_t k = 0; k < f->n; k++)
            if (f->figure[k].published)
                buf_fmt(out, "  %8" PRIstr " %6" PRIstr "%%  %" PRIstr "\n",
                        ARGstr(plain(a, f->figure[k].value, 0)),
                        ARGstr(plain(a, f->total > 0 ? 100 * f->figure[k].value / f->total : 0, 1)),
                        ARGstr(f->figure[k].title));
            else
                buf_fmt(out, "  not published    %" PRIstr "\n", ARGstr(f->figure[k].title));
    }
}

static void put_ends(struct arena *a, const struct profile *p, struct buf *out)
{
    if (p->n_notes)
        buf_c(out, "\nTo know\n");
    for (size_t i = 0; i < p->n_notes; i++)
        buf_fmt(out, "  - %" PRIstr "\n", ARGstr(profile_note_words(a, &p->note[i])));
    if (p->n_sources)
        buf_c(out, "\nSources\n");
    for (size_t i = 0; i < p->n_sources; i++)
        buf_fmt(out, "  - %" PRIstr ", %" PRIstr " (%" PRIstr "). %" PRIstr ". %" PRIstr "\n",
                ARGstr(p->source[i].title), ARGstr(p->source[i].publisher),
                ARGstr(p->source[i].date), ARGstr(p->source[i].licence),
                ARGstr(p->source[i].attribution));
}

void profile_text(struct arena *a, const struct profile *p, struct buf *out)
{
    put_head(p, out);
    put_people(a, p, out);
    for (int e = 0; e < p->n_editions; e++)
        put_edition(p, e, out);
    put_sentence(p, out);
    put_compare(a, p, out);
    put_crime(a, p, out);
    put_families(a, p, out);
    put_ends(a, p, out);
}
