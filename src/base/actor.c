// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "base/actor.h"

static const struct {
    const char *word, *title;
} roles[ROLE_COUNT] = {
    [ROLE_PUBLIC] = {"public", "public"},
    [ROLE_RESIDENT] = {"resident", "resident"},
    [ROLE_PANEL] = {"panel", "panel member"},
    [ROLE_POLICE] = {"police", "police partner"},
    [ROLE_PARTNER] = {"partner", "partner professional"},
    [ROLE_OUTREACH] = {"outreach", "outreach worker"},
    [ROLE_EVALUATOR] = {"evaluator", "evaluator"},
    [ROLE_COORDINATOR] = {"coordinator", "coordinator"},
};

const struct actor actor_public = {.role = ROLE_PUBLIC, .name = {"public", 6}};

const char *role_title(enum role r)
{
    ASSERT(r < ROLE_COUNT);
    return roles[r].title;
}

const char *role_word(enum role r)
{
    ASSERT(r < ROLE_COUNT);
    return roles[r].word;
}

bool role_parse(str word, enum role *ret)
{
    for (int i = 0; i < ROLE_COUNT; i++)
        if (str_eq(word, str_c(roles[i].word))) {
            *ret = (enum role)i;
            return true;
        }
    return false;
}
