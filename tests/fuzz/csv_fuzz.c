// SPDX-License-Identifier: AGPL-3.0-or-later
// Tables from strangers: base/csv.h, with the heading matcher and the postcode reader on what comes
// out. What is read and written again must read the same.
#include "base/base.h"
#include "base/buf.h"
#include "base/csv.h"
#include "place/heading.h"
#include "place/postcode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look_at(struct arena *a, const struct csv *c)
{
    struct postcode_headings h;
    postcode_headings_read(a, c->field, c->n, &h);
    ASSERT(h.n + h.n_unknown <= c->n);
    for (size_t i = 0; i < c->n; i++) {
        postcode p, again;
        if (!postcode_parse(c->field[i], &p))
            continue;
        ASSERT(postcode_parse(postcode_shown(a, &p), &again));
        ASSERT(str_eq(postcode_key(&p), postcode_key(&again)));
    }
}

// Writes the record under a heading and reads it back. The heading keeps the delimiter a comma and
// a byte order mark in the field from being taken for the file's.
static void write_and_read(struct arena *a, const struct csv *c)
{
    if (c->n == 1 && c->field[0].n == 0)
        return; // would be a blank line
    struct buf b;
    buf_init(&b, a, (size_t)1 << 24);
    buf_c(&b, "a,b\r\n");
    for (size_t i = 0; i < c->n; i++)
        csv_put(&b, c->field[i], i == 0);
    csv_end(&b);
    if (b.full || b.n > CSV_LINE_MAX)
        return;
    struct csv again;
    csv_init(&again, a, buf_text(&b));
    bool more;
    ASSERT(csv_next(&again, a, &more) == NULL && again.n == 2);
    ASSERT(csv_next(&again, a, &more) == NULL && more && again.n == c->n);
    for (size_t i = 0; i < c->n; i++)
        ASSERT(str_eq(csv_unguard(again.field[i]), c->field[i]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a, scratch;
    arena_init(&a);
    arena_init(&scratch);
    struct csv c;
    csv_init(&c, &a, (str){(const char *)data, size});
    bool more = true;
    int64_t row = 0;
    while (csv_next(&c, &scratch, &more) == NULL && more) {
        ASSERT(c.row > row && c.n >= 1 && c.n <= CSV_FIELDS_MAX);
        row = c.row;
        look_at(&scratch, &c);
        write_and_read(&scratch, &c);
        arena_reset(&scratch);
    }
    arena_fini(&scratch);
    arena_fini(&a);
    return 0;
}
