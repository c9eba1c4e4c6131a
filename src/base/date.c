// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "base/date.h"

#include <time.h>

static const char *const month_names[] = {"January",   "February", "March",    "April",
                                          "May",       "June",     "July",     "August",
                                          "September", "October",  "November", "December"};

static bool leap(int y)
{
    return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
}

// Days since 1970-01-01, counted in 400-year eras that begin on 1 March, so that the leap day
// comes last (the usual civil-from-days construction).
static int32_t days_of(int y, int m, int d)
{
    y -= m <= 2;
    int era = (y >= 0 ? y : y - 399) / 400;
    int yoe = y - era * 400;
    int doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
    int doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return era * 146097 + doe - 719468;
}

bool date_make(int y, int m, int d, date *ret)
{
    static const int len[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (y < 1 || y > 9999 || m < 1 || m > 12 || d < 1)
        return false;
    if (d > len[m - 1] + (m == 2 && leap(y) ? 1 : 0))
        return false;
    *ret = (date){days_of(y, m, d)};
    return true;
}

void date_parts(date d, int *ret_y, int *ret_m, int *ret_d)
{
    int z = d.days + 719468;
    int era = (z >= 0 ? z : z - 146096) / 146097;
    int doe = z - era * 146097;
    int yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int mp = (5 * doy + 2) / 153;
    *ret_d = doy - (153 * mp + 2) / 5 + 1;
    *ret_m = mp + (mp < 10 ? 3 : -9);
    *ret_y = yoe + era * 400 + (*ret_m <= 2);
}

static bool digits(str s, size_t from, size_t n, int *ret)
{
    if (from + n > s.n)
        return false;
    int v = 0;
    for (size_t i = from; i < from + n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        v = v * 10 + (s.p[i] - '0');
    }
    *ret = v;
    return true;
}

bool date_parse(str s, date *ret)
{
    int y, m, d;
    return s.n == 10 && s.p[4] == '-' && s.p[7] == '-' && digits(s, 0, 4, &y) &&
           digits(s, 5, 2, &m) && digits(s, 8, 2, &d) && date_make(y, m, d, ret);
}

str date_iso(struct arena *a, date d)
{
    if (date_is_none(d))
        return STR_NONE;
    int y, m, day;
    date_parts(d, &y, &m, &day);
    return str_fmt(a, "%04d-%02d-%02d", y, m, day);
}

str date_words(struct arena *a, date d)
{
    if (date_is_none(d))
        return STR_NONE;
    int y, m, day;
    date_parts(d, &y, &m, &day);
    return str_fmt(a, "%d %s %d", day, month_names[m - 1], y);
}

str month_words(struct arena *a, int64_t yyyymm)
{
    int64_t m = yyyymm % 100;
    ASSERT(m >= 1 && m <= 12);
    return str_fmt(a, "%s %d", month_names[m - 1], (int)(yyyymm / 100));
}

static int64_t floor_div(int64_t n, int64_t by)
{
    return n / by - (n % by < 0);
}

date date_of_ms(int64_t ms)
{
    return (date){(int32_t)floor_div(ms, 86400000)};
}

str moment_iso(struct arena *a, int64_t ms)
{
    date d = date_of_ms(ms);
    int64_t s = floor_div(ms, 1000) - (int64_t)d.days * 86400;
    return str_fmt(a, "%" PRIstr "T%02d:%02d:%02dZ", ARGstr(date_iso(a, d)), (int)(s / 3600),
                   (int)(s / 60 % 60), (int)(s % 60));
}

str moment_clock(struct arena *a, int64_t ms)
{
    return str_slice(moment_iso(a, ms), 11, 16);
}

static int64_t system_now(void *ctx)
{
    UNUSED(ctx);
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

const struct clock clock_system = {system_now, NULL};
