// SPDX-License-Identifier: AGPL-3.0-or-later
// Runs one command to its end and says what it took.
//
//   measure [--core N] COMMAND [ARGUMENT …]
//
// Prints one line of JSON: `status` (the exit status, or 128 + the signal), `wall_s`, `cpu_s`
// (user and system time of the command and everything it started, daemons too: what loses its
// parent becomes our child), `rss_max_kb`, and `dirty_max_kb`, the most memory that was private
// and written to at one of the moments we looked, twenty times a second. The command's own output
// goes to standard error. A daemon it leaves behind is waited for. Exit status: 0 when the
// command's was.
#include "base/base.h"

#include "child.h"

#include "base/json.h"

#include <errno.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

enum { LOOK_EVERY = 10 }; // times 5 ms

struct taken {
    int status;
    double wall, cpu;
    struct child_memory most;
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double seconds(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static void look(pid_t pid, struct child_memory *most)
{
    struct arena scratch;
    struct child_memory m = {0};
    arena_init(&scratch);
    child_memory_add(&scratch, pid, &m);
    arena_fini(&scratch);
    most->rss = m.rss > most->rss ? m.rss : most->rss;
    most->dirty = m.dirty > most->dirty ? m.dirty : most->dirty;
}

static err run(struct arena *a, char *const *argv, int core, struct taken *ret)
{
    pid_t pid;
    int status = 0;
    double start = now();
    TRY(child_start(a, argv, core, &pid));
    for (int i = 0; waitpid(pid, &status, WNOHANG) == 0; i++) {
        if (i % LOOK_EVERY == 0)
            look(pid, &ret->most);
        nanosleep(&(struct timespec){0, 5000000}, NULL);
    }
    ret->wall = now() - start;
    while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
        ; // what it left behind
    struct rusage use;
    getrusage(RUSAGE_CHILDREN, &use);
    ret->cpu = seconds(use.ru_utime) + seconds(use.ru_stime);
    if (use.ru_maxrss > ret->most.rss)
        ret->most.rss = use.ru_maxrss;
    ret->status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    return NULL;
}

static void report(struct arena *a, const struct taken *t)
{
    struct buf b;
    struct json j;
    buf_init(&b, a, 4096);
    json_init(&j, &b);
    json_open(&j, '{');
    json_kv_i64(&j, "status", t->status);
    json_key(&j, "wall_s");
    json_fixed(&j, t->wall, 3);
    json_key(&j, "cpu_s");
    json_fixed(&j, t->cpu, 3);
    json_kv_i64(&j, "rss_max_kb", t->most.rss);
    json_kv_i64(&j, "dirty_max_kb", t->most.dirty);
    json_close(&j, '}');
    printf("%" PRIstr "\n", ARGstr(buf_text(&b)));
}

int main(int argc, char **argv)
{
    int64_t core = -1;
    bool pinned = argc > 3 && !strcmp(argv[1], "--core");
    if (argc < 2 || (pinned && !str_to_i64(str_c(argv[2]), &core))) {
        fprintf(stderr, "usage: measure [--core N] COMMAND [ARGUMENT …]\n");
        return 2;
    }
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    struct arena a;
    struct taken t = {0};
    arena_init(&a);
    err e = run(&a, argv + (pinned ? 3 : 1), (int)core, &t);
    if (e)
        fprintf(stderr, "measure: %" PRIstr "\n", ARGstr(err_text(&a, e)));
    else
        report(&a, &t);
    arena_fini(&a);
    return e || t.status ? 1 : 0;
}
