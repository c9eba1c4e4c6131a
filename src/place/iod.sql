-- SPDX-License-Identifier: AGPL-3.0-or-later
-- The English Indices of Deprivation.

-- name: deprivation_insert
-- takes: code str, edition i64, domain str, import import_id, rank i64?, decile i64?, score f64?
INSERT INTO deprivation (code, edition, domain, import_id, rank, decile, score)
VALUES (:code, :edition, :domain, :import, :rank, :decile, :score);

-- name: deprivation_delete
-- takes: import import_id
DELETE FROM deprivation WHERE import_id = :import;
