// SPDX-License-Identifier: AGPL-3.0-or-later
// Covers place/import_bytes.c: files that are no text are named for what they are; text of every
// encoding is read; a stray control character does not make a table something else.
#include "base/base.h"
#include "place/import.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define BYTES(literal) ((str){("" literal), sizeof(literal) - 1})

static str refusal(struct arena *a, str bytes, const char *name, const char *family)
{
    struct import_job *job;
    struct import_opts o = {.family = str_c(family)};
    err e = import_open(a, bytes, str_c(name), &o, &job);
    return e ? err_root(e) : STR("");
}

static void assert_refusal(str bytes, const char *name, const char *want)
{
    struct arena a;
    arena_init(&a);
    str said = refusal(&a, bytes, name, "");
    if (!str_eq(said, str_c(want)))
        fail_msg("“%.*s”, not “%s”", (int)said.n, said.p, want);
    arena_fini(&a);
}

static void a_file_is_named_for_what_it_is(void **state)
{
    (void)state;
    assert_refusal(BYTES("PK\x03\x04\x14\0\0\0\x08\0Data/"), "nspl.zip",
                   "nspl.zip is a ZIP archive, not a text file. Unpack it and choose the CSV or "
                   "GeoJSON inside.");
    assert_refusal(BYTES("PK\x03\x04\x14\0_rels/.rels.........xl/workbook.xml....PK\x05\x06"),
                   "figures", // told by what is inside
                   "figures is an Excel workbook (.xlsx), not a text file. Open it and save the "
                   "sheet you want as CSV.");
    assert_refusal(BYTES("PK\x03\x04rest"), "FIGURES.XLSX", // told by its name
                   "FIGURES.XLSX is an Excel workbook (.xlsx), not a text file. Open it and save "
                   "the sheet you want as CSV.");
    assert_refusal(
        BYTES("PK\x03\x04....mimetypeapplication/vnd.oasis.opendocument.spreadsheet"), "f.bin",
        "f.bin is a spreadsheet (.ods), not a text file. Open it and save the sheet you want as "
        "CSV.");
    assert_refusal(BYTES("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0"), "old.xls",
                   "old.xls is an older Excel workbook (.xls), not a text file. Open it and save "
                   "the sheet you want as CSV.");
    assert_refusal(BYTES("%PDF-1.7\n%\xe2\xe3"), "ward.pdf",
                   "ward.pdf is a PDF document, not a text file. Look where it was published for "
                   "the same figures as CSV.");
    assert_refusal(
        BYTES("\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), "map.geojson",
        "map.geojson is a picture (PNG), not a text file. Choose a CSV or GeoJSON file.");
    assert_refusal(BYTES("SQLite format 3\0\x10"), "wards.gpkg",
                   "wards.gpkg is a database (GeoPackage or SQLite), not a text file. Save its "
                   "borders as GeoJSON, or its table as CSV.");
}

// Whatever family was chosen: what it is goes before what it should be.
static void also_when_a_family_was_chosen(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a);
    static const char *const families[] = {"areas", "postcodes", "long"};
    for (size_t i = 0; i < countof(families); i++) {
        str said = refusal(&a, BYTES("PK\x03\x04\x14\0"), "a.zip", families[i]);
        assert_true(str_starts(said, STR("a.zip is a ZIP archive, not a text file.")));
    }
    arena_fini(&a);
}

static void bytes_that_are_nothing_we_know(void **state)
{
    (void)state;
    assert_refusal(BYTES("\x7f"
                         "ELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0"),
                   "program",
                   "program is not a text file. A table has to be CSV, a map GeoJSON or TopoJSON.");
    assert_refusal(BYTES("\xff\xfeP\0o\0s\0t\0"), "u.csv",
                   "u.csv is in UTF-16. Save it again as “CSV UTF-8”.");
}

static void text_stays_text(void **state)
{
    (void)state;
    static const str good[] = {
        STR("Postcode,lat,long\nOX1 1AA,51.75,-1.26\n"),
        STR("\xef\xbb\xbfPostcode\tlat\tlong\r\nOX1 1AA\t51.75\t-1.26\r\n"),
        STR("PKW,Postcode,lat,long\nPK,OX1 1AA,51.75,-1.26\n"), // not every PK is an archive
        STR("Postcode,lat,long,Caf\xe9\nOX1 1AA,51.75,-1.26,x\n"),
        // one NUL: the table's own reader tells its row and column
        BYTES("Postcode,lat,long\n\0OX1 1AA,51.75,-1.26\nOX1 1AB,51.75,-1.26\n"),
    };
    struct arena a;
    arena_init(&a);
    for (size_t i = 0; i < countof(good); i++) {
        str said = refusal(&a, good[i], "good.csv", "postcodes");
        if (said.n)
            fail_msg("%zu: %.*s", i, (int)said.n, said.p);
    }
    arena_fini(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_named_for_what_it_is),
        cmocka_unit_test(also_when_a_family_was_chosen),
        cmocka_unit_test(bytes_that_are_nothing_we_know),
        cmocka_unit_test(text_stays_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
