// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>

void log_line(const char *fmt, ...)
{
    char line[1024], when[32];
    struct timespec t;
    struct tm tm;
    clock_gettime(CLOCK_REALTIME, &t);
    gmtime_r(&t.tv_sec, &tm);
    strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", &tm);
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(line, sizeof line, fmt, ap);
    va_end(ap);
    for (char *p = line; *p; p++) // one line stays one line
        if ((unsigned char)*p < 0x20)
            *p = ' ';
    fprintf(stderr, "%s %s\n", when, line);
}
