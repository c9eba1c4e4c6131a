// SPDX-License-Identifier: AGPL-3.0-or-later
// Calendar days and moments. A date is a day in the proleptic Gregorian calendar with no time
// zone; a moment is milliseconds since 1970 in UTC. Stored as ISO text (dates) and integers
// (moments), so that both order by themselves on both databases.
#ifndef BASE_DATE_H
#define BASE_DATE_H

#include "base/base.h"
#include "base/str.h"

typedef struct {
    int32_t days; // since 1970-01-01; DATE_NONE.days for "no date"
} date;

#define DATE_NONE ((date){INT32_MIN})

static inline bool date_is_none(date d)
{
    return d.days == INT32_MIN;
}
// false when there is no such day (31 April, 29 February of a common year, year < 1 or > 9999).
MUST_USE bool date_make(int y, int m, int d, date *ret);
void date_parts(date d, int *ret_y, int *ret_m, int *ret_d);
// Exactly YYYY-MM-DD.
MUST_USE bool date_parse(str s, date *ret);
// "2026-11-23"; STR_NONE for no date.
str date_iso(struct arena *a, date d);
// "23 November 2026", as the pages say it.
str date_words(struct arena *a, date d);
// "November 2026".
str month_words(struct arena *a, int64_t yyyymm);

// The day in UTC and the moment as RFC 3339, "2026-11-23T19:46:00Z".
date date_of_ms(int64_t ms);
str moment_iso(struct arena *a, int64_t ms);
str moment_clock(struct arena *a, int64_t ms); // 21:50, the time of that day in UTC

// Where the time comes from; tests put their own in.
struct clock {
    int64_t (*now_ms)(void *ctx);
    void *ctx;
};
extern const struct clock clock_system;
static inline int64_t clock_now(const struct clock *c)
{
    return c->now_ms(c->ctx);
}

#endif
