// SPDX-License-Identifier: AGPL-3.0-or-later
// What a measuring tool asks, and whom: a list of addresses on one server of this machine, turned
// into ready requests. Only loopback is accepted, so that nobody else's server can be loaded by a
// slip of the hand.
#ifndef BENCH_AIM_H
#define BENCH_AIM_H

#include "base/base.h"
#include "base/err.h"

#include <sys/socket.h>

struct aim {
    struct sockaddr_storage addr;
    socklen_t addr_n;
    str *request; // complete GET requests, one per line of the list
    size_t n;
};

// `urls` holds one http://HOST:PORT/PATH per line (blank lines and lines starting with # do not
// count), all on the same HOST:PORT; HOST is localhost, 127.x.y.z or [::1]. Each of `headers` is
// one line "Name: value" added to every request. Refuses, with the line: other hosts, https, more
// than one server, an empty list.
MUST_USE err aim_read(struct arena *a, str urls, const str *headers, size_t n_headers,
                      struct aim *ret);

// A TCP connection to the server, with SOCK_NONBLOCK or 0 as `flags`; it may still be under way
// when it does not block. -1 with errno when it failed.
int aim_connect(const struct aim *aim, int flags);

#endif
