-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Street-level crime.

-- name: crime_insert
-- takes: code str, month i64, import import_id, line i64, kind i64, outcome i64, place str, lon f64?, lat f64?
INSERT INTO crime (code, month, import_id, line, kind, outcome, place, lon, lat)
VALUES (:code, :month, :import, :line, :kind, :outcome, :place, :lon, :lat);

-- name: crime_count_insert
-- takes: code str, month i64, import import_id, n i64, kinds str
INSERT INTO crime_count (code, month, import_id, n, kinds)
VALUES (:code, :month, :import, :n, :kinds);

-- name: crime_month_insert
-- takes: force str, month i64, import import_id, rows i64, unplaced i64, areas str
INSERT INTO crime_month (force, month, import_id, rows_n, unplaced, areas)
VALUES (:force, :month, :import, :rows, :unplaced, :areas);

-- name: crime_delete
-- takes: import import_id
DELETE FROM crime WHERE import_id = :import;

-- name: crime_count_delete
-- takes: import import_id
DELETE FROM crime_count WHERE import_id = :import;

-- name: crime_month_delete
-- takes: import import_id
DELETE FROM crime_month WHERE import_id = :import;

-- name: term_find
-- takes: list str, word str
-- gives: id i64
-- reads: public
SELECT id FROM term WHERE list = :list AND word = :word;

-- name: term_insert
-- takes: list str, word str
-- gives: id i64
INSERT INTO term (list, word) VALUES (:list, :word) RETURNING id;

-- name: crime_words
-- gives: id i64, word str
-- reads: public
SELECT id, word FROM term WHERE list IN ('crime outcome', 'crime type');

-- name: crime_months
-- takes: from_month i64
-- gives: month i64, force str, import_id import_id, rows_n i64, unplaced i64, areas str
-- reads: public
SELECT month, force, import_id, rows_n, unplaced, areas FROM crime_month
WHERE month >= :from_month ORDER BY month, force, import_id;

-- name: crime_months_of
-- takes: month i64
-- gives: force str, import_id import_id, areas str
-- reads: public
SELECT force, import_id, areas FROM crime_month WHERE month = :month ORDER BY force, import_id;

-- name: crime_loaded
-- takes: force str, month i64
-- gives: import_id import_id, rows_n i64
-- reads: public
SELECT import_id, rows_n FROM crime_month
WHERE month = :month AND force = :force ORDER BY import_id DESC LIMIT 1;

-- name: crime_counts_of
-- takes: code str, from_month i64
-- gives: month i64, import_id import_id, n i64, kinds str
-- reads: public
SELECT month, import_id, n, kinds FROM crime_count
WHERE code = :code AND month >= :from_month ORDER BY month, import_id;

-- name: crime_month_before
-- takes: code str, month i64
-- gives: month i64
-- reads: public
SELECT month FROM crime_count WHERE code = :code AND month <= :month ORDER BY month DESC LIMIT 1;

-- name: crime_month_from
-- takes: code str, month i64
-- gives: month i64
-- reads: public
SELECT month FROM crime_count WHERE code = :code AND month >= :month ORDER BY month LIMIT 1;

-- name: crime_last_month
-- gives: month i64
-- reads: public
SELECT month FROM crime_month ORDER BY month DESC LIMIT 1;

-- name: crime_imports_of
-- takes: code str, month i64
-- gives: import_id import_id
-- reads: public
SELECT import_id FROM crime_count WHERE code = :code AND month = :month;

-- name: crime_rows_of
-- takes: code str, month i64, import i64, line i64, most i64
-- gives: import_id i64, line i64, kind i64, outcome i64, place str, lon f64?, lat f64?
-- reads: public
SELECT import_id, line, kind, outcome, place, lon, lat FROM crime
WHERE code = :code AND month = :month AND (import_id, line) < (:import, :line)
ORDER BY import_id DESC, line DESC LIMIT :most;

-- name: crime_rows_above
-- takes: code str, month i64, import i64, line i64, most i64
-- gives: import_id i64, line i64, kind i64, outcome i64, place str, lon f64?, lat f64?
-- reads: public
SELECT import_id, line, kind, outcome, place, lon, lat FROM crime
WHERE code = :code AND month = :month AND (import_id, line) > (:import, :line)
ORDER BY import_id, line LIMIT :most;
