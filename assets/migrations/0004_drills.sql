-- Fire drills that a team chose to keep: who played what and how it went, so that
-- trends can be told. They stand apart from the work: nothing here points at a
-- case, and no figure over cases reads it.

CREATE TABLE drill (
    id     INTEGER PRIMARY KEY,
    -- When it was kept. The clock of the drill itself is in began and ended.
    at     INTEGER NOT NULL,
    name   TEXT NOT NULL,
    title  TEXT NOT NULL,
    -- In digits: an INTEGER has no room for all 64 bits without a sign.
    seed   TEXT NOT NULL,
    mode   TEXT NOT NULL,
    score  INTEGER NOT NULL,
    "of"   INTEGER NOT NULL,
    hints  INTEGER NOT NULL,
    -- JSON: names, and the marks of the score.
    people TEXT NOT NULL,
    items  TEXT NOT NULL,
    began  INTEGER NOT NULL,
    ended  INTEGER NOT NULL
) STRICT;
CREATE INDEX drill_latest ON drill (at);
