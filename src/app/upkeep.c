// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "app/upkeep.h"
#include "people/people.h"
#include "store/audit.h"
#include "store/backup.h"
#include "store/health.h"
#include "store/migrate.h"
#include "store/store_sql.h"

#include <dirent.h>
#include <microhttpd.h>
#include <sys/stat.h>

enum { LOG_TOO_LARGE = 16 << 20, DAY_S = 24 * 60 * 60 };

static err backup_run(struct cli *c)
{
    const char *path = str_z(c->a, c->arg[0]);
    struct backup_info info;
    TRY(backup_make(c->db, c->a, path, clock_now(&c->clock)));
    TRY(backup_check(c->a, path, &info)); // what cannot be read back is no backup
    fprintf(c->out, "The zone is in %s. It was read back and is whole.\n", path);
    return NULL;
}

static err restore_run(struct cli *c)
{
    const char *path = str_z(c->a, c->arg[0]);
    struct backup_info info;
    str kept;
    TRY(backup_check(c->a, path, &info));
    TRY(backup_restore(c->a, path, c->where, clock_now(&c->clock), &kept));
    fprintf(c->out, "The zone is as it was on %" PRIstr ".\n", ARGstr(info.made));
    if (kept.n)
        fprintf(c->out, "What was there before is in %" PRIstr ".\n", ARGstr(kept));
    return NULL;
}

static err upgrade_run(struct cli *c)
{
    // Opening for writing has brought the schema up to date, after a copy of the old file.
    fprintf(c->out, "The database is at schema %d, as this program needs it.\n", n_migrations);
    return NULL;
}

// ---- doctor -----------------------------------------------------------------------------------

struct doctor {
    struct cli *c;
    int warnings;
};

static void fine(struct doctor *d, const char *fmt, ...) FORMAT(2, 3);
static void warn(struct doctor *d, const char *fmt, ...) FORMAT(2, 3);

static void fine(struct doctor *d, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    fputs("ok       ", d->c->out);
    vfprintf(d->c->out, fmt, ap);
    fputc('\n', d->c->out);
    va_end(ap);
}

static void warn(struct doctor *d, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    fputs("WARNING  ", d->c->out);
    vfprintf(d->c->out, fmt, ap);
    fputc('\n', d->c->out);
    va_end(ap);
    d->warnings++;
}

static void judge_versions(struct doctor *d, const struct health *h)
{
    fine(d, "Doorstep %s, %" PRIstr ", libmicrohttpd %s", DOORSTEP_VERSION, ARGstr(h->engine),
         MHD_get_version());
    if (h->wal_reset_bug)
        fine(d,
             "this SQLite has the WAL-reset fault; Doorstep's one-writer rule keeps clear of it. "
             "Never open the file with another program while Doorstep runs");
    if (h->schema == h->schema_known)
        fine(d, "schema %d, as this program needs it", h->schema);
    else if (h->schema < h->schema_known)
        warn(d, "the schema is %d, this program needs %d: run `doorstep upgrade`", h->schema,
             h->schema_known);
    else
        warn(d, "the schema is %d, newer than this program (%d): install the newer Doorstep",
             h->schema, h->schema_known);
}

static void judge_disk(struct doctor *d, const struct health *h)
{
    if (h->sound)
        fine(d, "the database is sound");
    else
        warn(d, "the database is damaged: %" PRIstr ". Restore a backup", ARGstr(h->unsound));
    if (h->foreign_key_faults)
        warn(d, "%lld rows point at something that is gone", (long long)h->foreign_key_faults);
    if (h->bytes < 0)
        return;
    if (h->free_bytes >= 0 && h->free_bytes < 2 * h->bytes + (64 << 20))
        warn(d, "the disk is nearly full: %lld MB free, the database has %lld MB",
             (long long)h->free_bytes >> 20, (long long)h->bytes >> 20);
    else
        fine(d, "%lld MB in use, %lld MB free", (long long)h->bytes >> 20,
             (long long)h->free_bytes >> 20);
    if (h->log_bytes > LOG_TOO_LARGE)
        warn(d, "the write-ahead log has %lld MB; start and stop Doorstep once",
             (long long)h->log_bytes >> 20);
    else
        fine(d, "the write-ahead log has %lld KB", (long long)h->log_bytes >> 10);
    if (h->readable_by_all)
        warn(d, "others on this computer can read the database: chmod 600 %s", d->c->where);
    else
        fine(d, "only its owner can read the database");
}

// Files somebody handed in and never loaded.
static void judge_uploads(struct doctor *d)
{
    const char *dir = str_fmt(d->c->a, "%s.files", d->c->where).p;
    DIR *f = opendir(dir);
    int old = 0;
    for (struct dirent *e; f && (e = readdir(f)) != NULL;) {
        struct stat st;
        const char *path = str_fmt(d->c->a, "%s/%s", dir, e->d_name).p;
        if (stat(path, &st) == 0 && S_ISREG(st.st_mode) &&
            clock_now(&d->c->clock) / 1000 - st.st_mtime > DAY_S)
            old++;
    }
    if (f)
        closedir(f);
    if (old)
        warn(d, "%d unfinished imports: files handed in more than a day ago and never loaded (%s)",
             old, dir);
    else
        fine(d, "no unfinished imports");
}

static err judge_contents(struct doctor *d)
{
    struct db *db;
    struct db_tx *tx;
    int64_t rows, bad;
    bool any = false;
    TRY(db_open(d->c->a, &(struct db_opts){.where = d->c->where, .read_only = true}, &db));
    err e = db_read(db, d->c->a, &tx);
    if (!e) {
        e = audit_verify(tx, &rows, &bad);
        if (!e)
            e = account_any(tx, &any);
        db_read_end(tx);
    }
    db_close(db);
    TRY(e);
    if (bad)
        warn(d, "the audit trail was changed: row %lld does not fit", (long long)bad);
    else
        fine(d, "the audit trail of %lld rows is whole", (long long)rows);
    if (any)
        fine(d, "there is somebody who can sign in");
    else
        warn(d, "nobody can sign in yet: start Doorstep and use the set-up link, or `doorstep user "
                "add`");
    return NULL;
}

static void judge_security(struct doctor *d)
{
    str listen = cli_option(d->c, "--listen");
    if (listen.n && !str_starts(listen, STR("127.")))
        warn(d,
             "it would listen on %" PRIstr ", which others can reach without encryption: listen "
             "on 127.0.0.1 behind Caddy or nginx",
             ARGstr(listen));
    else
        fine(d, "it listens on this computer only, for a proxy to stand before it");
    fine(d, "libmicrohttpd %s: behind a proxy, malformed requests never reach it",
         MHD_get_version());
}

static err doctor_run(struct cli *c)
{
    struct doctor d = {.c = c};
    struct health h;
    TRY(health_of(c->a, c->where, &h));
    judge_versions(&d, &h);
    judge_disk(&d, &h);
    if (h.bytes >= 0)
        judge_uploads(&d);
    if (h.sound && h.schema == h.schema_known)
        TRY(judge_contents(&d));
    if (cli_flag(c, "--security"))
        judge_security(&d);
    if (d.warnings)
        return err_new(c->a, ERR_INVALID, "%d warning%s; see above.", d.warnings,
                       d.warnings == 1 ? "" : "s");
    fprintf(c->out, "All is well.\n");
    return NULL;
}

static const struct cmd_option doctor_options[] = {
    {"--security", NULL, "also judge how it is reached"},
    {"--listen", "ADDRESS:PORT", "the address to judge, as `serve` would be given it"},
    {0},
};

const struct command upkeep_commands[] = {
    {"backup", "FILE", NULL,
     "Write the whole zone into one file.\nWorks while Doorstep runs. The file is compressed, "
     "carries a check sum, and can be\nrestored into SQLite or PostgreSQL.",
     CMD_READS, backup_run},
    {"restore", "FILE", NULL,
     "Put a backup in the place of the database.\nA damaged backup, or one of a newer Doorstep, is "
     "refused and nothing is changed.\nThe old database is kept beside it.",
     CMD_NO_DB, restore_run},
    {"doctor", NULL, doctor_options,
     "Say whether the zone is in good health.\nExit status 1 when there is a warning.", CMD_NO_DB,
     doctor_run},
    {"upgrade", NULL, NULL,
     "Bring the database to what this program needs.\nMakes a copy of the file first.", CMD_WRITES,
     upgrade_run},
    {0},
};
