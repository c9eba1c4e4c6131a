-- SPDX-License-Identifier: AGPL-3.0-or-later
-- name: account_insert
-- takes: login str, name str, role str, password str, created_ms i64
-- gives: id account_id
INSERT INTO account (login, name, role, password, created_ms)
VALUES (:login, :name, :role, :password, :created_ms) RETURNING id;

-- name: account_rows
-- gives: id account_id, login str, name str, role str, created_ms i64, disabled_ms i64?
SELECT id, login, name, role, created_ms, disabled_ms FROM account ORDER BY login;

-- name: account_find
-- takes: login str
-- gives: id account_id, login str, name str, role str, password str, created_ms i64
SELECT id, login, name, role, password, created_ms FROM account
WHERE login = :login AND disabled_ms IS NULL;

-- name: account_get
-- takes: id account_id
-- gives: id account_id, login str, name str, role str, password str, created_ms i64
SELECT id, login, name, role, password, created_ms FROM account
WHERE id = :id AND disabled_ms IS NULL;

-- name: account_open_or_closed
-- takes: login str
-- gives: id account_id, disabled_ms i64?
SELECT id, disabled_ms FROM account WHERE login = :login;

-- name: account_set_password
-- takes: id account_id, old_password str, new_password str
UPDATE account SET password = :new_password
WHERE id = :id AND password = :old_password AND disabled_ms IS NULL;

-- name: account_open_again
-- takes: id account_id, password str
UPDATE account SET disabled_ms = NULL, password = :password
WHERE id = :id AND disabled_ms IS NOT NULL;

-- name: account_count
-- gives: n i64
SELECT count(*) FROM account WHERE disabled_ms IS NULL;

-- name: account_set_disabled
-- takes: login str, now_ms i64
UPDATE account SET disabled_ms = :now_ms WHERE login = :login AND disabled_ms IS NULL;

-- name: session_insert
-- takes: token_hash blob, account account_id, now_ms i64, device str
INSERT INTO session (token_hash, account_id, created_ms, seen_ms, device)
VALUES (:token_hash, :account, :now_ms, :now_ms, :device);

-- name: session_find
-- takes: token_hash blob
-- gives: id session_id, account account_id, created_ms i64, seen_ms i64, name str, role str
SELECT s.id, s.account_id, s.created_ms, s.seen_ms, a.name, a.role
FROM session s JOIN account a ON a.id = s.account_id
WHERE s.token_hash = :token_hash AND a.disabled_ms IS NULL;

-- name: session_rows
-- takes: account account_id, seen_before i64, made_before i64
-- gives: id session_id, created_ms i64, seen_ms i64, device str
SELECT id, created_ms, seen_ms, device FROM session
WHERE account_id = :account AND seen_ms >= :seen_before AND created_ms >= :made_before
ORDER BY seen_ms DESC, id DESC;

-- name: session_seen
-- takes: id session_id, now_ms i64
UPDATE session SET seen_ms = :now_ms WHERE id = :id;

-- name: session_delete
-- takes: id session_id
DELETE FROM session WHERE id = :id;

-- name: session_delete_of
-- takes: account account_id
DELETE FROM session WHERE account_id = :account;

-- name: session_delete_login
-- takes: login str
DELETE FROM session WHERE account_id IN (SELECT id FROM account WHERE login = :login);

-- name: session_delete_old
-- takes: seen_before i64, made_before i64
DELETE FROM session WHERE seen_ms < :seen_before OR created_ms < :made_before;
