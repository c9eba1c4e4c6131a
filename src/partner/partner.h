// SPDX-License-Identifier: AGPL-3.0-or-later
// The partnership: organisations, what each does in it and since when, and the identifiers that
// registers know them by. The only header other slices include.
//
// Words: an *organisation* is a body with a name and a kind; a *role* is what it does in the
// partnership, from one month to another; a *partner* is an organisation that has or had a role;
// the *register* is all organisations we know, partners or not; an *identifier* is a scheme of
// org-id.guide and a value ("GB-CHC" and "1153055"). It is *sound* when it keeps its scheme's rule.
// No people stand here: everything is public.
//
// Rules:
//   - Nothing is guessed. Spaces in an identifier are taken out unasked; anything else that breaks
//     its scheme's rule is flagged, with a suggestion where there is one.
//   - Only a sound identifier joins two sources. Two bodies keyed "GB-COH-NA" stay two.
//   - A second name for the same identifier is kept as an alias; the first one stands.
//   - Nothing is deleted by hand: an organisation is taken off the list, a role is taken away, a
//     changed entry keeps what it said before; each can be put back.
#ifndef PARTNER_PARTNER_H
#define PARTNER_PARTNER_H

#include "base/base.h"
#include "base/actor.h"
#include "base/date.h"
#include "store/command.h"
#include "store/db.h"
#include "web/req.h"

// ---- words ------------------------------------------------------------------------------------

// A word as the database and forms have it, and as pages say it (marked for translators).
struct partner_word {
    const char *word, *title, *many;
};
// council police nhs school university charity community business faith other
extern const struct partner_word org_kinds[];
extern const size_t org_kinds_n;
// founding delivery funder host evaluation partner
extern const struct partner_word org_roles[];
extern const size_t org_roles_n;
// The title of a word; the word itself when it is none of these.
const char *org_kind_title(struct arena *a, str word);
const char *org_role_title(struct arena *a, str word);
MUST_USE bool org_kind_known(str word);
MUST_USE bool org_role_known(str word);

// ---- identifiers ------------------------------------------------------------------------------

struct org_scheme {
    const char *id;    // "GB-CHC"
    const char *title; // "Charity Commission for England and Wales"
    const char *rule;  // "6 or 7 digits", for hints and refusals
};
extern const struct org_scheme org_schemes[];
extern const size_t org_schemes_n;

struct org_id {
    str scheme, value; // without spaces
    bool sound;
    bool spaces;    // there were some
    str why;        // not sound: a sentence
    str suggestion; // not sound: what it may be meant to be, or none; never used unasked
};

// Judges a value of a scheme. An unknown scheme is not sound. Pure.
struct org_id org_id_judge(struct arena *a, str scheme, str value);
// The same for a whole identifier, "GB-CHC- 1153055 ".
struct org_id org_id_read(struct arena *a, str text);
// "GB-CHC-1153055".
str org_id_text(struct arena *a, str scheme, str value);

// ---- months -----------------------------------------------------------------------------------

// A month as people write it: "January 2019", "jan 2019", "1 2019", "01/2019", "2019-01",
// "2019-01-15". Gives its first day. Empty text gives DATE_NONE and true. Pure.
MUST_USE bool org_month_read(str s, date *ret);
// "January 2019"; none for no date.
str org_month_words(struct arena *a, date d);
// "2019-01", for <time datetime>.
str org_month_iso(struct arena *a, date d);

// ---- organisations and roles ------------------------------------------------------------------

struct organisation {
    organisation_id id;
    str name, kind, about; // kind: a word of org_kinds
    str web;               // a checked https or http address, or none
    str area_code;         // of a council: the area it looks after, or none
    bool closed;           // a register says the body is no more
    bool off;              // taken off the list
    int64_t created_ms;
};

struct org_role {
    org_role_id id;
    organisation_id organisation;
    str role;          // a word of org_roles
    date starts, ends; // first days of months; `ends`: from then on no more. DATE_NONE: not known,
                       // still going on
    bool removed;
};

struct org_identifier {
    int64_t id;
    organisation_id organisation;
    str scheme, value;
    bool sound;
};

// What somebody wrote into the fields of an organisation, put right or refused.
// *ret_web is none for no address. false when the address is none we can link to.
MUST_USE bool org_web_read(struct arena *a, str typed, str *ret_web);

// Is it that role's time on a day?
bool org_role_current(const struct org_role *r, date on);

// Inside a write. Names and kinds have been checked before.
MUST_USE err organisation_add(struct db_tx *tx, const struct organisation *o, int64_t now_ms,
                              organisation_id *ret);
// Changes name, kind, about and web; what they were is kept. Nothing is noted when nothing changes.
MUST_USE err organisation_change(struct db_tx *tx, const struct organisation *o, int64_t now_ms,
                                 bool *ret_changed);
// Off the list, or on it again.
MUST_USE err organisation_off(struct db_tx *tx, organisation_id id, int64_t now_ms);
MUST_USE err organisation_on(struct db_tx *tx, organisation_id id);
// Adds an identifier. ERR_CONFLICT names the organisation that has the same sound one.
MUST_USE err organisation_identify(struct db_tx *tx, organisation_id id, const struct org_id *x);
MUST_USE err organisation_unidentify(struct db_tx *tx, organisation_id id, int64_t identifier);
MUST_USE err org_role_add(struct db_tx *tx, organisation_id id, str role, date starts, date ends,
                          org_role_id *ret);
// From `ends` on it is no more; DATE_NONE takes an end back.
MUST_USE err org_role_end(struct db_tx *tx, org_role_id id, date ends);
// Takes a role away that was entered by mistake, or gives it back.
MUST_USE err org_role_remove(struct db_tx *tx, org_role_id id, bool removed, int64_t now_ms);

// Reading.
MUST_USE err organisation_find(struct db_tx *tx, struct arena *a, organisation_id id,
                               struct organisation *ret, bool *ret_found);
// By a sound identifier.
MUST_USE err organisation_by_identifier(struct db_tx *tx, struct arena *a, str scheme, str value,
                                        struct organisation *ret, bool *ret_found);
// By its name, capitals or not.
MUST_USE err organisation_by_name(struct db_tx *tx, struct arena *a, str name,
                                  struct organisation *ret, bool *ret_found);
// The register by a part of a name, alias or identifier (the first 48 bytes of q count); at most
// `limit`, by name.
MUST_USE err organisation_search(struct db_tx *tx, struct arena *a, str q, int64_t limit,
                                 struct organisation **ret, size_t *ret_n);
MUST_USE err organisation_identifiers(struct db_tx *tx, struct arena *a, organisation_id id,
                                      struct org_identifier **ret, size_t *ret_n);
MUST_USE err organisation_aliases(struct db_tx *tx, struct arena *a, organisation_id id, str **ret,
                                  size_t *ret_n);
// All its roles, removed ones as well, the earliest first.
MUST_USE err organisation_roles(struct db_tx *tx, struct arena *a, organisation_id id,
                                struct org_role **ret, size_t *ret_n);
MUST_USE err org_role_find(struct db_tx *tx, struct arena *a, org_role_id id, struct org_role *ret,
                           bool *ret_found);
// What it said before, the newest first.
struct organisation_version {
    int64_t id;
    str name, kind, about, web;
    int64_t until_ms;
};
MUST_USE err organisation_versions(struct db_tx *tx, struct arena *a, organisation_id id,
                                   struct organisation_version **ret, size_t *ret_n);

// A partner with what the lists say of it.
struct partner {
    struct organisation org;
    struct org_role *role; // none removed, the earliest first
    size_t n_role;
    struct org_identifier *identifier; // sound ones
    size_t n_identifier;
    bool current; // has a role today
};
// The organisations on the list that have or had a role; those of today first, in the order they
// came.
MUST_USE err partner_list(struct db_tx *tx, struct arena *a, date on, struct partner **ret,
                          size_t *ret_n);

// How the partnership grew: what began or ended in one month, one entry for each role.
struct partner_event {
    date month;
    str role;
    bool ends;
    const struct partner **who;
    size_t n_who;
};
// The earliest first. Roles without a known start are not in it. Pure.
void partner_timeline(struct arena *a, const struct partner *v, size_t n,
                      struct partner_event **ret, size_t *ret_n);

// ---- registers --------------------------------------------------------------------------------

enum { REGISTER_REMARKS_KEPT = 500 };

struct register_remark {
    int64_t row;
    str column, sentence;
};

// What a register file says, or what is wrong with it.
struct register_row {
    str name;
    str alias; // a shorter name, or none
    struct org_id id;
    str area_code; // or none
    bool closed;
};
struct register_file {
    str file_name, sha256, source, licence;
    int64_t bytes;
    struct register_row *row;
    size_t n;
    // All are counted, the first REGISTER_REMARKS_KEPT of them kept.
    struct register_remark *problem; // any of them, and nothing is loaded
    size_t n_problems;
    struct register_remark *flag; // things to look at; the row is loaded
    size_t n_flags;
    int64_t closed, without_area;
};
// Reads the text of a list of local authorities (headings org_id, name, normalised_name, gss_code,
// active) or any table with org_id (or: id) and name. Pure.
MUST_USE err register_read(struct arena *a, str text, str file_name, struct register_file *ret);

struct register_result {
    int64_t import;               // its number; 0 when nothing changed
    bool unchanged;               // the same file had been loaded
    int64_t added, named, closed; // new organisations, new aliases, newly closed
};
// Loads it. Inside a write.
MUST_USE err register_load(struct db_tx *tx, const struct register_file *f, int64_t now_ms,
                           struct register_result *ret);
// Takes an import back: what came with it and was not used since goes. ERR_NOT_FOUND.
MUST_USE err register_undo(struct db_tx *tx, int64_t import, int64_t *ret_kept);

struct register_import {
    int64_t id, at_ms, rows_read, rows_loaded;
    str file_name, source, licence;
};
MUST_USE err register_imports(struct db_tx *tx, struct arena *a, struct register_import **ret,
                              size_t *ret_n);

extern const struct route partner_routes[], partner_team_routes[];
extern const struct command partner_commands[];

#endif
