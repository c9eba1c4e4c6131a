-- SPDX-License-Identifier: AGPL-3.0-or-later
-- The field log.

-- name: field_key_newest
-- gives: id i64, public_key blob
SELECT id, public_key FROM field_key WHERE retired_ms IS NULL ORDER BY id DESC LIMIT 1;

-- name: field_key_all
-- gives: id i64, public_key blob, private_key blob
SELECT id, public_key, private_key FROM field_key ORDER BY id;

-- name: field_key_insert
-- takes: public_key blob, private_key blob, now_ms i64
-- gives: id i64
INSERT INTO field_key (public_key, private_key, made_ms) VALUES (:public_key, :private_key, :now_ms)
RETURNING id;

-- name: field_device_by_id
-- takes: id str
-- gives: id str, account account_id, name str, token_hash blob, made_ms i64, expires_ms i64, closed_ms i64?, seen_ms i64?, clock_ms i64?
SELECT id, account_id, name, token_hash, made_ms, expires_ms, closed_ms, seen_ms, clock_ms
FROM field_device WHERE id = :id;

-- name: field_device_insert
-- takes: id str, account account_id, name str, token_hash blob, now_ms i64, expires_ms i64
INSERT INTO field_device (id, account_id, name, token_hash, made_ms, expires_ms)
VALUES (:id, :account, :name, :token_hash, :now_ms, :expires_ms);

-- name: field_device_renew
-- takes: id str, name str, token_hash blob, expires_ms i64
UPDATE field_device SET name = :name, token_hash = :token_hash, expires_ms = :expires_ms, closed_ms = NULL
WHERE id = :id;

-- name: field_device_set_closed
-- takes: id str, now_ms i64
UPDATE field_device SET closed_ms = :now_ms WHERE id = :id AND closed_ms IS NULL;

-- name: field_device_seen
-- takes: id str, now_ms i64, clock_ms i64
UPDATE field_device SET seen_ms = :now_ms, clock_ms = :clock_ms WHERE id = :id;

-- name: field_devices
-- gives: id str, account account_id, name str, made_ms i64, expires_ms i64, closed_ms i64?, seen_ms i64?, clock_ms i64?
SELECT id, account_id, name, made_ms, expires_ms, closed_ms, seen_ms, clock_ms
FROM field_device ORDER BY COALESCE(seen_ms, made_ms) DESC, id LIMIT 1000;

-- name: field_devices_of
-- takes: account account_id
-- gives: id str, account account_id, name str, made_ms i64, expires_ms i64, closed_ms i64?, seen_ms i64?, clock_ms i64?
SELECT id, account_id, name, made_ms, expires_ms, closed_ms, seen_ms, clock_ms
FROM field_device WHERE account_id = :account ORDER BY COALESCE(seen_ms, made_ms) DESC, id LIMIT 1000;

-- name: field_record_of
-- takes: id str
-- gives: sha str, state str
SELECT sha, state FROM field_record WHERE id = :id ORDER BY received_ms, sha;

-- name: field_record_insert
-- takes: id str, sha str, device str, seq i64, kind str, via str, account account_id?, phone_ms i64, sent_ms i64, received_ms i64, at_ms i64, uncertain bool, body str?, state str, why str
INSERT INTO field_record (id, sha, device_id, seq, kind, via, account_id, phone_ms, sent_ms, received_ms,
                          at_ms, uncertain, body, state, why)
VALUES (:id, :sha, :device, :seq, :kind, :via, :account, :phone_ms, :sent_ms, :received_ms,
        :at_ms, :uncertain, :body, :state, :why);

-- name: field_record_get
-- takes: id str, sha str
-- gives: id str, sha str, device str, seq i64, kind str, via str, account account_id?, phone_ms i64, sent_ms i64, received_ms i64, at_ms i64, uncertain bool, body str?, state str, why str
SELECT id, sha, device_id, seq, kind, via, account_id, phone_ms, sent_ms, received_ms, at_ms, uncertain,
       body, state, why
FROM field_record WHERE id = :id AND sha = :sha;

-- name: field_record_set_state
-- takes: id str, sha str, state str, why str
UPDATE field_record SET state = :state, why = :why WHERE id = :id AND sha = :sha;

-- name: field_record_set_body
-- takes: id str, sha str, kind str, account account_id?, phone_ms i64, at_ms i64, uncertain bool, body str
UPDATE field_record SET kind = :kind, account_id = :account, phone_ms = :phone_ms, at_ms = :at_ms,
    uncertain = :uncertain, body = :body
WHERE id = :id AND sha = :sha;

-- The neighbours of a number on one device, to see whether clock and order agree.

-- name: field_before
-- takes: device str, seq i64
-- gives: at_ms i64
SELECT at_ms FROM field_record WHERE device_id = :device AND seq < :seq AND uncertain = 0
ORDER BY seq DESC LIMIT 1;

-- name: field_after
-- takes: device str, seq i64
-- gives: at_ms i64
SELECT at_ms FROM field_record WHERE device_id = :device AND seq > :seq AND uncertain = 0
ORDER BY seq LIMIT 1;

-- First and last number of each stretch without a gap.

-- name: field_have
-- takes: device str
-- gives: low i64, high i64
SELECT min(seq) AS low, max(seq) AS high
FROM (SELECT seq, seq - row_number() OVER (ORDER BY seq) AS stretch
      FROM (SELECT DISTINCT seq FROM field_record WHERE device_id = :device) AS numbers) AS stretches
GROUP BY stretch ORDER BY low;

-- name: field_held_strangers
-- gives: n i64
SELECT count(*) AS n FROM field_record r
WHERE r.state = 'held' AND NOT EXISTS (SELECT 1 FROM field_device d WHERE d.id = r.device_id);

-- name: field_sealed_insert
-- takes: id str, sha str, key i64, bytes blob
INSERT INTO field_sealed (id, sha, key_id, bytes) VALUES (:id, :sha, :key, :bytes);

-- name: field_sealed_get
-- takes: id str, sha str
-- gives: key i64, bytes blob
SELECT key_id, bytes FROM field_sealed WHERE id = :id AND sha = :sha;

-- name: field_sealed_delete
-- takes: id str, sha str
DELETE FROM field_sealed WHERE id = :id AND sha = :sha;

-- name: field_erased_insert
-- takes: id_hash blob, now_ms i64
INSERT INTO field_erased (id_hash, at_ms) VALUES (:id_hash, :now_ms) ON CONFLICT (id_hash) DO NOTHING;

-- name: field_erased_is
-- takes: id_hash blob
-- gives: at_ms i64
SELECT at_ms FROM field_erased WHERE id_hash = :id_hash;

-- An erased record keeps its number, so that its phone is not asked for it for ever.

-- name: field_record_wipe
-- takes: id str
UPDATE field_record SET id = 'erased-' || sha, body = NULL, kind = 'erased', account_id = NULL, state = 'done',
    why = '' WHERE id = :id;

-- name: field_sealed_wipe
-- takes: id str
DELETE FROM field_sealed WHERE id = :id;

-- name: field_held
-- gives: id str, sha str, device str, kind str, why str, received_ms i64, opened bool
SELECT id, sha, device_id, kind, why, received_ms, CASE WHEN body IS NULL THEN 0 ELSE 1 END
FROM field_record WHERE state = 'held' ORDER BY received_ms, id, sha LIMIT 500;

-- name: field_held_count
-- gives: n i64
SELECT count(*) AS n FROM field_record WHERE state = 'held';

-- name: field_form_insert
-- takes: id str, account account_id?, record str, now_ms i64
INSERT INTO field_form (id, account_id, record_id, made_ms) VALUES (:id, :account, :record, :now_ms)
ON CONFLICT (id) DO NOTHING;

-- name: field_form_get
-- takes: id str
-- gives: record str?
SELECT record_id FROM field_form WHERE id = :id;

-- name: field_desk_next
-- takes: device str
-- gives: seq i64
SELECT CAST(COALESCE(max(seq), 0) + 1 AS INTEGER) FROM field_record WHERE device_id = :device;

-- name: field_file_insert
-- takes: record str, name str, sha str, bytes i64, type str
INSERT INTO field_file (record_id, name, sha, bytes, type) VALUES (:record, :name, :sha, :bytes, :type)
ON CONFLICT (record_id, name) DO NOTHING;

-- name: field_files_of
-- takes: record str
-- gives: name str, sha str, bytes i64, type str, have i64?
SELECT f.name, f.sha, f.bytes, f.type, b.have FROM field_file f LEFT JOIN field_blob b ON b.sha = f.sha
WHERE f.record_id = :record ORDER BY f.name;

-- name: field_blob_get
-- takes: sha str
-- gives: bytes i64, have i64, whole_ms i64?
SELECT bytes, have, whole_ms FROM field_blob WHERE sha = :sha;

-- name: field_blob_insert
-- takes: sha str, bytes i64
INSERT INTO field_blob (sha, bytes, have) VALUES (:sha, :bytes, 0) ON CONFLICT (sha) DO NOTHING;

-- name: field_blob_set_have
-- takes: sha str, have i64, whole_ms i64?
UPDATE field_blob SET have = :have, whole_ms = :whole_ms WHERE sha = :sha;

-- name: field_piece_insert
-- takes: sha str, starts i64, data blob
INSERT INTO field_piece (sha, starts, data) VALUES (:sha, :starts, :data);

-- name: field_pieces
-- takes: sha str
-- gives: starts i64, data blob
SELECT starts, data FROM field_piece WHERE sha = :sha ORDER BY starts;

-- name: field_pieces_delete
-- takes: sha str
DELETE FROM field_piece WHERE sha = :sha;

-- name: field_files_wipe
-- takes: record str
DELETE FROM field_file WHERE record_id = :record;

-- name: field_blob_unused
-- takes: sha str
DELETE FROM field_blob WHERE sha = :sha AND NOT EXISTS (SELECT 1 FROM field_file f WHERE f.sha = :sha);
