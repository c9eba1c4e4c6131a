// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "place/place.h"
#include "web/layout_tmpl.h"
#include "web/req.h"

static err home_get(struct req *r)
{
    struct page *pg = req_page(r, 200);
    site_top(pg, STR("Home"));
    site_bottom(pg);
    return NULL;
}

const struct route place_routes[] = {
    {GET, "/", MAY_EVERYONE, home_get, NULL, "See the zone", ROUTE_CACHED, 0, NULL},
    {0},
};
