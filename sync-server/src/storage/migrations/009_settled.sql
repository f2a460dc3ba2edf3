-- Step 9: what a person did about changes that were held back.

CREATE TABLE settled (
    bureau   BLOB NOT NULL,
    hash     BLOB NOT NULL,         -- the change that was held back
    change   BLOB NOT NULL,         -- the one that says so
    decision TEXT NOT NULL,         -- accepted, closed
    at       INTEGER NOT NULL,
    PRIMARY KEY (bureau, hash, change)
) STRICT, WITHOUT ROWID;
