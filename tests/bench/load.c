// SPDX-License-Identifier: AGPL-3.0-or-later
// Puts load on a web server of this machine and says how it answered, as one line of JSON.
//
//   load --urls FILE [--connections N] [--seconds S] [--rate R] [--grace S] [--seed N]
//        [--header 'A: b'] …
//
// Without --rate it is closed-loop: N connections, each with its next request as soon as it has
// the answer. That finds the most a server can do; its latencies are mostly queueing.
// With --rate it is open-loop: R requests a second fall due at fixed moments, whether or not the
// server keeps up, and each latency counts from the moment the request fell due, not from when a
// connection was free for it. A server that stalls is therefore seen by all the requests that
// would have come meanwhile (Gil Tene's "coordinated omission" is what one gets without this).
//
// Every request is a random line of FILE (seeded). What is not answered --grace seconds after the
// end counts as an error. Exit status 0 when every answer was 2xx or 304, 1 when there were errors
// (the JSON is printed all the same), 2 wrong use.
#include "base/base.h"

#include "aim.h"
#include "hist.h"
#include "reply.h"

#include "base/file.h"
#include "base/json.h"
#include "base/random.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

enum { HEADERS_MAX = 8, CONNECTIONS_MAX = 1024, EVENTS = 64 };
static const uint64_t SECOND = 1000000000u;

struct options {
    const char *urls;
    int64_t connections;
    double seconds, rate; // rate 0: closed loop
    double grace;         // seconds to wait for what is still in flight at the end
    int64_t seed;
    str header[HEADERS_MAX];
    size_t n_headers;
};

struct conn {
    int fd; // -1: not connected
    bool busy;
    uint64_t due; // when the request in flight fell due
    str rest;     // what of it is still to send
    struct reply reply;
};

struct load {
    const struct options *o;
    struct aim aim;
    struct arena *a;
    struct seeded chance;
    int epoll;
    struct conn *conn;
    struct conn **idle; // a ring, so that all connections take their turn
    size_t idle_at, idle_n, busy_n;
    uint64_t start, end;    // requests fall due in between
    uint64_t give_up, last; // give_up: no more waiting; last: when the last answer was complete
    uint64_t sent, errors, reconnects, body;
    uint64_t status[600];
    str first_error;
    struct hist hist;
    char piece[1 << 16]; // what was read last; bytes are counted, not kept
};

static uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * SECOND + (uint64_t)t.tv_nsec;
}

static void note_error(struct load *l, const char *what)
{
    l->errors++;
    if (str_is_none(l->first_error))
        l->first_error = str_fmt(l->a, "%s", what);
}

static void idle_push(struct load *l, struct conn *c)
{
    size_t cap = (size_t)l->o->connections;
    l->idle[(l->idle_at + l->idle_n++) % cap] = c;
}

static struct conn *idle_pop(struct load *l)
{
    struct conn *c = l->idle[l->idle_at];
    l->idle_at = (l->idle_at + 1) % (size_t)l->o->connections;
    l->idle_n--;
    return c;
}

static void disconnect(struct conn *c)
{
    if (c->fd >= 0)
        close(c->fd);
    c->fd = -1;
}

// The request in flight is over, well or badly.
static void finish(struct load *l, struct conn *c, const char *trouble)
{
    if (trouble)
        note_error(l, trouble);
    if (trouble || c->reply.close)
        disconnect(c);
    c->busy = false;
    l->busy_n--;
    idle_push(l, c);
}

static bool connect_one(struct load *l, struct conn *c)
{
    c->fd = aim_connect(&l->aim, SOCK_NONBLOCK);
    if (c->fd < 0)
        return false;
    // Edge-triggered for both directions: registered once, never changed.
    struct epoll_event ev = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.ptr = c};
    return epoll_ctl(l->epoll, EPOLL_CTL_ADD, c->fd, &ev) == 0;
}

static void push_out(struct load *l, struct conn *c)
{
    while (c->rest.n) {
        ssize_t k = send(c->fd, c->rest.p, c->rest.n, MSG_NOSIGNAL);
        if (k < 0 && (errno == EAGAIN || errno == EINPROGRESS))
            return;
        if (k < 0 && errno == EINTR)
            continue;
        if (k < 0)
            return finish(l, c, strerror(errno));
        c->rest = str_slice(c->rest, (size_t)k, c->rest.n);
    }
}

static void ask(struct load *l, struct conn *c, uint64_t due)
{
    c->busy = true;
    l->busy_n++;
    l->sent++;
    c->due = due;
    c->rest = l->aim.request[seeded_below(&l->chance, l->aim.n)];
    reply_start(&c->reply);
    if (c->fd < 0) {
        l->reconnects++;
        if (!connect_one(l, c))
            return finish(l, c, strerror(errno));
    }
    push_out(l, c);
}

static void answered(struct load *l, struct conn *c)
{
    l->last = now_ns();
    hist_add(&l->hist, l->last - c->due);
    l->body += c->reply.body;
    l->status[c->reply.status]++;
    char trouble[64] = "";
    if (!reply_is_good(&c->reply))
        snprintf(trouble, sizeof trouble, "status %d", c->reply.status);
    finish(l, c, trouble[0] ? trouble : NULL);
}

static void take_bytes(struct load *l, struct conn *c, const char *p, size_t n)
{
    size_t taken = reply_feed(&c->reply, p, n);
    if (c->reply.state == REPLY_DONE && taken < n)
        finish(l, c, "bytes after the end of the answer");
    else if (c->reply.state == REPLY_DONE)
        answered(l, c);
    else if (c->reply.state == REPLY_BAD)
        finish(l, c, c->reply.why);
}

static void closed_by_server(struct load *l, struct conn *c)
{
    if (!c->busy)
        return disconnect(c); // between two answers it may
    reply_end(&c->reply);
    if (c->reply.state == REPLY_DONE)
        answered(l, c);
    else
        finish(l, c, c->reply.why);
}

static void pull_in(struct load *l, struct conn *c)
{
    while (c->fd >= 0) {
        ssize_t k = recv(c->fd, l->piece, sizeof l->piece, 0);
        if (k < 0 && errno == EAGAIN)
            return;
        if (k < 0 && errno == EINTR)
            continue;
        if (k < 0 && c->busy)
            return finish(l, c, strerror(errno));
        if (k <= 0)
            return closed_by_server(l, c);
        if (!c->busy)
            return disconnect(c); // an answer nobody asked for
        take_bytes(l, c, l->piece, (size_t)k);
    }
}

// When request number i falls due.
static uint64_t due_at(const struct load *l, uint64_t i)
{
    return l->start + (uint64_t)((double)i / l->o->rate * 1e9);
}

// Sends what is due now. Returns the moment at which to look again.
static uint64_t dispatch(struct load *l)
{
    uint64_t now = now_ns();
    while (l->idle_n) {
        uint64_t due = l->o->rate > 0 ? due_at(l, l->sent) : now;
        if (due >= l->end)
            return l->busy_n ? l->give_up : now;
        if (due > now)
            return due;
        ask(l, idle_pop(l), due);
        now = now_ns();
    }
    return l->give_up;
}

static void wait_until(struct load *l, uint64_t when)
{
    struct epoll_event ev[EVENTS];
    uint64_t now = now_ns(), pause = when > now ? when - now : 0;
    struct timespec t = {(time_t)(pause / SECOND), (long)(pause % SECOND)};
    int n = epoll_pwait2(l->epoll, ev, EVENTS, &t, NULL);
    for (int i = 0; i < n; i++) {
        struct conn *c = ev[i].data.ptr;
        if (c->busy && (ev[i].events & EPOLLOUT))
            push_out(l, c);
        if (c->fd >= 0 && (ev[i].events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)))
            pull_in(l, c);
    }
}

static bool over(const struct load *l)
{
    uint64_t now = now_ns();
    bool all_sent = l->o->rate > 0 ? due_at(l, l->sent) >= l->end : now >= l->end;
    return (all_sent && l->busy_n == 0) || now >= l->give_up;
}

// Requests that fell due but were never answered count as errors: leaving them out would make the
// worst server look best.
static void count_unanswered(struct load *l)
{
    uint64_t now = now_ns();
    for (size_t i = 0; i < (size_t)l->o->connections; i++)
        if (l->conn[i].busy) {
            note_error(l, "no answer in time");
            hist_add(&l->hist, now - l->conn[i].due);
        }
    for (; l->o->rate > 0 && due_at(l, l->sent) < l->end; l->sent++) {
        note_error(l, "no answer in time");
        hist_add(&l->hist, now - due_at(l, l->sent));
    }
}

static err run(struct load *l)
{
    size_t n = (size_t)l->o->connections;
    l->chance = (struct seeded){(uint64_t)l->o->seed};
    l->epoll = epoll_create1(EPOLL_CLOEXEC);
    l->conn = arena_new_array(l->a, n, struct conn);
    l->idle = arena_new_array(l->a, n, struct conn *);
    for (size_t i = 0; i < n; i++) {
        if (!connect_one(l, &l->conn[i]))
            return err_new(l->a, ERR_IO, "Cannot connect: %s.", strerror(errno));
        idle_push(l, &l->conn[i]);
    }
    l->start = l->last = now_ns();
    l->end = l->start + (uint64_t)(l->o->seconds * 1e9);
    l->give_up = l->end + (uint64_t)(l->o->grace * 1e9);
    while (!over(l))
        wait_until(l, dispatch(l));
    count_unanswered(l);
    return NULL;
}

static void put_ms(struct json *j, const char *key, uint64_t ns)
{
    json_key(j, key);
    json_fixed(j, (double)ns / 1e6, 3);
}

static void put_number(struct json *j, const char *key, double v)
{
    json_key(j, key);
    json_fixed(j, v, 3);
}

static void put_statuses(struct json *j, const struct load *l)
{
    json_key(j, "statuses");
    json_open(j, '{');
    for (int i = 0; i < (int)countof(l->status); i++)
        if (l->status[i])
            json_kv_i64(j, str_fmt(l->a, "%d", i).p, (int64_t)l->status[i]);
    json_close(j, '}');
}

static void report(struct load *l)
{
    struct buf b;
    struct json j;
    double took = (double)(l->last - l->start) / 1e9;
    double per_second = took > 0 ? 1 / took : 0;
    buf_init(&b, l->a, 1 << 16);
    json_init(&j, &b);
    json_open(&j, '{');
    json_kv_str(&j, "mode", l->o->rate > 0 ? STR("open") : STR("closed"));
    json_kv_i64(&j, "connections", l->o->connections);
    put_number(&j, "rate", l->o->rate);
    put_number(&j, "seconds", took);
    json_kv_i64(&j, "requests", (int64_t)l->sent);
    json_kv_i64(&j, "errors", (int64_t)l->errors);
    json_kv_str(&j, "first_error", l->first_error);
    json_kv_i64(&j, "reconnects", (int64_t)l->reconnects);
    put_number(&j, "req_per_s", (double)l->hist.n * per_second);
    put_number(&j, "mb_per_s", (double)l->body / 1e6 * per_second);
    put_ms(&j, "p50_ms", hist_quantile(&l->hist, 0.5));
    put_ms(&j, "p90_ms", hist_quantile(&l->hist, 0.9));
    put_ms(&j, "p99_ms", hist_quantile(&l->hist, 0.99));
    put_ms(&j, "max_ms", l->hist.max);
    put_statuses(&j, l);
    json_close(&j, '}');
    printf("%" PRIstr "\n", ARGstr(buf_text(&b)));
}

static bool number(const char *text, double lo, double hi, double *ret)
{
    return str_to_f64(str_c(text), ret) && *ret >= lo && *ret <= hi;
}

static bool option(struct options *o, int c)
{
    double v;
    switch (c) {
    case 'u': o->urls = optarg; return true;
    case 'c':
        return str_to_i64(str_c(optarg), &o->connections) && o->connections >= 1 &&
               o->connections <= CONNECTIONS_MAX;
    case 's': return number(optarg, 0.1, 86400, &o->seconds);
    case 'g': return number(optarg, 0, 600, &o->grace);
    case 'r':
        if (!number(optarg, 0.01, 1e6, &v))
            return false;
        o->rate = v;
        return true;
    case 'x': return str_to_i64(str_c(optarg), &o->seed);
    case 'h':
        if (o->n_headers == HEADERS_MAX)
            return false;
        o->header[o->n_headers++] = str_c(optarg);
        return true;
    default: return false;
    }
}

static bool options_read(int argc, char **argv, struct options *o)
{
    static const struct option names[] = {{"urls", 1, NULL, 'u'},    {"connections", 1, NULL, 'c'},
                                          {"seconds", 1, NULL, 's'}, {"rate", 1, NULL, 'r'},
                                          {"seed", 1, NULL, 'x'},    {"header", 1, NULL, 'h'},
                                          {"grace", 1, NULL, 'g'},   {NULL, 0, NULL, 0}};
    *o = (struct options){.connections = 64, .seconds = 4, .seed = 1, .grace = 10};
    for (int c; (c = getopt_long(argc, argv, "", names, NULL)) != -1;)
        if (!option(o, c))
            return false;
    return o->urls && optind == argc;
}

static err measure(struct load *l)
{
    str urls;
    TRY(file_map(l->a, l->o->urls, 64 << 20, &urls));
    TRY(aim_read(l->a, urls, l->o->header, l->o->n_headers, &l->aim));
    return run(l);
}

int main(int argc, char **argv)
{
    struct options o;
    if (!options_read(argc, argv, &o)) {
        fprintf(stderr, "usage: load --urls FILE [--connections 64] [--seconds 4] [--rate R]\n"
                        "            [--grace 10] [--seed N] [--header 'Name: value'] …\n");
        return 2;
    }
    struct arena a;
    arena_init(&a);
    struct load *l = arena_new(&a, struct load);
    l->o = &o;
    l->a = &a;
    err e = measure(l);
    if (e)
        fprintf(stderr, "load: %" PRIstr "\n", ARGstr(err_text(&a, e)));
    else
        report(l);
    int status = e || l->errors ? 1 : 0;
    arena_fini(&a);
    return status;
}
