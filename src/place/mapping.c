// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "base/buf.h"
#include "place/mapping.h"
#include "place/mapping_sql.h"

const struct mapping_part mapping_parts[] = {
    {"code", "area code", offsetof(struct mapping, code), true},
    {"value", "number", offsetof(struct mapping, value), true},
    {"name", "area name", offsetof(struct mapping, name), true},
    {"period", "period", offsetof(struct mapping, period), true},
    {"category", "category", offsetof(struct mapping, category), true},
    {"total", "total", offsetof(struct mapping, total), true},
    {"suppressed", "marks of values kept back", offsetof(struct mapping, suppressed), false},
    {"title", "what is counted", offsetof(struct mapping, title), false},
    {"unit", "unit", offsetof(struct mapping, unit), false},
    {"source", "source", offsetof(struct mapping, source), false},
    {"licence", "licence", offsetof(struct mapping, licence), false},
    {"year", "year of the areas", offsetof(struct mapping, year), false},
    {NULL, NULL, 0, false},
};

str *mapping_at(struct mapping *m, const struct mapping_part *p)
{
    return (str *)(void *)((char *)m + p->at);
}

static const struct mapping_part *part_named(str key)
{
    for (const struct mapping_part *p = mapping_parts; p->key; p++)
        if (str_eq(str_c(p->key), key))
            return p;
    return NULL;
}

// Takes the text up to the next ';' that is meant as one off *rest, without the guards.
static str take_part(struct arena *a, str *rest)
{
    struct buf out;
    buf_init(&out, a, rest->n + 1);
    size_t i = 0;
    for (; i < rest->n && rest->p[i] != ';'; i++) {
        if (rest->p[i] == '\\' && i + 1 < rest->n)
            i++;
        buf_byte(&out, rest->p[i]);
    }
    *rest = str_slice(*rest, i + 1, rest->n);
    return str_trim(buf_text(&out));
}

err mapping_parse(struct arena *a, str text, struct mapping *ret)
{
    *ret = (struct mapping){0};
    for (str rest = text; rest.n;) {
        str part = take_part(a, &rest);
        if (part.n == 0)
            continue;
        size_t eq = str_find_byte(part, '=');
        const struct mapping_part *p = part_named(str_trim(str_slice(part, 0, eq)));
        if (eq == part.n || !p)
            return err_new(a, ERR_INVALID,
                           "“%" PRIstr "” is not part of a mapping; write parts such as "
                           "“code=Area code;value=Count”.",
                           ARGstr(part));
        *mapping_at(ret, p) = str_trim(str_slice(part, eq + 1, part.n));
    }
    return NULL;
}

static void put_guarded(struct buf *out, str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == ';' || s.p[i] == '\\')
            buf_byte(out, '\\');
        buf_byte(out, s.p[i]);
    }
}

str mapping_text(struct arena *a, const struct mapping *m)
{
    struct buf out;
    buf_init(&out, a, 1 << 16);
    for (const struct mapping_part *p = mapping_parts; p->key; p++) {
        str v = *mapping_at((struct mapping *)(uintptr_t)m, p);
        if (v.n == 0)
            continue;
        if (out.n)
            buf_byte(&out, ';');
        buf_c(&out, p->key);
        buf_byte(&out, '=');
        put_guarded(&out, v);
    }
    return buf_text(&out);
}

static void fill(str *option, str saved)
{
    if (option->n == 0)
        *option = saved;
}

err mapping_apply(struct arena *a, str text, struct import_opts *opts)
{
    struct mapping m;
    TRY(mapping_parse(a, text, &m));
    fill(&opts->columns, text);
    fill(&opts->title, m.title);
    fill(&opts->unit, m.unit);
    fill(&opts->source, m.source);
    fill(&opts->licence, m.licence);
    int64_t year;
    if (!opts->vintage && str_to_i64(m.year, &year))
        opts->vintage = year;
    return NULL;
}

// ---- saved ----------------------------------------------------------------------------------

err mapping_find(struct db_tx *tx, struct arena *a, str name, struct mapping_saved *ret,
                 bool *ret_found)
{
    struct q_mapping_find r;
    TRY(q_mapping_find_one(tx, a, &(struct q_mapping_find_in){name}, &r, ret_found));
    *ret = (struct mapping_saved){r.id, r.name, r.family, r.columns, r.saved_ms};
    return NULL;
}

err mapping_list(struct db_tx *tx, struct arena *a, struct mapping_saved **ret, size_t *ret_n)
{
    struct q_mapping_all *r;
    TRY(q_mapping_all_all(tx, a, &r, ret_n));
    *ret = arena_new_array(a, *ret_n, struct mapping_saved);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret)[i] =
            (struct mapping_saved){r[i].id, r[i].name, r[i].family, r[i].columns, r[i].saved_ms};
    return NULL;
}

err mapping_save(struct db_tx *tx, str name, str family, const struct mapping *m, int64_t now_ms)
{
    return q_mapping_put(tx,
                         &(struct q_mapping_put_in){name, family, mapping_text(tx->a, m), now_ms});
}

err mapping_delete(struct db_tx *tx, str name)
{
    return q_mapping_delete(tx, &(struct q_mapping_delete_in){name});
}
