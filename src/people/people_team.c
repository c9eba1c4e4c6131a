// SPDX-License-Identifier: AGPL-3.0-or-later
// The list of accounts: adding, closing, opening again. For the coordinator.
#include "base/base.h"
#include "people/people_pages.h"
#include "people/people_tmpl.h"
#include "store/audit.h"

#define STAFF_ROLES "coordinator|outreach|evaluator|partner|police|panel|resident"

const struct field account_fields[] = {
    {"name", "a name", FIELD_TEXT, true, 200, 0, NULL, false},
    {"login", "what they will sign in with", FIELD_TEXT, true, 200, 0, NULL, false},
    {"role", "a role", FIELD_CHOICE, true, 40, 0, STAFF_ROLES, false},
    {"password", "a password", FIELD_PASSWORD, true, 200, PASSWORD_MIN, NULL, false},
    {0},
};

const struct field login_field[] = {
    {"login", "the account", FIELD_TEXT, true, 200, 0, NULL, false},
    {0},
};

const struct field reopen_fields[] = {
    {"closed", "the account to open again", FIELD_TEXT, true, 200, 0, NULL, false},
    {"new_password", "a new password", FIELD_PASSWORD, true, 200, PASSWORD_MIN, NULL, false},
    {0},
};

// The closed accounts, as a list to choose from.
static void list_closed(struct req *r, struct accounts_view *v)
{
    v->closed = arena_new_array(r->a, v->n, const char *);
    v->closed_title = arena_new_array(r->a, v->n, const char *);
    for (size_t i = 0; i < v->n; i++) {
        const struct account *x = &v->account[i];
        if (!x->disabled)
            continue;
        v->closed[v->n_closed] = str_z(r->a, x->login);
        v->closed_title[v->n_closed++] =
            str_fmt(r->a, "%" PRIstr " (%" PRIstr ")", ARGstr(x->name), ARGstr(x->login)).p;
    }
}

static err accounts_show(struct req *r, int status)
{
    static const enum role offered[] = {ROLE_COORDINATOR, ROLE_OUTREACH, ROLE_EVALUATOR,
                                        ROLE_PARTNER,     ROLE_POLICE,   ROLE_PANEL,
                                        ROLE_RESIDENT};
    const char *word[countof(offered)], *title[countof(offered)];
    struct accounts_view v = {
        .form = &r->form, .role = word, .role_title = title, .n_role = countof(offered)};
    struct db_tx *tx;
    struct account *account;
    TRY(req_tx(r, &tx));
    TRY(account_list(tx, r->actor, r->a, &account, &v.n));
    v.account = account;
    list_closed(r, &v);
    struct page *pg = req_page(r, status);
    for (size_t i = 0; i < countof(offered); i++) {
        word[i] = role_word(offered[i]);
        title[i] = str_z(r->a, page_words(pg, role_title(offered[i])));
    }
    accounts_page(pg, &v);
    return NULL;
}

err accounts_get(struct req *r)
{
    return accounts_show(r, 200);
}

// An account that is about to be added, or opened again.
struct granting {
    struct account_new who;
    str hash;
};

static err done(struct db_tx *tx, struct req *r, str action, account_id id, str says)
{
    req_redirect(r, STR("/team/accounts"));
    req_flash(r, says);
    return audit_add(tx, r->now_ms, r->actor, action,
                     str_fmt(tx->a, "account:%lld", (long long)id.v), STR(""));
}

static err account_write(struct db_tx *tx, struct req *r)
{
    const struct granting *g = r->ctx;
    account_id id;
    TRY(account_add(tx, &g->who, g->hash, r->now_ms, &id));
    return done(tx, r, STR("account added"), id,
                STR("The account is there. They can sign in now."));
}

err accounts_post(struct req *r)
{
    str login = req_field(r, "login"), name = req_field(r, "name");
    password_judge(r, "password", login, name);
    if (r->form.n_problems)
        return accounts_show(r, 422);
    struct granting *g = arena_new(r->a, struct granting);
    g->who = (struct account_new){.login = login, .name = name};
    if (!role_parse(req_field(r, "role"), &g->who.role))
        return err_new(r->a, ERR_BUG, "The role passed the form's rule but is not one.");
    TRY(password_hash(r->a, req_field(r, "password"), &g->hash));
    r->ctx = g;
    return req_write(r, account_write);
}

static err close_write(struct db_tx *tx, struct req *r)
{
    str login = req_field(r, "login");
    struct account who;
    str hash;
    bool found;
    TRY(account_by_login(tx, tx->a, login, &who, &hash, &found));
    if (found && who.id.v == r->actor->account.v)
        return err_new(tx->a, ERR_CONFLICT,
                       "You cannot close your own account: nobody might be left to open it again.");
    TRY(account_disable(tx, login, r->now_ms));
    return done(tx, r, STR("account closed"), who.id,
                STR("The account is closed and signed out everywhere."));
}

err close_post(struct req *r)
{
    return r->form.n_problems ? accounts_show(r, 422) : req_write(r, close_write);
}

static err reopen_write(struct db_tx *tx, struct req *r)
{
    const struct granting *g = r->ctx;
    account_id id;
    TRY(account_reopen(tx, r->actor, g->who.login, g->hash, &id));
    return done(tx, r, STR("account opened again"), id,
                STR("The account is open again. They can sign in with the new password."));
}

// Their name, which their password must not hold; none when there is no such account.
static err name_behind(struct req *r, str login, str *ret)
{
    struct db_tx *tx;
    struct account *v;
    size_t n;
    TRY(req_tx(r, &tx));
    TRY(account_list(tx, r->actor, r->a, &v, &n));
    *ret = STR("");
    for (size_t i = 0; i < n; i++)
        if (str_eq(v[i].login, str_lower(r->a, login)))
            *ret = v[i].name;
    return NULL;
}

err reopen_post(struct req *r)
{
    str login = req_field(r, "closed"), name;
    TRY(name_behind(r, login, &name));
    password_judge(r, "new_password", login, name);
    if (r->form.n_problems)
        return accounts_show(r, 422);
    db_read_end(r->tx); // the next step takes a tenth of a second
    r->tx = NULL;
    struct granting *g = arena_new(r->a, struct granting);
    g->who = (struct account_new){.login = login, .name = name};
    TRY(password_hash(r->a, req_field(r, "new_password"), &g->hash));
    r->ctx = g;
    return req_write(r, reopen_write);
}
