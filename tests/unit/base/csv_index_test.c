// SPDX-License-Identifier: AGPL-3.0-or-later
// Covers base/csv.c: fields come out as they were written, wherever blocks and windows of the index
// happen to end, and whatever makes it fall back to reading byte by byte.
#include "base/base.h"
#include "base/buf.h"
#include "base/csv.h"
#include "base/random.h"
#include "base/vec.h"
#include "data.h"

struct table {
    struct buf text;
    VEC(str) fields;  // all, row after row
    VEC(size_t) ends; // of each row, in fields
    struct seeded dice;
};

static uint64_t roll(struct table *t, uint64_t below)
{
    return seeded_below(&t->dice, below);
}

static void put_field(struct arena *a, struct table *t, bool odd)
{
    static const char *const pieces[] = {"a", "bcdef", " ", "12.5", "\xc3\xa9"}, *const inside[] = {
                                                                                     ",",    "\n",
                                                                                     "\r\n", "\"\"",
                                                                                     ";",    "x"};
    struct buf plain;
    buf_init(&plain, a, 4096);
    bool quoted = roll(t, 2);
    size_t n = roll(t, roll(t, 20) ? 6 : 90); // now and then longer than a block
    if (quoted)
        buf_byte(&t->text, '"');
    for (size_t i = 0; i < n; i++) {
        const char *p = quoted && roll(t, 3) == 0 ? inside[roll(t, countof(inside))]
                                                  : pieces[roll(t, countof(pieces))];
        buf_c(&t->text, p);
        buf_c(&plain, strcmp(p, "\"\"") == 0 ? "\"" : p);
    }
    if (quoted)
        buf_byte(&t->text, '"');
    else if (odd && n) { // a quotation mark inside a bare field is text
        buf_c(&t->text, "5\"");
        buf_c(&plain, "5\"");
    }
    *vec_add(a, &t->fields) = buf_text(&plain);
}

static void put_row(struct arena *a, struct table *t, bool odd, bool last)
{
    static const char *const line_ends[] = {"\n", "\r\n", "\r"};
    size_t first = t->fields.n;
    buf_c(&t->text, "k"); // a row is never blank
    *vec_add(a, &t->fields) = STR("k");
    for (size_t i = 0, n = roll(t, 9); i < n; i++) {
        buf_byte(&t->text, ',');
        put_field(a, t, odd && roll(t, 4) == 0);
    }
    if (!last || roll(t, 2))
        buf_c(&t->text, line_ends[roll(t, 3)]);
    ASSERT(t->fields.n > first);
    *vec_add(a, &t->ends) = t->fields.n;
}

// Reads the table back, from a copy with nothing behind it (so that reading past its end shows).
static void read_back(struct arena *a, const struct table *t)
{
    struct csv csv;
    bool more;
    size_t at = 0, n = t->text.n;
    char *exact = malloc(n ? n : 1);
    assert_non_null(exact);
    memcpy(exact, t->text.p, n);
    csv_init(&csv, a, (str){exact, n});
    csv.between = ','; // what it guesses from a wild first row is another matter
    for (size_t row = 0; row < t->ends.n; row++) {
        assert_null(csv_next(&csv, a, &more));
        assert_true(more);
        assert_int_equal(csv.n, t->ends.v[row] - at);
        for (size_t i = 0; i < csv.n; i++, at++)
            assert_true(str_eq(csv.field[i], t->fields.v[at]));
    }
    assert_null(csv_next(&csv, a, &more));
    assert_false(more);
    free(exact);
}

static void random_tables(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 1500; seed++) {
        struct arena a;
        arena_init(&a);
        struct table t = {.dice = {seed}};
        buf_init(&t.text, &a, 1 << 20);
        size_t rows = 1 + roll(&t, seed % 20 ? 12 : 200);
        for (size_t i = 0; i < rows; i++)
            put_row(&a, &t, seed % 3 == 0, i + 1 == rows);
        assert_false(t.text.full);
        read_back(&a, &t);
        arena_fini(&a);
    }
}

// The same row at every offset against the blocks of 64 bytes.
static void every_offset(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a);
    for (size_t pad = 0; pad < 200; pad++) {
        struct csv csv;
        struct buf b;
        bool more;
        buf_init(&b, &a, 1 << 12);
        for (size_t i = 0; i < pad; i++)
            buf_byte(&b, 'p');
        buf_c(&b, ",x\r\n\r\na,\"b\"\"c\",\"\",\"d,\r\ne\",f\"g\nlast,\"\"");
        csv_init(&csv, &a, buf_text(&b));
        assert_null(csv_next(&csv, &a, &more));
        assert_int_equal(csv.n, 2);
        assert_int_equal(csv.field[0].n, pad);
        assert_null(csv_next(&csv, &a, &more));
        assert_int_equal(csv.row, 3); // the blank line counts
        assert_int_equal(csv.n, 5);
        assert_true(str_eq(csv.field[1], STR("b\"c")) && csv.field[2].n == 0);
        assert_true(str_eq(csv.field[3], STR("d,\r\ne")) && str_eq(csv.field[4], STR("f\"g")));
        assert_null(csv_next(&csv, &a, &more));
        assert_int_equal(csv.n, 2);
        assert_true(more && csv.field[1].n == 0);
        assert_null(csv_next(&csv, &a, &more));
        assert_false(more);
    }
    arena_fini(&a);
}

// What is wrong is told with its row and column, wherever it stands.
static void every_trouble_at_every_offset(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
        size_t n;
    } bad[] = {
        {"a,\"b", "Row 2, column 2: a quotation mark is opened and never closed", 4},
        {"a,\"b\"c", "Row 2, column 2: there is text after a closing quotation mark", 6},
        {"a,\"b\" ,c", "Row 2, column 2: there is text after a closing quotation mark", 8},
        {"a\0b,c", "Row 2, column 1: there is a NUL byte", 5},
        {"a,\"b\0\",c", "Row 2, column 2: there is a NUL byte", 8},
    };
    struct arena a;
    arena_init(&a);
    for (size_t i = 0; i < countof(bad); i++)
        for (size_t pad = 1; pad < 140; pad++) {
            struct csv csv;
            struct buf b;
            bool more;
            buf_init(&b, &a, 1 << 12);
            for (size_t k = 0; k < pad; k++)
                buf_byte(&b, 'p');
            buf_c(&b, "\n");
            buf_add(&b, bad[i].text, bad[i].n);
            csv_init(&csv, &a, buf_text(&b));
            assert_null(csv_next(&csv, &a, &more));
            err e = csv_next(&csv, &a, &more);
            assert_non_null(e);
            str s = err_root(e);
            if (str_find(s, str_c(bad[i].says), 0) == s.n)
                fail_msg("%.*s", ARGstr(s));
        }
    arena_fini(&a);
}

// More fields or a longer line than a table has.
static void what_is_too_long(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a);
    size_t n = 3 * (size_t)CSV_LINE_MAX;
    char *p = arena_alloc(&a, n);
    for (int quoted = 0; quoted < 3; quoted++) {
        struct csv csv;
        bool more;
        memset(p, quoted == 2 ? ',' : 'x', n);
        p[0] = quoted == 1 ? '"' : 'x';
        csv_init(&csv, &a, (str){p, n});
        assert_non_null(csv_next(&csv, &a, &more));
    }
    arena_fini(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_tables),
        cmocka_unit_test(every_offset),
        cmocka_unit_test(every_trouble_at_every_offset),
        cmocka_unit_test(what_is_too_long),
    };
    return cmocka_run_group_tests_name("csv index", tests, NULL, NULL);
}
