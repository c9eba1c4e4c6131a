-- slice: partner
-- A register of organisations somebody handed in (councils with their identifiers, say).
CREATE TABLE organisation_import ( -- public
    id ID,
    file_name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    source TEXT NOT NULL,
    licence TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    rows_read INTEGER NOT NULL,
    rows_loaded INTEGER NOT NULL
);

-- closed: the body itself is no more (a register says so). off_ms: taken off our list by the
-- coordinator, who can put it back.
CREATE TABLE organisation ( -- public
    id ID,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    about TEXT NOT NULL,
    web TEXT,
    area_code TEXT,
    closed INTEGER NOT NULL,
    import_id INTEGER REFERENCES organisation_import (id),
    created_ms INTEGER NOT NULL,
    off_ms INTEGER
);

-- What it said before it was changed, so that a change can be taken back.
CREATE TABLE organisation_was ( -- public
    id ID,
    organisation_id INTEGER NOT NULL REFERENCES organisation (id),
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    about TEXT NOT NULL,
    web TEXT,
    until_ms INTEGER NOT NULL
);
CREATE INDEX organisation_was_of ON organisation_was (organisation_id);

-- Other names registers know it by.
CREATE TABLE organisation_alias ( -- public
    organisation_id INTEGER NOT NULL REFERENCES organisation (id),
    name TEXT NOT NULL,
    import_id INTEGER REFERENCES organisation_import (id),
    PRIMARY KEY (organisation_id, name)
);

-- Identifiers by org-id.guide scheme; one organisation may have several. A sound one belongs to one
-- organisation only; one that breaks its scheme's rule (sound = 0) is kept and flagged, and is
-- never a reason to take two organisations for one.
CREATE TABLE organisation_identifier ( -- public
    id ID,
    organisation_id INTEGER NOT NULL REFERENCES organisation (id),
    scheme TEXT NOT NULL,
    value TEXT NOT NULL,
    sound INTEGER NOT NULL,
    import_id INTEGER REFERENCES organisation_import (id),
    UNIQUE (organisation_id, scheme, value)
);
CREATE UNIQUE INDEX organisation_identifier_sound ON organisation_identifier (scheme, value) WHERE sound = 1;

-- What it does in the partnership and since when, to the month (the first day stands for it).
CREATE TABLE organisation_role ( -- public
    id ID,
    organisation_id INTEGER NOT NULL REFERENCES organisation (id),
    role TEXT NOT NULL,
    starts TEXT,
    ends TEXT,
    removed_ms INTEGER
);
CREATE INDEX organisation_role_of ON organisation_role (organisation_id);
