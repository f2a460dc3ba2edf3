-- Step 2: files. Bytes lie in the folder (or store) of blobs; here is who delivers what, and what
-- was receipted. A file is in the folder before its row, and its row before its receipt.

CREATE TABLE upload (               -- one per log and file while it is under way, and after
    bureau     BLOB NOT NULL,
    upload     BLOB NOT NULL,
    log        BLOB NOT NULL,       -- the delivering log
    sha256     BLOB NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('thumbnail', 'copy', 'original', 'body')),
    original   BLOB NOT NULL,       -- what it was made from; empty for originals and bodies
    size       INTEGER NOT NULL,
    created_at INTEGER NOT NULL,    -- the last byte's time is the staging's own
    PRIMARY KEY (bureau, upload),
    UNIQUE (bureau, log, sha256, kind, original)
) STRICT, WITHOUT ROWID;

CREATE TABLE file (                 -- whole files and what they are, by the log that delivered them
    bureau      BLOB NOT NULL,
    log         BLOB NOT NULL,
    sha256      BLOB NOT NULL,
    kind        TEXT NOT NULL CHECK (kind IN ('thumbnail', 'copy', 'original', 'body')),
    original    BLOB NOT NULL,
    size        INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    PRIMARY KEY (bureau, log, sha256, kind, original)
) STRICT, WITHOUT ROWID;
CREATE INDEX file_sha ON file (bureau, sha256);
CREATE INDEX file_original ON file (bureau, original, kind);

CREATE TABLE file_receipt (         -- made once per log and file, answered verbatim for ever
    bureau BLOB NOT NULL,
    log    BLOB NOT NULL,
    sha256 BLOB NOT NULL,
    token  TEXT NOT NULL,
    PRIMARY KEY (bureau, log, sha256)
) STRICT, WITHOUT ROWID;
