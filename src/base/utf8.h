// SPDX-License-Identifier: AGPL-3.0-or-later
// Text encodings. Inside the program all text is valid UTF-8; this is where it is made so.
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/base.h"
#include "base/str.h"

// Strict UTF-8 (RFC 3629: no surrogates, no overlong forms, at most U+10FFFF). Returns the
// offset of the first bad byte, or s.n when all is well.
size_t utf8_bad_at(str s);
static inline bool utf8_ok(str s)
{
    return utf8_bad_at(s) == s.n;
}
// Windows-1252 (WHATWG table, so every byte has a meaning) to UTF-8.
str utf8_from_1252(struct arena *a, str s);
// s with every bad byte replaced by U+FFFD; s itself when it is valid.
str utf8_repair(struct arena *a, str s);
// Characters (code points) in valid text.
size_t utf8_count(str s);
// The longest prefix of at most n bytes that does not split a character.
str utf8_cut(str s, size_t n);
// Control bytes other than tab, newline, carriage return?
bool text_has_control(str s);

#endif
