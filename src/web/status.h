// SPDX-License-Identifier: AGPL-3.0-or-later
// The words of the error pages, by HTTP status.
#ifndef WEB_STATUS_H
#define WEB_STATUS_H

#include "base/base.h"

const char *error_title(int status);
const char *error_lede(int status);   // what happened
const char *error_advice(int status); // what to do next

#endif
