// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "place/import_position.h"
#include "calc/geo/bng.h"
#include "place/import_sql.h"

#include <math.h>

static const double near_degrees = 0.9; // 100 km from south to north

err positions_begin(struct positions *p)
{
    struct q_areas_box b;
    bool found;
    p->near = BOX_EMPTY;
    if (p->job->tx || !p->job->look) // the dry run has told it
        return NULL;
    TRY(q_areas_box_one(p->job->look, p->job->a, &b, &found));
    if (!found || !b.west.has)
        return NULL;
    double wide = near_degrees / cos((b.north.v + near_degrees) * M_PI / 180);
    p->near =
        (box){b.west.v - wide, b.south.v - near_degrees, b.east.v + wide, b.north.v + near_degrees};
    return NULL;
}

static bool is_near(const struct positions *p, point at)
{
    return at.x >= p->near.x0 && at.x <= p->near.x1 && at.y >= p->near.y0 && at.y <= p->near.y1;
}

static bool grid_to_uk(point m, point *ret)
{
    *ret = bng_in_grid(m) ? bng_to_wgs84(m) : (point){0, 0};
    return wgs84_in_uk(*ret);
}

static enum position_read found(struct positions *p, point at, point exchanged)
{
    if (p->n++ == 0) {
        p->first.row = p->t->row;
        p->first.at = at;
        p->first.exchanged = exchanged;
    }
    p->n_near += is_near(p, at);
    return POSITION_READ;
}

// Metres to degrees, as they stand. The other way round is refused rather than guessed.
static bool take_metres(struct positions *p, point m, point *ret)
{
    point exchanged = {0, 0};
    if (!grid_to_uk(m, ret))
        return false;
    if (p->n == 0 && !grid_to_uk((point){m.y, m.x}, &exchanged))
        exchanged = (point){0, 0};
    (void)found(p, *ret, exchanged);
    return true;
}

static const char *perhaps_swapped(point m)
{
    point other;
    return grid_to_uk((point){m.y, m.x}, &other) ? "; it looks as if the two columns are swapped"
                                                 : "";
}

static enum position_read outside(struct positions *p, point at)
{
    import_problem(
        p->job, p->t->row, p->t->heading[p->lat],
        wgs84_looks_swapped(at)
            ? "Latitude %.6f, longitude %.6f lies outside the United Kingdom; it looks as "
              "if the two columns are swapped."
            : "Latitude %.6f, longitude %.6f lies outside the United Kingdom.",
        at.y, at.x);
    return POSITION_WRONG;
}

// Grid metres that stand where degrees should: the northing for the latitude.
static enum position_read from_metres(struct positions *p, point m, point *ret)
{
    if (take_metres(p, m, ret)) {
        p->n_converted++;
        return POSITION_READ;
    }
    import_problem(p->job, p->t->row, p->t->heading[p->lat],
                   "%.0f and %.0f are neither degrees nor a place on the British National Grid%s.",
                   m.y, m.x, perhaps_swapped(m));
    return POSITION_WRONG;
}

static enum position_read from_degrees(struct positions *p, point *ret)
{
    bool no_lat, no_lon;
    if (!table_f64(p->job, p->t, p->lat, &ret->y, &no_lat) ||
        !table_f64(p->job, p->t, p->lon, &ret->x, &no_lon))
        return POSITION_WRONG;
    bool nought = no_lon || ret->x == 0;
    if (nought && (no_lat || ret->y == 0 || ret->y > 99.99))
        return POSITION_NONE;
    if (no_lat || no_lon) {
        import_problem(p->job, p->t->row, p->t->heading[no_lat ? p->lat : p->lon],
                       "One half of the position is missing.");
        return POSITION_WRONG;
    }
    if (bng_looks_like_metres(*ret))
        return from_metres(p, *ret, ret);
    return wgs84_in_uk(*ret) ? found(p, *ret, (point){0, 0}) : outside(p, *ret);
}

static enum position_read from_grid(struct positions *p, point *ret)
{
    point m;
    bool no_east, no_north;
    if (!table_f64(p->job, p->t, p->east, &m.x, &no_east) ||
        !table_f64(p->job, p->t, p->north, &m.y, &no_north))
        return POSITION_WRONG;
    if (no_east || no_north || (m.x == 0 && m.y == 0))
        return POSITION_NONE;
    if (p->irish) {
        p->n_irish++;
        return POSITION_NONE;
    }
    if (take_metres(p, m, ret))
        return POSITION_READ;
    import_problem(p->job, p->t->row, p->t->heading[p->east],
                   "Easting %.0f, northing %.0f is no place on the British National Grid%s.", m.x,
                   m.y, perhaps_swapped(m));
    return POSITION_WRONG;
}

enum position_read position_read(struct positions *p, point *ret)
{
    if (p->lat >= 0 && p->lon >= 0)
        return from_degrees(p, ret);
    return p->east >= 0 && p->north >= 0 ? from_grid(p, ret) : POSITION_NONE;
}

void positions_tell(const struct positions *p)
{
    if (p->n_converted > 0)
        import_notice(p->job, 0, STR_NONE,
                      "%lld positions were British National Grid numbers in the columns of "
                      "degrees; they were converted (within about 5 m).",
                      (long long)p->n_converted);
    if (p->n_irish > 0)
        import_notice(p->job, 0, STR_NONE,
                      "%lld postcodes of Northern Ireland have Irish Grid numbers only, which "
                      "cannot be converted.",
                      (long long)p->n_irish);
    if (p->n > 0 && p->n_near == 0 && !box_is_empty(p->near))
        import_notice(p->job, p->first.row, p->t->heading[p->lat >= 0 ? p->lat : p->east],
                      "No position in this file is within 100 km of the areas that are loaded "
                      "here; the first is at latitude %.4f, longitude %.4f.%s",
                      p->first.at.y, p->first.at.x,
                      is_near(p, p->first.exchanged)
                          ? " It looks as if easting and northing are swapped: exchanged, it "
                            "would be near."
                          : "");
}
