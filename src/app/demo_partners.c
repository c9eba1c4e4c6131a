// SPDX-License-Identifier: AGPL-3.0-or-later
// The organisations of the demonstration town. None of them exists; names and identifiers are
// invented, web addresses are under .example, which nobody can register.
#include "base/base.h"
#include "app/demo.h"
#include "partner/partner.h"
#include "place/demo.h"

static const struct invented {
    const char *name, *kind, *about, *web, *area_code, *identifier;
    const char *role, *starts, *ends; // ends: "" while it goes on
    const char *role2, *starts2;      // a second role, or NULL
} invented[] = {
    {"Millbrook City Council", "council",
     "Runs the city's housing, parks and community centres. It asked the others to work together.",
     "https://millbrook.example", "E07990001", "GB-LAE-QXM", "founding", "2018-03-01", "", "funder",
     "2019-04-01"},
    {"Millshire County Council", "council",
     "Looks after schools, social care and roads in the whole county.", "https://millshire.example",
     NULL, "GB-LAE-QXS", "founding", "2018-03-01", "", NULL, NULL},
    {"Millshire Police", "police",
     "Neighbourhood officers for the four wards. They see only what the public sees here.",
     "https://police.millshire.example", NULL, NULL, "founding", "2018-03-01", "", NULL, NULL},
    {"The Hub", "charity",
     "Knocks on doors, runs the public living room and the weekly lunches, and trains "
     "professionals to see the whole system.",
     "https://hub.millbrook.example", NULL, "GB-CHC-9900001", "delivery", "2019-01-01", "", NULL,
     NULL},
    {"Lark Rise Primary School", "school",
     "Opens its hall after school and brings parents together.", NULL, NULL, "GB-EDU-990001",
     "partner", "2019-03-01", "", NULL, NULL},
    {"Active Millbrook", "charity", "Sport and summer activities for children and young people.",
     "https://active.millbrook.example", NULL, "GB-CHC-9900002", "partner", "2019-04-01", "", NULL,
     NULL},
    {"Hollin Bank Tenants and Residents", "community",
     "Neighbours who look after the green and speak up for the estate.", NULL, NULL, NULL,
     "partner", "2019-06-01", "", "host", "2020-02-01"},
    {"Millbrook Learning Trust", "charity",
     "Looked at what changed in the first years, together with residents.", NULL, NULL, NULL,
     "evaluation", "2019-09-01", "2022-09-01", NULL, NULL},
};

static err add_role(struct db_tx *tx, organisation_id id, const char *role, const char *starts,
                    const char *ends)
{
    date from, to = DATE_NONE;
    org_role_id made;
    ASSERT(date_parse(str_c(starts), &from));
    ASSERT(!*ends || date_parse(str_c(ends), &to));
    return org_role_add(tx, id, str_c(role), from, to, &made);
}

static err add_organisation(struct db_tx *tx, const struct invented *x)
{
    organisation_id id;
    struct organisation o = {.name = str_c(x->name),
                             .kind = str_c(x->kind),
                             .about = str_c(x->about),
                             .web = str_c(x->web),
                             .area_code = str_c(x->area_code)};
    TRY(organisation_add(tx, &o, DEMO_NOW_MS, &id));
    if (x->identifier) {
        struct org_id i = org_id_read(tx->a, str_c(x->identifier));
        ASSERT(i.sound);
        TRY(organisation_identify(tx, id, &i));
    }
    TRY(add_role(tx, id, x->role, x->starts, x->ends));
    return x->role2 ? add_role(tx, id, x->role2, x->starts2, "") : NULL;
}

err demo_partners(struct db_tx *tx)
{
    for (size_t i = 0; i < countof(invented); i++)
        TRY(add_organisation(tx, &invented[i]));
    return NULL;
}
