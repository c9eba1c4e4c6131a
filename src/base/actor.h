// SPDX-License-Identifier: AGPL-3.0-or-later
// Who is asking. A function that returns personal data takes `const struct actor *`; one without it
// can only return public or treated figures.
#ifndef BASE_ACTOR_H
#define BASE_ACTOR_H

#include "base/base.h"
#include "base/ids.h"
#include "base/str.h"

enum role {
    ROLE_PUBLIC, // nobody in particular
    ROLE_RESIDENT,
    ROLE_PANEL,
    ROLE_POLICE, // a police partner sees what the public sees, and partnership papers
    ROLE_PARTNER,
    ROLE_OUTREACH,
    ROLE_EVALUATOR,
    ROLE_COORDINATOR,
    ROLE_COUNT,
};

// Sets of roles, for route and command tables.
#define MAY(role)       (1u << (role))
#define MAY_EVERYONE    (MAY(ROLE_COUNT) - 1)
#define MAY_COORDINATOR MAY(ROLE_COORDINATOR)
#define MAY_TEAM        (MAY(ROLE_COORDINATOR) | MAY(ROLE_OUTREACH) | MAY(ROLE_EVALUATOR))
#define MAY_SIGNED_IN   (MAY_EVERYONE & ~MAY(ROLE_PUBLIC))

struct actor {
    enum role role;
    account_id account; // 0 for the public
    session_id session;
    str name;
};

// "outreach worker", as pages say it, and "outreach", as the database and command line do.
const char *role_title(enum role r);
const char *role_word(enum role r);
MUST_USE bool role_parse(str word, enum role *ret);

extern const struct actor actor_public;

#endif
