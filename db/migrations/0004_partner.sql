-- slice: partner
CREATE TABLE organisation ( -- public
    id ID,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    about TEXT NOT NULL,
    web TEXT,
    created_ms INTEGER NOT NULL,
    ended_ms INTEGER
);

-- Identifiers by org-id.guide scheme; one organisation may have several.
CREATE TABLE organisation_identifier ( -- public
    scheme TEXT NOT NULL,
    value TEXT NOT NULL,
    organisation_id INTEGER NOT NULL REFERENCES organisation (id),
    PRIMARY KEY (scheme, value)
);
CREATE INDEX organisation_identifier_of ON organisation_identifier (organisation_id);

CREATE TABLE organisation_role ( -- public
    id ID,
    organisation_id INTEGER NOT NULL REFERENCES organisation (id),
    role TEXT NOT NULL,
    starts TEXT,
    ends TEXT
);
CREATE INDEX organisation_role_of ON organisation_role (organisation_id);
