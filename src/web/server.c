// SPDX-License-Identifier: AGPL-3.0-or-later
// libmicrohttpd's side of the house. The library's traps that shape this file are listed in
// docs/decisions/0004-http.md; the two that matter most: an answer in the first callback closes the
// connection, and a connection is suspended before its request goes on the queue.
#include "base/base.h"
#include "base/log.h"
#include "web/assets.h"
#include "web/cache.h"
#include "web/exchange.h"
#include "web/gate.h"
#include "web/ready.h"
#include "web/server.h"
#include "web/workers.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    CONNECTIONS_MAX = 1000,
    IDLE_TIMEOUT_S = 30,
    BODY_ORDINARY = 64 * 1024,
    // A connection's memory, written over with each request, so no more than is needed. The library
    // reads headers into half of it; what does not fit it answers by itself, badly.
    CONNECTION_BYTES = 32 * 1024,
};
_Static_assert(GATE_HEADER_BYTES < CONNECTION_BYTES / 2 && GATE_TARGET_BYTES < CONNECTION_BYTES / 2,
               "the gate judges first");

struct server {
    struct site *site;
    struct MHD_Daemon *daemon;
    struct workers *workers;
    struct ready *ready;
    int port;
};

// ---- reading the request ----------------------------------------------------------------------

static enum MHD_Result collect(void *arg, enum MHD_ValueKind kind, const char *key, size_t key_n,
                               const char *value, size_t value_n)
{
    UNUSED(kind);
    struct exchange *x = arg;
    if (x->n_headers < countof(x->header))
        x->header[x->n_headers] =
            (struct gate_header){{key, key_n}, value ? (str){value, value_n} : STR("")};
    x->n_headers++;
    return MHD_YES;
}

static str header_of(const struct exchange *x, const char *name)
{
    for (size_t i = 0; i < x->n_headers && i < countof(x->header); i++)
        if (str_eq_nocase(x->header[i].name, str_c(name)))
            return x->header[i].value;
    return STR_NONE;
}

static str client_address(struct exchange *x)
{
    const union MHD_ConnectionInfo *i =
        MHD_get_connection_info(x->c, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    char text[INET6_ADDRSTRLEN] = "";
    if (i && i->client_addr->sa_family == AF_INET)
        inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)i->client_addr)->sin_addr,
                  text, sizeof text);
    else if (i && i->client_addr->sa_family == AF_INET6)
        inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)(const void *)i->client_addr)->sin6_addr,
                  text, sizeof text);
    if (x->r.site->opts.origin && (strcmp(text, "127.0.0.1") == 0 || strcmp(text, "::1") == 0)) {
        str all = header_of(x, "X-Forwarded-For"), last = STR_NONE; // ours is the last proxy's word
        while (str_next(&all, ',', &last))
            ;
        if (last.n)
            return str_copy(x->r.a, str_trim(last));
    }
    return str_copy(x->r.a, str_c(text));
}

// Everything a worker needs, copied: the library's own memory is not ours to keep.
static void fill_request(struct exchange *x)
{
    struct req *r = &x->r;
    str target = str_c(x->raw_target);
    size_t q = str_find_byte(target, '?');
    r->path = str_slice(target, 0, q);
    r->query = q < target.n ? str_slice(target, q + 1, target.n) : STR("");
    r->cookie_header = str_copy(r->a, header_of(x, "Cookie"));
    r->host = str_copy(r->a, header_of(x, "Host"));
    r->accept_language = str_copy(r->a, header_of(x, "Accept-Language"));
    r->content_type = str_copy(r->a, header_of(x, "Content-Type"));
    r->fetch_site = str_copy(r->a, header_of(x, "Sec-Fetch-Site"));
    r->origin = str_copy(r->a, header_of(x, "Origin"));
    str authorization = header_of(x, "Authorization");
    if (str_starts(authorization, STR("Bearer ")))
        r->bearer = str_copy(r->a, str_slice(authorization, 7, authorization.n));
    x->if_none_match = str_copy(r->a, header_of(x, "If-None-Match"));
    str enc = header_of(x, "Accept-Encoding");
    x->gzip_ok = str_find(enc, STR("gzip"), 0) < enc.n;
    r->address = client_address(x);
    r->now_ms = clock_now(&r->site->clock);
}

static void *uri_came(void *arg, const char *uri, struct MHD_Connection *c)
{
    struct server *s = arg;
    struct exchange *x = exchange_new(s->site, c);
    x->raw_target = str_z(x->r.a, str_c(uri));
    return x;
}

// Nobody works on this one: it gets a page that was made when the server started.
static enum MHD_Result turn_away(struct server *s, struct exchange *x, int status)
{
    x->answered = true;
    return MHD_queue_response(x->c, (unsigned)status, ready_answer(s->ready, x, status));
}

static enum MHD_Result refuse(struct server *s, struct exchange *x, int status, const char *why)
{
    log_line("gate: %d: %s", status, why);
    return turn_away(s, x, status);
}

// What a request that is turned away wants its answer to be like; still the library's memory.
static void note_wishes(struct exchange *x)
{
    struct req *r = &x->r;
    r->https = site_https(r->site);
    r->cookie_header = header_of(x, "Cookie");
    r->accept_language = header_of(x, "Accept-Language");
    x->html_ok = html_accepted(header_of(x, "Accept"));
}

// The first callback: headers are there, the body is not. Only the gate may answer here.
static enum MHD_Result first(struct server *s, struct exchange *x, const char *method,
                             const char *version)
{
    x->begun = true;
    MHD_get_connection_values_n(x->c, MHD_HEADER_KIND, collect, x);
    note_wishes(x);
    struct gate_request g = {.version = str_c(version),
                             .raw_target = str_c(x->raw_target),
                             .header = x->header,
                             .n = x->n_headers};
    if (g.n > countof(x->header))
        return refuse(s, x, 431, "too many headers");
    struct gate_verdict v = gate_judge(&g);
    if (v.refused)
        return refuse(s, x, v.status, v.refused);
    bool get = strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
    if (!get && strcmp(method, "POST") != 0)
        return refuse(s, x, 405, "method");
    x->r.method = get ? GET : POST;
    fill_request(x);
    bool wrong;
    const struct route *route = route_find(x->r.site, x->r.method, x->r.path, &x->r, &wrong);
    x->body_max = route && route->body_max ? route->body_max : BODY_ORDINARY;
    x->heavy = route && (route->flags & ROUTE_HEAVY);
    x->body_declared = v.body;
    if (v.body > (int64_t)x->body_max)
        return turn_away(s, x, 413);
    if (route && (route->flags & ROUTE_UPLOAD))
        exchange_spool(x);
    return MHD_YES;
}

// ---- answers that never block -----------------------------------------------------------------

static enum MHD_Result answer_asset(struct exchange *x)
{
    str path = x->r.path, part = STR_NONE, name = STR_NONE;
    bool worker = str_eq(path, STR("/sw.js"));
    if (worker)
        name = STR("sw.js");
    else if (str_eq(path, STR("/favicon.ico")))
        name = STR("favicon.svg");
    else
        while (str_next(&path, '/', &part))
            name = part;
    const struct asset *f = asset_find(name);
    if (!f)
        return MHD_NO;
    bool zip = x->gzip_ok && !str_is_none(f->gzip);
    exchange_asset(x, f, zip, worker);
    return MHD_YES;
}

static bool is_asset(str path)
{
    return str_starts(path, STR("/assets/")) || str_eq(path, STR("/sw.js")) ||
           str_eq(path, STR("/favicon.ico"));
}

static enum MHD_Result last(struct server *s, struct exchange *x)
{
    if (x->too_large)
        return turn_away(s, x, 413);
    if (x->body_declared >= 0 && (uint64_t)x->body_declared != x->r.body.n + x->spooled)
        return refuse(s, x, 400, "body is not as long as declared");
    if (x->r.method == GET && is_asset(x->r.path) && answer_asset(x) == MHD_YES)
        return MHD_YES;
    if (exchange_from_cache(x))
        return MHD_YES;
    if (!exchange_map_body(x))
        return refuse(s, x, 503, "the body cannot be kept");
    if (!workers_have_room(s->workers, x->heavy))
        return turn_away(s, x, 503);
    MHD_suspend_connection(x->c);
    workers_add(s->workers, x);
    return MHD_YES;
}

static enum MHD_Result access_cb(void *arg, struct MHD_Connection *c, const char *decoded,
                                 const char *method, const char *version, const char *upload,
                                 size_t *upload_n, void **con)
{
    struct server *s = arg;
    struct exchange *x = *con;
    UNUSED(c);
    UNUSED(decoded); // ends at a NUL; the raw target does not
    if (!x->begun)
        return first(s, x, method, version);
    if (x->answered) {
        *upload_n = 0;
        return MHD_YES;
    }
    if (*upload_n) {
        exchange_body(x, upload, *upload_n);
        *upload_n = 0;
        return MHD_YES;
    }
    return last(s, x);
}

static void completed(void *arg, struct MHD_Connection *c, void **con,
                      enum MHD_RequestTerminationCode why)
{
    UNUSED(arg);
    UNUSED(c);
    UNUSED(why);
    exchange_free(*con);
    *con = NULL;
}

// ---- starting and stopping --------------------------------------------------------------------

static void library_says(void *arg, const char *fmt, va_list ap)
{
    UNUSED(arg);
    UNUSED(fmt);
    UNUSED(ap); // its messages quote what clients sent; the gate logs reasons instead
}

static err parse_listen(struct arena *a, const char *listen, struct sockaddr_in *ret)
{
    str s = str_c(listen);
    size_t colon = str_find_byte(s, ':');
    int64_t port;
    const char *host = str_z(a, str_slice(s, 0, colon));
    *ret = (struct sockaddr_in){.sin_family = AF_INET};
    if (colon == s.n || !str_to_i64(str_slice(s, colon + 1, s.n), &port) || port < 0 ||
        port > 65535 || inet_pton(AF_INET, host, &ret->sin_addr) != 1)
        return err_new(a, ERR_INVALID, "--listen must be like 127.0.0.1:8080, not %s.", listen);
    ret->sin_port = htons((uint16_t)port);
    return NULL;
}

err server_start(struct arena *a, struct site *site, struct server **ret)
{
    struct sockaddr_in at;
    TRY(parse_listen(a, site->opts.listen, &at));
    struct server *s = calloc(1, sizeof *s);
    ASSERT(s != NULL);
    s->site = site;
    s->workers = workers_start(site->opts.workers);
    s->ready = ready_make(site);
    s->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0, NULL, NULL,
        access_cb, s, MHD_OPTION_EXTERNAL_LOGGER, library_says, NULL, MHD_OPTION_SOCK_ADDR,
        (struct sockaddr *)&at, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)CONNECTIONS_MAX, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_TIMEOUT_S,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES, MHD_OPTION_URI_LOG_CALLBACK,
        uri_came, s, MHD_OPTION_NOTIFY_COMPLETED, completed, NULL,
        MHD_OPTION_LISTENING_ADDRESS_REUSE, 1u, MHD_OPTION_END);
    if (!s->daemon) {
        workers_stop(s->workers);
        ready_free(s->ready);
        free(s);
        return err_new(a, ERR_IO, "Doorstep cannot listen on %s: %s. Is another one running?",
                       site->opts.listen, strerror(errno));
    }
    const union MHD_DaemonInfo *i = MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_BIND_PORT);
    s->port = i ? i->port : ntohs(at.sin_port);
    *ret = s;
    return NULL;
}

int server_port(const struct server *s)
{
    return s->port;
}

void server_stop(struct server *s)
{
    if (!s)
        return;
    int listening = MHD_quiesce_daemon(s->daemon); // no new connections
    workers_drain(s->workers);                     // every suspended one is resumed
    MHD_stop_daemon(s->daemon);
    if (listening >= 0)
        close(listening);
    workers_stop(s->workers);
    ready_free(s->ready);
    free(s);
}
