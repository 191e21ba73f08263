-- Triage that thinks along: what was promised to each reporter, scores, lanes,
-- milestones, obligations, who may see a case, and its place in the queue.

-- Policies are named and kept with the spans that they promised (JSON).
ALTER TABLE cases ADD COLUMN terms TEXT;
UPDATE cases SET terms = '{"acknowledge_hours":4}' WHERE policy = '0_days';
UPDATE cases SET policy = CASE policy
    WHEN '90_days' THEN 'default' WHEN '30_days' THEN '30 days' WHEN '0_days' THEN '0 days' ELSE policy END;
ALTER TABLE cases ADD COLUMN disclosure_why TEXT NOT NULL DEFAULT '';
-- A date that the reporter asked for, until somebody has decided about it (JSON).
ALTER TABLE cases ADD COLUMN demand TEXT;

-- Judgements and their steps, each as JSON of the type of that name in src/triage.
ALTER TABLE cases ADD COLUMN assessment TEXT NOT NULL DEFAULT '{}';
ALTER TABLE cases ADD COLUMN reached TEXT NOT NULL DEFAULT '{}';
ALTER TABLE cases ADD COLUMN lanes TEXT NOT NULL DEFAULT '[]';
ALTER TABLE cases ADD COLUMN waits TEXT NOT NULL DEFAULT '{}';
ALTER TABLE cases ADD COLUMN variants TEXT;
ALTER TABLE cases ADD COLUMN obligations TEXT NOT NULL DEFAULT '[]';
ALTER TABLE cases ADD COLUMN readers TEXT NOT NULL DEFAULT '[]';
ALTER TABLE cases ADD COLUMN noise INTEGER NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN noise_why TEXT NOT NULL DEFAULT '[]';
ALTER TABLE cases ADD COLUMN merged_into TEXT;
ALTER TABLE cases ADD COLUMN also_by TEXT NOT NULL DEFAULT '[]';
ALTER TABLE cases ADD COLUMN touched_at INTEGER NOT NULL DEFAULT 0;
UPDATE cases SET touched_at = coalesce(
    (SELECT max(batch.at) FROM event JOIN batch ON batch.id = event.batch
     WHERE event.case_id = cases.id AND batch.role IN ('do', 'undo', 'redo')), received_at);
-- What was reached in the past, as far as the timeline and the state tell.
UPDATE cases SET reached = json_patch(reached, json_object('prioritised', strftime('%Y-%m-%dT%H:%M:%SZ',
    coalesce((SELECT min(batch.at) FROM event JOIN batch ON batch.id = event.batch
              WHERE event.case_id = cases.id AND event.field = 'priority'), received_at), 'unixepoch')))
    WHERE priority IS NOT NULL;
UPDATE cases SET reached = json_patch(reached, json_object('exploited', strftime('%Y-%m-%dT%H:%M:%SZ',
    coalesce((SELECT max(batch.at) FROM event JOIN batch ON batch.id = event.batch
              WHERE event.case_id = cases.id AND event.field = 'exploited'), received_at), 'unixepoch')))
    WHERE exploited = 1;
UPDATE cases SET reached = json_patch(reached, json_object('reporter_heard', strftime('%Y-%m-%dT%H:%M:%SZ',
    coalesce((SELECT max(received_at) FROM message WHERE case_id = cases.id AND direction = 'out'),
             acknowledged_at), 'unixepoch')))
    WHERE acknowledged_at IS NOT NULL;
UPDATE cases SET reached = json_patch(reached, json_object(
    CASE state WHEN 'fix_ready' THEN 'fix_ready' WHEN 'released' THEN 'released'
               WHEN 'disclosed' THEN 'disclosed' ELSE 'closed' END,
    strftime('%Y-%m-%dT%H:%M:%SZ',
    coalesce((SELECT max(batch.at) FROM event JOIN batch ON batch.id = event.batch
              WHERE event.case_id = cases.id AND event.field = 'state'), received_at), 'unixepoch')))
    WHERE state IN ('fix_ready', 'released', 'disclosed', 'closed');

-- Derived by src/triage from the columns above, for queries.
ALTER TABLE cases ADD COLUMN cvss REAL;
ALTER TABLE cases ADD COLUMN ssvc TEXT;
ALTER TABLE cases ADD COLUMN flaw TEXT;
ALTER TABLE cases ADD COLUMN cwe TEXT;
ALTER TABLE cases ADD COLUMN asked TEXT NOT NULL DEFAULT '[]';
ALTER TABLE cases ADD COLUMN asked_of TEXT NOT NULL DEFAULT '[]';
ALTER TABLE cases ADD COLUMN is_waiting INTEGER NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN has_demand INTEGER NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN is_noise INTEGER NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN is_restricted INTEGER NOT NULL DEFAULT 0;
CREATE INDEX cases_restricted ON cases (is_restricted) WHERE is_restricted = 1;
ALTER TABLE cases ADD COLUMN due_kind TEXT;
-- And the place in the queue (src/triage/order.rs), the smaller first.
ALTER TABLE cases ADD COLUMN rank INTEGER NOT NULL DEFAULT 0;
CREATE INDEX cases_reporter ON cases (reporter_email COLLATE NOCASE, received_at);
DROP INDEX cases_queue;
CREATE INDEX cases_queue ON cases (listed, rank);

-- Signatures of the texts that cases opened with, to tell near-identical ones (src/triage/similar.rs).
CREATE TABLE likeness (
    case_id   INTEGER PRIMARY KEY REFERENCES cases (id),
    signature BLOB NOT NULL
) STRICT;

-- What somebody was reminded of, once for each stage of a clock.
CREATE TABLE reminder (
    actor   TEXT NOT NULL,
    case_id INTEGER NOT NULL REFERENCES cases (id),
    clock   TEXT NOT NULL,
    due_at  INTEGER NOT NULL,
    stage   TEXT NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (actor, case_id, clock, due_at, stage)
) STRICT, WITHOUT ROWID;

-- Shifts handed over, and taken.
CREATE TABLE handover (
    id          INTEGER PRIMARY KEY,
    at          INTEGER NOT NULL,
    from_actor  TEXT NOT NULL,
    to_actor    TEXT NOT NULL,
    note        TEXT NOT NULL,
    cases       TEXT NOT NULL,
    accepted_at INTEGER
) STRICT;

-- Which mails brought a certificate or were signed by it: one that only
-- restricted cases lead to is not for everybody to see.
CREATE TABLE cert_mail (
    fingerprint TEXT NOT NULL REFERENCES cert (fingerprint),
    message     INTEGER NOT NULL REFERENCES message (id),
    PRIMARY KEY (fingerprint, message)
) STRICT, WITHOUT ROWID;
INSERT INTO cert_mail (fingerprint, message)
SELECT cert.fingerprint, message.id FROM message
JOIN cert ON cert.fingerprint = json_extract(message.verdict, '$.signature.fingerprint');
-- Duplicates by the case that holds them: few of all cases.
CREATE INDEX cases_merged ON cases (json_extract(merged_into, '$.key')) WHERE merged_into IS NOT NULL;
