// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>

FORMAT(2, 0) static str vfmt(struct arena *a, const char *fmt, va_list ap)
{
    va_list again;
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, again);
    va_end(again);
    ASSERT(n >= 0);
    char *p = arena_alloc(a, (size_t)n + 1);
    vsnprintf(p, (size_t)n + 1, fmt, ap);
    return (str){p, (size_t)n};
}

err err_new(struct arena *a, enum err_kind kind, const char *fmt, ...)
{
    struct err *e = arena_new(a, struct err);
    e->kind = kind;
    va_list ap;
    va_start(ap, fmt);
    e->sentence = vfmt(a, fmt, ap);
    va_end(ap);
    return e;
}

err err_while(struct arena *a, err cause, const char *fmt, ...)
{
    struct err *e = arena_new(a, struct err);
    e->kind = cause->kind;
    e->cause = cause;
    va_list ap;
    va_start(ap, fmt);
    e->sentence = vfmt(a, fmt, ap);
    va_end(ap);
    return e;
}

str err_root(err e)
{
    while (e->cause)
        e = e->cause;
    return e->sentence;
}

str err_text(struct arena *a, err e)
{
    str out = STR("");
    for (; e; e = e->cause)
        out = str_fmt(a, "%" PRIstr "%s%" PRIstr "%s", ARGstr(out), e->cause ? "while " : "",
                      ARGstr(e->sentence), e->cause ? ": " : "");
    return out;
}
