// SPDX-License-Identifier: AGPL-3.0-or-later
// One line to standard error, for the edges only (the request loop, the command line). Never
// personal data, never what somebody typed.
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/base.h"

void log_line(const char *fmt, ...) FORMAT(1, 2);

#endif
