-- slice: place
CREATE TABLE area (code TEXT NOT NULL PRIMARY KEY);
