// SPDX-License-Identifier: AGPL-3.0-or-later
// The lock that says "the one writing process" of a SQLite database: FILE.lock, held by flock, so
// that it goes with the process however that ends. It holds the process id, for people.
#include "base/base.h"
#include "store/engine.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

err lock_take(struct arena *a, const char *where, int *ret_fd)
{
    const char *path = str_fmt(a, "%s.lock", where).p;
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return err_new(a, ERR_IO, "%s cannot be made: %s.", path, strerror(errno));
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        char pid[32] = "";
        ssize_t n = read(fd, pid, sizeof pid - 1);
        close(fd);
        return err_new(
            a, ERR_BUSY,
            "Another Doorstep is writing to %s (process %.*s). Stop it first, or do this "
            "in its web pages.",
            where, n > 0 ? (int)strcspn(pid, "\n") : 1, n > 0 ? pid : "?");
    }
    char pid[32];
    int n = snprintf(pid, sizeof pid, "%ld\n", (long)getpid());
    if (ftruncate(fd, 0) != 0 || pwrite(fd, pid, (size_t)n, 0) != n) {
        close(fd);
        return err_new(a, ERR_IO, "%s cannot be written: %s.", path, strerror(errno));
    }
    *ret_fd = fd;
    return NULL;
}

void lock_drop(int fd)
{
    if (fd >= 0)
        close(fd);
}
