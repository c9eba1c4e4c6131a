// SPDX-License-Identifier: AGPL-3.0-or-later
// What a person sent: query strings, form bodies, uploaded files. Every field a route takes is
// declared with its rule; what is not declared is dropped. A value that breaks its rule is not an
// error of the program: the form comes back with a message at the field and everything they wrote.
#ifndef WEB_FORM_H
#define WEB_FORM_H

#include "base/base.h"
#include "base/date.h"
#include "base/err.h"

enum field_rule {
    FIELD_TEXT,     // one line
    FIELD_LONG,     // several lines
    FIELD_NUMBER,   // a whole number
    FIELD_DATE,     // YYYY-MM-DD
    FIELD_CHOICE,   // one of `choices`
    FIELD_POSTCODE, // any text of postcode length; its meaning is the handler's
    FIELD_PASSWORD, // kept as it is, never shown again
    FIELD_CHECK,    // a tick: present or not
    FIELD_FILE,
};

struct field {
    const char *name;
    const char *label; // as the form says it, for messages: "your name"
    enum field_rule rule;
    bool needed;
    size_t max;          // bytes; 0: 200 for a line, 4000 for long text
    size_t min;          // characters, for passwords
    const char *choices; // "a|b|c"
    bool many;           // may come several times
};

struct form_value {
    str name, value;
    str file_name; // of an uploaded file; none otherwise
};

struct form_problem {
    const char *name; // of the field
    str message;
};

enum { FORM_VALUES_MAX = 200, FORM_PROBLEMS_MAX = 40 };

struct form {
    struct form_value *value;
    size_t n;
    struct form_problem problem[FORM_PROBLEMS_MAX];
    size_t n_problems;
};

// The first value of that name; STR("") when there is none.
str form_get(const struct form *f, const char *name);
bool form_has(const struct form *f, const char *name);
const struct form_value *form_file(const struct form *f, const char *name);
// The nth value of that name (0 first), false when there are fewer.
bool form_nth(const struct form *f, const char *name, size_t n, str *ret);
int64_t form_i64(const struct form *f, const char *name, int64_t otherwise);
date form_date(const struct form *f, const char *name);
// The message at a field; none when it is all right.
str form_problem(const struct form *f, const char *name);
void form_refuse(struct form *f, const char *name, str message);

// Reads application/x-www-form-urlencoded (or a query string) into *ret. Refuses a malformed
// escape, a NUL, text that is not UTF-8, more than FORM_VALUES_MAX values.
MUST_USE err form_parse_urlencoded(struct arena *a, str body, struct form *ret);
// Reads multipart/form-data. Values point into `body`.
MUST_USE err form_parse_multipart(struct arena *a, str body, str content_type, struct form *ret);
// Drops what is not declared, trims lines, and notes a problem at each value that breaks its rule.
void form_check(struct arena *a, struct form *f, const struct field *fields);

// Percent-decoding; '+' is a space when `plus` is set. false on a malformed escape.
MUST_USE bool url_decode(struct arena *a, str s, bool plus, str *ret);

// The value of a cookie in a Cookie header, none when it is not there (or there twice).
str cookie_find(str header, str name);

#endif
