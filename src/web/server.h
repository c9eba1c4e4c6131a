// SPDX-License-Identifier: AGPL-3.0-or-later
// The web server: libmicrohttpd accepts and reads requests in one thread, our workers answer them.
//
//   acceptor -- gate -- whole request -> suspend, queue -> worker -> queue response, resume
//                 '- 400 and close          heavy routes: own queue, few threads, low priority
//
// What never blocks (files of the program, unchanged pages, pages kept ready) is answered in the
// acceptor's thread at once.
#ifndef WEB_SERVER_H
#define WEB_SERVER_H

#include "base/base.h"
#include "base/err.h"
#include "web/req.h"

struct server;

// Starts to listen. `site` is complete and outlives the server.
MUST_USE err server_start(struct arena *a, struct site *site, struct server **ret);
// The port it listens on (of use when 0 was asked for).
int server_port(const struct server *s);
// Lets running requests finish, then ends. NULL is fine.
void server_stop(struct server *s);

#endif
