// SPDX-License-Identifier: AGPL-3.0-or-later
// What a column or a property is, told from its heading. The Office for National Statistics puts
// the year of a geography into the heading (LSOA11CD, LSOA21CD, wd25nm …) and changes it with every
// issue, so headings are matched by family and year slot, never by literal name: a year nobody has
// seen yet is accepted and handed on as the vintage.
#ifndef PLACE_HEADING_H
#define PLACE_HEADING_H

#include "base/base.h"
#include "base/str.h"

// Kinds of areas, from small to large within England and Wales.
enum area_kind {
    AREA_NONE,
    AREA_OA,           // output area, about 125 households
    AREA_LSOA,         // lower layer super output area, about 650 households
    AREA_MSOA,         // middle layer super output area
    AREA_WARD,         // electoral ward
    AREA_CED,          // county electoral division
    AREA_LAD,          // local authority district
    AREA_CONSTITUENCY, // of the UK Parliament
    AREA_COUNTY,
    AREA_REGION,
    AREA_COUNTRY,
    AREA_KINDS
};

// "lsoa": the word used on the command line, in the store and in links. NULL never.
const char *area_kind_word(enum area_kind k);
// "small area (LSOA)": the words used in sentences.
const char *area_kind_words(enum area_kind k);
// By its word ("lsoa", "ward", also the families' "wd", "cty", "ctry", "rgn", "pcon"); AREA_NONE
// when there is no such kind.
enum area_kind area_kind_of(str word);

// Lower case, without byte order mark, quotes, and white space anywhere (no-break space as well).
str heading_fold(struct arena *a, str heading);

enum heading_role { HEADING_CODE, HEADING_NAME, HEADING_WELSH_NAME };

struct heading {
    enum area_kind kind;
    int vintage; // full year; 0 when the heading names none (WDCD)
    enum heading_role role;
};

// Family matcher over a FOLDED heading: oa lsoa msoa wd lad cty ced ctry rgn pcon, then two digits
// or nothing, then cd, nm or nmw; then perhaps "_active". 70 to 99 are 19xx. false for all else.
MUST_USE bool heading_ons(str folded, struct heading *ret);

// --- postcode files: NSPL and ONSPD of every issue, and Postcode,lat,long ---

enum postcode_column {
    PC_POSTCODE,
    PC_INTRODUCED, // YYYYMM
    PC_TERMINATED, // YYYYMM, empty while live
    PC_USER_TYPE,  // 0 small, 1 large
    PC_EASTING,
    PC_NORTHING,
    PC_QUALITY,
    PC_OA,
    PC_LSOA,
    PC_MSOA,
    PC_WARD,
    PC_CED,
    PC_LAD,
    PC_COUNTY,
    PC_COUNTRY,
    PC_REGION,
    PC_CONSTITUENCY,
    PC_IMD_RANK, // within its own country and year: never mix
    PC_LAT,
    PC_LONG,
    PC_IGNORED, // known, of no use here: nuts/itl and their like
    PC_COLUMNS
};

// One column of a file that has a meaning.
struct postcode_match {
    enum postcode_column column;
    int vintage;  // 0 when the heading names no year
    size_t at;    // position in the record, from 0
    int spelling; // which spelling it was, 0 is the one preferred
};

struct postcode_headings {
    struct postcode_match *match; // at most one for each column and vintage
    size_t n;
    str *unknown; // headings (as written) that no row of the table knows, or that
    // stand there twice; to be reported once
    size_t n_unknown;
};

// Matches a heading record (as written, not folded). Where several spellings of one column are
// there the preferred one wins (pcds before pcd2 before pcd before Postcode). Everything lives in
// the arena; `unknown` points into `field`.
void postcode_headings_read(struct arena *a, const str *field, size_t n,
                            struct postcode_headings *ret);

// Where a column stands, or -1. vintage 0 means the newest there is.
int64_t postcode_heading_at(const struct postcode_headings *h, enum postcode_column c, int vintage);
// Its vintage, or 0 when it is absent or names none. vintage as above.
int postcode_heading_vintage(const struct postcode_headings *h, enum postcode_column c);

#endif
