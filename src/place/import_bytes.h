// SPDX-License-Identifier: AGPL-3.0-or-later
// What the bytes of a file are, before anybody reads them as a table or a map: text of some
// encoding, or something else altogether that has a name people know. Private to import.c.
#ifndef PLACE_IMPORT_BYTES_H
#define PLACE_IMPORT_BYTES_H

#include "base/base.h"
#include "place/import.h"

// Does the text begin as JSON does?
bool bytes_look_like_json(str text);

// Sets job->text: the bytes as they are when they are UTF-8, else as Windows-1252 with a notice.
// ERR_INVALID when they are no text (a ZIP archive, a workbook, a picture …), with one sentence
// that names what they are and says what to do; when they are UTF-16; when a line is too long for
// a table or the file too large for a map.
MUST_USE err bytes_to_text(struct import_job *job, str bytes);

#endif
