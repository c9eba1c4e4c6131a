// SPDX-License-Identifier: AGPL-3.0-or-later
// The field log: what happened out there, told by phones, sheets of paper and forms. Append-only;
// what it says is taken up by the slice each record belongs to. The only header other slices
// include.
//
// Words: a *record* is one thing that happened, finished on a phone and never changed after (a
// correction is a further record that names it); a *device* is a phone or browser that may append;
// *seq* is its own counter; a record is *held* when a coordinator has to look at it; *erased* when
// somebody's data went: whoever sends it again is told so.
//
// Rules:
//   - Nothing from the field is refused. What does not fit is held, with the reason.
//   - A receipt is given after the commit is durable, and for each record by itself.
//   - The same id with the same bytes is the same record. With other bytes both are kept.
//   - The time of an event is the phone's, put right by the difference of the clocks. The server's
//     own time never stands in for it, unless the phone's cannot be true.
//   - State is a rule over all records, whatever the order they came in.
//
// Source of the protocol: docs/decisions/0008-field-log.md.
#ifndef FIELD_FIELD_H
#define FIELD_FIELD_H

#include "base/base.h"
#include "base/actor.h"
#include "base/date.h"
#include "store/command.h"
#include "store/db.h"
#include "web/req.h"

#include <jansson.h>

enum {
    FIELD_BATCH_MAX = 200,         // records in one batch
    FIELD_RECORD_MAX = 64 << 10,   // bytes of one, sealed
    FIELD_BODY_MAX = 4 << 20,      // bytes of a batch
    FIELD_CLOCK_SLACK_MS = 300000, // clock and order may differ by this much
    FIELD_STRANGERS_MAX = 10000,   // records held for devices nobody knows
};

// One record, opened.
struct field_record {
    str id, sha, device;
    int64_t seq;
    str kind, via; // via: phone, paper, web, phone_call
    account_id account;
    int64_t phone_ms, sent_ms, received_ms;
    int64_t at_ms; // when it happened, corrected
    bool uncertain;
    str body;            // JSON, with sorted keys
    const json_t *words; // what `d` of it says: the kind's own
};

// A kind of record and the slice that takes it up.
//
// check: may it be taken up as things stand? Writes nothing. *ret_hold: why a coordinator has to
//        look at it first (a sentence); none when all is well. It must accept any JSON.
// take:  takes it up; called once per record. Fails only when the database does.
// drop:  takes back what `take` did, when the record is erased. May be NULL.
struct field_kind {
    const char *name, *title;
    err (*check)(struct db_tx *tx, const struct field_record *r, str *ret_hold);
    err (*take)(struct db_tx *tx, const struct field_record *r);
    err (*drop)(struct db_tx *tx, const struct field_record *r);
};

// ---- devices -----------------------------------------------------------------------------------

struct field_device {
    str id;
    account_id account;
    str name;
    int64_t made_ms, expires_ms;
    bool closed;
    opt_i64 seen_ms, clock_ms;
};

// Gives a device to whoever asks, until expires_ms. `token` goes to the phone and nowhere else.
// The same id again gives the phone a new token and a later end. ERR_CONFLICT when the id is
// somebody else's.
MUST_USE err field_device_give(struct db_tx *tx, const struct actor *who, str id, str name,
                               str token, int64_t now_ms, int64_t expires_ms);
MUST_USE err field_device_close(struct db_tx *tx, const struct actor *who, str id, int64_t now_ms);
// All devices, for the coordinator; one's own for everybody else. The one seen last first.
MUST_USE err field_device_list(struct db_tx *tx, const struct actor *who, struct arena *a,
                               struct field_device **ret, size_t *ret_n);

// The public key phones seal to now, and its number. Made when there is none; inside a write.
MUST_USE err field_key_now(struct db_tx *tx, int64_t now_ms, int64_t *ret_id, str *ret_public);

// ---- taking records in -------------------------------------------------------------------------

// A sealed record as it came, and what became of it.
struct field_sealed {
    str id, sha, bytes; // bytes: sealed
    int64_t seq, key;
    bool damaged; // its bytes are not those of `sha`: it has to come again
    bool opened;  // `plain` is what it says
    str plain;
};

struct field_batch {
    str device, token;
    int64_t phone_now_ms, received_ms;
    json_t *boots; // differences measured per start of the phone's page; may be NULL
    struct field_sealed *rec;
    size_t n;
};

enum field_fate { FIELD_STORED, FIELD_HELD, FIELD_ERASED, FIELD_DAMAGED };

struct field_receipt {
    enum field_fate *fate; // one per record of the batch
    str *why;              // of a held one: a word ("other-hash")
    str have;              // "1-41,43-60": all numbers of this device that are here
    int64_t *ask;          // numbers missing below the highest; the first 500
    size_t n_ask;
};

// Opens what can be opened. Only reads; outside of a write, because it takes a while.
MUST_USE err field_open(struct db_tx *tx, struct field_batch *b);
// Puts them in and lets their slices take them up. Inside a write.
MUST_USE err field_take(struct db_tx *tx, const struct field_kind *const *kinds,
                        const struct field_batch *b, struct field_receipt *ret);

// A record that comes from paper or a form: no phone, no seal, the same rules. `form_id` is its
// one-use number; the same again changes nothing and *ret_new is false. `device` names the desk.
struct field_entry {
    str form_id, kind, via;
    account_id account;
    int64_t at_ms, now_ms;
    json_t *words;
};
MUST_USE err field_enter(struct db_tx *tx, const struct field_kind *const *kinds,
                         const struct field_entry *e, str *ret_record, str *ret_hold,
                         bool *ret_new);

// ---- looking after the log ---------------------------------------------------------------------

struct field_held {
    str id, sha, device, kind, why;
    int64_t received_ms;
    bool opened;
};
// Held records, the oldest first; for the coordinator (ERR_DENIED).
MUST_USE err field_held_list(struct db_tx *tx, const struct actor *who, struct arena *a,
                             struct field_held **ret, size_t *ret_n);
// Tries a held record again (its reason is gone), or puts it aside for good (`keep` false).
MUST_USE err field_held_settle(struct db_tx *tx, const struct field_kind *const *kinds,
                               const struct actor *who, str id, str sha, bool keep, int64_t now_ms);

// Erases a record everywhere and remembers that it is gone. Inside a write.
MUST_USE err field_erase(struct db_tx *tx, const struct field_kind *const *kinds, str id,
                         int64_t now_ms);
MUST_USE err field_is_erased(struct db_tx *tx, str id, bool *ret);

// ---- reading words of a record -----------------------------------------------------------------

// A text of at most `max` bytes; none when it is absent or no such text.
str field_text(struct arena *a, const json_t *words, const char *key, size_t max);
// A whole number; `otherwise` when it is absent or none.
int64_t field_number(const json_t *words, const char *key, int64_t otherwise);

extern const struct route field_routes[], field_app_routes[];
extern const struct command field_commands[];

#endif
