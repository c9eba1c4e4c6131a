-- SPDX-License-Identifier: AGPL-3.0-or-later
-- The record of imports.

-- name: source_find
-- takes: publisher str, title str, licence str, attribution str
-- gives: id i64
-- reads: public
SELECT id FROM source
WHERE publisher = :publisher AND title = :title AND licence = :licence AND attribution = :attribution;

-- name: source_insert
-- takes: publisher str, title str, url str?, licence str, attribution str
-- gives: id i64
INSERT INTO source (publisher, title, url, licence, attribution)
VALUES (:publisher, :title, :url, :licence, :attribution) RETURNING id;

-- name: import_same
-- takes: sha256 str, kind str, options str
-- gives: id import_id, rows_loaded i64
-- reads: public
SELECT id, rows_loaded FROM import_run
WHERE sha256 = :sha256 AND kind = :kind AND options = :options;

-- name: import_of_file
-- takes: sha256 str
-- gives: id import_id, kind str, options str, finished_ms i64
-- reads: public
SELECT id, kind, options, finished_ms FROM import_run WHERE sha256 = :sha256 ORDER BY id DESC;

-- name: import_insert
-- takes: kind str, file_name str, sha256 str, bytes i64, options str, source i64, vintage i64?, reference str?, now_ms i64
-- gives: id import_id
INSERT INTO import_run (kind, file_name, sha256, bytes, options, source_id, vintage, reference,
                        started_ms, finished_ms, rows_read, rows_loaded, notices)
VALUES (:kind, :file_name, :sha256, :bytes, :options, :source, :vintage, :reference,
        :now_ms, :now_ms, 0, 0, '') RETURNING id;

-- name: import_finish
-- takes: id import_id, vintage i64?, reference str?, rows_read i64, rows_loaded i64, notices str
UPDATE import_run SET vintage = :vintage, reference = :reference, rows_read = :rows_read,
                      rows_loaded = :rows_loaded, notices = :notices WHERE id = :id;

-- name: import_find
-- takes: id import_id
-- gives: kind str, file_name str
-- reads: public
SELECT kind, file_name FROM import_run WHERE id = :id;

-- name: import_delete
-- takes: id import_id
DELETE FROM import_run WHERE id = :id;

-- name: import_rows
-- gives: id import_id, kind str, file_name str, reference str?, publisher str, title str, licence str, attribution str, sha256 str, vintage i64?, finished_ms i64, rows_read i64, rows_loaded i64, notices str
-- reads: public
SELECT r.id, r.kind, r.file_name, r.reference, s.publisher, s.title, s.licence, s.attribution,
       r.sha256, r.vintage, r.finished_ms, r.rows_read, r.rows_loaded, r.notices
FROM import_run r JOIN source s ON s.id = r.source_id ORDER BY r.id DESC;

-- The box that holds every area that is drawn.
-- name: areas_box
-- gives: west f64?, south f64?, east f64?, north f64?
-- reads: public
SELECT MIN(west), MIN(south), MAX(east), MAX(north) FROM area_edition;
