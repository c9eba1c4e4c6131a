// SPDX-License-Identifier: AGPL-3.0-or-later
#include "base/base.h"
#include "store/audit.h"
#include "store/store_sql.h"

#include <sodium.h>

void audit_first(unsigned char ret[AUDIT_HASH])
{
    static const char start[] = "doorstep audit v1";
    crypto_generichash(ret, AUDIT_HASH, (const unsigned char *)start, sizeof start - 1, NULL, 0);
}

static void put(crypto_generichash_state *st, const void *p, size_t n)
{
    unsigned char len[4] = {(unsigned char)n, (unsigned char)(n >> 8), (unsigned char)(n >> 16),
                            (unsigned char)(n >> 24)};
    crypto_generichash_update(st, len, sizeof len);
    if (n)
        crypto_generichash_update(st, p, n);
}

static void put_number(crypto_generichash_state *st, uint64_t v)
{
    unsigned char le[8];
    for (int i = 0; i < 8; i++)
        le[i] = (unsigned char)(v >> (8 * i));
    put(st, le, sizeof le);
}

void audit_hash(const unsigned char prev[AUDIT_HASH], const struct audit_row *row,
                unsigned char ret[AUDIT_HASH])
{
    crypto_generichash_state st;
    crypto_generichash_init(&st, NULL, 0, AUDIT_HASH);
    put(&st, prev, AUDIT_HASH);
    put_number(&st, (uint64_t)row->seq);
    put_number(&st, (uint64_t)row->at_ms);
    const str *text[] = {&row->actor,  &row->body,    &row->purpose,
                         &row->action, &row->subject, &row->details};
    for (size_t i = 0; i < countof(text); i++)
        put(&st, text[i]->p, text[i]->n);
    crypto_generichash_final(&st, ret, AUDIT_HASH);
}

err audit_add(struct db_tx *tx, int64_t now_ms, const struct actor *who, str action, str subject,
              str purpose)
{
    struct q_audit_last last;
    bool found;
    TRY(q_audit_last_one(tx, tx->a, &last, &found));
    unsigned char prev[AUDIT_HASH], hash[AUDIT_HASH];
    if (found && last.hash.n == AUDIT_HASH)
        memcpy(prev, last.hash.p, AUDIT_HASH);
    else
        audit_first(prev);
    struct audit_row row = {
        .seq = found ? last.seq + 1 : 1,
        .at_ms = now_ms,
        .actor = who->account.v ? str_fmt(tx->a, "staff:%lld", (long long)who->account.v)
                                : str_c(role_word(who->role)),
        .body = STR(""),
        .purpose = purpose,
        .action = action,
        .subject = subject,
        .details = STR(""),
    };
    audit_hash(prev, &row, hash);
    return q_audit_insert(tx, &(struct q_audit_insert_in){
                                  .seq = row.seq,
                                  .at_ms = row.at_ms,
                                  .actor = row.actor,
                                  .body = row.body,
                                  .purpose = row.purpose,
                                  .action = row.action,
                                  .subject = row.subject,
                                  .details = row.details,
                                  .prev = {(const char *)prev, AUDIT_HASH},
                                  .hash = {(const char *)hash, AUDIT_HASH},
                              });
}

err audit_verify(struct db_tx *tx, int64_t *ret_rows, int64_t *ret_bad)
{
    struct db_rows rows;
    struct q_audit_all r;
    bool more;
    unsigned char prev[AUDIT_HASH], want[AUDIT_HASH];
    audit_first(prev);
    *ret_rows = *ret_bad = 0;
    TRY(q_audit_all_open(tx, &rows));
    for (;;) {
        TRY(q_audit_all_next(&rows, &r, &more));
        if (!more)
            return NULL;
        ++*ret_rows;
        struct audit_row row = {r.seq,     r.at_ms,  r.actor,   r.body,
                                r.purpose, r.action, r.subject, r.details};
        audit_hash(prev, &row, want);
        bool fits = r.seq == *ret_rows && r.prev.n == AUDIT_HASH && r.hash.n == AUDIT_HASH &&
                    memcmp(r.prev.p, prev, AUDIT_HASH) == 0 &&
                    memcmp(r.hash.p, want, AUDIT_HASH) == 0;
        if (!fits) {
            *ret_bad = *ret_rows;
            db_rows_close(&rows);
            return NULL;
        }
        memcpy(prev, want, AUDIT_HASH);
    }
}
