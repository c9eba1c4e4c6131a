// SPDX-License-Identifier: AGPL-3.0-or-later
// The programme's sentences in other languages. The templates are written in British English and
// those sentences are the keys; a catalogue (words/*.po, compiled by msgfmt to GNU .mo) says them
// in another language. A sentence a catalogue does not have is said in English: a page is never
// empty for want of a translation.
#ifndef WEB_WORDS_H
#define WEB_WORDS_H

#include "base/base.h"
#include "base/err.h"

// Marks a sentence in C for the translators; its value is the sentence itself, to be looked up
// where it is printed.
#define N_(text) text

struct words;

// Reads a compiled catalogue. `mo` has to outlive it; the rest lives in `a`. A file that is
// damaged in any way (a magic number that is not .mo's, a table or a sentence outside the file, a
// plural rule that cannot be read) is refused as ERR_INVALID. Both byte orders are read.
MUST_USE err words_load(struct arena *a, str mo, struct words **ret);

// The sentence in the language of w; msgid itself when w is NULL or does not have it.
str words_find(const struct words *w, str msgid);
// The sentence for a count of n; in English "one" for 1 and "many" for everything else.
str words_find_n(const struct words *w, str one, str many, int64_t n);

// The plural rule of a catalogue, the C expression of gettext's Plural-Forms header:
// decimal numbers, n, ( ), !, * / %, + -, < <= > >=, == !=, &&, ||, ?:. Everything is reckoned in
// whole numbers without sign; a division by zero gives 0.
struct plural;
// Reads "nplurals=2; plural=n != 1;". Refuses what it does not understand, more than 8 forms, and
// rules longer than a rule can sensibly be.
MUST_USE err plural_parse(struct arena *a, str rule, struct plural **ret);
// Which form n takes: 0 … nplurals-1; a rule that points elsewhere gives 0.
unsigned plural_of(const struct plural *p, uint64_t n);

// One language on offer. `words` is NULL for the language of the templates.
struct words_language {
    str tag;  // BCP 47, "en-GB"
    str dir;  // "ltr" or "rtl"
    str name; // in its own language: "Cymraeg"
    const struct words *words;
};

// The languages a site offers; the first is the one it speaks when nothing else fits.
struct words_set {
    const struct words_language *v;
    size_t n;
};

// The language for a reader: the cookie's when it names one on offer, else the best one of an
// Accept-Language header (RFC 4647 lookup: "cy-GB" finds "cy", "en" finds "en-GB"; q-values count,
// q=0 excludes), else the first. Either text may be none. Never NULL; the set is never empty.
const struct words_language *words_choose(struct words_set set, str cookie, str accept);

// "rtl" for the languages written from right to left, else "ltr".
str words_dir(str tag);

#endif
