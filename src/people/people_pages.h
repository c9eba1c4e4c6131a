// SPDX-License-Identifier: AGPL-3.0-or-later
// What the pages of this slice are made of; for people.tmpl and the handlers only.
#ifndef PEOPLE_PEOPLE_PAGES_H
#define PEOPLE_PEOPLE_PAGES_H

#include "base/base.h"
#include "people/people.h"

struct accounts_view {
    const struct form *form; // of the two on the page one may have been sent
    const struct account *account;
    size_t n;
    const char **role, **role_title; // that may be given
    size_t n_role;
    const char **closed, **closed_title; // login names, and whose they are
    size_t n_closed;
};

// ---- handlers ---------------------------------------------------------------------------------

extern const struct field account_fields[], login_field[], password_fields[], reopen_fields[];
handler accounts_get, accounts_post, close_post, reopen_post; // people_team.c
handler password_get, password_post;                          // people_password.c

// ---- what signing in and changing a password share --------------------------------------------

// May this login's password be tried once more? Counts the try. Three limits, none of them a lock:
// the login's, the address's, and everybody's. false: the answer (429) is made.
MUST_USE bool password_may_try(struct req *r, str login);
// The password was right: the login's tries are forgotten.
void password_was_right(struct req *r, str login);
// Notes at the field what is wrong with the password in it, when nothing is noted there yet.
void password_judge(struct req *r, const char *field, str login, str name);
// Begins a session and gives its token to the browser that asks.
MUST_USE err session_give(struct db_tx *tx, struct req *r, account_id who);

#endif
