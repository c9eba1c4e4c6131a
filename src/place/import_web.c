// SPDX-License-Identifier: AGPL-3.0-or-later
// Loading data in the browser: hand a file in, look at what it was taken for (import_preview.c),
// load it, see it loaded, take it back. What happens between the pages is told in import_desk.h.
#include "base/base.h"
#include "base/json.h"
#include "base/utf8.h"
#include "place/import_pages.h"
#include "place/import_tmpl.h"
#include "store/audit.h"

enum { FORM_ROOM = 1 << 16, DAY_MS = 24 * 3600 * 1000 };

static const struct field file_field[] = {
    {"file", "a file", FIELD_FILE, false, UPLOAD_MAX, 0, NULL, false},
    {0},
};

// ---- the list -----------------------------------------------------------------------------------

static err list_get(struct req *r)
{
    struct db_tx *tx;
    struct import_row *rows;
    struct upload *wait;
    size_t n, n_wait;
    TRY(req_tx(r, &tx));
    TRY(import_list(tx, r->a, &rows, &n));
    TRY(upload_list(tx, r->actor, r->a, &wait, &n_wait));
    struct imports x;
    imports_group(r->a, rows, n, &x);
    imports_page(req_page(r, 200), &x, wait, n_wait);
    return NULL;
}

// ---- a new file ---------------------------------------------------------------------------------

static err new_get(struct req *r)
{
    import_new_page(req_page(r, 200), &r->form);
    return NULL;
}

struct new_file {
    str name, stored;
};

// Files nobody came back for go when the next one comes.
static err drop_old(struct db_tx *tx, struct req *r)
{
    struct upload *v;
    size_t n;
    TRY(upload_list(tx, r->actor, tx->a, &v, &n));
    for (size_t i = 0; i < n; i++) {
        if (r->now_ms - v[i].at_ms < (int64_t)UPLOAD_DAYS * DAY_MS)
            continue;
        TRY(upload_drop(tx, r->actor, v[i].id));
        upload_forget(tx->a, r->site, v[i].stored);
    }
    return NULL;
}

static err new_write(struct db_tx *tx, struct req *r)
{
    const struct new_file *f = r->ctx;
    upload_id id;
    TRY(drop_old(tx, r));
    TRY(upload_add(tx, r->actor, f->name, f->stored, r->now_ms, &id));
    req_redirect(r, str_fmt(r->a, "/team/imports/%lld", (long long)id.v));
    return NULL;
}

// Some browsers send the whole path.
static str base_name(struct arena *a, str path)
{
    size_t from = 0;
    for (size_t i = 0; i < path.n; i++)
        if (path.p[i] == '/' || path.p[i] == '\\')
            from = i + 1;
    str name = utf8_repair(a, str_slice(path, from, from + 200));
    return name.n && !text_has_control(name) ? name : STR("file");
}

static err new_post(struct req *r)
{
    const struct form_value *file = form_file(&r->form, "file");
    if (!file || file->file_name.n == 0)
        form_refuse(&r->form, "file", STR("Choose a file"));
    else if (file->value.n == 0)
        form_refuse(&r->form, "file", STR("The file is empty: row 1 should hold headings"));
    if (r->form.n_problems) {
        import_new_page(req_page(r, 422), &r->form);
        return NULL;
    }
    struct new_file *f = arena_new(r->a, struct new_file);
    f->name = base_name(r->a, file->file_name);
    TRY(upload_keep(r, file->value, &f->stored));
    r->ctx = f;
    return req_write(r, new_write);
}

// ---- throwing away, loading
// -----------------------------------------------------------------------

static err drop_write(struct db_tx *tx, struct req *r)
{
    const struct upload *up = r->ctx;
    TRY(upload_drop(tx, r->actor, up->id));
    upload_forget(tx->a, r->site, up->stored);
    req_redirect(r, STR("/team/imports"));
    req_flash(r, STR("The file is thrown away. Nothing was loaded."));
    return NULL;
}

static err drop_post(struct req *r)
{
    struct upload *up = arena_new(r->a, struct upload);
    struct desk_view v;
    bool found;
    TRY(preview_upload(r, up, &found));
    if (!found) {
        preview_gone(r);
        return NULL;
    }
    import_desk_look(r->site->imports, r->a, up->id, &v);
    if (v.state == DESK_LOADING)
        return err_new(r->a, ERR_CONFLICT,
                       "This file is being loaded. Wait until it is there, then take it back.");
    r->ctx = up;
    return req_write(r, drop_write);
}

static err load_post(struct req *r)
{
    struct upload up;
    bool found;
    TRY(preview_upload(r, &up, &found));
    if (!found) {
        preview_gone(r);
        return NULL;
    }
    db_read_end(r->tx); // the dry run has its own
    r->tx = NULL;
    err e = import_desk_load(r, &up);
    if (e && e->kind != ERR_INVALID && e->kind != ERR_CONFLICT)
        return e;
    const char *then = e && e->kind == ERR_INVALID ? "" : "/progress"; // the preview says why not
    req_redirect(r, str_fmt(r->a, "/team/imports/%lld%s", (long long)up.id.v, then));
    return NULL;
}

static str result_path(struct req *r, const struct desk_view *v)
{
    return str_fmt(r->a, "/team/imports/loaded/%lld", (long long)v->id.v);
}

static str loaded_words(struct req *r, const struct desk_view *v)
{
    if (v->unchanged)
        return STR("This file had been loaded before, so nothing was changed.");
    return str_fmt(r->a, "The file is loaded: %" PRIstr " %s.",
                   ARGstr(page_fixed(r->a, (double)v->rows, 0)),
                   v->rows == 1 ? "entry" : "entries");
}

static bool look_at_desk(struct req *r, upload_id *ret, struct desk_view *v)
{
    int64_t id;
    if (!str_to_i64(r->param[0], &id))
        return false;
    *ret = (upload_id){id};
    import_desk_look(r->site->imports, r->a, *ret, v);
    return v->state != DESK_NONE;
}

static err progress_get(struct req *r)
{
    struct desk_view v;
    upload_id id = {0};
    if (!look_at_desk(r, &id, &v)) {
        req_redirect(r, STR("/team/imports"));
    } else if (v.state == DESK_LOADED) {
        req_redirect(r, result_path(r, &v));
        req_flash(r, loaded_words(r, &v));
    } else if (v.state == DESK_REFUSED) {
        refused_page(req_page(r, 200), id, v.sentence);
    } else {
        progress_page(req_page(r, 200), id, &v);
    }
    return NULL;
}

// What the page asks each second; `next` once there is somewhere to go.
static err progress_json_get(struct req *r)
{
    struct desk_view v;
    struct json j;
    upload_id id = {0};
    bool there = look_at_desk(r, &id, &v);
    req_file(r, "application/json", STR_NONE);
    json_init(&j, &r->out);
    json_open(&j, '{');
    if (!there) {
        json_kv_str(&j, "next", STR("/team/imports"));
    } else if (v.state != DESK_LOADING) {
        json_kv_str(&j, "next", str_fmt(r->a, "/team/imports/%lld/progress", (long long)id.v));
    } else {
        int64_t percent = v.total > 0 ? v.done * 100 / v.total : 0;
        json_kv_i64(&j, "done", v.done);
        json_kv_i64(&j, "total", v.total);
        json_kv_str(&j, "text", str_fmt(r->a, "%lld %% is written.", (long long)percent));
    }
    json_close(&j, '}');
    return NULL;
}

// ---- loaded, and taken back
// -----------------------------------------------------------------------

static err find_row(struct req *r, struct db_tx *tx, struct import_row *ret, bool *ret_found)
{
    struct import_row *rows;
    size_t n;
    int64_t id;
    *ret_found = false;
    if (!str_to_i64(r->param[0], &id))
        return NULL;
    TRY(import_list(tx, r->a, &rows, &n));
    for (size_t i = 0; i < n && !*ret_found; i++)
        if (rows[i].id.v == id) {
            *ret = rows[i];
            *ret_found = true;
        }
    return NULL;
}

static err loaded_get(struct req *r)
{
    struct db_tx *tx;
    struct import_row row;
    bool found;
    TRY(req_tx(r, &tx));
    TRY(find_row(r, tx, &row, &found));
    if (!found) {
        req_redirect(r, STR("/team/imports"));
        req_flash(r, STR("There is no such import any more: it was taken back."));
        return NULL;
    }
    loaded_page(req_page(r, 200), &row);
    return NULL;
}

static err undo_write(struct db_tx *tx, struct req *r)
{
    int64_t id = 0;
    if (!str_to_i64(r->param[0], &id))
        return err_new(tx->a, ERR_NOT_FOUND, "There is no such import.");
    TRY(import_take_back(tx, (import_id){id}));
    TRY(audit_add(tx, r->now_ms, r->actor, STR("import undone"),
                  str_fmt(tx->a, "import:%lld", (long long)id), STR("")));
    req_redirect(r, STR("/team/imports"));
    req_flash(r, STR("The import is taken back. What was there before is shown again."));
    return NULL;
}

static err undo_post(struct req *r)
{
    return req_write(r, undo_write);
}

const struct route import_routes[] = {
    {GET, "/team/imports", MAY_COORDINATOR, list_get, NULL, "See which data is loaded", 0, 0, NULL},
    {GET, "/team/imports/new", MAY_COORDINATOR, new_get, NULL, "Choose a file to load", 0, 0, NULL},
    {POST, "/team/imports/new", MAY_COORDINATOR, new_post, file_field, "Hand a file in",
     ROUTE_UPLOAD | ROUTE_HEAVY, UPLOAD_MAX + FORM_ROOM, NULL},
    {GET, "/team/imports/loaded/:import", MAY_COORDINATOR, loaded_get, NULL, "See one import", 0, 0,
     "1"},
    {POST, "/team/imports/loaded/:import/undo", MAY_COORDINATOR, undo_post, NULL,
     "Take an import back", 0, 0, "1"},
    {GET, "/team/imports/:upload", MAY_COORDINATOR, preview_get, NULL,
     "Check a file before it is loaded", ROUTE_HEAVY, 0, "1"},
    {POST, "/team/imports/:upload", MAY_COORDINATOR, preview_post, preview_fields,
     "Say what kind of file it is", ROUTE_HEAVY, 0, "1"},
    {GET, "/team/imports/:upload/report.csv", MAY_COORDINATOR, preview_report_get, NULL,
     "Download what is wrong with a file", ROUTE_HEAVY, 0, "1"},
    {POST, "/team/imports/:upload/load", MAY_COORDINATOR, load_post, NULL, "Load a checked file",
     ROUTE_HEAVY, 0, "1"},
    {GET, "/team/imports/:upload/progress", MAY_COORDINATOR, progress_get, NULL,
     "See how far the loading is", 0, 0, "1"},
    {GET, "/team/imports/:upload/progress.json", MAY_COORDINATOR, progress_json_get, NULL,
     "Ask how far the loading is", 0, 0, "1"},
    {POST, "/team/imports/:upload/drop", MAY_COORDINATOR, drop_post, NULL, "Throw a file away", 0,
     0, "1"},
    {0},
};
