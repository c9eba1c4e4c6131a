// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "base/utf8.h"
#include "place/map.h"

enum { MARGIN = 10, PATH_MAX_BYTES = 4 << 20, HALF_LETTER = 8 };

static bool has_points(const struct geo_shape *s)
{
    return s && s->n > 0 && geo_points(s) > 0;
}

box map_bounds(const struct map_place *place, size_t n)
{
    box b = BOX_EMPTY;
    for (size_t i = 0; i < n; i++)
        if (has_points(place[i].shape)) {
            box one = geo_box(place[i].shape);
            b = box_is_empty(b) ? one : box_join(b, one);
        }
    return b;
}

box map_widen(box b, double share)
{
    double x = (b.x1 - b.x0) * share, y = (b.y1 - b.y0) * share;
    return (box){b.x0 - x, b.y0 - y, b.x1 + x, b.y1 + y};
}

struct pen {
    struct arena *a;
    struct geo_view view;
};

static str draw(const struct pen *pen, const struct geo_shape *s)
{
    if (!has_points(s))
        return STR("");
    struct buf path;
    buf_init(&path, pen->a, PATH_MAX_BYTES);
    geo_view_path(&pen->view, s, &path);
    return buf_text(&path);
}

// A name written around its spot stays on the sheet. HALF_LETTER: half a letter as phones draw it.
static int keep_in(const struct pen *pen, int x, str name)
{
    int half = (int)utf8_count(name) * HALF_LETTER, most = pen->view.width - half;
    if (half > most)
        return pen->view.width / 2;
    return x < half ? half : x > most ? most : x;
}

static void draw_edges(const struct pen *pen, struct map_edge *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        v[i].path = draw(pen, v[i].shape);
        if (!v[i].has_label)
            continue;
        v[i].spot = geo_view_spot(&pen->view, v[i].label);
        v[i].spot.x = keep_in(pen, v[i].spot.x, v[i].name);
    }
}

static void draw_place(const struct pen *pen, struct map_place *p)
{
    p->path = draw(pen, p->shape);
    if (p->path.n == 0)
        return;
    if (!p->has_label)
        p->label = geo_label_point(p->shape);
    p->spot = geo_view_spot(&pen->view, p->label);
}

void map_draw(struct arena *a, struct map *m, int width)
{
    box b = map_bounds(m->place, m->n_places);
    m->drawn = !box_is_empty(b);
    if (!m->drawn)
        return;
    for (size_t i = 0; i < m->n_edges; i++)
        if (has_points(m->edge[i].shape))
            b = box_join(b, geo_box(m->edge[i].shape));
    const struct pen pen = {a, geo_view_fit(map_widen(b, m->widen), width, MARGIN)};
    draw_edges(&pen, m->around, m->n_around);
    for (size_t i = 0; i < m->n_places; i++)
        draw_place(&pen, &m->place[i]);
    draw_edges(&pen, m->edge, m->n_edges);
    m->width = pen.view.width;
    m->height = pen.view.height;
}
