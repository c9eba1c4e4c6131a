// SPDX-License-Identifier: AGPL-3.0-or-later
// The partnership as everybody sees it.
#include "base/base.h"
#include "partner/partner.h"
#include "partner/partner_pages.h"
#include "partner/partner_tmpl.h"

// ---- small helpers of the pages ---------------------------------------------------------------

str org_id_number(struct arena *a, organisation_id id)
{
    return str_fmt(a, "%lld", (long long)id.v);
}

str org_role_number(struct arena *a, org_role_id id)
{
    return str_fmt(a, "%lld", (long long)id.v);
}

const char *org_role_many(struct arena *a, str word)
{
    for (size_t i = 0; i < org_roles_n; i++)
        if (str_eq(str_c(org_roles[i].word), word))
            return org_roles[i].many;
    return str_z(a, word);
}

const char *org_scheme_title(struct arena *a, str scheme)
{
    for (size_t i = 0; i < org_schemes_n; i++)
        if (str_eq(str_c(org_schemes[i].id), scheme))
            return org_schemes[i].title;
    return str_z(a, scheme);
}

str names_joined(struct arena *a, const struct partner_event *e)
{
    struct buf b;
    buf_init(&b, a, 1 << 16);
    for (size_t i = 0; i < e->n_who; i++) {
        if (i)
            buf_c(&b, i + 1 == e->n_who ? " and " : ", ");
        buf_str(&b, e->who[i]->org.name);
    }
    return buf_text(&b);
}

size_t words_split(const struct page *pg, const struct partner_word *v, size_t n, const char **word,
                   const char **title, size_t max)
{
    ASSERT(n <= max);
    for (size_t i = 0; i < n; i++) {
        word[i] = v[i].word;
        title[i] = str_z(pg->a, page_words(pg, v[i].title));
    }
    return n;
}

size_t schemes_split(const struct page *pg, const char **word, const char **title, size_t max)
{
    ASSERT(org_schemes_n <= max);
    for (size_t i = 0; i < org_schemes_n; i++) {
        word[i] = org_schemes[i].id;
        title[i] =
            str_z(pg->a, str_fmt(pg->a, "%" PRIstr " (%s)",
                                 ARGstr(page_words(pg, org_schemes[i].title)), org_schemes[i].id));
    }
    return org_schemes_n;
}

// ---- pages ------------------------------------------------------------------------------------

static err partners_get(struct req *r)
{
    struct db_tx *tx;
    struct partner *v;
    struct partner_event *event;
    struct partners_view view = {.on = date_of_ms(r->now_ms)};
    TRY(req_public(r, &tx));
    TRY(partner_list(tx, r->a, view.on, &v, &view.n));
    while (view.current < view.n && v[view.current].current)
        view.current++;
    partner_timeline(r->a, v, view.n, &event, &view.n_event);
    view.partner = v;
    view.event = event;
    partners_page(req_page(r, 200), &view);
    return NULL;
}

static err not_a_partner(struct req *r)
{
    return err_new(r->a, ERR_NOT_FOUND, "No partner stands at this address.");
}

static err partner_get(struct req *r)
{
    struct db_tx *tx;
    struct partner_view v = {.on = date_of_ms(r->now_ms)};
    organisation_id id;
    bool found, any = false;
    if (!str_to_i64(r->param[0], &id.v))
        return not_a_partner(r);
    TRY(req_public(r, &tx));
    TRY(organisation_find(tx, r->a, id, &v.org, &found));
    TRY(organisation_roles(tx, r->a, id, &v.role, &v.n_role));
    for (size_t i = 0; i < v.n_role; i++)
        any = any || !v.role[i].removed;
    if (!found || v.org.off || !any)
        return not_a_partner(r);
    TRY(organisation_identifiers(tx, r->a, id, &v.identifier, &v.n_identifier));
    for (size_t i = 0; i < v.n_identifier; i++)
        v.n_sound += v.identifier[i].sound;
    TRY(organisation_aliases(tx, r->a, id, &v.alias, &v.n_alias));
    v.has_web = v.org.web.n && url_check(r->a, v.org.web, &v.web);
    partner_page(req_page(r, 200), &v);
    return NULL;
}

const struct route partner_routes[] = {
    {GET, "/partners", MAY_EVERYONE, partners_get, NULL, "See who works on this together",
     ROUTE_CACHED, 0, NULL},
    {GET, "/partners/:id", MAY_EVERYONE, partner_get, NULL, "See one partner", ROUTE_CACHED, 0,
     "1"},
    {0},
};
