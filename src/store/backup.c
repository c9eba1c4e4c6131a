// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "store/backup.h"
#include "base/file.h"
#include "base/json.h"
#include "store/engine.h"
#include "store/migrate.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdio.h>
#include <unistd.h>
#include <zstd.h>

enum { HASH = 32, LEVEL = 3 };

static const char magic[] = "doorstep backup 1\n";

struct out {
    int fd;
    crypto_generichash_state hash;
    bool failed;
};

static void put(struct out *o, const void *p, size_t n, bool hashed)
{
    if (hashed)
        crypto_generichash_update(&o->hash, p, n);
    for (const char *q = p; n > 0 && !o->failed;) {
        ssize_t k = write(o->fd, q, n);
        if (k < 0 && errno == EINTR)
            continue;
        if (k <= 0) {
            o->failed = true;
            return;
        }
        q += k;
        n -= (size_t)k;
    }
}

// ---- leftovers --------------------------------------------------------------------------------

// "x.backup.copy.4711": written for x.backup by a process that is no more.
static bool is_leftover(str name, str of)
{
    static const char *const marks[] = {".copy.", ".new.", ".restoring."};
    int64_t pid;
    for (size_t i = 0; i < countof(marks); i++) {
        str mark = str_c(marks[i]);
        str rest = str_slice(name, of.n, name.n);
        if (!str_starts(name, of) || !str_starts(rest, mark))
            continue;
        rest = str_slice(rest, mark.n, rest.n);
        rest.n = str_find_byte(rest, '-'); // -wal, -shm, -journal
        rest.n = str_find_byte(rest, '.'); // .lock
        return str_to_i64(rest, &pid) && pid > 0 && kill((pid_t)pid, 0) != 0 && errno == ESRCH;
    }
    return false;
}

// A whole zone must not lie about because somebody was killed while writing it.
static void sweep_leftovers(struct arena *a, const char *path)
{
    str all = str_c(path);
    size_t cut = all.n;
    while (cut > 0 && all.p[cut - 1] != '/')
        cut--;
    str folder = cut ? str_slice(all, 0, cut) : STR("./");
    DIR *d = opendir(str_z(a, folder));
    for (struct dirent *e; d && (e = readdir(d)) != NULL;)
        if (is_leftover(str_c(e->d_name), str_slice(all, cut, all.n)))
            unlink(str_fmt(a, "%" PRIstr "%s", ARGstr(folder), e->d_name).p);
    if (d)
        closedir(d);
}

// ---- making -----------------------------------------------------------------------------------

static err sqlite_copy(struct arena *a, const char *from, const char *to)
{
    sqlite3 *src = NULL, *dst = NULL;
    int rc = sqlite3_open_v2(from, &src, SQLITE_OPEN_READWRITE, NULL);
    if (rc == SQLITE_OK) {
        sqlite3_busy_timeout(src, 10000);
        sqlite3_db_config(src, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL); // a reader's rules
        rc = sqlite3_open_v2(to, &dst, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
    }
    if (rc == SQLITE_OK) {
        sqlite3_backup *b = sqlite3_backup_init(dst, "main", src, "main");
        rc = b ? sqlite3_backup_step(b, -1) : SQLITE_ERROR; // one step: one moment
        if (b)
            sqlite3_backup_finish(b);
        rc = rc == SQLITE_DONE ? SQLITE_OK : rc;
    }
    if (rc == SQLITE_OK) // the copy is a single file, without a log beside it
        rc = sqlite3_exec(dst, "PRAGMA journal_mode=DELETE", NULL, NULL, NULL);
    sqlite3_close(dst);
    sqlite3_close(src);
    return rc == SQLITE_OK
               ? NULL
               : err_new(a, ERR_IO, "The copy %s cannot be made: %s.", to, sqlite3_errstr(rc));
}

static str header(struct arena *a, size_t bytes, int64_t now_ms)
{
    struct buf b;
    struct json j;
    buf_init(&b, a, 4096);
    json_init(&j, &b);
    json_open(&j, '{');
    json_kv_str(&j, "doorstep", STR(DOORSTEP_VERSION));
    json_kv_i64(&j, "schema", n_migrations);
    json_kv_str(&j, "made", moment_iso(a, now_ms));
    json_kv_i64(&j, "bytes", (int64_t)bytes);
    json_close(&j, '}');
    buf_byte(&b, '\n');
    return buf_text(&b);
}

static void put_compressed(struct out *o, struct arena *a, str plain)
{
    ZSTD_CCtx *z = ZSTD_createCCtx();
    ASSERT(z != NULL);
    ZSTD_CCtx_setParameter(z, ZSTD_c_compressionLevel, LEVEL);
    size_t cap = ZSTD_CStreamOutSize();
    void *piece = arena_alloc(a, cap);
    ZSTD_inBuffer in = {plain.p, plain.n, 0};
    for (size_t left = 1; left != 0 && !o->failed;) {
        ZSTD_outBuffer out = {piece, cap, 0};
        left = ZSTD_compressStream2(z, &out, &in, ZSTD_e_end);
        ASSERT(!ZSTD_isError(left));
        put(o, piece, out.pos, true);
    }
    ZSTD_freeCCtx(z);
}

static err pack(struct arena *a, const char *from, const char *to, int64_t now_ms)
{
    str plain;
    TRY(file_map(a, from, SIZE_MAX / 4, &plain));
    struct out o = {.fd = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)};
    if (o.fd < 0)
        return err_new(a, ERR_IO, "%s cannot be written: %s.", to, strerror(errno));
    crypto_generichash_init(&o.hash, NULL, 0, HASH);
    put(&o, magic, sizeof magic - 1, true);
    str head = header(a, plain.n, now_ms);
    put(&o, head.p, head.n, true);
    put_compressed(&o, a, plain);
    unsigned char h[HASH];
    crypto_generichash_final(&o.hash, h, HASH);
    put(&o, h, HASH, false);
    if (fsync(o.fd) != 0)
        o.failed = true;
    int why = errno;
    close(o.fd);
    return o.failed ? err_new(a, ERR_IO, "%s cannot be written: %s.", to, strerror(why)) : NULL;
}

err backup_make(struct db *db, struct arena *a, const char *path, int64_t now_ms)
{
    const char *copy = str_fmt(a, "%s.copy.%ld", path, (long)getpid()).p;
    const char *packed = str_fmt(a, "%s.new.%ld", path, (long)getpid()).p;
    sweep_leftovers(a, path);
    err e = db_kind(db) == DB_PG ? copy_pg_to_file(a, db_connect_string(db), copy, now_ms)
                                 : sqlite_copy(a, db_connect_string(db), copy);
    if (!e)
        e = pack(a, copy, packed, now_ms);
    unlink(copy);
    if (!e && rename(packed, path) != 0)
        e = err_new(a, ERR_IO, "%s cannot be written: %s.", path, strerror(errno));
    if (e)
        unlink(packed);
    return e;
}

// ---- judging ----------------------------------------------------------------------------------

static err damaged(struct arena *a, const char *path, const char *what)
{
    return err_new(a, ERR_INVALID, "%s is damaged: %s. Nothing was changed; use another backup.",
                   path, what);
}

// Splits a backup whose hash is right into header and body.
static err split(struct arena *a, const char *path, str *ret_head, str *ret_body)
{
    str all;
    TRY(file_map(a, path, SIZE_MAX / 4, &all));
    if (!str_starts(all, STR("doorstep backup 1\n")))
        return err_new(a, ERR_INVALID, "%s is not a backup of Doorstep.", path);
    if (all.n < sizeof magic + HASH)
        return damaged(a, path, "it ends too soon");
    str text = str_slice(all, 0, all.n - HASH);
    unsigned char h[HASH];
    crypto_generichash(h, HASH, (const unsigned char *)text.p, text.n, NULL, 0);
    if (memcmp(h, text.p + text.n, HASH) != 0)
        return damaged(a, path, "its contents do not fit its check sum");
    str rest = str_slice(text, sizeof magic - 1, text.n);
    size_t eol = str_find_byte(rest, '\n');
    *ret_head = str_slice(rest, 0, eol);
    *ret_body = str_slice(rest, eol + 1, rest.n);
    return NULL;
}

static err read_header(struct arena *a, const char *path, str head, struct backup_info *ret)
{
    json_error_t why;
    json_t *j = json_loadb(head.p, head.n, 0, &why);
    if (!j)
        return damaged(a, path, "its heading cannot be read");
    const char *version = json_string_value(json_object_get(j, "doorstep"));
    const char *made = json_string_value(json_object_get(j, "made"));
    *ret = (struct backup_info){
        .doorstep = str_copy(a, str_c(version ? version : "?")),
        .made = str_copy(a, str_c(made ? made : "?")),
        .schema = json_integer_value(json_object_get(j, "schema")),
        .bytes = json_integer_value(json_object_get(j, "bytes")),
    };
    json_decref(j);
    if (ret->schema > n_migrations)
        return err_new(a, ERR_CONFLICT,
                       "%s was made by a newer Doorstep (%" PRIstr "). Install that first; nothing "
                       "was changed.",
                       path, ARGstr(ret->doorstep));
    return NULL;
}

err backup_check(struct arena *a, const char *path, struct backup_info *ret)
{
    str head, body;
    TRY(split(a, path, &head, &body));
    return read_header(a, path, head, ret);
}

// ---- restoring --------------------------------------------------------------------------------

static err unpack(struct arena *a, const char *path, str body, int64_t bytes, const char *to)
{
    struct out o = {.fd = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)};
    if (o.fd < 0)
        return err_new(a, ERR_IO, "%s cannot be written: %s.", to, strerror(errno));
    ZSTD_DCtx *z = ZSTD_createDCtx();
    ASSERT(z != NULL);
    size_t cap = ZSTD_DStreamOutSize(), left = 1;
    void *piece = arena_alloc(a, cap);
    ZSTD_inBuffer in = {body.p, body.n, 0};
    int64_t total = 0;
    bool bad = false;
    while ((in.pos < in.size || left != 0) && !bad && !o.failed) {
        ZSTD_outBuffer out = {piece, cap, 0};
        left = ZSTD_decompressStream(z, &out, &in);
        total += (int64_t)out.pos;
        bad =
            ZSTD_isError(left) || total > bytes || (out.pos == 0 && in.pos == in.size && left != 0);
        if (!bad)
            put(&o, piece, out.pos, false);
    }
    ZSTD_freeDCtx(z);
    if (fsync(o.fd) != 0)
        o.failed = true;
    close(o.fd);
    if (bad || total != bytes)
        return damaged(a, path, "its contents cannot be unpacked");
    return o.failed ? err_new(a, ERR_IO, "%s cannot be written.", to) : NULL;
}

// The unpacked file is a sound database.
static err sound(struct arena *a, const char *path, const char *file)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *st = NULL;
    bool ok = sqlite3_open_v2(file, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
              sqlite3_prepare_v2(db, "PRAGMA integrity_check(1)", -1, &st, NULL) == SQLITE_OK &&
              sqlite3_step(st) == SQLITE_ROW &&
              strcmp((const char *)sqlite3_column_text(st, 0), "ok") == 0;
    sqlite3_finalize(st);
    sqlite3_close(db);
    return ok ? NULL : damaged(a, path, "the database in it is not sound");
}

// Brings the unpacked file to this program's schema, as opening it would.
static err bring_up(struct arena *a, const char *file)
{
    struct db *db;
    TRY(db_open(a, &(struct db_opts){.where = file}, &db));
    db_close(db);
    unlink(str_fmt(a, "%s.lock", file).p);
    return NULL;
}

// The old database's log goes into it, so that the one file is all of it. Somebody who reads it
// just now can hinder that; a damaged database may too, and then its log is kept beside it.
static err close_old(struct arena *a, const char *where, const char *kept)
{
    sqlite3 *old = NULL;
    int rc = sqlite3_open_v2(where, &old, SQLITE_OPEN_READWRITE, NULL);
    if (rc == SQLITE_OK) {
        sqlite3_busy_timeout(old, 5000);
        rc = sqlite3_wal_checkpoint_v2(old, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    }
    sqlite3_close(old);
    if (rc == SQLITE_BUSY || rc == SQLITE_LOCKED)
        return err_new(a, ERR_BUSY, "Somebody is reading %s. Try again in a moment.", where);
    // A log must never stand beside a database that is not its own, not even for a moment.
    const char *log = str_fmt(a, "%s-wal", where).p;
    if (rename(log, str_fmt(a, "%s-wal", kept).p) != 0 && errno != ENOENT)
        return err_new(a, ERR_IO, "%s cannot be put aside: %s.", log, strerror(errno));
    unlink(str_fmt(a, "%s-shm", where).p);
    return NULL;
}

// A name nobody has yet: two restores in one second keep two databases.
static str kept_name(struct arena *a, const char *where, int64_t now_ms)
{
    str stamp = str_replace(a, moment_iso(a, now_ms), STR(":"), STR(""));
    str kept = str_fmt(a, "%s.before-restore-%" PRIstr, where, ARGstr(stamp));
    str name = kept;
    for (int n = 2; access(name.p, F_OK) == 0; n++)
        name = str_fmt(a, "%" PRIstr "-%d", ARGstr(kept), n);
    return name;
}

static err swap_in(struct arena *a, const char *file, const char *where, int64_t now_ms,
                   str *ret_kept)
{
    int lock = -1;
    TRY(lock_take(a, where, &lock));
    err e = NULL;
    *ret_kept = STR_NONE;
    if (access(where, F_OK) == 0) {
        str kept = kept_name(a, where, now_ms);
        e = close_old(a, where, kept.p);
        if (!e && link(where, kept.p) != 0)
            e = err_new(a, ERR_IO, "%s cannot be kept as %s: %s.", where, kept.p, strerror(errno));
        *ret_kept = kept;
    }
    if (!e && rename(file, where) != 0) // the moment it changes hands
        e = err_new(a, ERR_IO, "%s cannot be put in place: %s.", where, strerror(errno));
    lock_drop(lock);
    return e;
}

static err restore_pg(struct arena *a, const char *file, const char *where, int64_t now_ms,
                      str *ret_kept)
{
    struct db *db;
    str stamp = str_replace(a, moment_iso(a, now_ms), STR(":"), STR(""));
    *ret_kept = str_fmt(a, "doorstep-before-restore-%" PRIstr ".backup", ARGstr(stamp));
    TRY(db_open(a, &(struct db_opts){.where = where, .create = true}, &db)); // takes the lock
    err e = backup_make(db, a, ret_kept->p, now_ms);
    if (!e)
        e = copy_file_to_pg(a, file, where);
    db_close(db);
    return e;
}

err backup_restore(struct arena *a, const char *path, const char *where, int64_t now_ms,
                   str *ret_kept)
{
    str head, body;
    struct backup_info info;
    TRY(split(a, path, &head, &body));
    TRY(read_header(a, path, head, &info));
    bool pg = where_is_pg(where);
    const char *file = str_fmt(a, "%s.restoring.%ld", pg ? "doorstep" : where, (long)getpid()).p;
    sweep_leftovers(a, pg ? "doorstep" : where);
    err e = unpack(a, path, body, info.bytes, file);
    if (!e)
        e = sound(a, path, file);
    if (!e)
        e = bring_up(a, file);
    if (!e)
        e = pg ? restore_pg(a, file, where, now_ms, ret_kept)
               : swap_in(a, file, where, now_ms, ret_kept);
    static const char *const left[] = {"", "-wal", "-shm", ".lock"};
    for (size_t i = 0; i < countof(left); i++)
        unlink(str_fmt(a, "%s%s", file, left[i]).p);
    return e;
}
