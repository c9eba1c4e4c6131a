// SPDX-License-Identifier: AGPL-3.0-or-later
// doorstep profile, and the profile as JSON. Keys are stable: scripts depend on them.
#include "base/base.h"
#include "base/json.h"
#include "place/place.h"
#include "place/profile.h"
#include "store/command.h"

static void kv_count(struct json *j, const char *key, bool known, int64_t n)
{
    json_key(j, key);
    if (known)
        json_i64(j, n);
    else
        json_none(j);
}

static void put_area(struct json *j, const struct profile_area *m)
{
    json_key(j, "area");
    json_open(j, '{');
    json_kv_str(j, "code", m->code);
    json_kv_str(j, "name", m->name);
    json_kv_str(j, "kind", m->kind);
    kv_count(j, "vintage", !m->is_zone, m->vintage);
    json_kv_str(j, "parent", m->parent_code);
    json_close(j, '}');
}

static void put_people(struct json *j, const struct profile_people *p)
{
    json_key(j, "population");
    json_open(j, '{');
    kv_count(j, "total", p->known, p->total);
    kv_count(j, "year", p->known, p->year);
    json_key(j, "bands");
    json_open(j, '[');
    for (int b = 0; b < AGE_BANDS && p->known; b++) {
        json_open(j, '{');
        json_kv_str(j, "band", str_c(age_band_id[b]));
        json_kv_i64(j, "n", p->band[b]);
        json_close(j, '}');
    }
    json_close(j, ']');
    json_close(j, '}');
}

static void put_reading(struct json *j, const struct edition *e, int d, const struct reading *r)
{
    json_open(j, '{');
    json_kv_str(j, "id", str_c(domain_id((enum domain)d)));
    json_kv_i64(j, "vintage", e->year);
    kv_count(j, "rank", r->rank > 0, r->rank);
    kv_count(j, "rank_of", e->rank_of > 0, e->rank_of);
    kv_count(j, "decile", r->decile > 0, r->decile);
    json_key(j, "score");
    if (r->score.has)
        json_f64(j, r->score.v);
    else
        json_none(j);
    json_key(j, "published");
    json_bool(j, r->status == READING_PUBLISHED);
    json_close(j, '}');
}

// One entry for each domain and edition that is loaded; s may be NULL.
static void put_domains(struct json *j, const struct profile *p, const struct small_area *s)
{
    json_key(j, "domains");
    json_open(j, '[');
    for (int d = 0; d < DOMAIN_N && s; d++)
        for (int e = 0; e < p->n_editions; e++)
            if (s->reading[e][d].status != READING_ABSENT)
                put_reading(j, &p->edition[e], d, &s->reading[e][d]);
    json_close(j, ']');
}

static void put_coincide(struct json *j, bool known, const int n[THRESHOLDS])
{
    static const char *const key[THRESHOLDS] = {"10", "20", "30"};
    json_key(j, "coincide");
    json_open(j, '{');
    for (int k = 0; k < THRESHOLDS; k++)
        kv_count(j, key[k], known, n[k]);
    json_close(j, '}');
}

// In the newest edition that ranks the area: an area that is no more has an older one only.
static void put_own_coincide(struct json *j, const struct profile *p, const struct small_area *s)
{
    int e = 0;
    while (e < p->n_editions - 1 && !s->coincide[e].known)
        e++;
    put_coincide(j, s->coincide[e].known, s->coincide[e].n);
}

static const char *relation_word(enum link_relation r)
{
    static const char *const words[] = {NULL, "unchanged", "split", "merged", "irregular"};
    return words[r];
}

static void put_counted(struct json *j, const char *key, const struct counted *c)
{
    kv_count(j, key, c->status == COUNT_PUBLISHED || c->status == COUNT_SUMMED, c->n);
}

static void put_small(struct json *j, const struct profile *p, const struct small_area *s);

static void put_before(struct json *j, const struct profile *p, const struct small_area *s)
{
    json_key(j, "before");
    json_open(j, '[');
    for (size_t i = 0; i < s->n_before; i++)
        put_small(j, p, &p->before[s->before[i]]);
    json_close(j, ']');
}

static void put_small(struct json *j, const struct profile *p, const struct small_area *s)
{
    json_open(j, '{');
    json_kv_str(j, "code", s->code);
    json_kv_str(j, "name", s->name);
    json_kv_str(j, "kind", STR("lsoa"));
    json_kv_i64(j, "vintage", s->vintage);
    json_kv_str(j, "relation", str_c(relation_word((enum link_relation)s->relation)));
    put_counted(j, "people", &s->people);
    put_counted(j, "people_under_16", &s->children);
    put_domains(j, p, s);
    put_own_coincide(j, p, s);
    put_before(j, p, s);
    json_close(j, '}');
}

// The place is one small area, whose figures are its own.
static bool is_one(const struct profile *p)
{
    return str_eq(p->area.kind, STR("lsoa")) && p->n_small == 1;
}

static void put_children(struct json *j, const struct profile *p)
{
    json_key(j, "children");
    json_open(j, '[');
    for (size_t i = 0; i < p->n_small && !is_one(p); i++)
        put_small(j, p, &p->small[i]);
    for (size_t i = 0; i < p->n_children && is_one(p); i++) {
        json_open(j, '{');
        json_kv_str(j, "code", p->child[i].code);
        json_kv_str(j, "name", p->child[i].name);
        json_kv_str(j, "kind", p->child[i].kind);
        json_kv_i64(j, "vintage", p->child[i].vintage);
        json_close(j, '}');
    }
    json_close(j, ']');
}

void profile_json_sources(const struct profile *p, struct json *j)
{
    json_key(j, "sources");
    json_open(j, '[');
    for (size_t i = 0; i < p->n_sources; i++) {
        json_open(j, '{');
        json_kv_str(j, "title", p->source[i].title);
        json_kv_str(j, "licence", p->source[i].licence);
        json_kv_str(j, "date", p->source[i].date);
        json_kv_str(j, "publisher", p->source[i].publisher);
        json_kv_str(j, "attribution", p->source[i].attribution);
        json_close(j, '}');
    }
    json_close(j, ']');
}

void profile_json(const struct profile *p, struct buf *out)
{
    struct json j;
    json_init(&j, out);
    json_open(&j, '{');
    put_area(&j, &p->area);
    put_people(&j, &p->people);
    put_domains(&j, p, is_one(p) ? &p->small[0] : NULL);
    if (is_one(p))
        put_own_coincide(&j, p, &p->small[0]);
    else
        put_coincide(&j, p->n_small > 0 && p->n_editions > 0, p->facts.two_or_more);
    put_children(&j, p);
    profile_json_sources(p, &j);
    json_close(&j, '}');
    buf_byte(out, '\n');
}

// ---- the command --------------------------------------------------------------------------------

static err read_for(struct cli *c, struct profile *p)
{
    struct db_tx *tx;
    bool found = false;
    TRY(db_read_public(c->db, c->a, &tx));
    err e = profile_read(tx, c->a, c->arg[0], date_of_ms(clock_now(&c->clock)), p, &found);
    db_read_end(tx);
    if (e || found)
        return e;
    if (str_eq(c->arg[0], STR("zone")))
        return err_new(c->a, ERR_NOT_FOUND, "There is no zone yet. Make one with `doorstep init`.");
    return err_new(c->a, ERR_NOT_FOUND,
                   "No area has the code %" PRIstr ". `doorstep import list` tells what is loaded.",
                   ARGstr(c->arg[0]));
}

static err profile_run(struct cli *c)
{
    str format;
    struct buf out;
    TRY(cli_format(c, "text|json|csv", &format));
    if (c->n_args != 1)
        return cli_misuse(c, "doorstep profile takes one code, or the word zone.");
    struct profile *p = arena_new(c->a, struct profile);
    TRY(read_for(c, p));
    buf_init(&out, c->a, (size_t)256 << 20);
    if (str_eq(format, STR("json")))
        profile_json(p, &out);
    else if (str_eq(format, STR("csv")))
        profile_csv(p, &out);
    else
        profile_text(c->a, p, &out);
    if (out.full)
        return err_new(c->a, ERR_INVALID, "The profile is too long to print.");
    fwrite(out.p, 1, out.n, c->out);
    return NULL;
}

static const struct cmd_option profile_options[] = {
    {"--format", "text|json|csv",
     "text is for reading; csv has one row for each small area, domain "
     "and edition"},
    {0},
};

const struct command profile_commands[] = {
    {"profile", "CODE", profile_options,
     "Print what is known about an area: people, inequalities, crime, sources.\n"
     "CODE is the code of a ward, small area (LSOA), MSOA or district, or the word zone.\n"
     "\n"
     "An LSOA has one entry in `domains` for each domain and edition (vintage) of the Indices\n"
     "of Deprivation, and `coincide` tells how many of the seven main domains are among the\n"
     "most deprived 10, 20 and 30 % of England in the newest edition. The seven are income,\n"
     "employment, education, health, crime, barriers and living_environment: imd is the whole\n"
     "of them, idaci and idaopi are parts of income, and names ending in _sub are parts of a\n"
     "domain, so none of these counts. `children` are its output areas.\n"
     "\n"
     "A ward, an MSOA, a district and the zone have no ranks of their own: `domains` is empty,\n"
     "`children` holds their small areas with the domains of each, and `coincide` tells in how\n"
     "many of those two or more of the seven coincide. A small area that was split or merged\n"
     "between two censuses lists what it was under `before`.\n"
     "\n"
     "What is not published is null, with published false; it is never 0.",
     CMD_READS, profile_run},
    {0},
};
