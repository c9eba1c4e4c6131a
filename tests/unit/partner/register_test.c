// SPDX-License-Identifier: AGPL-3.0-or-later
// Reading a register of organisations: what stops the file, what is flagged, and the real list of
// local authorities.
#include "base/base.h"
#include "partner/partner.h"
#include "data.h"

static struct arena a;

static int begin(void **state)
{
    UNUSED(state);
    arena_init(&a);
    return 0;
}

static int finish(void **state)
{
    UNUSED(state);
    arena_fini(&a);
    return 0;
}

#define same(x, y) assert_true(str_eq((x), str_c(y)))

static struct register_file read(const char *text)
{
    struct register_file f;
    assert_null(register_read(&a, str_c(text), STR("test.csv"), &f));
    return f;
}

static void refused(const char *text, int64_t row, const char *column, const char *words)
{
    struct register_file f = read(text);
    assert_true(f.n_problems > 0);
    assert_int_equal(f.problem[0].row, row);
    if (column)
        same(f.problem[0].column, column);
    else
        assert_true(str_is_none(f.problem[0].column));
    if (str_find(f.problem[0].sentence, str_c(words), 0) == f.problem[0].sentence.n)
        fail_msg("“%.*s” does not say “%s”", (int)f.problem[0].sentence.n, f.problem[0].sentence.p,
                 words);
}

static void reads_the_columns_it_knows(void **state)
{
    UNUSED(state);
    struct register_file f =
        read("\xEF\xBB\xBForg_id,name,normalised_name,gss_code,area_name,"
             "area_type,active\r\n"
             "GB-LAE-QXM,Millbrook City Council,Millbrook,E07990001,x,E07,TRUE\r\n"
             "GB-LAE-QXO,\"Old, Town\",,,,E07,FALSE\r\n");
    assert_int_equal(f.n_problems, 0);
    assert_int_equal(f.n, 2);
    same(f.row[0].name, "Millbrook City Council");
    same(f.row[0].alias, "Millbrook");
    same(f.row[0].area_code, "E07990001");
    assert_false(f.row[0].closed);
    same(f.row[1].name, "Old, Town");
    assert_true(str_is_none(f.row[1].alias));
    assert_true(str_is_none(f.row[1].area_code));
    assert_true(f.row[1].closed);
    assert_int_equal(f.closed, 1);
    assert_int_equal(f.without_area, 1);
    same(f.licence, "Open Government Licence v3.0");
}

static void another_table_says_no_licence(void **state)
{
    UNUSED(state);
    struct register_file f = read("Name;Org ID\nThe Hub;GB-CHC-1153055\n");
    assert_int_equal(f.n_problems, 0);
    assert_int_equal(f.n, 1);
    same(f.row[0].id.value, "1153055");
    assert_true(str_is_none(f.licence));
}

static void a_fault_names_row_and_column(void **state)
{
    UNUSED(state);
    refused("", 0, NULL, "empty");
    refused("name\nThe Hub\n", 1, NULL, "org_id");
    refused("org_id\nGB-CHC-1153055\n", 1, NULL, "called name");
    refused("org_id,name\n", 1, NULL, "no rows");
    refused("org_id,name\nGB-CHC-1153055,The Hub\nGB-CHC-1153056,\n", 3, "name", "no name");
    refused("org_id,name\nGB-CHC-1153055,The Hub\nGB-CHC- 1153055,Hub\n", 3, "org_id", "row 2");
    refused("org_id,name,gss_code\nGB-LAE-OXO,Oxford,E0700178\n", 2, "gss_code", "E0700178");
    refused("org_id,name,active\nGB-LAE-OXO,Oxford,perhaps\n", 2, "active", "TRUE nor FALSE");
    refused("org_id,name\nGB-LAE-OXO\n", 2, NULL, "1 fields");
    refused("org_id,name\n\"GB-LAE-OXO,Oxford\n", 0, NULL, "quotation mark");
}

static void odd_numbers_are_flagged_and_kept(void **state)
{
    UNUSED(state);
    struct register_file f =
        read("org_id,name\nGB-COH-NA,One\nGB-COH-NA,Two\nGB-COH-9506232,Three\n"
             "GB-CHC- 1153055 ,Four\n");
    assert_int_equal(f.n_problems, 0); // two bodies keyed …-NA are no clash
    assert_int_equal(f.n, 4);
    assert_int_equal(f.n_flags, 4);
    assert_int_equal(f.flag[2].row, 4);
    assert_true(str_find(f.flag[2].sentence, STR("09506232"), 0) < f.flag[2].sentence.n);
    same(f.row[2].id.value, "9506232");
    assert_true(f.row[3].id.sound);
    same(f.row[3].id.value, "1153055");
}

static void another_encoding_is_noticed(void **state)
{
    UNUSED(state);
    struct register_file f = read("org_id,name\nGB-CHC-1153055,S\xD3L\xC1S\n");
    assert_int_equal(f.n_problems, 0);
    assert_int_equal(f.n_flags, 1);
    same(f.row[0].name, "SÓLÁS");
}

static void the_list_of_local_authorities(void **state)
{
    UNUSED(state);
    struct register_file f;
    str text = data_or_skip(&a, "the_list_of_local_authorities",
                            "oxford/organisations/la_orgid_to_gss.csv");
    assert_null(register_read(&a, text, STR("la_orgid_to_gss.csv"), &f));
    assert_int_equal(f.n_problems, 0);
    assert_int_equal(f.n, 459);
    assert_int_equal(f.closed, 53);
    assert_int_equal(f.without_area, 25);
    assert_int_equal(f.n_flags, 0); // every one keeps its scheme's shape
    size_t found = 0;
    for (size_t i = 0; i < f.n; i++)
        if (str_eq(f.row[i].id.value, STR("OXO")) || str_eq(f.row[i].id.value, STR("OXF")))
            found++;
    assert_int_equal(found, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_columns_it_knows),
        cmocka_unit_test(another_table_says_no_licence),
        cmocka_unit_test(a_fault_names_row_and_column),
        cmocka_unit_test(odd_numbers_are_flagged_and_kept),
        cmocka_unit_test(another_encoding_is_noticed),
        cmocka_unit_test(the_list_of_local_authorities),
    };
    return cmocka_run_group_tests(tests, begin, finish);
}
