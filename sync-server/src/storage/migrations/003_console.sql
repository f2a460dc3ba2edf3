-- Step 3: who signs in to the console, and the day reports that were made. Passwords are stored as
-- argon2id strings, session tokens as digests: a copied database signs nobody in.

CREATE TABLE account (
    bureau       BLOB NOT NULL,
    account      TEXT NOT NULL,     -- what is typed at sign-in
    person       BLOB NOT NULL,     -- name, role and station are the person's
    password     TEXT NOT NULL,     -- PHC string
    failures     INTEGER NOT NULL DEFAULT 0,
    locked_until INTEGER NOT NULL DEFAULT 0,
    created_at   INTEGER NOT NULL,
    PRIMARY KEY (bureau, account),
    UNIQUE (bureau, person)
) STRICT, WITHOUT ROWID;

CREATE TABLE session (
    bureau     BLOB NOT NULL,
    token      BLOB NOT NULL,       -- SHA-256 of the cookie's value
    account    TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (bureau, token)
) STRICT, WITHOUT ROWID;
CREATE INDEX session_account ON session (bureau, account);

CREATE TABLE report (               -- a version is never changed; the next one stands beside it
    bureau     BLOB NOT NULL,
    report     BLOB NOT NULL,
    station    BLOB NOT NULL,
    day        TEXT NOT NULL,       -- in the station's zone
    version    INTEGER NOT NULL CHECK (version > 0),
    serial     INTEGER NOT NULL,    -- running number of the station's days of the year
    created_at INTEGER NOT NULL,
    created_by BLOB NOT NULL,
    pages      INTEGER NOT NULL,
    late       INTEGER NOT NULL,    -- records that the version before did not hold
    pdf        BLOB NOT NULL,       -- SHA-256 of the stored file
    data_hash  BLOB NOT NULL,       -- SHA-256 of data; printed and in the QR
    data       BLOB NOT NULL,       -- canonical JSON of what is printed
    pictures   TEXT NOT NULL,       -- printed original -> stored file that stands for it, JSON
    PRIMARY KEY (bureau, report),
    UNIQUE (bureau, station, day, version)
) STRICT;
CREATE INDEX report_serial ON report (bureau, station, serial);

CREATE TABLE report_record (        -- which records, in which version, a report holds
    bureau     BLOB NOT NULL,
    report     BLOB NOT NULL,
    inspection BLOB NOT NULL,
    version    BLOB NOT NULL,
    PRIMARY KEY (bureau, report, inspection)
) STRICT, WITHOUT ROWID;
CREATE INDEX report_record_inspection ON report_record (bureau, inspection);
