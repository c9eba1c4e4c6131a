// SPDX-License-Identifier: AGPL-3.0-or-later
// Covers src/web/page.h: escaping, numbers, addresses, sentences.
#include "base/base.h"
#include "web/page.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

struct fixture {
    struct arena a;
    struct buf out;
    struct page pg;
};

static int set_up(void **state)
{
    static struct fixture f;
    arena_init(&f.a);
    buf_init(&f.out, &f.a, 1 << 20);
    f.pg = (struct page){.out = &f.out, .a = &f.a, .token = STR("a\"b")};
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    arena_fini(&f->a);
    return 0;
}

#define assert_text(s, expected)                                                                   \
    do {                                                                                           \
        str text_ = (s);                                                                           \
        assert_int_equal(text_.n, strlen(expected));                                               \
        assert_memory_equal(text_.p, expected, text_.n);                                           \
    } while (0)

// What has been printed since the last look.
static str printed(struct fixture *f)
{
    str s = str_copy(&f->a, buf_text(&f->out));
    f->out.n = 0;
    return s;
}

static void text_is_escaped(void **state)
{
    struct fixture *f = *state;
    page_text(&f->pg, STR("<b>\"Rose Hill\" & 'Iffley'</b>"));
    assert_text(printed(f), "&lt;b&gt;&quot;Rose Hill&quot; &amp; &#39;Iffley&#39;&lt;/b&gt;");
    page_attr(&f->pg, "a\"><script>");
    assert_text(printed(f), "a&quot;&gt;&lt;script&gt;");
    page_text(&f->pg, STR_NONE);
    page_text(&f->pg, STR(""));
    page_text(&f->pg, (const char *)NULL);
    assert_text(printed(f), "");
    page_text(&f->pg, ((html){STR("<b>bold</b>")}));
    assert_text(printed(f), "<b>bold</b>");
}

// The quick look for something to escape must see every special byte at every place of texts of
// every length, and nothing else: held against the plain byte-by-byte escaper.
static void quick_look_agrees_with_slow(void **state)
{
    struct fixture *f = *state;
    for (size_t n = 1; n <= 40; n++)
        for (size_t at = 0; at < n; at++)
            for (int c = 1; c < 256; c++) {
                char t[40];
                memset(t, 'x', n);
                t[at] = (char)c;
                struct buf slow;
                char room[256];
                slow = (struct buf){.p = room, .cap = sizeof room, .max = sizeof room};
                buf_html_portable(&slow, (str){t, n});
                f->out.n = 0;
                page_text_str(&f->pg, (str){t, n});
                assert_int_equal(f->out.n, slow.n);
                assert_memory_equal(f->out.p, slow.p, slow.n);
            }
}

static void numbers_in_text_and_elsewhere(void **state)
{
    struct fixture *f = *state;
    static const struct {
        int64_t v;
        const char *text, *attr;
    } cases[] = {
        {0, "0", "0"},
        {999, "999", "999"},
        {1000, "1,000", "1000"},
        {-1000, "-1,000", "-1000"},
        {-999, "-999", "-999"},
        {1234567, "1,234,567", "1234567"},
        {INT64_MIN, "-9,223,372,036,854,775,808", "-9223372036854775808"},
    };
    for (size_t i = 0; i < countof(cases); i++) {
        page_text(&f->pg, cases[i].v);
        assert_text(printed(f), cases[i].text);
        page_attr(&f->pg, cases[i].v);
        assert_text(printed(f), cases[i].attr);
        page_url_part(&f->pg, cases[i].v);
        assert_text(printed(f), cases[i].attr);
    }
    page_text(&f->pg, UINT64_MAX);
    assert_text(printed(f), "18,446,744,073,709,551,615");
    page_text(&f->pg, (size_t)12345);
    assert_text(printed(f), "12,345");
}

static void days_in_text_and_elsewhere(void **state)
{
    struct fixture *f = *state;
    date d;
    assert_true(date_make(2026, 11, 23, &d));
    page_text(&f->pg, d);
    assert_text(printed(f), "23 November 2026");
    page_attr(&f->pg, d);
    assert_text(printed(f), "2026-11-23");
}

static void decimals_as_by_hand(void **state)
{
    struct fixture *f = *state;
    static const struct {
        double v;
        int decimals;
        const char *text, *plain;
    } cases[] = {
        {2.675, 2, "2.68", "2.68"},  // in binary a little less than the half it shows
        {1.005, 2, "1.01", "1.01"},  //
        {-2.5, 0, "-3", "-3"},       // away from zero
        {0.5, 0, "1", "1"},          //
        {0.125, 2, "0.13", "0.13"},  // an exact half
        {-0.004, 2, "0.00", "0.00"}, // no minus nought
        {0.05, 3, "0.050", "0.050"}, // the places asked for
        {12345.678, 1, "12,345.7", "12345.7"},
        {999.96, 1, "1,000.0", "1000.0"}, // carried into the commas
        {1234567890.0, 0, "1,234,567,890", "1234567890"},
        {123456789012.345, 2, "123,456,789,012.35", "123456789012.35"},
        {1e15, 1, "1000000000000000.0", "1000000000000000.0"},
    };
    for (size_t i = 0; i < countof(cases); i++) {
        assert_text(page_fixed(&f->a, cases[i].v, cases[i].decimals), cases[i].text);
        assert_text(page_fixed_plain(&f->a, cases[i].v, cases[i].decimals), cases[i].plain);
    }
}

static void parts_of_addresses(void **state)
{
    struct fixture *f = *state;
    page_url_part(&f->pg, STR("a b/c?d&e\"é"));
    assert_text(printed(f), "a%20b%2Fc%3Fd%26e%22%C3%A9");
    page_url(&f->pg, url_path(&f->a, "/areas/{}/people?q={}", STR("E01/x"), STR("a&b")));
    assert_text(printed(f), "/areas/E01%2Fx/people?q=a%26b");
    page_url(&f->pg, url_local(STR("/a?b=1&c=2")));
    assert_text(printed(f), "/a?b=1&amp;c=2");
}

static void addresses_somebody_typed(void **state)
{
    struct fixture *f = *state;
    static const char *const good[] = {
        "https://example.org",      "http://example.org/a?b#c", "/areas/E01",
        "mailto:hello@example.org", "HTTPS://EXAMPLE.ORG/",     "  https://example.org/ ",
    };
    static const char *const bad[] = {
        "",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "/\\evil.example",
        "https:evil.example",
        "https://",
        "https:///x",
        "https://bank.example@evil.example/",
        "https://a b.example/",
        "mailto:",
        "mailto:@x",
        "example.org",
        "ftp://example.org/",
        "/a\tb",
    };
    for (size_t i = 0; i < countof(good); i++) {
        url u = {STR_NONE};
        assert_true(url_check(&f->a, str_c(good[i]), &u));
        assert_true(str_eq(u.s, str_trim(str_c(good[i]))));
    }
    for (size_t i = 0; i < countof(bad); i++) {
        url u = {STR("untouched")};
        if (url_check(&f->a, str_c(bad[i]), &u))
            fail_msg("accepted: %s", bad[i]);
        assert_text(u.s, "untouched");
    }
}

static void token_field(void **state)
{
    struct fixture *f = *state;
    page_token(&f->pg);
    assert_text(printed(f), "<input type=\"hidden\" name=\"token\" value=\"a&quot;b\">");
}

static void sentences_take_values(void **state)
{
    struct fixture *f = *state;
    page_say(&f->pg, "{2} before {1}, {2} & {3} {x} {", 2,
             (struct page_arg[]){PAGE_ARG("<1>"), PAGE_ARG(2000)});
    assert_text(printed(f), "2,000 before &lt;1&gt;, 2,000 &amp; {3} {x} {");
    page_say(&f->pg, "plain", 0, NULL);
    assert_text(printed(f), "plain");
    page_say_n(&f->pg, 1, "one area", "{n} areas", 0, NULL);
    assert_text(printed(f), "one area");
    page_say_n(&f->pg, 12000, "one area of {1}", "{n} areas of {1}", 1,
               (struct page_arg[]){PAGE_ARG(STR("Oxford"))});
    assert_text(printed(f), "12,000 areas of Oxford");
    page_say_n(&f->pg, 0, "one area", "{n} areas", 0, NULL);
    assert_text(printed(f), "0 areas");
}

static void a_part_written_ahead(void **state)
{
    struct fixture *f = *state;
    struct buf b;
    buf_init(&b, &f->a, 1 << 10);
    struct page part = page_part(&f->pg, &b);
    page_raw(&part, "<p>", 3);
    page_text(&part, "a & b");
    page_text(&f->pg, page_part_html(&part));
    assert_text(printed(f), "<p>a &amp; b");
    page_text(&f->pg, html_escape(&f->a, STR("<&>")));
    assert_text(printed(f), "&lt;&amp;&gt;");
}

static void a_full_page_says_so(void **state)
{
    struct fixture *f = *state;
    struct buf small;
    buf_init(&small, &f->a, 8);
    struct page pg = page_part(&f->pg, &small);
    page_raw(&pg, "12345", 5);
    assert_false(small.full);
    page_raw(&pg, "6789", 4);
    assert_true(small.full);
    assert_text(buf_text(&small), "12345");
}

#define page_case(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        page_case(text_is_escaped),
        page_case(quick_look_agrees_with_slow),
        page_case(numbers_in_text_and_elsewhere),
        page_case(days_in_text_and_elsewhere),
        page_case(decimals_as_by_hand),
        page_case(parts_of_addresses),
        page_case(addresses_somebody_typed),
        page_case(token_field),
        page_case(sentences_take_values),
        page_case(a_part_written_ahead),
        page_case(a_full_page_says_so),
    };
    return cmocka_run_group_tests_name("web/page", tests, NULL, NULL);
}
