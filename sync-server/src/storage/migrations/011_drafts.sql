-- Copies of drafts: the newest version of each (draft, log). Whoever holds the draft has the original; a
-- row goes 30 days after the last copy came, unless a takeover names it.

CREATE TABLE draft_copy (
    bureau     BLOB NOT NULL,
    inspection BLOB NOT NULL,
    log        BLOB NOT NULL,       -- the log that was open on the phone that holds the draft
    station    BLOB NOT NULL,       -- of that phone when the copy came
    version    INTEGER NOT NULL,    -- counts up on that phone
    digest     BLOB NOT NULL,       -- of the body
    head       BLOB NOT NULL,       -- CopyHead, exact bytes
    body       BLOB NOT NULL,       -- CopyBody, exact bytes
    stored_at  INTEGER NOT NULL,
    PRIMARY KEY (bureau, inspection, log)
) STRICT;
CREATE INDEX draft_copy_station ON draft_copy (bureau, station, stored_at);
CREATE INDEX draft_copy_log ON draft_copy (bureau, log);
CREATE INDEX draft_copy_age ON draft_copy (bureau, stored_at);

-- What became of a draft: the visit is the first record that such a change names.
CREATE INDEX change_of_draft ON change
    (bureau, CASE WHEN json_valid(CAST(envelope AS TEXT)) THEN CAST(envelope AS TEXT) ->> '$.records[0]' END)
    WHERE kind IN ('draft.taken_over', 'inspection.signed');
