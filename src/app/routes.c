// SPDX-License-Identifier: AGPL-3.0-or-later
// `doorstep routes`: every page and who may use it, out of the tables the server itself runs on.
#include "base/base.h"
#include "app/app.h"
#include "app/slices.h"
#include "base/json.h"

static void put_roles(struct json *j, unsigned who)
{
    json_key(j, "who");
    json_open(j, '[');
    for (int i = 0; i < ROLE_COUNT; i++)
        if (who & MAY(i))
            json_str(j, str_c(role_word((enum role)i)));
    json_close(j, ']');
}

static const char *method_word(const struct route *r)
{
    return r->method == GET ? "GET" : "POST";
}

static void put_flag(struct json *j, const char *name, const struct route *r, unsigned flag)
{
    json_key(j, name);
    json_bool(j, r->flags & flag);
}

static void put_route(struct json *j, const struct route *r)
{
    json_open(j, '{');
    json_kv_str(j, "method", str_c(method_word(r)));
    json_kv_str(j, "path", str_c(r->path));
    put_roles(j, r->who);
    json_kv_str(j, "help", str_c(r->help));
    json_kv_str(j, "sample", str_c(r->sample));
    json_key(j, "fields");
    json_open(j, '[');
    for (const struct field *f = r->fields; f && f->name; f++)
        json_str(j, str_c(f->name));
    json_close(j, ']');
    put_flag(j, "cached", r, ROUTE_CACHED);
    put_flag(j, "reads_only", r, ROUTE_READS_ONLY);
    put_flag(j, "device", r, ROUTE_DEVICE);
    put_flag(j, "before_setup", r, ROUTE_BEFORE_SETUP);
    put_flag(j, "heavy", r, ROUTE_HEAVY);
    put_flag(j, "upload", r, ROUTE_UPLOAD);
    json_close(j, '}');
}

static void routes_json(struct buf *b)
{
    struct json j;
    json_init(&j, b);
    json_open(&j, '[');
    for (int t = 0; all_routes[t]; t++)
        for (const struct route *r = all_routes[t]; r->path; r++)
            put_route(&j, r);
    json_close(&j, ']');
    buf_byte(b, '\n');
}

static void markdown_row(struct buf *b, const struct route *r)
{
    buf_fmt(b, "| %s | `%s` | %s |", method_word(r), r->path, r->help);
    for (int i = 0; i < ROLE_COUNT; i++)
        buf_c(b, r->who & MAY(i) ? " yes |" : " – |");
    buf_byte(b, '\n');
}

static void routes_markdown(struct buf *b)
{
    buf_c(b,
          "# Who may do what\n\n"
          "Made by `doorstep routes --format markdown` from the tables the server runs on; a test "
          "holds this page\nto them, and another asks for every page as every kind of person "
          "(`tests/flow/permissions.test.mjs`).\n\n"
          "Whoever may not gets the page “You may not see this” (403); somebody who is not "
          "signed in is led to\nsigning in. A form (POST) needs, besides the role, the token of "
          "the page it stands on, except where it\nchanges nothing.\n\n| | Address | What |");
    for (int i = 0; i < ROLE_COUNT; i++)
        buf_fmt(b, " %s |", role_title((enum role)i));
    buf_c(b, "\n|---|---|---|");
    for (int i = 0; i < ROLE_COUNT; i++)
        buf_c(b, "---|");
    buf_byte(b, '\n');
    for (int t = 0; all_routes[t]; t++)
        for (const struct route *r = all_routes[t]; r->path; r++)
            markdown_row(b, r);
}

err routes_run(struct cli *c)
{
    str format = cli_option(c, "--format");
    struct buf b;
    buf_init(&b, c->a, 4 << 20);
    if (str_is_none(format) || str_eq(format, STR("json")))
        routes_json(&b);
    else if (str_eq(format, STR("markdown")))
        routes_markdown(&b);
    else
        return cli_misuse(c, "--format takes one of json|markdown here.");
    fprintf(c->out, "%" PRIstr, ARGstr(buf_text(&b)));
    return NULL;
}
