-- slice: people
-- People, only as far as needed: an encounter works without. A nickname is enough; no date of
-- birth, one way to reach somebody at most.
CREATE TABLE household (
    id ID,
    made_ms INTEGER NOT NULL
);

-- A spreadsheet of people somebody handed in. Undoing it takes away what came with it.
CREATE TABLE person_import (
    id ID,
    file_name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    account_id INTEGER REFERENCES account (id),
    rows_read INTEGER NOT NULL,
    rows_loaded INTEGER NOT NULL,
    undone_ms INTEGER
);

-- Rows of it that were not loaded, and why.
CREATE TABLE person_import_remark (
    import_id INTEGER NOT NULL REFERENCES person_import (id),
    row_no INTEGER NOT NULL,
    heading TEXT NOT NULL,
    sentence TEXT NOT NULL,
    PRIMARY KEY (import_id, row_no, heading)
);

-- head_id: who they are taken for; themselves, unless merged into somebody (person_merge). Facts
-- stay with the person they were noted for, so that a merge can be taken back.
-- contact_key: the contact in the one form duplicates are found by. organisation_id: a professional.
CREATE TABLE person (
    id ID,
    head_id INTEGER REFERENCES person (id),
    nickname TEXT NOT NULL,
    channel TEXT NOT NULL,
    contact TEXT,
    contact_key TEXT,
    home_code TEXT,
    age_band TEXT NOT NULL,
    lang TEXT,
    household_id INTEGER REFERENCES household (id),
    organisation_id INTEGER REFERENCES organisation (id),
    import_id INTEGER REFERENCES person_import (id),
    made_ms INTEGER NOT NULL,
    made_by INTEGER REFERENCES account (id),
    connect INTEGER NOT NULL, -- 0: "count me but do not connect me"
    erased_ms INTEGER
);
CREATE INDEX person_head ON person (head_id);
CREATE INDEX person_contact ON person (contact_key);
CREATE INDEX person_nickname ON person (nickname);
CREATE INDEX person_household ON person (household_id);
CREATE INDEX person_import_of ON person (import_id);

-- What their card said before it was changed.
CREATE TABLE person_was (
    id ID,
    person_id INTEGER NOT NULL REFERENCES person (id),
    body TEXT NOT NULL,
    until_ms INTEGER NOT NULL,
    account_id INTEGER REFERENCES account (id)
);
CREATE INDEX person_was_of ON person_was (person_id);

-- Two cards of one person, as somebody decided; the decision can be taken back.
CREATE TABLE person_merge (
    id ID,
    kept_id INTEGER NOT NULL REFERENCES person (id),
    gone_id INTEGER NOT NULL REFERENCES person (id),
    at_ms INTEGER NOT NULL,
    account_id INTEGER REFERENCES account (id),
    undone_ms INTEGER,
    undone_by INTEGER REFERENCES account (id)
);
CREATE INDEX person_merge_kept ON person_merge (kept_id);
CREATE INDEX person_merge_gone ON person_merge (gone_id);

-- Pairs somebody looked at and said: two people.
CREATE TABLE person_not_same (
    low_id INTEGER NOT NULL REFERENCES person (id),
    high_id INTEGER NOT NULL REFERENCES person (id),
    at_ms INTEGER NOT NULL,
    account_id INTEGER REFERENCES account (id),
    PRIMARY KEY (low_id, high_id)
);

-- Who opened somebody's card, when, and what for.
CREATE TABLE person_opened (
    id ID,
    person_id INTEGER NOT NULL REFERENCES person (id),
    account_id INTEGER NOT NULL REFERENCES account (id),
    at_ms INTEGER NOT NULL,
    purpose TEXT NOT NULL
);
CREATE INDEX person_opened_of ON person_opened (person_id, at_ms);

-- The words people hear when they are asked. A change is a new version; old ones stay, because
-- somebody said yes to them.
CREATE TABLE consent_wording ( -- public
    id ID,
    used_for TEXT NOT NULL,
    lang TEXT NOT NULL,
    version INTEGER NOT NULL,
    words TEXT NOT NULL,
    since_ms INTEGER NOT NULL,
    UNIQUE (used_for, lang, version)
);

-- What somebody said yes or no to: one use of one part of what is theirs. Of a person, or of one
-- voice (voice_id) when the speaker has no card. Silence is no. A withdrawal wins over everything,
-- whatever came first.
CREATE TABLE consent (
    id ID,
    person_id INTEGER REFERENCES person (id),
    voice_id TEXT,
    used_for TEXT NOT NULL,
    part TEXT NOT NULL,
    given INTEGER NOT NULL,
    wording_id INTEGER REFERENCES consent_wording (id),
    how TEXT NOT NULL,
    witness TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    until_ms INTEGER,
    withdrawn_ms INTEGER,
    record_id TEXT
);
CREATE INDEX consent_person ON consent (person_id);
CREATE INDEX consent_voice ON consent (voice_id);
