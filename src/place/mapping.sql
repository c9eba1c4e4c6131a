-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Saved ways to read somebody's own table.

-- name: mapping_find
-- takes: name str
-- gives: id mapping_id, name str, family str, columns str, saved_ms i64
-- reads: public
SELECT id, name, family, columns, saved_ms FROM mapping WHERE name = :name;

-- name: mapping_all
-- gives: id mapping_id, name str, family str, columns str, saved_ms i64
-- reads: public
SELECT id, name, family, columns, saved_ms FROM mapping ORDER BY name;

-- name: mapping_put
-- takes: name str, family str, columns str, now_ms i64
INSERT INTO mapping (name, family, columns, saved_ms) VALUES (:name, :family, :columns, :now_ms)
ON CONFLICT (name) DO UPDATE SET family = excluded.family, columns = excluded.columns,
                                 saved_ms = excluded.saved_ms;

-- name: mapping_delete
-- takes: name str
DELETE FROM mapping WHERE name = :name;
