// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "app/app.h"
#include "app/team.h"
#include "app/team_tmpl.h"
#include "partner/partner.h"
#include "people/people.h"
#include "place/area.h"
#include "place/import.h"
#include "place/place.h"

enum { MAY_MAX = 5 };

static const struct {
    const char *duty;
    const char *may[MAY_MAX + 1];
} roles[ROLE_COUNT] = {
    [ROLE_COORDINATOR] =
        {N_("You look after the zone."),
         {N_("Say what the zone is called, which question it shares and which areas it is made "
             "of."),
          N_("Load data, look at what is wrong with a file, and take a load back."),
          N_("Say who works on this together, and since when."),
          N_("Give people accounts, close them, and open them again."), NULL}},
    [ROLE_OUTREACH] =
        {N_("You are at people’s doors."),
         {N_("Show the pages of an area to a room: open them once, and presenting works without a "
             "connection."),
          N_("Print an area on one sheet and take it along."),
          N_("Notes about visits are not part of Doorstep yet. Keep them as you do now."), NULL}},
    [ROLE_EVALUATOR] =
        {N_("You look at what changes."),
         {N_("See every figure with its source, date and number of people."),
          N_("Take an area’s figures with you as a table, with a description of each column."),
          N_("You change nothing here. Tell the coordinator which data is missing."), NULL}},
    [ROLE_PARTNER] = {N_("Your organisation works on this with others."),
                      {N_("See what the public sees: the areas, the figures, the partners."),
                       N_("You do not see people, or what people said."), NULL}},
    [ROLE_POLICE] =
        {N_("Your force works on this with others."),
         {N_("See totals and what the public sees: the areas, the figures, the partners."),
          N_("You never see people, what people said, or who knows whom. That is a "
             "promise to the people who live here."),
          NULL}},
    [ROLE_PANEL] =
        {N_("You will help to decide about grants."),
         {N_("See what the public sees: the areas, the figures, the partners."),
          N_("Grants are not part of Doorstep yet. The coordinator tells you when they are."),
          NULL}},
    [ROLE_RESIDENT] =
        {N_("Thank you for being here."),
         {N_("See what the public sees: the areas, the figures, the partners."),
          N_("You need no account to take part. Yours is only for meetings that ask for "
             "one."),
          NULL}},
};

// How many of the files loaded are of these families.
static int64_t loaded(const struct import_row *v, size_t n, str family_begins)
{
    int64_t k = 0;
    for (size_t i = 0; i < n; i++)
        k += str_starts(v[i].family, family_begins);
    return k;
}

static void add_step(struct team_view *v, struct team_step s)
{
    s.done = s.done || s.count > 0;
    v->step[v->n_step++] = s;
    v->n_done += s.done;
}

// What a new zone needs, in the order in which one thing rests on the other.
static err coordinator_steps(struct req *r, struct team_view *v)
{
    struct db_tx *tx;
    struct layer *layer;
    struct import_row *import;
    struct zone_area *area;
    struct partner *partner;
    struct account *account;
    size_t n_layer, n_import, n_area, n_partner, n_account;
    int64_t open = 0;
    date today = date_of_ms(r->now_ms);
    TRY(req_tx(r, &tx));
    TRY(layer_list(tx, r->a, &layer, &n_layer));
    TRY(import_list(tx, r->a, &import, &n_import));
    TRY(zone_areas(tx, r->a, today, &area, &n_area));
    TRY(partner_list(tx, r->a, today, &partner, &n_partner));
    TRY(account_list(tx, r->actor, r->a, &account, &n_account));
    for (size_t i = 0; i < n_account; i++)
        open += !account[i].disabled;
    add_step(v, (struct team_step){N_("Load borders"), N_("Wards and small areas (LSOAs)."),
                                   "/team/imports", N_("Kinds of areas"), (int64_t)n_layer, false});
    add_step(v, (struct team_step){N_("Load the Indices of Deprivation"),
                                   N_("They show where disadvantages pile up."), "/team/imports",
                                   N_("Files"), loaded(import, n_import, STR("iod")), false});
    add_step(v, (struct team_step){N_("Load the population"),
                                   N_("So that every figure says how many people it is about."),
                                   "/team/imports", N_("Files"),
                                   loaded(import, n_import, STR("population")), false});
    add_step(v, (struct team_step){N_("Choose the areas of the zone"),
                                   N_("From then on the first page shows their map."), "/team/zone",
                                   N_("Areas"), (int64_t)n_area, false});
    add_step(v,
             (struct team_step){N_("Name the partners"), N_("Who works on this, and since when."),
                                "/team/partners", N_("Organisations"), (int64_t)n_partner, false});
    add_step(v, (struct team_step){N_("Invite your team"),
                                   N_("Everybody gets an account and a role of their own."),
                                   "/team/accounts", N_("Accounts"), 0, open > 1});
    v->step[v->n_step - 1].count = open;
    return NULL;
}

static err team_get(struct req *r)
{
    struct team_view v = {
        .actor = r->actor, .duty = roles[r->actor->role].duty, .may = roles[r->actor->role].may};
    if (r->actor->role == ROLE_COORDINATOR)
        TRY(coordinator_steps(r, &v));
    team_page(req_page(r, 200), &v);
    return NULL;
}

const struct route team_routes[] = {
    {GET, "/team", MAY_SIGNED_IN, team_get, NULL, "See what you may do and what there is to do", 0,
     0, NULL},
    {0},
};
