// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "app/slices.h"
#include "app/app.h"
#include "app/demo.h"
#include "app/upkeep.h"
#include "field/field.h"
#include "field/field_sql.h"
#include "partner/partner.h"
#include "partner/partner_sql.h"
#include "people/people.h"
#include "people/people_sql.h"
#include "place/place.h"
#include "place/area_sql.h"
#include "place/population_sql.h"
#include "place/crime_sql.h"
#include "place/figure_sql.h"
#include "place/import_sql.h"
#include "place/iod_sql.h"
#include "place/mapping_sql.h"
#include "place/pages_sql.h"
#include "place/postcodes_sql.h"
#include "place/profile_sql.h"
#include "place/upload_sql.h"
#include "place/zone_pages_sql.h"
#include "place/zone_sql.h"
#include "store/store_sql.h"

const struct route *const all_routes[] = {
    app_routes,   page_routes,      team_routes,   place_routes,   download_routes,
    zone_routes,  import_routes,    people_routes, partner_routes, partner_team_routes,
    field_routes, field_app_routes, NULL,
};

const struct field_kind *const all_field_kinds[] = {NULL};

const struct command *const all_commands[] = {
    app_commands,     demo_commands,   upkeep_commands,  place_commands, import_commands,
    profile_commands, people_commands, partner_commands, NULL,
};

const struct sql_stmt *const *const all_statements[] = {
    store_sql_all,     zone_sql_all,       import_sql_all,
    iod_sql_all,       figure_sql_all,     mapping_sql_all,
    upload_sql_all,    area_sql_all,       population_sql_all,
    profile_sql_all,   pages_sql_all,      people_sql_all,
    partner_sql_all,   zone_pages_sql_all, crime_sql_all,
    postcodes_sql_all, field_sql_all,      NULL,
};
