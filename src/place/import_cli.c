// SPDX-License-Identifier: AGPL-3.0-or-later
// doorstep import …: one runner for every family of files.
#include "base/base.h"
#include "base/file.h"
#include "base/json.h"
#include "place/import.h"
#include "place/import_tell_cli.h"
#include "place/mapping.h"
#include "place/place.h"
#include "store/audit.h"
#include "store/command.h"

#include <stdio.h>

static const size_t file_max_bytes = (size_t)8 << 30;

static const struct actor operator= {.role = ROLE_COORDINATOR, .name = {"command line", 12}};

// Written with what it tells of, so that neither is ever there alone.
static err leave_trail(struct db_tx *tx, int64_t now_ms, str action, import_id id)
{
    return audit_add(tx, now_ms, &operator, action, str_fmt(tx->a, "import:%lld", (long long)id.v),
                     STR("command line"));
}

// ---- what the person asked for ------------------------------------------------------------------

static err take_mapping(struct cli *c, struct import_opts *o)
{
    struct mapping_saved m;
    struct db_tx *tx;
    bool found = false;
    str name = cli_option(c, "--mapping");
    if (str_is_none(name))
        return o->columns.n ? mapping_apply(c->a, o->columns, o) : NULL;
    TRY(db_read(c->db, c->a, &tx));
    err e = mapping_find(tx, c->a, name, &m, &found);
    db_read_end(tx);
    TRY(e);
    if (!found)
        return err_new(c->a, ERR_NOT_FOUND, "There is no saved mapping called %" PRIstr ".",
                       ARGstr(name));
    if (!o->family.n)
        o->family = m.family;
    return mapping_apply(c->a, m.columns, o);
}

static err take_options(struct cli *c, const char *family, struct import_opts *ret)
{
    str vintage = cli_option(c, "--vintage");
    *ret = (struct import_opts){
        .family = family ? str_c(family) : cli_option(c, "--as"),
        .kind = cli_option(c, "--kind"),
        .district = cli_option(c, "--district"),
        .period = cli_option(c, "--period"),
        .title = cli_option(c, "--title"),
        .unit = cli_option(c, "--unit"),
        .columns = cli_option(c, "--columns"),
        .source = cli_option(c, "--source"),
        .licence = cli_option(c, "--licence"),
        .replace = cli_flag(c, "--replace"),
    };
    if (ret->kind.n && area_kind_of(ret->kind) == AREA_NONE)
        return cli_misuse(c, "--kind takes oa, lsoa, msoa, ward or lad.");
    if (ret->kind.n)
        ret->kind = str_c(area_kind_word(area_kind_of(ret->kind)));
    if (ret->family.n && !import_family_find(ret->family))
        return cli_misuse(c, "--as %" PRIstr " is no kind of import; see `doorstep help %s`.",
                          ARGstr(ret->family), c->command->name);
    if (vintage.n &&
        (!str_to_i64(vintage, &ret->vintage) || ret->vintage < 1970 || ret->vintage > 2100))
        return cli_misuse(c, "--vintage takes a year, such as 2021.");
    return take_mapping(c, ret);
}

// ---- one file -----------------------------------------------------------------------------------

static str base_name(str path)
{
    for (size_t i = path.n; i > 0; i--)
        if (path.p[i - 1] == '/')
            return str_slice(path, i, path.n);
    return path;
}

// `import population X` must not load a crime file that happens to be recognised.
static err check_command(struct cli *c, const struct import_job *job, const char *command)
{
    if (!command || strcmp(job->family->command, command) == 0)
        return NULL;
    return err_new(c->a, ERR_INVALID, "%" PRIstr " looks like “%s”. Use: doorstep import %s",
                   ARGstr(job->file_name), job->family->title, job->family->command);
}

static err check(struct cli *c, struct import_job *job)
{
    struct db_tx *tx;
    TRY(db_read(c->db, job->a, &tx));
    err e = import_check(job, tx);
    db_read_end(tx);
    return e;
}

static err loaded_too(struct db_tx *tx, struct import_later *l)
{
    return l->result.unchanged ? NULL
                               : leave_trail(tx, l->now_ms, STR("import loaded"), l->result.id);
}

static err load(struct cli *c, struct import_job *job)
{
    struct import_later l = {.job = job, .now_ms = clock_now(&c->clock), .also = loaded_too};
    TRY(import_load_and(c->db, &l));
    struct import_result r = l.result;
    if (c->says_to_person && job->progress)
        tell_progress_end(job->progress_ctx);
    if (r.unchanged) {
        fprintf(c->out, "%" PRIstr " is loaded already, as import %lld. Nothing has changed.\n",
                ARGstr(job->file_name), (long long)r.id.v);
        return NULL;
    }
    fprintf(c->out,
            "Loaded %" PRIstr " (%" PRIstr ") from %" PRIstr ". Undo: doorstep import undo %lld\n",
            ARGstr(tell_count(job, r.rows)), ARGstr(tell_what(job)), ARGstr(job->file_name),
            (long long)r.id.v);
    return NULL;
}

static err report_and_load(struct cli *c, struct import_job *job)
{
    bool dry = cli_flag(c, "--dry-run");
    str report = cli_option(c, "--report");
    if (report.n)
        TRY(tell_report(c, job, report));
    if (dry) {
        fprintf(c->out, "%" PRIstr ": %s. Columns as taken:\n", ARGstr(job->file_name),
                job->family->title);
        tell_columns(c, job);
    }
    tell_passed_over(c, job);
    tell_notices(c, job);
    tell_problems(c, job);
    TRY(import_refusal(job));
    tell_twin(c, job, dry);
    if (!dry)
        return load(c, job);
    fprintf(c->out, "Nothing was written: this was a dry run.");
    if (!job->twin.unchanged)
        fprintf(c->out, " %" PRIstr " (%" PRIstr ") from %s rows would be loaded.",
                ARGstr(tell_count(job, job->rows_loaded)), ARGstr(tell_what(job)),
                tell_number(c->a, job->rows_read));
    fprintf(c->out, "\n");
    return NULL;
}

static err import_file(struct cli *c, const struct import_opts *opts, const char *command, str path)
{
    str text;
    struct import_job *job;
    struct tell_meter meter = {c, base_name(path), -1};
    TRY(file_map(c->a, str_z(c->a, path), file_max_bytes, &text));
    TRY(import_open(c->a, text, base_name(path), opts, &job));
    TRY(check_command(c, job, command));
    if (c->says_to_person) {
        job->progress = tell_progress;
        job->progress_ctx = &meter;
    }
    err e = check(c, job);
    tell_progress_end(&meter);
    return e ? e : report_and_load(c, job);
}

static err import_one(struct cli *c, const char *family, const char *command)
{
    struct import_opts opts;
    if (c->n_args != 1)
        return cli_misuse(c, "Use: doorstep %s %s", c->command->name, c->command->args);
    TRY(take_options(c, family, &opts));
    opts.command = command;
    return import_file(c, &opts, command, c->arg[0]);
}

// ---- the commands -------------------------------------------------------------------------------

static bool is_json_name(str path)
{
    str low = str_slice(path, path.n > 9 ? path.n - 9 : 0, path.n);
    return str_find(low, STR("json"), 0) < low.n || str_find(low, STR("JSON"), 0) < low.n;
}

static err areas_run(struct cli *c)
{
    // a table of names is told by itself; a border file by its name, so that its faults are told
    bool json = c->n_args > 0 && is_json_name(c->arg[0]) && str_is_none(cli_option(c, "--as"));
    return import_one(c, json ? "areas" : NULL, "areas");
}

struct saving {
    str name, family;
    struct mapping m;
    int64_t now_ms;
};

static err save_write(struct db_tx *tx, void *ctx)
{
    struct saving *s = ctx;
    return mapping_save(tx, s->name, s->family, &s->m, s->now_ms);
}

static err indicators_run(struct cli *c)
{
    str save = cli_option(c, "--save"), columns = cli_option(c, "--columns");
    if (!str_is_none(save) && !columns.n)
        return cli_misuse(c, "--save keeps what --columns says, so it needs --columns.");
    TRY(import_one(c, NULL, "indicators"));
    if (!save.n || cli_flag(c, "--dry-run"))
        return NULL;
    struct saving s = {.name = save, .family = STR("long"), .now_ms = clock_now(&c->clock)};
    TRY(mapping_parse(c->a, columns, &s.m));
    TRY(db_write(c->db, c->a, save_write, &s));
    fprintf(c->out, "Saved as mapping %" PRIstr ": use --mapping %" PRIstr " next time.\n",
            ARGstr(save), ARGstr(save));
    return NULL;
}

static err postcodes_run(struct cli *c)
{
    return import_one(c, "postcodes", "postcodes");
}

static err population_run(struct cli *c)
{
    return import_one(c, "population", "population");
}

static err crime_run(struct cli *c)
{
    return import_one(c, "crime", "crime");
}

static err lookup_run(struct cli *c)
{
    return import_one(c, "lookup", "lookup");
}

// Each file for itself: one that cannot be loaded does not hold up the others.
static err auto_run(struct cli *c)
{
    struct import_opts opts;
    int bad = 0;
    TRY(take_options(c, NULL, &opts));
    for (int i = 0; i < c->n_args; i++) {
        err e = import_file(c, &opts, NULL, c->arg[i]);
        fflush(c->out); // in step with what stands in the way
        if (e && c->n_args == 1)
            return e;
        if (e)
            fprintf(c->says, "doorstep: %" PRIstr "\n", ARGstr(err_text(c->a, e)));
        bad += e != NULL;
    }
    return bad ? err_new(c->a, ERR_INVALID, "%d of %d files were not loaded.", bad, c->n_args)
               : NULL;
}

static void list_json(struct cli *c, const struct import_row *v, size_t n)
{
    struct buf b;
    struct json j;
    buf_init(&b, c->a, 16 << 20);
    json_init(&j, &b);
    json_open(&j, '[');
    for (size_t i = 0; i < n; i++) {
        json_open(&j, '{');
        json_kv_i64(&j, "id", v[i].id.v);
        json_kv_str(&j, "kind", v[i].family);
        json_kv_str(&j, "file", v[i].file_name);
        json_kv_str(&j, "sha256", v[i].sha256);
        json_kv_str(&j, "reference", v[i].reference);
        json_kv_str(&j, "publisher", v[i].publisher);
        json_kv_str(&j, "title", v[i].title);
        json_kv_str(&j, "licence", v[i].licence);
        json_kv_str(&j, "loaded", moment_iso(c->a, v[i].finished_ms));
        json_kv_i64(&j, "rows_read", v[i].rows_read);
        json_kv_i64(&j, "rows_loaded", v[i].rows_loaded);
        json_close(&j, '}');
    }
    json_close(&j, ']');
    fprintf(c->out, "%" PRIstr "\n", ARGstr(buf_text(&b)));
}

static void list_text(struct cli *c, const struct import_row *v, size_t n)
{
    if (n == 0)
        fprintf(c->out, "Nothing has been imported yet.\n");
    for (size_t i = 0; i < n; i++)
        fprintf(c->out, "%4lld  %" PRIstr "  %-16" PRIstr " %9s  %" PRIstr " (%" PRIstr ")\n",
                (long long)v[i].id.v, ARGstr(str_slice(moment_iso(c->a, v[i].finished_ms), 0, 10)),
                ARGstr(v[i].family), tell_number(c->a, v[i].rows_loaded), ARGstr(v[i].file_name),
                ARGstr(v[i].title));
}

static err list_run(struct cli *c)
{
    struct db_tx *tx;
    struct import_row *v = NULL;
    size_t n = 0;
    str format;
    TRY(cli_format(c, "text|json", &format));
    TRY(db_read(c->db, c->a, &tx));
    err e = import_list(tx, c->a, &v, &n);
    db_read_end(tx);
    TRY(e);
    (str_eq(format, STR("json")) ? list_json : list_text)(c, v, n);
    return NULL;
}

struct undoing {
    import_id id;
    int64_t now_ms;
};

static err undo_write(struct db_tx *tx, void *ctx)
{
    struct undoing *u = ctx;
    TRY(import_take_back(tx, u->id));
    return leave_trail(tx, u->now_ms, STR("import undone"), u->id);
}

static err undo_run(struct cli *c)
{
    struct undoing u = {.now_ms = clock_now(&c->clock)};
    import_id id = {0};
    if (c->n_args != 1 || !str_to_i64(c->arg[0], &id.v) || id.v < 1)
        return cli_misuse(c, "import undo takes the number of one import; `doorstep import list` "
                             "shows them.");
    u.id = id;
    TRY(db_write_alone(c->db, c->a, undo_write, &u));
    fprintf(c->out,
            "Import %lld is taken back: its rows are gone, and what was there before it "
            "counts again.\n",
            (long long)id.v);
    return NULL;
}

#define DRY_RUN                                                                                    \
    {"--dry-run", NULL, "read and judge every row, tell what would happen, write nothing"},        \
    {                                                                                              \
        "--report", "FILE.csv", "write all problems and notices to this file"                      \
    }
#define VINTAGE                                                                                    \
    {                                                                                              \
        "--vintage", "YYYY", "the year of the areas, where the headings do not say it"             \
    }
#define DISTRICT                                                                                   \
    {                                                                                              \
        "--district", "CODE", "only rows of this local authority district"                         \
    }
#define PERIOD(example)                                                                            \
    {                                                                                              \
        "--period", example, "of when the figures are, where the file does not say"                \
    }
#define OWN_SOURCE                                                                                 \
    {"--source", "NAME", "who published it, where that is not the usual publisher"},               \
    {                                                                                              \
        "--licence", "NAME", "under which licence, where that is not the usual one"                \
    }

static const struct cmd_option areas_options[] = {
    {"--as", "areas|area-names", "what it is: borders, or a list of names and codes"},
    {"--kind", "ward|lsoa|msoa|oa|lad", "which areas, where the file holds codes of several kinds"},
    VINTAGE,
    DISTRICT,
    DRY_RUN,
    OWN_SOURCE,
    {0},
};

static const struct cmd_option indicators_options[] = {
    {"--as", "iod2019|iod2025|census|long|…", "what it is, where it cannot be told from headings"},
    VINTAGE,
    DISTRICT,
    PERIOD("2021"),
    {"--columns", "MAPPING", "which column is what: \"code=Area code;value=Count\""},
    {"--mapping", "NAME", "a mapping saved before"},
    {"--save", "NAME", "keep --columns under this name"},
    {"--title", "TEXT", "what is counted"},
    {"--unit", "TEXT", "in what unit"},
    DRY_RUN,
    OWN_SOURCE,
    {0},
};

static const struct cmd_option postcodes_options[] = {DISTRICT, VINTAGE, DRY_RUN, OWN_SOURCE, {0}};
static const struct cmd_option population_options[] = {
    PERIOD("mid-2022"), VINTAGE, DISTRICT, DRY_RUN, OWN_SOURCE, {0}};
static const struct cmd_option crime_options[] = {
    {"--replace", NULL, "load a force's month again although it is loaded"},
    DRY_RUN,
    OWN_SOURCE,
    {0},
};
static const struct cmd_option lookup_options[] = {VINTAGE, DISTRICT, DRY_RUN, OWN_SOURCE, {0}};
static const struct cmd_option auto_options[] = {DISTRICT, DRY_RUN, {0}};
static const struct cmd_option list_options[] = {
    {"--format", "text|json", "how to print it"},
    {0},
};

#define ALL_OR_NOTHING                                                                             \
    "\nA file with a single row in error is not loaded at all; each problem is told with its row " \
    "and column.\nThe same file again changes nothing."

const struct command import_commands[] = {
    {"import areas", "FILE", areas_options,
     "Load areas with their borders (GeoJSON, TopoJSON), or a list of their names "
     "(CSV)." ALL_OR_NOTHING,
     CMD_MAKES, areas_run},
    {"import indicators", "FILE.csv", indicators_options,
     "Load figures about areas: Indices of Deprivation, Census 2021, or a table of your "
     "own." ALL_OR_NOTHING,
     CMD_MAKES, indicators_run},
    {"import postcodes", "FILE.csv", postcodes_options,
     "Load postcodes: NSPL or ONSPD of any year, or Postcode,lat,long.\nNSPL is published as a ZIP "
     "archive: unpack it and give Data/NSPL_…_UK.csv for the whole country, or for one postcode "
     "area the file in Data/multi_csv that ends in its letters." ALL_OR_NOTHING,
     CMD_MAKES, postcodes_run},
    {"import population", "FILE.csv", population_options,
     "Load people by single year of age." ALL_OR_NOTHING, CMD_MAKES, population_run},
    {"import crime", "FILE.csv", crime_options,
     "Load a month of street-level crime from police.uk." ALL_OR_NOTHING, CMD_MAKES, crime_run},
    {"import lookup", "FILE.csv", lookup_options,
     "Load how areas hang together: 2011 to 2021, best-fit wards, larger areas." ALL_OR_NOTHING,
     CMD_MAKES, lookup_run},
    {"import auto", "FILE…", auto_options,
     "Load files of any kind that can be told by themselves.\nEach file is loaded or refused for "
     "itself.",
     CMD_MAKES, auto_run},
    {"import list", NULL, list_options, "List what has been imported, the newest first.", CMD_READS,
     list_run},
    {"import undo", "NUMBER", NULL, "Take an import back.", CMD_WRITES, undo_run},
    {0},
};
