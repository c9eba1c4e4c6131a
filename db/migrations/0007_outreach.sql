-- slice: outreach
-- Doors, walks and visits. A dwelling is a door, not a person.

-- A list of addresses somebody handed in, with its licence; undoing it takes unused doors away.
CREATE TABLE door_import (
    id ID,
    kind TEXT NOT NULL,
    file_name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    source TEXT NOT NULL,
    licence TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    account_id INTEGER REFERENCES account (id),
    rows_read INTEGER NOT NULL,
    rows_loaded INTEGER NOT NULL,
    undone_ms INTEGER
);

CREATE TABLE street (
    id ID,
    name TEXT NOT NULL,
    area_code TEXT NOT NULL,
    import_id INTEGER REFERENCES door_import (id),
    UNIQUE (name, area_code)
);

-- number: as on the door ("12", "12A", "Rose Cottage"); order_no: its number for walking, 0 without.
-- side: odd, even, none. building, stair, floor, flat: "" where there are none. code: what phone,
-- paper and phone-call list call this door, never used twice.
CREATE TABLE dwelling (
    id ID,
    street_id INTEGER NOT NULL REFERENCES street (id),
    code TEXT NOT NULL UNIQUE,
    number TEXT NOT NULL,
    order_no INTEGER NOT NULL,
    side TEXT NOT NULL,
    building TEXT NOT NULL,
    stair TEXT NOT NULL,
    floor INTEGER NOT NULL,
    flat TEXT NOT NULL,
    area_code TEXT NOT NULL,
    lon REAL,
    lat REAL,
    uprn TEXT,
    import_id INTEGER REFERENCES door_import (id),
    made_ms INTEGER NOT NULL,
    gone_ms INTEGER,
    UNIQUE (street_id, number, building, stair, flat)
);
CREATE INDEX dwelling_area ON dwelling (area_code);
CREATE INDEX dwelling_import ON dwelling (import_id);

CREATE TABLE campaign (
    id ID,
    name TEXT NOT NULL,
    prompt TEXT NOT NULL,
    opens TEXT NOT NULL,
    closes TEXT,
    attempts INTEGER NOT NULL, -- at most
    made_ms INTEGER NOT NULL
);

CREATE TABLE walk_list (
    id ID,
    campaign_id INTEGER NOT NULL REFERENCES campaign (id),
    name TEXT NOT NULL,
    card INTEGER NOT NULL, -- a card goes through the door when nobody answers
    made_ms INTEGER NOT NULL,
    made_by INTEGER REFERENCES account (id),
    closed_ms INTEGER
);
CREATE INDEX walk_list_campaign ON walk_list (campaign_id);

CREATE TABLE walk_item (
    list_id INTEGER NOT NULL REFERENCES walk_list (id),
    pos INTEGER NOT NULL,
    dwelling_id INTEGER NOT NULL REFERENCES dwelling (id),
    PRIMARY KEY (list_id, pos)
) CLUSTERED;
CREATE INDEX walk_item_dwelling ON walk_item (dwelling_id);

-- Two or more people out on a list. The record that started it gives the id.
CREATE TABLE shift (
    id TEXT NOT NULL PRIMARY KEY,
    list_id INTEGER NOT NULL REFERENCES walk_list (id),
    account_id INTEGER REFERENCES account (id),
    workers TEXT NOT NULL,
    started_ms INTEGER NOT NULL,
    planned_end_ms INTEGER NOT NULL,
    every_min INTEGER NOT NULL,
    last_ok_ms INTEGER NOT NULL,
    ended_ms INTEGER,
    alarm_ms INTEGER, -- when the named person was called
    alarm_step INTEGER NOT NULL
);
CREATE INDEX shift_open ON shift (ended_ms, planned_end_ms);

-- place: rough, and gone seven days after.
CREATE TABLE shift_event (
    record_id TEXT NOT NULL PRIMARY KEY,
    shift_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    place TEXT
);
CREATE INDEX shift_event_of ON shift_event (shift_id, at_ms);

-- Every visit as it was told; never changed. A correction is a visit that names the one before.
CREATE TABLE visit (
    record_id TEXT NOT NULL PRIMARY KEY,
    dwelling_id INTEGER NOT NULL REFERENCES dwelling (id),
    list_id INTEGER REFERENCES walk_list (id),
    shift_id TEXT,
    outcome TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    uncertain INTEGER NOT NULL,
    next_after_ms INTEGER,
    next_hint TEXT NOT NULL,
    lang TEXT NOT NULL,
    hearsay INTEGER NOT NULL,
    card INTEGER NOT NULL,
    account_id INTEGER REFERENCES account (id),
    via TEXT NOT NULL,
    supersedes TEXT,
    superseded_by TEXT
);
CREATE INDEX visit_dwelling ON visit (dwelling_id, at_ms);
CREATE INDEX visit_list ON visit (list_id, at_ms);
CREATE INDEX visit_supersedes ON visit (supersedes);

-- "Don't come again": a bar on a door, a person or a phone number that beats every list. reason: a
-- code. A lift names the rule; whichever arrives first, a lifted rule is lifted.
CREATE TABLE contact_rule (
    record_id TEXT NOT NULL PRIMARY KEY,
    scope TEXT NOT NULL,
    dwelling_id INTEGER REFERENCES dwelling (id),
    person_id INTEGER REFERENCES person (id),
    phone_key TEXT,
    kind TEXT NOT NULL,
    from_ms INTEGER NOT NULL,
    until_ms INTEGER,
    reason TEXT NOT NULL,
    set_by TEXT NOT NULL
);
CREATE INDEX contact_rule_dwelling ON contact_rule (dwelling_id);
CREATE INDEX contact_rule_person ON contact_rule (person_id);
CREATE INDEX contact_rule_phone ON contact_rule (phone_key);

CREATE TABLE contact_lift (
    record_id TEXT NOT NULL PRIMARY KEY,
    rule_id TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    who TEXT NOT NULL, -- coordinator or resident
    why TEXT NOT NULL,
    account_id INTEGER REFERENCES account (id)
);
CREATE INDEX contact_lift_rule ON contact_lift (rule_id);

-- "We left, unsafe": the door rests until the coordinator clears it.
CREATE TABLE door_clear (
    record_id TEXT NOT NULL PRIMARY KEY,
    dwelling_id INTEGER NOT NULL REFERENCES dwelling (id),
    at_ms INTEGER NOT NULL,
    why TEXT NOT NULL,
    account_id INTEGER REFERENCES account (id)
);
CREATE INDEX door_clear_of ON door_clear (dwelling_id);

-- What the rule over a door's events says now, kept so that lists are quick. Made anew after each
-- event; `doorstep doctor` compares it with the events.
CREATE TABLE door_state (
    dwelling_id INTEGER NOT NULL PRIMARY KEY REFERENCES dwelling (id),
    state TEXT NOT NULL,
    outcome TEXT NOT NULL,
    at_ms INTEGER,
    attempts INTEGER NOT NULL,
    next_after_ms INTEGER,
    next_hint TEXT NOT NULL,
    differs INTEGER NOT NULL,
    bar_until_ms INTEGER
);

-- A meeting of any kind with somebody: at a door, at lunch, in the street. Read by area and day.
CREATE TABLE encounter (
    area_code TEXT NOT NULL,
    day TEXT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    party INTEGER NOT NULL,
    minutes INTEGER,
    lang TEXT NOT NULL,
    dwelling_id INTEGER REFERENCES dwelling (id),
    gathering_id INTEGER,
    person_id INTEGER REFERENCES person (id),
    account_id INTEGER REFERENCES account (id),
    void_ms INTEGER,
    PRIMARY KEY (area_code, day, id)
) CLUSTERED;
CREATE INDEX encounter_id ON encounter (id);
CREATE INDEX encounter_day ON encounter (day, id);
CREATE INDEX encounter_gathering ON encounter (gathering_id);

-- A worry about a child or a crisis, sealed to the named lead; nobody else can read it, nor can the
-- program by itself.
CREATE TABLE concern_lead (
    id ID,
    account_id INTEGER NOT NULL REFERENCES account (id),
    public_key BLOB NOT NULL,
    private_box BLOB NOT NULL,
    since_ms INTEGER NOT NULL,
    until_ms INTEGER
);

CREATE TABLE concern (
    record_id TEXT NOT NULL PRIMARY KEY,
    lead_id INTEGER NOT NULL REFERENCES concern_lead (id),
    at_ms INTEGER NOT NULL,
    received_ms INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    opened_ms INTEGER,
    closed_ms INTEGER
);
