// SPDX-License-Identifier: AGPL-3.0-or-later
// Backups. A backup file is one zone, whole, whichever database it came from, so that it also
// carries a zone from SQLite to PostgreSQL and back:
//
//   doorstep backup 1\n
//   {"doorstep":"0.1.0","schema":4,"made":"2026-11-23T19:46:00Z","bytes":1234}\n
//   the zone as a SQLite file, compressed with zstd
//   32 bytes: BLAKE2b-256 over everything before
//
// Any damaged or missing byte is found before anything is touched.
#ifndef STORE_BACKUP_H
#define STORE_BACKUP_H

#include "base/base.h"
#include "store/db.h"

struct backup_info {
    str doorstep, made;
    int64_t schema, bytes;
};

// Writes a backup of the database as it is now; reading and writing go on meanwhile. The file is
// whole or it is not there. An existing file is replaced only at the very end.
MUST_USE err backup_make(struct db *db, struct arena *a, const char *path, int64_t now_ms);

// Judges a backup file without touching anything. ERR_INVALID says what is wrong with it;
// ERR_CONFLICT when it is of a newer program.
MUST_USE err backup_check(struct arena *a, const char *path, struct backup_info *ret);

// Puts a backup in the place of the database at `where`. SQLite: under the writer's lock; the old
// file stays beside it under the name in *ret_kept (none when there was none). PostgreSQL: in one
// transaction, after a backup of what is there, whose name is *ret_kept.
MUST_USE err backup_restore(struct arena *a, const char *path, const char *where, int64_t now_ms,
                            str *ret_kept);

// ---- private to src/store ---------------------------------------------------------------------

// Copies every table from a PostgreSQL connection string into a new SQLite file, or the other way,
// replacing what is there, in one transaction.
MUST_USE err copy_pg_to_file(struct arena *a, const char *url, const char *path, int64_t now_ms);
MUST_USE err copy_file_to_pg(struct arena *a, const char *path, const char *url);

#endif
