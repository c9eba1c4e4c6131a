// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "place/crime_ground.h"

bool crime_part_covers(const struct crime_part *p, const struct crime_area *area)
{
    for (size_t i = 0; i < area->n_districts; i++)
        if (str_find(p->districts, area->district[i], 0) < p->districts.n)
            return true;
    return false;
}

static bool among(const import_id *v, size_t n, import_id id)
{
    for (size_t i = 0; i < n; i++)
        if (v[i].v == id.v)
            return true;
    return false;
}

bool crime_winners_has(const struct crime_winners *w, import_id import)
{
    return among(w->import, w->n, import);
}

void crime_winners_find(const struct crime_part *part, size_t n, const struct crime_area *area,
                        const import_id *holds, size_t n_holds, struct crime_winners *ret)
{
    ret->n = 0;
    for (size_t i = n; i-- > 0;) { // the newest import of a force comes first from behind
        if (!among(holds, n_holds, part[i].import) && !crime_part_covers(&part[i], area))
            continue;
        if (!crime_winners_has(ret, part[i].import) && ret->n < CRIME_WINNERS_MAX)
            ret->import[ret->n++] = part[i].import;
        while (i > 0 && str_eq(part[i - 1].force, part[i].force))
            i--; // its older ones are superseded
    }
}
