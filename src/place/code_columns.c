// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "place/code_columns.h"
#include "place/area_write.h"

#include <stdlib.h>

static struct code_column *standing(struct code_columns *c, const struct heading *h)
{
    for (size_t i = 0; i < c->n; i++)
        if (c->v[i].kind == h->kind && c->v[i].vintage == h->vintage)
            return &c->v[i];
    return NULL;
}

static int small_to_large(const void *x, const void *y)
{
    const struct code_column *a = x, *b = y;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    return (a->vintage > b->vintage) - (a->vintage < b->vintage);
}

static bool is_row_number(str folded)
{
    static const char *const idle[] = {"fid", "objectid", "objectid_1", "globalid", "id", "ew", ""};
    for (size_t i = 0; i < countof(idle); i++)
        if (str_eq(folded, str_c(idle[i])))
            return true;
    return false;
}

void code_columns_find(const str *folded, size_t n, struct code_columns *ret)
{
    struct heading h;
    *ret = (struct code_columns){0};
    for (size_t i = 0; i < n; i++) {
        bool ours = table_heading(folded[i], &h);
        ret->others += !ours && !is_row_number(folded[i]);
        if (ours && h.role == HEADING_CODE && !standing(ret, &h) && ret->n < CODE_COLUMNS_MAX)
            ret->v[ret->n++] = (struct code_column){h.kind, h.vintage, (int)i, -1};
    }
    for (size_t i = 0; i < n; i++) {
        struct code_column *c;
        if (table_heading(folded[i], &h) && h.role == HEADING_NAME &&
            (c = standing(ret, &h)) != NULL && c->name < 0)
            c->name = (int)i;
    }
    qsort(ret->v, ret->n, sizeof *ret->v, small_to_large);
}

static const char *what_it_is(struct import_job *job, const struct code_columns *c, int col)
{
    for (size_t i = 0; i < c->n; i++) {
        const struct code_column *x = &c->v[i];
        if (x->code != col && x->name != col)
            continue;
        str year = x->vintage ? str_fmt(job->a, " (%lld)", (long long)x->vintage) : STR("");
        return str_z(job->a,
                     str_fmt(job->a, "%s of the %s%" PRIstr, x->code == col ? "code" : "name",
                             area_kind_words(x->kind), ARGstr(year)));
    }
    return NULL;
}

void code_columns_tell(struct import_job *job, const struct table *t, const struct code_columns *c,
                       const char *(*meaning)(str folded))
{
    for (size_t i = 0; i < t->n; i++) {
        const char *what = what_it_is(job, c, (int)i);
        if (!what && meaning)
            what = meaning(t->folded[i]);
        import_column(job, t->heading[i], what);
    }
}

str layer_words(struct arena *a, enum area_kind kind, int64_t vintage)
{
    str word = str_c(area_kind_word(kind));
    bool letters = kind == AREA_OA || kind == AREA_LSOA || kind == AREA_MSOA || kind == AREA_LAD;
    word = letters ? str_upper(a, word) : word;
    return vintage ? str_fmt(a, "%" PRIstr " %lld", ARGstr(word), (long long)vintage) : word;
}

void alias_set_init(struct alias_set *s, struct import_job *job)
{
    s->job = job;
    map_init(&s->seen, job->a);
}

err alias_set_add(struct alias_set *s, enum area_kind kind, str code, int64_t vintage, str name,
                  str parent)
{
    bool is_new;
    struct import_job *job = s->job;
    str key = str_fmt(job->a, "%d %lld %" PRIstr, (int)kind, (long long)vintage, ARGstr(code));
    map_at(&s->seen, key, &is_new);
    if (!is_new || !job->tx)
        return NULL;
    return area_alias_add(job->tx, job->id, str_c(area_kind_word(kind)), code, vintage, name,
                          parent);
}
