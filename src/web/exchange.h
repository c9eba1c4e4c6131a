// SPDX-License-Identifier: AGPL-3.0-or-later
// A request on its way through the server: the library's connection, the body as it comes in, and
// how the answer goes out. Private to src/web.
#ifndef WEB_EXCHANGE_H
#define WEB_EXCHANGE_H

#include "base/base.h"
#include "web/assets.h"
#include "web/gate.h"
#include "web/req.h"

struct MHD_Connection;
struct MHD_Response;
struct cached;
struct workers;

struct exchange {
    struct req r;
    struct arena arena;
    struct MHD_Connection *c;
    const char *raw_target;
    struct gate_header header[GATE_HEADERS_MAX]; // the library's memory: first callback only
    size_t n_headers;
    str if_none_match;
    bool begun, answered, heavy, gzip_ok, html_ok, too_large, writing;
    int64_t body_declared;
    size_t body_max, body_cap, spooled;
    char *body; // growing, in the arena
    int spool;  // -1, or the unlinked file a large body goes into
    const struct cached *lent;
    struct workers *workers;
    struct exchange *next; // in a queue
};

// The headers every answer has, whatever it is.
void exchange_guard(struct MHD_Response *resp, bool https);

struct exchange *exchange_new(struct site *site, struct MHD_Connection *c);
void exchange_free(struct exchange *x); // NULL is fine

// The body, piece by piece; into memory, or into a file after exchange_spool().
void exchange_body(struct exchange *x, const char *p, size_t n);
void exchange_spool(struct exchange *x);
// Makes r.body the whole body. false when it could not be kept.
bool exchange_map_body(struct exchange *x);

// Answers from the pages kept ready, or with 304. false: a worker has to.
bool exchange_from_cache(struct exchange *x);
void exchange_asset(struct exchange *x, const struct asset *f, bool zip, bool worker);
// Sends r's answer: compressed, kept for the next, with the headers every answer has. What the
// request had in its arena is gone afterwards.
void exchange_send(struct exchange *x);

#endif
