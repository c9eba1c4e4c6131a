-- SPDX-License-Identifier: AGPL-3.0-or-later
-- People by single year of age.

-- name: population_insert
-- takes: kind str, vintage i64, code str, period str, import import_id, total i64, ages str
INSERT INTO population (kind, vintage, code, period, import_id, total, ages)
VALUES (:kind, :vintage, :code, :period, :import, :total, :ages);

-- name: population_delete
-- takes: import import_id
DELETE FROM population WHERE import_id = :import;
