// SPDX-License-Identifier: AGPL-3.0-or-later
// Covers src/web/words.h: catalogues whole and damaged, plural rules, the choice of a language.
#include "base/base.h"
#include "base/buf.h"
#include "web/words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

static int set_up(void **state)
{
    static struct arena a;
    arena_init(&a);
    *state = &a;
    return 0;
}

static int tear_down(void **state)
{
    arena_fini(*state);
    return 0;
}

#define assert_text(s, expected)                                                                   \
    do {                                                                                           \
        str text_ = (s);                                                                           \
        assert_int_equal(text_.n, strlen(expected));                                               \
        assert_memory_equal(text_.p, expected, text_.n);                                           \
    } while (0)

// --- making a catalogue --------------------------------------------------------------------

struct pair {
    str id, text;
};

#define ARABIC "n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5"

static const struct pair pairs[] = {
    {STR(""), STR("Language: ar\nContent-Type: text/plain; charset=UTF-8\n"
                  "Plural-Forms: nplurals=6; plural=" ARABIC ";\n")},
    {STR("Home"), STR("الرئيسية")},
    {STR("one area\0{n} areas"), STR("zero\0one\0two\0few\0many\0other")},
};

static void put_word(struct buf *b, uint32_t v, bool swapped)
{
    v = swapped ? __builtin_bswap32(v) : v;
    buf_add(b, &v, sizeof v);
}

static void put_table(struct buf *b, size_t *at, bool texts, bool swapped)
{
    for (size_t i = 0; i < countof(pairs); i++) {
        str s = texts ? pairs[i].text : pairs[i].id;
        put_word(b, (uint32_t)s.n, swapped);
        put_word(b, (uint32_t)*at, swapped);
        *at += s.n + 1;
    }
}

// A .mo file as msgfmt lays it out, without the hash table.
static str make_mo(struct arena *a, bool swapped)
{
    struct buf b;
    buf_init(&b, a, 1 << 16);
    size_t n = countof(pairs), at = 28 + n * 16;
    const uint32_t head[] = {0x950412de, 0, (uint32_t)n, 28, (uint32_t)(28 + n * 8), 0, 0};
    for (size_t i = 0; i < countof(head); i++)
        put_word(&b, head[i], swapped);
    put_table(&b, &at, false, swapped);
    put_table(&b, &at, true, swapped);
    for (int texts = 0; texts < 2; texts++)
        for (size_t i = 0; i < n; i++) {
            buf_str(&b, texts ? pairs[i].text : pairs[i].id);
            buf_byte(&b, 0);
        }
    return buf_text(&b);
}

// --- catalogues ----------------------------------------------------------------------------

static void whole_catalogue_in_both_byte_orders(void **state)
{
    for (int swapped = 0; swapped < 2; swapped++) {
        struct words *w = NULL;
        assert_null(words_load(*state, make_mo(*state, swapped), &w));
        assert_text(words_find(w, STR("Home")), "الرئيسية");
        assert_text(words_find(w, STR("Not there")), "Not there");
        assert_text(words_find_n(w, STR("one area"), STR("{n} areas"), 0), "zero");
        assert_text(words_find_n(w, STR("one area"), STR("{n} areas"), 2), "two");
        assert_text(words_find_n(w, STR("one area"), STR("{n} areas"), 111), "many");
        assert_text(words_find_n(w, STR("one area"), STR("{n} areas"), 100), "other");
        assert_text(words_find_n(w, STR("x"), STR("y"), 100), "y");
    }
}

static void without_catalogue_english(void **state)
{
    assert_text(words_find(NULL, STR("Home")), "Home");
    assert_text(words_find_n(NULL, STR("one"), STR("many"), 1), "one");
    assert_text(words_find_n(NULL, STR("one"), STR("many"), 0), "many");
    assert_text(words_find_n(NULL, STR("one"), STR("many"), -1), "many");
}

// A file cut anywhere is refused; a file with any byte changed is refused or read, never more.
static void damaged_catalogues(void **state)
{
    str mo = make_mo(*state, false);
    for (size_t n = 0; n < mo.n; n++) {
        struct words *w = NULL;
        str cut = {arena_copy(*state, mo.p, n), n}; // its own block, so that ASan sees its end
        err e = words_load(*state, cut, &w);
        assert_non_null(e);
        assert_int_equal(e->kind, ERR_INVALID);
    }
    for (size_t i = 0; i < mo.n; i++)
        for (int bit = 0; bit < 8; bit++) {
            char *p = arena_copy(*state, mo.p, mo.n);
            p[i] = (char)(p[i] ^ (1 << bit));
            struct words *w = NULL;
            err e = words_load(*state, (str){p, mo.n}, &w);
            if (e)
                assert_int_equal(e->kind, ERR_INVALID);
            else
                (void)words_find_n(w, STR("one area"), STR("{n} areas"), 7);
        }
}

static void what_is_wrong_is_named(void **state)
{
    struct words *w = NULL;
    char *p = arena_copy(*state, make_mo(*state, false).p, make_mo(*state, false).n);
    size_t n = make_mo(*state, false).n;
    p[n - 2] = (char)0xff; // inside the last text
    err e = words_load(*state, (str){p, n}, &w);
    assert_non_null(e);
    assert_true(str_find(e->sentence, STR("not UTF-8"), 0) < e->sentence.n);
    e = words_load(*state, STR("PK\3\4 something else altogether, but long enough"), &w);
    assert_non_null(e);
    assert_true(str_find(e->sentence, STR("does not begin"), 0) < e->sentence.n);
}

// --- plurals -------------------------------------------------------------------------------

static void plural_rules(void **state)
{
    static const struct {
        const char *rule;
        uint64_t n;
        unsigned form;
    } cases[] = {
        {"nplurals=2; plural=n != 1;", 1, 0},
        {"nplurals=2; plural=n != 1;", 0, 1},
        {"nplurals=2; plural=(n > 1)", 1, 0},
        {"nplurals=1; plural=0;", 5, 0},
        {"nplurals=2;plural=!n;", 0, 1},
        {"nplurals=3; plural=n-1*2+4/2%2;", 3, 1}, // 3 - 2 + (4/2)%2 = 1
        {"nplurals=2; plural=n==1 || n==5 && n==6;", 1, 1},
        {"nplurals=2; plural=n<2 == 1;", 1, 1},
        {"nplurals=2; plural=n/0;", 1, 0},
        {"nplurals=2; plural=n%0;", 1, 0},
        {"nplurals=2; plural=n;", 9, 0}, // points to no form
        {"nplurals=6; plural=" ARABIC ";", 5, 3},
        {"nplurals=6; plural=" ARABIC ";", 11, 4},
        {"nplurals=6; plural=" ARABIC ";", 102, 5},
        // Polish, as gettext's manual has it
        {"nplurals=3; plural=n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2;", 22,
         1},
        {"nplurals=3; plural=n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2;", 12,
         2},
    };
    for (size_t i = 0; i < countof(cases); i++) {
        struct plural *p = NULL;
        assert_null(plural_parse(*state, str_c(cases[i].rule), &p));
        if (plural_of(p, cases[i].n) != cases[i].form)
            fail_msg("%s: %lu gives %u", cases[i].rule, (unsigned long)cases[i].n,
                     plural_of(p, cases[i].n));
    }
}

static void plural_rules_refused(void **state)
{
    static const char *const bad[] = {
        "",
        "nplurals=2;",
        "plural=0;",
        "nplurals=0; plural=0;",
        "nplurals=9; plural=0;",
        "nplurals=2; plural=;",
        "nplurals=2; plural=n +;",
        "nplurals=2; plural=(n;",
        "nplurals=2; plural=n);",
        "nplurals=2; plural=n ? 1;",
        "nplurals=2; plural=m;",
        "nplurals=2; plural=n = 1;",
        "nplurals=2; plural=99999999999999999999;",
        "nplurals=2; plural=system(1);",
    };
    for (size_t i = 0; i < countof(bad); i++) {
        struct plural *p = NULL;
        if (!plural_parse(*state, str_c(bad[i]), &p))
            fail_msg("accepted: %s", bad[i]);
    }
}

static void endless_plural_rules_are_refused(void **state)
{
    struct buf deep, wide;
    buf_init(&deep, *state, 1 << 20);
    buf_init(&wide, *state, 1 << 20);
    buf_c(&deep, "nplurals=2; plural=");
    buf_c(&wide, "nplurals=2; plural=n");
    for (int i = 0; i < 100000; i++) {
        buf_byte(&deep, '(');
        buf_c(&wide, "+n");
    }
    struct plural *p = NULL;
    assert_non_null(plural_parse(*state, buf_text(&deep), &p));
    assert_non_null(plural_parse(*state, buf_text(&wide), &p));
}

// --- choosing ------------------------------------------------------------------------------

static void language_of_a_reader(void **state)
{
    static const struct words_language on_offer[] = {
        {.tag = STR("en-GB")}, {.tag = STR("cy")}, {.tag = STR("ar-XB")}, {.tag = STR("en-XA")}};
    const struct words_set set = {on_offer, countof(on_offer)};
    static const struct {
        const char *cookie, *accept, *chosen;
    } cases[] = {
        {NULL, NULL, "en-GB"},
        {"cy", "en-GB", "cy"},
        {"CY", NULL, "cy"},
        {"xx", "cy", "cy"},
        {NULL, "cy-GB,en;q=0.8", "cy"},
        {NULL, "en-US,en;q=0.9,cy;q=0.8", "en-GB"},
        {NULL, "fr, de;q=0.9", "en-GB"},
        {NULL, "fr, cy;q=0.1", "cy"},
        {NULL, "en;q=0.2, cy;q=0.9", "cy"},
        {NULL, "en;q=0, *;q=0.5", "cy"},
        {NULL, "*", "en-GB"},
        {NULL, "cy;q=0", "en-GB"},
        {NULL, "ar, cy", "ar-XB"},
        {NULL, "cy, ar", "cy"},
        {NULL, "cy;q=oops, ar;q=0.1", "ar-XB"},
        {NULL, ",,;;q=1,-,en-", "en-GB"},
        {NULL, "en-XA", "en-XA"},
    };
    for (size_t i = 0; i < countof(cases); i++) {
        str tag = words_choose(set, str_c(cases[i].cookie), str_c(cases[i].accept))->tag;
        if (!str_eq(tag, str_c(cases[i].chosen)))
            fail_msg("case %zu gives %.*s", i, (int)tag.n, tag.p);
    }
}

static void direction_of_a_language(void **state)
{
    assert_text(words_dir(STR("ar-XB")), "rtl");
    assert_text(words_dir(STR("UR")), "rtl");
    assert_text(words_dir(STR("en-GB")), "ltr");
    assert_text(words_dir(STR("arn")), "ltr");
}

#define words_case(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        words_case(whole_catalogue_in_both_byte_orders),
        words_case(without_catalogue_english),
        words_case(damaged_catalogues),
        words_case(what_is_wrong_is_named),
        words_case(plural_rules),
        words_case(plural_rules_refused),
        words_case(endless_plural_rules_are_refused),
        words_case(language_of_a_reader),
        words_case(direction_of_a_language),
    };
    return cmocka_run_group_tests_name("web/words", tests, NULL, NULL);
}
