-- Keys with a history: where each certificate came from, for whom it counts and
-- who said so; what belongs to the team's own keys; answers that are being written.

-- Certificates of others have secret = 0; the team's own have secret = 1 even
-- where the secret part is in an agent and only the public one is here.
-- The revocation certificate that was made with a key, armored.
ALTER TABLE cert ADD COLUMN revocation BLOB;

-- What a certificate is taken for when mail comes from, or goes to, an address
-- that it bears (src/triage/trust.rs). One decision each, the latest.
CREATE TABLE cert_trust (
    address     TEXT NOT NULL,
    fingerprint TEXT NOT NULL REFERENCES cert (fingerprint),
    trust       TEXT NOT NULL,
    at          INTEGER NOT NULL,
    by          TEXT NOT NULL,
    PRIMARY KEY (address, fingerprint)
) STRICT, WITHOUT ROWID;
CREATE INDEX cert_trust_fingerprint ON cert_trust (fingerprint);
-- Until now every certificate was taken in by a person.
INSERT INTO cert_trust (address, fingerprint, trust, at, by)
SELECT address, fingerprint, 'imported', added_at, added_by FROM cert_address JOIN cert USING (fingerprint);

-- How often a certificate was met, with which address and how.
CREATE TABLE cert_seen (
    fingerprint TEXT NOT NULL REFERENCES cert (fingerprint),
    address     TEXT NOT NULL,
    origin      TEXT NOT NULL,
    first_at    INTEGER NOT NULL,
    last_at     INTEGER NOT NULL,
    times       INTEGER NOT NULL,
    PRIMARY KEY (fingerprint, address, origin)
) STRICT, WITHOUT ROWID;
INSERT INTO cert_seen (fingerprint, address, origin, first_at, last_at, times)
SELECT fingerprint, address, 'file', added_at, added_at, 1 FROM cert_address JOIN cert USING (fingerprint);

-- What people did with a key: verified, how; retired; renewed; exported.
CREATE TABLE cert_event (
    id          INTEGER PRIMARY KEY,
    fingerprint TEXT NOT NULL REFERENCES cert (fingerprint),
    at          INTEGER NOT NULL,
    by          TEXT NOT NULL,
    what        TEXT NOT NULL
) STRICT;
CREATE INDEX cert_event_fingerprint ON cert_event (fingerprint);

-- Messages whose standing depends on what people think of a key.
CREATE INDEX message_trust ON message (id) WHERE signature = 'first_use' OR signature = 'changed_key';

-- Answers under way, one for each case and person.
CREATE TABLE draft (
    case_id INTEGER NOT NULL REFERENCES cases (id),
    actor   TEXT NOT NULL,
    at      INTEGER NOT NULL,
    text    TEXT NOT NULL,
    PRIMARY KEY (case_id, actor)
) STRICT, WITHOUT ROWID;

-- age identities of the team (https://age-encryption.org/v1), by their public recipient.
CREATE TABLE age_identity (
    recipient TEXT PRIMARY KEY,
    identity  BLOB NOT NULL,
    added_at  INTEGER NOT NULL,
    added_by  TEXT NOT NULL
) STRICT, WITHOUT ROWID;
