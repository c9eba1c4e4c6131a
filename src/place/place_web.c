// SPDX-License-Identifier: AGPL-3.0-or-later
// The public pages of places. What they show stands in pages_*.c and the templates beside them.
#include "base/base.h"
#include "place/pages_web.h"
#include "place/place.h"
#include "web/req.h"

// The zone is there in every town.
#define SAMPLE "zone"

const struct route place_routes[] = {
    {GET, "/", MAY_EVERYONE, home_get, NULL, "See the zone", ROUTE_CACHED, 0, NULL},
    {GET, "/areas", MAY_EVERYONE, areas_get, areas_fields, "Look for an area", ROUTE_CACHED, 0,
     NULL},
    {GET, "/areas/:code", MAY_EVERYONE, area_get, area_fields, "See what is known about an area",
     ROUTE_CACHED, 0, SAMPLE},
    {GET, "/areas/:code/present", MAY_EVERYONE, area_present_get, area_fields,
     "Present an area to a room", ROUTE_CACHED, 0, SAMPLE},
    {GET, "/areas/:code/print", MAY_EVERYONE, area_print_get, area_fields,
     "Print an area on one page", ROUTE_CACHED, 0, SAMPLE},
    {GET, "/areas/:code/crime", MAY_EVERYONE, area_crime_get, crime_fields,
     "See the newest crimes of an area", ROUTE_CACHED, 0, SAMPLE},
    {GET, "/find", MAY_EVERYONE, find_get, NULL, "Find your area by postcode", ROUTE_CACHED, 0,
     NULL},
    // Cached in name only, since a POST never is: so that asking leaves no cookie behind.
    {POST, "/find", MAY_EVERYONE, find_post, find_fields, "Find your area by postcode",
     ROUTE_READS_ONLY | ROUTE_CACHED, 0, NULL},
    {0},
};
