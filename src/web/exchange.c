// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "web/exchange.h"
#include "web/cache.h"

#include <fcntl.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { WORTH_ZIPPING = 1000 };

static const char csp[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

struct exchange *exchange_new(struct site *site, struct MHD_Connection *c)
{
    struct exchange *x = calloc(1, sizeof *x);
    ASSERT(x != NULL);
    arena_init(&x->arena);
    x->c = c;
    x->spool = -1;
    x->body_declared = -1;
    x->r = (struct req){.site = site, .a = &x->arena, .owner = x, .actor = &actor_public};
    return x;
}

void exchange_free(struct exchange *x)
{
    if (!x)
        return;
    if (x->lent)
        cache_drop(x->r.site->cache, x->lent);
    if (x->spool >= 0)
        close(x->spool);
    arena_fini(&x->arena);
    free(x);
}

// ---- the body ---------------------------------------------------------------------------------

void exchange_spool(struct exchange *x)
{
    x->spool = open(x->r.site->opts.state_dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
}

void exchange_body(struct exchange *x, const char *p, size_t n)
{
    if (x->too_large || x->r.body.n + x->spooled + n > x->body_max) {
        x->too_large = true;
        return;
    }
    if (x->spool >= 0) {
        // The page cache takes this; the fsync that matters is the store's.
        if (write(x->spool, p, n) != (ssize_t)n) {
            close(x->spool);
            x->spool = -1;
            x->too_large = true;
        } else {
            x->spooled += n;
        }
        return;
    }
    if (x->r.body.n + n > x->body_cap) {
        size_t want = x->body_cap ? x->body_cap * 2 : 4096;
        while (want < x->r.body.n + n)
            want *= 2;
        x->body = arena_grow(x->r.a, x->body, x->body_cap, want);
        x->body_cap = want;
    }
    memcpy(x->body + x->r.body.n, p, n);
    x->r.body = (str){x->body, x->r.body.n + n};
}

struct mapped {
    void *p;
    size_t n;
};

static void unmap(void *arg)
{
    struct mapped *m = arg;
    munmap(m->p, m->n);
}

bool exchange_map_body(struct exchange *x)
{
    if (x->spooled == 0)
        return true;
    void *p = mmap(NULL, x->spooled, PROT_READ, MAP_SHARED, x->spool, 0);
    if (p == MAP_FAILED)
        return false;
    struct mapped *m = arena_new(x->r.a, struct mapped);
    *m = (struct mapped){p, x->spooled};
    arena_on_end(x->r.a, unmap, m);
    x->r.body = (str){p, x->spooled};
    return true;
}

// ---- answers ----------------------------------------------------------------------------------

static struct MHD_Response *response_of(str body)
{
    // The bytes live in the cache or the program until the answer is sent.
    return MHD_create_response_from_buffer(body.n, (void *)(uintptr_t)body.p,
                                           MHD_RESPMEM_PERSISTENT);
}

void exchange_guard(struct MHD_Response *resp, bool https)
{
    MHD_add_response_header(resp, "Content-Security-Policy", csp);
    MHD_add_response_header(resp, "X-Content-Type-Options", "nosniff");
    MHD_add_response_header(resp, "Referrer-Policy", "same-origin");
    MHD_add_response_header(resp, "Cross-Origin-Opener-Policy", "same-origin");
    MHD_add_response_header(resp, "Cross-Origin-Resource-Policy", "same-origin");
    MHD_add_response_header(resp, "Permissions-Policy",
                            "camera=(), geolocation=(), microphone=(), payment=()");
    if (https)
        MHD_add_response_header(resp, "Strict-Transport-Security", "max-age=31536000");
}

static void queue(struct exchange *x, int status, struct MHD_Response *resp)
{
    MHD_queue_response(x->c, (unsigned)status, resp);
    MHD_destroy_response(resp);
    x->answered = true;
}

void exchange_asset(struct exchange *x, const struct asset *f, bool zip, bool worker)
{
    struct MHD_Response *resp = response_of(zip ? f->gzip : f->plain);
    exchange_guard(resp, x->r.https);
    MHD_add_response_header(resp, "Content-Type", f->type);
    // The worker's own file and the icon have no hash in their address.
    bool hashed = str_starts(x->r.path, STR("/assets/"));
    MHD_add_response_header(resp, "Cache-Control",
                            hashed ? "public, max-age=31536000, immutable" : "no-cache");
    if (worker)
        MHD_add_response_header(resp, "Service-Worker-Allowed", "/");
    MHD_add_response_header(resp, "Vary", "Accept-Encoding");
    if (zip)
        MHD_add_response_header(resp, "Content-Encoding", "gzip");
    queue(x, 200, resp);
}

// Pages kept ready are for visitors without a session and without a message to show.
static bool may_share(struct exchange *x)
{
    str c = x->r.cookie_header;
    return x->r.method == GET && str_find(c, STR("session="), 0) == c.n &&
           str_find(c, STR("flash="), 0) == c.n;
}

static str cache_key(struct exchange *x)
{
    struct req *r = &x->r;
    const struct words_language *l =
        words_choose(r->site->words, req_cookie(r, STR("lang")), r->accept_language);
    // The day is part of it: what the zone is made of has dates.
    return str_fmt(r->a, "%d %" PRIstr "%c%" PRIstr "?%" PRIstr, date_of_ms(r->now_ms).days,
                   ARGstr(l->tag), x->gzip_ok ? 'z' : ' ', ARGstr(r->path), ARGstr(r->query));
}

static void cached_headers(struct exchange *x, struct MHD_Response *resp, const char *etag)
{
    exchange_guard(resp, x->r.https);
    MHD_add_response_header(resp, "ETag", etag);
    MHD_add_response_header(resp, "Cache-Control", "no-cache");
    MHD_add_response_header(resp, "Vary", "Accept-Encoding, Accept-Language, Cookie");
}

static void send_cached(struct exchange *x)
{
    const struct cached *k = x->lent;
    if (x->if_none_match.n && str_find(x->if_none_match, str_c(k->etag), 0) < x->if_none_match.n) {
        struct MHD_Response *resp = response_of(STR(""));
        cached_headers(x, resp, k->etag);
        queue(x, 304, resp);
        return;
    }
    struct MHD_Response *resp = response_of((str){k->body, k->n});
    cached_headers(x, resp, k->etag);
    MHD_add_response_header(resp, "Content-Type", k->type);
    if (k->gzip)
        MHD_add_response_header(resp, "Content-Encoding", "gzip");
    if (!str_is_none(k->disposition))
        MHD_add_response_header(resp, "Content-Disposition", str_z(x->r.a, k->disposition));
    queue(x, 200, resp);
}

bool exchange_from_cache(struct exchange *x)
{
    if (!may_share(x))
        return false;
    x->lent = cache_get(x->r.site->cache, cache_key(x), db_generation(x->r.site->db));
    if (!x->lent)
        return false;
    send_cached(x);
    return true;
}

static str header_value(const struct req *r, const char *name)
{
    for (int i = 0; i < r->n_headers; i++)
        if (strcmp(r->header[i].name, name) == 0)
            return r->header[i].value;
    return STR_NONE;
}

static bool text_type(const char *type)
{
    return strncmp(type, "text/", 5) == 0 || strstr(type, "json") || strstr(type, "svg");
}

// Keeps a public page for the next visitor; from then on it is sent from there.
static bool keep(struct exchange *x, str body, bool zipped)
{
    struct req *r = &x->r;
    if (!r->route || !(r->route->flags & ROUTE_CACHED) || r->status != 200 || r->no_store ||
        !may_share(x))
        return false;
    struct cached k = {.body = (char *)(uintptr_t)body.p,
                       .n = body.n,
                       .type = r->type,
                       .gzip = zipped,
                       .disposition = header_value(r, "Content-Disposition")};
    str key = cache_key(x);
    snprintf(k.etag, sizeof k.etag, "W/\"%s-%llx-%llx\"", r->site->build,
             (unsigned long long)r->generation, (unsigned long long)str_hash(key));
    x->lent = cache_put(r->site->cache, key, r->generation, &k);
    return x->lent != NULL;
}

// The body as the library's own, so that the request's memory can go before it is sent: with many
// slow readers it is the finished answers that wait, and each was made from much more than itself.
static struct MHD_Response *response_with_copy(str body)
{
    void *p = malloc(body.n ? body.n : 1);
    ASSERT(p != NULL);
    if (body.n)
        memcpy(p, body.p, body.n);
    return MHD_create_response_from_buffer(body.n, p, MHD_RESPMEM_MUST_FREE);
}

static void send_own(struct exchange *x, str body, bool zipped)
{
    struct req *r = &x->r;
    struct MHD_Response *resp = response_with_copy(body);
    exchange_guard(resp, x->r.https);
    MHD_add_response_header(resp, "Content-Type", r->type);
    if (zipped)
        MHD_add_response_header(resp, "Content-Encoding", "gzip");
    bool private = r->no_store || r->actor->role != ROLE_PUBLIC || r->method == POST;
    MHD_add_response_header(resp, "Cache-Control", private ? "private, no-store" : "no-cache");
    MHD_add_response_header(resp, "Vary", "Accept-Encoding, Accept-Language, Cookie");
    for (int i = 0; i < r->n_headers; i++)
        MHD_add_response_header(resp, r->header[i].name, str_z(r->a, r->header[i].value));
    queue(x, r->status, resp);
}

void exchange_send(struct exchange *x)
{
    struct req *r = &x->r;
    str body = buf_text(&r->out);
    bool zipped = false;
    if (x->gzip_ok && body.n >= WORTH_ZIPPING && text_type(r->type)) {
        str z = gzip_text(r->a, body, 1);
        zipped = !str_is_none(z);
        if (zipped)
            body = z;
    }
    if (keep(x, body, zipped))
        send_cached(x);
    else
        send_own(x, body, zipped);
    arena_fini(&x->arena);
}
