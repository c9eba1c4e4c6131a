// SPDX-License-Identifier: AGPL-3.0-or-later
// doorstep import organisations, org list, org undo-import
#include "base/base.h"
#include "base/file.h"
#include "base/json.h"
#include "partner/partner.h"
#include "store/audit.h"

#include <stdio.h>

enum { REGISTER_BYTES_MAX = 64 << 20, REMARKS_SHOWN = 20 };

static const struct actor console = {.role = ROLE_COORDINATOR, .name = {"command line", 12}};

static str base_name(str path)
{
    size_t at = path.n;
    while (at > 0 && path.p[at - 1] != '/')
        at--;
    return str_slice(path, at, path.n);
}

static void print_remarks(FILE *to, const struct register_remark *v, size_t n)
{
    size_t shown = n < REMARKS_SHOWN ? n : REMARKS_SHOWN;
    for (size_t i = 0; i < shown; i++) {
        if (v[i].row)
            fprintf(to, "  row %lld", (long long)v[i].row);
        if (v[i].row && v[i].column.n)
            fprintf(to, ", column %" PRIstr, ARGstr(v[i].column));
        fprintf(to, "%s%" PRIstr "\n", v[i].row ? ": " : "  ", ARGstr(v[i].sentence));
    }
    if (n > shown)
        fprintf(to, "  and %zu more\n", n - shown);
}

static err refusal(struct cli *c, const struct register_file *f)
{
    const struct register_remark *p = &f->problem[0];
    str more =
        f->n_problems > 1 ? str_fmt(c->a, " There are %zu more.", f->n_problems - 1) : STR("");
    if (!p->row)
        return err_new(c->a, ERR_INVALID, "%" PRIstr ": %" PRIstr "%" PRIstr, ARGstr(f->file_name),
                       ARGstr(p->sentence), ARGstr(more));
    return err_new(c->a, ERR_INVALID, "%" PRIstr ", row %lld%s%" PRIstr ": %" PRIstr "%" PRIstr,
                   ARGstr(f->file_name), (long long)p->row, p->column.n ? ", column " : "",
                   ARGstr(p->column), ARGstr(p->sentence), ARGstr(more));
}

static err take_source(struct cli *c, struct register_file *f)
{
    str source = cli_option(c, "--source"), licence = cli_option(c, "--licence");
    if (source.n)
        f->source = source;
    if (licence.n)
        f->licence = licence;
    if (f->source.n && f->licence.n)
        return NULL;
    return cli_misuse(c,
                      "We do not know who publishes %" PRIstr " and under which licence. Say so "
                      "with --source and --licence.",
                      ARGstr(f->file_name));
}

struct loading {
    struct register_file file;
    struct register_result result;
    int64_t now_ms;
};

static err load_write(struct db_tx *tx, void *ctx)
{
    struct loading *l = ctx;
    TRY(register_load(tx, &l->file, l->now_ms, &l->result));
    if (l->result.unchanged)
        return NULL;
    return audit_add(tx, l->now_ms, &console, STR("organisations imported"),
                     str_fmt(tx->a, "organisation_import:%lld", (long long)l->result.import),
                     STR("command line"));
}

static err import_run(struct cli *c)
{
    struct loading l = {.now_ms = clock_now(&c->clock)};
    str text;
    if (c->n_args != 1)
        return cli_misuse(c, "import organisations takes one file.");
    TRY(file_map(c->a, str_z(c->a, c->arg[0]), REGISTER_BYTES_MAX, &text));
    TRY(register_read(c->a, text, base_name(c->arg[0]), &l.file));
    struct register_file *f = &l.file;
    if (f->n_problems) {
        print_remarks(c->says, f->problem, f->n_problems);
        return refusal(c, f);
    }
    TRY(take_source(c, f));
    if (f->n_flags)
        fprintf(c->says, "To look at (%zu):\n", f->n_flags);
    print_remarks(c->says, f->flag, f->n_flags);
    fprintf(c->out,
            "%zu organisations in %" PRIstr ": %lld no longer exist, %lld without an area code.\n",
            f->n, ARGstr(f->file_name), (long long)f->closed, (long long)f->without_area);
    if (cli_flag(c, "--dry-run")) {
        fprintf(c->out, "Nothing was written (--dry-run).\n");
        return NULL;
    }
    TRY(db_write_alone(c->db, c->a, load_write, &l));
    if (l.result.unchanged)
        fprintf(c->out, "This file was loaded before. Nothing was changed.\n");
    else
        fprintf(c->out,
                "Loaded: %lld new, %lld other names, %lld closed. Undo: doorstep org undo-import "
                "%lld\n",
                (long long)l.result.added, (long long)l.result.named, (long long)l.result.closed,
                (long long)l.result.import);
    return NULL;
}

struct undoing {
    int64_t import, kept, now_ms;
};

static err undo_write(struct db_tx *tx, void *ctx)
{
    struct undoing *u = ctx;
    TRY(register_undo(tx, u->import, &u->kept));
    return audit_add(tx, u->now_ms, &console, STR("organisations import undone"),
                     str_fmt(tx->a, "organisation_import:%lld", (long long)u->import),
                     STR("command line"));
}

static err undo_run(struct cli *c)
{
    struct undoing u = {.now_ms = clock_now(&c->clock)};
    if (c->n_args != 1 || !str_to_i64(c->arg[0], &u.import))
        return cli_misuse(c, "org undo-import takes the number of an import.");
    TRY(db_write_alone(c->db, c->a, undo_write, &u));
    fprintf(c->out, "The import is undone.");
    if (u.kept)
        fprintf(c->out, " %lld organisations stay, because they have been used since.",
                (long long)u.kept);
    fprintf(c->out, "\n");
    return NULL;
}

// ---- org list ---------------------------------------------------------------------------------

static void list_text(struct cli *c, const struct partner *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        fprintf(c->out, "%" PRIstr " (%s)%s\n", ARGstr(v[i].org.name),
                org_kind_title(c->a, v[i].org.kind), v[i].current ? "" : ", no longer");
        for (size_t k = 0; k < v[i].n_role; k++) {
            const struct org_role *r = &v[i].role[k];
            str from = org_month_words(c->a, r->starts), to = org_month_words(c->a, r->ends);
            fprintf(c->out, "    %s%s%" PRIstr "%s%" PRIstr "\n", org_role_title(c->a, r->role),
                    from.n ? " from " : "", ARGstr(from), to.n ? " to " : "", ARGstr(to));
        }
        for (size_t k = 0; k < v[i].n_identifier; k++)
            fprintf(c->out, "    %" PRIstr "-%" PRIstr "\n", ARGstr(v[i].identifier[k].scheme),
                    ARGstr(v[i].identifier[k].value));
    }
    if (n == 0)
        fprintf(c->out, "No organisation has a role in the partnership yet.\n");
}

static void put_partner(struct arena *a, struct json *j, const struct partner *p)
{
    json_open(j, '{');
    json_kv_str(j, "id", str_fmt(a, "%lld", (long long)p->org.id.v));
    json_kv_str(j, "name", p->org.name);
    json_kv_str(j, "kind", p->org.kind);
    json_kv_str(j, "web", p->org.web);
    json_key(j, "current");
    json_bool(j, p->current);
    json_key(j, "roles");
    json_open(j, '[');
    for (size_t k = 0; k < p->n_role; k++) {
        json_open(j, '{');
        json_kv_str(j, "role", p->role[k].role);
        json_kv_str(j, "from", org_month_iso(a, p->role[k].starts));
        json_kv_str(j, "to", org_month_iso(a, p->role[k].ends));
        json_close(j, '}');
    }
    json_close(j, ']');
    json_key(j, "identifiers");
    json_open(j, '[');
    for (size_t k = 0; k < p->n_identifier; k++)
        json_str(j, org_id_text(a, p->identifier[k].scheme, p->identifier[k].value));
    json_close(j, ']');
    json_close(j, '}');
}

static void list_json(struct cli *c, const struct partner *v, size_t n)
{
    struct buf b;
    struct json j;
    buf_init(&b, c->a, 16 << 20);
    json_init(&j, &b);
    json_open(&j, '[');
    for (size_t i = 0; i < n; i++)
        put_partner(c->a, &j, &v[i]);
    json_close(&j, ']');
    fprintf(c->out, "%" PRIstr "\n", ARGstr(buf_text(&b)));
}

static err list_run(struct cli *c)
{
    str format;
    struct db_tx *tx;
    struct partner *v;
    size_t n;
    TRY(cli_format(c, "text|json", &format));
    TRY(db_read_public(c->db, c->a, &tx));
    err e = partner_list(tx, c->a, date_of_ms(clock_now(&c->clock)), &v, &n);
    db_read_end(tx);
    TRY(e);
    if (str_eq(format, STR("json")))
        list_json(c, v, n);
    else
        list_text(c, v, n);
    return NULL;
}

static const struct cmd_option import_options[] = {
    {"--source", "WORDS", "who publishes the file; known for the list of local authorities"},
    {"--licence", "WORDS", "the licence it is published under"},
    {"--dry-run", NULL, "only say what is in it and what is wrong"},
    {0},
};

static const struct cmd_option list_options[] = {
    {"--format", "text|json", "how to print it"},
    {0},
};

const struct command partner_commands[] = {
    {"import organisations", "FILE.csv", import_options,
     "Load a register of organisations with their identifiers.\nThe table needs the columns org_id "
     "(such as GB-CHC-1153055) and name; normalised_name, gss_code and active are read too. An "
     "organisation whose identifier is known already keeps its name; the other one becomes an "
     "alias. Numbers that miss their scheme's shape are kept and named, never put right.",
     CMD_MAKES, import_run},
    {"org list", NULL, list_options, "List the organisations of the partnership.", CMD_READS,
     list_run},
    {"org undo-import", "NUMBER", NULL,
     "Take an import of organisations back.\nOrganisations that have been used since stay.",
     CMD_WRITES, undo_run},
    {0},
};
