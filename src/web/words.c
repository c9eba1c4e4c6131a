// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "web/words.h"
#include "base/map.h"
#include "base/utf8.h"

struct words {
    struct map by_msgid; // -> struct msg
    struct plural *plural;
};

// What a catalogue says for one msgid: its plural forms with a NUL between them.
struct msg {
    str forms;
};

// --- the file ------------------------------------------------------------------------------

static const uint32_t mo_magic = 0x950412de;
enum { MO_HEAD = 28, MO_MAX = 100000 }; // bytes, sentences

struct mo {
    struct arena *a;
    str bytes;
    bool swapped;
};

static uint32_t word_at(const struct mo *m, size_t at)
{
    uint32_t v;
    memcpy(&v, m->bytes.p + at, sizeof v);
    return m->swapped ? __builtin_bswap32(v) : v;
}

static err damaged(const struct mo *m, const char *what)
{
    return err_new(m->a, ERR_INVALID, "This is no whole catalogue of sentences: %s.", what);
}

// The text that entry i of the table at `table` points to. It has to end in NUL inside the file.
static err text_at(const struct mo *m, size_t table, size_t i, str *ret)
{
    uint64_t n = word_at(m, table + i * 8), at = word_at(m, table + i * 8 + 4);
    if (at + n + 1 > m->bytes.n || m->bytes.p[at + n] != 0)
        return damaged(m, "a sentence lies outside of the file");
    *ret = (str){m->bytes.p + at, (size_t)n};
    if (!utf8_ok(*ret))
        return damaged(m, "a sentence is not UTF-8");
    return NULL;
}

static err read_head(struct mo *m, size_t *ret_n, size_t *ret_ids, size_t *ret_texts)
{
    if (m->bytes.n < MO_HEAD)
        return damaged(m, "it is too short");
    uint32_t magic = word_at(m, 0);
    m->swapped = magic == __builtin_bswap32(mo_magic);
    if (!m->swapped && magic != mo_magic)
        return damaged(m, "it does not begin as one");
    if (word_at(m, 4) >> 16 > 1)
        return damaged(m, "it is of a later version");
    uint64_t n = word_at(m, 8), ids = word_at(m, 12), texts = word_at(m, 16);
    if (n > MO_MAX || ids + n * 8 > m->bytes.n || texts + n * 8 > m->bytes.n)
        return damaged(m, "its tables lie outside of the file");
    *ret_n = (size_t)n;
    *ret_ids = (size_t)ids;
    *ret_texts = (size_t)texts;
    return NULL;
}

// The value of "Key: value" in the catalogue's own head, or none.
static str head_value(str head, str key)
{
    str line;
    while (str_next(&head, '\n', &line))
        if (str_starts(line, key))
            return str_trim(str_slice(line, key.n, line.n));
    return STR_NONE;
}

static err read_plural(struct arena *a, str head, struct words *w)
{
    str rule = head_value(head, STR("Plural-Forms:"));
    return plural_parse(a, str_is_none(rule) ? STR("nplurals=2; plural=n != 1;") : rule,
                        &w->plural);
}

err words_load(struct arena *a, str bytes, struct words **ret)
{
    struct mo m = {.a = a, .bytes = bytes};
    size_t n, ids, texts;
    TRY(read_head(&m, &n, &ids, &texts));
    struct words *w = arena_new(a, struct words);
    struct msg *msg = arena_new_array(a, n, struct msg);
    str head = STR("");
    map_init(&w->by_msgid, a);
    for (size_t i = 0; i < n; i++) {
        str id;
        TRY(text_at(&m, ids, i, &id));
        TRY(text_at(&m, texts, i, &msg[i].forms));
        if (id.n == 0)
            head = msg[i].forms;
        else // "one NUL many": the first is the key
            map_at(&w->by_msgid, str_slice(id, 0, str_find_byte(id, 0)), NULL)->p = &msg[i];
    }
    TRY(read_plural(a, head, w));
    *ret = w;
    return NULL;
}

// --- looking up ----------------------------------------------------------------------------

static str form_of(const struct words *w, str msgid, unsigned form, str otherwise)
{
    const union map_value *v = w ? map_find(&w->by_msgid, msgid) : NULL;
    if (!v)
        return otherwise;
    str rest = ((const struct msg *)v->p)->forms, part = STR_NONE;
    for (unsigned i = 0; i <= form; i++)
        if (!str_next(&rest, 0, &part))
            return otherwise;
    return part.n ? part : otherwise;
}

str words_find(const struct words *w, str msgid)
{
    return form_of(w, msgid, 0, msgid);
}

str words_find_n(const struct words *w, str one, str many, int64_t n)
{
    str otherwise = n == 1 ? one : many;
    uint64_t size = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
    return w ? form_of(w, one, plural_of(w->plural, size), otherwise) : otherwise;
}

// --- choosing a language -------------------------------------------------------------------

// How well a language range of the header fits a tag on offer: 0 not at all, 4 exactly.
static int fit(str range, str tag)
{
    if (str_eq_nocase(range, tag))
        return 4;
    if (str_eq(range, STR("*")))
        return 1;
    str longer = range.n > tag.n ? range : tag, shorter = range.n > tag.n ? tag : range;
    if (longer.n > shorter.n && longer.p[shorter.n] == '-' &&
        str_eq_nocase(str_slice(longer, 0, shorter.n), shorter))
        return 3;
    str a = str_slice(range, 0, str_find_byte(range, '-'));
    str b = str_slice(tag, 0, str_find_byte(tag, '-'));
    return str_eq_nocase(a, b) ? 2 : 0; // "en-US" where only "en-GB" is on offer
}

// "0.8" -> 800; what cannot be read counts as 0.
static int quality(str parameter)
{
    double q;
    if (!str_starts(parameter, STR("q=")) && !str_starts(parameter, STR("Q=")))
        return 1000;
    if (!str_to_f64(str_slice(parameter, 2, parameter.n), &q) || q < 0 || q > 1)
        return 0;
    return (int)(q * 1000 + 0.5);
}

enum { RANGES_MAX = 32 }; // of a header; the rest is not read

// What the header says of one tag, by the range that fits it best.
struct wish {
    int q, place, fit;
};

static struct wish wish_of(str accept, str tag)
{
    struct wish w = {0};
    str one;
    for (int place = 0; place < RANGES_MAX && str_next(&accept, ',', &one); place++) {
        str range = STR(""), parameter = STR("");
        (void)str_next(&one, ';', &range);
        (void)str_next(&one, ';', &parameter);
        range = str_trim(range);
        int f = range.n ? fit(range, tag) : 0;
        if (f > w.fit)
            w = (struct wish){quality(str_trim(parameter)), place, f};
    }
    return w;
}

static bool stronger(struct wish a, struct wish b)
{
    if (a.q != b.q)
        return a.q > b.q;
    if (a.place != b.place)
        return a.place < b.place;
    return a.fit > b.fit;
}

const struct words_language *words_choose(struct words_set set, str cookie, str accept)
{
    ASSERT(set.n > 0);
    for (size_t i = 0; i < set.n; i++)
        if (cookie.n && str_eq_nocase(set.v[i].tag, cookie))
            return &set.v[i];
    const struct words_language *best = NULL;
    struct wish most = {0};
    for (size_t i = 0; i < set.n; i++) {
        struct wish w = wish_of(accept, set.v[i].tag);
        if (w.q > 0 && (!best || stronger(w, most))) {
            best = &set.v[i];
            most = w;
        }
    }
    return best ? best : &set.v[0];
}

str words_dir(str tag)
{
    static const char *const right_to_left[] = {"ar", "ckb", "dv", "fa", "he",
                                                "ps", "sd",  "ug", "ur", "yi"};
    str language = str_slice(tag, 0, str_find_byte(tag, '-'));
    for (size_t i = 0; i < countof(right_to_left); i++)
        if (str_eq_nocase(language, str_c(right_to_left[i])))
            return STR("rtl");
    return STR("ltr");
}
