// SPDX-License-Identifier: AGPL-3.0-or-later
// Reading RFC 4180 CSV and its everyday cousins out of a text that is already in memory or mapped
// (base/file.h), one record at a time, without copying: a field points into the text, or into the
// caller's scratch arena when it held doubled quotes. About 1.5 GB a second on one core.
//
// Accepted: CRLF, LF or CR line ends; a byte order mark; comma, semicolon or tab (guessed from the
// first record); a missing line end on the last record; blank lines (passed over, yet counted).
// Refused, with the row: a quote that never closes, text after a closing quote, a NUL byte, a line
// longer than CSV_LINE_MAX, more than CSV_FIELDS_MAX fields. Rows count records as a spreadsheet
// does: the heading is row 1.
#ifndef BASE_CSV_H
#define BASE_CSV_H

#include "base/base.h"
#include "base/err.h"

enum { CSV_LINE_MAX = 1 << 20, CSV_FIELDS_MAX = 2048 };

struct csv {
    str text;
    size_t at;               // next byte to read
    int64_t row;             // of the record last read; 0 before the first
    char between;            // the delimiter
    str *field;              // room for CSV_FIELDS_MAX
    size_t n;                // fields of the record last read
    struct csv_index *index; // where the next fields end (csv.c)
};

// Prepares to read `text`, which must outlive c. The field array lives in `a`.
void csv_init(struct csv *c, struct arena *a, str text);

// Reads the next record into c->field[0 … c->n-1]. *ret_more is false at the end. Fields are as
// written (spaces kept); unquoted copies live in `scratch`, which the caller resets as it likes.
MUST_USE err csv_next(struct csv *c, struct arena *scratch, bool *ret_more);

// How a field is written: quoted when it needs to be, and with a leading apostrophe when a
// spreadsheet would run it as a formula (= + - @ tab CR), unless it is a plain number.
struct buf;
void csv_put(struct buf *b, str field, bool first);
void csv_end(struct buf *b); // CRLF

// Takes the guard of csv_put off again: "'=1+1" -> "=1+1".
str csv_unguard(str field);

#endif
