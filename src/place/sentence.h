// SPDX-License-Identifier: AGPL-3.0-or-later
// What a page says in words, so that a person can read it aloud to a room: short sentences, plain
// words, every number with its year and out of how many. Pure: what is known comes in, a sentence
// in the reader's language goes out as html (already escaped), empty when there is nothing to say.
#ifndef PLACE_SENTENCE_H
#define PLACE_SENTENCE_H

#include "base/base.h"
#include "place/heat.h"
#include "place/profile.h"
#include "web/page.h"

// How much comes together here: "In Weirside, 5 of 7 small areas have two or more kinds of
// deprivation at once." For a single small area: "In Millbrook 004A, 5 of 7 kinds of deprivation
// come together: income, work, education, crime, and housing and services."
html sentence_headline(const struct page *pg, const struct profile *p, const struct heat *h);
// What counts as deprived and from which year: "We count a kind of deprivation when it is among the
// most deprived 20% of small areas in England (2025)."
html sentence_measure(const struct page *pg, const struct heat *h);
// Who lives in those areas: "2,569 children live in those 5 areas (mid-2020)."
html sentence_children(const struct page *pg, const struct profile *p, const struct heat *h);
// Which kinds show most, and where most comes together.
html sentence_where(const struct page *pg, const struct profile *p, const struct heat *h);

// What became of the bands of one domain between two editions: "Between 2019 and 2025, 2 small
// areas moved to a more deprived band, 1 to a less deprived one and 4 stayed in theirs." Split,
// merged and irregular areas are counted apart, never as moved. A single small area that is one of
// these cannot be compared; sentence_border() says why.
struct moved {
    int deeper, lighter, same, redrawn, unknown;
};
struct moved moved_count(const struct profile *p, int domain);
html sentence_moved(const struct page *pg, const struct profile *p, int domain);

// What a single small area's border has to do with then and now, when it is not the same: split,
// merged, irregular or moved.
html sentence_border(const struct page *pg, const struct profile *p);

// "1 in 4 people here is a child under 16 (mid-2020)."
html sentence_people(const struct page *pg, const struct profile *p);
// "Between 67 and 127 crimes a month were recorded here from October 2024 to September 2025."
html sentence_crime(const struct page *pg, const struct profile *p);
// "In Weirside 57% of small areas are among the most deprived 20% of England; in the zone …"
html sentence_compare(const struct page *pg, const struct profile *p, const struct heat *h,
                      int domain);

// What a place of the map is said to be: "5 of 7 kinds of deprivation, 512 children", or "income:
// most deprived 10%". Plain text, in the arena of the page.
str sentence_of_row(const struct page *pg, const struct heat *h, const struct heat_row *r);

#endif
