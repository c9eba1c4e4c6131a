// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

NORETURN static void become(char *const *argv, int core, int tell)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(STDERR_FILENO, STDOUT_FILENO);
    if (core >= 0) {
        cpu_set_t set;
        CPU_ZERO(&set);
        CPU_SET(core, &set);
        sched_setaffinity(0, sizeof set, &set);
    }
    execvp(argv[0], argv);
    int why = errno;
    if (write(tell, &why, sizeof why) < 0)
        why = 0;
    _exit(127);
}

err child_start(struct arena *a, char *const *argv, int core, pid_t *ret_pid)
{
    int tell[2], why = 0; // closed by a successful exec, else carries errno
    if (pipe2(tell, O_CLOEXEC) != 0)
        return err_new(a, ERR_IO, "No pipe: %s.", strerror(errno));
    pid_t pid = fork();
    if (pid == 0)
        become(argv, core, tell[1]);
    close(tell[1]);
    bool failed = pid > 0 && read(tell[0], &why, sizeof why) == sizeof why;
    close(tell[0]);
    if (failed)
        waitpid(pid, NULL, 0);
    if (pid < 0 || failed)
        return err_new(a, ERR_IO, "%s cannot be run: %s.", argv[0], strerror(failed ? why : errno));
    *ret_pid = pid;
    return NULL;
}

// The whole of a small file of /proc; none when it is not there (any more).
static str proc_read(struct arena *a, pid_t pid, const char *what)
{
    enum { MOST = 1 << 16 };
    int fd = open(str_fmt(a, "/proc/%d/%s", (int)pid, what).p, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return STR_NONE;
    char *p = arena_alloc(a, MOST);
    ssize_t n = read(fd, p, MOST);
    close(fd);
    return n > 0 ? (str){p, (size_t)n} : STR_NONE;
}

static int64_t kilobytes(str text, str name)
{
    str line;
    int64_t v = 0;
    while (str_next(&text, '\n', &line))
        if (str_starts(line, name)) {
            str rest = str_trim(str_slice(line, name.n, line.n));
            return str_to_i64(str_slice(rest, 0, str_find_byte(rest, ' ')), &v) ? v : 0;
        }
    return 0;
}

void child_memory_add(struct arena *scratch, pid_t pid, struct child_memory *m)
{
    str rollup = proc_read(scratch, pid, "smaps_rollup");
    m->rss += kilobytes(rollup, STR("Rss:"));
    m->dirty += kilobytes(rollup, STR("Private_Dirty:"));
    str children = proc_read(scratch, pid, str_fmt(scratch, "task/%d/children", (int)pid).p), one;
    int64_t child;
    while (str_next(&children, ' ', &one))
        if (str_to_i64(one, &child))
            child_memory_add(scratch, (pid_t)child, m);
}
