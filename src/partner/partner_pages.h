// SPDX-License-Identifier: AGPL-3.0-or-later
// What the pages of the partnership are made of; for partner.tmpl and the handlers only.
#ifndef PARTNER_PARTNER_PAGES_H
#define PARTNER_PARTNER_PAGES_H

#include "base/base.h"
#include "partner/partner.h"

// The public page: partners of today first (`current` of them), then the others.
struct partners_view {
    const struct partner *partner;
    size_t n;
    size_t current;
    const struct partner_event *event;
    size_t n_event;
    date on;
};

struct partner_view {
    struct organisation org;
    struct org_role *role;
    struct org_identifier *identifier;
    str *alias;
    size_t n_role, n_identifier, n_sound, n_alias;
    bool has_web;
    url web;
    date on;
};

struct team_partners_view {
    const struct partner *partner;
    size_t n;
    const struct form *form;
    bool searched;
    const struct organisation *found;
    size_t n_found, limit;
    date on;
};

struct team_partner_view {
    struct organisation org;
    struct org_role *role; // removed ones as well
    struct org_identifier *identifier;
    struct organisation_version *version;
    size_t n_role, n_identifier, n_version;
    // Of the three forms one may have been sent; `wrong` is that one.
    const struct form *facts, *role_form, *id_form, *wrong;
    date on;
};

// Numbers for addresses.
str org_id_number(struct arena *a, organisation_id id);
str org_role_number(struct arena *a, org_role_id id);

const char *org_role_many(struct arena *a, str word);
const char *org_scheme_title(struct arena *a, str scheme);
// "Millbrook Council, Weld Valley Police and The Hub".
str names_joined(struct arena *a, const struct partner_event *e);
// The words and translated titles of a list for select_field, at most `max`; how many there are.
size_t words_split(const struct page *pg, const struct partner_word *v, size_t n, const char **word,
                   const char **title, size_t max);
size_t schemes_split(const struct page *pg, const char **word, const char **title, size_t max);

#endif
