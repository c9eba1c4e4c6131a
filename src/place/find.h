// SPDX-License-Identifier: AGPL-3.0-or-later
// "Where do I live?": from a postcode to its place. Public data; a postcode somebody asks for is
// never stored.
//
// Codes in a postcode row are the publisher's word. Where they are missing, or were found by laying
// the point over boundaries, what we say is a guess and is labelled so (by_position).
#ifndef PLACE_FIND_H
#define PLACE_FIND_H

#include "base/base.h"
#include "place/place.h"
#include "place/postcode.h"

// In postcode.quality: the codes of this row were found by position, not by the ONS, whose own
// grades of a position run from 1 (within the building) to 9 (none).
enum { POSTCODE_BY_POSITION = 100 };

struct postcode_row {
    str key;                        // without space: "OX44AA"
    import_id import;               // the import the row comes from
    int64_t vintage;                // of its newest small-area code: 2021; 0 when not known
    int64_t introduced, terminated; // YYYYMM; 0: not known, and still in use
    bool large_user;                // one organisation's own postcode
    bool placed;                    // lat and lon mean something
    bool by_position;               // its codes are a guess
    double lat, lon;                // degrees, WGS84
    str oa, lsoa11, lsoa21;         // none: not known. lsoa21 is of the newest census
    str ward, district;             // from the postcode file, never through the LSOA
};

// The row of a postcode in the newest import that has it. key as postcode_key() gives it.
// Fails as a read does; an unknown postcode is *ret_found = false.
MUST_USE err postcode_find(struct db_tx *tx, struct arena *a, str key, struct postcode_row *ret,
                           bool *ret_found);

#endif
