// SPDX-License-Identifier: AGPL-3.0-or-later
// Passwords in the browser: how often one may be tried, what is good enough, and changing one's
// own.
#include "base/base.h"
#include "people/people_pages.h"
#include "people/people_tmpl.h"
#include "store/audit.h"
#include "web/throttle.h"

enum {
    TRIES_ACCOUNT = 10,
    TRIES_ADDRESS = 30,
    TRIES_ALL = 600,
    WINDOW_MS = 5 * 60 * 1000,
};

const struct field password_fields[] = {
    {"old", "your password", FIELD_PASSWORD, true, 200, 0, NULL, false},
    {"password", "a new password", FIELD_PASSWORD, true, 200, PASSWORD_MIN, NULL, false},
    {"again", "the new password again", FIELD_PASSWORD, true, 200, 0, NULL, false},
    {0},
};

static str login_key(struct req *r, str login)
{
    return str_fmt(r->a, "login %" PRIstr, ARGstr(str_lower(r->a, login)));
}

bool password_may_try(struct req *r, str login)
{
    struct throttle *t = r->site->throttle;
    str by_address = str_fmt(r->a, "address %" PRIstr, ARGstr(r->address));
    int64_t wait = 0;
    if (throttle_allow(t, STR("all"), TRIES_ALL, WINDOW_MS, r->now_ms, &wait) &&
        throttle_allow(t, by_address, TRIES_ADDRESS, WINDOW_MS, r->now_ms, &wait) &&
        throttle_allow(t, login_key(r, login), TRIES_ACCOUNT, WINDOW_MS, r->now_ms, &wait))
        return true;
    req_header(r, "Retry-After", str_fmt(r->a, "%lld", (long long)(wait / 1000 + 1)));
    req_error(r, 429, STR(""));
    return false;
}

void password_was_right(struct req *r, str login)
{
    throttle_forget(r->site->throttle, login_key(r, login));
}

void password_judge(struct req *r, const char *field, str login, str name)
{
    const char *weak = password_weakness(req_field(r, field), login, name);
    if (weak && str_is_none(form_problem(&r->form, field)))
        form_refuse(&r->form, field, str_c(weak));
}

// ---- changing one's own -----------------------------------------------------------------------

struct change {
    str old_hash, new_hash;
};

static err password_show(struct req *r, int status)
{
    password_page(req_page(r, status), &r->form);
    return NULL;
}

err password_get(struct req *r)
{
    return password_show(r, 200);
}

static err password_write(struct db_tx *tx, struct req *r)
{
    const struct change *c = r->ctx;
    TRY(account_set_password(tx, r->actor, c->old_hash, c->new_hash));
    // This browser too gets a new token: nobody may hold a copy of the old one.
    TRY(session_give(tx, r, r->actor->account));
    req_redirect(r, STR("/me"));
    req_flash(r, STR("Your password is changed. You are signed out everywhere else."));
    return audit_add(tx, r->now_ms, r->actor, STR("password changed"),
                     str_fmt(tx->a, "account:%lld", (long long)r->actor->account.v), STR(""));
}

static void judge_new(struct req *r, const struct account *who)
{
    str password = req_field(r, "password");
    password_judge(r, "password", who->login, who->name);
    if (str_eq(password, req_field(r, "old")) && str_is_none(form_problem(&r->form, "password")))
        form_refuse(&r->form, "password", STR("This is the password you have now. Use another."));
    if (!str_eq(password, req_field(r, "again")) && str_is_none(form_problem(&r->form, "again")))
        form_refuse(&r->form, "again",
                    STR("The two new passwords are not the same. Write both again."));
}

err password_post(struct req *r)
{
    struct change *c = arena_new(r->a, struct change);
    struct db_tx *tx;
    struct account who;
    TRY(req_tx(r, &tx));
    TRY(account_own(tx, r->actor, r->a, &who, &c->old_hash));
    db_read_end(tx); // what follows takes a tenth of a second, twice
    r->tx = NULL;
    judge_new(r, &who);
    if (r->form.n_problems)
        return password_show(r, 422);
    if (!password_may_try(r, who.login))
        return NULL;
    if (!password_ok(c->old_hash, req_field(r, "old"))) {
        form_refuse(&r->form, "old", STR("This is not your password. Write it again."));
        return password_show(r, 422);
    }
    password_was_right(r, who.login);
    TRY(password_hash(r->a, req_field(r, "password"), &c->new_hash));
    r->ctx = c;
    return req_write(r, password_write);
}
