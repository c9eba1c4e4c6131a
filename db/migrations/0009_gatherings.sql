-- slice: gatherings
-- Lunches, living-room afternoons, sessions, trainings, meetings.

CREATE TABLE venue ( -- public
    id ID,
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    postcode TEXT NOT NULL,
    lon REAL,
    lat REAL,
    area_code TEXT NOT NULL,
    step_free INTEGER NOT NULL,
    access TEXT NOT NULL, -- in words: the loop, the toilet, where to park
    off_ms INTEGER
);

-- starts: local time of the first one, YYYY-MM-DDTHH:MM in `tz`. rule: an iCalendar RRULE, "" for a
-- single occasion. from_age, to_age: NULL for no limit. price_pence NULL: pay what you can or ask.
-- named: "once named, always named" (open-data on reach). sequence rises with each change.
CREATE TABLE series ( -- public
    id ID,
    uid TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    about TEXT NOT NULL,
    venue_id INTEGER REFERENCES venue (id),
    starts TEXT NOT NULL,
    tz TEXT NOT NULL,
    minutes INTEGER NOT NULL,
    rule TEXT NOT NULL,
    capacity INTEGER,
    booking INTEGER NOT NULL,
    price_pence INTEGER,
    from_age INTEGER,
    to_age INTEGER,
    step_free INTEGER NOT NULL,
    send INTEGER NOT NULL,
    langs TEXT NOT NULL,
    access TEXT NOT NULL,
    origin TEXT NOT NULL, -- new, kept_going, signposted
    led TEXT NOT NULL,    -- resident, joint, partner
    named INTEGER NOT NULL,
    open_to_all INTEGER NOT NULL, -- 0: not in the public calendar
    sequence INTEGER NOT NULL,
    changed_ms INTEGER NOT NULL,
    made_ms INTEGER NOT NULL,
    cancelled_ms INTEGER
);

CREATE TABLE series_organisation ( -- public
    series_id INTEGER NOT NULL REFERENCES series (id),
    organisation_id INTEGER NOT NULL REFERENCES organisation (id),
    role TEXT NOT NULL, -- host, funder, partner
    PRIMARY KEY (series_id, organisation_id, role)
);

-- One occurrence. slot: the local time the rule gave (iCalendar's RECURRENCE-ID), which stays when
-- it is moved. Made ahead of time, so that people can book and registers have an owner.
CREATE TABLE gathering ( -- public
    id ID,
    series_id INTEGER NOT NULL REFERENCES series (id),
    slot TEXT NOT NULL,
    starts TEXT NOT NULL,
    starts_ms INTEGER NOT NULL,
    ends_ms INTEGER NOT NULL,
    day TEXT NOT NULL,
    venue_id INTEGER REFERENCES venue (id),
    area_code TEXT NOT NULL,
    capacity INTEGER,
    booked INTEGER NOT NULL, -- places taken, for the page; bookings decide
    note TEXT NOT NULL,
    state TEXT NOT NULL, -- planned, cancelled, held
    own INTEGER NOT NULL, -- changed by itself: a change of the series leaves it
    sequence INTEGER NOT NULL,
    changed_ms INTEGER NOT NULL,
    UNIQUE (series_id, slot)
);
CREATE INDEX gathering_day ON gathering (day, id);
CREATE INDEX gathering_area ON gathering (area_code, day);

-- Named people. taken_ms: taken off the register again.
CREATE TABLE attendance (
    gathering_id INTEGER NOT NULL REFERENCES gathering (id),
    person_id INTEGER NOT NULL REFERENCES person (id),
    role TEXT NOT NULL, -- participant, helper, co_lead, lead
    table_no TEXT NOT NULL,
    connect INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    via TEXT NOT NULL,
    account_id INTEGER REFERENCES account (id),
    taken_ms INTEGER,
    PRIMARY KEY (gathering_id, person_id)
) CLUSTERED;
CREATE INDEX attendance_person ON attendance (person_id, gathering_id);

-- Heads without names, by age band, as events (+1, −1), so that several phones add up. cell: an age
-- band, or first_time, returning, resident_host, agency; adult and child where nobody asked more.
CREATE TABLE tally_event (
    record_id TEXT NOT NULL PRIMARY KEY,
    gathering_id INTEGER NOT NULL REFERENCES gathering (id),
    cell TEXT NOT NULL,
    delta INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    account_id INTEGER REFERENCES account (id),
    via TEXT NOT NULL
);
CREATE INDEX tally_event_of ON tally_event (gathering_id, cell);

-- A place somebody asked for. Only the hash of the link's key is kept. state: booked, waiting,
-- cancelled. order_no: the order they came in, per gathering.
CREATE TABLE booking (
    id ID,
    gathering_id INTEGER NOT NULL REFERENCES gathering (id),
    key_hash BLOB NOT NULL UNIQUE,
    form_id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    places INTEGER NOT NULL,
    channel TEXT NOT NULL,
    contact TEXT,
    state TEXT NOT NULL,
    order_no INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    changed_ms INTEGER NOT NULL,
    reminded_ms INTEGER,
    UNIQUE (gathering_id, order_no)
);
CREATE INDEX booking_state ON booking (gathering_id, state, order_no);
