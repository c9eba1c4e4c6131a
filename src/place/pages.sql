-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What the public pages read beside the profile: shapes by code, lists of areas, the search.

-- name: map_shape
-- takes: kind str, vintage i64, code str
-- gives: shape blob, lon f64?, lat f64?
-- reads: public
SELECT e.shape, e.lon, e.lat FROM layer l
JOIN area a ON a.layer_id = l.id AND a.code = :code
JOIN area_edition e ON e.area_id = a.id
WHERE l.kind = :kind AND l.vintage = :vintage AND e.shape IS NOT NULL
ORDER BY e.import_id DESC LIMIT 1;

-- name: area_search
-- takes: part str, code str, most i64
-- gives: code str, kind str, vintage i64, name str
-- reads: public
SELECT a.code, l.kind, l.vintage, e.name FROM area a
JOIN layer l ON l.id = a.layer_id
JOIN area_edition e ON e.area_id = a.id AND e.import_id =
    (SELECT MAX(x.import_id) FROM area_edition x WHERE x.area_id = a.id AND x.name <> '')
WHERE lower(e.name) LIKE :part ESCAPE '!' OR lower(a.code) LIKE :code ESCAPE '!'
ORDER BY CASE l.kind WHEN 'ward' THEN 0 WHEN 'lsoa' THEN 1 WHEN 'msoa' THEN 2 ELSE 3 END,
         l.vintage DESC, e.name, a.code
LIMIT :most;

-- name: area_lines
-- takes: kind str, vintage i64, after str, most i64
-- gives: code str, name str
-- reads: public
SELECT a.code, COALESCE((SELECT n.name FROM area_edition n WHERE n.area_id = a.id AND n.name <> ''
                         ORDER BY n.import_id DESC LIMIT 1), a.code)
FROM area a JOIN layer l ON l.id = a.layer_id
WHERE l.kind = :kind AND l.vintage = :vintage AND a.code > :after
ORDER BY a.code LIMIT :most;

-- name: postcodes_any
-- gives: key str
-- reads: public
SELECT key FROM postcode LIMIT 1;

-- name: crime_kinds
-- gives: word str
-- reads: public
SELECT word FROM term WHERE list = 'crime type' ORDER BY word;
