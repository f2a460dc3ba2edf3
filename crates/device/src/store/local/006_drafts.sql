-- What the server holds of drafts that are in work: their safety copies.

CREATE TABLE draft_copy (
    draft     BLOB PRIMARY KEY REFERENCES draft (id),
    version   INTEGER NOT NULL,     -- the last one that was given to a copy; never given twice
    digest    BLOB,                 -- of the copy that was acknowledged, or of one that is too large to go
    epoch     INTEGER NOT NULL DEFAULT 0,   -- of the server that acknowledged: one that was put back may lack it
    stored_at INTEGER,              -- server time of the acknowledged copy
    too_large INTEGER NOT NULL DEFAULT 0 CHECK (too_large IN (0, 1))
) STRICT, WITHOUT ROWID;
