-- What has left this phone, because server and backup hold it: of a change its place in the log, of a file
-- that it was here. Nothing is written here that is not removed in the same transaction.

CREATE TABLE cut_change (
    log  BLOB NOT NULL REFERENCES log (log),
    seq  INTEGER NOT NULL,
    hash BLOB NOT NULL,
    at   INTEGER NOT NULL,          -- server time of the newest receipt then
    PRIMARY KEY (log, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE left_file (            -- its sealed bytes go after this is committed; a sweep finishes that
    sha256 TEXT PRIMARY KEY,
    kind   TEXT NOT NULL,
    size   INTEGER NOT NULL,
    at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
