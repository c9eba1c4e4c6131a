// SPDX-License-Identifier: AGPL-3.0-or-later
// The command line: which command, with which options, on which database.
// Exit status: 0 done, 1 the world said no (one sentence on standard error), 2 wrong use.
#include "base/base.h"
#include "app/app.h"
#include "app/forward.h"
#include "app/slices.h"

#include <stdlib.h>
#include <unistd.h>

// "import areas" against argv[0] = "import", argv[1] = "areas"; the longest name wins.
static int words_that_fit(const char *name, int argc, char **argv)
{
    str rest = str_c(name), word;
    int n = 0;
    while (str_next(&rest, ' ', &word)) {
        if (n >= argc || !str_eq(str_c(argv[n]), word))
            return 0;
        n++;
    }
    return n;
}

const struct command *command_find(int argc, char **argv, int *ret_words)
{
    const struct command *best = NULL;
    *ret_words = 0;
    for (int t = 0; all_commands[t]; t++)
        for (const struct command *c = all_commands[t]; c->name; c++) {
            int n = words_that_fit(c->name, argc, argv);
            if (n > *ret_words) {
                *ret_words = n;
                best = c;
            }
        }
    return best;
}

static const struct cmd_option *option_find(const struct command *cmd, str name)
{
    for (const struct cmd_option *o = cmd->options; o && o->name; o++)
        if (str_eq(str_c(o->name), name))
            return o;
    return NULL;
}

static err parse_option(struct cli *c, char **argv, int argc, int *i)
{
    str word = str_c(argv[*i]);
    size_t eq = str_find_byte(word, '=');
    const struct cmd_option *o = option_find(c->command, str_slice(word, 0, eq));
    if (!o)
        return cli_misuse(c, "There is no option %.*s here. See `doorstep help %s`.", (int)eq,
                          word.p, c->command->name);
    str value = STR("");
    if (o->value && eq < word.n)
        value = str_slice(word, eq + 1, word.n);
    else if (o->value && *i + 1 < argc)
        value = str_c(argv[++*i]);
    else if (o->value)
        return cli_misuse(c, "%s needs a value: %s.", o->name, o->value);
    else if (eq < word.n)
        return cli_misuse(c, "%s takes no value.", o->name);
    if (c->n_given == COMMAND_OPTIONS_MAX)
        return cli_misuse(c, "Too many options.");
    c->given[c->n_given].option = o;
    c->given[c->n_given++].value = value;
    return NULL;
}

static err parse(struct cli *c, int argc, char **argv)
{
    bool only_args = false;
    for (int i = 0; i < argc; i++) {
        if (!only_args && strcmp(argv[i], "--") == 0)
            only_args = true;
        else if (!only_args && strncmp(argv[i], "--", 2) == 0)
            TRY(parse_option(c, argv, argc, &i));
        else if (c->n_args == COMMAND_ARGS_MAX)
            return cli_misuse(c, "Too many words.");
        else
            c->arg[c->n_args++] = str_c(argv[i]);
    }
    if (c->n_args == 0 && c->command->args && c->command->args[0] != '[')
        return cli_misuse(c, "Use: doorstep %s %s", c->command->name, c->command->args);
    if (c->n_args > 0 && !c->command->args)
        return cli_misuse(c, "doorstep %s takes no words, only options.", c->command->name);
    return NULL;
}

// What the command does to the database; a dry run only looks, whatever the command.
static enum cmd_db use_of(const struct cli *c)
{
    return c->command->db != CMD_NO_DB && cli_flag(c, "--dry-run") ? CMD_READS : c->command->db;
}

static err run_on_database(struct cli *c)
{
    enum cmd_db use = use_of(c);
    if (use == CMD_NO_DB || c->db)
        return c->command->run(c);
    struct db_opts o = {.where = c->where,
                        .create = use == CMD_MAKES,
                        .read_only = use == CMD_READS,
                        .clock = c->clock};
    TRY(db_open(c->a, &o, &c->db));
    err e = c->command->run(c);
    db_close(c->db);
    return e;
}

// --db and --help stand before or after the command; takes them out of argv.
static int take_global(int argc, char **argv, const char **where, bool *help)
{
    int n = 0;
    for (int i = 0; i < argc; i++) {
        if (strcmp(argv[i], "--db") == 0 && i + 1 < argc)
            *where = argv[++i];
        else if (strncmp(argv[i], "--db=", 5) == 0)
            *where = argv[i] + 5;
        else if (strcmp(argv[i], "--help") == 0)
            *help = true;
        else
            argv[n++] = argv[i];
    }
    return n;
}

static int report(struct cli *c, err e)
{
    if (!e)
        return 0;
    str text = err_is_misuse(e) ? e->cause->sentence : err_text(c->a, e);
    fprintf(c->says, "doorstep: %" PRIstr "\n", ARGstr(text));
    return err_is_misuse(e) ? 2 : 1;
}

static int run_command(struct arena *a, struct db *db, const struct command *cmd, const char *where,
                       int words, int argc, char **argv, FILE *in, FILE *out, FILE *says)
{
    struct cli *c = arena_new(a, struct cli);
    *c = (struct cli){.a = a,
                      .command = cmd,
                      .where = where,
                      .db = db,
                      .clock = clock_system,
                      .random = random_system,
                      .in = in,
                      .out = out,
                      .says = says,
                      .says_to_person = isatty(fileno(says))};
    err e = parse(c, argc, argv);
    bool forwarded = false;
    int status = 0;
    if (!e && !db && cmd->run != serve_run && (use_of(c) == CMD_WRITES || use_of(c) == CMD_MAKES))
        e = forward_command(a, where, argc + words, argv - words, &forwarded, &status);
    if (forwarded)
        return status;
    if (!e)
        e = run_on_database(c);
    if (!e && fflush(out) != 0)
        e = err_new(a, ERR_IO, "The output could not be written.");
    return report(c, e);
}

int app_run_on(struct db *db, const char *where, int argc, char **argv, FILE *in, FILE *out,
               FILE *says)
{
    int words;
    const struct command *cmd = command_find(argc, argv, &words);
    if (!cmd || (cmd->db != CMD_WRITES && cmd->db != CMD_MAKES) || cmd->run == serve_run) {
        fprintf(says, "doorstep: this command cannot be handed to the running Doorstep.\n");
        return 2;
    }
    struct arena a;
    arena_init(&a);
    int status = run_command(&a, db, cmd, where, words, argc - words, argv + words, in, out, says);
    arena_fini(&a);
    return status;
}

int app_main(int argc, char **argv, FILE *in, FILE *out, FILE *says)
{
    const char *env = getenv("DOORSTEP_DB"), *where = env && *env ? env : "./doorstep.db";
    bool help = false;
    int words, n = take_global(argc - 1, argv + 1, &where, &help);
    char **rest = argv + 1;
    if (n == 0 && !help) {
        help_all(says);
        return 2;
    }
    if (n > 0 && strcmp(rest[0], "--version") == 0) {
        fprintf(out, "doorstep %s\n", DOORSTEP_VERSION);
        return 0;
    }
    const struct command *cmd = command_find(n, rest, &words);
    if (help) {
        if (cmd)
            help_one(out, cmd);
        else
            help_all(out);
        return 0;
    }
    if (!cmd) {
        fprintf(says, "doorstep: there is no command `%s`. `doorstep help` lists them.\n", rest[0]);
        return 2;
    }
    struct arena a;
    arena_init(&a);
    int status = run_command(&a, NULL, cmd, where, words, n - words, rest + words, in, out, says);
    arena_fini(&a);
    return status;
}
