// SPDX-License-Identifier: AGPL-3.0-or-later
// Covers place/import_cli.c and place/place_cli.c through the program's own command line: what is
// said, the exit status, and that a file in error or a dry run leaves the database as it was.
#include "base/base.h"
#include "app/app.h"
#include "base/file.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

struct world {
    struct arena a;
    char folder[64];
    const char *db;
    str out, says; // of the last command
};

static const char wards[] = "WDCD,WDNM,LADCD,LADNM,SOURCEFILE,COLOUR\n"
                            "E05000001,Mill End,E07000999,Millbrook,2016,red\n"
                            "E05000002,St Mary's,E07000999,Millbrook,2016,blue\n";
static const char broken[] = "WDCD,WDNM,LADCD,LADNM,SOURCEFILE\n"
                             "E05000001,Mill End,E07000999,Millbrook,2016\n"
                             "E0500002,St Mary's,E07000999,Millbrook,2016\n"
                             "E05000003,,E07000999,Millbrook,2016\n";
static const char drawn[] =
    "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":"
    "{\"WD25CD\":\"E05000001\",\"WD25NM\":\"Mill End\"},\"geometry\":{\"type\":\"Polygon\","
    "\"coordinates\":[[[-1,51],[-1,51.1],[0,51.1],[-1,51]]]}}]}";

static struct world *world_open(void)
{
    struct world *w = calloc(1, sizeof *w);
    assert_non_null(w);
    assert_true(sodium_init() >= 0);
    arena_init(&w->a);
    snprintf(w->folder, sizeof w->folder, "%s/doorstep-cli-XXXXXX", P_tmpdir);
    assert_non_null(mkdtemp(w->folder));
    w->db = str_fmt(&w->a, "%s/zone.db", w->folder).p;
    return w;
}

static const char *path_of(struct world *w, const char *name)
{
    return str_fmt(&w->a, "%s/%s", w->folder, name).p;
}

static const char *put(struct world *w, const char *name, const char *text)
{
    const char *path = path_of(w, name);
    assert_null(file_write(&w->a, path, str_c(text)));
    return path;
}

static void world_close(struct world *w)
{
    static const char *const names[] = {"zone.db", "zone.db-wal", "zone.db-shm", "zone.db.lock",
                                        "a.csv",   "b.csv",       "c.geojson",   "report.csv"};
    for (size_t i = 0; i < countof(names); i++)
        unlink(path_of(w, names[i]));
    (void)rmdir(w->folder);
    arena_fini(&w->a);
    free(w);
}

// Runs `doorstep --db … WORDS`; the words end with NULL.
static int run(struct world *w, const char *first, ...)
{
    const char *argv[32] = {"doorstep", "--db", w->db};
    int argc = 3;
    va_list ap;
    va_start(ap, first);
    for (const char *s = first; s && argc < 31; s = va_arg(ap, const char *))
        argv[argc++] = s;
    va_end(ap);
    char *text[2] = {NULL, NULL};
    size_t n[2] = {0, 0};
    FILE *out = open_memstream(&text[0], &n[0]), *says = open_memstream(&text[1], &n[1]);
    assert_true(out && says);
    int status = app_main(argc, (char **)(uintptr_t)argv, stdin, out, says);
    fclose(out);
    fclose(says);
    w->out = str_copy(&w->a, (str){text[0], n[0]});
    w->says = str_copy(&w->a, (str){text[1], n[1]});
    free(text[0]);
    free(text[1]);
    return status;
}

static void has(str text, const char *part)
{
    if (str_find(text, str_c(part), 0) == text.n)
        fail_msg("“%.*s” does not say “%s”", (int)text.n, text.p, part);
}

static str bytes_of(struct world *w, const char *path)
{
    str text;
    assert_null(file_map(&w->a, path, 1 << 30, &text));
    return str_copy(&w->a, text);
}

static void loading_telling_undoing(void **state)
{
    (void)state;
    struct world *w = world_open();
    const char *file = put(w, "a.csv", wards);
    assert_int_equal(run(w, "import", "areas", file, NULL), 0);
    has(w->out, "Columns passed over: COLOUR\n");
    has(w->out, "Loaded 2 names (ward, 2016) from a.csv. Undo: doorstep import undo 1\n");
    assert_int_equal(run(w, "import", "areas", file, NULL), 0);
    has(w->out, "a.csv is loaded already, as import 1. Nothing has changed.");
    assert_int_equal(run(w, "import", "list", "--format", "json", NULL), 0);
    has(w->out, "\"kind\":\"area-names\",\"file\":\"a.csv\"");
    has(w->out, "\"rows_loaded\":2");
    assert_int_equal(run(w, "import", "undo", "1", NULL), 0);
    assert_int_equal(run(w, "import", "list", NULL), 0);
    has(w->out, "Nothing has been imported yet.");
    assert_int_equal(run(w, "import", "undo", "1", NULL), 1);
    has(w->says, "There is no import number 1.");
    assert_int_equal(run(w, "import", "undo", "one", NULL), 2);
    world_close(w);
}

// Before anything is loaded: is it there already?
static void a_file_that_is_there_already(void **state)
{
    (void)state;
    struct world *w = world_open();
    const char *file = put(w, "a.csv", wards);
    assert_int_equal(run(w, "import", "areas", file, NULL), 0);
    assert_int_equal(run(w, "import", "areas", file, "--dry-run", NULL), 0);
    has(w->out, "a.csv is loaded already, as import 1 of ");
    has(w->out, ". Loading it again would change nothing.\n");
    has(w->out, "Nothing was written: this was a dry run.\n");
    // read in another way it is another import
    assert_int_equal(run(w, "import", "areas", file, "--kind", "lad", NULL), 0);
    has(w->out, "a.csv is loaded already, as import 1 of ");
    has(w->out, ", but was read in another way: this makes one more import of it.\n");
    has(w->out, "Undo: doorstep import undo 2\n");
    assert_int_equal(run(w, "import", "undo", "1", NULL), 0);
    assert_int_equal(run(w, "import", "undo", "2", NULL), 0);
    assert_int_equal(run(w, "import", "areas", file, "--dry-run", NULL), 0);
    has(w->out, "2 names (ward, 2016) from 2 rows would be loaded.\n");
    world_close(w);
}

// Wards with their district: a lookup by its headings, and areas when areas are asked for.
static void areas_are_what_was_asked_for(void **state)
{
    (void)state;
    struct world *w = world_open();
    const char *file = put(w, "a.csv",
                           "WD25CD,WD25NM,LAD25CD,LAD25NM\n"
                           "E05000001,Mill End,E07000999,Millbrook\n"
                           "E05000002,St Mary's,E07000999,Millbrook\n");
    assert_int_equal(run(w, "init", "--name", "Mill", "--challenge", "How might we?", NULL), 0);
    assert_int_equal(run(w, "import", "areas", file, "--dry-run", NULL), 0);
    has(w->out, "a.csv: Names of areas.");
    assert_int_equal(run(w, "import", "areas", file, "--as", "areas", NULL), 1);
    has(w->says, "a.csv is not JSON, row 1 shows: a table holds no borders.");
    has(w->says, "(--as area-names)");
    assert_int_equal(run(w, "import", "areas", file, "--as", "area-names", NULL), 0);
    has(w->out, "Loaded 2 names (ward, 2025) from a.csv.");
    assert_int_equal(run(w, "import", "auto", file, "--dry-run", NULL), 0);
    has(w->out, "a.csv: Lookup between areas.");
    world_close(w);
}

static void the_help_says_which_file_of_the_archive(void **state)
{
    (void)state;
    struct world *w = world_open();
    assert_int_equal(run(w, "help", "import", "postcodes", NULL), 0);
    has(w->out, "unpack it and give Data/NSPL_…_UK.csv");
    has(w->out, "Data/multi_csv");
    assert_int_equal(run(w, "init", "--name", "Mill", "--challenge", "How might we?", NULL), 0);
    assert_int_equal(run(w, "import", "postcodes", put(w, "a.csv", "PK\x03\x04rest"), NULL), 1);
    has(w->says, "a.csv is a ZIP archive, not a text file. Unpack it and choose the CSV");
    world_close(w);
}

static void a_bad_file_changes_no_byte(void **state)
{
    (void)state;
    struct world *w = world_open();
    assert_int_equal(run(w, "import", "areas", put(w, "a.csv", wards), NULL), 0);
    str before = bytes_of(w, w->db);
    const char *bad = put(w, "b.csv", broken), *report = path_of(w, "report.csv");
    assert_int_equal(run(w, "import", "areas", bad, "--report", report, NULL), 1);
    has(w->says, "b.csv: row 3, column WDCD: “E0500002” is not an area code");
    has(w->says, "b.csv: row 4, column WDNM: E05000003 has no name.\n");
    has(w->says, "doorstep: b.csv: row 3, column WDCD: ");
    has(w->says, "(and 1 more)");
    str after = bytes_of(w, w->db);
    assert_true(str_eq(before, after));
    str told = bytes_of(w, report);
    has(told, "file,weight,row,column,sentence\r\n");
    has(told, "b.csv,problem,4,WDNM,E05000003 has no name.\r\n");
    // files that are none
    assert_int_equal(run(w, "import", "areas", path_of(w, "none.csv"), NULL), 1);
    has(w->says, "none.csv");
    assert_int_equal(run(w, "import", "areas", put(w, "b.csv", "a,b\n1,2\n"), NULL), 1);
    has(w->says, "b.csv: row 1 has no headings we know");
    assert_int_equal(run(w, "import", "areas", put(w, "c.geojson", "{\"type\":"), NULL), 1);
    has(w->says, "cut short");
    assert_int_equal(run(w, "import", "areas", put(w, "b.csv", ""), NULL), 1);
    has(w->says, "b.csv is empty");
    assert_true(str_eq(before, bytes_of(w, w->db)));
    world_close(w);
}

static void a_dry_run_writes_nothing(void **state)
{
    (void)state;
    struct world *w = world_open();
    const char *file = put(w, "a.csv", wards);
    assert_int_equal(run(w, "import", "areas", file, "--dry-run", NULL), 1); // nor makes a database
    assert_int_equal(access(w->db, F_OK), -1);
    assert_int_equal(run(w, "init", "--name", "Mill", "--challenge", "How might we?", NULL), 0);
    str before = bytes_of(w, w->db);
    assert_int_equal(run(w, "import", "areas", file, "--dry-run", NULL), 0);
    has(w->out, "  WDCD: code of the ward\n");
    has(w->out, "  SOURCEFILE: year\n");
    has(w->out, "Nothing was written: this was a dry run. 2 names (ward, 2016) from 2 rows");
    assert_int_equal(run(w, "import", "list", NULL), 0);
    has(w->out, "Nothing has been imported yet.");
    assert_true(str_eq(before, bytes_of(w, w->db)));
    world_close(w);
}

static void the_wrong_command_says_the_right_one(void **state)
{
    (void)state;
    struct world *w = world_open();
    const char *file = put(w, "a.csv", wards);
    assert_int_equal(run(w, "import", "indicators", file, NULL), 1);
    has(w->says, "Use: doorstep import areas");
    assert_int_equal(run(w, "import", "areas", file, "--kind", "parish", NULL), 2);
    assert_int_equal(run(w, "import", "areas", file, "--vintage", "21", NULL), 2);
    assert_int_equal(run(w, "import", "indicators", file, "--as", "gossip", NULL), 2);
    assert_int_equal(run(w, "import", "indicators", file, "--mapping", "none", NULL), 1);
    has(w->says, "There is no saved mapping called none.");
    assert_int_equal(run(w, "import", "areas", NULL), 2);
    world_close(w);
}

static void several_files_each_for_itself(void **state)
{
    (void)state;
    struct world *w = world_open();
    const char *good = put(w, "a.csv", wards), *bad = put(w, "b.csv", broken),
               *map = put(w, "c.geojson", drawn);
    assert_int_equal(run(w, "import", "auto", good, bad, map, NULL), 1);
    has(w->out, "Loaded 2 names (ward, 2016) from a.csv.");
    has(w->out, "Loaded 1 area (ward 2025) from c.geojson.");
    has(w->says, "1 of 3 files were not loaded.");
    world_close(w);
}

static void the_zone_from_the_command_line(void **state)
{
    (void)state;
    struct world *w = world_open();
    assert_int_equal(run(w, "init", "--name", "Mill", NULL), 2);
    assert_int_equal(run(w, "init", "--name", "Mill", "--challenge", "How might we?", "--starts",
                         "2019-01-31", NULL),
                     0);
    assert_int_equal(run(w, "init", "--name", "Mill", "--challenge", "How might we?", NULL), 1);
    has(w->says, "has a zone already: Mill.");
    assert_int_equal(run(w, "import", "areas", put(w, "c.geojson", drawn), NULL), 0);
    assert_int_equal(run(w, "zone", "set-areas", "E05000001", "E05000008", "E05000009", NULL), 1);
    has(w->says, "No area has the codes E05000008, E05000009.");
    assert_int_equal(run(w, "zone", "set-areas", "e05000001", "--from", "2019-02-01", NULL), 0);
    has(w->out, "From 1 February 2019 the zone is made of 1 area.");
    assert_int_equal(run(w, "zone", "show", NULL), 0);
    has(w->out, "Starts 31 January 2019.");
    has(w->out, "  E05000001  Mill End (ward 2025), since 1 February 2019\n");
    assert_int_equal(run(w, "zone", "show", "--on", "2019-01-31", "--format", "json", NULL), 0);
    has(w->out, "\"areas\":[]");
    assert_int_equal(run(w, "zone", "set-areas", "E05000001", "--from", "tomorrow", NULL), 2);
    world_close(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loading_telling_undoing),
        cmocka_unit_test(a_file_that_is_there_already),
        cmocka_unit_test(areas_are_what_was_asked_for),
        cmocka_unit_test(the_help_says_which_file_of_the_archive),
        cmocka_unit_test(a_bad_file_changes_no_byte),
        cmocka_unit_test(a_dry_run_writes_nothing),
        cmocka_unit_test(the_wrong_command_says_the_right_one),
        cmocka_unit_test(several_files_each_for_itself),
        cmocka_unit_test(the_zone_from_the_command_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
