-- slice: people
CREATE TABLE account (login TEXT NOT NULL PRIMARY KEY);
