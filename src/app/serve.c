// SPDX-License-Identifier: AGPL-3.0-or-later
// `doorstep serve`: one process that answers everybody, until it is told to stop.
#include "base/base.h"
#include "app/app.h"
#include "app/forward.h"
#include "app/slices.h"
#include "base/embedded.h"
#include "base/log.h"
#include "people/people.h"
#include "place/import_desk.h"
#include "place/memo.h"
#include "place/place.h"
#include "store/store_sql.h"
#include "web/assets.h"
#include "web/cache.h"
#include "web/server.h"
#include "web/throttle.h"

#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { CACHE_BYTES = 8 << 20 };

extern const struct embedded embedded_words[];

// English is the language of the templates; the catalogues in the program join it. Two of them are
// no languages but tests (en-XA, ar-XB), offered only when asked for.
static err load_words(struct cli *c, struct words_set *ret)
{
    size_t n = 1;
    for (const struct embedded *e = embedded_words; e->name; e++)
        n++;
    struct words_language *v = arena_new_array(c->a, n, struct words_language);
    v[0] = (struct words_language){STR("en-GB"), STR("ltr"), STR("English"), NULL};
    n = 1;
    for (const struct embedded *e = embedded_words; e->name; e++) {
        str tag = str_slice(str_c(e->name), 0, str_find_byte(str_c(e->name), '.'));
        if (str_find(tag, STR("-X"), 0) < tag.n && !cli_flag(c, "--test-languages"))
            continue;
        struct words *w;
        TRY(words_load(c->a, (str){e->bytes, e->n}, &w));
        v[n++] = (struct words_language){tag, words_dir(tag), tag, w};
    }
    *ret = (struct words_set){v, n};
    return NULL;
}

struct first_run {
    struct site *site;
    str setup_key; // none when there is an account already
};

// The keys that outlive a restart, and the set-up link while there is no account.
static err prepare(struct db_tx *tx, void *ctx)
{
    struct first_run *f = ctx;
    struct q_secret_get key;
    bool found, any;
    TRY(q_secret_get_one(tx, tx->a, &(struct q_secret_get_in){STR("form key")}, &key, &found));
    if (found && key.value.n == sizeof f->site->token_key) {
        memcpy(f->site->token_key, key.value.p, key.value.n);
    } else {
        f->site->random.fill(f->site->random.ctx, f->site->token_key, sizeof f->site->token_key);
        TRY(q_secret_put(tx, &(struct q_secret_put_in){
                                 STR("form key"),
                                 {(const char *)f->site->token_key, sizeof f->site->token_key}}));
    }
    TRY(account_any(tx, &any));
    return any ? NULL : setup_make(tx, f->setup_key);
}

static err make_state_dir(struct cli *c, const char **ret)
{
    str given = cli_option(c, "--state");
    const char *dir = !str_is_none(given)       ? given.p
                      : db_kind(c->db) == DB_PG ? "./doorstep.files"
                                                : str_fmt(c->a, "%s.files", c->where).p;
    if (mkdir(dir, 0700) != 0 && errno != EEXIST)
        return err_new(c->a, ERR_IO, "The folder %s cannot be made: %s.", dir, strerror(errno));
    *ret = dir;
    return NULL;
}

static err read_source(struct cli *c, url *ret)
{
    str given = cli_option(c, "--source-url");
    bool web = str_starts(given, STR("https://")) || str_starts(given, STR("http://"));
    if (str_is_none(given) || (web && url_check(c->a, given, ret)))
        return NULL;
    return cli_misuse(c, "--source-url must be an address that begins with https:// (or http://).");
}

static err fill_site(struct cli *c, struct site *s)
{
    str listen = cli_option(c, "--listen"), origin = cli_option(c, "--origin");
    *s = (struct site){
        .db = c->db,
        .clock = c->clock,
        .random = c->random,
        .opts = {.listen = str_is_none(listen) ? "127.0.0.1:8080" : listen.p,
                 .origin = str_is_none(origin) ? NULL : origin.p},
        .hooks = {.actor_of = people_actor_of, .zone_card = place_zone_card, .set_up = account_any},
        .tables = all_routes,
        .field_kinds = all_field_kinds,
    };
    if (s->opts.origin && strncmp(s->opts.origin, "https://", 8) != 0 &&
        strncmp(s->opts.origin, "http://", 7) != 0)
        return cli_misuse(c, "--origin must begin with https:// (or http://).");
    TRY(read_source(c, &s->opts.source));
    TRY(make_state_dir(c, &s->opts.state_dir));
    TRY(load_words(c, &s->words));
    assets_load(c->a);
    s->build = str_z(c->a, str_slice(assets_hash(), 0, 8));
    s->cache = cache_open(CACHE_BYTES);
    s->throttle = throttle_open();
    s->imports = import_desk_open();
    s->memo = place_memo_open();
    return NULL;
}

static void announce(struct cli *c, const struct site *s, int port, str setup_key)
{
    str host = str_c(s->opts.listen);
    host = str_slice(host, 0, str_find_byte(host, ':'));
    str base = s->opts.origin ? str_c(s->opts.origin)
                              : str_fmt(c->a, "http://%" PRIstr ":%d", ARGstr(host), port);
    fprintf(c->out, "Doorstep is at %" PRIstr "\n", ARGstr(base));
    if (!atomic_load(&s->is_set_up))
        fprintf(c->out, "Set up here (works once): %" PRIstr "/set-up?key=%" PRIstr "\n",
                ARGstr(base), ARGstr(setup_key));
    fflush(c->out);
}

static err wait_for_end(struct cli *c, sigset_t *set)
{
    int sig;
    sigwait(set, &sig);
    fprintf(c->says, "Stopping.\n");
    return NULL;
}

static err any_account(struct cli *c, bool *ret)
{
    struct db_tx *tx;
    TRY(db_read(c->db, c->a, &tx));
    err e = account_any(tx, ret);
    db_read_end(tx);
    return e;
}

// A request's memory goes back in one piece, so threads seldom meet in malloc; with a heap for each
// of them the process would keep twice as much. Mapping and unmapping the body of a long report
// stops all threads that touch new memory meanwhile: pages beside it took four times as long at
// their slowest (bench: light-with-heavy), so bodies up to 4 MB come from the heap.
static void tune_memory(void)
{
    mallopt(M_ARENA_MAX, 1);
    mallopt(M_MMAP_THRESHOLD, 4 << 20);
    mallopt(M_TRIM_THRESHOLD, 8 << 20);
}

err serve_run(struct cli *c)
{
    tune_memory();
    // Blocked before any thread is started, so that sigwait alone hears them.
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    struct site *s = arena_new(c->a, struct site);
    TRY(fill_site(c, s));
    struct first_run f = {.site = s, .setup_key = random_token(&c->random, c->a, 18)};
    err e = db_write(c->db, c->a, prepare, &f);
    bool any = false;
    if (!e)
        e = any_account(c, &any);
    atomic_store(&s->is_set_up, any);
    struct server *server = NULL;
    if (!e)
        e = server_start(c->a, s, &server);
    struct forward *commands = NULL;
    if (!e)
        e = forward_start(c->a, c->db, c->where, &commands);
    if (!e) {
        announce(c, s, server_port(server), f.setup_key);
        e = wait_for_end(c, &set);
    }
    forward_stop(commands);
    server_stop(server);
    cache_close(s->cache);
    throttle_close(s->throttle);
    import_desk_close(s->imports);
    place_memo_close(s->memo);
    return e;
}
