// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "place/deprivation.h"

const struct deprivation_edition deprivation_editions[] = {
    {2019, 2011, 32844},
    {2025, 2021, 33755},
};
const size_t n_deprivation_editions = countof(deprivation_editions);

const struct deprivation_domain deprivation_domains[] = {
    // the last two are mySociety's names for it
    {"imd", "All domains together", false,
     "indexofmultipledeprivation(imd)|imd|overall_local|original", false},
    {"income", "Income", true, "income", true},
    {"employment", "Work", true, "employment", true},
    {"education", "Education and skills", true, "education,skillsandtraining|education", false},
    {"health", "Health and disability", true, "healthdeprivationanddisability|health", false},
    {"crime", "Crime", true, "crime", false},
    {"barriers", "Housing and services", true,
     "barrierstohousingandservices|housing_and_access|housing_and_services", false},
    {"living_environment", "Living environment", true, "livingenvironment|environment", false},
    {"idaci", "Children in income deprivation", false,
     "incomedeprivationaffectingchildrenindex(idaci)|idaci", true},
    {"idaopi", "Older people in income deprivation", false,
     "incomedeprivationaffectingolderpeople(idaopi)|"
     "incomedeprivationaffectingolderpeopleindex(idaopi)|idaopi",
     true},
    {"children_sub", "Children and young people", false,
     "childrenandyoungpeoplesub-domain|children_and_young_people", false},
    {"adult_skills_sub", "Adult skills", false, "adultskillssub-domain|adult_skills", false},
    {"geographical_barriers_sub", "Distance to services", false,
     "geographicalbarrierssub-domain|geographical_barriers", false},
    {"wider_barriers_sub", "Access to housing", false, "widerbarrierssub-domain|wider_barriers",
     false},
    {"indoors_sub", "Indoors", false, "indoorssub-domain|indoors", false},
    {"outdoors_sub", "Outdoors", false, "outdoorssub-domain|outdoors", false},
};
const size_t n_deprivation_domains = countof(deprivation_domains);

const struct deprivation_edition *edition_of_vintage(int64_t lsoa_vintage)
{
    for (size_t i = 0; i < n_deprivation_editions; i++)
        if (deprivation_editions[i].lsoa_vintage == lsoa_vintage)
            return &deprivation_editions[i];
    return NULL;
}

const struct deprivation_edition *edition_of_year(int64_t year)
{
    for (size_t i = 0; i < n_deprivation_editions; i++)
        if (deprivation_editions[i].year == year)
            return &deprivation_editions[i];
    return NULL;
}

// What is left of a heading behind the domain's name: "rank(where…)", "_decile", "score(rate)".
static bool measure_of(str rest, enum deprivation_measure *ret)
{
    while (rest.n && (rest.p[0] == '_' || rest.p[0] == '-'))
        rest = str_slice(rest, 1, rest.n);
    if (str_starts(rest, STR("score")))
        *ret = MEASURE_SCORE;
    else if (str_starts(rest, STR("rank")))
        *ret = MEASURE_RANK;
    else if (str_starts(rest, STR("decile")))
        *ret = MEASURE_DECILE;
    else
        return false;
    return true;
}

// "imd19" of the ONS's lookups is a rank.
static bool lookup_rank(str folded)
{
    return folded.n == 5 && str_starts(folded, STR("imd")) && folded.p[3] >= '0' &&
           folded.p[3] <= '9' && folded.p[4] >= '0' && folded.p[4] <= '9';
}

bool deprivation_heading(str folded, size_t *ret_domain, enum deprivation_measure *ret)
{
    if (lookup_rank(folded)) {
        *ret_domain = 0;
        *ret = MEASURE_RANK;
        return true;
    }
    for (size_t i = 0; i < n_deprivation_domains; i++) {
        str rest = str_c(deprivation_domains[i].headings), spelling;
        while (str_next(&rest, '|', &spelling))
            if (str_starts(folded, spelling) &&
                measure_of(str_slice(folded, spelling.n, folded.n), ret)) {
                *ret_domain = i;
                return true;
            }
    }
    return false;
}

int64_t decile_of(int64_t rank, int64_t ranked)
{
    return (10 * rank + ranked - 1) / ranked;
}
