// SPDX-License-Identifier: AGPL-3.0-or-later
#ifndef BASE_BASE_H
#define BASE_BASE_H
#define BANNED(name) name##_is_banned
#define strcpy BANNED(strcpy)
#endif
