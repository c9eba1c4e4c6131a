// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "reply.h"

#include "base/str.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

// Feeds a whole text cut in two at every possible place, and byte by byte; each way has to end in
// `want` with the same status and body.
static void feed_in_pieces(str text, enum reply_state want, int status, uint64_t body)
{
    static struct reply r;
    for (size_t cut = 0; cut <= text.n; cut++) {
        reply_start(&r);
        size_t taken = reply_feed(&r, text.p, cut);
        taken += reply_feed(&r, text.p + cut, text.n - cut);
        assert_int_equal(r.state, want);
        assert_int_equal(r.status, status);
        assert_int_equal(r.body, body);
        if (want != REPLY_BAD)
            assert_int_equal(taken, text.n);
    }
    reply_start(&r);
    for (size_t i = 0; i < text.n; i++)
        reply_feed(&r, text.p + i, 1);
    assert_int_equal(r.state, want);
    assert_int_equal(r.body, body);
}

static void with_length(void **state)
{
    UNUSED(state);
    feed_in_pieces(STR("HTTP/1.1 200 OK\r\ncontent-LENGTH: 5\r\n\r\nhello"), REPLY_DONE, 200, 5);
    feed_in_pieces(STR("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), REPLY_DONE, 200, 0);
    feed_in_pieces(STR("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello"), REPLY_BODY, 200, 5);
}

static void not_modified_has_no_body(void **state)
{
    UNUSED(state);
    feed_in_pieces(STR("HTTP/1.1 304 Not Modified\r\nContent-Length: 900\r\n\r\n"), REPLY_DONE, 304,
                   0);
}

static void chunked(void **state)
{
    UNUSED(state);
    feed_in_pieces(STR("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                       "5\r\nhello\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n"),
                   REPLY_DONE, 200, 15);
    feed_in_pieces(STR("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: b\r\n\r\n"),
                   REPLY_DONE, 200, 0);
}

static void up_to_the_close(void **state)
{
    UNUSED(state);
    static struct reply r;
    const str text = STR("HTTP/1.0 200 OK\r\n\r\nhello");
    feed_in_pieces(text, REPLY_TO_CLOSE, 200, 5);
    reply_start(&r);
    reply_feed(&r, text.p, text.n);
    reply_end(&r);
    assert_int_equal(r.state, REPLY_DONE);
    assert_true(r.close);
}

static void bad_ones(void **state)
{
    UNUSED(state);
    static const char *const bad[] = {
        "SSH-2.0-OpenSSH_9.2\r\n\r\n",
        "HTTP/2 200\r\n\r\n",
        "HTTP/1.1 99 Odd\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: five\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    };
    static struct reply r;
    for (size_t i = 0; i < countof(bad); i++) {
        reply_start(&r);
        reply_feed(&r, bad[i], strlen(bad[i]));
        assert_int_equal(r.state, REPLY_BAD);
        assert_non_null(r.why);
        assert_false(reply_is_good(&r));
    }
}

static void endless_headers(void **state)
{
    UNUSED(state);
    static struct reply r;
    reply_start(&r);
    for (int i = 0; i < REPLY_HEAD_MAX + 1; i++)
        reply_feed(&r, "x", 1);
    assert_int_equal(r.state, REPLY_BAD);
}

static void cut_short(void **state)
{
    UNUSED(state);
    static struct reply r;
    const str text = STR("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello");
    reply_start(&r);
    reply_feed(&r, text.p, text.n);
    reply_end(&r);
    assert_int_equal(r.state, REPLY_BAD);
}

static void what_counts_as_good(void **state)
{
    UNUSED(state);
    static const struct {
        int status;
        bool good;
    } of[] = {{200, true}, {206, true}, {304, true}, {301, false}, {404, false}, {503, false}};
    static struct reply r;
    for (size_t i = 0; i < countof(of); i++) {
        reply_start(&r);
        r.state = REPLY_DONE;
        r.status = of[i].status;
        assert_int_equal(reply_is_good(&r), of[i].good);
    }
}

static void the_next_answer_is_left_alone(void **state)
{
    UNUSED(state);
    static struct reply r;
    const str two = STR("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 500 No\r\n\r\n");
    reply_start(&r);
    assert_int_equal(reply_feed(&r, two.p, two.n), str_find(two, STR("HTTP/1.1 500"), 0));
    assert_int_equal(r.state, REPLY_DONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(with_length),
        cmocka_unit_test(not_modified_has_no_body),
        cmocka_unit_test(chunked),
        cmocka_unit_test(up_to_the_close),
        cmocka_unit_test(bad_ones),
        cmocka_unit_test(endless_headers),
        cmocka_unit_test(cut_short),
        cmocka_unit_test(what_counts_as_good),
        cmocka_unit_test(the_next_answer_is_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
