// SPDX-License-Identifier: AGPL-3.0-or-later
// One request and its answer, as a handler sees them, and the table every slice lists its routes
// in.
//
// The way of a request: acceptor (reads it whole, applies the gate) -> a worker (finds who asks,
// checks permission, form token and form, calls the handler) -> for a write, the writer thread ->
// the answer. A handler fills the answer and returns NULL, or returns an error, which becomes a
// page in plain words.
//
// Reading: req_public() for pages that show nothing about people, req_tx() for the rest. For
// whoever is not signed in each statement may take two seconds (thirty on a heavy route), then the
// answer is 503.
//
// Writing: end the handler with `return req_write(r, fn)`; fn runs in the writer thread, must be
// quick, and fills the answer (usually req_redirect); the person hears of it after the commit is
// durable.
#ifndef WEB_REQ_H
#define WEB_REQ_H

#include "base/base.h"
#include "base/actor.h"
#include "base/buf.h"
#include "base/date.h"
#include "base/err.h"
#include "base/random.h"
#include "store/db.h"
#include "web/form.h"
#include "web/page.h"
#include "web/words.h"

#include <stdatomic.h>

enum { REQ_PARAMS_MAX = 4, REQ_HEADERS_MAX = 12, REQ_PAGE_MAX = 32 << 20 };

struct site;
struct req;

typedef err handler(struct req *r);

enum method {
    GET,
    POST,
};

enum route_flags {
    ROUTE_HEAVY = 1,         // waits behind a semaphore, on threads of low priority
    ROUTE_CACHED = 2,        // a public page: kept, ready rendered, until the next commit
    ROUTE_READS_ONLY = 4,    // a POST that changes nothing and needs no form token
    ROUTE_UPLOAD = 8,        // takes a file: the body may be large and is kept on disk
    ROUTE_BEFORE_SETUP = 16, // works while the zone has not been set up
    ROUTE_DEVICE = 32,       // asked by a program with a token of its own: no cookies, no form
};

struct route {
    enum method method;
    const char *path; // "/areas/:code"; a :part matches one segment
    unsigned who;     // MAY(…) set
    handler *fn;
    const struct field *fields; // ends with a NULL name; may be NULL
    const char *help;           // one sentence, for the permission matrix
    unsigned flags;
    size_t body_max;    // 0: the ordinary limit (64 KB)
    const char *sample; // values for the path's parts that exist in the demonstration town
};

// What the frame of every page says of the zone.
struct zone_card {
    str name; // none before set-up
    bool demonstration;
};

struct header {
    const char *name;
    str value;
};

struct req {
    struct site *site;
    struct arena *a; // lives until the answer is sent
    const struct route *route;
    enum method method;
    str path, query;           // decoded path; raw query
    str param[REQ_PARAMS_MAX]; // the path's parts, in order, decoded
    struct form form;          // GET: the query; POST: the body; checked against route->fields
    const struct actor *actor; // never NULL
    str cookie_header, host, accept_language;
    str address; // of the client, for throttling; never stored or logged
    bool https;
    int64_t now_ms;
    uint64_t generation; // of the data this answer is made from

    // the answer
    int status;
    const char *type;
    struct buf out;
    struct header header[REQ_HEADERS_MAX];
    int n_headers;
    struct page page; // writes into out
    bool no_store;

    struct db_tx *tx; // opened by req_tx or req_public, ended by req_run
    str visitor;      // what the form token is bound to: the session's or the visitor's cookie
    str session_token, flash;
    struct zone_card zone;

    // What the sender of the request brought along, for req_run.
    str content_type, body, fetch_site, origin;
    str bearer; // of "Authorization: Bearer …"; none without
    // Set by req_write: the writer runs it, then calls `finish`.
    err (*write_fn)(struct db_tx *tx, struct req *r);
    struct db_job job;
    void (*finish)(struct req *r);
    void *owner;
    void *ctx; // the handler's own, for its write
};

// The read transaction of this request, begun at the first call.
MUST_USE err req_tx(struct req *r, struct db_tx **ret);
MUST_USE err req_public(struct req *r, struct db_tx **ret);

// Hands `fn(tx, r)` to the writer. Only as the last thing a handler does.
MUST_USE err req_write(struct req *r, err (*fn)(struct db_tx *tx, struct req *r));

// Begins an HTML answer: status, type, and the page to call templates with.
struct page *req_page(struct req *r, int status);
// 303 to a path of this site.
void req_redirect(struct req *r, str path);
// A file to download. `name` becomes the file name.
void req_file(struct req *r, const char *type, str name);
void req_header(struct req *r, const char *name, str value);
void req_cookie_set(struct req *r, str name, str value, int64_t max_age_s);
str req_cookie(struct req *r, str name);
// A message shown once on the next page.
void req_flash(struct req *r, str message);

static inline str req_field(const struct req *r, const char *name)
{
    return form_get(&r->form, name);
}

// ---- the site: what all requests share
// ------------------------------------------------------------

struct site_hooks {
    // The actor behind a session token (as the cookie holds it); *ret stays NULL when there is
    // none.
    err (*actor_of)(struct db_tx *tx, struct req *r, str token, const struct actor **ret);
    err (*zone_card)(struct db_tx *tx, struct arena *a, struct zone_card *ret);
    // Is there at least one account? Until then every page leads to set-up.
    err (*set_up)(struct db_tx *tx, bool *ret);
};

struct site_opts {
    const char *listen;    // "127.0.0.1:8080"
    const char *origin;    // "https://zone.example" behind a proxy; NULL: what the Host header says
    const char *state_dir; // where uploads are kept
    url source;            // where this very program's source is offered; empty: ask for it
    int workers;           // 0: max(8, 2 × cores)
};

struct page_cache;
struct throttle;
struct import_desk;
struct place_memo;
struct field_kind;

struct site {
    struct db *db;
    struct clock clock;
    struct random_source random;
    struct site_opts opts;
    struct site_hooks hooks;
    const struct route *const *tables; // each ends with a NULL path; the list with NULL
    struct words_set words;
    struct page_cache *cache;
    struct throttle *throttle;
    struct place_memo *memo;     // what pages of places share (place/memo.h); may be NULL
    struct import_desk *imports; // what is being loaded just now (place/import_desk.h)
    // who takes records of the field up (field/field.h)
    const struct field_kind *const *field_kinds;
    unsigned char token_key[32]; // for form tokens; kept in the database
    const char *build;           // changes with the program
    atomic_bool is_set_up;       // remembered once it is true
};

// Runs a request that was read whole: everything from permission to page, without sockets. The
// server and the tests call this. *ret_pending is set when the writer will finish it: r->finish is
// then called in the writer's thread, and has to have req_finish_write() called from a worker.
void req_run(struct req *r, bool *ret_pending);
// After the commit: turns a failed write into its error page.
void req_finish_write(struct req *r);
// The page for an error of any status, in plain words, saying what to do next.
void req_error(struct req *r, int status, str sentence);
// The address of a file of the program: asset_url(pg, "site.css").
url asset_url(struct page *pg, const char *name);
// "https://zone.example" or what the Host header says.
str req_origin(const struct req *r);
// Do people reach this site over https (through a proxy that says so in --origin)?
bool site_https(const struct site *s);

// The route for a method and path; *ret_wrong_method when only the other method exists.
const struct route *route_find(const struct site *s, enum method m, str path, struct req *r,
                               bool *ret_wrong_method);

#endif
