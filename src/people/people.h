// SPDX-License-Identifier: AGPL-3.0-or-later
// Staff accounts: the people who run the programme, their roles, and how they sign in. Residents
// need no account for anything. (What is known about residents comes with a later slice of work.)
//
// Passwords are kept as argon2id hashes (libsodium, INTERACTIVE: 64 MiB, 2 passes). A session's
// token is known to its browser alone; the database keeps its hash.
#ifndef PEOPLE_PEOPLE_H
#define PEOPLE_PEOPLE_H

#include "base/base.h"
#include "base/actor.h"
#include "base/random.h"
#include "store/command.h"
#include "store/db.h"
#include "web/req.h"

enum {
    PASSWORD_MIN = 12,
    SESSION_IDLE_MS = 30 * 60 * 1000,
    SESSION_MAX_MS = 8 * 60 * 60 * 1000,
};

struct account {
    account_id id;
    str login, name;
    enum role role;
    int64_t created_ms;
    bool disabled;
};

struct account_new {
    str login, name, password;
    enum role role;
};

// Why a password is not good enough, in a sentence; NULL when it is.
const char *password_weakness(str password, str login, str name);

// argon2id; takes about a tenth of a second and 64 MiB. Never in the writer's thread.
MUST_USE err password_hash(struct arena *a, str password, str *ret);
// The same time for a hash that does not exist (none).
bool password_ok(str hash, str password);

// ERR_CONFLICT when the login name is taken, be it by a closed account.
MUST_USE err account_add(struct db_tx *tx, const struct account_new *who, str password_hash,
                         int64_t now_ms, account_id *ret);
// All accounts by login name, closed ones too; for the coordinator only (ERR_DENIED).
MUST_USE err account_list(struct db_tx *tx, const struct actor *who, struct arena *a,
                          struct account **ret, size_t *ret_n);
// Closes an account and ends its sessions. ERR_NOT_FOUND when there is none that is open.
MUST_USE err account_disable(struct db_tx *tx, str login, int64_t now_ms);
// Opens a closed account again, in the role it had, with a new password: the old one and whatever
// was signed in with it stay worthless. For the coordinator (ERR_DENIED), and never one's own
// account (ERR_CONFLICT). ERR_NOT_FOUND without such an account, ERR_CONFLICT when it is open.
MUST_USE err account_reopen(struct db_tx *tx, const struct actor *who, str login, str password_hash,
                            account_id *ret);
// The account of whoever asks, and its password hash. ERR_DENIED when they have none (any more).
MUST_USE err account_own(struct db_tx *tx, const struct actor *who, struct arena *a,
                         struct account *ret, str *ret_hash);
// Puts `new_hash` in the place of `old_hash`, in the account of whoever asks, and ends all its
// sessions, this one too. ERR_CONFLICT when the old one has been changed, or the account closed,
// since it was looked at.
MUST_USE err account_set_password(struct db_tx *tx, const struct actor *who, str old_hash,
                                  str new_hash);
// Fails (ERR_CONFLICT) when the account was closed, or its password changed, since `hash` was read:
// checking a password takes a while.
MUST_USE err account_still(struct db_tx *tx, account_id who, str hash);
// Is there an account that may sign in?
MUST_USE err account_any(struct db_tx *tx, bool *ret);
// The account and password hash behind a login name that may sign in.
MUST_USE err account_by_login(struct db_tx *tx, struct arena *a, str login, struct account *ret,
                              str *ret_hash, bool *ret_found);

// A new session. `token` goes into the browser's cookie and nowhere else; only its hash is kept.
// Sessions that are too old go when a new one begins, or any is used.
MUST_USE err session_begin(struct db_tx *tx, account_id who, str device, str token, int64_t now_ms);
MUST_USE err session_end(struct db_tx *tx, session_id s);
MUST_USE err session_end_all(struct db_tx *tx, account_id who);
// The actor behind a token, NULL when there is none or it is too old.
MUST_USE err session_actor(struct db_tx *tx, struct arena *a, str token, int64_t now_ms,
                           const struct actor **ret, int64_t *ret_seen_ms);
// Notes that a session was used at now_ms.
MUST_USE err session_touch(struct db_tx *tx, session_id s, int64_t now_ms);

struct session {
    session_id id;
    int64_t created_ms, seen_ms;
    str device;
};
// The sessions of `who` that are good at now_ms, the one used last first. Nobody sees another's.
MUST_USE err session_list(struct db_tx *tx, const struct actor *who, struct arena *a,
                          int64_t now_ms, struct session **ret, size_t *ret_n);

// The one-time link that makes the first account. setup_make replaces any older one.
MUST_USE err setup_make(struct db_tx *tx, str key);
MUST_USE err setup_check(struct db_tx *tx, str key, bool *ret_ok);
MUST_USE err setup_spend(struct db_tx *tx);

extern const struct route people_routes[];
extern const struct command people_commands[];
// The hook of web/req.h.
err people_actor_of(struct db_tx *tx, struct req *r, str token, const struct actor **ret);

#endif
