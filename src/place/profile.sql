-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What a profile reads: one range scan of the primary key for each code. The newest import comes
-- last, and wins wherever it says something.

-- name: profile_readings
-- takes: code str
-- gives: edition i64, domain str, import import_id, rank i64?, decile i64?, score f64?
-- reads: public
SELECT edition, domain, import_id, rank, decile, score FROM deprivation
WHERE code = :code ORDER BY code, edition, domain, import_id;

-- name: profile_population
-- takes: code str, kind str
-- gives: vintage i64, period str, import import_id, total i64, ages str
-- reads: public
SELECT vintage, period, import_id, total, ages FROM population
WHERE code = :code AND kind = :kind ORDER BY code, kind, vintage, period, import_id;

-- name: profile_source_list
-- gives: id i64, title str, publisher str, licence str, attribution str, url str?
-- reads: public
SELECT id, title, publisher, licence, attribution, url FROM source ORDER BY id;

-- name: profile_import_list
-- gives: import import_id, source i64, reference str?
-- reads: public
SELECT id, source_id, reference FROM import_run WHERE source_id IS NOT NULL ORDER BY id;

-- name: profile_bands
-- takes: code str
-- gives: edition i64, domain str, rank i64?, decile i64?, score f64?
-- reads: public
SELECT edition, domain, rank, decile, score FROM deprivation
WHERE code = :code ORDER BY code, edition, domain, import_id;

-- The outline that is drawn of an area.
-- name: profile_shape_import
-- takes: area area_id
-- gives: import import_id
-- reads: public
SELECT import_id FROM area_edition WHERE area_id = :area AND shape IS NOT NULL
ORDER BY import_id DESC LIMIT 1;

-- The lookup that put small areas into a ward, or says what a small area was before.
-- name: profile_lookup_import
-- takes: code str, kind str
-- gives: import import_id
-- reads: public
SELECT import_id FROM area_link WHERE to_code = :code AND to_kind = :kind AND from_kind = 'lsoa'
ORDER BY import_id DESC LIMIT 1;

-- The small areas of a district in one census, by the newest list of districts that has them.
-- name: profile_district
-- takes: district str, vintage i64
-- gives: code str
-- reads: public
SELECT DISTINCT k.from_code FROM area_link k
WHERE k.to_code = :district AND k.to_kind = 'lad' AND k.from_kind = 'lsoa'
  AND k.from_vintage = :vintage AND k.relation = 'parent'
  AND k.to_vintage = (SELECT MAX(v.to_vintage) FROM area_link v
                      WHERE v.to_code = :district AND v.to_kind = 'lad' AND v.from_kind = 'lsoa'
                        AND v.from_vintage = :vintage AND v.relation = 'parent')
  AND NOT EXISTS (SELECT 1 FROM area_link n
                  WHERE n.from_code = k.from_code AND n.from_kind = k.from_kind
                    AND n.from_vintage = k.from_vintage AND n.to_kind = k.to_kind
                    AND n.to_vintage = k.to_vintage AND n.import_id > k.import_id);

-- name: profile_drawn
-- takes: code str
-- gives: vintage i64, area_m2 f64
-- reads: public
SELECT l.vintage, e.area_m2 FROM area a
JOIN layer l ON l.id = a.layer_id
JOIN area_edition e ON e.area_id = a.id
WHERE a.code = :code AND l.kind = 'lsoa' AND e.area_m2 IS NOT NULL
ORDER BY l.vintage, e.import_id;
