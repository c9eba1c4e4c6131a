-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Figures of areas and the indicators they are of.

-- name: figures_of_code
-- takes: code str
-- gives: kind str, vintage i64, indicator indicator_id, period str, import import_id, value f64?, total f64?, status i64, family str, name str, family_title str, title str, unit str
-- reads: public
SELECT f.kind, f.vintage, f.indicator_id, f.period, f.import_id, f.value, f.total, f.status,
       i.family, i.name, i.family_title, i.title, i.unit
FROM figure f JOIN indicator i ON i.id = f.indicator_id
WHERE f.code = :code
ORDER BY f.kind, f.vintage, f.indicator_id, f.period, f.import_id;

-- name: figures_of_code_family
-- takes: code str, family str
-- gives: kind str, vintage i64, indicator indicator_id, period str, import import_id, value f64?, total f64?, status i64, family str, name str, family_title str, title str, unit str
-- reads: public
SELECT f.kind, f.vintage, f.indicator_id, f.period, f.import_id, f.value, f.total, f.status,
       i.family, i.name, i.family_title, i.title, i.unit
FROM figure f JOIN indicator i ON i.id = f.indicator_id
WHERE f.code = :code AND i.family = :family
ORDER BY f.kind, f.vintage, f.indicator_id, f.period, f.import_id;

-- What the figures are of is read once for many areas: indicator_list.
-- name: figures_bare
-- takes: code str
-- gives: kind str, vintage i64, indicator indicator_id, period str, import import_id, value f64?, total f64?, status i64
-- reads: public
SELECT kind, vintage, indicator_id, period, import_id, value, total, status FROM figure
WHERE code = :code ORDER BY kind, vintage, indicator_id, period, import_id;

-- name: indicator_list
-- gives: id indicator_id, family str, name str, family_title str, title str, unit str
-- reads: public
SELECT id, family, name, family_title, title, unit FROM indicator ORDER BY id;

-- name: indicator_find
-- takes: family str, name str
-- gives: id indicator_id
-- reads: public
SELECT id FROM indicator WHERE family = :family AND name = :name;

-- name: indicator_insert
-- takes: family str, name str, family_title str, title str, unit str
-- gives: id indicator_id
INSERT INTO indicator (family, name, family_title, title, unit)
VALUES (:family, :name, :family_title, :title, :unit) RETURNING id;

-- name: figure_insert
-- takes: kind str, vintage i64, code str, indicator indicator_id, period str, import import_id, value f64?, total f64?, status i64
INSERT INTO figure (kind, vintage, code, indicator_id, period, import_id, value, total, status)
VALUES (:kind, :vintage, :code, :indicator, :period, :import, :value, :total, :status);

-- name: figure_delete
-- takes: import import_id
DELETE FROM figure WHERE import_id = :import;

-- An indicator lives as long as it has a figure.
-- name: indicator_drop_idle
DELETE FROM indicator WHERE id NOT IN (SELECT indicator_id FROM figure);
