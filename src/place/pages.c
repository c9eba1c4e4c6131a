// SPDX-License-Identifier: AGPL-3.0-or-later
// Words that several pages share.
#include "base/base.h"
#include "place/pages.h"
#include "web/words.h"

struct kind_words {
    const char *kind, *one, *many;
};

static const struct kind_words kinds[] = {
    {"zone", N_("Community Impact Zone"), N_("zones")},
    {"ward", N_("Ward"), N_("wards")},
    {"lsoa", N_("Small area (LSOA)"), N_("small areas (LSOAs)")},
    {"oa", N_("Output area"), N_("output areas")},
    {"msoa", N_("Neighbourhood (MSOA)"), N_("neighbourhoods (MSOAs)")},
    {"lad", N_("District"), N_("districts")},
    {"county", N_("County"), N_("counties")},
    {"ced", N_("County division"), N_("county divisions")},
    {"region", N_("Region"), N_("regions")},
    {"country", N_("Country"), N_("countries")},
    {"constituency", N_("Constituency"), N_("constituencies")},
};

static const struct kind_words *find(str kind)
{
    for (size_t i = 0; i < countof(kinds); i++)
        if (str_eq(str_c(kinds[i].kind), kind))
            return &kinds[i];
    return NULL;
}

const char *kind_title(str kind)
{
    const struct kind_words *w = find(kind);
    return w ? w->one : N_("Area");
}

const char *kind_titles(str kind)
{
    const struct kind_words *w = find(kind);
    return w ? w->many : N_("areas");
}
