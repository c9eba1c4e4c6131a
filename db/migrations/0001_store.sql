-- slice: store
CREATE TABLE schema_migration ( -- public
    number INTEGER NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    applied_ms INTEGER NOT NULL
);

-- Keys the server needs across restarts (session keys, the set-up link's hash).
CREATE TABLE secret (
    name TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL
);

-- The append-only trail: each row's hash covers the one before (docs/decisions/0006-audit.md).
CREATE TABLE audit (
    seq INTEGER NOT NULL PRIMARY KEY,
    at_ms INTEGER NOT NULL,
    actor TEXT NOT NULL,
    body TEXT NOT NULL,
    purpose TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    details BLOB NOT NULL,
    prev BLOB NOT NULL,
    hash BLOB NOT NULL
);
