// SPDX-License-Identifier: AGPL-3.0-or-later
// The preview of a file that was handed in: what it is taken for, what is wrong with it, and the
// choices that change that. Every look is a dry run of the whole file.
#include "base/base.h"
#include "base/buf.h"
#include "base/file.h"
#include "place/import_pages.h"
#include "place/import_tmpl.h"

const struct field preview_fields[] = {
    {"family", "a kind of file", FIELD_TEXT, false, 60, 0, NULL, false},
    {"kind", "a kind of areas", FIELD_CHOICE, false, 20, 0, "ward|lsoa|msoa|oa|lad", false},
    {"vintage", "the year of the areas", FIELD_NUMBER, false, 4, 0, NULL, false},
    {"period", "the period", FIELD_TEXT, false, 40, 0, NULL, false},
    {"district", "a district's code", FIELD_TEXT, false, 20, 0, NULL, false},
    {"use", "a saved way to read", FIELD_TEXT, false, 100, 0, NULL, false},
    {"col_code", "the area's code", FIELD_TEXT, false, 1000, 0, NULL, false},
    {"col_value", "the numbers", FIELD_TEXT, false, 1000, 0, NULL, false},
    {"col_name", "the area's name", FIELD_TEXT, false, 1000, 0, NULL, false},
    {"col_period", "the period", FIELD_TEXT, false, 1000, 0, NULL, false},
    {"col_category", "the category", FIELD_TEXT, false, 1000, 0, NULL, false},
    {"col_total", "the total", FIELD_TEXT, false, 1000, 0, NULL, false},
    {"title", "what is counted", FIELD_TEXT, false, 200, 0, NULL, false},
    {"unit", "the unit", FIELD_TEXT, false, 60, 0, NULL, false},
    {"source", "the source", FIELD_TEXT, false, 200, 0, NULL, false},
    {"licence", "the licence", FIELD_TEXT, false, 200, 0, NULL, false},
    {"save_as", "a name", FIELD_TEXT, false, 100, 0, NULL, false},
    {0},
};

// ---- words for the pages ------------------------------------------------------------------------

str preview_sample(struct arena *a, const struct import_job *job, size_t column)
{
    struct buf out;
    size_t n = job->columns.n;
    buf_init(&out, a, 4096);
    if (n == 0 || job->sample.n % n != 0) // not the columns of a table
        return STR("");
    for (size_t row = 0; row < job->sample.n / n && row < SAMPLE_SHOWN; row++) {
        str v = str_trim(job->sample.v[row * n + column]);
        if (v.n == 0)
            continue;
        if (out.n)
            buf_c(&out, ", ");
        buf_str(&out, v);
    }
    return buf_text(&out);
}

str import_counted(struct arena *a, str family, int64_t n)
{
    const struct import_family *f = import_family_find(family);
    str words = str_c(f && f->counts ? f->counts : "rows");
    if (n == 1 && str_ends(words, STR("s")))
        words.n--;
    return str_fmt(a, "%" PRIstr " %" PRIstr, ARGstr(page_fixed(a, (double)n, 0)), ARGstr(words));
}

str import_fingerprint(struct arena *a, str hex)
{
    struct buf out;
    buf_init(&out, a, 200);
    for (size_t i = 0; i < hex.n; i += 8) {
        if (i)
            buf_byte(&out, ' ');
        buf_str(&out, str_slice(hex, i, i + 8));
    }
    return buf_text(&out);
}

str import_family_words(str family)
{
    const struct import_family *f = import_family_find(family);
    return f ? str_c(f->title) : family;
}

// ---- one look -----------------------------------------------------------------------------------

err preview_upload(struct req *r, struct upload *ret, bool *ret_found)
{
    int64_t id;
    struct db_tx *tx;
    *ret_found = false;
    if (!str_to_i64(r->param[0], &id))
        return NULL;
    TRY(req_tx(r, &tx));
    return upload_find(tx, r->actor, r->a, (upload_id){id}, ret, ret_found);
}

void preview_gone(struct req *r)
{
    req_redirect(r, STR("/team/imports"));
    req_flash(r, STR("That file is no longer waiting: it was loaded or thrown away."));
}

// Opens the file as what was chosen, as what it looks like, or else as a table of one's own.
static err open_job(struct req *r, const struct upload *up, struct import_job **ret, str *ret_why)
{
    str text;
    *ret = NULL;
    TRY(file_map(r->a, upload_path(r->a, r->site, up->stored), UPLOAD_MAX, &text));
    err e = import_open(r->a, text, up->file_name, &up->opts, ret);
    if (e && e->kind == ERR_INVALID && up->opts.family.n == 0) {
        struct import_opts own = up->opts;
        own.family = STR("long");
        if (!import_open(r->a, text, up->file_name, &own, ret))
            return NULL;
    }
    if (!e)
        return NULL;
    *ret = NULL;
    *ret_why = err_root(e);
    return e->kind == ERR_INVALID ? NULL : e;
}

// The dry run; job is NULL with the reason when there is nothing to run.
static err look(struct req *r, const struct upload *up, struct import_job **ret, str *ret_why)
{
    struct db_tx *tx;
    TRY(open_job(r, up, ret, ret_why));
    if (!*ret)
        return NULL;
    TRY(req_tx(r, &tx));
    err e = import_check(*ret, tx);
    if (e && e->kind == ERR_INVALID) {
        *ret = NULL;
        *ret_why = err_root(e);
        return NULL;
    }
    return e;
}

static struct choices choices_new(struct arena *a, size_t n)
{
    return (struct choices){arena_new_array(a, n, const char *),
                            arena_new_array(a, n, const char *), 0};
}

static void choice_add(struct choices *c, const char *name, const char *title)
{
    c->name[c->n] = name;
    c->title[c->n++] = title;
}

// Kinds of files of the same make: a table is not offered to be boundaries.
static void list_families(struct arena *a, const struct import_job *job, struct choices *ret)
{
    size_t n = 0;
    while (import_families[n])
        n++;
    *ret = choices_new(a, n);
    for (size_t i = 0; i < n; i++)
        if (!job || import_families[i]->json == job->family->json)
            choice_add(ret, import_families[i]->name, import_families[i]->title);
}

static err list_saved(struct req *r, struct choices *ret)
{
    struct db_tx *tx;
    struct mapping_saved *v;
    size_t n;
    TRY(req_tx(r, &tx));
    TRY(mapping_list(tx, r->a, &v, &n));
    *ret = choices_new(r->a, n);
    for (size_t i = 0; i < n; i++)
        choice_add(ret, str_z(r->a, v[i].name), str_z(r->a, v[i].name));
    return NULL;
}

static void form_put(struct form *f, const char *name, str value)
{
    if (value.n)
        f->value[f->n++] = (struct form_value){str_c(name), value, STR_NONE};
}

// The form as it stands: what was sent and refused, else what has been chosen so far.
static void fill_form(struct req *r, struct preview *p)
{
    const struct import_opts *o = &p->up->opts;
    if (r->method == POST) {
        p->form = r->form;
        return;
    }
    p->form.value = arena_new_array(r->a, 12, struct form_value);
    form_put(&p->form, "family", o->family);
    form_put(&p->form, "kind", o->kind);
    form_put(&p->form, "period", o->period);
    form_put(&p->form, "district", o->district);
    form_put(&p->form, "title", o->title);
    form_put(&p->form, "unit", o->unit);
    form_put(&p->form, "source", o->source);
    form_put(&p->form, "licence", o->licence);
    if (o->vintage)
        form_put(&p->form, "vintage", str_fmt(r->a, "%lld", (long long)o->vintage));
}

// Which column is which: as told, else as the dry run guessed.
static err fill_mapping(struct req *r, struct preview *p)
{
    TRY(mapping_parse(r->a, p->up->opts.columns, &p->told));
    for (const struct mapping_part *part = mapping_parts; part->key; part++) {
        str *told = mapping_at(&p->told, part);
        for (size_t i = 0; part->column && told->n == 0 && i < p->job->columns.n; i++)
            if (str_eq(p->job->columns.v[i].meaning, str_c(part->meaning)))
                *told = p->job->columns.v[i].heading;
    }
    return NULL;
}

static err preview_show(struct req *r, int status, const struct upload *up)
{
    struct preview p = {.up = up};
    struct import_job *job;
    TRY(look(r, up, &job, &p.refusal));
    p.job = job;
    p.may_load = job && job->n_problems == 0;
    p.own = job && str_eq(str_c(job->family->name), STR("long"));
    for (size_t i = 0; job && i < job->problems.n; i++)
        p.asked += job->problems.v[i].row == 0;
    list_families(r->a, job, &p.families);
    fill_form(r, &p);
    if (p.own) {
        TRY(list_saved(r, &p.saved));
        TRY(fill_mapping(r, &p));
    }
    preview_page(req_page(r, status), &p);
    return NULL;
}

err preview_get(struct req *r)
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
    if (v.state == DESK_LOADING) {
        req_redirect(r, str_fmt(r->a, "/team/imports/%lld/progress", (long long)up->id.v));
        return NULL;
    }
    return preview_show(r, 200, up);
}

static void report_line(struct buf *b, const char *what, const struct import_problem *p)
{
    struct buf row;
    buf_init(&row, b->a, 32);
    if (p->row)
        buf_i64(&row, p->row);
    csv_put(b, str_c(what), true);
    csv_put(b, buf_text(&row), false);
    csv_put(b, str_is_none(p->column) ? STR("") : p->column, false);
    csv_put(b, p->sentence, false);
    csv_end(b);
}

static void report_heading(struct buf *b)
{
    static const char *const heading[] = {"what", "row", "column", "sentence"};
    for (size_t i = 0; i < countof(heading); i++)
        csv_put(b, str_c(heading[i]), i == 0);
    csv_end(b);
}

err preview_report_get(struct req *r)
{
    struct upload up;
    struct import_job *job;
    str why = STR_NONE;
    bool found;
    TRY(preview_upload(r, &up, &found));
    if (!found) {
        preview_gone(r);
        return NULL;
    }
    TRY(look(r, &up, &job, &why));
    req_file(r, "text/csv; charset=utf-8", STR("report.csv"));
    report_heading(&r->out);
    if (!job)
        report_line(&r->out, "fault", &(struct import_problem){0, STR_NONE, why});
    for (size_t i = 0; job && i < job->problems.n; i++)
        report_line(&r->out, "fault", &job->problems.v[i]);
    if (job && job->n_problems > (int64_t)job->problems.n)
        report_line(&r->out, "fault",
                    &(struct import_problem){
                        0, STR_NONE,
                        str_fmt(r->a, "and %lld more",
                                (long long)(job->n_problems - (int64_t)job->problems.n))});
    for (size_t i = 0; job && i < job->notices.n; i++)
        report_line(&r->out, "notice", &job->notices.v[i]);
    return NULL;
}

// ---- choosing -----------------------------------------------------------------------------------

// The mapping as the selects and fields say it.
static struct mapping mapping_of_form(struct req *r)
{
    struct mapping m = {0};
    for (const struct mapping_part *part = mapping_parts; part->key; part++)
        if (part->column)
            *mapping_at(&m, part) = req_field(r, str_fmt(r->a, "col_%s", part->key).p);
    m.title = req_field(r, "title");
    m.unit = req_field(r, "unit");
    m.source = req_field(r, "source");
    m.licence = req_field(r, "licence");
    m.year = req_field(r, "vintage");
    return m;
}

static err choose_write(struct db_tx *tx, struct req *r)
{
    const struct upload *up = r->ctx;
    struct mapping m = mapping_of_form(r);
    str name = req_field(r, "save_as");
    if (name.n) {
        m.title = STR(""); // the next table counts something else
        TRY(mapping_save(tx, name, STR("long"), &m, r->now_ms));
    }
    req_redirect(r, str_fmt(r->a, "/team/imports/%lld", (long long)up->id.v));
    return upload_choose(tx, r->actor, up->id, &up->opts);
}

static err opts_of_form(struct req *r, struct import_opts *ret)
{
    struct mapping m = mapping_of_form(r);
    struct mapping_saved saved;
    struct db_tx *tx;
    bool found = false;
    *ret = (struct import_opts){.family = req_field(r, "family"),
                                .kind = req_field(r, "kind"),
                                .vintage = form_i64(&r->form, "vintage", 0),
                                .district = req_field(r, "district"),
                                .period = req_field(r, "period"),
                                .title = m.title,
                                .unit = m.unit,
                                .source = m.source,
                                .licence = m.licence};
    if (ret->family.n && !import_family_find(ret->family))
        form_refuse(&r->form, "family", STR("Choose a kind of file from the list"));
    if (req_field(r, "use").n) {
        TRY(req_tx(r, &tx));
        TRY(mapping_find(tx, r->a, req_field(r, "use"), &saved, &found));
    }
    if (found)
        return mapping_apply(r->a, saved.columns, ret);
    struct mapping columns = m;
    columns.title = columns.unit = columns.source = columns.licence = columns.year = STR("");
    ret->columns = mapping_text(r->a, &columns);
    return NULL;
}

err preview_post(struct req *r)
{
    struct upload *up = arena_new(r->a, struct upload);
    bool found;
    TRY(preview_upload(r, up, &found));
    if (!found) {
        preview_gone(r);
        return NULL;
    }
    struct import_opts opts;
    TRY(opts_of_form(r, &opts));
    if (r->form.n_problems)
        return preview_show(r, 422, up);
    up->opts = opts;
    r->ctx = up;
    return req_write(r, choose_write);
}
