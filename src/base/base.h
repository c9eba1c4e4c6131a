// SPDX-License-Identifier: AGPL-3.0-or-later
// The ground every file of Doorstep stands on; always the first include.
//
// Three families of trouble, kept apart (see STYLE.md):
//   our mistake             -> ASSERT, alive in production
//   the world said no       -> a function returns `const struct err *`, NULL meaning all is well
//   what a person typed     -> not an error: the form comes back with a message at each field
#ifndef BASE_BASE_H
#define BASE_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

// The result has to be used: an error that nobody looks at must not compile.
#define MUST_USE           __attribute__((warn_unused_result))
#define NORETURN           __attribute__((noreturn))
#define FORMAT(fmt, first) __attribute__((format(printf, fmt, first)))
#define UNUSED(x)          ((void)(x))

#define countof(a) (sizeof(a) / sizeof((a)[0]))

// A contract: what is written here can only be false through a mistake of ours.
#define ASSERT(x) ((x) ? (void)0 : base_assert_failed(#x, __FILE__, __LINE__, __func__))
NORETURN void base_assert_failed(const char *what, const char *file, int line, const char *func);

// Calls that have burned others: the C library's unbounded or locale-bound ones do not compile
// here.
#define BANNED(name) name##_is_banned_see_STYLE
#undef strcpy
#define strcpy BANNED(strcpy)
#undef strcat
#define strcat BANNED(strcat)
#undef sprintf
#define sprintf BANNED(sprintf)
#undef vsprintf
#define vsprintf BANNED(vsprintf)
#undef strtok
#define strtok BANNED(strtok)
#undef atoi
#define atoi BANNED(atoi)
#undef atof
#define atof BANNED(atof)
#undef alloca
#define alloca BANNED(alloca)

#endif
