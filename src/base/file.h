// SPDX-License-Identifier: AGPL-3.0-or-later
// Files as text. Errors name the path and say what the system said.
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/base.h"
#include "base/err.h"

// Maps a whole file for reading; unmapped when the arena ends. An empty file gives STR("").
// Refuses folders, devices and files larger than max bytes.
MUST_USE err file_map(struct arena *a, const char *path, size_t max, str *ret);
// Writes the text to `path` through a temporary neighbour, fsync and rename: the file is whole
// or it is as it was.
MUST_USE err file_write(struct arena *a, const char *path, str text);

#endif
