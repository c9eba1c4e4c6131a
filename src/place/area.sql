-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Areas: written by imports, read by everybody. Name, parent and shape of an area are each taken
-- from the newest edition that has one; a link from the newest import that links the same area to
-- the same layer. (In SQLite the ORDER BY of a subquery cannot look outside it; hence two steps
-- where one's own year goes before others.)

-- name: layer_find
-- takes: kind str, vintage i64
-- gives: id layer_id
-- reads: public
SELECT id FROM layer WHERE kind = :kind AND vintage = :vintage;

-- name: layer_insert
-- takes: kind str, vintage i64
-- gives: id layer_id
INSERT INTO layer (kind, vintage) VALUES (:kind, :vintage) RETURNING id;

-- name: area_id_find
-- takes: layer layer_id, code str
-- gives: id area_id
-- reads: public
SELECT id FROM area WHERE layer_id = :layer AND code = :code;

-- name: area_insert
-- takes: layer layer_id, code str
-- gives: id area_id
INSERT INTO area (layer_id, code) VALUES (:layer, :code) RETURNING id;

-- name: area_edition_insert
-- takes: area area_id, import import_id, name str, parent str?, lon f64, lat f64, area_m2 f64, west f64, south f64, east f64, north f64, shape blob
INSERT INTO area_edition (area_id, import_id, name, parent_code, lon, lat, area_m2,
                          west, south, east, north, shape)
VALUES (:area, :import, :name, :parent, :lon, :lat, :area_m2, :west, :south, :east, :north, :shape);

-- name: area_link_insert
-- takes: from_kind str, from_vintage i64, from_code str, to_kind str, to_vintage i64, to_code str, relation str, import import_id
INSERT INTO area_link (from_kind, from_vintage, from_code, to_kind, to_vintage, to_code, relation,
                       import_id)
VALUES (:from_kind, :from_vintage, :from_code, :to_kind, :to_vintage, :to_code, :relation, :import);

-- name: area_alias_insert
-- takes: kind str, code str, vintage i64, name str, parent str?, import import_id
INSERT INTO area_alias (kind, code, vintage, name, parent_code, import_id)
VALUES (:kind, :code, :vintage, :name, :parent, :import);

-- Undo.

-- name: area_edition_delete
-- takes: import import_id
DELETE FROM area_edition WHERE import_id = :import;

-- name: area_link_delete
-- takes: import import_id
DELETE FROM area_link WHERE import_id = :import;

-- name: area_alias_delete
-- takes: import import_id
DELETE FROM area_alias WHERE import_id = :import;

-- name: area_delete_empty
DELETE FROM area WHERE NOT EXISTS (SELECT 1 FROM area_edition e WHERE e.area_id = area.id);

-- name: layer_delete_empty
DELETE FROM layer WHERE NOT EXISTS (SELECT 1 FROM area a WHERE a.layer_id = layer.id);

-- Reading.

-- name: area_by_code
-- takes: code str
-- gives: id area_id, kind str, vintage i64, name str, parent str?, lon f64?, lat f64?, area_m2 f64?, west f64?, south f64?, east f64?, north f64?
-- reads: public
SELECT a.id, l.kind, l.vintage,
       COALESCE((SELECT n.name FROM area_edition n WHERE n.area_id = a.id AND n.name <> ''
                 ORDER BY n.import_id DESC LIMIT 1),
                (SELECT s.name FROM area_alias s WHERE s.code = a.code AND s.kind = l.kind
                   AND s.vintage = l.vintage ORDER BY s.import_id DESC LIMIT 1),
                (SELECT s.name FROM area_alias s WHERE s.code = a.code AND s.kind = l.kind
                 ORDER BY s.vintage DESC, s.import_id DESC LIMIT 1),
                a.code),
       (SELECT p.parent_code FROM area_edition p
        WHERE p.area_id = a.id AND p.parent_code IS NOT NULL ORDER BY p.import_id DESC LIMIT 1),
       e.lon, e.lat, e.area_m2, e.west, e.south, e.east, e.north
FROM area a JOIN layer l ON l.id = a.layer_id
LEFT JOIN area_edition e ON e.area_id = a.id AND e.import_id =
    (SELECT MAX(x.import_id) FROM area_edition x WHERE x.area_id = a.id AND x.shape IS NOT NULL)
WHERE a.code = :code ORDER BY l.vintage DESC, l.kind;

-- name: area_alias_by_code
-- takes: code str
-- gives: kind str, vintage i64, name str, parent str?
-- reads: public
SELECT s.kind, s.vintage, s.name, s.parent_code FROM area_alias s
WHERE s.code = :code AND s.import_id =
    (SELECT MAX(n.import_id) FROM area_alias n
     WHERE n.code = s.code AND n.kind = s.kind AND n.vintage = s.vintage)
ORDER BY s.vintage DESC, s.kind;

-- name: area_edition_names
-- takes: code str
-- gives: vintage i64, name str
-- reads: public
SELECT l.vintage, e.name FROM area a JOIN layer l ON l.id = a.layer_id
JOIN area_edition e ON e.area_id = a.id
WHERE a.code = :code AND e.name <> '' ORDER BY l.vintage DESC, e.import_id DESC;

-- name: area_above
-- takes: code str, kind str
-- gives: from_vintage i64, to_kind str, to_vintage i64, to_code str, relation str, id i64?, vintage i64?, name str?, lon f64?, lat f64?
-- reads: public
SELECT k.from_vintage, k.to_kind, k.to_vintage, k.to_code, k.relation, a.id, l.vintage,
       COALESCE((SELECT n.name FROM area_edition n WHERE n.area_id = a.id AND n.name <> ''
                 ORDER BY n.import_id DESC LIMIT 1),
                (SELECT s.name FROM area_alias s WHERE s.code = k.to_code AND s.kind = k.to_kind
                   AND s.vintage = k.to_vintage ORDER BY s.import_id DESC LIMIT 1),
                (SELECT s.name FROM area_alias s WHERE s.code = k.to_code AND s.kind = k.to_kind
                 ORDER BY s.vintage DESC, s.import_id DESC LIMIT 1)),
       e.lon, e.lat
FROM area_link k
LEFT JOIN area a ON a.id = COALESCE(
    (SELECT a1.id FROM area a1 JOIN layer l1 ON l1.id = a1.layer_id
     WHERE a1.code = k.to_code AND l1.kind = k.to_kind AND l1.vintage = k.to_vintage),
    (SELECT a2.id FROM area a2 JOIN layer l2 ON l2.id = a2.layer_id
     WHERE a2.code = k.to_code AND l2.kind = k.to_kind ORDER BY l2.vintage DESC LIMIT 1))
LEFT JOIN layer l ON l.id = a.layer_id
LEFT JOIN area_edition e ON e.area_id = a.id AND e.import_id =
    (SELECT MAX(x.import_id) FROM area_edition x WHERE x.area_id = a.id AND x.shape IS NOT NULL)
WHERE k.from_code = :code AND k.from_kind = :kind AND k.relation IN ('best_fit', 'parent')
  AND NOT EXISTS (SELECT 1 FROM area_link n
                  WHERE n.from_code = k.from_code AND n.from_kind = k.from_kind
                    AND n.from_vintage = k.from_vintage AND n.to_kind = k.to_kind
                    AND n.to_vintage = k.to_vintage AND n.import_id > k.import_id)
ORDER BY k.to_kind, k.to_vintage DESC, k.to_code;

-- name: area_below
-- takes: code str, to_kind str, from_kind str
-- gives: from_vintage i64, to_vintage i64, code str, relation str, id i64?, name str, lon f64?, lat f64?
-- reads: public
SELECT k.from_vintage, k.to_vintage, k.from_code, k.relation, a.id,
       COALESCE((SELECT n.name FROM area_edition n WHERE n.area_id = a.id AND n.name <> ''
                 ORDER BY n.import_id DESC LIMIT 1),
                (SELECT s.name FROM area_alias s WHERE s.code = k.from_code AND s.kind = k.from_kind
                   AND s.vintage = k.from_vintage ORDER BY s.import_id DESC LIMIT 1),
                (SELECT s.name FROM area_alias s WHERE s.code = k.from_code AND s.kind = k.from_kind
                 ORDER BY s.vintage DESC, s.import_id DESC LIMIT 1),
                k.from_code),
       e.lon, e.lat
FROM area_link k
LEFT JOIN layer l ON l.kind = k.from_kind AND l.vintage = k.from_vintage
LEFT JOIN area a ON a.layer_id = l.id AND a.code = k.from_code
LEFT JOIN area_edition e ON e.area_id = a.id AND e.import_id =
    (SELECT MAX(x.import_id) FROM area_edition x WHERE x.area_id = a.id AND x.shape IS NOT NULL)
WHERE k.to_code = :code AND k.to_kind = :to_kind AND k.from_kind = :from_kind
  AND k.relation IN ('best_fit', 'parent')
  AND NOT EXISTS (SELECT 1 FROM area_link n
                  WHERE n.from_code = k.from_code AND n.from_kind = k.from_kind
                    AND n.from_vintage = k.from_vintage AND n.to_kind = k.to_kind
                    AND n.to_vintage = k.to_vintage AND n.import_id > k.import_id)
ORDER BY k.from_code, k.to_vintage DESC;

-- Does a best-fit lookup know any ward beside this one, of the same district and year?
-- name: area_fit_beside
-- takes: kind str, vintage i64, parent_kind str, parent str
-- gives: code str
-- reads: public
SELECT w.from_code FROM area_link w
WHERE w.to_code = :parent AND w.to_kind = :parent_kind AND w.from_kind = :kind
  AND w.from_vintage = :vintage
  AND EXISTS (SELECT 1 FROM area_link f WHERE f.to_code = w.from_code AND f.to_kind = w.from_kind
                AND f.from_kind = 'lsoa' AND f.relation IN ('best_fit', 'parent'))
LIMIT 1;

-- name: area_class
-- takes: code str, kind str
-- gives: name str, import import_id
-- reads: public
SELECT s.name, k.import_id FROM area_link k JOIN area_alias s
  ON s.kind = k.to_kind AND s.code = k.to_code AND s.vintage = k.to_vintage
 AND s.import_id = k.import_id
WHERE k.from_code = :code AND k.from_kind = :kind AND k.relation = 'class'
ORDER BY k.to_vintage DESC, k.import_id DESC LIMIT 1;

-- name: area_changes_after
-- takes: kind str, code str, old i64, young i64
-- gives: relation str, code str
-- reads: public
SELECT k.relation, k.to_code FROM area_link k
WHERE k.from_code = :code AND k.from_kind = :kind AND k.from_vintage = :old AND k.to_kind = :kind
  AND k.to_vintage = :young
  AND NOT EXISTS (SELECT 1 FROM area_link n
                  WHERE n.from_code = k.from_code AND n.from_kind = k.from_kind
                    AND n.from_vintage = k.from_vintage AND n.to_kind = k.to_kind
                    AND n.to_vintage = k.to_vintage AND n.import_id > k.import_id)
ORDER BY k.to_code;

-- name: area_changes_before
-- takes: kind str, code str, old i64, young i64
-- gives: relation str, code str
-- reads: public
SELECT k.relation, k.from_code FROM area_link k
WHERE k.to_code = :code AND k.to_kind = :kind AND k.to_vintage = :young AND k.from_kind = :kind
  AND k.from_vintage = :old
  AND NOT EXISTS (SELECT 1 FROM area_link n
                  WHERE n.from_code = k.from_code AND n.from_kind = k.from_kind
                    AND n.from_vintage = k.from_vintage AND n.to_kind = k.to_kind
                    AND n.to_vintage = k.to_vintage AND n.import_id > k.import_id)
ORDER BY k.from_code;

-- name: area_shape_of
-- takes: area area_id
-- gives: shape blob
-- reads: public
SELECT shape FROM area_edition WHERE area_id = :area AND shape IS NOT NULL
ORDER BY import_id DESC LIMIT 1;

-- The box goes first: SQLite keeps the order of a CROSS JOIN, and few areas touch a small box.
-- name: area_touching
-- takes: kind str, west f64, south f64, east f64, north f64
-- gives: id area_id, code str, vintage i64, name str, lon f64, lat f64
-- reads: public
SELECT a.id, a.code, l.vintage,
       COALESCE((SELECT n.name FROM area_edition n WHERE n.area_id = a.id AND n.name <> ''
                 ORDER BY n.import_id DESC LIMIT 1),
                (SELECT s.name FROM area_alias s WHERE s.code = a.code AND s.kind = l.kind
                   AND s.vintage = l.vintage ORDER BY s.import_id DESC LIMIT 1),
                (SELECT s.name FROM area_alias s WHERE s.code = a.code AND s.kind = l.kind
                 ORDER BY s.vintage DESC, s.import_id DESC LIMIT 1),
                a.code),
       e.lon, e.lat
FROM area_edition e CROSS JOIN area a CROSS JOIN layer l
WHERE e.west <= :east AND e.east >= :west AND e.south <= :north AND e.north >= :south
  AND a.id = e.area_id AND l.id = a.layer_id AND l.kind = :kind
  AND e.import_id = (SELECT MAX(x.import_id) FROM area_edition x
                     WHERE x.area_id = e.area_id AND x.shape IS NOT NULL)
ORDER BY l.vintage DESC, a.code;

-- name: layer_all
-- gives: id layer_id, kind str, vintage i64, areas i64
-- reads: public
SELECT l.id, l.kind, l.vintage, COUNT(a.id) FROM layer l LEFT JOIN area a ON a.layer_id = l.id
GROUP BY l.id, l.kind, l.vintage ORDER BY l.kind, l.vintage DESC;
