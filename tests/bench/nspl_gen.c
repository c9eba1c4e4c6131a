// SPDX-License-Identifier: AGPL-3.0-or-later
// Makes the yardstick for postcode imports: a file with the headings, quoting, sizes and oddities
// of a National Statistics Postcode Lookup of the 2011-census edition, in which no postcode is
// real. The same seed and row count give the same bytes, on every machine.
//
//   nspl_gen --out FILE [--rows 2700000] [--seed 1]
//
// What it keeps of the real file: 41 columns; codes and grid numbers quoted, latitude, longitude
// and deprivation rank bare; `pcd` seven wide, `pcd2` eight wide, `pcds` with one space; rows in
// the order of `pcd`; northings with leading noughts; 35 % terminated; about 18 % large users;
// 3 % without a position (99.999999, 0.000000, empty codes, rank 0); pseudo codes ("E99999999")
// where a country has no such area. Latitude and longitude belong to the grid numbers. Postcodes
// OX1 to OX4 lie in district E07000178, so that an import of one district can be measured too.
//
// Prints one line of JSON: rows, bytes, and a BLAKE2b checksum of the content.
#include "base/base.h"

#include "nspl_rows.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/random.h"

#include <errno.h>
#include <getopt.h>
#include <sodium.h>
#include <stdio.h>

enum { BLOCK = 1 << 20, ROW_MAX = 1024 };

struct output {
    FILE *file;
    struct buf block; // what waits to be written
    crypto_generichash_state sum;
    int64_t bytes;
};

static err flush(struct arena *a, struct output *out)
{
    str text = buf_text(&out->block);
    ASSERT(!out->block.full);
    crypto_generichash_update(&out->sum, (const unsigned char *)text.p, text.n);
    if (fwrite(text.p, 1, text.n, out->file) != text.n)
        return err_new(a, ERR_IO, "The file cannot be written: %s.", strerror(errno));
    out->bytes += (int64_t)text.n;
    out->block.n = 0;
    return NULL;
}

static err write_rows(struct arena *a, struct output *out, struct nspl *town)
{
    nspl_heading(&out->block);
    while (nspl_next(town, &out->block))
        if (out->block.n > BLOCK - ROW_MAX)
            TRY(flush(a, out));
    return flush(a, out);
}

static err write_file(struct arena *a, const char *path, int64_t rows, uint64_t seed,
                      struct output *out)
{
    struct nspl town;
    if (!nspl_init(&town, a, rows, seed))
        return err_new(a, ERR_INVALID, "There is room for %lld postcodes, not for %lld.",
                       (long long)nspl_room(&town), (long long)rows);
    out->file = fopen(path, "we");
    if (!out->file)
        return err_new(a, ERR_IO, "%s cannot be written: %s.", path, strerror(errno));
    buf_init(&out->block, a, BLOCK);
    crypto_generichash_init(&out->sum, NULL, 0, crypto_generichash_BYTES);
    err e = write_rows(a, out, &town);
    if (fclose(out->file) != 0 && !e)
        e = err_new(a, ERR_IO, "%s cannot be written: %s.", path, strerror(errno));
    return e;
}

static void report(struct arena *a, int64_t rows, struct output *out)
{
    unsigned char sum[crypto_generichash_BYTES];
    crypto_generichash_final(&out->sum, sum, sizeof sum);
    struct buf b;
    struct json j;
    buf_init(&b, a, 4096);
    json_init(&j, &b);
    json_open(&j, '{');
    json_kv_i64(&j, "rows", rows);
    json_kv_i64(&j, "bytes", out->bytes);
    json_kv_str(&j, "blake2b", hex_of(a, sum, sizeof sum));
    json_close(&j, '}');
    printf("%" PRIstr "\n", ARGstr(buf_text(&b)));
}

static bool options_read(int argc, char **argv, const char **path, int64_t *rows, int64_t *seed)
{
    static const struct option names[] = {
        {"out", 1, NULL, 'o'}, {"rows", 1, NULL, 'n'}, {"seed", 1, NULL, 's'}, {NULL, 0, NULL, 0}};
    for (int c; (c = getopt_long(argc, argv, "", names, NULL)) != -1;) {
        if (c == 'o')
            *path = optarg;
        else if (c != 'n' && c != 's')
            return false;
        else if (!str_to_i64(str_c(optarg), c == 'n' ? rows : seed))
            return false;
    }
    return *path && *rows > 0 && optind == argc;
}

int main(int argc, char **argv)
{
    const char *path = NULL;
    int64_t rows = 2700000, seed = 1;
    if (!options_read(argc, argv, &path, &rows, &seed)) {
        fprintf(stderr, "usage: nspl_gen --out FILE [--rows 2700000] [--seed 1]\n");
        return 2;
    }
    struct arena a;
    arena_init(&a);
    struct output out = {0};
    err e = write_file(&a, path, rows, (uint64_t)seed, &out);
    if (e)
        fprintf(stderr, "nspl_gen: %" PRIstr "\n", ARGstr(err_text(&a, e)));
    else
        report(&a, rows, &out);
    arena_fini(&a);
    return e ? 1 : 0;
}
