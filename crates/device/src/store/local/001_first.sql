-- local.db, step 1: what exists nowhere else. Times are milliseconds UTC; ids are 16-byte blobs
-- unless they are text codes; readings of the clock are canonical JSON.

CREATE TABLE device (               -- one row after enrolment
    one          INTEGER PRIMARY KEY CHECK (one = 1),
    device       BLOB NOT NULL,
    device_seed  BLOB NOT NULL,     -- Ed25519 seed of the device key; the file itself is encrypted
    server_url   TEXT NOT NULL DEFAULT '',
    enrolled     TEXT NOT NULL DEFAULT ''   -- EnrolAnswer as JSON; '' before enrolment
) STRICT;

CREATE TABLE setting (              -- last page, today's inspectors, switches
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE log (
    log        BLOB PRIMARY KEY,
    seed       BLOB NOT NULL,       -- Ed25519 seed of the log's key
    short_code TEXT NOT NULL DEFAULT '',
    open       INTEGER NOT NULL DEFAULT 1 CHECK (open IN (0, 1)),
    branched   INTEGER NOT NULL DEFAULT 0 CHECK (branched IN (0, 1)),  -- pushing stopped, all kept
    head_seq   INTEGER NOT NULL DEFAULT 0,
    head_hash  BLOB NOT NULL        -- 32 zero bytes before the first change
) STRICT;

CREATE TABLE change (               -- append-only; never updated, never deleted in this version
    hash     BLOB PRIMARY KEY,
    log      BLOB NOT NULL REFERENCES log (log),
    seq      INTEGER NOT NULL,
    kind     TEXT NOT NULL,
    envelope BLOB NOT NULL,         -- exact bytes
    body     BLOB NOT NULL,         -- exact bytes
    as_file  INTEGER NOT NULL DEFAULT 0 CHECK (as_file IN (0, 1)),  -- the body travels as a file
    UNIQUE (log, seq)
) STRICT;

CREATE TABLE change_record (        -- which records a change concerns, for the overlay
    hash   BLOB NOT NULL REFERENCES change (hash),
    record BLOB NOT NULL,
    PRIMARY KEY (record, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE signed_head (          -- the log's key signs the head at each record that is final on site
    hash BLOB PRIMARY KEY REFERENCES change (hash),
    row  TEXT NOT NULL              -- HeadSignature as JSON
) STRICT;

CREATE TABLE verdict (              -- what the server made of a change; the last word wins
    hash      BLOB PRIMARY KEY REFERENCES change (hash),
    row       TEXT NOT NULL,        -- VerdictRow as JSON
    confirmed INTEGER NOT NULL DEFAULT 0 CHECK (confirmed IN (0, 1))  -- the mirror has passed its effects
) STRICT;

CREATE TABLE receipt (              -- facts, verbatim
    subject TEXT PRIMARY KEY,       -- 'log:<log>:<seq>' or 'file:<sha256>'
    token   TEXT NOT NULL,
    at      INTEGER NOT NULL        -- server time inside the receipt
) STRICT;

CREATE TABLE draft (                -- one inspection in work; kept after signing as the form of the record
    id           BLOB PRIMARY KEY,
    author       BLOB NOT NULL,
    operator     BLOB NOT NULL,
    operator_row TEXT NOT NULL,     -- Operator as JSON, as it was when the visit began
    checklist_id TEXT NOT NULL,
    checklist_version INTEGER NOT NULL,
    checklist_digest  TEXT NOT NULL,
    record_no    TEXT NOT NULL UNIQUE,
    market       BLOB,
    started_at   TEXT NOT NULL,     -- ClockReading
    ended_at     TEXT,              -- ClockReading of the first signature; NULL again when a change voids it
    notice_given INTEGER NOT NULL DEFAULT 0 CHECK (notice_given IN (0, 1)),
    not_inspected TEXT,             -- reason of 未能检查
    conclusion   TEXT,              -- chosen by the inspector where it differs from the suggestion
    conclusion_reason TEXT NOT NULL DEFAULT '',
    party_opinion TEXT NOT NULL DEFAULT '',
    inspectors   TEXT NOT NULL,     -- [InspectorOnRecord]
    position     TEXT,              -- GeoFix; NULL says there was no fix
    signed_change BLOB REFERENCES change (hash)   -- NULL while it is a draft
) STRICT;

CREATE TABLE answer (
    draft       BLOB NOT NULL REFERENCES draft (id),
    item        TEXT NOT NULL,
    answer      TEXT NOT NULL,
    note        TEXT NOT NULL DEFAULT '',
    readings    TEXT NOT NULL DEFAULT '[]',
    shown_ms    INTEGER NOT NULL,
    answered_by TEXT NOT NULL,
    at          TEXT NOT NULL,
    PRIMARY KEY (draft, item)
) STRICT, WITHOUT ROWID;

CREATE TABLE finding (              -- kept when the answer changes back, for undo
    draft    BLOB NOT NULL REFERENCES draft (id),
    item     TEXT NOT NULL,
    id       BLOB NOT NULL,
    problem  TEXT NOT NULL DEFAULT '',
    measure  TEXT,
    deadline TEXT,
    no_photo_reason TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (draft, item)
) STRICT, WITHOUT ROWID;

CREATE TABLE licence_check (
    draft BLOB NOT NULL REFERENCES draft (id),
    kind  TEXT NOT NULL,
    row   TEXT NOT NULL,            -- LicenceCheck as JSON
    PRIMARY KEY (draft, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE signature (            -- voided by any later change of the content: deleted in the same transaction
    draft  BLOB NOT NULL,           -- draft.id or amendment_draft.id
    signer TEXT NOT NULL,           -- person id, or 'party'
    row    TEXT NOT NULL,           -- Signature, or Party
    PRIMARY KEY (draft, signer)
) STRICT, WITHOUT ROWID;

CREATE TABLE amendment_draft (
    id         BLOB PRIMARY KEY,
    inspection BLOB NOT NULL,
    parent     TEXT NOT NULL,
    review     BLOB,
    reason     TEXT NOT NULL DEFAULT '',
    items      TEXT NOT NULL DEFAULT '[]',      -- [ItemChange]
    inspectors TEXT NOT NULL DEFAULT '[]',
    started_at TEXT NOT NULL,                   -- ClockReading
    ended_at   TEXT,                            -- as in draft
    signed_change BLOB REFERENCES change (hash)
) STRICT;
CREATE INDEX amendment_inspection ON amendment_draft (inspection);

CREATE TABLE photo (
    id        BLOB PRIMARY KEY,
    draft     BLOB NOT NULL,        -- inspection or amendment it belongs to; never reassigned by a guess
    purpose   TEXT NOT NULL,        -- PhotoPurpose
    origin    TEXT NOT NULL,
    state     TEXT NOT NULL CHECK (state IN ('expected', 'sealed', 'failed', 'cancelled')),
    expected_at TEXT NOT NULL,      -- ClockReading when the camera was opened
    taken_at  TEXT,                 -- ClockReading of the take-over
    sha256    TEXT,                 -- of the original
    size      INTEGER,
    damaged   INTEGER NOT NULL DEFAULT 0 CHECK (damaged IN (0, 1)),
    derived   TEXT NOT NULL DEFAULT 'no' CHECK (derived IN ('no', 'yes', 'too_large', 'damaged')),
    problem   TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX photo_draft ON photo (draft);
CREATE INDEX photo_sha ON photo (sha256);

CREATE TABLE file (                 -- a sealed file on this phone, named by the SHA-256 of its clear bytes
    sha256   TEXT PRIMARY KEY,
    kind     TEXT NOT NULL CHECK (kind IN ('thumbnail', 'copy', 'original', 'body')),
    size     INTEGER NOT NULL,
    original TEXT,                  -- thumbnails and copies: the original they were made from
    queued   INTEGER NOT NULL DEFAULT 0 CHECK (queued IN (0, 1)),  -- set in the transaction that signs
    upload   TEXT NOT NULL DEFAULT '',          -- the server's upload id once created
    offset_seen INTEGER NOT NULL DEFAULT 0,     -- last offset the server told
    problem  TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX file_original ON file (original);

CREATE TABLE number (               -- last nn per day for record numbers
    day TEXT PRIMARY KEY,
    nn  INTEGER NOT NULL
) STRICT;
