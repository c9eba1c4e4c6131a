// SPDX-License-Identifier: AGPL-3.0-or-later
// The commands and routes that belong to the program as a whole.
#include "base/base.h"
#include "app/app.h"
#include "app/slices.h"
#include "base/json.h"
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

static void put_roles(struct json *j, unsigned who)
{
    json_key(j, "who");
    json_open(j, '[');
    for (int i = 0; i < ROLE_COUNT; i++)
        if (who & MAY(i))
            json_str(j, str_c(role_word((enum role)i)));
    json_close(j, ']');
}

err routes_run(struct cli *c)
{
    struct buf b;
    struct json j;
    buf_init(&b, c->a, 4 << 20);
    json_init(&j, &b);
    json_open(&j, '[');
    for (int t = 0; all_routes[t]; t++)
        for (const struct route *r = all_routes[t]; r->path; r++) {
            json_open(&j, '{');
            json_kv_str(&j, "method", r->method == GET ? STR("GET") : STR("POST"));
            json_kv_str(&j, "path", str_c(r->path));
            put_roles(&j, r->who);
            json_kv_str(&j, "help", str_c(r->help));
            json_kv_str(&j, "sample", str_c(r->sample));
            json_key(&j, "fields");
            json_open(&j, '[');
            for (const struct field *f = r->fields; f && f->name; f++)
                json_str(&j, str_c(f->name));
            json_close(&j, ']');
            json_key(&j, "cached");
            json_bool(&j, r->flags & ROUTE_CACHED);
            json_key(&j, "reads_only");
            json_bool(&j, r->flags & ROUTE_READS_ONLY);
            json_close(&j, '}');
        }
    json_close(&j, ']');
    fprintf(c->out, "%" PRIstr "\n", ARGstr(buf_text(&b)));
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

static const struct cmd_option serve_options[] = {
    {"--listen", "ADDRESS:PORT", "where to listen (127.0.0.1:8080)"},
    {"--origin", "https://NAME", "the address people use, behind a proxy that does TLS"},
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
    {"routes", NULL, (const struct cmd_option[]){{"--format", "json", "the only form"}, {0}},
     "List every page and who may use it.", CMD_NO_DB, routes_run},
    {0},
};
