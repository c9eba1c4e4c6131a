-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What the settings of the zone show beside the zone itself.

-- How many of each ward's small areas (best fit) are among the most deprived fifth of England, in
-- one edition. The newest lookup and the newest import answer.

-- name: ward_deprived
-- takes: edition i64, vintage i64
-- gives: ward str, small i64, first_fifth i64
-- reads: public
SELECT k.to_code, COUNT(DISTINCT k.from_code),
       COUNT(DISTINCT CASE WHEN d.decile <= 2 THEN k.from_code END)
FROM area_link k
JOIN deprivation d ON d.code = k.from_code AND d.edition = :edition AND d.domain = 'imd'
WHERE k.relation = 'best_fit' AND k.to_kind = 'ward' AND k.from_kind = 'lsoa'
  AND k.from_vintage = :vintage
  AND k.to_vintage = (SELECT MAX(t.to_vintage) FROM area_link t
                      WHERE t.from_code = k.from_code AND t.from_kind = 'lsoa'
                        AND t.from_vintage = :vintage AND t.to_kind = 'ward'
                        AND t.relation = 'best_fit')
  AND d.import_id = (SELECT MAX(n.import_id) FROM deprivation n
                     WHERE n.code = d.code AND n.edition = d.edition AND n.domain = d.domain
                       AND n.decile IS NOT NULL)
GROUP BY k.to_code;

-- name: deprivation_newest
-- gives: edition i64?
-- reads: public
SELECT MAX(edition) FROM deprivation;
