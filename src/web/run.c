// SPDX-License-Identifier: AGPL-3.0-or-later
// From a request that was read whole to its answer: who asks, may they, is the form ours, what did
// they write, what does the handler say.
#include "base/base.h"
#include "base/log.h"
#include "base/utf8.h"
#include "web/csrf.h"
#include "web/layout_tmpl.h"
#include "web/req.h"

// How long a statement may take that anybody can ask for; a route marked heavy (a download of the
// whole zone) may take longer. Whoever is signed in is known and few, and waits.
enum { PUBLIC_MS = 2000, PUBLIC_HEAVY_MS = 30 * 1000 };

static const struct field token_field = {"token", "", FIELD_TEXT, false, 200, 0, NULL, false};

// ---- finding the route ------------------------------------------------------------------------

static bool path_match(const char *pattern, str path, struct req *r)
{
    str want = str_c(pattern), have = path, w, h;
    int n = 0;
    for (;;) {
        bool more_w = str_next(&want, '/', &w), more_h = str_next(&have, '/', &h);
        if (more_w != more_h)
            return false;
        if (!more_w)
            return true;
        if (w.n && w.p[0] == ':') {
            str v;
            if (h.n == 0 || !url_decode(r->a, h, false, &v) || !utf8_ok(v) || text_has_control(v))
                return false;
            ASSERT(n < REQ_PARAMS_MAX);
            r->param[n++] = v;
        } else if (!str_eq(w, h)) {
            return false;
        }
    }
}

const struct route *route_find(const struct site *s, enum method m, str path, struct req *r,
                               bool *ret_wrong_method)
{
    *ret_wrong_method = false;
    for (int t = 0; s->tables[t]; t++)
        for (const struct route *x = s->tables[t]; x->path; x++) {
            if (!path_match(x->path, path, r))
                continue;
            if (x->method == m)
                return x;
            *ret_wrong_method = true;
        }
    return NULL;
}

// ---- reading ----------------------------------------------------------------------------------

static err begin(struct req *r, bool public, struct db_tx **ret)
{
    if (r->tx && r->tx->public_only && !public) { // a second look needs the other connection
        db_read_end(r->tx);
        r->tx = NULL;
    }
    if (!r->tx)
        TRY(public ? db_read_public(r->site->db, r->a, &r->tx)
                   : db_read(r->site->db, r->a, &r->tx));
    *ret = r->tx;
    return NULL;
}

static void limit_time(struct req *r)
{
    if (r->actor->role == ROLE_PUBLIC)
        db_time_limit(r->tx,
                      r->route && (r->route->flags & ROUTE_HEAVY) ? PUBLIC_HEAVY_MS : PUBLIC_MS);
}

static err begin_limited(struct req *r, bool public, struct db_tx **ret)
{
    const struct db_tx *had = r->tx;
    TRY(begin(r, public, ret));
    if (r->tx != had)
        limit_time(r);
    return NULL;
}

err req_tx(struct req *r, struct db_tx **ret)
{
    return begin_limited(r, false, ret);
}

err req_public(struct req *r, struct db_tx **ret)
{
    return begin_limited(r, true, ret);
}

err req_write(struct req *r, err (*fn)(struct db_tx *tx, struct req *r))
{
    r->write_fn = fn;
    return NULL;
}

// ---- the answer -------------------------------------------------------------------------------

str req_origin(const struct req *r)
{
    if (r->site->opts.origin)
        return str_c(r->site->opts.origin);
    return str_fmt(r->a, "http://%" PRIstr, ARGstr(r->host));
}

bool site_https(const struct site *s)
{
    return s->opts.origin && strncmp(s->opts.origin, "https://", 8) == 0;
}

static const char *cookie_prefix(const struct req *r)
{
    return r->https ? "__Host-" : "";
}

void req_header(struct req *r, const char *name, str value)
{
    ASSERT(r->n_headers < REQ_HEADERS_MAX && !text_has_control(value));
    r->header[r->n_headers++] = (struct header){name, value};
}

void req_cookie_set(struct req *r, str name, str value, int64_t max_age_s)
{
    struct buf v;
    buf_init(&v, r->a, 8192);
    buf_url(&v, value);
    str age = max_age_s < 0 ? STR("") : str_fmt(r->a, "; Max-Age=%lld", (long long)max_age_s);
    req_header(r, "Set-Cookie",
               str_fmt(r->a, "%s%" PRIstr "=%" PRIstr "; Path=/; HttpOnly; SameSite=Lax%s%" PRIstr,
                       cookie_prefix(r), ARGstr(name), ARGstr(buf_text(&v)),
                       r->https ? "; Secure" : "", ARGstr(age)));
}

str req_cookie(struct req *r, str name)
{
    str full = str_fmt(r->a, "%s%" PRIstr, cookie_prefix(r), ARGstr(name));
    str raw = cookie_find(r->cookie_header, full), v;
    if (str_is_none(raw) || !url_decode(r->a, raw, false, &v) || !utf8_ok(v))
        return STR_NONE;
    return v;
}

void req_flash(struct req *r, str message)
{
    req_cookie_set(r, STR("flash"), message, 60);
}

// A visitor without a session needs something the form token can be bound to.
static void bind_token(struct req *r)
{
    if (r->visitor.n == 0) {
        r->visitor = random_token(&r->site->random, r->a, 18);
        req_cookie_set(r, STR("visitor"), r->visitor, -1);
    }
    r->page.token = csrf_token(r->a, &r->site->random, r->site->token_key, r->visitor);
}

static void set_language(struct req *r)
{
    const struct words_language *l =
        words_choose(r->site->words, req_cookie(r, STR("lang")), r->accept_language);
    r->page.words = l->words;
    r->page.lang = l->tag;
    r->page.dir = l->dir;
}

static void start_answer(struct req *r, int status, const char *type)
{
    buf_init(&r->out, r->a, REQ_PAGE_MAX);
    r->status = status;
    r->type = type;
}

struct page *req_page(struct req *r, int status)
{
    start_answer(r, status, "text/html; charset=utf-8");
    r->page.out = &r->out;
    r->page.a = r->a;
    r->page.ctx = r;
    if (!r->route || !(r->route->flags & ROUTE_CACHED)) {
        bind_token(r);
        r->flash = req_cookie(r, STR("flash"));
        if (r->flash.n)
            req_cookie_set(r, STR("flash"), STR(""), 0);
    }
    return &r->page;
}

void req_redirect(struct req *r, str path)
{
    ASSERT(path.n && path.p[0] == '/' && (path.n == 1 || path.p[1] != '/'));
    start_answer(r, 303, "text/plain; charset=utf-8");
    req_header(r, "Location", path);
}

void req_file(struct req *r, const char *type, str name)
{
    start_answer(r, 200, type);
    if (!str_is_none(name))
        req_header(r, "Content-Disposition",
                   str_fmt(r->a, "attachment; filename=\"%" PRIstr "\"", ARGstr(name)));
}

void req_error(struct req *r, int status, str sentence)
{
    int keep = 0; // cookies survive an error; nothing else of a half-made answer does
    for (int i = 0; i < r->n_headers; i++)
        if (strcmp(r->header[i].name, "Set-Cookie") == 0 ||
            strcmp(r->header[i].name, "Retry-After") == 0)
            r->header[keep++] = r->header[i];
    r->n_headers = keep;
    r->no_store = true;
    str reference = STR_NONE;
    if (status == 500) {
        reference = str_upper(r->a, hex_of(r->a, &r->now_ms, 3));
        log_line("reference %" PRIstr ": %s %s: %" PRIstr, ARGstr(reference),
                 r->method == GET ? "GET" : "POST", r->route ? r->route->path : "?",
                 ARGstr(sentence));
    }
    error_page(req_page(r, status), status, sentence, reference);
}

static int status_of(enum err_kind k)
{
    switch (k) {
    case ERR_NOT_FOUND: return 404;
    case ERR_DENIED: return 403;
    case ERR_CONFLICT: return 409;
    case ERR_INVALID: return 422;
    case ERR_BUSY: return 503;
    default: return 500;
    }
}

static void fail(struct req *r, err e)
{
    int status = status_of(e->kind);
    if (status == 503) {
        req_header(r, "Retry-After", STR("30"));
        log_line("busy: %s %s: %" PRIstr, r->method == GET ? "GET" : "POST",
                 r->route ? r->route->path : "?", ARGstr(err_text(r->a, e)));
    }
    req_error(r, status, status == 500 ? err_text(r->a, e) : err_root(e));
}

// ---- the stages -------------------------------------------------------------------------------

static err who_asks(struct req *r)
{
    r->actor = &actor_public;
    if (r->route->flags & ROUTE_DEVICE)
        return NULL;
    r->session_token = req_cookie(r, STR("session"));
    r->visitor = r->session_token.n ? r->session_token : req_cookie(r, STR("visitor"));
    if (r->session_token.n == 0)
        return NULL;
    struct db_tx *tx;
    const struct actor *found = NULL;
    TRY(begin(r, false, &tx)); // whether there is a limit is known afterwards
    TRY(r->site->hooks.actor_of(tx, r, r->session_token, &found));
    if (found)
        r->actor = found;
    limit_time(r);
    return NULL;
}

// Is there an account yet?
static err is_set_up(struct req *r, bool *ret)
{
    *ret = atomic_load(&r->site->is_set_up);
    if (*ret)
        return NULL;
    struct db_tx *tx;
    TRY(req_tx(r, &tx));
    TRY(r->site->hooks.set_up(tx, ret));
    if (*ret)
        atomic_store(&r->site->is_set_up, true);
    return NULL;
}

static err read_form(struct req *r)
{
    if (r->method == GET)
        TRY(form_parse_urlencoded(r->a, r->query, &r->form));
    else if (str_starts(r->content_type, STR("multipart/form-data")))
        TRY(form_parse_multipart(r->a, r->body, r->content_type, &r->form));
    else
        TRY(form_parse_urlencoded(r->a, r->body, &r->form));
    return NULL;
}

// false: the answer is already made.
static bool form_is_ours(struct req *r)
{
    if (r->method == GET)
        return true;
    bool reads_only = r->route->flags & ROUTE_READS_ONLY;
    str token = form_get(&r->form, token_field.name);
    if (csrf_headers_ok(r->fetch_site, r->origin, req_origin(r)) &&
        (reads_only || csrf_token_ok(r->site->token_key, r->visitor, token)))
        return true;
    req_error(r, 403,
              STR("This form is too old, or it did not come from our pages. Go back, load the page "
                  "again, and send it once more. Nothing was changed."));
    return false;
}

// false: the answer is already made.
static bool may(struct req *r)
{
    if (r->route->who & MAY(r->actor->role))
        return true;
    if (r->actor->role == ROLE_PUBLIC && r->method == GET) {
        struct buf next;
        buf_init(&next, r->a, 4096);
        buf_c(&next, "/sign-in?next=");
        buf_url(&next, r->path);
        req_redirect(r, buf_text(&next));
        r->no_store = true;
        return false;
    }
    req_error(r, 403,
              r->actor->role == ROLE_PUBLIC
                  ? STR("You need to sign in for this.")
                  : STR("Your role does not include this. Ask the coordinator if you need it."));
    return false;
}

static err handle(struct req *r)
{
    bool ready;
    struct db_tx *tx;
    TRY(who_asks(r));
    TRY(is_set_up(r, &ready));
    TRY(r->tx ? NULL : req_public(r, &tx));
    TRY(r->site->hooks.zone_card(r->tx, r->a, &r->zone));
    // A town that is there can be seen before anybody has an account; an empty house cannot.
    if (!ready && r->zone.name.n == 0 && !(r->route->flags & ROUTE_BEFORE_SETUP)) {
        req_redirect(r, STR("/set-up"));
        r->no_store = true;
        return NULL;
    }
    if (!may(r))
        return NULL;
    if (r->route->flags & ROUTE_DEVICE)
        return r->route->fn(r);
    err e = read_form(r);
    if (e) {
        req_error(r, 400, err_root(e));
        return NULL;
    }
    if (!form_is_ours(r))
        return NULL;
    form_check(r->a, &r->form, r->route->fields);
    return r->route->fn(r);
}

static err run_write(struct db_tx *tx, void *ctx)
{
    struct req *r = ctx;
    return r->write_fn(tx, r);
}

static void write_done(struct db_job *job)
{
    struct req *r = job->done_ctx;
    r->finish(r);
}

void req_run(struct req *r, bool *ret_pending)
{
    *ret_pending = false;
    r->generation = db_generation(r->site->db);
    set_language(r);
    bool wrong_method;
    r->route = route_find(r->site, r->method, r->path, r, &wrong_method);
    if (!r->route) {
        r->actor = &actor_public;
        req_error(r, wrong_method ? 405 : 404, STR(""));
        return;
    }
    err e = handle(r);
    db_read_end(r->tx);
    r->tx = NULL;
    if (!e && r->write_fn) {
        r->job = (struct db_job){
            .fn = run_write, .ctx = r, .a = r->a, .done = write_done, .done_ctx = r};
        e = db_write_later(r->site->db, &r->job);
        if (!e) {
            *ret_pending = true;
            return;
        }
    }
    if (!e && r->out.full)
        e = err_new(r->a, ERR_BUG, "The page is larger than a page may be.");
    if (e)
        fail(r, e);
    ASSERT(r->status != 0);
}

void req_finish_write(struct req *r)
{
    if (r->job.failed)
        fail(r, r->job.failed);
    ASSERT(r->status != 0);
}
