-- slice: field
-- What happened out there, as phones, sheets of paper and forms tell it: an append-only log.
-- Everything else about the field (the state of a door, a count) is a rule over these records.

-- Phones seal each record to the newest key; old private keys stay while a phone may still come
-- back with something sealed to them.
CREATE TABLE field_key (
    id ID,
    public_key BLOB NOT NULL,
    private_key BLOB NOT NULL,
    made_ms INTEGER NOT NULL,
    retired_ms INTEGER
);

-- A phone (or a browser) that may append. Only the hash of its token is kept. clock_ms: the
-- server's time minus the phone's, as last measured.
CREATE TABLE field_device (
    id TEXT NOT NULL PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES account (id),
    name TEXT NOT NULL,
    token_hash BLOB NOT NULL UNIQUE,
    made_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL,
    closed_ms INTEGER,
    seen_ms INTEGER,
    clock_ms INTEGER
);
CREATE INDEX field_device_account ON field_device (account_id);

-- sha: of the sealed bytes (of the canonical bytes for paper and forms), in hex. The same id with
-- the same sha is the same record; with another sha both are kept and the second is held.
-- phone_ms: by the phone's clock; at_ms: corrected; uncertain: clock and order disagree.
-- state: done (its slice has taken it up), waiting (for a file, or for a record it names), held (a
-- coordinator has to look, `why` says what at), void (a number that never became a record).
CREATE TABLE field_record (
    id TEXT NOT NULL,
    sha TEXT NOT NULL,
    device_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    kind TEXT NOT NULL,
    via TEXT NOT NULL,
    account_id INTEGER REFERENCES account (id),
    phone_ms INTEGER NOT NULL,
    sent_ms INTEGER NOT NULL,
    received_ms INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    uncertain INTEGER NOT NULL,
    body TEXT,
    state TEXT NOT NULL,
    why TEXT NOT NULL,
    PRIMARY KEY (id, sha)
);
CREATE INDEX field_record_device ON field_record (device_id, seq);
CREATE INDEX field_record_state ON field_record (state, received_ms);

-- Sealed bytes that could not be opened (an unknown key, damage): kept until somebody can.
CREATE TABLE field_sealed (
    id TEXT NOT NULL,
    sha TEXT NOT NULL,
    key_id INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (id, sha)
);

-- Hashes of the ids of erased records: whoever sends one again is told so.
CREATE TABLE field_erased (
    id_hash BLOB NOT NULL PRIMARY KEY,
    at_ms INTEGER NOT NULL
);

-- Photos and recordings a record names; they arrive in pieces, each piece durable by itself.
CREATE TABLE field_file (
    record_id TEXT NOT NULL,
    name TEXT NOT NULL,
    sha TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    type TEXT NOT NULL,
    lost_ms INTEGER,
    PRIMARY KEY (record_id, name)
);
CREATE INDEX field_file_sha ON field_file (sha);

CREATE TABLE field_blob (
    sha TEXT NOT NULL PRIMARY KEY,
    bytes INTEGER NOT NULL,
    have INTEGER NOT NULL,
    whole_ms INTEGER
);

CREATE TABLE field_piece (
    sha TEXT NOT NULL,
    starts INTEGER NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (sha, starts)
);

-- One-use numbers of forms that work without JavaScript: a reload does not double.
CREATE TABLE field_form (
    id TEXT NOT NULL PRIMARY KEY,
    account_id INTEGER REFERENCES account (id),
    record_id TEXT,
    made_ms INTEGER NOT NULL
);
