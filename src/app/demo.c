// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "app/demo.h"
#include "base/actor.h"
#include "place/demo.h"
#include "store/audit.h"

static const struct actor command_line = {.role = ROLE_COORDINATOR, .name = {"command line", 12}};

static err take_options(struct cli *c, struct demo_opts *ret)
{
    str seed = cli_option(c, "--seed"), size = cli_option(c, "--size");
    int64_t n = 1;
    if (seed.n && (!str_to_i64(seed, &n) || n < 0))
        return cli_misuse(c, "--seed takes a whole number, not “%" PRIstr "”.", ARGstr(seed));
    if (size.n && !str_eq(size, STR("S")) && !str_eq(size, STR("M")) && !str_eq(size, STR("L")))
        return cli_misuse(c, "--size takes S, M or L, not “%" PRIstr "”.", ARGstr(size));
    *ret = (struct demo_opts){.size = size.n ? size.p[0] : 'M', .seed = (uint64_t)n};
    return NULL;
}

// One line that is written over, on a terminal.
static void progress(void *ctx, str file_name, int done, int of)
{
    struct cli *c = ctx;
    fprintf(c->says, "\r\033[K%3d %%  %" PRIstr, 100 * done / of, ARGstr(file_name));
    fflush(c->says);
}

// The last step, all in one: from here on the town is there.
static err finish(struct db_tx *tx, void *ctx)
{
    UNUSED(ctx);
    TRY(demo_zone(tx));
    TRY(demo_partners(tx));
    return audit_add(tx, DEMO_NOW_MS, &command_line, STR("demo.make"), STR("zone"),
                     STR("demonstration"));
}

static err make(struct cli *c)
{
    struct demo_opts o;
    struct demo_made made;
    TRY(take_options(c, &o));
    if (c->says_to_person) {
        o.progress = progress;
        o.progress_ctx = c;
    }
    err e = demo_load(c->db, c->a, &o, &made);
    if (c->says_to_person)
        fprintf(c->says, "\r\033[K");
    TRY(e);
    TRY(db_write(c->db, c->a, finish, NULL));
    fprintf(c->out,
            "Millbrook is there: %d wards, 4 of them the zone; %d small areas; %lld rows from %d "
            "files, %lld of them crimes.\nEverything in it is invented.\n",
            made.wards, made.areas, (long long)made.rows, made.files, (long long)made.crimes);
    if (made.unchanged)
        fprintf(c->out, "%d files had been loaded before.\n", made.unchanged);
    fprintf(c->out, "To see it: doorstep --db %s serve\n",
            db_kind(c->db) == DB_PG ? "postgresql://…" : db_where(c->db));
    return NULL;
}

static err demo_run(struct cli *c)
{
    enum demo_state state;
    bool quietly = cli_flag(c, "--if-empty");
    TRY(demo_state(c->db, c->a, &state));
    if (state == DEMO_ROOM)
        return make(c);
    if (quietly)
        return NULL;
    if (state == DEMO_ZONE)
        return err_new(c->a, ERR_CONFLICT,
                       "%s holds a zone of its own; nothing was changed. Name another file with "
                       "--db to make the demonstration town in.",
                       db_where(c->db));
    if (state == DEMO_DATA)
        return err_new(c->a, ERR_CONFLICT,
                       "%s holds imported data of its own; nothing was changed. Name another file "
                       "with --db to make the demonstration town in.",
                       db_where(c->db));
    fprintf(c->out, "The demonstration town is there already; nothing was changed.\n");
    return NULL;
}

static const struct cmd_option options[] = {
    {"--size", "S|M|L", "S a tenth, for tests; M the usual; L a million crimes (M)"},
    {"--seed", "N", "another number, another town (1)"},
    {"--if-empty", NULL, "say nothing and change nothing when the database is in use"},
    {0},
};

const struct command demo_commands[] = {
    {"demo", NULL, options,
     "Make the demonstration town.\nMillbrook and everything in it is invented. The same size and "
     "seed make the same town.\nA town that was cut short is finished by running this again.",
     CMD_MAKES, demo_run},
    {0},
};
