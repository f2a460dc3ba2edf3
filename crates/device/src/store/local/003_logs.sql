-- Logs that could not go on, changes that can no longer be read, and receipts that a restored server no
-- longer honours.

CREATE TABLE lost_change (          -- its bytes no longer match the hash; said to the server by `declared`
    log      BLOB NOT NULL REFERENCES log (log),
    seq      INTEGER NOT NULL,
    hash     BLOB NOT NULL,         -- as it was when the change was made
    declared BLOB NOT NULL REFERENCES change (hash),
    PRIMARY KEY (log, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE lapsed_receipt (       -- verbatim: what the server promised and has lost
    subject   TEXT NOT NULL,
    token     TEXT NOT NULL,
    at        INTEGER NOT NULL,
    lapsed_at INTEGER NOT NULL,     -- server time
    PRIMARY KEY (subject, token)
) STRICT, WITHOUT ROWID;

ALTER TABLE log ADD COLUMN opened_because TEXT NOT NULL DEFAULT '';  -- '' for the log of the enrolment
