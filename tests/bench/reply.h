// SPDX-License-Identifier: AGPL-3.0-or-later
// Reading one HTTP/1.1 answer after the other off a connection, in whatever pieces it arrives:
// status, how long the body is (Content-Length, chunked, or until the close), whether the server
// wants to close. The body is counted, not kept. Written for measuring: it knows only what a
// well-formed answer to a GET without pipelining may hold, and calls anything else bad.
#ifndef BENCH_REPLY_H
#define BENCH_REPLY_H

#include "base/base.h"

enum { REPLY_HEAD_MAX = 16384 };

enum reply_state {
    REPLY_HEAD,     // reading the status line and the headers
    REPLY_BODY,     // `left` bytes of body to come
    REPLY_SIZE,     // in a chunk's size line
    REPLY_CHUNK,    // `left` bytes of the chunk (and its line end) to come
    REPLY_TRAILER,  // after the last chunk, up to the empty line
    REPLY_TO_CLOSE, // no length given: the body ends with the connection
    REPLY_DONE,
    REPLY_BAD, // `why` says what
};

struct reply {
    enum reply_state state;
    int status;    // 200, 304 …, once the headers are in
    bool close;    // the server will close the connection after this answer
    uint64_t left; // see the states
    uint64_t body; // bytes of body so far
    const char *why;
    size_t head_n; // bytes of `head`, also the current line in SIZE and TRAILER
    char head[REPLY_HEAD_MAX];
};

// Ready for the next answer.
void reply_start(struct reply *r);
// Takes what has arrived; returns how many bytes belonged to this answer (all of them, unless the
// state is now REPLY_DONE or REPLY_BAD).
size_t reply_feed(struct reply *r, const char *p, size_t n);
// The connection has ended. Turns REPLY_TO_CLOSE into REPLY_DONE and any unfinished state into
// REPLY_BAD.
void reply_end(struct reply *r);
// 2xx or 304: what a measured request has to be answered with.
bool reply_is_good(const struct reply *r);

#endif
