// SPDX-License-Identifier: AGPL-3.0-or-later
// How long from starting a server to holding its first full page.
//
//   first_page [--core N] URL COMMAND [ARGUMENT …]
//
// Starts the command (on core N), knocks at URL's port five times a millisecond until somebody
// opens, asks for the page and reads it to its last byte; then ends the server with SIGTERM, by
// its process id, and with SIGKILL if it is still there after 5 s. Prints one line of JSON: `ms`
// from before the start to after the last byte, `status`, `bytes`, and `cpu_ms`, the server's CPU
// time from start to end. Fails when somebody listens there already, when the answer is not 2xx,
// when nothing has come after 30 s.
#include "base/base.h"

#include "aim.h"
#include "child.h"
#include "reply.h"

#include "base/json.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const double PATIENCE = 30, FAREWELL = 5; // seconds

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void nap(void)
{
    nanosleep(&(struct timespec){0, 200000}, NULL);
}

static err knock(struct arena *a, const struct aim *aim, pid_t pid, double start, int *ret_fd)
{
    while ((*ret_fd = aim_connect(aim, 0)) < 0) {
        if (waitpid(pid, NULL, WNOHANG) != 0)
            return err_new(a, ERR_IO, "The server ended before it answered.");
        if (now() - start > PATIENCE)
            return err_new(a, ERR_IO, "Nobody listened within %.0f s.", PATIENCE);
        nap();
    }
    struct timeval t = {(time_t)PATIENCE, 0};
    setsockopt(*ret_fd, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t);
    return NULL;
}

static err ask(struct arena *a, const struct aim *aim, int fd, struct reply *ret)
{
    char *piece = arena_alloc(a, 1 << 16);
    if (send(fd, aim->request[0].p, aim->request[0].n, MSG_NOSIGNAL) < 0)
        return err_new(a, ERR_IO, "The request could not be sent: %s.", strerror(errno));
    reply_start(ret);
    while (ret->state != REPLY_DONE && ret->state != REPLY_BAD) {
        ssize_t n = recv(fd, piece, 1 << 16, 0);
        if (n < 0)
            return err_new(a, ERR_IO, "No answer: %s.", strerror(errno));
        if (n == 0)
            reply_end(ret);
        else
            reply_feed(ret, piece, (size_t)n);
    }
    if (ret->state == REPLY_BAD)
        return err_new(a, ERR_IO, "The answer is broken: %s.", ret->why);
    return reply_is_good(ret) ? NULL : err_new(a, ERR_IO, "The answer is %d.", ret->status);
}

static err first_answer(struct arena *a, const struct aim *aim, pid_t pid, double start,
                        struct reply *ret)
{
    int fd;
    TRY(knock(a, aim, pid, start, &fd));
    err e = ask(a, aim, fd, ret);
    close(fd);
    return e;
}

static void say_goodbye(pid_t pid)
{
    double start = now();
    kill(pid, SIGTERM);
    while (waitpid(pid, NULL, WNOHANG) == 0) {
        if (now() - start > FAREWELL)
            kill(pid, SIGKILL);
        nap();
    }
}

static void report(struct arena *a, double took, const struct reply *r)
{
    struct rusage use;
    getrusage(RUSAGE_CHILDREN, &use);
    struct buf b;
    struct json j;
    buf_init(&b, a, 4096);
    json_init(&j, &b);
    json_open(&j, '{');
    json_key(&j, "ms");
    json_fixed(&j, took * 1000, 2);
    json_kv_i64(&j, "status", r->status);
    json_kv_i64(&j, "bytes", (int64_t)r->body);
    json_key(&j, "cpu_ms");
    json_fixed(&j,
               (double)(use.ru_utime.tv_sec + use.ru_stime.tv_sec) * 1000 +
                   (double)(use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1000,
               2);
    json_close(&j, '}');
    printf("%" PRIstr "\n", ARGstr(buf_text(&b)));
}

static err run(struct arena *a, const char *url, char *const *argv, int core)
{
    struct aim aim;
    pid_t pid;
    TRY(aim_read(a, str_c(url), NULL, 0, &aim));
    int fd = aim_connect(&aim, 0);
    if (fd >= 0) {
        close(fd);
        return err_new(a, ERR_CONFLICT, "Somebody listens at %s already.", url);
    }
    struct reply *reply = arena_new(a, struct reply);
    double start = now();
    TRY(child_start(a, argv, core, &pid));
    err e = first_answer(a, &aim, pid, start, reply);
    double took = now() - start;
    say_goodbye(pid);
    if (!e)
        report(a, took, reply);
    return e;
}

int main(int argc, char **argv)
{
    int64_t core = -1;
    bool pinned = argc > 2 && !strcmp(argv[1], "--core");
    int first = pinned ? 3 : 1;
    if (argc < first + 2 || (pinned && !str_to_i64(str_c(argv[2]), &core))) {
        fprintf(stderr, "usage: first_page [--core N] URL COMMAND [ARGUMENT …]\n");
        return 2;
    }
    struct arena a;
    arena_init(&a);
    err e = run(&a, argv[first], argv + first + 1, (int)core);
    if (e)
        fprintf(stderr, "first_page: %" PRIstr "\n", ARGstr(err_text(&a, e)));
    arena_fini(&a);
    return e ? 1 : 0;
}
