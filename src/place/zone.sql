-- SPDX-License-Identifier: AGPL-3.0-or-later
-- The zone and its areas.

-- name: zone_current
-- gives: id zone_id, name str, challenge str, vision str, starts date?, demonstration bool, from_ms i64
-- reads: public
SELECT id, name, challenge, vision, starts, demonstration, from_ms FROM zone WHERE until_ms IS NULL;

-- name: zone_all
-- gives: id zone_id, name str, challenge str, vision str, starts date?, demonstration bool, from_ms i64
-- reads: public
SELECT id, name, challenge, vision, starts, demonstration, from_ms FROM zone ORDER BY id DESC;

-- name: zone_end
-- takes: now_ms i64
UPDATE zone SET until_ms = :now_ms WHERE until_ms IS NULL;

-- name: zone_insert
-- takes: name str, challenge str, vision str, starts date?, demonstration bool, now_ms i64
INSERT INTO zone (name, challenge, vision, starts, demonstration, from_ms)
VALUES (:name, :challenge, :vision, :starts, :demonstration, :now_ms);

-- name: zone_area_on
-- takes: day date
-- gives: id i64, kind str, vintage i64, code str, valid_from date, valid_to date?
-- reads: public
SELECT id, kind, vintage, code, valid_from, valid_to FROM zone_area
WHERE valid_from <= :day AND (valid_to IS NULL OR valid_to > :day) ORDER BY code;

-- name: zone_area_all
-- gives: id i64, kind str, vintage i64, code str, valid_from date, valid_to date?
-- reads: public
SELECT id, kind, vintage, code, valid_from, valid_to FROM zone_area ORDER BY valid_from, code;

-- name: zone_area_changed
-- takes: day date
-- gives: n i64
SELECT count(*) FROM zone_area WHERE valid_from > :day OR valid_to > :day;

-- name: zone_area_end
-- takes: id i64, day date
UPDATE zone_area SET valid_to = :day WHERE id = :id;

-- name: zone_area_insert
-- takes: kind str, vintage i64, code str, valid_from date, now_ms i64
INSERT INTO zone_area (kind, vintage, code, valid_from, set_ms)
VALUES (:kind, :vintage, :code, :valid_from, :now_ms);

-- name: layer_of_code
-- takes: code str
-- gives: kind str, vintage i64
-- reads: public
SELECT l.kind, l.vintage FROM area a JOIN layer l ON l.id = a.layer_id
WHERE a.code = :code ORDER BY l.vintage DESC, l.kind LIMIT 1;
