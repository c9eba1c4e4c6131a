// SPDX-License-Identifier: AGPL-3.0-or-later
// Three locks against a foreign page acting in somebody's name: Sec-Fetch-Site first, Origin where
// a browser sends no Sec-Fetch-Site, and always a token in the form. The token is a keyed hash of
// the visitor's cookie, masked afresh in each page so that compression gives nothing away (BREACH).
#ifndef WEB_CSRF_H
#define WEB_CSRF_H

#include "base/base.h"
#include "base/random.h"
#include "base/str.h"

// The token for a form; `visitor` is the session or visitor cookie.
str csrf_token(struct arena *a, const struct random_source *r, const unsigned char key[32],
               str visitor);
bool csrf_token_ok(const unsigned char key[32], str visitor, str token);
// May a POST with these headers come from our own pages? none for a header that was not sent.
// `origin` is what our own pages' origin is: "https://zone.example".
bool csrf_headers_ok(str sec_fetch_site, str origin_header, str origin);

#endif
