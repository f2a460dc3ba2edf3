-- Step 7: which backups were made, how far each reaches, and which files have to come once more.

CREATE TABLE backup (               -- a row is written before the copy is taken, and ended after it was verified
    bureau      BLOB NOT NULL,
    backup      BLOB NOT NULL,
    begun_at    INTEGER NOT NULL,
    through     INTEGER NOT NULL,   -- every receipt of this server time or earlier rests on what the copy holds
    finished_at INTEGER,            -- NULL while it is made, and for ever when it was interrupted
    whole       INTEGER NOT NULL DEFAULT 0 CHECK (whole IN (0, 1)),  -- every byte of it was read and verified
    away        INTEGER NOT NULL DEFAULT 0 CHECK (away IN (0, 1)),   -- not on the disk of the county itself
    files       INTEGER NOT NULL DEFAULT 0,
    bytes       INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (bureau, backup)
) STRICT, WITHOUT ROWID;

CREATE TABLE missed_file (          -- receipted, and not in the folder any more, or not with its bytes
    bureau   BLOB NOT NULL,
    sha256   BLOB NOT NULL,
    noted_at INTEGER NOT NULL,
    PRIMARY KEY (bureau, sha256)
) STRICT, WITHOUT ROWID;
