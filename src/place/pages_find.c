// SPDX-License-Identifier: AGPL-3.0-or-later
// "Where do I live?" A postcode goes in, the page of its small area comes out. The postcode is in
// no address, no log and no table: it lives as long as the request.
#include "base/base.h"
#include "place/area.h"
#include "place/find.h"
#include "place/find_tmpl.h"
#include "place/pages.h"
#include "place/pages_sql.h"
#include "place/pages_web.h"

const struct field find_fields[] = {
    {"postcode", "your postcode", FIELD_POSTCODE, true, 20, 0, NULL, false},
    {0},
};

err find_get(struct req *r)
{
    find_html(req_page(r, 200), &(struct find_page){.form = &r->form});
    return NULL;
}

static err refuse(struct req *r, const struct area *look, str why)
{
    struct find_page v = {.form = &r->form};
    form_refuse(&r->form, "postcode", why);
    if (look) {
        v.code = look->code;
        v.name = look->name;
    }
    find_html(req_page(r, 422), &v);
    return NULL;
}

// The small area of a postcode: the file's own code, of the newest census first; else the area the
// place lies in, which is a guess.
static err small_area_of(struct db_tx *tx, struct arena *a, const struct postcode_row *p,
                         struct area *ret, bool *ret_found, bool *ret_guess)
{
    const str code[] = {p->lsoa21, p->lsoa11};
    *ret_guess = p->by_position;
    *ret_found = false;
    for (size_t i = 0; i < countof(code) && !*ret_found; i++)
        if (code[i].n)
            TRY(area_find(tx, a, code[i], ret, ret_found));
    if (*ret_found || !p->placed)
        return NULL;
    *ret_guess = true;
    return area_at(tx, a, STR("lsoa"), 0, (point){p->lon, p->lat}, ret, ret_found);
}

static err unknown(struct req *r, struct db_tx *tx, str shown)
{
    struct q_postcodes_any any;
    bool found;
    TRY(q_postcodes_any_one(tx, r->a, &any, &found));
    if (!found)
        return refuse(r, NULL,
                      STR("Postcodes are not loaded here yet. Choose your area from the list"));
    return refuse(r, NULL,
                  str_fmt(r->a,
                          "We do not know %" PRIstr ". Check it, or choose your area from the list",
                          ARGstr(shown)));
}

static err nowhere(struct req *r, const struct postcode_row *p, str shown)
{
    if (!p->placed && p->lsoa21.n == 0 && p->lsoa11.n == 0)
        return refuse(r, NULL,
                      str_fmt(r->a,
                              "%" PRIstr " has no place on the map. Choose your area from the list",
                              ARGstr(shown)));
    return refuse(
        r, NULL,
        str_fmt(r->a, "%" PRIstr " is outside the areas that are loaded here", ARGstr(shown)));
}

static err lead_to(struct req *r, const struct postcode_row *p, const struct area *at, bool guess)
{
    str to = url_path(r->a, "/areas/{}", at->code).s;
    str how = guess ? STR("?found=position") : STR("?found=1");
    str ward = p->ward.n ? str_fmt(r->a, "&ward=%" PRIstr, ARGstr(p->ward)) : STR("");
    req_redirect(
        r, str_fmt(r->a, "%" PRIstr "%" PRIstr "%" PRIstr, ARGstr(to), ARGstr(how), ARGstr(ward)));
    return NULL;
}

err find_post(struct req *r)
{
    postcode typed;
    if (r->form.n_problems)
        return find_html(req_page(r, 422), &(struct find_page){.form = &r->form}), NULL;
    if (!postcode_parse(req_field(r, "postcode"), &typed))
        return refuse(r, NULL, STR("This does not look like a postcode. One looks like AB1 2CD"));
    struct db_tx *tx;
    struct postcode_row p;
    struct area at;
    bool found, guess;
    str shown = postcode_shown(r->a, &typed);
    TRY(req_public(r, &tx));
    TRY(postcode_find(tx, r->a, postcode_key(&typed), &p, &found));
    if (!found)
        return unknown(r, tx, shown);
    TRY(small_area_of(tx, r->a, &p, &at, &found, &guess));
    if (!found)
        return nowhere(r, &p, shown);
    if (p.terminated)
        return refuse(r, &at,
                      str_fmt(r->a, "%" PRIstr " has not been in use since %" PRIstr ".",
                              ARGstr(shown), ARGstr(month_words(r->a, p.terminated))));
    return lead_to(r, &p, &at, guess);
}
