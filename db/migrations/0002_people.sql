-- slice: people
-- Staff accounts: the people who run the programme. Residents need none.
CREATE TABLE account (
    id ID,
    login TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    password TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    disabled_ms INTEGER
);

-- Only the hash of a session's token is kept.
CREATE TABLE session (
    id ID,
    token_hash BLOB NOT NULL UNIQUE,
    account_id INTEGER NOT NULL REFERENCES account (id),
    created_ms INTEGER NOT NULL,
    seen_ms INTEGER NOT NULL,
    device TEXT NOT NULL
);
CREATE INDEX session_account ON session (account_id);
