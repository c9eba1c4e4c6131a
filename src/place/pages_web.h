// SPDX-License-Identifier: AGPL-3.0-or-later
// The handlers of the public pages, for the route table in place_web.c.
#ifndef PLACE_PAGES_WEB_H
#define PLACE_PAGES_WEB_H

#include "base/base.h"
#include "web/req.h"

extern const struct field area_fields[], areas_fields[], find_fields[], crime_fields[];

err home_get(struct req *r);
err areas_get(struct req *r);
err area_get(struct req *r);
err area_present_get(struct req *r);
err area_print_get(struct req *r);
err area_crime_get(struct req *r);
err find_get(struct req *r);
err find_post(struct req *r);

#endif
