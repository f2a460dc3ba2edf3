-- Keys of phones' files, sealed to the bundle key: nobody reads them without keys.json. Kept for ever, like the
-- records that may lie on a phone nobody can open. And who had one opened.

CREATE TABLE key_escrow (
    bureau    BLOB NOT NULL,
    device    BLOB NOT NULL,
    digest    BLOB NOT NULL,        -- of the sealed key
    sealed    TEXT NOT NULL,        -- Escrow as JSON
    stored_at INTEGER NOT NULL,
    PRIMARY KEY (bureau, device, digest)
) STRICT;

CREATE TABLE key_release (
    bureau    BLOB NOT NULL,
    device    BLOB NOT NULL,
    at        INTEGER NOT NULL,
    by_person BLOB NOT NULL,
    reason    TEXT NOT NULL,
    PRIMARY KEY (bureau, device, at)
) STRICT;
