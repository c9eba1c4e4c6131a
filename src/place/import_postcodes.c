// SPDX-License-Identifier: AGPL-3.0-or-later
// Postcodes: the ONS's postcode files (NSPL and ONSPD, of every issue), a plain Postcode,lat,long
// table, and tables whose codes somebody found by position.
//
// Speed matters here, a whole country is 2.7 million rows. Rows are read where they lie in the
// file; they are held back a few ten thousand at a time and written in the order of their key,
// because the files are sorted by the padded postcode ("AB1 0AA" before "AB10 1AA") while the
// table is sorted by the key without space. Repeated postcodes are looked for only when the file
// is in neither order.
#include "base/base.h"
#include "place/families.h"
#include "place/find.h"
#include "place/heading.h"
#include "place/import_position.h"
#include "place/postcode_order.h"
#include "place/postcodes_sql.h"

#include <stdlib.h>

enum { HELD_MAX = 32768, NO_GRID_REFERENCE = 9 };

// A row on its way to the table. Its texts lie in the file, its key in itself.
struct held {
    postcode pc;
    struct q_postcode_insert_in in;
};

struct ranked {
    uint64_t rank; // its key as a number: compares as the text does
    struct held *row;
};

struct counts {
    int64_t unplaced, terminated, large;
};

struct reading {
    struct import_job *job;
    struct table t;
    int postcode, introduced, terminated, user, quality;
    struct positions at;
    int oa, lsoa11, lsoa21, ward, district;
    bool guessed; // codes found by position
    struct counts n;
    struct postcode_order order;
    struct held *held;
    size_t n_held;
};

// ---- which column is what ---------------------------------------------------------------------

// "lsoa21_pip" and "ward25_pip": codes found by laying the point over boundaries.
static bool by_position(struct arena *a, str folded, struct heading *ret)
{
    if (!str_ends(folded, STR("_pip")))
        return false;
    str stem = str_slice(folded, 0, folded.n - 4);
    if (str_starts(stem, STR("ward")))
        stem = str_fmt(a, "wd%" PRIstr, ARGstr(str_slice(stem, 4, stem.n)));
    return heading_ons(str_fmt(a, "%" PRIstr "cd", ARGstr(stem)), ret);
}

static void find_guessed(struct reading *r)
{
    int newest = 0;
    for (size_t i = 0; i < r->t.n; i++) {
        struct heading h;
        if (!by_position(r->job->a, r->t.folded[i], &h))
            continue;
        if (h.kind == AREA_LSOA && h.vintage == 2011 && r->lsoa11 < 0)
            r->lsoa11 = (int)i;
        else if (h.kind == AREA_LSOA && h.vintage > newest && r->lsoa21 < 0)
            r->lsoa21 = (int)i, newest = h.vintage;
        else if (h.kind == AREA_WARD && r->ward < 0)
            r->ward = (int)i;
        else if (h.kind == AREA_LAD && r->district < 0)
            r->district = (int)i;
        else if (h.kind == AREA_OA && r->oa < 0)
            r->oa = (int)i;
        else
            continue;
        r->guessed = true;
        if (h.kind == AREA_LSOA && h.vintage > r->job->vintage)
            r->job->vintage = h.vintage;
    }
}

static void find_columns(struct reading *r)
{
    struct import_job *job = r->job;
    struct postcode_headings h;
    postcode_headings_read(job->a, r->t.heading, r->t.n, &h);
    const struct {
        int *at;
        enum postcode_column column;
    } want[] = {
        {&r->postcode, PC_POSTCODE},
        {&r->introduced, PC_INTRODUCED},
        {&r->terminated, PC_TERMINATED},
        {&r->user, PC_USER_TYPE},
        {&r->at.east, PC_EASTING},
        {&r->at.north, PC_NORTHING},
        {&r->quality, PC_QUALITY},
        {&r->at.lat, PC_LAT},
        {&r->at.lon, PC_LONG},
        {&r->oa, PC_OA},
        {&r->ward, PC_WARD},
        {&r->district, PC_LAD},
    };
    for (size_t i = 0; i < countof(want); i++)
        *want[i].at = (int)postcode_heading_at(&h, want[i].column, 0);
    int newest = postcode_heading_vintage(&h, PC_LSOA);
    r->lsoa11 = (int)postcode_heading_at(&h, PC_LSOA, 2011);
    r->lsoa21 = newest > 2011 ? (int)postcode_heading_at(&h, PC_LSOA, newest) : -1;
    job->vintage = newest;
    find_guessed(r);
}

static void tell_columns(struct reading *r)
{
    const struct {
        int at;
        const char *meaning;
    } told[] = {
        {r->postcode, "postcode"},
        {r->introduced, "month introduced"},
        {r->terminated, "month ended"},
        {r->user, "large user"},
        {r->at.east, "easting"},
        {r->at.north, "northing"},
        {r->quality, "quality of the position"},
        {r->at.lat, "latitude"},
        {r->at.lon, "longitude"},
        {r->oa, "output area"},
        {r->lsoa11, "small area (LSOA) of 2011"},
        {r->lsoa21, "small area (LSOA), newest"},
        {r->ward, "ward"},
        {r->district, "district"},
    };
    for (size_t i = 0; i < r->t.n; i++) {
        const char *meaning = NULL;
        for (size_t k = 0; k < countof(told); k++)
            if (told[k].at == (int)i)
                meaning = told[k].meaning;
        import_column(r->job, r->t.heading[i], meaning);
    }
    if (r->guessed)
        import_notice(
            r->job, 0, STR_NONE,
            "The area codes in this file were found by position; they are kept as a guess.");
}

static bool can_be_read(struct reading *r)
{
    struct import_job *job = r->job;
    bool degrees = r->at.lat >= 0 && r->at.lon >= 0, metres = r->at.east >= 0 && r->at.north >= 0;
    if (r->postcode < 0)
        import_problem(
            job, 1, STR_NONE,
            "No heading says which column holds the postcode (such as pcds or Postcode).");
    else if ((r->at.lat >= 0) != (r->at.lon >= 0))
        import_problem(job, 1, r->t.heading[r->at.lat >= 0 ? r->at.lat : r->at.lon],
                       "Latitude and longitude come in pairs, and one of the two is not there.");
    else if (!degrees && !metres && r->ward < 0 && r->lsoa11 < 0 && r->lsoa21 < 0)
        import_problem(job, 1, STR_NONE,
                       "There is neither a position (lat and long) nor an area code in this file.");
    else if (job->opts.district.n && r->district < 0)
        import_problem(job, 1, STR_NONE,
                       "This file has no column of district codes (laua, oslaua or ladNNcd), so it "
                       "cannot be cut to district %" PRIstr ".",
                       ARGstr(job->opts.district));
    else
        return true;
    return false;
}

// ---- cells ------------------------------------------------------------------------------------

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

// Northern Ireland's small areas of 2001 and 2011: "95GG17S1", "95GG17".
static bool is_irish_code(str s)
{
    bool ok = (s.n == 8 || s.n == 6) && str_starts(s, STR("95"));
    for (size_t i = 2; i < s.n && ok; i++)
        ok = is_digit(s.p[i]) || (s.p[i] >= 'A' && s.p[i] <= 'Z');
    return ok;
}

static str code_in(struct reading *r, int col)
{
    str code;
    bool missing;
    if (col < 0)
        return STR_NONE;
    if (is_irish_code(r->t.field[col]))
        return r->t.field[col];
    return table_code(r->job, &r->t, col, &code, &missing) && !missing ? code : STR_NONE;
}

// YYYYMM
static opt_i64 month_in(struct reading *r, int col)
{
    if (col < 0 || r->t.field[col].n == 0)
        return (opt_i64){0};
    str s = str_trim(r->t.field[col]);
    int64_t v = 0;
    if (is_missing(s))
        return (opt_i64){0};
    if (s.n == 6 && str_to_i64(s, &v) && v % 100 >= 1 && v % 100 <= 12 && v >= 190000)
        return some_i64(v);
    import_problem(r->job, r->t.row, r->t.heading[col],
                   "“%" PRIstr "” is not a month written as YYYYMM.", ARGstr(str_slice(s, 0, 40)));
    return (opt_i64){0};
}

static opt_i64 small_number_in(struct reading *r, int col, int64_t most)
{
    int64_t v;
    bool missing;
    if (col < 0 || !table_i64(r->job, &r->t, col, &v, &missing) || missing)
        return (opt_i64){0};
    if (v >= 0 && v <= most)
        return some_i64(v);
    import_problem(r->job, r->t.row, r->t.heading[col], "%lld is not between 0 and %lld.",
                   (long long)v, (long long)most);
    return (opt_i64){0};
}

// ---- positions --------------------------------------------------------------------------------

static bool is_irish(const postcode *pc)
{
    return pc->key[0] == 'B' && pc->key[1] == 'T';
}

// Eastings and northings of Northern Ireland count in the Irish Grid.
static bool position_of(struct reading *r, const postcode *pc, point *ret)
{
    r->at.irish = is_irish(pc);
    return position_read(&r->at, ret) == POSITION_READ;
}

// ---- rows -------------------------------------------------------------------------------------

static int by_rank(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    return (x->rank > y->rank) - (x->rank < y->rank);
}

static err write_held(struct reading *r)
{
    struct ranked *o = malloc((r->n_held + 1) * sizeof *o);
    ASSERT(o != NULL);
    for (size_t i = 0; i < r->n_held; i++)
        o[i] = (struct ranked){postcode_rank(&r->held[i].pc), &r->held[i]};
    qsort(o, r->n_held, sizeof *o, by_rank);
    err e = NULL;
    for (size_t i = 0; i < r->n_held && !e; i++) {
        struct held *h = o[i].row;
        h->in.key = postcode_key(&h->pc);
        e = q_postcode_insert(r->job->tx, &h->in);
    }
    free(o);
    r->n_held = 0;
    return e;
}

static bool wanted(const struct reading *r)
{
    return r->job->opts.district.n == 0 ||
           str_eq(str_trim(r->t.field[r->district]), r->job->opts.district);
}

static void take_codes(struct reading *r, struct q_postcode_insert_in *in)
{
    in->oa = code_in(r, r->oa);
    in->lsoa11 = code_in(r, r->lsoa11);
    in->lsoa21 = code_in(r, r->lsoa21);
    in->ward = code_in(r, r->ward);
    in->district = code_in(r, r->district);
}

static void take_rest(struct reading *r, const postcode *pc, struct q_postcode_insert_in *in)
{
    point p;
    in->import = r->job->id;
    in->introduced = month_in(r, r->introduced);
    in->terminated = month_in(r, r->terminated);
    in->large_user = small_number_in(r, r->user, 1);
    in->quality = r->guessed ? some_i64(POSTCODE_BY_POSITION)
                             : small_number_in(r, r->quality, NO_GRID_REFERENCE);
    bool placed = position_of(r, pc, &p);
    in->lat = placed ? some_f64(p.y) : (opt_f64){0};
    in->lon = placed ? some_f64(p.x) : (opt_f64){0};
    r->n.unplaced += !placed;
    r->n.terminated += in->terminated.has;
    r->n.large += in->large_user.v;
}

static err take_row(struct reading *r)
{
    struct held *h = &r->held[r->n_held];
    if (!wanted(r))
        return NULL;
    if (!postcode_parse(r->t.field[r->postcode], &h->pc)) {
        import_problem(r->job, r->t.row, r->t.heading[r->postcode],
                       "“%" PRIstr "” is not a postcode.",
                       ARGstr(str_slice(r->t.field[r->postcode], 0, 40)));
        return NULL;
    }
    postcode_order_watch(&r->order, &h->pc);
    take_codes(r, &h->in);
    take_rest(r, &h->pc, &h->in);
    r->job->rows_loaded++;
    if (!r->job->tx || ++r->n_held < HELD_MAX)
        return NULL;
    return write_held(r);
}

static void count_notice(struct import_job *job, int64_t n, const char *what)
{
    if (n > 0)
        import_notice(job, 0, STR_NONE, "%lld %s", (long long)n, what);
}

static void tell_counts(struct reading *r)
{
    struct import_job *job = r->job;
    count_notice(job, r->n.unplaced, "postcodes have no position; they are kept without one.");
    count_notice(job, r->n.terminated, "postcodes are no longer in use; they are kept and marked.");
    count_notice(job, r->n.large, "postcodes belong to one large user each.");
    positions_tell(&r->at);
    if (job->opts.district.n && job->rows_loaded == 0 && job->n_problems == 0)
        import_problem(job, 0, r->t.heading[r->district], "No row is of district %" PRIstr ".",
                       ARGstr(job->opts.district));
}

static err run(struct import_job *job)
{
    struct reading r = {.job = job};
    r.at = (struct positions){.job = job, .t = &r.t};
    bool ok, more;
    TRY(table_open(job, &r.t, &ok));
    if (!ok)
        return NULL;
    find_columns(&r);
    tell_columns(&r);
    if (!can_be_read(&r))
        return NULL;
    TRY(positions_begin(&r.at));
    r.held = arena_new_array(job->a, job->tx ? HELD_MAX : 1, struct held);
    for (;;) {
        TRY(table_next(job, &r.t, &more));
        if (!more)
            break;
        TRY(take_row(&r));
    }
    if (job->tx)
        return write_held(&r);
    if (!postcode_order_kept(&r.order))
        TRY(postcodes_twice(job, &r.t, r.postcode, job->opts.district.n ? r.district : -1));
    tell_counts(&r);
    return NULL;
}

static err undo(struct db_tx *tx, import_id id)
{
    return q_postcode_delete(tx, &(struct q_postcode_delete_in){id});
}

static int guess(struct import_job *job, const str *folded, size_t n)
{
    struct postcode_headings h;
    postcode_headings_read(job->a, folded, n, &h);
    bool degrees = postcode_heading_at(&h, PC_LAT, 0) >= 0,
         metres = postcode_heading_at(&h, PC_EASTING, 0) >= 0;
    if (postcode_heading_at(&h, PC_POSTCODE, 0) < 0 || (!degrees && !metres))
        return 0;
    // a list of schools has postcodes and positions as well, and much that we do not know
    return h.n_unknown * 2 <= n ? 90 : 30;
}

const struct import_family family_postcodes = {
    .name = "postcodes",
    .command = "postcodes",
    .title = "Postcodes and the areas they lie in",
    .hint = "the ONS's National Statistics Postcode Lookup (NSPL) or Postcode Directory (ONSPD): "
            "unpack the ZIP archive and choose, in its folder Data/multi_csv, the CSV that ends in "
            "the letters of your postcodes; the whole country, Data/NSPL_…_UK.csv, is for the "
            "command line",
    .source = {"Office for National Statistics", "National Statistics Postcode Lookup",
               "https://geoportal.statistics.gov.uk/", OGL,
               "Contains OS data © Crown copyright and database right. Contains Royal Mail data © "
               "Royal Mail copyright and database right. Contains National Statistics data © Crown "
               "copyright and database right."},
    .guess = guess,
    .run = run,
    .undo = undo,
};
