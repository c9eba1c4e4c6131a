// SPDX-License-Identifier: AGPL-3.0-or-later
// Signing in and out, one's own account, the first set-up, and this slice's table of routes.
#include "base/base.h"
#include "people/people_pages.h"
#include "people/people_tmpl.h"
#include "place/place.h"
#include "store/audit.h"
#include "web/req.h"

enum { TOUCH_MS = 60 * 1000 };

static const struct field sign_in_fields[] = {
    {"login", "your e-mail or user name", FIELD_TEXT, true, 200, 0, NULL, false},
    {"password", "your password", FIELD_PASSWORD, true, 200, 0, NULL, false},
    {"next", "", FIELD_TEXT, false, 500, 0, NULL, false},
    {0},
};

static const struct field next_field[] = {
    {"next", "", FIELD_TEXT, false, 500, 0, NULL, false},
    {0},
};

static const struct field set_up_fields[] = {
    {"key", "", FIELD_TEXT, false, 200, 0, NULL, false},
    {"name", "your name", FIELD_TEXT, true, 200, 0, NULL, false},
    {"login", "what you will sign in with", FIELD_TEXT, true, 200, 0, NULL, false},
    {"password", "a password", FIELD_PASSWORD, true, 200, PASSWORD_MIN, NULL, false},
    {"zone", "the name of the zone", FIELD_TEXT, false, 120, 0, NULL, false},
    {"challenge", "the question you share", FIELD_LONG, false, 600, 0, NULL, false},
    {"vision", "your vision", FIELD_LONG, false, 600, 0, NULL, false},
    {0},
};

static const struct field key_field[] = {
    {"key", "", FIELD_TEXT, false, 200, 0, NULL, false},
    {0},
};

// ---- sessions ---------------------------------------------------------------------------------

struct touch {
    struct arena a;
    session_id s;
    int64_t now_ms;
    struct db_job job;
};

static err touch_write(struct db_tx *tx, void *ctx)
{
    struct touch *t = ctx;
    return session_touch(tx, t->s, t->now_ms);
}

static void touch_done(struct db_job *job)
{
    struct touch *t = job->done_ctx;
    struct arena a = t->a; // t itself lives in it
    arena_fini(&a);
}

// A session in use stays alive; noted at most once a minute, and nobody waits for it.
static void touch_later(struct req *r, session_id s)
{
    struct arena a;
    arena_init(&a);
    struct touch *t = arena_new(&a, struct touch);
    t->s = s;
    t->now_ms = r->now_ms;
    t->a = a;
    t->job = (struct db_job){
        .fn = touch_write, .ctx = t, .a = &t->a, .done = touch_done, .done_ctx = t, .quiet = true};
    if (db_write_later(r->site->db, &t->job)) {
        a = t->a;
        arena_fini(&a);
    }
}

err people_actor_of(struct db_tx *tx, struct req *r, str token, const struct actor **ret)
{
    int64_t seen = 0;
    TRY(session_actor(tx, r->a, token, r->now_ms, ret, &seen));
    if (*ret && r->now_ms - seen > TOUCH_MS)
        touch_later(r, (*ret)->session);
    return NULL;
}

// A path of this site, or the team's page: nobody is sent elsewhere after signing in.
static str safe_next(str next)
{
    bool local = next.n && next.p[0] == '/' && !(next.n > 1 && next.p[1] == '/');
    for (size_t i = 0; i < next.n && local; i++)
        local = (unsigned char)next.p[i] > 0x20 && next.p[i] != '\\' && next.p[i] != 0x7f;
    return local ? next : STR("/team");
}

static err sign_in_get(struct req *r)
{
    if (r->actor->role != ROLE_PUBLIC) {
        req_redirect(r, STR("/team"));
        return NULL;
    }
    sign_in_page(req_page(r, 200), &r->form, safe_next(req_field(r, "next")), NULL);
    return NULL;
}

// What the writer needs of a sign-in that was checked already.
struct sign_in {
    account_id who;
    enum role role;
    str hash, next;
};

err session_give(struct db_tx *tx, struct req *r, account_id who)
{
    str token = random_token(&r->site->random, r->a, 24);
    TRY(session_begin(tx, who, STR("A browser"), token, r->now_ms));
    req_cookie_set(r, STR("session"), token, SESSION_MAX_MS / 1000);
    return NULL;
}

static err sign_in(struct db_tx *tx, struct req *r, account_id who, enum role role)
{
    struct actor as = {.role = role, .account = who};
    TRY(session_give(tx, r, who));
    return audit_add(tx, r->now_ms, &as, STR("sign-in"),
                     str_fmt(tx->a, "account:%lld", (long long)who.v), STR(""));
}

static err sign_in_write(struct db_tx *tx, struct req *r)
{
    struct sign_in *s = r->ctx;
    TRY(account_still(tx, s->who, s->hash));
    req_redirect(r, s->next);
    return sign_in(tx, r, s->who, s->role);
}

static err sign_in_post(struct req *r)
{
    str login = req_field(r, "login"), next = safe_next(req_field(r, "next")), hash;
    if (r->form.n_problems) {
        sign_in_page(req_page(r, 422), &r->form, next, NULL);
        return NULL;
    }
    if (!password_may_try(r, login))
        return NULL;
    struct db_tx *tx;
    struct account who;
    bool found;
    TRY(req_tx(r, &tx));
    TRY(account_by_login(tx, r->a, login, &who, &hash, &found));
    db_read_end(tx); // the next step takes a tenth of a second
    r->tx = NULL;
    if (!password_ok(hash, req_field(r, "password"))) {
        sign_in_page(req_page(r, 422), &r->form, next,
                     "That name and password do not fit together. Check both and try again.");
        return NULL;
    }
    password_was_right(r, login);
    struct sign_in *s = arena_new(r->a, struct sign_in);
    *s = (struct sign_in){who.id, who.role, hash, next};
    r->ctx = s;
    return req_write(r, sign_in_write);
}

static err sign_out_write(struct db_tx *tx, struct req *r)
{
    req_redirect(r, STR("/"));
    req_cookie_set(r, STR("session"), STR(""), 0);
    req_header(r, "Clear-Site-Data", STR("\"cache\""));
    TRY(audit_add(tx, r->now_ms, r->actor, STR("sign-out"), STR(""), STR("")));
    return session_end(tx, r->actor->session);
}

static err sign_out_post(struct req *r)
{
    return req_write(r, sign_out_write);
}

static err sign_out_all_write(struct db_tx *tx, struct req *r)
{
    req_redirect(r, STR("/sign-in"));
    req_cookie_set(r, STR("session"), STR(""), 0);
    req_header(r, "Clear-Site-Data", STR("\"cache\""));
    TRY(audit_add(tx, r->now_ms, r->actor, STR("sign-out everywhere"), STR(""), STR("")));
    return session_end_all(tx, r->actor->account);
}

static err sign_out_all_post(struct req *r)
{
    return req_write(r, sign_out_all_write);
}

static err me_get(struct req *r)
{
    struct db_tx *tx;
    struct session *s;
    size_t n;
    TRY(req_tx(r, &tx));
    TRY(session_list(tx, r->actor, r->a, r->now_ms, &s, &n));
    me_page(req_page(r, 200), r->actor, s, n);
    return NULL;
}

// ---- set-up -----------------------------------------------------------------------------------

static err set_up_facts(struct req *r, str key, bool *ret_key_ok, bool *ret_zone)
{
    struct db_tx *tx;
    struct zone z;
    TRY(req_tx(r, &tx));
    TRY(setup_check(tx, key, ret_key_ok));
    return zone_now(tx, r->a, &z, ret_zone);
}

static err set_up_get(struct req *r)
{
    if (atomic_load(&r->site->is_set_up)) {
        req_redirect(r, STR("/sign-in"));
        return NULL;
    }
    str key = req_field(r, "key");
    bool ok, zone;
    TRY(set_up_facts(r, key, &ok, &zone));
    set_up_page(req_page(r, 200), &r->form, key, ok, zone);
    return NULL;
}

struct set_up {
    struct account_new who;
    str hash;
    bool zone_there;
};

static err set_up_write(struct db_tx *tx, struct req *r)
{
    struct set_up *s = r->ctx;
    bool any, ok;
    account_id id;
    TRY(account_any(tx, &any));
    TRY(setup_check(tx, req_field(r, "key"), &ok));
    if (any || !ok)
        return err_new(tx->a, ERR_CONFLICT, "The zone has been set up already. Sign in instead.");
    TRY(account_add(tx, &s->who, s->hash, r->now_ms, &id));
    if (!s->zone_there) {
        struct zone z = {.name = req_field(r, "zone"),
                         .challenge = req_field(r, "challenge"),
                         .vision = req_field(r, "vision"),
                         .starts = DATE_NONE};
        TRY(zone_set(tx, &z, r->now_ms));
    }
    TRY(setup_spend(tx));
    req_redirect(r, STR("/team"));
    req_flash(r, STR("The zone is set up. Now load your places."));
    return sign_in(tx, r, id, ROLE_COORDINATOR);
}

static err set_up_post(struct req *r)
{
    str key = req_field(r, "key"), password = req_field(r, "password");
    bool ok, zone;
    TRY(set_up_facts(r, key, &ok, &zone));
    password_judge(r, "password", req_field(r, "login"), req_field(r, "name"));
    if (!zone && req_field(r, "zone").n == 0)
        form_refuse(&r->form, "zone", STR("Enter the name of the zone"));
    if (!zone && req_field(r, "challenge").n == 0)
        form_refuse(&r->form, "challenge", STR("Enter the question you share"));
    if (r->form.n_problems || !ok) {
        set_up_page(req_page(r, ok ? 422 : 403), &r->form, key, ok, zone);
        return NULL;
    }
    struct set_up *s = arena_new(r->a, struct set_up);
    s->who = (struct account_new){req_field(r, "login"), req_field(r, "name"), password,
                                  ROLE_COORDINATOR};
    s->zone_there = zone;
    db_read_end(r->tx);
    r->tx = NULL;
    TRY(password_hash(r->a, password, &s->hash));
    r->ctx = s;
    return req_write(r, set_up_write);
}

// ---- the table --------------------------------------------------------------------------------

const struct route people_routes[] = {
    {GET, "/sign-in", MAY_EVERYONE, sign_in_get, next_field, "Sign in", 0, 0, NULL},
    {POST, "/sign-in", MAY(ROLE_PUBLIC), sign_in_post, sign_in_fields, "Sign in", ROUTE_HEAVY, 0,
     NULL},
    {POST, "/sign-out", MAY_SIGNED_IN, sign_out_post, NULL, "Sign out on this device", 0, 0, NULL},
    {POST, "/sign-out-everywhere", MAY_SIGNED_IN, sign_out_all_post, NULL,
     "Sign out on every device", 0, 0, NULL},
    {GET, "/me", MAY_SIGNED_IN, me_get, NULL, "See where you are signed in", 0, 0, NULL},
    {GET, "/me/password", MAY_SIGNED_IN, password_get, NULL, "Change one's own password", 0, 0,
     NULL},
    {POST, "/me/password", MAY_SIGNED_IN, password_post, password_fields,
     "Change one's own password", ROUTE_HEAVY, 0, NULL},
    {GET, "/set-up", MAY_EVERYONE, set_up_get, key_field, "Set up the zone, once",
     ROUTE_BEFORE_SETUP, 0, NULL},
    {POST, "/set-up", MAY(ROLE_PUBLIC), set_up_post, set_up_fields, "Set up the zone, once",
     ROUTE_BEFORE_SETUP | ROUTE_HEAVY, 0, NULL},
    {GET, "/team/accounts", MAY_COORDINATOR, accounts_get, NULL, "See who may sign in", 0, 0, NULL},
    {POST, "/team/accounts", MAY_COORDINATOR, accounts_post, account_fields, "Add an account",
     ROUTE_HEAVY, 0, NULL},
    {POST, "/team/accounts/close", MAY_COORDINATOR, close_post, login_field, "Close an account", 0,
     0, NULL},
    {POST, "/team/accounts/reopen", MAY_COORDINATOR, reopen_post, reopen_fields,
     "Open a closed account again", ROUTE_HEAVY, 0, NULL},
    {0},
};
