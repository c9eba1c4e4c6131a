// SPDX-License-Identifier: AGPL-3.0-or-later
// The zone as dated configuration.
#include "base/base.h"
#include "place/place.h"
#include "place/zone_sql.h"
#include "web/req.h"

static struct zone zone_of_row(const struct q_zone_all *r)
{
    return (struct zone){r->id,     r->name,          r->challenge, r->vision,
                         r->starts, r->demonstration, r->from_ms};
}

err zone_now(struct db_tx *tx, struct arena *a, struct zone *ret, bool *ret_found)
{
    struct q_zone_current r;
    TRY(q_zone_current_one(tx, a, &r, ret_found));
    *ret = (struct zone){r.id, r.name, r.challenge, r.vision, r.starts, r.demonstration, r.from_ms};
    return NULL;
}

err zone_history(struct db_tx *tx, struct arena *a, struct zone **ret, size_t *ret_n)
{
    struct q_zone_all *rows;
    TRY(q_zone_all_all(tx, a, &rows, ret_n));
    *ret = arena_new_array(a, *ret_n, struct zone);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret)[i] = zone_of_row(&rows[i]);
    return NULL;
}

err zone_set(struct db_tx *tx, const struct zone *z, int64_t now_ms)
{
    TRY(q_zone_end(tx, &(struct q_zone_end_in){now_ms}));
    return q_zone_insert(tx, &(struct q_zone_insert_in){z->name, z->challenge, z->vision, z->starts,
                                                        z->demonstration, now_ms});
}

err zone_areas(struct db_tx *tx, struct arena *a, date on, struct zone_area **ret, size_t *ret_n)
{
    struct q_zone_area_on *rows;
    TRY(q_zone_area_on_all(tx, a, &(struct q_zone_area_on_in){on}, &rows, ret_n));
    *ret = arena_new_array(a, *ret_n, struct zone_area);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret)[i] = (struct zone_area){rows[i].kind, rows[i].code, rows[i].vintage,
                                       rows[i].valid_from, rows[i].valid_to};
    return NULL;
}

static bool among(const str *code, size_t n, str c)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(code[i], c))
            return true;
    return false;
}

static err begin_area(struct db_tx *tx, str code, date from, int64_t now_ms)
{
    struct q_layer_of_code l;
    bool found;
    TRY(q_layer_of_code_one(tx, tx->a, &(struct q_layer_of_code_in){code}, &l, &found));
    if (!found)
        return err_new(tx->a, ERR_NOT_FOUND,
                       "No area has the code %" PRIstr ". Import its boundaries first.",
                       ARGstr(code));
    return q_zone_area_insert(
        tx, &(struct q_zone_area_insert_in){l.kind, l.vintage, code, from, now_ms});
}

err zone_set_areas(struct db_tx *tx, const str *code, size_t n, date from, int64_t now_ms)
{
    struct q_zone_area_on *have;
    size_t n_have;
    struct q_zone_area_changed later;
    bool found;
    TRY(q_zone_area_changed_one(tx, tx->a, &(struct q_zone_area_changed_in){from}, &later, &found));
    if (later.n)
        return err_new(tx->a, ERR_CONFLICT,
                       "The zone was changed after %" PRIstr
                       ". What was is history: choose the day "
                       "of the last change or a later one.",
                       ARGstr(date_words(tx->a, from)));
    TRY(q_zone_area_on_all(tx, tx->a, &(struct q_zone_area_on_in){from}, &have, &n_have));
    for (size_t i = 0; i < n_have; i++)
        if (!among(code, n, have[i].code))
            TRY(q_zone_area_end(tx, &(struct q_zone_area_end_in){have[i].id, from}));
    for (size_t i = 0; i < n; i++) {
        bool there = among(code, i, code[i]); // named twice
        for (size_t k = 0; k < n_have; k++)
            there = there || str_eq(have[k].code, code[i]);
        if (!there)
            TRY(begin_area(tx, code[i], from, now_ms));
    }
    return NULL;
}

err place_zone_card(struct db_tx *tx, struct arena *a, struct zone_card *ret)
{
    struct zone z;
    bool found;
    TRY(zone_now(tx, a, &z, &found));
    *ret = (struct zone_card){found ? z.name : STR_NONE, found && z.demonstration};
    return NULL;
}
