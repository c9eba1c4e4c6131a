-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Postcodes, their positions and their areas.

-- name: postcode_insert
-- takes: key str, import import_id, introduced i64?, terminated i64?, large_user i64?, quality i64?, lat f64?, lon f64?, oa str?, lsoa11 str?, lsoa21 str?, ward str?, district str?
INSERT INTO postcode (key, import_id, introduced, terminated, large_user, quality, lat, lon, oa,
                      lsoa11, lsoa21, ward, district)
VALUES (:key, :import, :introduced, :terminated, :large_user, :quality, :lat, :lon, :oa,
        :lsoa11, :lsoa21, :ward, :district);

-- name: postcode_newest
-- takes: key str
-- gives: import_id import_id, vintage i64?, introduced i64?, terminated i64?, large_user i64?, quality i64?, lat f64?, lon f64?, oa str?, lsoa11 str?, lsoa21 str?, ward str?, district str?
-- reads: public
SELECT p.import_id, r.vintage, p.introduced, p.terminated, p.large_user, p.quality, p.lat, p.lon,
       p.oa, p.lsoa11, p.lsoa21, p.ward, p.district
FROM postcode p JOIN import_run r ON r.id = p.import_id
WHERE p.key = :key ORDER BY p.import_id DESC LIMIT 1;

-- name: postcode_delete
-- takes: import import_id
DELETE FROM postcode WHERE import_id = :import;
