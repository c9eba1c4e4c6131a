-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Files handed in through the browser that wait to be checked and confirmed.

-- name: upload_insert
-- takes: file_name str, stored str, account account_id, now_ms i64
-- gives: id upload_id
INSERT INTO upload (file_name, stored, kind, options, account_id, at_ms)
VALUES (:file_name, :stored, '', '', :account, :now_ms) RETURNING id;

-- name: upload_find
-- takes: id upload_id
-- gives: id upload_id, file_name str, stored str, kind str, options str, at_ms i64, by_name str
SELECT u.id, u.file_name, u.stored, u.kind, u.options, u.at_ms, a.name AS by_name
FROM upload u JOIN account a ON a.id = u.account_id WHERE u.id = :id;

-- name: upload_all
-- gives: id upload_id, file_name str, stored str, kind str, options str, at_ms i64, by_name str
SELECT u.id, u.file_name, u.stored, u.kind, u.options, u.at_ms, a.name AS by_name
FROM upload u JOIN account a ON a.id = u.account_id ORDER BY u.id DESC;

-- name: upload_choose
-- takes: id upload_id, kind str, options str
UPDATE upload SET kind = :kind, options = :options WHERE id = :id;

-- name: upload_delete
-- takes: id upload_id
DELETE FROM upload WHERE id = :id;
