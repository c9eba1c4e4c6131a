// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "web/ready.h"
#include "web/layout_tmpl.h"
#include "web/status.h"

#include <microhttpd.h>
#include <stdlib.h>

static const int statuses[] = {400, 405, 413, 414, 431, 503};

enum { PAGE_MAX = 64 * 1024, KINDS = 2 };

struct ready {
    struct arena a;
    struct site *site;
    struct MHD_Response **answer; // by status, language, and kind: text, page
};

static struct MHD_Response **place_of(const struct ready *k, size_t status, size_t language,
                                      bool as_page)
{
    return &k->answer[(status * k->site->words.n + language) * KINDS + as_page];
}

static str page_of(struct ready *k, const struct words_language *l, int status)
{
    struct req *r = arena_new(&k->a, struct req);
    *r = (struct req){.site = k->site, .a = &k->a, .actor = &actor_public, .path = STR("")};
    buf_init(&r->out, &k->a, PAGE_MAX);
    r->page = (struct page){
        .out = &r->out, .words = l->words, .lang = l->tag, .dir = l->dir, .a = &k->a, .ctx = r};
    error_page(&r->page, status, STR(""), STR_NONE);
    ASSERT(!r->out.full);
    return buf_text(&r->out);
}

static str text_of(struct ready *k, const struct words_language *l, int status)
{
    str say[] = {str_c(error_title(status)), str_c(error_lede(status)),
                 str_c(error_advice(status))};
    struct buf b;
    buf_init(&b, &k->a, PAGE_MAX);
    for (size_t i = 0; i < countof(say); i++) {
        buf_str(&b, words_find(l->words, say[i]));
        buf_byte(&b, '\n');
    }
    return buf_text(&b);
}

static struct MHD_Response *make(struct ready *k, const struct words_language *l, int status,
                                 bool as_page)
{
    str body = as_page ? page_of(k, l, status) : text_of(k, l, status);
    struct MHD_Response *resp =
        MHD_create_response_from_buffer(body.n, (void *)(uintptr_t)body.p, MHD_RESPMEM_PERSISTENT);
    ASSERT(resp != NULL);
    exchange_guard(resp, site_https(k->site));
    MHD_add_response_header(resp, "Content-Type",
                            as_page ? "text/html; charset=utf-8" : "text/plain; charset=utf-8");
    MHD_add_response_header(resp, "Cache-Control", "private, no-store");
    if (status == 503)
        MHD_add_response_header(resp, "Retry-After", "30");
    else // what is left of the request is not read: a body, or something that only looks like one
        MHD_add_response_header(resp, "Connection", "close");
    if (status == 405)
        MHD_add_response_header(resp, "Allow", "GET, HEAD, POST");
    return resp;
}

struct ready *ready_make(struct site *site)
{
    struct ready *k = calloc(1, sizeof *k);
    ASSERT(k != NULL);
    arena_init(&k->a);
    k->site = site;
    size_t n = site->words.n;
    k->answer = arena_new_array(&k->a, countof(statuses) * n * KINDS, struct MHD_Response *);
    for (size_t s = 0; s < countof(statuses); s++)
        for (size_t l = 0; l < n; l++)
            for (int as_page = 0; as_page < KINDS; as_page++)
                *place_of(k, s, l, as_page) = make(k, &site->words.v[l], statuses[s], as_page);
    return k;
}

void ready_free(struct ready *k)
{
    if (!k)
        return;
    for (size_t i = 0; i < countof(statuses) * k->site->words.n * KINDS; i++)
        MHD_destroy_response(k->answer[i]);
    arena_fini(&k->a);
    free(k);
}

struct MHD_Response *ready_answer(const struct ready *k, const struct exchange *x, int status)
{
    const struct req *r = &x->r;
    str cookie = cookie_find(r->cookie_header, r->https ? STR("__Host-lang") : STR("lang"));
    const struct words_language *l = words_choose(k->site->words, cookie, r->accept_language);
    size_t s = 0;
    while (statuses[s] != status) {
        s++;
        ASSERT(s < countof(statuses));
    }
    return *place_of(k, s, (size_t)(l - k->site->words.v), x->html_ok);
}

bool html_accepted(str accept)
{
    if (str_is_none(accept))
        return true;
    str rest = accept, one;
    while (str_next(&rest, ',', &one)) {
        str type = str_trim(str_slice(one, 0, str_find_byte(one, ';')));
        if (str_eq_nocase(type, STR("text/html")) || str_eq_nocase(type, STR("text/*")) ||
            str_eq_nocase(type, STR("*/*")))
            return true;
    }
    return false;
}
