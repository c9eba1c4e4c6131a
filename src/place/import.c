// SPDX-License-Identifier: AGPL-3.0-or-later
// The driver every import goes through: recognise, dry run, load, undo.
#include "base/base.h"
#include "place/import.h"
#include "base/utf8.h"
#include "place/heading.h"
#include "place/import_bytes.h"
#include "place/import_sql.h"

#include <openssl/evp.h>
#include <stdarg.h>
#include <stdio.h>

enum {
    SURE_ENOUGH = 50,
    HEAD_BYTES = 4096,
    SCRATCH_HIGH = 256 * 1024,
    PROGRESS_BYTES = 256 * 1024,
    ASKED_FOR = 25 // how much surer we are of a family whose command was called
};

// ---- what families say ------------------------------------------------------------------------

FORMAT(2, 0) static str vsay(struct arena *a, const char *fmt, va_list ap)
{
    char t[1000];
    vsnprintf(t, sizeof t, fmt, ap);
    return utf8_repair(a, str_copy(a, str_c(t)));
}

void import_problem(struct import_job *job, int64_t row, str column, const char *fmt, ...)
{
    job->n_problems++;
    if (job->problems.n >= IMPORT_PROBLEMS_KEPT)
        return;
    va_list ap;
    va_start(ap, fmt);
    str s = vsay(job->a, fmt, ap);
    va_end(ap);
    *vec_add(job->a, &job->problems) = (struct import_problem){row, str_copy(job->a, column), s};
}

void import_notice(struct import_job *job, int64_t row, str column, const char *fmt, ...)
{
    if (job->notices.n >= IMPORT_PROBLEMS_KEPT || job->tx) // the dry run has told them
        return;
    va_list ap;
    va_start(ap, fmt);
    str s = vsay(job->a, fmt, ap);
    va_end(ap);
    *vec_add(job->a, &job->notices) = (struct import_problem){row, str_copy(job->a, column), s};
}

void import_column(struct import_job *job, str heading, const char *meaning)
{
    if (!job->tx)
        *vec_add(job->a, &job->columns) =
            (struct import_column){str_copy(job->a, heading), str_c(meaning)};
}

void import_row_done(struct import_job *job, int64_t bytes_done)
{
    if (job->scratch.used >= SCRATCH_HIGH)
        arena_reset(&job->scratch);
    if (bytes_done - job->told < PROGRESS_BYTES)
        return;
    job->told = bytes_done;
    if (job->progress)
        job->progress(job->progress_ctx, bytes_done + (job->tx ? job->bytes : 0), 2 * job->bytes);
}

// ---- recognising ------------------------------------------------------------------------------

const struct import_family *import_family_find(str name)
{
    for (int i = 0; import_families[i]; i++)
        if (str_eq(str_c(import_families[i]->name), name))
            return import_families[i];
    return NULL;
}

static str sha256_of(struct arena *a, str text)
{
    unsigned char md[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    int ok = EVP_Digest(text.p ? text.p : "", text.n, md, &n, EVP_sha256(), NULL);
    ASSERT(ok == 1 && n == 32);
    return hex_of(a, md, n);
}

// Headings of the first row, folded.
static err first_row(struct import_job *job, str **ret, size_t *ret_n)
{
    struct csv csv;
    bool more;
    csv_init(&csv, job->a, job->text);
    err e = csv_next(&csv, job->a, &more);
    if (e)
        return err_new(job->a, e->kind, "%" PRIstr ": %" PRIstr, ARGstr(job->file_name),
                       ARGstr(err_root(e)));
    *ret = arena_new_array(job->a, csv.n + 1, str);
    *ret_n = more ? csv.n : 0;
    for (size_t i = 0; i < *ret_n; i++)
        (*ret)[i] = heading_fold(job->a, csv.field[i]);
    return NULL;
}

// Where the headings fit two families, the one whose command was called is meant.
static err guess_family(struct import_job *job)
{
    bool json = bytes_look_like_json(job->text);
    const char *asked = job->opts.command;
    str *folded = NULL;
    size_t n = 0;
    if (!json)
        TRY(first_row(job, &folded, &n));
    int best = 0;
    for (int i = 0; import_families[i]; i++) {
        const struct import_family *f = import_families[i];
        int sure = f->json == json ? f->guess(job, folded, n) : 0;
        if (sure < SURE_ENOUGH)
            continue;
        sure += asked && strcmp(f->command, asked) == 0 ? ASKED_FOR : 0;
        if (sure > best) {
            best = sure;
            job->family = f;
        }
    }
    if (!job->family)
        return err_new(
            job->a, ERR_INVALID,
            "%" PRIstr ": row 1 has no headings we know, so this is not a kind of file "
            "that can be told by itself. Say what it is, or load it as a table of your own.",
            ARGstr(job->file_name));
    return NULL;
}

// What was chosen has to be of the same make as the file: a map, or a table.
static err check_make(struct import_job *job)
{
    bool json = bytes_look_like_json(job->text);
    if (job->family->json == json)
        return NULL;
    return err_new(job->a, ERR_INVALID,
                   json ? "%" PRIstr " is JSON, row 1 shows; a table (CSV) is expected."
                        : "%" PRIstr " is not JSON, row 1 shows: a table holds no borders. Borders "
                          "come as GeoJSON or TopoJSON; names and codes alone are loaded as "
                          "“Names of areas” (--as area-names).",
                   ARGstr(job->file_name));
}

err import_open(struct arena *a, str text, str file_name, const struct import_opts *opts,
                struct import_job **ret)
{
    struct import_job *job = arena_new(a, struct import_job);
    job->a = a;
    job->file_name = file_name;
    job->bytes = (int64_t)text.n;
    job->opts = *opts;
    arena_init(&job->scratch);
    arena_on_end(a, (void (*)(void *))arena_fini, &job->scratch);
    if (str_trim(str_slice(text, 0, HEAD_BYTES)).n == 0)
        return err_new(a, ERR_INVALID, "%" PRIstr " is empty: row 1 should hold headings.",
                       ARGstr(file_name));
    TRY(bytes_to_text(job, text));
    job->sha256 = sha256_of(a, text);
    if (opts->family.n) {
        job->family = import_family_find(opts->family);
        if (!job->family)
            return err_new(a, ERR_INVALID, "There is no kind of import called %" PRIstr ".",
                           ARGstr(opts->family));
        TRY(check_make(job));
    } else {
        TRY(guess_family(job));
    }
    *ret = job;
    return NULL;
}

// ---- dry run and load -------------------------------------------------------------------------

// What a run counts, cleared before each.
static void start_run(struct import_job *job)
{
    job->rows_read = job->rows_loaded = job->told = 0;
    arena_reset(&job->scratch);
}

static str options_text(struct import_job *job)
{
    const struct import_opts *o = &job->opts;
    return str_fmt(job->a,
                   "kind=%" PRIstr " vintage=%lld district=%" PRIstr " period=%" PRIstr
                   " columns=%" PRIstr " title=%" PRIstr,
                   ARGstr(o->kind), (long long)o->vintage, ARGstr(o->district), ARGstr(o->period),
                   ARGstr(o->columns), ARGstr(o->title));
}

// The import these bytes are loaded as already: with the same options, else the newest.
static err find_twin(struct import_job *job, struct db_tx *look)
{
    struct q_import_of_file *v;
    size_t n;
    str options = options_text(job);
    job->twin = (struct import_twin){0};
    TRY(q_import_of_file_all(look, job->a, &(struct q_import_of_file_in){job->sha256}, &v, &n));
    for (size_t i = 0; i < n && !job->twin.unchanged; i++) {
        bool same = str_eq(v[i].kind, str_c(job->family->name)) && str_eq(v[i].options, options);
        if (i == 0 || same)
            job->twin = (struct import_twin){v[i].id, v[i].finished_ms, same};
    }
    return NULL;
}

err import_check(struct import_job *job, struct db_tx *look)
{
    start_run(job);
    job->tx = NULL;
    job->look = look;
    err e = job->family->run(job);
    job->look = NULL;
    job->checked = true;
    if (e && e->kind == ERR_INVALID) { // a file that breaks off in the middle
        import_problem(job, 0, STR_NONE, "%" PRIstr, ARGstr(err_root(e)));
        e = NULL;
    }
    if (!e && job->rows_read == 0 && job->n_problems == 0)
        import_problem(job, 2, STR_NONE, "There are headings but no rows below them.");
    return e ? e : find_twin(job, look);
}

err import_refusal(const struct import_job *job)
{
    if (job->n_problems == 0)
        return NULL;
    const struct import_problem *p = &job->problems.v[0];
    str where = STR("");
    if (p->row > 0 && p->column.n)
        where =
            str_fmt(job->a, "row %lld, column %" PRIstr ": ", (long long)p->row, ARGstr(p->column));
    else if (p->row > 0)
        where = str_fmt(job->a, "row %lld: ", (long long)p->row);
    str more = job->n_problems > 1
                   ? str_fmt(job->a, " (and %lld more)", (long long)job->n_problems - 1)
                   : STR("");
    return err_new(job->a, ERR_INVALID, "%" PRIstr ": %" PRIstr "%" PRIstr "%" PRIstr,
                   ARGstr(job->file_name), ARGstr(where), ARGstr(p->sentence), ARGstr(more));
}

static err source_id(struct db_tx *tx, struct import_job *job, int64_t *ret)
{
    const struct import_source *s = &job->family->source;
    bool own = job->opts.source.n > 0;
    str publisher = own ? job->opts.source : str_c(s->publisher),
        title = job->title.n ? job->title : str_c(s->title),
        licence = job->opts.licence.n ? job->opts.licence : str_c(s->licence),
        attribution = own ? STR("") : str_c(s->attribution);
    struct q_source_find row;
    bool found;
    TRY(q_source_find_one(tx, tx->a,
                          &(struct q_source_find_in){publisher, title, licence, attribution}, &row,
                          &found));
    struct q_source_insert made = {row.id};
    if (!found)
        TRY(q_source_insert_one(tx, tx->a,
                                &(struct q_source_insert_in){publisher, title,
                                                             own ? STR_NONE : str_c(s->url),
                                                             licence, attribution},
                                &made, &found));
    *ret = made.id;
    return NULL;
}

static str notices_text(struct import_job *job)
{
    str out = STR("");
    for (size_t i = 0; i < job->notices.n && i < 50; i++)
        out = str_fmt(job->a, "%" PRIstr "%s%" PRIstr, ARGstr(out), i ? "\n" : "",
                      ARGstr(job->notices.v[i].sentence));
    return out;
}

struct loading {
    struct import_job *job;
    struct import_result *ret;
    int64_t now_ms;
};

static opt_i64 some_year(int64_t v)
{
    return (opt_i64){v != 0, v};
}

static err load(struct db_tx *tx, void *ctx)
{
    struct loading *l = ctx;
    struct import_job *job = l->job;
    struct q_import_same same;
    bool found;
    str options = options_text(job);
    TRY(q_import_same_one(
        tx, tx->a, &(struct q_import_same_in){job->sha256, str_c(job->family->name), options},
        &same, &found));
    if (found) {
        *l->ret = (struct import_result){same.id, true, 0};
        return NULL;
    }
    int64_t source;
    TRY(source_id(tx, job, &source));
    struct q_import_insert made;
    TRY(q_import_insert_one(tx, tx->a,
                            &(struct q_import_insert_in){str_c(job->family->name), job->file_name,
                                                         job->sha256, job->bytes, options, source,
                                                         some_year(job->vintage), job->reference,
                                                         l->now_ms},
                            &made, &found));
    job->id = made.id;
    job->tx = job->look = tx;
    start_run(job);
    err e = job->family->run(job);
    job->tx = job->look = NULL;
    TRY(e);
    TRY(import_refusal(job));
    TRY(q_import_finish(tx, &(struct q_import_finish_in){job->id, some_year(job->vintage),
                                                         job->reference, job->rows_read,
                                                         job->rows_loaded, notices_text(job)}));
    *l->ret = (struct import_result){job->id, false, job->rows_loaded};
    return NULL;
}

static err check_first(struct db *db, struct import_job *job)
{
    struct db_tx *tx;
    if (job->checked)
        return import_refusal(job);
    TRY(db_read(db, job->a, &tx));
    err e = import_check(job, tx);
    db_read_end(tx);
    return e ? e : import_refusal(job);
}

err import_load(struct db *db, struct import_job *job, int64_t now_ms, struct import_result *ret)
{
    struct loading l = {job, ret, now_ms};
    TRY(check_first(db, job));
    return db_write_alone(db, job->a, load, &l);
}

static err load_and_also(struct db_tx *tx, void *ctx)
{
    struct import_later *l = ctx;
    struct loading x = {l->job, &l->result, l->now_ms};
    TRY(load(tx, &x));
    return l->also ? l->also(tx, l) : NULL;
}

err import_load_and(struct db *db, struct import_later *l)
{
    TRY(check_first(db, l->job));
    return db_write_alone(db, l->job->a, load_and_also, l);
}

static void later_done(struct db_job *j)
{
    struct import_later *l = j->done_ctx;
    l->failed = j->failed;
    l->done(l);
}

err import_load_later(struct db *db, struct import_later *l)
{
    l->db_job = (struct db_job){.fn = load_and_also,
                                .ctx = l,
                                .a = l->job->a,
                                .done = later_done,
                                .done_ctx = l,
                                .alone = true};
    return db_write_later(db, &l->db_job);
}

err import_take_back(struct db_tx *tx, import_id id)
{
    struct q_import_find row;
    bool found;
    TRY(q_import_find_one(tx, tx->a, &(struct q_import_find_in){id}, &row, &found));
    if (!found)
        return err_new(tx->a, ERR_NOT_FOUND, "There is no import number %lld.", (long long)id.v);
    const struct import_family *f = import_family_find(row.kind);
    if (!f)
        return err_new(tx->a, ERR_BUG, "Import %lld is of an unknown kind.", (long long)id.v);
    TRY(f->undo(tx, id));
    return q_import_delete(tx, &(struct q_import_delete_in){id});
}

static err undo(struct db_tx *tx, void *ctx)
{
    const import_id *id = ctx;
    return import_take_back(tx, *id);
}

err import_undo(struct db *db, struct arena *a, import_id id)
{
    return db_write_alone(db, a, undo, &id);
}

err import_list(struct db_tx *tx, struct arena *a, struct import_row **ret, size_t *ret_n)
{
    struct q_import_rows *r;
    TRY(q_import_rows_all(tx, a, &r, ret_n));
    *ret = arena_new_array(a, *ret_n, struct import_row);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret)[i] = (struct import_row){
            r[i].id,          r[i].kind,      r[i].file_name,   r[i].reference, r[i].publisher,
            r[i].title,       r[i].licence,   r[i].attribution, r[i].sha256,    r[i].vintage.v,
            r[i].finished_ms, r[i].rows_read, r[i].rows_loaded, r[i].notices};
    return NULL;
}
