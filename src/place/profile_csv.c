// SPDX-License-Identifier: AGPL-3.0-or-later
// The figures of a profile as a table to download, and what its columns mean (CSVW). Columns are
// data: the table and its description are made from one list.
// Source: RFC 4180; W3C, Model for Tabular Data and Metadata on the Web; W3C, Metadata Vocabulary
// for Tabular Data.
#include "base/base.h"
#include "base/csv.h"
#include "base/json.h"
#include "place/profile.h"

struct cell {
    const struct profile *p;
    const struct small_area *s;
    int edition;
    enum domain domain;
    struct arena *a;
};

static const struct reading *reading_in(const struct cell *c)
{
    return &c->s->reading[c->edition][c->domain];
}

static str number(const struct cell *c, int64_t v)
{
    return v ? str_fmt(c->a, "%lld", (long long)v) : STR("");
}

static str put_code(const struct cell *c)
{
    return c->s->code;
}
static str put_name(const struct cell *c)
{
    return c->s->name;
}
static str put_vintage(const struct cell *c)
{
    return number(c, c->s->vintage);
}
static str put_edition(const struct cell *c)
{
    return number(c, c->p->edition[c->edition].year);
}
static str put_domain(const struct cell *c)
{
    return str_c(domain_id(c->domain));
}
static str put_rank(const struct cell *c)
{
    return number(c, reading_in(c)->rank);
}
static str put_rank_of(const struct cell *c)
{
    return number(c, c->p->edition[c->edition].rank_of);
}
static str put_decile(const struct cell *c)
{
    return number(c, reading_in(c)->decile);
}
static str put_band(const struct cell *c)
{
    return number(c, reading_in(c)->band);
}

static str put_score(const struct cell *c)
{
    const struct reading *r = reading_in(c);
    struct buf b;
    struct json j;
    if (!r->score.has)
        return STR("");
    buf_init(&b, c->a, 64);
    json_init(&j, &b);
    json_f64(&j, r->score.v);
    return buf_text(&b);
}

static str put_status(const struct cell *c)
{
    static const char *const words[] = {"missing", "published", "suppressed"};
    return str_c(words[reading_in(c)->status]);
}

static const struct profile_source *source_in(const struct cell *c)
{
    static const struct profile_source none = {.title = {"", 0}};
    const struct reading *r = reading_in(c);
    return r->status == READING_ABSENT || r->source >= c->p->n_sources ? &none
                                                                       : &c->p->source[r->source];
}

static str put_source(const struct cell *c)
{
    return source_in(c)->title;
}
static str put_licence(const struct cell *c)
{
    return source_in(c)->licence;
}
static str put_attribution(const struct cell *c)
{
    return source_in(c)->attribution;
}

struct column {
    const char *name, *title, *datatype, *describes;
    bool required;
    str (*put)(const struct cell *c);
};

static const struct column columns[] = {
    {"area_code", "Area code", "string", "Code of the small area (LSOA).", true, put_code},
    {"area_name", "Area name", "string", "Its name.", true, put_name},
    {"area_vintage", "Area vintage", "gYear", "The census whose small areas it is one of.", true,
     put_vintage},
    {"edition", "Edition", "gYear", "The year of the Indices of Deprivation.", true, put_edition},
    {"domain", "Domain", "string",
     "What is measured. imd is the whole; names ending in _sub are parts of a domain.", true,
     put_domain},
    {"rank", "Rank", "integer", "1 is the most deprived small area of England.", false, put_rank},
    {"rank_of", "Rank of", "integer", "How many small areas the edition ranks.", false,
     put_rank_of},
    {"decile", "Decile", "integer", "1 is the most deprived tenth of England's small areas.", false,
     put_decile},
    {"band", "Band", "integer",
     "1: most deprived 10 %, 2: 10 to 20 %, 3: 20 to 30 %, 4: 30 to 50 %, 5: less deprived half.",
     false, put_band},
    {"score", "Score", "number",
     "As published. For income, employment, idaci and idaopi a share of people (unit: 1).", false,
     put_score},
    {"status", "Status", "string",
     "published; suppressed: not published; missing: not loaded. Never 0.", true, put_status},
    {"source", "Source", "string", "Title of the dataset.", false, put_source},
    {"licence", "Licence", "string", "Licence of the dataset.", false, put_licence},
    {"attribution", "Attribution", "string", "To be shown wherever the figure is shown.", false,
     put_attribution},
};

static void put_row(struct cell *c, struct buf *out)
{
    for (size_t i = 0; i < countof(columns); i++)
        csv_put(out, columns[i].put(c), i == 0);
    csv_end(out);
}

// An edition ranks the areas of one census; an area of another one is not missing from it.
static bool belongs(const struct cell *c)
{
    const struct edition *e = &c->p->edition[c->edition];
    if (e->vintage == c->s->vintage || !e->vintage)
        return true;
    for (int d = 0; d < DOMAIN_N; d++)
        if (c->s->reading[c->edition][d].status != READING_ABSENT)
            return true;
    return false;
}

static bool loaded_at_all(const struct profile *p, int edition, int domain)
{
    for (size_t i = 0; i < p->n_small; i++)
        if (p->small[i].reading[edition][domain].status != READING_ABSENT)
            return true;
    for (size_t i = 0; i < p->n_before; i++)
        if (p->before[i].reading[edition][domain].status != READING_ABSENT)
            return true;
    return false;
}

static void put_areas(const struct profile *p, const struct small_area *s, size_t n,
                      struct buf *out)
{
    struct arena scratch;
    arena_init(&scratch);
    for (size_t i = 0; i < n; i++) {
        for (int e = 0; e < p->n_editions; e++)
            for (int d = 0; d < DOMAIN_N; d++) {
                struct cell c = {p, &s[i], e, (enum domain)d, &scratch};
                if (loaded_at_all(p, e, d) && belongs(&c))
                    put_row(&c, out);
            }
        arena_reset(&scratch);
    }
    arena_fini(&scratch);
}

void profile_csv(const struct profile *p, struct buf *out)
{
    for (size_t i = 0; i < countof(columns); i++)
        csv_put(out, str_c(columns[i].name), i == 0);
    csv_end(out);
    put_areas(p, p->small, p->n_small, out);
    put_areas(p, p->before, p->n_before, out);
}

// ---- the description ----------------------------------------------------------------------------

static void put_column(struct json *j, const struct column *c)
{
    json_open(j, '{');
    json_kv_str(j, "name", str_c(c->name));
    json_kv_str(j, "titles", str_c(c->name));
    json_kv_str(j, "dc:title", str_c(c->title));
    json_kv_str(j, "dc:description", str_c(c->describes));
    json_kv_str(j, "datatype", str_c(c->datatype));
    json_kv_str(j, "null", STR(""));
    json_key(j, "required");
    json_bool(j, c->required);
    json_close(j, '}');
}

static void put_sources(struct json *j, const struct profile *p)
{
    json_key(j, "dc:source");
    json_open(j, '[');
    for (size_t i = 0; i < p->n_sources; i++) {
        const struct profile_source *s = &p->source[i];
        json_open(j, '{');
        json_kv_str(j, "dc:title", s->title);
        json_kv_str(j, "dc:publisher", s->publisher);
        json_kv_str(j, "dc:license", s->licence);
        json_kv_str(j, "dc:rights", s->attribution);
        json_kv_str(j, "dc:date", s->date);
        if (!str_is_none(s->url))
            json_kv_str(j, "dc:identifier", s->url);
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void put_schema(struct json *j)
{
    json_key(j, "tableSchema");
    json_open(j, '{');
    json_key(j, "columns");
    json_open(j, '[');
    for (size_t i = 0; i < countof(columns); i++)
        put_column(j, &columns[i]);
    json_close(j, ']');
    json_key(j, "primaryKey");
    json_open(j, '[');
    json_str(j, STR("area_code"));
    json_str(j, STR("area_vintage"));
    json_str(j, STR("edition"));
    json_str(j, STR("domain"));
    json_close(j, ']');
    json_close(j, '}');
}

void profile_csv_metadata(const struct profile *p, str url, struct buf *out)
{
    struct json j;
    json_init(&j, out);
    json_open(&j, '{');
    json_key(&j, "@context");
    json_open(&j, '[');
    json_str(&j, STR("http://www.w3.org/ns/csvw"));
    json_open(&j, '{');
    json_kv_str(&j, "@language", STR("en"));
    json_close(&j, '}');
    json_close(&j, ']');
    json_kv_str(&j, "url", url);
    json_kv_str(&j, "dc:title", p->area.name);
    json_kv_str(&j, "dc:description",
                STR("The Indices of Deprivation of each small area of the place, one row for each "
                    "area, domain and edition. Ranks of two editions must not be subtracted."));
    put_sources(&j, p);
    json_key(&j, "dialect");
    json_open(&j, '{');
    json_kv_str(&j, "encoding", STR("utf-8"));
    json_key(&j, "header");
    json_bool(&j, true);
    json_key(&j, "lineTerminators");
    json_open(&j, '[');
    json_str(&j, STR("\r\n"));
    json_close(&j, ']');
    json_close(&j, '}');
    put_schema(&j);
    json_close(&j, '}');
    buf_byte(out, '\n');
}
