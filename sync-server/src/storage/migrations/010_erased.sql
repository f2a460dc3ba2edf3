-- Step 10: what was erased by a rule. Envelopes, digests, verdicts and receipts stay where they are; here is
-- which bodies and files went, and by which change of the bureau's.

CREATE TABLE erased (
    bureau BLOB NOT NULL,
    what   TEXT NOT NULL CHECK (what IN ('change', 'file')),
    digest BLOB NOT NULL,           -- hash of the change, or SHA-256 of the file
    change BLOB NOT NULL,           -- the change that says so
    record BLOB NOT NULL,           -- the record it belonged to
    PRIMARY KEY (bureau, what, digest)
) STRICT, WITHOUT ROWID;
CREATE INDEX erased_record ON erased (bureau, record);
