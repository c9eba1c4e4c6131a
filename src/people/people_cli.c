// SPDX-License-Identifier: AGPL-3.0-or-later
// doorstep user add|list|disable|reopen
#include "base/base.h"
#include "people/people.h"
#include "store/audit.h"
#include "store/command.h"

#include <stdio.h>

static const struct actor operator= {.role = ROLE_COORDINATOR, .name = {"command line", 12}};

struct adding {
    struct account_new who;
    str hash;
    int64_t now_ms;
};

static err add_write(struct db_tx *tx, void *ctx)
{
    struct adding *s = ctx;
    account_id id;
    TRY(account_add(tx, &s->who, s->hash, s->now_ms, &id));
    return audit_add(tx, s->now_ms, &operator, STR("account added"),
                     str_fmt(tx->a, "account:%lld", (long long)id.v), STR("command line"));
}

static str read_line(struct arena *a, FILE *in)
{
    char line[512];
    if (!fgets(line, sizeof line, in))
        return STR("");
    size_t n = strcspn(line, "\r\n");
    return str_copy(a, (str){line, n});
}

// The password for an account: the one typed in when that was asked for, else one made here.
static err get_password(struct cli *c, struct adding *s, bool *ret_made)
{
    *ret_made = !cli_flag(c, "--password-stdin");
    s->who.password = *ret_made ? random_token(&c->random, c->a, 12) : read_line(c->a, c->in);
    const char *weak =
        *ret_made ? NULL : password_weakness(s->who.password, s->who.login, s->who.name);
    return weak ? err_new(c->a, ERR_INVALID, "%s", weak)
                : password_hash(c->a, s->who.password, &s->hash);
}

static void tell_password(struct cli *c, const struct adding *s)
{
    fprintf(c->out, "The password of %" PRIstr " is %" PRIstr "\n", ARGstr(s->who.login),
            ARGstr(s->who.password));
}

static err add_run(struct cli *c)
{
    str login = cli_option(c, "--login"), name = cli_option(c, "--name"),
        role = cli_option(c, "--role");
    struct adding s = {.who = {.login = login, .name = name}, .now_ms = clock_now(&c->clock)};
    if (!login.n || !name.n || !role.n)
        return cli_misuse(c, "user add needs --login, --name and --role.");
    if (!role_parse(role, &s.who.role) || s.who.role == ROLE_PUBLIC)
        return cli_misuse(c,
                          "--role takes coordinator, outreach, evaluator, partner, police, panel "
                          "or resident.");
    bool made;
    TRY(get_password(c, &s, &made));
    TRY(db_write(c->db, c->a, add_write, &s));
    if (made)
        tell_password(c, &s);
    return NULL;
}

static err list_run(struct cli *c)
{
    struct db_tx *tx;
    struct account *v = NULL;
    size_t n = 0;
    TRY(db_read(c->db, c->a, &tx));
    err e = account_list(tx, &operator, c->a, &v, &n);
    db_read_end(tx);
    for (size_t i = 0; i < n && !e; i++)
        fprintf(c->out, "%-24" PRIstr " %-22s %" PRIstr "%s\n", ARGstr(v[i].login),
                role_title(v[i].role), ARGstr(v[i].name), v[i].disabled ? " (closed)" : "");
    return e;
}

static err disable_write(struct db_tx *tx, void *ctx)
{
    struct adding *s = ctx;
    struct account who;
    str hash;
    bool found;
    TRY(account_by_login(tx, tx->a, s->who.login, &who, &hash, &found));
    TRY(account_disable(tx, s->who.login, s->now_ms)); // which says so when there is none
    return audit_add(tx, s->now_ms, &operator, STR("account closed"),
                     str_fmt(tx->a, "account:%lld", (long long)who.id.v), STR("command line"));
}

static err disable_run(struct cli *c)
{
    struct adding s = {.who.login = c->arg[0], .now_ms = clock_now(&c->clock)};
    return db_write(c->db, c->a, disable_write, &s);
}

static err reopen_write(struct db_tx *tx, void *ctx)
{
    struct adding *s = ctx;
    account_id id;
    TRY(account_reopen(tx, &operator, s->who.login, s->hash, &id));
    return audit_add(tx, s->now_ms, &operator, STR("account opened again"),
                     str_fmt(tx->a, "account:%lld", (long long)id.v), STR("command line"));
}

static err reopen_run(struct cli *c)
{
    struct adding s = {.who.login = c->arg[0], .now_ms = clock_now(&c->clock)};
    bool made;
    TRY(get_password(c, &s, &made));
    TRY(db_write(c->db, c->a, reopen_write, &s));
    if (made)
        tell_password(c, &s);
    return NULL;
}

static const struct cmd_option reopen_options[] = {
    {"--password-stdin", NULL, "read the new password from standard input; otherwise one is made"},
    {0},
};

static const struct cmd_option add_options[] = {
    {"--login", "NAME", "what they sign in with"},
    {"--name", "NAME", "what they are called"},
    {"--role", "ROLE", "coordinator, outreach, evaluator, partner, police, panel or resident"},
    {"--password-stdin", NULL, "read the password from standard input; otherwise one is made"},
    {0},
};

const struct command people_commands[] = {
    {"user add", NULL, add_options, "Add a staff account.", CMD_MAKES, add_run},
    {"user list", NULL, NULL, "List the staff accounts.", CMD_READS, list_run},
    {"user disable", "LOGIN", NULL, "Close an account and sign it out everywhere.", CMD_WRITES,
     disable_run},
    {"user reopen", "LOGIN", reopen_options,
     "Open a closed account again, with a new password.\n"
     "The way in for a last coordinator who has forgotten theirs: disable, then reopen.",
     CMD_WRITES, reopen_run},
    {0},
};
