// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "place/postcode_order.h"

#include <stdlib.h>

// A key in base 37 (37 bits) above a row number (27 bits): sorts by key, then by row.
enum { ROW_BITS = 27, BASE = 37 };
static const uint64_t row_mask = ((uint64_t)1 << ROW_BITS) - 1;

static uint64_t rank_of(const char key[8])
{
    uint64_t v = 0;
    for (int i = 0; i < 8; i++)
        v = v << 8 | (unsigned char)key[i];
    return v;
}

uint64_t postcode_rank(const postcode *pc)
{
    return rank_of(pc->key);
}

static uint64_t padded_rank(const postcode *pc)
{
    char z[8] = "       ";
    size_t outward = (size_t)pc->n - 3;
    memcpy(z, pc->key, outward);
    memcpy(z + 4, pc->key + outward, 3);
    return rank_of(z);
}

void postcode_order_watch(struct postcode_order *o, const postcode *pc)
{
    uint64_t key = rank_of(pc->key), padded = padded_rank(pc);
    o->broken_key = o->broken_key || key <= o->key;
    o->broken_padded = o->broken_padded || padded <= o->padded;
    o->key = key;
    o->padded = padded;
}

bool postcode_order_kept(const struct postcode_order *o)
{
    return !o->broken_key || !o->broken_padded;
}

static uint64_t packed(const postcode *pc, int64_t row)
{
    uint64_t v = 0;
    for (int i = 0; i < POSTCODE_MAX; i++) {
        char c = i < pc->n ? pc->key[i] : 0;
        v = v * BASE + (uint64_t)(c == 0 ? 0 : c <= '9' ? c - '0' + 1 : c - 'A' + 11);
    }
    return v << ROW_BITS | (uint64_t)row;
}

static postcode unpacked(uint64_t v)
{
    postcode pc = {.n = 0};
    v >>= ROW_BITS;
    for (int i = POSTCODE_MAX - 1; i >= 0; i--, v /= BASE) {
        int d = (int)(v % BASE);
        pc.key[i] = (char)(d == 0 ? 0 : d <= 10 ? '0' + d - 1 : 'A' + d - 11);
        pc.n = (uint8_t)(pc.n + (d != 0));
    }
    return pc;
}

static int by_number(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static void tell_twice(struct import_job *job, str heading, const uint64_t *v, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        if (v[i - 1] >> ROW_BITS != v[i] >> ROW_BITS)
            continue;
        postcode pc = unpacked(v[i]);
        import_problem(job, (int64_t)(v[i] & row_mask), heading,
                       "%" PRIstr " is there twice; it was in row %lld already.",
                       ARGstr(postcode_shown(job->a, &pc)), (long long)(v[i - 1] & row_mask));
    }
}

static err collect(struct import_job *job, const struct table *t, int column, int district,
                   uint64_t *v, size_t room, size_t *ret_n)
{
    struct csv csv;
    bool more;
    csv_init(&csv, job->a, job->text);
    TRY(csv_next(&csv, &job->scratch, &more)); // the headings
    while (more && *ret_n < room && csv.row < (int64_t)row_mask) {
        postcode pc;
        import_row_done(job, job->bytes);
        TRY(csv_next(&csv, &job->scratch, &more));
        if (!more || csv.n != t->n || !postcode_parse(csv.field[column], &pc))
            continue;
        if (district < 0 || str_eq(str_trim(csv.field[district]), job->opts.district))
            v[(*ret_n)++] = packed(&pc, csv.row);
    }
    return NULL;
}

err postcodes_twice(struct import_job *job, const struct table *t, int postcode_column,
                    int district)
{
    size_t n = 0, room = (size_t)job->rows_read;
    uint64_t *v = malloc((room + 1) * sizeof *v); // not from the arena: given back at once
    ASSERT(v != NULL);
    err e = collect(job, t, postcode_column, district, v, room, &n);
    if (!e) {
        qsort(v, n, sizeof *v, by_number);
        tell_twice(job, t->heading[postcode_column], v, n);
    }
    free(v);
    return e;
}
