// SPDX-License-Identifier: AGPL-3.0-or-later
// The profile of an area: everything public that Doorstep holds about one place, put together once
// for the page, the command line, the downloads, presenting and print. Multiple inequalities are
// its centre: which of the seven main domains of deprivation coincide in which small area.
//
// Words
//   small area  an LSOA, about 650 households: the unit of the Indices of Deprivation.
//   edition     the Indices of one year, ranked on the LSOAs of one census: 2019 ranks 32,844 LSOAs
//               of 2011, 2025 ranks 33,755 of 2021. Rank 1 is the most deprived of England.
//   band        1: the most deprived 10 % of England, 2: 10-20 %, 3: 20-30 %, 4: 30-50 %,
//               5: the less deprived half. Deciles 1, 2, 3, 4-5, 6-10. 0: no rank.
//   coincide    how many of the SEVEN MAIN domains (income, employment, education, health, crime,
//               barriers, living environment) of one small area lie in the most deprived 10, 20,
//               30 % of England. Children's and older people's income deprivation (idaci, idaopi)
//               are parts of income and the imd is the whole of the seven, so none of the three is
//               counted, nor is a sub-domain: that would count the same need twice.
//   before      a small area of the older edition's census that became others: split (S), merged
//               (M) or irregular (X). An unchanged one (U) keeps its code and stands in both
//               editions itself. Ranks of two editions are never subtracted, only their bands stand
//               side by side.
//   children    people aged 0 to 15. A 2011 count goes to 2021 as the rules say: U is copied, M is
//               added up, of S only the joint value is known, X never.
//
// A ward's and the zone's small areas are found by best fit (the ONS's choice of one ward for each
// LSOA), which is not the ward itself: area.best_fit says so, and a ward that is no LSOA's best fit
// has none and says that (NOTE_NO_BEST_FIT).
//
// Everything lives in the arena that was passed. Everything is public: no actor.
// Source: MHCLG, English Indices of Deprivation 2019 and 2025, technical reports; ONS, Exact fit
// lookup LSOA (2011) to LSOA (2021) with change indicator.
#ifndef PLACE_PROFILE_H
#define PLACE_PROFILE_H

#include "base/base.h"
#include "base/buf.h"
#include "base/date.h"
#include "base/ids.h"
#include "base/json.h"
#include "place/deprivation.h"
#include "place/memo.h"
#include "store/db.h"

struct area;
struct area_ref;

// ---- domains and editions -----------------------------------------------------------------------

// Indices into deprivation_domains[] (place/deprivation.h), which has their ids and titles; a test
// holds the two in step.
enum domain {
    DOMAIN_IMD,
    DOMAIN_INCOME, // the seven main domains: INCOME … LIVING
    DOMAIN_EMPLOYMENT,
    DOMAIN_EDUCATION,
    DOMAIN_HEALTH,
    DOMAIN_CRIME,
    DOMAIN_BARRIERS,
    DOMAIN_LIVING,
    DOMAIN_IDACI,
    DOMAIN_IDAOPI,
    DOMAIN_CHILDREN_SUB,
    DOMAIN_ADULT_SKILLS_SUB,
    DOMAIN_GEOGRAPHICAL_BARRIERS_SUB,
    DOMAIN_WIDER_BARRIERS_SUB,
    DOMAIN_INDOORS_SUB,
    DOMAIN_OUTDOORS_SUB,
    DOMAIN_N
};
enum { DOMAINS_MAIN = 7, DOMAINS_SHOWN = 10 }; // SHOWN: all but the sub-domains

static inline const char *domain_id(enum domain d)
{
    return deprivation_domains[d].id; // "living_environment", as in the store, JSON and CSV
}
static inline const char *domain_title(enum domain d)
{
    return deprivation_domains[d].title; // "Living environment", as on pages
}
static inline bool domain_is_main(enum domain d) // one of the seven that `coincide` counts
{
    return deprivation_domains[d].main;
}
const char *domain_short(enum domain d); // one word, for narrow columns: "Living"
const char *domain_means(enum domain d); // one plain sentence: what it measures

enum { BANDS = 5, EDITIONS_MAX = 3, THRESHOLDS = 3 };
extern const int threshold_percent[THRESHOLDS]; // 10, 20, 30

// An edition with figures in a profile.
struct edition {
    int64_t year;
    int64_t vintage; // of the LSOAs it ranks; 0 when the program does not know the edition
    int64_t rank_of; // how many of them; 0 when not known
};

int band_of_decile(int64_t decile); // 0 for anything that is no decile
const char *band_words(int band);   // "most deprived 10%"; band 0: "not published"

// ---- what is known about one small area ---------------------------------------------------------

enum reading_status {
    READING_ABSENT, // nothing loaded for this area, edition and domain: "not loaded"
    READING_PUBLISHED,
    READING_SUPPRESSED, // the row is there and holds neither rank nor decile: "not published"
};

struct reading {
    int32_t rank; // 0 unless published (or when only the decile was)
    uint8_t decile;
    uint8_t band;
    uint8_t status; // enum reading_status
    uint8_t source; // index into profile.source[], unless absent
    opt_f64 score;  // as published; rates are shares of 1
};

struct coincide {
    bool known;        // at least one of the seven is published
    int judged;        // how many of the seven are
    int n[THRESHOLDS]; // of those, in the most deprived 10, 20, 30 %
};

enum count_status {
    COUNT_NOT_KNOWN, // nothing loaded, or it cannot be told for this area
    COUNT_PUBLISHED,
    COUNT_SUMMED,   // added up from the areas it was merged from
    COUNT_JOINT,    // it holds for this area and its other halves together (split)
    COUNT_AT_LEAST, // a sum in which some are missing
};

struct counted {
    int64_t n;      // 0 when not known
    uint8_t status; // enum count_status
};

// How an area hangs together with those of the older edition's census.
enum link_relation {
    LINK_NONE,      // not known: no change table is loaded
    LINK_UNCHANGED, // U
    LINK_SPLIT,     // S: it is one part of what it was
    LINK_MERGED,    // M: it was made of several
    LINK_IRREGULAR, // X: no clean relation; nothing is carried over
};

struct small_area {
    area_id id; // for area_shape(); 0 when it is not drawn or known by name only
    str code, name;
    int64_t vintage;
    bool has_label;
    double lon, lat;                                // a point inside
    struct reading reading[EDITIONS_MAX][DOMAIN_N]; // by the index of profile.edition[]
    struct coincide coincide[EDITIONS_MAX];
    struct counted people, children;
    enum link_relation relation; // to the older census's areas
    bool moved;             // it kept its code (unchanged), and yet its border was drawn elsewhere
    const uint16_t *before; // indices into profile.before[], unless unchanged
    size_t n_before;
    const str *after; // of an area of an older census: the codes that it became
    size_t n_after;
};

// ---- what is known about the place as a whole ---------------------------------------------------

struct profile_area {
    str code, name, kind; // kind "zone" with code "zone", else area_kind_word()
    int64_t vintage;      // 0 for the zone
    str parent_code, parent_name, parent_kind; // none when not known
    str district_code, district_name;          // none when not known
    bool is_zone;
    bool best_fit; // the small areas were found by best fit
    str class;     // of a small area: rural or urban, as a lookup names it; or none
};

// A member of the zone, or a child of the area that is no small area itself (the zone's wards, an
// LSOA's output areas).
struct profile_child {
    str code, name, kind;
    int64_t vintage;
};

// How many small areas lie in the most deprived 10, 20, 30 %: in[k] of n. n counts the published.
struct share {
    int n, in[THRESHOLDS];
};
// in[k] / n in percent, -1 when n is 0.
double share_percent(const struct share *s, int k);

// One row of "here, the zone, the district, England". England's shares are 10, 20 and 30 % by
// construction and are not stored.
enum comparator { COMPARE_HERE, COMPARE_ZONE, COMPARE_DISTRICT, COMPARATORS };
struct comparison {
    bool known; // false: there is no zone, no district, or it is the place itself
    str code, name;
    int small_areas;
    struct share share[EDITIONS_MAX][DOMAIN_N];
};

// Small areas by band, then and now (index 0: no rank). Counted over the small areas of each
// edition's own census, so the two sums may differ where areas were split or merged.
struct band_count {
    int then[BANDS + 1], now[BANDS + 1];
};
struct profile_change {
    bool known;   // two editions are there
    int from, to; // indices into edition[]: the older, the newer
    struct band_count domain[DOMAIN_N];
    int unchanged, split, merged, irregular; // small areas of today by their relation
};

enum { AGE_BANDS = 8 };
extern const char *const age_band_id[AGE_BANDS];    // "0-4" … "80+"
extern const char *const age_band_words[AGE_BANDS]; // "0 to 4" … "80 and over"
enum { AGE_BANDS_CHILDREN = 3 };                    // the first three are the children, 0 to 15

struct profile_people {
    bool known;
    int64_t total, children;
    int64_t band[AGE_BANDS];
    int64_t year;    // of the estimate
    str period;      // "mid-2020"
    int64_t vintage; // of the areas it was counted on
    bool summed;     // added up from small areas
    int missing;     // small areas of the place whose people are not in the total
};

// Crime by month. A month that is not loaded is not known, which is not 0.
struct profile_month {
    int64_t month; // YYYYMM
    bool known;
    int64_t n;
    int areas_missing; // small areas of the place for which this month is not known
};
struct profile_crime_kind {
    str kind;
    int64_t n; // over the known months
};
struct profile_crime {
    bool known;
    struct profile_month *month; // every month from the first known to the last, oldest first
    size_t n_months;
    struct profile_crime_kind *kind; // most frequent first
    size_t n_kinds;
    int64_t total;
    int64_t unplaced; // rows of those months without a place, in the whole force
};

// One table of the census (or any loaded family of figures), added up over the small areas. Shares
// use the table's own total: totals of different tables differ, and are never mixed.
struct profile_figure {
    str title;
    double value;
    bool published; // false when a part of it is not published
};
struct profile_family {
    str family, title, unit, period;
    double total;
    struct profile_figure *figure;
    size_t n;
    int areas; // small areas that have it
};

struct profile_source {
    import_id import; // the first of it that was met
    str title, publisher, licence, attribution, url;
    str date; // the day or year the figures are of
};

enum note_kind {
    NOTE_BEST_FIT,       // the small areas were found by best fit; `codes` are theirs
    NOTE_NO_BEST_FIT,    // no LSOA has this ward as its best fit: there are no figures
    NOTE_NO_LOOKUP,      // no table is loaded that tells which small areas belong to this place
    NOTE_ZONE_EMPTY,     // the zone has no areas yet
    NOTE_SPLIT_MERGED,   // these codes were split or merged between the editions
    NOTE_IRREGULAR,      // these changed irregularly: nothing is carried over
    NOTE_BORDER_MOVED,   // these kept their codes, but their borders moved
    NOTE_NOT_PUBLISHED,  // a domain of these areas is suppressed
    NOTE_OTHER_VINTAGE,  // the people were counted on areas of another census
    NOTE_JOINT_PEOPLE,   // the people of these are known only together
    NOTE_PEOPLE_MISSING, // the total lacks the people of these
    NOTE_DECILES_ASIDE,  // two editions: bands side by side, never a difference of ranks
};
struct profile_note {
    enum note_kind kind;
    const str *codes; // what it is about; may be empty
    size_t n;
};
// The note as one or two plain English sentences.
str profile_note_words(struct arena *a, const struct profile_note *note);

// The facts of the sentence that somebody reads aloud; of the newest edition.
struct profile_most {
    int area;   // index into small[] of the area in which most of the seven coincide; -1: in none
    int n;      // how many do
    int shared; // how many areas share that number
};
struct profile_facts {
    int small_areas;
    int edition;                 // index, 0; -1 when there is none
    int two_or_more[THRESHOLDS]; // small areas in which two or more of the seven coincide
    // the children who live in those
    struct counted children_there[THRESHOLDS];
    struct profile_most most[THRESHOLDS];
};

struct profile {
    struct profile_area area;
    const struct area *self;       // as area_find() gives it; NULL for the zone
    const struct area_ref *larger; // what it is part of, as area_larger(); none for the zone
    size_t n_larger;
    struct profile_child *child;
    size_t n_children;

    struct edition edition[EDITIONS_MAX]; // those with figures here, newest first
    int n_editions;
    bool has_domain[DOMAIN_N]; // in any edition
    struct small_area *small;  // of the newest census, by code
    size_t n_small;
    struct small_area *before; // of the older census, only those not unchanged, by code
    size_t n_before;

    struct comparison compare[COMPARATORS];
    struct profile_change change;
    struct profile_people people;
    struct profile_crime crime;
    struct profile_family *family;
    size_t n_families;
    struct profile_source *source;
    size_t n_sources;
    struct profile_note *note;
    size_t n_notes;
    struct profile_facts facts;
};

// Reads it all. `code` is an area's code, or "zone". Of a code that several layers have the newest
// is taken, and both editions are read when it is unchanged. *ret_found is false when no layer has
// the code, or there is no zone yet.
MUST_USE err profile_read(struct db_tx *tx, struct arena *a, str code, date today,
                          struct profile *ret, bool *ret_found);
// The same, with what places share looked up in a memo first.
MUST_USE err profile_read_with(struct db_tx *tx, struct arena *a, str code, date today,
                               struct memo_at memo, struct profile *ret, bool *ret_found);

// ---- pure parts (profile.c), of their arguments only --------------------------------------------

// Adds ages ("12,9,…,30": one count per single year from 0, the last one open) to the bands. false,
// and nothing added, when it is no such list or has fewer than 81 counts.
MUST_USE bool ages_by_band(str ages, int64_t band[AGE_BANDS]);
// What a row of the store says, whose rank and decile may each be absent.
struct reading reading_of(opt_i64 rank, opt_i64 decile, opt_f64 score, const struct edition *e);
// Lays what a newer import says over an older one's, measure by measure: a file of ranks leaves the
// score that another gave. Rank and decile are one statement and stay a pair. A row that holds
// nothing at all is the publisher's word that nothing is published.
void reading_lay(struct reading *r, struct reading newer);
struct coincide coincide_count(const struct reading reading[DOMAIN_N]);
void share_add(struct share *s, const struct reading *r);
// From small[], before[] and edition[]: coincide, has_domain, change, facts, and the shares of
// COMPARE_HERE.
void profile_count(struct profile *p);

// ---- as JSON, CSV and text (profile_json.c, profile_csv.c, profile_text.c) ----------------------

void profile_json(const struct profile *p, struct buf *out);
// The member "sources" of an object that is open in `j`.
void profile_json_sources(const struct profile *p, struct json *j);
void profile_csv(const struct profile *p, struct buf *out);
void profile_csv_metadata(const struct profile *p, str url, struct buf *out);
void profile_text(struct arena *a, const struct profile *p, struct buf *out);

#endif
