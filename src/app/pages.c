// SPDX-License-Identifier: AGPL-3.0-or-later
// Plain pages: privacy, accessibility, how to take part, where the figures come from, the source.
#include "base/base.h"
#include "app/app.h"
#include "app/pages_tmpl.h"
#include "partner/partner.h"
#include "place/import.h"

static err privacy_get(struct req *r)
{
    privacy_page(req_page(r, 200));
    return NULL;
}

static err accessibility_get(struct req *r)
{
    accessibility_page(req_page(r, 200));
    return NULL;
}

static err take_part_get(struct req *r)
{
    struct db_tx *tx;
    struct partner *v;
    size_t n;
    TRY(req_public(r, &tx));
    TRY(partner_list(tx, r->a, date_of_ms(r->now_ms), &v, &n));
    take_part_page(req_page(r, 200), n > 0);
    return NULL;
}

static err figures_get(struct req *r)
{
    struct db_tx *tx;
    struct import_row *v;
    struct register_import *o;
    size_t n, n_o;
    TRY(req_public(r, &tx));
    TRY(import_list(tx, r->a, &v, &n));
    TRY(register_imports(tx, r->a, &o, &n_o));
    figures_page(req_page(r, 200), v, n, o, n_o);
    return NULL;
}

static err source_get(struct req *r)
{
    source_page(req_page(r, 200), r->site->opts.source);
    return NULL;
}

// Search engines may read what the public reads.
static err robots_get(struct req *r)
{
    req_file(r, "text/plain; charset=utf-8", STR_NONE);
    buf_c(&r->out, "User-agent: *\nDisallow: /team\nDisallow: /me\nDisallow: /sign-in\n"
                   "Disallow: /set-up\n");
    return NULL;
}

const struct route page_routes[] = {
    {GET, "/privacy", MAY_EVERYONE, privacy_get, NULL, "Read what is kept about whom",
     ROUTE_CACHED | ROUTE_BEFORE_SETUP, 0, NULL},
    {GET, "/accessibility", MAY_EVERYONE, accessibility_get, NULL, "Read what should work for you",
     ROUTE_CACHED | ROUTE_BEFORE_SETUP, 0, NULL},
    {GET, "/take-part", MAY_EVERYONE, take_part_get, NULL, "See how to take part", ROUTE_CACHED, 0,
     NULL},
    {GET, "/figures", MAY_EVERYONE, figures_get, NULL, "See where the figures come from",
     ROUTE_CACHED, 0, NULL},
    {GET, "/source", MAY_EVERYONE, source_get, NULL, "Get the source of this program",
     ROUTE_CACHED | ROUTE_BEFORE_SETUP, 0, NULL},
    {GET, "/robots.txt", MAY_EVERYONE, robots_get, NULL, "Tell search engines what to read",
     ROUTE_CACHED | ROUTE_BEFORE_SETUP, 0, NULL},
    {0},
};
