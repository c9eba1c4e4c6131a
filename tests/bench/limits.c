// SPDX-License-Identifier: AGPL-3.0-or-later
// What this machine can do at best, so that our figures can be given as shares of it.
//
//   limits FOLDER [--seconds 2]
//
// Prints one line of JSON: `fdatasync_per_s`, how often 8 KB overwritten in place in a file of
// FOLDER reach the disk (as pg_test_fsync measures it: the ceiling of durable commits by one
// writer that does not group them); and `read_gb_per_s`, how fast one core adds up 256 MB of
// memory (the floor of any scan), the best of five.
#include "base/base.h"

#include "base/err.h"
#include "base/json.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { PAGE = 8192, FILE_SIZE = 16 << 20, MEMORY = 256 << 20 };

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static err sync_rate(struct arena *a, int fd, double seconds, double *ret_per_s)
{
    char *page = arena_alloc(a, PAGE);
    for (off_t at = 0; at < FILE_SIZE; at += PAGE)
        if (pwrite(fd, page, PAGE, at) != PAGE)
            return err_new(a, ERR_IO, "The disk cannot be written: %s.", strerror(errno));
    if (fsync(fd) != 0)
        return err_new(a, ERR_IO, "The disk does not sync: %s.", strerror(errno));
    int64_t n = 0;
    double start = now(), end = start;
    for (; end - start < seconds; end = now(), n++) {
        memset(page, (int)(n & 127), PAGE);
        if (pwrite(fd, page, PAGE, n * PAGE % FILE_SIZE) != PAGE || fdatasync(fd) != 0)
            return err_new(a, ERR_IO, "The disk does not sync: %s.", strerror(errno));
    }
    *ret_per_s = (double)n / (end - start);
    return NULL;
}

static err fdatasync_rate(struct arena *a, const char *folder, double seconds, double *ret_per_s)
{
    str name = str_fmt(a, "%s/limits-XXXXXX", folder);
    char *path = arena_copy(a, name.p, name.n + 1);
    int fd = mkstemp(path);
    if (fd < 0)
        return err_new(a, ERR_IO, "%s cannot be written to: %s.", folder, strerror(errno));
    unlink(path); // gone by itself, however this ends
    err e = sync_rate(a, fd, seconds, ret_per_s);
    close(fd);
    return e;
}

static uint64_t add_up(const uint64_t *v, size_t n)
{
    uint64_t sum[8] = {0};
    for (size_t i = 0; i + 8 <= n; i += 8)
        for (int k = 0; k < 8; k++)
            sum[k] += v[i + k];
    return sum[0] + sum[1] + sum[2] + sum[3] + sum[4] + sum[5] + sum[6] + sum[7];
}

static double read_rate(struct arena *a)
{
    uint64_t *v = arena_alloc(a, MEMORY);
    double best = 0;
    memset(v, 1, MEMORY);
    for (int round = 0; round < 5; round++) {
        double start = now();
        uint64_t sum = add_up(v, MEMORY / sizeof *v);
        __asm__ volatile("" : : "r"(sum)); // used, as far as the compiler can know
        double rate = MEMORY / (now() - start) / 1e9;
        best = rate > best ? rate : best;
    }
    return best;
}

static err measure(struct arena *a, const char *folder, double seconds)
{
    double syncs;
    TRY(fdatasync_rate(a, folder, seconds, &syncs));
    struct buf b;
    struct json j;
    buf_init(&b, a, 4096);
    json_init(&j, &b);
    json_open(&j, '{');
    json_key(&j, "fdatasync_per_s");
    json_fixed(&j, syncs, 1);
    json_key(&j, "read_gb_per_s");
    json_fixed(&j, read_rate(a), 2);
    json_close(&j, '}');
    printf("%" PRIstr "\n", ARGstr(buf_text(&b)));
    return NULL;
}

int main(int argc, char **argv)
{
    double seconds = 2;
    bool timed = argc == 4 && !strcmp(argv[2], "--seconds");
    if ((argc != 2 && !timed) || (timed && !str_to_f64(str_c(argv[3]), &seconds))) {
        fprintf(stderr, "usage: limits FOLDER [--seconds 2]\n");
        return 2;
    }
    struct arena a;
    arena_init(&a);
    err e = measure(&a, argv[1], seconds);
    if (e)
        fprintf(stderr, "limits: %" PRIstr "\n", ARGstr(err_text(&a, e)));
    arena_fini(&a);
    return e ? 1 : 0;
}
