-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What the house itself keeps: keys and the audit trail.

-- name: secret_get
-- takes: name str
-- gives: value blob
SELECT value FROM secret WHERE name = :name;

-- name: secret_put
-- takes: name str, value blob
INSERT INTO secret (name, value) VALUES (:name, :value)
ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- name: secret_drop
-- takes: name str
DELETE FROM secret WHERE name = :name;

-- name: audit_last
-- gives: seq i64, hash blob
SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1;

-- name: audit_insert
-- takes: seq i64, at_ms i64, actor str, body str, purpose str, action str, subject str, details blob, prev blob, hash blob
INSERT INTO audit (seq, at_ms, actor, body, purpose, action, subject, details, prev, hash)
VALUES (:seq, :at_ms, :actor, :body, :purpose, :action, :subject, :details, :prev, :hash);

-- name: audit_all
-- gives: seq i64, at_ms i64, actor str, body str, purpose str, action str, subject str, details blob, prev blob, hash blob
SELECT seq, at_ms, actor, body, purpose, action, subject, details, prev, hash FROM audit ORDER BY seq;
