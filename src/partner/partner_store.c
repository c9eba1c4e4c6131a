// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "base/utf8.h"
#include "partner/partner.h"
#include "partner/partner_sql.h"

#include <stdlib.h>

// The statements that read organisations give the same fields in the same order.
#define ORGANISATION_OF(r)                                                                         \
    ((struct organisation){(r)->id, (r)->name, (r)->kind, (r)->about, (r)->web, (r)->area_code,    \
                           (r)->closed, (r)->off_ms.has, (r)->created_ms})
#define ROLE_OF(r)                                                                                 \
    ((struct org_role){(r)->id, (r)->organisation, (r)->role, (r)->starts, (r)->ends,              \
                       (r)->removed_ms.has})
#define IDENTIFIER_OF(r)                                                                           \
    ((struct org_identifier){(r)->id, (r)->organisation, (r)->scheme, (r)->value, (r)->sound})

// ---- organisations ----------------------------------------------------------------------------

err organisation_add(struct db_tx *tx, const struct organisation *o, int64_t now_ms,
                     organisation_id *ret)
{
    struct q_org_insert row;
    bool found;
    TRY(q_org_insert_one(tx, tx->a,
                         &(struct q_org_insert_in){.name = o->name,
                                                   .kind = o->kind,
                                                   .about = o->about,
                                                   .web = o->web,
                                                   .area_code = o->area_code,
                                                   .closed = o->closed,
                                                   .now_ms = now_ms},
                         &row, &found));
    *ret = row.id;
    return NULL;
}

static err not_there(struct db_tx *tx)
{
    return err_new(tx->a, ERR_NOT_FOUND, "There is no such organisation.");
}

err organisation_change(struct db_tx *tx, const struct organisation *o, int64_t now_ms,
                        bool *ret_changed)
{
    struct organisation was;
    bool found;
    TRY(organisation_find(tx, tx->a, o->id, &was, &found));
    if (!found)
        return not_there(tx);
    *ret_changed = !str_eq(was.name, o->name) || !str_eq(was.kind, o->kind) ||
                   !str_eq(was.about, o->about) || !str_eq(was.web, o->web);
    if (!*ret_changed)
        return NULL;
    TRY(q_org_was_insert(
        tx, &(struct q_org_was_insert_in){was.id, was.name, was.kind, was.about, was.web, now_ms}));
    return q_org_update(tx, &(struct q_org_update_in){o->id, o->name, o->kind, o->about, o->web});
}

static err set_off(struct db_tx *tx, organisation_id id, opt_i64 off_ms)
{
    int64_t n;
    TRY(q_org_set_off_count(tx, &(struct q_org_set_off_in){id, off_ms}, &n));
    return n ? NULL : not_there(tx);
}

err organisation_off(struct db_tx *tx, organisation_id id, int64_t now_ms)
{
    return set_off(tx, id, some_i64(now_ms));
}

err organisation_on(struct db_tx *tx, organisation_id id)
{
    return set_off(tx, id, (opt_i64){0});
}

err organisation_find(struct db_tx *tx, struct arena *a, organisation_id id,
                      struct organisation *ret, bool *ret_found)
{
    struct q_org_by_id r;
    TRY(q_org_by_id_one(tx, a, &(struct q_org_by_id_in){id}, &r, ret_found));
    if (*ret_found)
        *ret = ORGANISATION_OF(&r);
    return NULL;
}

err organisation_by_identifier(struct db_tx *tx, struct arena *a, str scheme, str value,
                               struct organisation *ret, bool *ret_found)
{
    struct q_org_by_identifier r;
    TRY(q_org_by_identifier_one(tx, a, &(struct q_org_by_identifier_in){scheme, value}, &r,
                                ret_found));
    if (*ret_found)
        *ret = ORGANISATION_OF(&r);
    return NULL;
}

// The store takes no longer pattern than this (src/store/sqlite.c); the end of a long search is
// left out.
enum { PATTERN_MAX = 50 };

// What LIKE takes for a part of a text: its own signs stand for themselves.
static str pattern_of(struct arena *a, str q)
{
    str pattern, rest = str_lower(a, str_trim(q));
    for (;; rest = utf8_cut(rest, rest.n - 1)) {
        str low = str_replace(a, rest, STR("\\"), STR("\\\\"));
        low = str_replace(a, low, STR("%"), STR("\\%"));
        low = str_replace(a, low, STR("_"), STR("\\_"));
        pattern = str_fmt(a, "%%%" PRIstr "%%", ARGstr(low));
        if (pattern.n <= PATTERN_MAX)
            return pattern;
    }
}

err organisation_by_name(struct db_tx *tx, struct arena *a, str name, struct organisation *ret,
                         bool *ret_found)
{
    struct q_org_by_name r;
    TRY(q_org_by_name_one(tx, a, &(struct q_org_by_name_in){str_trim(name)}, &r, ret_found));
    if (*ret_found)
        *ret = ORGANISATION_OF(&r);
    return NULL;
}

err organisation_search(struct db_tx *tx, struct arena *a, str q, int64_t limit,
                        struct organisation **ret, size_t *ret_n)
{
    struct q_org_search *rows;
    TRY(q_org_search_all(tx, a, &(struct q_org_search_in){pattern_of(a, q), limit}, &rows, ret_n));
    *ret = arena_new_array(a, *ret_n, struct organisation);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret)[i] = ORGANISATION_OF(&rows[i]);
    return NULL;
}

err organisation_versions(struct db_tx *tx, struct arena *a, organisation_id id,
                          struct organisation_version **ret, size_t *ret_n)
{
    struct q_org_was_of *rows;
    TRY(q_org_was_of_all(tx, a, &(struct q_org_was_of_in){id}, &rows, ret_n));
    *ret = arena_new_array(a, *ret_n, struct organisation_version);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret)[i] = (struct organisation_version){rows[i].id,    rows[i].name, rows[i].kind,
                                                  rows[i].about, rows[i].web,  rows[i].until_ms};
    return NULL;
}

// ---- identifiers and names --------------------------------------------------------------------

static err identify(struct db_tx *tx, organisation_id id, const struct org_id *x, opt_i64 import)
{
    struct organisation other;
    bool taken = false;
    if (x->sound)
        TRY(organisation_by_identifier(tx, tx->a, x->scheme, x->value, &other, &taken));
    if (taken && other.id.v != id.v)
        return err_new(tx->a, ERR_CONFLICT,
                       "%" PRIstr "-%" PRIstr " belongs to %" PRIstr " already.", ARGstr(x->scheme),
                       ARGstr(x->value), ARGstr(other.name));
    return q_org_identifier_insert(
        tx, &(struct q_org_identifier_insert_in){id, x->scheme, x->value, x->sound, import});
}

err organisation_identify(struct db_tx *tx, organisation_id id, const struct org_id *x)
{
    return identify(tx, id, x, (opt_i64){0});
}

err organisation_unidentify(struct db_tx *tx, organisation_id id, int64_t identifier)
{
    int64_t n;
    TRY(q_org_identifier_delete_count(tx, &(struct q_org_identifier_delete_in){id, identifier},
                                      &n));
    return n ? NULL : err_new(tx->a, ERR_NOT_FOUND, "There is no such identifier.");
}

err organisation_identifiers(struct db_tx *tx, struct arena *a, organisation_id id,
                             struct org_identifier **ret, size_t *ret_n)
{
    struct q_org_identifiers *rows;
    TRY(q_org_identifiers_all(tx, a, &(struct q_org_identifiers_in){id}, &rows, ret_n));
    *ret = arena_new_array(a, *ret_n, struct org_identifier);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret)[i] = IDENTIFIER_OF(&rows[i]);
    return NULL;
}

err organisation_aliases(struct db_tx *tx, struct arena *a, organisation_id id, str **ret,
                         size_t *ret_n)
{
    struct q_org_aliases *rows;
    TRY(q_org_aliases_all(tx, a, &(struct q_org_aliases_in){id}, &rows, ret_n));
    *ret = arena_new_array(a, *ret_n, str);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret)[i] = rows[i].name;
    return NULL;
}

// ---- roles ------------------------------------------------------------------------------------

err org_role_add(struct db_tx *tx, organisation_id id, str role, date starts, date ends,
                 org_role_id *ret)
{
    struct q_org_role_insert row;
    bool found;
    TRY(q_org_role_insert_one(tx, tx->a, &(struct q_org_role_insert_in){id, role, starts, ends},
                              &row, &found));
    *ret = row.id;
    return NULL;
}

static err no_role(struct db_tx *tx)
{
    return err_new(tx->a, ERR_NOT_FOUND, "There is no such role.");
}

err org_role_end(struct db_tx *tx, org_role_id id, date ends)
{
    int64_t n;
    TRY(q_org_role_set_end_count(tx, &(struct q_org_role_set_end_in){id, ends}, &n));
    return n ? NULL : no_role(tx);
}

err org_role_remove(struct db_tx *tx, org_role_id id, bool removed, int64_t now_ms)
{
    int64_t n;
    opt_i64 at = removed ? some_i64(now_ms) : (opt_i64){0};
    TRY(q_org_role_set_removed_count(tx, &(struct q_org_role_set_removed_in){id, at}, &n));
    return n ? NULL : no_role(tx);
}

err org_role_find(struct db_tx *tx, struct arena *a, org_role_id id, struct org_role *ret,
                  bool *ret_found)
{
    struct q_org_role_by_id r;
    TRY(q_org_role_by_id_one(tx, a, &(struct q_org_role_by_id_in){id}, &r, ret_found));
    if (*ret_found)
        *ret = ROLE_OF(&r);
    return NULL;
}

err organisation_roles(struct db_tx *tx, struct arena *a, organisation_id id, struct org_role **ret,
                       size_t *ret_n)
{
    struct q_org_roles_of *rows;
    TRY(q_org_roles_of_all(tx, a, &(struct q_org_roles_of_in){id}, &rows, ret_n));
    *ret = arena_new_array(a, *ret_n, struct org_role);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret)[i] = ROLE_OF(&rows[i]);
    return NULL;
}

// ---- the partnership --------------------------------------------------------------------------

// Partners come by id, roles and identifiers by their organisation's id: one walk hands them out.
static err give_roles(struct db_tx *tx, struct arena *a, struct partner *v, size_t n, date on)
{
    struct q_partner_roles *rows;
    size_t n_rows, at = 0;
    TRY(q_partner_roles_all(tx, a, &rows, &n_rows));
    struct org_role *role = arena_new_array(a, n_rows, struct org_role);
    for (size_t i = 0; i < n_rows; i++)
        role[i] = ROLE_OF(&rows[i]);
    for (size_t i = 0; i < n; i++) {
        while (at < n_rows && role[at].organisation.v < v[i].org.id.v)
            at++;
        v[i].role = role + at;
        for (; at < n_rows && role[at].organisation.v == v[i].org.id.v; at++) {
            v[i].n_role++;
            v[i].current = v[i].current || org_role_current(&role[at], on);
        }
    }
    return NULL;
}

static err give_identifiers(struct db_tx *tx, struct arena *a, struct partner *v, size_t n)
{
    struct q_partner_identifiers *rows;
    size_t n_rows, at = 0;
    TRY(q_partner_identifiers_all(tx, a, &rows, &n_rows));
    struct org_identifier *id = arena_new_array(a, n_rows, struct org_identifier);
    for (size_t i = 0; i < n_rows; i++)
        id[i] = IDENTIFIER_OF(&rows[i]);
    for (size_t i = 0; i < n; i++) {
        while (at < n_rows && id[at].organisation.v < v[i].org.id.v)
            at++;
        v[i].identifier = id + at;
        for (; at < n_rows && id[at].organisation.v == v[i].org.id.v; at++)
            v[i].n_identifier++;
    }
    return NULL;
}

static date first_start(const struct partner *p)
{
    return p->n_role ? p->role[0].starts : DATE_NONE;
}

static int by_coming(const void *x, const void *y)
{
    const struct partner *a = x, *b = y;
    date da = first_start(a), db = first_start(b);
    if (a->current != b->current)
        return a->current ? -1 : 1;
    if (date_is_none(da) != date_is_none(db))
        return date_is_none(da) ? 1 : -1;
    if (da.days != db.days)
        return da.days < db.days ? -1 : 1;
    return a->org.id.v < b->org.id.v ? -1 : a->org.id.v > b->org.id.v;
}

err partner_list(struct db_tx *tx, struct arena *a, date on, struct partner **ret, size_t *ret_n)
{
    struct q_partner_orgs *rows;
    TRY(q_partner_orgs_all(tx, a, &rows, ret_n));
    struct partner *v = arena_new_array(a, *ret_n, struct partner);
    for (size_t i = 0; i < *ret_n; i++)
        v[i].org = ORGANISATION_OF(&rows[i]);
    TRY(give_roles(tx, a, v, *ret_n, on));
    TRY(give_identifiers(tx, a, v, *ret_n));
    if (*ret_n)
        qsort(v, *ret_n, sizeof *v, by_coming);
    *ret = v;
    return NULL;
}

// ---- registers --------------------------------------------------------------------------------

static err load_new(struct db_tx *tx, const struct register_row *x, int64_t import, int64_t now_ms)
{
    struct q_org_insert row;
    bool found;
    bool council = str_starts(x->id.scheme, STR("GB-LA")) || str_eq(x->id.scheme, STR("GB-PLA"));
    TRY(q_org_insert_one(tx, tx->a,
                         &(struct q_org_insert_in){.name = x->name,
                                                   .kind = council ? STR("council") : STR("other"),
                                                   .about = STR(""),
                                                   .web = STR_NONE,
                                                   .area_code = x->area_code,
                                                   .closed = x->closed,
                                                   .import_id = some_i64(import),
                                                   .now_ms = now_ms},
                         &row, &found));
    TRY(identify(tx, row.id, &x->id, some_i64(import)));
    if (!str_is_none(x->alias))
        TRY(q_org_alias_insert(
            tx, &(struct q_org_alias_insert_in){row.id, x->alias, some_i64(import)}));
    return NULL;
}

// One that is there already: its own name stands, another becomes an alias.
static err load_known(struct db_tx *tx, const struct register_row *x, const struct organisation *o,
                      int64_t import, struct register_result *ret)
{
    const str name[] = {x->name, x->alias};
    for (size_t i = 0; i < countof(name); i++) {
        int64_t n = 0;
        if (!str_is_none(name[i]) && !str_eq(name[i], o->name))
            TRY(q_org_alias_insert_count(
                tx, &(struct q_org_alias_insert_in){o->id, name[i], some_i64(import)}, &n));
        ret->named += n;
    }
    if (x->closed) {
        int64_t n;
        TRY(q_org_set_closed_count(tx, &(struct q_org_set_closed_in){o->id}, &n));
        ret->closed += n;
    }
    return NULL;
}

static err load_row(struct db_tx *tx, const struct register_row *x, int64_t import, int64_t now_ms,
                    struct register_result *ret)
{
    struct organisation o;
    bool known = false;
    if (x->id.sound) // nothing else may join two sources
        TRY(organisation_by_identifier(tx, tx->a, x->id.scheme, x->id.value, &o, &known));
    if (known)
        return load_known(tx, x, &o, import, ret);
    ret->added++;
    return load_new(tx, x, import, now_ms);
}

err register_load(struct db_tx *tx, const struct register_file *f, int64_t now_ms,
                  struct register_result *ret)
{
    struct q_org_import_same same;
    struct q_org_import_insert made;
    bool found;
    *ret = (struct register_result){0};
    ASSERT(f->n_problems == 0);
    TRY(q_org_import_same_one(tx, tx->a, &(struct q_org_import_same_in){f->sha256}, &same, &found));
    if (found) {
        ret->unchanged = true;
        ret->import = same.id;
        return NULL;
    }
    TRY(q_org_import_insert_one(tx, tx->a,
                                &(struct q_org_import_insert_in){f->file_name, f->sha256, f->bytes,
                                                                 f->source, f->licence, now_ms,
                                                                 (int64_t)f->n},
                                &made, &found));
    ret->import = made.id;
    for (size_t i = 0; i < f->n; i++)
        TRY(load_row(tx, &f->row[i], made.id, now_ms, ret));
    return q_org_import_finish(tx, &(struct q_org_import_finish_in){made.id, ret->added});
}

err register_undo(struct db_tx *tx, int64_t import, int64_t *ret_kept)
{
    struct q_org_import_unused *unused;
    size_t n;
    int64_t dropped, kept;
    TRY(q_org_import_drop_aliases(tx, &(struct q_org_import_drop_aliases_in){import}));
    TRY(q_org_import_unused_all(tx, tx->a, &(struct q_org_import_unused_in){import}, &unused, &n));
    for (size_t i = 0; i < n; i++) {
        TRY(q_org_drop_identifiers(tx, &(struct q_org_drop_identifiers_in){unused[i].id}));
        TRY(q_org_drop(tx, &(struct q_org_drop_in){unused[i].id}));
    }
    TRY(q_org_import_free_count(tx, &(struct q_org_import_free_in){import}, &kept));
    TRY(q_org_import_free_identifiers(tx, &(struct q_org_import_free_identifiers_in){import}));
    TRY(q_org_import_drop_count(tx, &(struct q_org_import_drop_in){import}, &dropped));
    *ret_kept = kept;
    return dropped ? NULL
                   : err_new(tx->a, ERR_NOT_FOUND, "There is no import of organisations %lld.",
                             (long long)import);
}

err register_imports(struct db_tx *tx, struct arena *a, struct register_import **ret, size_t *ret_n)
{
    struct q_org_imports *rows;
    TRY(q_org_imports_all(tx, a, &rows, ret_n));
    *ret = arena_new_array(a, *ret_n, struct register_import);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret)[i] = (struct register_import){
            rows[i].id,        rows[i].at_ms,  rows[i].rows_read, rows[i].rows_loaded,
            rows[i].file_name, rows[i].source, rows[i].licence};
    return NULL;
}
