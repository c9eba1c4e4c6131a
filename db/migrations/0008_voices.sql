-- slice: voices
-- What one person said, once: their words or a worker's note of them, never mixed up. What may be
-- done with it stands in `consent` (voice_id).
CREATE TABLE voice (
    id TEXT NOT NULL PRIMARY KEY,
    encounter_id TEXT,
    gathering_id INTEGER,
    person_id INTEGER REFERENCES person (id),
    area_code TEXT NOT NULL,
    speaker TEXT NOT NULL,
    verbatim INTEGER NOT NULL,
    words TEXT NOT NULL,
    lang TEXT NOT NULL,
    original TEXT,
    original_lang TEXT,
    sensitivity INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    day TEXT NOT NULL,
    account_id INTEGER REFERENCES account (id),
    via TEXT NOT NULL,
    slip TEXT,
    superseded_by TEXT
);
CREATE INDEX voice_day ON voice (day, id);
CREATE INDEX voice_area ON voice (area_code, day);
CREATE INDEX voice_encounter ON voice (encounter_id);
CREATE INDEX voice_person ON voice (person_id);
CREATE UNIQUE INDEX voice_slip ON voice (slip);

-- "Take it back": by slip, by staff, or told at a door. It wins whatever the order: a voice that
-- arrives after its withdrawal is never kept. What is left says that it happened, not what it was.
CREATE TABLE voice_withdrawal (
    voice_id TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    by_whom TEXT NOT NULL,
    account_id INTEGER REFERENCES account (id),
    slip TEXT,
    PRIMARY KEY (voice_id)
);

-- Numbers on cards (BBL-4K7Q): an area's prefix and symbols, given out in blocks, so that two phones
-- that are offline never use the same one. A number says nothing by itself.
CREATE TABLE slip (
    code TEXT NOT NULL PRIMARY KEY,
    prefix TEXT NOT NULL,
    holder TEXT NOT NULL, -- a phone's id, or a printed sheet's number
    made_ms INTEGER NOT NULL,
    used_ms INTEGER
);
CREATE INDEX slip_by_prefix ON slip (prefix);
CREATE INDEX slip_by_holder ON slip (holder, used_ms);

CREATE TABLE slip_prefix ( -- public
    area_code TEXT NOT NULL PRIMARY KEY,
    prefix TEXT NOT NULL UNIQUE
);
