// SPDX-License-Identifier: AGPL-3.0-or-later
// The heat table: the small areas of a place by the kinds of deprivation, as somebody asked to see
// them. It is the centre of an area page; the map, the sentence, presenting and print show the same
// rows in the same words. Pure: a profile and a choice in, rows out.
//
// Words: `show` is what the map is coloured by, one domain or how many coincide; `at` is the
// threshold from which a kind of deprivation is counted (the most deprived 10, 20 or 30 % of
// England); a row's number ties it to its place on the map, whatever the order.
#ifndef PLACE_HEAT_H
#define PLACE_HEAT_H

#include "base/base.h"
#include "base/arena.h"
#include "place/profile.h"

enum { HEAT_COINCIDE = DOMAIN_N, HEAT_AREA, HEAT_CHILDREN }; // beside the domains

struct heat_choice {
    int show;    // enum domain, or HEAT_COINCIDE
    int edition; // index into profile.edition[]
    int at;      // index into threshold_percent[]
    int sort;    // enum domain, HEAT_COINCIDE, HEAT_AREA or HEAT_CHILDREN
    bool down;   // largest first
};

// Reads the values of the page's address: a domain's id or "coincide", a year, "10" "20" "30", and
// a column with '-' in front for largest first. What is empty or unknown gives the usual view: how
// many coincide, the newest edition, 20 %, most first.
struct heat_choice heat_choose(const struct profile *p, str show, str edition, str at, str sort);

struct heat_row {
    const struct small_area *area;
    const struct reading *reading;   // DOMAIN_N of them, of the edition shown
    const struct coincide *coincide; // likewise
    str part_of;                     // the ward it is counted with, where several are shown
    int number;                      // from 1, by code
    int band;                        // of what the map shows; 0: not published
};

struct heat {
    struct heat_choice choice;
    const struct edition *edition; // NULL when no Indices are loaded for this place
    int percent;                   // of the threshold
    struct heat_row *row;          // sorted as chosen
    size_t n;
    int judged;                         // rows with at least one of the seven domains published
    int two_or_more;                    // of those, rows in which two or more of the seven coincide
    struct counted children_there;      // who live in those
    int most;                           // the largest number that coincide in one row; 0: in none
    int n_most;                         // rows that have it
    const struct small_area *most_area; // the first of them by number, NULL for none
    int of_domain[DOMAIN_N];            // rows in which the domain is within the threshold
    bool has[DOMAIN_N];                 // domains of which anything is loaded in this edition
    bool all_published;                 // no reading of the ten domains shown is kept back
};

// The rows of one edition: its small areas of today, and those of the census before that have been
// split or merged since, where the edition is of that census.
void heat_make(struct arena *a, const struct profile *p, struct heat_choice choice,
               struct heat *ret);

// The row of an area; NULL when it has none.
const struct heat_row *heat_row_of(const struct heat *h, const struct small_area *s);

// How many coincide as one of five bands: 5 or more, 4, 2 or 3, 1, none; 0 when not known.
int heat_band(const struct coincide *c, int at);
// The words of those bands; band 0 is "Not published". And those of the bands of a domain.
const char *heat_band_words(int band);
const char *heat_domain_band_words(int band);
// The class of a band, for shapes and cells alike: "band-1" … "band-5", "band-none".
const char *heat_class(int band);
// What a cell says: "10%" … "50%"; NULL for the less deprived half and for what is not published.
const char *heat_cell_words(int band);

// As column headings say it ("Housing and services"), and in a sentence ("housing and services").
const char *heat_title(int column);
const char *heat_in_sentence(enum domain d);
// As addresses have it: the domain's id, "coincide", "area" or "children".
const char *heat_column_id(int column);

// The order of the columns after the name: the seven, the two parts of income, coincide, children.
enum { HEAT_COLUMNS = 11 };
extern const int heat_column[HEAT_COLUMNS];
// Is there anything to show in a column? A domain that is not loaded takes no room.
bool heat_has(const struct heat *h, int column);
// What the map can show, in the order of its buttons.
enum { HEAT_SHOWS = 11 };
extern const int heat_shows[HEAT_SHOWS];

#endif
