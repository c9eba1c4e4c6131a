// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "base/file.h"
#include "place/upload.h"
#include "place/upload_sql.h"

#include <unistd.h>

static err only_coordinators(struct arena *a, const struct actor *who)
{
    return who->role == ROLE_COORDINATOR
               ? NULL
               : err_new(a, ERR_DENIED, "Only the coordinator loads data.");
}

// ---- the bytes --------------------------------------------------------------------------------

const char *upload_path(struct arena *a, const struct site *site, str stored)
{
    return str_z(a, str_fmt(a, "%s/%" PRIstr, site->opts.state_dir, ARGstr(stored)));
}

err upload_keep(struct req *r, str bytes, str *ret_stored)
{
    *ret_stored =
        str_fmt(r->a, "upload-%" PRIstr, ARGstr(random_token(&r->site->random, r->a, 18)));
    return file_write(r->a, upload_path(r->a, r->site, *ret_stored), bytes);
}

void upload_forget(struct arena *a, const struct site *site, str stored)
{
    unlink(upload_path(a, site, stored));
}

// ---- what was chosen, as one text
// -----------------------------------------------------------------

static const struct {
    const char *key;
    size_t at; // of a str in struct import_opts
} chosen[] = {
    {"kind", offsetof(struct import_opts, kind)},
    {"district", offsetof(struct import_opts, district)},
    {"period", offsetof(struct import_opts, period)},
    {"title", offsetof(struct import_opts, title)},
    {"unit", offsetof(struct import_opts, unit)},
    {"columns", offsetof(struct import_opts, columns)},
    {"source", offsetof(struct import_opts, source)},
    {"licence", offsetof(struct import_opts, licence)},
};

static str *chosen_at(struct import_opts *o, size_t i)
{
    return (str *)(void *)((char *)o + chosen[i].at);
}

static str options_text(struct arena *a, const struct import_opts *opts)
{
    struct import_opts o = *opts;
    struct buf out;
    buf_init(&out, a, 1 << 16);
    buf_fmt(&out, "vintage=%lld", (long long)o.vintage);
    for (size_t i = 0; i < countof(chosen); i++) {
        buf_fmt(&out, "&%s=", chosen[i].key);
        buf_url(&out, *chosen_at(&o, i));
    }
    return buf_text(&out);
}

static err options_read(struct arena *a, str text, struct import_opts *ret)
{
    struct form f = {0};
    TRY(form_parse_urlencoded(a, text, &f));
    for (size_t i = 0; i < countof(chosen); i++)
        *chosen_at(ret, i) = form_get(&f, chosen[i].key);
    ret->vintage = form_i64(&f, "vintage", 0);
    return NULL;
}

// ---- the rows ---------------------------------------------------------------------------------

err upload_add(struct db_tx *tx, const struct actor *who, str file_name, str stored, int64_t now_ms,
               upload_id *ret)
{
    struct q_upload_insert r;
    bool found;
    TRY(only_coordinators(tx->a, who));
    TRY(q_upload_insert_one(tx, tx->a,
                            &(struct q_upload_insert_in){file_name, stored, who->account, now_ms},
                            &r, &found));
    *ret = r.id;
    return NULL;
}

err upload_choose(struct db_tx *tx, const struct actor *who, upload_id id,
                  const struct import_opts *opts)
{
    TRY(only_coordinators(tx->a, who));
    return q_upload_choose(
        tx, &(struct q_upload_choose_in){id, opts->family, options_text(tx->a, opts)});
}

err upload_drop(struct db_tx *tx, const struct actor *who, upload_id id)
{
    TRY(only_coordinators(tx->a, who));
    return q_upload_delete(tx, &(struct q_upload_delete_in){id});
}

static err upload_of_row(struct arena *a, const struct q_upload_all *r, struct upload *ret)
{
    *ret = (struct upload){.id = r->id,
                           .file_name = r->file_name,
                           .stored = r->stored,
                           .by = r->by_name,
                           .at_ms = r->at_ms};
    TRY(options_read(a, r->options, &ret->opts));
    ret->opts.family = r->kind;
    return NULL;
}

err upload_find(struct db_tx *tx, const struct actor *who, struct arena *a, upload_id id,
                struct upload *ret, bool *ret_found)
{
    struct q_upload_find r;
    TRY(only_coordinators(a, who));
    TRY(q_upload_find_one(tx, a, &(struct q_upload_find_in){id}, &r, ret_found));
    if (!*ret_found)
        return NULL;
    struct q_upload_all same = {r.id, r.file_name, r.stored, r.kind, r.options, r.at_ms, r.by_name};
    return upload_of_row(a, &same, ret);
}

err upload_list(struct db_tx *tx, const struct actor *who, struct arena *a, struct upload **ret,
                size_t *ret_n)
{
    struct q_upload_all *r;
    TRY(only_coordinators(a, who));
    TRY(q_upload_all_all(tx, a, &r, ret_n));
    *ret = arena_new_array(a, *ret_n, struct upload);
    for (size_t i = 0; i < *ret_n; i++)
        TRY(upload_of_row(a, &r[i], &(*ret)[i]));
    return NULL;
}
