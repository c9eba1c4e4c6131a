-- SPDX-License-Identifier: AGPL-3.0-or-later
-- The partnership.

-- name: org_insert
-- takes: name str, kind str, about str, web str?, area_code str?, closed bool, import_id i64?, now_ms i64
-- gives: id organisation_id
INSERT INTO organisation (name, kind, about, web, area_code, closed, import_id, created_ms)
VALUES (:name, :kind, :about, :web, :area_code, :closed, :import_id, :now_ms) RETURNING id;

-- name: org_by_id
-- takes: id organisation_id
-- gives: id organisation_id, name str, kind str, about str, web str?, area_code str?, closed bool, off_ms i64?, created_ms i64
-- reads: public
SELECT id, name, kind, about, web, area_code, closed, off_ms, created_ms FROM organisation WHERE id = :id;

-- name: org_by_identifier
-- takes: scheme str, value str
-- gives: id organisation_id, name str, kind str, about str, web str?, area_code str?, closed bool, off_ms i64?, created_ms i64
-- reads: public
SELECT o.id, o.name, o.kind, o.about, o.web, o.area_code, o.closed, o.off_ms, o.created_ms
FROM organisation o JOIN organisation_identifier i ON i.organisation_id = o.id
WHERE i.scheme = :scheme AND i.value = :value AND i.sound = 1;

-- name: org_by_name
-- takes: name str
-- gives: id organisation_id, name str, kind str, about str, web str?, area_code str?, closed bool, off_ms i64?, created_ms i64
-- reads: public
SELECT id, name, kind, about, web, area_code, closed, off_ms, created_ms FROM organisation
WHERE lower(name) = lower(:name) ORDER BY id LIMIT 1;

-- name: org_search
-- takes: pattern str, most i64
-- gives: id organisation_id, name str, kind str, about str, web str?, area_code str?, closed bool, off_ms i64?, created_ms i64
-- reads: public
SELECT o.id, o.name, o.kind, o.about, o.web, o.area_code, o.closed, o.off_ms, o.created_ms
FROM organisation o
WHERE lower(o.name) LIKE :pattern ESCAPE '\'
   OR EXISTS (SELECT 1 FROM organisation_alias a
              WHERE a.organisation_id = o.id AND lower(a.name) LIKE :pattern ESCAPE '\')
   OR EXISTS (SELECT 1 FROM organisation_identifier i
              WHERE i.organisation_id = o.id AND lower(i.scheme || '-' || i.value) LIKE :pattern ESCAPE '\')
ORDER BY lower(o.name), o.id LIMIT :most;

-- name: org_update
-- takes: id organisation_id, name str, kind str, about str, web str?
UPDATE organisation SET name = :name, kind = :kind, about = :about, web = :web WHERE id = :id;

-- name: org_set_off
-- takes: id organisation_id, off_ms i64?
UPDATE organisation SET off_ms = :off_ms WHERE id = :id;

-- name: org_set_closed
-- takes: id organisation_id
UPDATE organisation SET closed = 1 WHERE id = :id AND closed = 0;

-- name: org_was_insert
-- takes: id organisation_id, name str, kind str, about str, web str?, now_ms i64
INSERT INTO organisation_was (organisation_id, name, kind, about, web, until_ms)
VALUES (:id, :name, :kind, :about, :web, :now_ms);

-- name: org_was_of
-- takes: id organisation_id
-- gives: id i64, name str, kind str, about str, web str?, until_ms i64
-- reads: public
SELECT id, name, kind, about, web, until_ms FROM organisation_was
WHERE organisation_id = :id ORDER BY id DESC LIMIT 50;

-- name: org_alias_insert
-- takes: id organisation_id, name str, import_id i64?
INSERT INTO organisation_alias (organisation_id, name, import_id)
VALUES (:id, :name, :import_id) ON CONFLICT (organisation_id, name) DO NOTHING;

-- name: org_aliases
-- takes: id organisation_id
-- gives: name str
-- reads: public
SELECT name FROM organisation_alias WHERE organisation_id = :id ORDER BY name;

-- name: org_identifier_insert
-- takes: id organisation_id, scheme str, value str, sound bool, import_id i64?
INSERT INTO organisation_identifier (organisation_id, scheme, value, sound, import_id)
VALUES (:id, :scheme, :value, :sound, :import_id)
ON CONFLICT (organisation_id, scheme, value) DO NOTHING;

-- name: org_identifier_delete
-- takes: id organisation_id, identifier i64
DELETE FROM organisation_identifier WHERE id = :identifier AND organisation_id = :id;

-- name: org_identifiers
-- takes: id organisation_id
-- gives: id i64, organisation organisation_id, scheme str, value str, sound bool
-- reads: public
SELECT id, organisation_id, scheme, value, sound FROM organisation_identifier
WHERE organisation_id = :id ORDER BY scheme, value;

-- name: org_role_insert
-- takes: id organisation_id, role str, starts date?, ends date?
-- gives: id org_role_id
INSERT INTO organisation_role (organisation_id, role, starts, ends)
VALUES (:id, :role, :starts, :ends) RETURNING id;

-- name: org_role_set_end
-- takes: id org_role_id, ends date?
UPDATE organisation_role SET ends = :ends WHERE id = :id;

-- name: org_role_set_removed
-- takes: id org_role_id, removed_ms i64?
UPDATE organisation_role SET removed_ms = :removed_ms WHERE id = :id;

-- name: org_role_by_id
-- takes: id org_role_id
-- gives: id org_role_id, organisation organisation_id, role str, starts date?, ends date?, removed_ms i64?
-- reads: public
SELECT id, organisation_id, role, starts, ends, removed_ms FROM organisation_role WHERE id = :id;

-- name: org_roles_of
-- takes: id organisation_id
-- gives: id org_role_id, organisation organisation_id, role str, starts date?, ends date?, removed_ms i64?
-- reads: public
SELECT id, organisation_id, role, starts, ends, removed_ms FROM organisation_role
WHERE organisation_id = :id ORDER BY CASE WHEN starts IS NULL THEN 1 ELSE 0 END, starts, id;

-- name: partner_orgs
-- gives: id organisation_id, name str, kind str, about str, web str?, area_code str?, closed bool, off_ms i64?, created_ms i64
-- reads: public
SELECT o.id, o.name, o.kind, o.about, o.web, o.area_code, o.closed, o.off_ms, o.created_ms
FROM organisation o
WHERE o.off_ms IS NULL
  AND EXISTS (SELECT 1 FROM organisation_role r WHERE r.organisation_id = o.id AND r.removed_ms IS NULL)
ORDER BY o.id;

-- name: partner_roles
-- gives: id org_role_id, organisation organisation_id, role str, starts date?, ends date?, removed_ms i64?
-- reads: public
SELECT id, organisation_id, role, starts, ends, removed_ms FROM organisation_role
WHERE removed_ms IS NULL
ORDER BY organisation_id, CASE WHEN starts IS NULL THEN 1 ELSE 0 END, starts, id;

-- name: partner_identifiers
-- gives: id i64, organisation organisation_id, scheme str, value str, sound bool
-- reads: public
SELECT i.id, i.organisation_id, i.scheme, i.value, i.sound FROM organisation_identifier i
WHERE i.sound = 1
  AND EXISTS (SELECT 1 FROM organisation_role r WHERE r.organisation_id = i.organisation_id AND r.removed_ms IS NULL)
ORDER BY i.organisation_id, i.scheme, i.value;

-- name: org_import_same
-- takes: sha256 str
-- gives: id i64
-- reads: public
SELECT id FROM organisation_import WHERE sha256 = :sha256 ORDER BY id DESC LIMIT 1;

-- name: org_import_insert
-- takes: file_name str, sha256 str, bytes i64, source str, licence str, now_ms i64, rows_read i64
-- gives: id i64
INSERT INTO organisation_import (file_name, sha256, bytes, source, licence, at_ms, rows_read, rows_loaded)
VALUES (:file_name, :sha256, :bytes, :source, :licence, :now_ms, :rows_read, 0) RETURNING id;

-- name: org_import_finish
-- takes: id i64, rows_loaded i64
UPDATE organisation_import SET rows_loaded = :rows_loaded WHERE id = :id;

-- name: org_imports
-- gives: id i64, file_name str, source str, licence str, at_ms i64, rows_read i64, rows_loaded i64
-- reads: public
SELECT id, file_name, source, licence, at_ms, rows_read, rows_loaded FROM organisation_import
ORDER BY id DESC;

-- What came with an import goes, unless it has been used: a role, a change of what it says, another
-- import's name or identifier keeps the organisation.

-- name: org_import_drop_aliases
-- takes: id i64
DELETE FROM organisation_alias WHERE import_id = :id;

-- name: org_import_unused
-- takes: id i64
-- gives: id organisation_id
SELECT o.id FROM organisation o WHERE o.import_id = :id
  AND NOT EXISTS (SELECT 1 FROM organisation_role r WHERE r.organisation_id = o.id)
  AND NOT EXISTS (SELECT 1 FROM organisation_was w WHERE w.organisation_id = o.id)
  AND NOT EXISTS (SELECT 1 FROM organisation_alias x WHERE x.organisation_id = o.id)
  AND NOT EXISTS (SELECT 1 FROM organisation_identifier i WHERE i.organisation_id = o.id
                  AND (i.import_id IS NULL OR i.import_id <> :id));

-- name: org_drop_identifiers
-- takes: id organisation_id
DELETE FROM organisation_identifier WHERE organisation_id = :id;

-- name: org_drop
-- takes: id organisation_id
DELETE FROM organisation WHERE id = :id;

-- name: org_import_free
-- takes: id i64
UPDATE organisation SET import_id = NULL WHERE import_id = :id;

-- name: org_import_free_identifiers
-- takes: id i64
UPDATE organisation_identifier SET import_id = NULL WHERE import_id = :id;

-- name: org_import_drop
-- takes: id i64
DELETE FROM organisation_import WHERE id = :id;
