// SPDX-License-Identifier: AGPL-3.0-or-later
// doorstep init, doorstep zone …: the zone as configuration.
#include "base/base.h"
#include "base/json.h"
#include "place/area.h"
#include "place/place.h"
#include "store/audit.h"
#include "store/command.h"

#include <stdio.h>

static const struct actor operator= {.role = ROLE_COORDINATOR, .name = {"command line", 12}};

static err today_or(struct cli *c, const char *option, date otherwise, date *ret)
{
    str given = cli_option(c, option);
    *ret = otherwise;
    if (given.n && !date_parse(given, ret))
        return cli_misuse(c, "%s takes a day as YYYY-MM-DD.", option);
    return NULL;
}

// ---- init ---------------------------------------------------------------------------------------

struct making {
    struct zone zone;
    int64_t now_ms;
};

static err init_write(struct db_tx *tx, void *ctx)
{
    struct making *m = ctx;
    struct zone have;
    bool found;
    TRY(zone_now(tx, tx->a, &have, &found));
    if (found)
        return err_new(tx->a, ERR_CONFLICT,
                       "This database has a zone already: %" PRIstr ". Its coordinator changes it "
                       "in the browser.",
                       ARGstr(have.name));
    TRY(zone_set(tx, &m->zone, m->now_ms));
    return audit_add(tx, m->now_ms, &operator, STR("zone made"), STR("zone"), STR("command line"));
}

static err init_run(struct cli *c)
{
    struct making m = {.now_ms = clock_now(&c->clock)};
    str vision = cli_option(c, "--vision");
    m.zone.name = str_trim(cli_option(c, "--name"));
    m.zone.challenge = str_trim(cli_option(c, "--challenge"));
    m.zone.vision = str_is_none(vision) ? STR("") : str_trim(vision);
    if (!m.zone.name.n || !m.zone.challenge.n)
        return cli_misuse(c, "init needs --name and --challenge.");
    TRY(today_or(c, "--starts", DATE_NONE, &m.zone.starts));
    TRY(db_write(c->db, c->a, init_write, &m));
    fprintf(c->out,
            "The zone %" PRIstr " is made. Next: doorstep import areas FILE, then doorstep zone "
            "set-areas CODE…\n",
            ARGstr(m.zone.name));
    return NULL;
}

// ---- zone set-areas -----------------------------------------------------------------------------

struct setting {
    const str *code;
    size_t n;
    date from;
    int64_t now_ms;
};

// All codes nobody has, not only the first.
static err check_codes(struct db_tx *tx, const struct setting *s)
{
    str missing = STR("");
    int n = 0;
    for (size_t i = 0; i < s->n; i++) {
        struct area one;
        bool found;
        TRY(area_find(tx, tx->a, s->code[i], &one, &found));
        if (found && one.drawn)
            continue;
        missing = str_fmt(tx->a, "%" PRIstr "%s%" PRIstr, ARGstr(missing), n++ ? ", " : "",
                          ARGstr(s->code[i]));
    }
    if (n == 0)
        return NULL;
    return err_new(tx->a, ERR_NOT_FOUND,
                   "No area has the code%s %" PRIstr ". Import %s borders first; nothing has "
                   "changed.",
                   n > 1 ? "s" : "", ARGstr(missing), n > 1 ? "their" : "its");
}

static err set_write(struct db_tx *tx, void *ctx)
{
    struct setting *s = ctx;
    TRY(check_codes(tx, s));
    TRY(zone_set_areas(tx, s->code, s->n, s->from, s->now_ms));
    return audit_add(tx, s->now_ms, &operator, STR("zone areas set"), STR("zone"),
                     STR("command line"));
}

static err set_areas_run(struct cli *c)
{
    struct setting s = {c->arg, (size_t)c->n_args, DATE_NONE, clock_now(&c->clock)};
    str *code = arena_new_array(c->a, s.n, str);
    for (size_t i = 0; i < s.n; i++)
        code[i] = str_upper(c->a, str_trim(c->arg[i]));
    s.code = code;
    TRY(today_or(c, "--from", date_of_ms(s.now_ms), &s.from));
    TRY(db_write(c->db, c->a, set_write, &s));
    fprintf(c->out, "From %" PRIstr " the zone is made of %zu area%s.\n",
            ARGstr(date_words(c->a, s.from)), s.n, s.n == 1 ? "" : "s");
    return NULL;
}

// ---- zone show ----------------------------------------------------------------------------------

struct shown {
    struct zone zone;
    bool found;
    struct zone_area *area;
    str *name;
    size_t n;
};

static err read_zone(struct cli *c, struct db_tx *tx, date on, struct shown *ret)
{
    TRY(zone_now(tx, c->a, &ret->zone, &ret->found));
    TRY(zone_areas(tx, c->a, on, &ret->area, &ret->n));
    ret->name = arena_new_array(c->a, ret->n, str);
    for (size_t i = 0; i < ret->n; i++) {
        const struct zone_area *z = &ret->area[i];
        struct area one;
        bool found;
        TRY(area_find_in(tx, c->a, z->kind, z->vintage, z->code, &one, &found));
        ret->name[i] = found ? one.name : z->code;
    }
    return NULL;
}

static void show_text(struct cli *c, const struct shown *s)
{
    const struct zone *z = &s->zone;
    fprintf(c->out, "%" PRIstr "%s\n%" PRIstr "\n", ARGstr(z->name),
            z->demonstration ? " (demonstration data)" : "", ARGstr(z->challenge));
    if (z->vision.n)
        fprintf(c->out, "%" PRIstr "\n", ARGstr(z->vision));
    if (!date_is_none(z->starts))
        fprintf(c->out, "Starts %" PRIstr ".\n", ARGstr(date_words(c->a, z->starts)));
    if (s->n == 0)
        fprintf(c->out, "It has no areas yet: doorstep zone set-areas CODE…\n");
    for (size_t i = 0; i < s->n; i++)
        fprintf(c->out, "  %" PRIstr "  %" PRIstr " (%" PRIstr " %lld), since %" PRIstr "\n",
                ARGstr(s->area[i].code), ARGstr(s->name[i]), ARGstr(s->area[i].kind),
                (long long)s->area[i].vintage, ARGstr(date_words(c->a, s->area[i].from)));
}

static void show_json(struct cli *c, const struct shown *s)
{
    struct buf b;
    struct json j;
    buf_init(&b, c->a, 4 << 20);
    json_init(&j, &b);
    json_open(&j, '{');
    json_kv_str(&j, "name", s->zone.name);
    json_kv_str(&j, "challenge", s->zone.challenge);
    json_kv_str(&j, "vision", s->zone.vision);
    json_kv_str(&j, "starts", date_iso(c->a, s->zone.starts));
    json_key(&j, "demonstration");
    json_bool(&j, s->zone.demonstration);
    json_key(&j, "areas");
    json_open(&j, '[');
    for (size_t i = 0; i < s->n; i++) {
        json_open(&j, '{');
        json_kv_str(&j, "code", s->area[i].code);
        json_kv_str(&j, "name", s->name[i]);
        json_kv_str(&j, "kind", s->area[i].kind);
        json_kv_i64(&j, "vintage", s->area[i].vintage);
        json_kv_str(&j, "from", date_iso(c->a, s->area[i].from));
        json_close(&j, '}');
    }
    json_close(&j, ']');
    json_close(&j, '}');
    fprintf(c->out, "%" PRIstr "\n", ARGstr(buf_text(&b)));
}

static err show_run(struct cli *c)
{
    struct shown s = {0};
    struct db_tx *tx;
    str format;
    date on;
    TRY(cli_format(c, "text|json", &format));
    TRY(today_or(c, "--on", date_of_ms(clock_now(&c->clock)), &on));
    TRY(db_read(c->db, c->a, &tx));
    err e = read_zone(c, tx, on, &s);
    db_read_end(tx);
    TRY(e);
    if (!s.found)
        return err_new(c->a, ERR_NOT_FOUND,
                       "There is no zone yet. Make one: doorstep init --name … --challenge …");
    (str_eq(format, STR("json")) ? show_json : show_text)(c, &s);
    return NULL;
}

static const struct cmd_option init_options[] = {
    {"--name", "TEXT", "what the zone is called"},
    {"--challenge", "TEXT", "the shared question: \"How might we …?\""},
    {"--vision", "TEXT", "what it is to lead to"},
    {"--starts", "YYYY-MM-DD", "the day the programme starts"},
    {0},
};

static const struct cmd_option set_options[] = {
    {"--from", "YYYY-MM-DD", "since when (today)"},
    {0},
};

static const struct cmd_option show_options[] = {
    {"--on", "YYYY-MM-DD", "the areas of that day (today)"},
    {"--format", "text|json", "how to print it"},
    {0},
};

const struct command place_commands[] = {
    {"init", NULL, init_options, "Make an empty zone.", CMD_MAKES, init_run},
    {"zone set-areas", "CODE…", set_options,
     "Say which areas make the zone from a day on.\nAreas not named end on that day; the history "
     "is kept.",
     CMD_WRITES, set_areas_run},
    {"zone show", NULL, show_options, "Show the zone and its areas.", CMD_READS, show_run},
    {0},
};
