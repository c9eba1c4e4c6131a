// SPDX-License-Identifier: AGPL-3.0-or-later
// The commands and routes that belong to the program as a whole.
#include "base/base.h"
#include "app/app.h"
#include "place/place.h"

static err help_run(struct cli *c)
{
    if (c->n_args == 0) {
        help_all(c->out);
        return NULL;
    }
    char *words[8];
    int n = 0, used;
    for (; n < c->n_args && n < 8; n++)
        words[n] = (char *)(uintptr_t)str_z(c->a, c->arg[n]);
    const struct command *cmd = command_find(n, words, &used);
    if (!cmd)
        return cli_misuse(c, "There is no command `%s`. `doorstep help` lists them.", words[0]);
    help_one(c->out, cmd);
    return NULL;
}

static err man_run(struct cli *c)
{
    help_man(c->out);
    return NULL;
}

static err completion_run(struct cli *c)
{
    help_completion(c->out);
    return NULL;
}

static err health_get(struct req *r)
{
    struct db_tx *tx;
    struct zone z;
    bool found;
    TRY(req_public(r, &tx));
    TRY(zone_now(tx, r->a, &z, &found)); // the database answers
    req_file(r, "text/plain; charset=utf-8", STR_NONE);
    r->no_store = true;
    buf_c(&r->out, "ok\n");
    return NULL;
}

const struct route app_routes[] = {
    {GET, "/health", MAY_EVERYONE, health_get, NULL, "Tell a monitor that all is well",
     ROUTE_BEFORE_SETUP, 0, NULL},
    {0},
};

static const struct cmd_option routes_options[] = {
    {"--format", "json|markdown", "how to print it"},
    {0},
};

static const struct cmd_option serve_options[] = {
    {"--listen", "ADDRESS:PORT", "where to listen (127.0.0.1:8080)"},
    {"--origin", "https://NAME", "the address people use, behind a proxy that does TLS"},
    {"--source-url", "https://PAGE",
     "where you offer the source of this program (/source links it)"},
    {"--test-languages", NULL, "also offer two languages nobody speaks, to test pages with"},
    {"--state", "FOLDER", "where uploads are kept (FILE.files)"},
    {0},
};

const struct command app_commands[] = {
    {"serve", NULL, serve_options,
     "Run the web server.\nStops at Ctrl-C or SIGTERM, after finishing what is being done.",
     CMD_MAKES, serve_run},
    {"help", "[COMMAND]", NULL, "Tell how a command is used.", CMD_NO_DB, help_run},
    {"man", NULL, NULL, "Print the manual page.", CMD_NO_DB, man_run},
    {"completion", NULL, NULL, "Print the completion script for bash.", CMD_NO_DB, completion_run},
    {"routes", NULL, routes_options, "List every page and who may use it.", CMD_NO_DB, routes_run},
    {0},
};
