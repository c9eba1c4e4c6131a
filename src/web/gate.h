// SPDX-License-Identifier: AGPL-3.0-or-later
// The gate in front of every handler: what no honest client sends is refused before anything else
// looks at it. Pure: it judges a list of headers; the server reads them out of the library.
// The rules and what the library hides from them: docs/decisions/0004-http.md.
#ifndef WEB_GATE_H
#define WEB_GATE_H

#include "base/base.h"
#include "base/str.h"

enum { GATE_HEADERS_MAX = 100, GATE_HEADER_BYTES = 12 * 1024, GATE_TARGET_BYTES = 8 * 1024 };

struct gate_header {
    str name, value;
};

struct gate_request {
    str version;    // "HTTP/1.1"
    str raw_target; // as it came, before any decoding
    const struct gate_header *header;
    size_t n;
};

struct gate_verdict {
    const char *refused; // a short reason for the log, or NULL: let it in
    int status;          // to refuse it with: 400, 414 (target too long), 431 (headers too large)
    int64_t body;        // the declared Content-Length; -1 when there is none
    bool chunked;
};

struct gate_verdict gate_judge(const struct gate_request *r);

#endif
