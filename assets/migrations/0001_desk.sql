-- The desk opens: cases, their messages, the timeline, the intake ledger, keys.
--
-- Instants are seconds since 1970 in UTC. Words are the codes of src/triage.
-- Queue rows are narrow and bodies live apart, so that reading a page of the
-- queue never touches a body.

CREATE TABLE setting (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The last number given out in each year: an identifier is never used twice.
CREATE TABLE counter (
    year INTEGER PRIMARY KEY,
    last INTEGER NOT NULL
) STRICT;

CREATE TABLE cases (
    id                INTEGER PRIMARY KEY,
    code              TEXT NOT NULL UNIQUE,
    title             TEXT NOT NULL,
    state             TEXT NOT NULL,
    resolution        TEXT,
    priority          INTEGER,
    assignee          TEXT,
    product           TEXT,
    component         TEXT,
    reporter_name     TEXT NOT NULL,
    reporter_email    TEXT NOT NULL,
    found_in          TEXT,
    received_at       INTEGER NOT NULL,
    acknowledged_at   INTEGER,
    policy            TEXT NOT NULL,
    disclosure_at     INTEGER NOT NULL,
    disclosure_source TEXT NOT NULL,
    exploited         INTEGER NOT NULL,
    tags              TEXT NOT NULL,
    unread            INTEGER NOT NULL,
    encryption        TEXT NOT NULL,
    version           INTEGER NOT NULL,
    -- Derived from the columns above by src/triage, for the order of the queue:
    -- whether it stands there (open, or something unread in it), and until when.
    listed            INTEGER NOT NULL,
    due_at            INTEGER NOT NULL
) STRICT;
CREATE INDEX cases_queue ON cases (listed, due_at);
CREATE INDEX cases_assignee ON cases (assignee) WHERE assignee IS NOT NULL;

CREATE TABLE message (
    id          INTEGER PRIMARY KEY,
    case_id     INTEGER NOT NULL REFERENCES cases (id),
    direction   TEXT NOT NULL,
    digest      BLOB NOT NULL UNIQUE,
    received_at INTEGER NOT NULL,
    date        INTEGER,
    from_name   TEXT NOT NULL,
    from_email  TEXT NOT NULL,
    recipients  TEXT NOT NULL,
    subject     TEXT NOT NULL,
    encryption  TEXT NOT NULL,
    signature   TEXT NOT NULL,
    verdict     TEXT NOT NULL,
    attachments TEXT NOT NULL,
    defects     TEXT NOT NULL
) STRICT;
CREATE INDEX message_case ON message (case_id);
-- What a new key may open or verify.
CREATE INDEX message_waiting ON message (id) WHERE encryption = 'failed' OR signature = 'unknown_key';

CREATE TABLE body (
    message INTEGER PRIMARY KEY REFERENCES message (id),
    text    TEXT NOT NULL
) STRICT;

CREATE TABLE raw (
    message INTEGER PRIMARY KEY REFERENCES message (id),
    bytes   BLOB NOT NULL
) STRICT;

-- Message-IDs by case: those that we hold (seen), and those that are only answered.
CREATE TABLE thread (
    message_id TEXT NOT NULL,
    case_id    INTEGER NOT NULL REFERENCES cases (id),
    seen       INTEGER NOT NULL,
    PRIMARY KEY (message_id, case_id, seen)
) STRICT, WITHOUT ROWID;

-- Who belongs to a case: the addresses that wrote or were written to in it, in lower case.
CREATE TABLE participant (
    case_id INTEGER NOT NULL REFERENCES cases (id),
    address TEXT NOT NULL,
    PRIMARY KEY (case_id, address)
) STRICT, WITHOUT ROWID;

-- Changes made together are undone together. role: do, undo, quiet (never undone).
-- undone: 0 in force, 1 taken back and can be redone, 2 taken back for good.
CREATE TABLE batch (
    id     INTEGER PRIMARY KEY,
    actor  TEXT NOT NULL,
    at     INTEGER NOT NULL,
    role   TEXT NOT NULL,
    target INTEGER REFERENCES batch (id),
    undone INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX batch_undo ON batch (actor, role, undone);

CREATE TABLE event (
    id      INTEGER PRIMARY KEY,
    case_id INTEGER NOT NULL REFERENCES cases (id),
    version INTEGER NOT NULL,
    batch   INTEGER NOT NULL REFERENCES batch (id),
    field   TEXT,
    what    TEXT NOT NULL
) STRICT;
CREATE INDEX event_case ON event (case_id);
CREATE INDEX event_batch ON event (batch);

-- Every message ever offered, and what became of it.
CREATE TABLE intake (
    id      INTEGER PRIMARY KEY,
    at      INTEGER NOT NULL,
    actor   TEXT NOT NULL,
    source  TEXT NOT NULL,
    digest  BLOB,
    outcome TEXT NOT NULL,
    case_id INTEGER REFERENCES cases (id),
    message INTEGER REFERENCES message (id),
    reason  TEXT
) STRICT;

-- Certificates of others (secret = 0) and the team's own keys (secret = 1).
CREATE TABLE cert (
    fingerprint TEXT PRIMARY KEY,
    secret      INTEGER NOT NULL,
    added_at    INTEGER NOT NULL,
    added_by    TEXT NOT NULL,
    bytes       BLOB NOT NULL
) STRICT;
CREATE INDEX cert_secret ON cert (secret);
-- Every key of a certificate, by fingerprint and by key ID.
CREATE TABLE cert_key (
    handle      TEXT NOT NULL,
    fingerprint TEXT NOT NULL REFERENCES cert (fingerprint),
    PRIMARY KEY (handle, fingerprint)
) STRICT, WITHOUT ROWID;
CREATE TABLE cert_address (
    address     TEXT NOT NULL,
    fingerprint TEXT NOT NULL REFERENCES cert (fingerprint),
    PRIMARY KEY (address, fingerprint)
) STRICT, WITHOUT ROWID;

-- Words of messages (rowid = message id) and of cases themselves (rowid = -case id).
-- Contentless: the texts stand in body and cases, once.
CREATE VIRTUAL TABLE search USING fts5 (
    text, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
);
-- A bulk intake gathers this many bytes of index in memory before it writes: fewer
-- are merged more often, more no longer fit the processor's cache (both measured).
INSERT INTO search (search, rank) VALUES ('hashsize', 8388608);
