// SPDX-License-Identifier: AGPL-3.0-or-later
// Census tables of the demonstration town, and a table of the council's own. As in the real census
// each table has a total of its own that need not be another's.
#include "base/base.h"
#include "place/demo_files.h"

enum { CATEGORIES_MAX = 8 };

// A category and its share where nobody is deprived and where everybody is.
struct category {
    const char *words;
    double best, worst;
};

static const struct category deprivation[] = {
    {"Household is not deprived in any dimension", 0.62, 0.24},
    {"Household is deprived in one dimension", 0.28, 0.36},
    {"Household is deprived in two dimensions", 0.08, 0.26},
    {"Household is deprived in three dimensions", 0.015, 0.12},
    {"Household is deprived in four dimensions", 0.005, 0.02},
};

static const struct category tenure[] = {
    {"Owned: Owns outright", 0.44, 0.10},
    {"Owned: Owns with a mortgage or loan", 0.36, 0.15},
    {"Shared ownership: Shared ownership", 0.01, 0.02},
    {"Social rented: Rents from council or Local Authority", 0.03, 0.41},
    {"Social rented: Other social rented", 0.02, 0.12},
    {"Private rented: Private landlord or letting agency", 0.12, 0.18},
    {"Private rented: Other private rented", 0.015, 0.015},
    {"Lives rent free", 0.005, 0.005},
};

// How many of `all` fall in each category; chance does the rounding. Returns their sum.
static int64_t spread(const struct town *t, int i, const struct category *c, size_t n, double all,
                      struct seeded *chance, int64_t *ret)
{
    double need = town_need(t, t->lsoa[CENSUS_2021][i].unit);
    int64_t total = 0;
    for (size_t k = 0; k < n; k++) {
        double share = c[k].worst + (c[k].best - c[k].worst) * need;
        double wanted = all * share * (0.85 + 0.3 * seeded_unit(chance));
        ret[k] = (int64_t)(wanted + seeded_unit(chance));
        total += ret[k];
    }
    return total;
}

static void put_long(const struct town *t, struct buf *b, const char *heading,
                     const struct category *c, size_t n, uint64_t which)
{
    struct seeded chance = town_chance(t->seed + which, STREAM_HOUSEHOLDS);
    int64_t count[CATEGORIES_MAX];
    buf_fmt(b, "\"lsoa21_code\",\"total_households\",\"%s\",\"n\",\"prop\"\n", heading);
    for (int i = 0; i < t->lsoas[CENSUS_2021]; i++) {
        double households = (double)town_people(t, CENSUS_2021, i, -1) / 2.4;
        int64_t total = spread(t, i, c, n, households, &chance, count);
        for (size_t k = 0; k < n; k++)
            buf_fmt(b, "\"%" PRIstr "\",%lld,\"%s\",%lld,%.6f\n",
                    ARGstr(t->lsoa[CENSUS_2021][i].code), (long long)total, c[k].words,
                    (long long)count[k], (double)count[k] / (double)total);
    }
}

void demo_put_household_deprivation(const struct town *t, struct buf *b)
{
    put_long(t, b, "deprivation_dimensions", deprivation, countof(deprivation), 1);
}

void demo_put_tenure(const struct town *t, struct buf *b)
{
    put_long(t, b, "tenure", tenure, countof(tenure), 2);
}

// TS038 with three of its columns.
void demo_put_disability(const struct town *t, struct buf *b)
{
    static const struct category of_people[] = {
        {"Disabled under the Equality Act", 0.12, 0.27},
        {"Not disabled under the Equality Act", 0.88, 0.73},
    };
    struct seeded chance = town_chance(t->seed + 3, STREAM_HOUSEHOLDS);
    int64_t count[countof(of_people)];
    buf_c(b,
          "date,geography,geography code,Disability: Total: All usual residents; measures: Value");
    for (size_t k = 0; k < countof(of_people); k++)
        buf_fmt(b, ",Disability: %s; measures: Value", of_people[k].words);
    buf_c(b, "\n");
    for (int i = 0; i < t->lsoas[CENSUS_2021]; i++) {
        const struct town_lsoa *l = &t->lsoa[CENSUS_2021][i];
        int64_t total = spread(t, i, of_people, countof(of_people),
                               (double)town_people(t, CENSUS_2021, i, -1), &chance, count);
        buf_fmt(b, "2021,%" PRIstr ",%" PRIstr ",%lld,%lld,%lld\n", ARGstr(l->name),
                ARGstr(l->code), (long long)total, (long long)count[0], (long long)count[1]);
    }
}

// Counts under five are kept back with a "c".
void demo_put_school_meals(const struct town *t, struct buf *b)
{
    struct seeded chance = town_chance(t->seed + 4, STREAM_HOUSEHOLDS);
    buf_c(b, "Small area,LSOA21CD,Pupils,Free school meals\n");
    for (int i = 0; i < t->lsoas[CENSUS_2021]; i++) {
        const struct town_lsoa *l = &t->lsoa[CENSUS_2021][i];
        int64_t pupils = 0;
        for (int age = 5; age < 16; age++)
            pupils += town_people(t, CENSUS_2021, i, age);
        double share = 0.58 - 0.56 * town_need(t, l->unit) + 0.06 * (seeded_unit(&chance) - 0.5);
        int64_t meals = (int64_t)(share * (double)pupils);
        buf_fmt(b, "%" PRIstr ",%" PRIstr ",%lld,", ARGstr(l->name), ARGstr(l->code),
                (long long)pupils);
        if (meals < 5)
            buf_c(b, "c\n");
        else
            buf_fmt(b, "%lld\n", (long long)meals);
    }
}
