// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "app/forward.h"
#include "app/app.h"
#include "base/log.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { MESSAGE_MAX = 256 * 1024, ARGS_MAX = 4096, STREAMS = 3 };

struct forward {
    int fd;
    struct sockaddr_un at;
    struct db *db;
    const char *where;
    pthread_t thread;
    atomic_bool stop;
};

static bool address_of(const char *where, struct sockaddr_un *ret)
{
    *ret = (struct sockaddr_un){.sun_family = AF_UNIX};
    size_t n = strlen(where);
    if (strncmp(where, "postgres", 8) == 0 || n + 6 > sizeof ret->sun_path)
        return false;
    memcpy(ret->sun_path, where, n);
    memcpy(ret->sun_path + n, ".sock", 6);
    return true;
}

// ---- the server's end -------------------------------------------------------------------------

static bool same_user(int fd)
{
    struct ucred peer;
    socklen_t n = sizeof peer;
    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &n) == 0 &&
           (peer.uid == geteuid() || peer.uid == 0);
}

// The words of the command, each ended by NUL, and the caller's three streams.
static ssize_t receive(int fd, char *words, int stream[STREAMS])
{
    char space[CMSG_SPACE(STREAMS * sizeof(int))];
    struct iovec io = {words, MESSAGE_MAX};
    struct msghdr m = {
        .msg_iov = &io, .msg_iovlen = 1, .msg_control = space, .msg_controllen = sizeof space};
    ssize_t n = recvmsg(fd, &m, MSG_CMSG_CLOEXEC);
    struct cmsghdr *c = n > 0 ? CMSG_FIRSTHDR(&m) : NULL;
    if (!c || c->cmsg_type != SCM_RIGHTS || c->cmsg_len != CMSG_LEN(STREAMS * sizeof(int)))
        return -1;
    memcpy(stream, CMSG_DATA(c), STREAMS * sizeof(int));
    return n;
}

static int run_words(struct forward *f, char *words, size_t n, const int stream[STREAMS])
{
    char **argv = calloc(ARGS_MAX, sizeof *argv);
    ASSERT(argv != NULL);
    int argc = 0;
    for (char *p = words; p < words + n && argc < ARGS_MAX; p += strlen(p) + 1)
        argv[argc++] = p;
    FILE *in = fdopen(stream[0], "r"), *out = fdopen(stream[1], "w"),
         *says = fdopen(stream[2], "w");
    int status = 1;
    if (in && out && says)
        status = app_run_on(f->db, f->where, argc, argv, in, out, says);
    if (in)
        fclose(in);
    if (out)
        fclose(out);
    if (says)
        fclose(says);
    free(argv);
    return status;
}

static void serve_one(struct forward *f, int fd)
{
    int stream[STREAMS];
    char *words = calloc(1, MESSAGE_MAX + 1);
    ASSERT(words != NULL);
    ssize_t n = same_user(fd) ? receive(fd, words, stream) : -1;
    if (n > 0) {
        unsigned char status = (unsigned char)run_words(f, words, (size_t)n, stream);
        if (send(fd, &status, 1, MSG_NOSIGNAL) != 1)
            log_line("a forwarded command's caller has gone");
    }
    free(words);
    close(fd);
}

static void *listen_main(void *arg)
{
    struct forward *f = arg;
    while (!atomic_load(&f->stop)) {
        int fd = accept4(f->fd, NULL, NULL, SOCK_CLOEXEC);
        if (fd >= 0)
            serve_one(f, fd);
        else if (errno != EINTR && errno != ECONNABORTED)
            break;
    }
    return NULL;
}

err forward_start(struct arena *a, struct db *db, const char *where, struct forward **ret)
{
    struct forward *f = arena_new(a, struct forward);
    *ret = NULL;
    f->db = db;
    f->where = where;
    if (!address_of(where, &f->at))
        return NULL; // PostgreSQL, or a path too long for a socket: the command line says so itself
    f->fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    unlink(f->at.sun_path); // we hold the writer's lock, so nobody else listens there
    if (f->fd < 0 || bind(f->fd, (struct sockaddr *)&f->at, sizeof f->at) != 0 ||
        listen(f->fd, 8) != 0)
        return err_new(a, ERR_IO, "%s cannot be made: %s.", f->at.sun_path, strerror(errno));
    if (pthread_create(&f->thread, NULL, listen_main, f) != 0)
        return err_new(a, ERR_IO, "The thread for commands cannot be started.");
    *ret = f;
    return NULL;
}

void forward_stop(struct forward *f)
{
    if (!f)
        return;
    atomic_store(&f->stop, true);
    shutdown(f->fd, SHUT_RDWR); // wakes accept
    pthread_join(f->thread, NULL);
    close(f->fd);
    unlink(f->at.sun_path);
}

// ---- the caller's end -------------------------------------------------------------------------

static bool is_file_option(const char *word)
{
    static const char *const names[] = {"--report", "--out"};
    for (size_t i = 0; i < countof(names); i++)
        if (strcmp(word, names[i]) == 0)
            return true;
    return false;
}

// The server stands in another folder: a word that names a file here, or will, goes as its full
// path.
static str word_of(struct arena *a, const char *before, const char *word)
{
    bool names_file = word[0] != '/' && word[0] != '-' &&
                      (access(word, F_OK) == 0 || (before && is_file_option(before)));
    char *here = names_file ? getcwd(NULL, 0) : NULL;
    str s = here ? str_fmt(a, "%s/%s", here, word) : str_copy(a, str_c(word));
    free(here);
    return s;
}

static bool send_words(int fd, str words)
{
    int stream[STREAMS] = {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO};
    char space[CMSG_SPACE(sizeof stream)] = {0};
    struct iovec io = {(void *)(uintptr_t)words.p, words.n};
    struct msghdr m = {
        .msg_iov = &io, .msg_iovlen = 1, .msg_control = space, .msg_controllen = sizeof space};
    struct cmsghdr *c = CMSG_FIRSTHDR(&m);
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(sizeof stream);
    memcpy(CMSG_DATA(c), stream, sizeof stream);
    return sendmsg(fd, &m, MSG_NOSIGNAL) == (ssize_t)words.n;
}

err forward_command(struct arena *a, const char *where, int argc, char **argv, bool *ret_done,
                    int *ret_status)
{
    struct sockaddr_un at;
    *ret_done = false;
    if (!address_of(where, &at))
        return NULL;
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&at, sizeof at) != 0) {
        if (fd >= 0)
            close(fd);
        return NULL;
    }
    struct buf b;
    buf_init(&b, a, MESSAGE_MAX);
    for (int i = 0; i < argc; i++) {
        buf_str(&b, word_of(a, i ? argv[i - 1] : NULL, argv[i]));
        buf_byte(&b, 0);
    }
    fflush(NULL);
    unsigned char status = 1;
    bool ok = !b.full && send_words(fd, buf_text(&b)) && recv(fd, &status, 1, 0) == 1;
    close(fd);
    if (!ok)
        return err_new(a, ERR_IO, "The running Doorstep did not finish this command.");
    *ret_done = true;
    *ret_status = status;
    return NULL;
}
