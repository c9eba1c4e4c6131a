// SPDX-License-Identifier: AGPL-3.0-or-later
// What the files that put a profile together share; private to profile_*.c.
#ifndef PLACE_PROFILE_PARTS_H
#define PLACE_PROFILE_PARTS_H

#include "base/base.h"
#include "base/vec.h"
#include "place/area.h"
#include "place/memo.h"
#include "place/profile.h"

// A row of the population table that may be wanted.
struct people_row {
    int64_t vintage, year, total;
    str period;
    import_id import;
    int64_t band[AGE_BANDS];
};

// What was read about one small area besides its readings.
struct small_facts {
    struct people_row *people; // oldest vintage and period first
    size_t n_people;
    struct area_change *change; // to the census before (or, for an old area, after)
    size_t n_changes;
};

struct import_at {
    import_id import;
    uint8_t source;
};

struct records;

struct profile_job {
    struct db_tx *tx;
    struct arena *a;
    date today;
    struct memo_at memo;
    struct profile *p;
    struct area area;          // the place itself; not set for the zone
    struct area_ref *ref;      // of p->small, in its order
    struct small_facts *facts; // of p->small, in its order
    struct small_facts *before_facts;
    const struct records *records; // of imports and sources, once they were needed
    VEC(struct profile_source) sources;
    VEC(struct import_at) imports; // those met, and where their source stands
    VEC(struct profile_note) notes;
};

// The index in p->source of an import, whose source from now on is one of the profile's. Several
// files of one dataset and date are one source.
err profile_source_at(struct profile_job *job, import_id import, uint8_t *ret);
// The sources of many imports of which those that differ by their date alone become one, with the
// first and the last date.
err profile_source_series(struct profile_job *job, const import_id *import, size_t n);
// Adds a note about n codes, which are copied.
void profile_note_add(struct profile_job *job, enum note_kind kind, const str *code, size_t n);
// The census before that of a vintage, or the one after when there is none before.
int64_t profile_other_vintage(int64_t vintage);

// The domain of an id, -1 when there is none.
int profile_domain_at(str id);

// profile_people.c: the rows of one area; then people and children of all of them.
err profile_people_rows(struct profile_job *job, str kind, str code, struct people_row **ret,
                        size_t *ret_n);
err profile_people(struct profile_job *job);
// profile_borders.c: which small areas kept their code but not their border.
err profile_borders(struct profile_job *job);
// profile_compare.c: the zone and the district beside the place.
err profile_compare(struct profile_job *job);
// profile_tables.c
err profile_families(struct profile_job *job);
// profile_sources.c: the sources of outlines and lookups.
err profile_place_sources(struct profile_job *job);
// profile_crime.c
err profile_crime(struct profile_job *job);

#endif
