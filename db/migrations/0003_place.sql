-- slice: place
-- One rule for everything that is imported: rows carry the import they came with, the newest
-- import that has not been undone wins, and undoing an import deletes its rows.
CREATE TABLE source ( -- public
    id ID,
    publisher TEXT NOT NULL,
    title TEXT NOT NULL,
    url TEXT,
    licence TEXT NOT NULL,
    attribution TEXT NOT NULL,
    UNIQUE (publisher, title, licence, attribution)
);

CREATE TABLE import_run ( -- public
    id ID,
    kind TEXT NOT NULL,
    file_name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    options TEXT NOT NULL,
    source_id INTEGER REFERENCES source (id),
    vintage INTEGER,
    reference TEXT,
    started_ms INTEGER NOT NULL,
    finished_ms INTEGER NOT NULL,
    rows_read INTEGER NOT NULL,
    rows_loaded INTEGER NOT NULL,
    notices TEXT NOT NULL
);
CREATE INDEX import_run_sha ON import_run (sha256);

-- A layer is a kind of area in one vintage: LSOAs of 2021, wards of 2025.
CREATE TABLE layer ( -- public
    id ID,
    kind TEXT NOT NULL,
    vintage INTEGER NOT NULL,
    UNIQUE (kind, vintage)
);

CREATE TABLE area ( -- public
    id ID,
    layer_id INTEGER NOT NULL REFERENCES layer (id),
    code TEXT NOT NULL,
    UNIQUE (layer_id, code)
);
CREATE INDEX area_code ON area (code);

CREATE TABLE area_edition ( -- public
    area_id INTEGER NOT NULL REFERENCES area (id),
    import_id INTEGER NOT NULL REFERENCES import_run (id),
    name TEXT NOT NULL,
    parent_code TEXT,
    valid_from TEXT,
    valid_to TEXT,
    lon REAL,
    lat REAL,
    area_m2 REAL,
    west REAL,
    south REAL,
    east REAL,
    north REAL,
    shape BLOB,
    PRIMARY KEY (area_id, import_id)
) CLUSTERED;
CREATE INDEX area_edition_box ON area_edition (west, east, south, north);

-- How areas of two layers hang together: U unchanged, S split, M merged, X irregular,
-- best_fit (the ONS's word: an LSOA lies mostly in this ward), parent (it lies in it whole), class
-- (a class of a classification such as rural-urban).
CREATE TABLE area_link ( -- public
    from_kind TEXT NOT NULL,
    from_vintage INTEGER NOT NULL,
    from_code TEXT NOT NULL,
    to_kind TEXT NOT NULL,
    to_vintage INTEGER NOT NULL,
    to_code TEXT NOT NULL,
    relation TEXT NOT NULL,
    import_id INTEGER NOT NULL REFERENCES import_run (id),
    PRIMARY KEY (from_code, from_kind, from_vintage, to_kind, to_vintage, to_code, relation, import_id)
) CLUSTERED;
CREATE INDEX area_link_back ON area_link (to_code, to_kind, from_kind);

-- Names a code has had, with the year they were taken from. The key's columns stand first: where
-- they do not, SQLite 3.40 takes an empty parent_code for an empty name and calls the file damaged.
CREATE TABLE area_alias ( -- public
    code TEXT NOT NULL,
    kind TEXT NOT NULL,
    vintage INTEGER NOT NULL,
    import_id INTEGER NOT NULL REFERENCES import_run (id),
    name TEXT NOT NULL,
    parent_code TEXT,
    PRIMARY KEY (code, kind, vintage, import_id)
) CLUSTERED;

-- The English Indices of Deprivation. rank 1 is the most deprived LSOA of England.
-- A row with neither rank nor decile: the publisher keeps them back.
CREATE TABLE deprivation ( -- public
    code TEXT NOT NULL,
    edition INTEGER NOT NULL,
    domain TEXT NOT NULL,
    import_id INTEGER NOT NULL REFERENCES import_run (id),
    rank INTEGER,
    decile INTEGER,
    score REAL,
    PRIMARY KEY (code, edition, domain, import_id)
) CLUSTERED;

-- People by single year of age, as one row of counts per area: "12,9,15,…,30" (the last is 90+).
CREATE TABLE population ( -- public
    kind TEXT NOT NULL,
    vintage INTEGER NOT NULL,
    code TEXT NOT NULL,
    period TEXT NOT NULL,
    import_id INTEGER NOT NULL REFERENCES import_run (id),
    total INTEGER NOT NULL,
    ages TEXT NOT NULL,
    PRIMARY KEY (code, kind, vintage, period, import_id)
) CLUSTERED;

-- Any other figure. A table of the census is a family, each of its columns an indicator.
CREATE TABLE indicator ( -- public
    id ID,
    family TEXT NOT NULL,
    name TEXT NOT NULL,
    family_title TEXT NOT NULL,
    title TEXT NOT NULL,
    unit TEXT NOT NULL,
    UNIQUE (family, name)
);

-- status: 0 published, 1 suppressed, 2 missing, 3 derived. total is the table's own total.
CREATE TABLE figure ( -- public
    kind TEXT NOT NULL,
    vintage INTEGER NOT NULL,
    code TEXT NOT NULL,
    indicator_id INTEGER NOT NULL REFERENCES indicator (id),
    period TEXT NOT NULL,
    import_id INTEGER NOT NULL REFERENCES import_run (id),
    value REAL,
    total REAL,
    status INTEGER NOT NULL,
    PRIMARY KEY (code, kind, vintage, indicator_id, period, import_id)
) CLUSTERED;

-- Street-level crime as the police publish it. Equal rows are real, so the line is part of the key;
-- rows without a place have the empty code and are counted, never drawn.
CREATE TABLE crime ( -- public
    code TEXT NOT NULL,
    month INTEGER NOT NULL,
    import_id INTEGER NOT NULL REFERENCES import_run (id),
    line INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    outcome INTEGER NOT NULL,
    place TEXT NOT NULL,
    lon REAL,
    lat REAL,
    PRIMARY KEY (code, month, import_id, line)
) CLUSTERED;

-- The same, counted per area and month when it is loaded: n in all, and by kind as "4:12 7:1", each
-- a term and its number.
CREATE TABLE crime_count ( -- public
    code TEXT NOT NULL,
    month INTEGER NOT NULL,
    import_id INTEGER NOT NULL REFERENCES import_run (id),
    n INTEGER NOT NULL,
    kinds TEXT NOT NULL,
    PRIMARY KEY (code, month, import_id)
) CLUSTERED;

-- Which force's months are loaded: an area without a row in a loaded month had none (0), an area in
-- a month that is not loaded is not known.
CREATE TABLE crime_month ( -- public
    force TEXT NOT NULL,
    month INTEGER NOT NULL,
    import_id INTEGER NOT NULL REFERENCES import_run (id),
    rows_n INTEGER NOT NULL,
    unplaced INTEGER NOT NULL,
    areas TEXT NOT NULL,
    PRIMARY KEY (month, force, import_id)
) CLUSTERED;

-- Words that repeat: crime types and outcomes.
CREATE TABLE term ( -- public
    id ID,
    list TEXT NOT NULL,
    word TEXT NOT NULL,
    UNIQUE (list, word)
);

CREATE TABLE postcode ( -- public
    key TEXT NOT NULL,
    import_id INTEGER NOT NULL REFERENCES import_run (id),
    introduced INTEGER,
    terminated INTEGER,
    large_user INTEGER,
    quality INTEGER,
    lat REAL,
    lon REAL,
    oa TEXT,
    lsoa11 TEXT,
    lsoa21 TEXT,
    ward TEXT,
    district TEXT,
    PRIMARY KEY (key, import_id)
) CLUSTERED;

-- A saved way to read somebody's own table.
CREATE TABLE mapping ( -- public
    id ID,
    name TEXT NOT NULL UNIQUE,
    family TEXT NOT NULL,
    columns TEXT NOT NULL,
    saved_ms INTEGER NOT NULL
);

-- The zone and its areas are configuration with history: a change ends a row and begins another.
CREATE TABLE zone ( -- public
    id ID,
    name TEXT NOT NULL,
    challenge TEXT NOT NULL,
    vision TEXT NOT NULL,
    starts TEXT,
    demonstration INTEGER NOT NULL,
    from_ms INTEGER NOT NULL,
    until_ms INTEGER
);

CREATE TABLE zone_area ( -- public
    id ID,
    kind TEXT NOT NULL,
    vintage INTEGER NOT NULL,
    code TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to TEXT,
    set_ms INTEGER NOT NULL
);

-- A file somebody handed in through the browser, waiting to be checked and confirmed.
CREATE TABLE upload (
    id ID,
    file_name TEXT NOT NULL,
    stored TEXT NOT NULL,
    kind TEXT NOT NULL,
    options TEXT NOT NULL,
    account_id INTEGER NOT NULL REFERENCES account (id),
    at_ms INTEGER NOT NULL
);
