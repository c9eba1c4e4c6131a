// SPDX-License-Identifier: AGPL-3.0-or-later
// "The world said no", as an object: a kind, a sentence, and what we were doing at the time.
//
// A function that can fail returns `const struct err *`; NULL means all is well. The result has
// to be used (MUST_USE); TRY() passes it on. Library code never logs: the edge (the request loop,
// the command line) logs once. Errors live in the arena they were made in.
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include "base/base.h"
#include "base/str.h"

enum err_kind {
    ERR_NOT_FOUND, // there is no such thing                      web 404
    ERR_DENIED,    // you may not                                 web 403
    ERR_CONFLICT,  // it clashes with what is there               web 409
    ERR_INVALID,   // what was handed in is not right (a file)    web 422, exit 1
    ERR_BUSY,      // try again later                             web 503
    ERR_IO,        // disk, network, database failed              web 500
    ERR_BUG,       // a mistake of ours that was caught           web 500
};

struct err {
    enum err_kind kind;
    str sentence;            // plain English, complete, for the person and the log alike
    const struct err *cause; // set on a "while …" link; the kind is the cause's
};

typedef const struct err *err;

// Makes an error. The sentence says what is wrong and, where one can, what to do next.
err err_new(struct arena *a, enum err_kind kind, const char *fmt, ...) FORMAT(3, 4)
    __attribute__((returns_nonnull));
// Puts "while …" in front of a cause: err_while(a, e, "reading %s", path).
err err_while(struct arena *a, err cause, const char *fmt, ...) FORMAT(3, 4)
    __attribute__((returns_nonnull));
// The innermost sentence: what actually went wrong.
str err_root(err e);
// The whole chain: "while reading x.csv: row 3: …".
str err_text(struct arena *a, err e);

#define TRY(expr)                                                                                  \
    do {                                                                                           \
        err try_err_ = (expr);                                                                     \
        if (try_err_)                                                                              \
            return try_err_;                                                                       \
    } while (0)

#endif
