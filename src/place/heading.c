// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "place/heading.h"

// One row a kind: the word of the family, our word, and the words for a sentence.
static const struct {
    const char *family, *word, *words;
} kinds[AREA_KINDS] = {
    [AREA_NONE] = {"", "none", "no kind of area"},
    [AREA_OA] = {"oa", "oa", "output area"},
    [AREA_LSOA] = {"lsoa", "lsoa", "small area (LSOA)"},
    [AREA_MSOA] = {"msoa", "msoa", "middle-sized area (MSOA)"},
    [AREA_WARD] = {"wd", "ward", "ward"},
    [AREA_CED] = {"ced", "ced", "county electoral division"},
    [AREA_LAD] = {"lad", "lad", "district"},
    [AREA_CONSTITUENCY] = {"pcon", "constituency", "constituency"},
    [AREA_COUNTY] = {"cty", "county", "county"},
    [AREA_REGION] = {"rgn", "region", "region"},
    [AREA_COUNTRY] = {"ctry", "country", "country"},
};

// One row a spelling, folded, the preferred one of a column first; NN is a year.
static const struct {
    enum postcode_column column;
    const char *spelling;
} spellings[] = {
    // clang-format off
    {PC_POSTCODE, "pcds"}, {PC_POSTCODE, "pcd2"}, {PC_POSTCODE, "pcd"}, {PC_POSTCODE, "postcode"},
    {PC_INTRODUCED, "dointr"},
    {PC_TERMINATED, "doterm"},
    {PC_USER_TYPE, "usertype"}, {PC_USER_TYPE, "usrtypind"},
    {PC_EASTING, "oseast1m"}, {PC_EASTING, "east1m"},
    {PC_NORTHING, "osnrth1m"}, {PC_NORTHING, "north1m"},
    {PC_QUALITY, "osgrdind"},
    {PC_OA, "oaNN"}, {PC_OA, "oaNNcd"},
    {PC_LSOA, "lsoaNN"}, {PC_LSOA, "lsoaNNcd"},
    {PC_MSOA, "msoaNN"}, {PC_MSOA, "msoaNNcd"},
    {PC_WARD, "ward"}, {PC_WARD, "osward"}, {PC_WARD, "wdNNcd"},
    {PC_CED, "ced"}, {PC_CED, "cedNNcd"},
    {PC_LAD, "laua"}, {PC_LAD, "oslaua"}, {PC_LAD, "ladNNcd"},
    {PC_COUNTY, "cty"}, {PC_COUNTY, "oscty"}, {PC_COUNTY, "ctyNNcd"},
    {PC_COUNTRY, "ctry"}, {PC_COUNTRY, "ctryNNcd"},
    {PC_REGION, "rgn"}, {PC_REGION, "rgnNNcd"},
    {PC_CONSTITUENCY, "pcon"}, {PC_CONSTITUENCY, "pconNNcd"},
    {PC_IMD_RANK, "imd"}, {PC_IMD_RANK, "imdNNind"},
    {PC_LAT, "lat"},
    {PC_LONG, "long"},
    // nuts and itl hold region, ward or district codes depending on the issue
    {PC_IGNORED, "nuts"}, {PC_IGNORED, "nutsNNcd"}, {PC_IGNORED, "itl"}, {PC_IGNORED, "itlNNcd"},
    {PC_IGNORED, "streg"}, {PC_IGNORED, "calncv"}, {PC_IGNORED, "hlthau"}, {PC_IGNORED, "oshlthau"},
    {PC_IGNORED, "nhser"}, {PC_IGNORED, "eer"}, {PC_IGNORED, "teclec"}, {PC_IGNORED, "ttwa"},
    {PC_IGNORED, "ttwaNNcd"}, {PC_IGNORED, "pct"}, {PC_IGNORED, "park"}, {PC_IGNORED, "parish"},
    {PC_IGNORED, "parishNNcd"}, {PC_IGNORED, "parNNcd"}, {PC_IGNORED, "wzNN"},
    {PC_IGNORED, "wzNNcd"}, {PC_IGNORED, "ccg"}, {PC_IGNORED, "buaNN"}, {PC_IGNORED, "buaNNcd"},
    {PC_IGNORED, "buasdNN"}, {PC_IGNORED, "ruNNind"}, {PC_IGNORED, "rucNN"},
    {PC_IGNORED, "rucNNind"}, {PC_IGNORED, "urNNind"}, {PC_IGNORED, "oacNN"},
    {PC_IGNORED, "oacNNind"}, {PC_IGNORED, "lep1"}, {PC_IGNORED, "lep2"}, {PC_IGNORED, "lepNNcd1"},
    {PC_IGNORED, "lepNNcd2"}, {PC_IGNORED, "pfa"}, {PC_IGNORED, "pfaNNcd"}, {PC_IGNORED, "stp"},
    {PC_IGNORED, "icb"}, {PC_IGNORED, "icbNNcd"}, {PC_IGNORED, "sicbl"}, {PC_IGNORED, "sicblNNcd"},
    {PC_IGNORED, "nhserNNcd"}, {PC_IGNORED, "npark"}, {PC_IGNORED, "nparkNNcd"},
    {PC_IGNORED, "statsward"}, {PC_IGNORED, "casward"}, {PC_IGNORED, "hlthauNNcd"},
    {PC_IGNORED, "pcd7"}, {PC_IGNORED, "pcd8"},
    // clang-format on
};

const char *area_kind_word(enum area_kind k)
{
    ASSERT(k < AREA_KINDS);
    return kinds[k].word;
}

const char *area_kind_words(enum area_kind k)
{
    ASSERT(k < AREA_KINDS);
    return kinds[k].words;
}

enum area_kind area_kind_of(str word)
{
    for (int k = AREA_NONE + 1; k < AREA_KINDS; k++) {
        if (str_eq_nocase(word, str_c(kinds[k].word)) ||
            str_eq_nocase(word, str_c(kinds[k].family)))
            return (enum area_kind)k;
    }
    return AREA_NONE;
}

// How many bytes here say nothing: white space, quotes, byte order mark, no-break space.
static size_t idle_at(str s, size_t i)
{
    if (s.p[i] && strchr(" \t\r\n\v\f\"'", s.p[i]))
        return 1;
    str rest = str_slice(s, i, s.n);
    if (str_starts(rest, STR("\xef\xbb\xbf")))
        return 3;
    return str_starts(rest, STR("\xc2\xa0")) ? 2 : 0;
}

str heading_fold(struct arena *a, str heading)
{
    char *out = arena_alloc(a, heading.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < heading.n;) {
        size_t skip = idle_at(heading, i);
        if (skip == 0)
            out[n++] = heading.p[i++];
        i += skip;
    }
    for (size_t i = 0; i < n; i++)
        out[i] = out[i] >= 'A' && out[i] <= 'Z' ? (char)(out[i] - 'A' + 'a') : out[i];
    return (str){out, n};
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

// Two digits at the start of s as a full year, or 0.
static int year_at(str s)
{
    if (s.n < 2 || !is_digit(s.p[0]) || !is_digit(s.p[1]))
        return 0;
    int yy = (s.p[0] - '0') * 10 + s.p[1] - '0';
    return yy < 70 ? 2000 + yy : 1900 + yy;
}

static bool role_of(str tail, enum heading_role *ret)
{
    if (str_ends(tail, STR("_active"))) // the code that holds today, beside the one of its time
        tail.n -= strlen("_active");
    if (str_eq(tail, STR("cd")))
        *ret = HEADING_CODE;
    else if (str_eq(tail, STR("nm")))
        *ret = HEADING_NAME;
    else if (str_eq(tail, STR("nmw")))
        *ret = HEADING_WELSH_NAME;
    else
        return false;
    return true;
}

bool heading_ons(str folded, struct heading *ret)
{
    for (int k = AREA_NONE + 1; k < AREA_KINDS; k++) {
        str family = str_c(kinds[k].family);
        if (!str_starts(folded, family))
            continue;
        str rest = str_slice(folded, family.n, folded.n);
        struct heading h = {.kind = (enum area_kind)k, .vintage = year_at(rest)};
        if (role_of(str_slice(rest, h.vintage ? 2 : 0, rest.n), &h.role)) {
            *ret = h;
            return true;
        }
    }
    return false;
}

// Does the folded heading fit the spelling? The year, if it has a slot for one, goes to *ret.
static bool fits(str folded, const char *spelling, int *ret_year)
{
    *ret_year = 0;
    if (strlen(spelling) != folded.n)
        return false;
    for (size_t i = 0; i < folded.n; i++) {
        if (spelling[i] == 'N') {
            *ret_year = year_at(str_slice(folded, i, folded.n));
            if (*ret_year == 0)
                return false;
            i++;
        } else if (spelling[i] != folded.p[i]) {
            return false;
        }
    }
    return true;
}

// The row of the table the heading fits, or -1.
static int spelling_of(str folded, int *ret_year)
{
    for (size_t i = 0; i < countof(spellings); i++) {
        if (fits(folded, spellings[i].spelling, ret_year))
            return (int)i;
    }
    return -1;
}

static struct postcode_match *standing(struct postcode_headings *h, enum postcode_column c,
                                       int year)
{
    for (size_t i = 0; i < h->n; i++) {
        if (h->match[i].column == c && h->match[i].vintage == year)
            return &h->match[i];
    }
    return NULL;
}

// false when the very same heading has been there before: that is nobody's column.
static bool take_match(struct postcode_headings *h, struct postcode_match m)
{
    struct postcode_match *old = standing(h, m.column, m.vintage);
    if (!old)
        h->match[h->n++] = m;
    else if (m.spelling < old->spelling)
        *old = m;
    return !old || m.spelling != old->spelling || m.at == old->at;
}

void postcode_headings_read(struct arena *a, const str *field, size_t n,
                            struct postcode_headings *ret)
{
    *ret = (struct postcode_headings){.match = arena_new_array(a, n, struct postcode_match),
                                      .unknown = arena_new_array(a, n, str)};
    for (size_t i = 0; i < n; i++) {
        int year = 0, row = spelling_of(heading_fold(a, field[i]), &year);
        if (row >= 0 && spellings[row].column == PC_IGNORED)
            continue;
        if (row < 0 ||
            !take_match(ret, (struct postcode_match){spellings[row].column, year, i, row}))
            ret->unknown[ret->n_unknown++] = field[i];
    }
}

// The match of that vintage, or the newest for 0.
static const struct postcode_match *find(const struct postcode_headings *h, enum postcode_column c,
                                         int vintage)
{
    const struct postcode_match *best = NULL;
    for (size_t i = 0; i < h->n; i++) {
        const struct postcode_match *m = &h->match[i];
        if (m->column != c || (vintage != 0 && m->vintage != vintage))
            continue;
        if (!best || m->vintage > best->vintage)
            best = m;
    }
    return best;
}

int64_t postcode_heading_at(const struct postcode_headings *h, enum postcode_column c, int vintage)
{
    const struct postcode_match *m = find(h, c, vintage);
    return m ? (int64_t)m->at : -1;
}

int postcode_heading_vintage(const struct postcode_headings *h, enum postcode_column c)
{
    const struct postcode_match *m = find(h, c, 0);
    return m ? m->vintage : 0;
}
