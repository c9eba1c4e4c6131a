// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct mapping {
    void *p;
    size_t n;
};

static void unmap(void *arg)
{
    struct mapping *m = arg;
    munmap(m->p, m->n);
}

err file_map(struct arena *a, const char *path, size_t max, str *ret)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return err_new(a, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "%s cannot be opened: %s.",
                       path, strerror(errno));
    struct stat st;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        close(fd);
        return err_new(a, ERR_INVALID, "%s is not a file.", path);
    }
    if ((uint64_t)st.st_size > max) {
        close(fd);
        return err_new(a, ERR_INVALID, "%s is too large: %lld bytes; at most %zu can be read.",
                       path, (long long)st.st_size, max);
    }
    if (st.st_size == 0) {
        close(fd);
        *ret = STR("");
        return NULL;
    }
    void *p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    close(fd);
    if (p == MAP_FAILED)
        return err_new(a, ERR_IO, "%s cannot be read: %s.", path, strerror(errno));
    madvise(p, (size_t)st.st_size, MADV_SEQUENTIAL);
    struct mapping *m = arena_new(a, struct mapping);
    *m = (struct mapping){p, (size_t)st.st_size};
    arena_on_end(a, unmap, m);
    *ret = (str){p, (size_t)st.st_size};
    return NULL;
}

static bool write_all(int fd, str text)
{
    while (text.n) {
        ssize_t k = write(fd, text.p, text.n);
        if (k < 0 && errno == EINTR)
            continue;
        if (k <= 0)
            return false;
        text = str_slice(text, (size_t)k, text.n);
    }
    return true;
}

err file_write(struct arena *a, const char *path, str text)
{
    const char *tmp = str_fmt(a, "%s.new.%ld", path, (long)getpid()).p;
    int fd = open(tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return err_new(a, ERR_IO, "%s cannot be written: %s.", path, strerror(errno));
    bool ok = write_all(fd, text) && fsync(fd) == 0;
    int why = errno;
    close(fd);
    if (ok && rename(tmp, path) == 0)
        return NULL;
    if (ok)
        why = errno;
    unlink(tmp);
    return err_new(a, ERR_IO, "%s cannot be written: %s.", path, strerror(why));
}
