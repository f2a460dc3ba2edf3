-- Step 1: logs, changes, register, feeds. The bureau is the leading key of every table and of every
-- unique constraint; it never changes. Times are milliseconds UTC, ids 16-byte blobs, digests
-- 32-byte blobs. Change bytes and states are BLOBs: exactly the bytes that were hashed and sent.

CREATE TABLE store_meta (           -- identity, epoch, clock_offset_ms
    bureau BLOB NOT NULL,
    key    TEXT NOT NULL,
    value  TEXT NOT NULL,
    PRIMARY KEY (bureau, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE device (
    bureau      BLOB NOT NULL,
    device      BLOB NOT NULL,
    station     BLOB NOT NULL,
    public_key  TEXT NOT NULL,      -- PublicKey as JSON
    certificate TEXT NOT NULL,      -- SignedStatement, as it was given out
    state       TEXT NOT NULL CHECK (state IN ('active', 'revoked')),
    enrolled_at INTEGER NOT NULL,
    seen_at     INTEGER,
    PRIMARY KEY (bureau, device)
) STRICT, WITHOUT ROWID;

CREATE TABLE enrol_code (           -- one-time codes; only their digests are kept
    bureau     BLOB NOT NULL,
    code       BLOB NOT NULL,       -- SHA-256 of the code
    station    BLOB NOT NULL,
    expires_at INTEGER NOT NULL,
    device     BLOB,                -- who used it
    request    BLOB,                -- SHA-256 of the request that used it
    answer     BLOB,                -- what it got: a lost answer is given again, verbatim
    PRIMARY KEY (bureau, code)
) STRICT, WITHOUT ROWID;

CREATE TABLE token (                -- 15-minute bearer tokens; only their digests are kept
    bureau BLOB NOT NULL,
    token  BLOB NOT NULL,
    device BLOB NOT NULL,
    until  INTEGER NOT NULL,
    PRIMARY KEY (bureau, token)
) STRICT, WITHOUT ROWID;

CREATE TABLE log (                  -- rows are never deleted: a short code is given once for ever
    bureau     BLOB NOT NULL,
    log        BLOB NOT NULL,
    owner      TEXT NOT NULL CHECK (owner IN ('device', 'bureau')),
    device     BLOB,
    station    BLOB,
    public_key TEXT NOT NULL,
    short_code TEXT NOT NULL,
    head_seq   INTEGER NOT NULL DEFAULT 0,
    head_hash  BLOB NOT NULL,
    branched   INTEGER NOT NULL DEFAULT 0 CHECK (branched IN (0, 1)),
    PRIMARY KEY (bureau, log),
    UNIQUE (bureau, station, short_code)
) STRICT, WITHOUT ROWID;

CREATE TABLE change (               -- the key is the hash; (log, seq) is unique on the main line only
    bureau      BLOB NOT NULL,
    hash        BLOB NOT NULL,
    log         BLOB NOT NULL,
    seq         INTEGER NOT NULL,
    main        INTEGER NOT NULL CHECK (main IN (0, 1)),
    kind        TEXT NOT NULL,
    envelope    BLOB NOT NULL,
    body_digest BLOB NOT NULL,
    body        BLOB,               -- NULL until a body that travels as a file is here
    as_file     INTEGER NOT NULL CHECK (as_file IN (0, 1)),
    stored_at   INTEGER NOT NULL,
    PRIMARY KEY (bureau, hash)
) STRICT;
CREATE UNIQUE INDEX change_line ON change (bureau, log, seq) WHERE main = 1;
CREATE INDEX change_seq ON change (bureau, log, seq);
CREATE INDEX change_body ON change (bureau, body_digest) WHERE as_file = 1;

CREATE TABLE verdict (
    bureau  BLOB NOT NULL,
    hash    BLOB NOT NULL,
    verdict TEXT NOT NULL,
    cause   TEXT,
    first   BLOB NOT NULL,          -- VerdictRow as it was first answered, verbatim for ever
    last    BLOB NOT NULL,          -- VerdictRow as it stands
    PRIMARY KEY (bureau, hash)
) STRICT;
CREATE INDEX verdict_open ON verdict (bureau, verdict) WHERE verdict <> 'applied';

CREATE TABLE held (                 -- what a held change waits for
    bureau    BLOB NOT NULL,
    hash      BLOB NOT NULL,
    waits_for TEXT NOT NULL,        -- 'body:<digest>', 'record:<id>' or 'program'
    PRIMARY KEY (bureau, hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX held_cause ON held (bureau, waits_for);

CREATE TABLE receipt (              -- made once per head, answered verbatim for ever
    bureau    BLOB NOT NULL,
    log       BLOB NOT NULL,
    up_to_seq INTEGER NOT NULL,
    token     TEXT NOT NULL,
    PRIMARY KEY (bureau, log, up_to_seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE head_signature (       -- every one that came or was made: it carries all before it
    bureau BLOB NOT NULL,
    log    BLOB NOT NULL,
    hash   BLOB NOT NULL,
    seq    INTEGER NOT NULL,
    row    TEXT NOT NULL,           -- HeadSignature as JSON
    PRIMARY KEY (bureau, log, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE feed_head (            -- locked last in every transaction
    bureau       BLOB NOT NULL,
    feed         TEXT NOT NULL,
    epoch        INTEGER NOT NULL,
    pos          INTEGER NOT NULL,
    history_hash BLOB NOT NULL,
    PRIMARY KEY (bureau, feed)
) STRICT, WITHOUT ROWID;

CREATE TABLE feed_entry (           -- the history of a feed, for checking cursors
    bureau       BLOB NOT NULL,
    feed         TEXT NOT NULL,
    pos          INTEGER NOT NULL,
    kind         TEXT NOT NULL,
    id           BLOB NOT NULL,
    rev          INTEGER NOT NULL,
    epoch        INTEGER NOT NULL,
    digest       BLOB NOT NULL,
    history_hash BLOB NOT NULL,
    PRIMARY KEY (bureau, feed, pos)
) STRICT, WITHOUT ROWID;

CREATE TABLE state (                -- the present state of each record of a feed
    bureau BLOB NOT NULL,
    feed   TEXT NOT NULL,
    kind   TEXT NOT NULL,
    id     BLOB NOT NULL,
    rev    INTEGER NOT NULL,
    epoch  INTEGER NOT NULL,
    pos    INTEGER NOT NULL,
    gone   INTEGER NOT NULL CHECK (gone IN (0, 1)),
    digest BLOB NOT NULL,
    bytes  BLOB NOT NULL,
    PRIMARY KEY (bureau, feed, kind, id)
) STRICT;
CREATE UNIQUE INDEX state_pos ON state (bureau, feed, pos);
CREATE UNIQUE INDEX state_record ON state (bureau, kind, id) WHERE gone = 0;

-- From here on: derived columns for lists and rules. They can be rebuilt from states and changes.

CREATE TABLE person (
    bureau  BLOB NOT NULL,
    person  BLOB NOT NULL,
    station BLOB,
    role    TEXT NOT NULL,
    name    TEXT NOT NULL,
    PRIMARY KEY (bureau, person)
) STRICT, WITHOUT ROWID;

CREATE TABLE station (
    bureau  BLOB NOT NULL,
    station BLOB NOT NULL,
    name    TEXT NOT NULL,
    code    TEXT NOT NULL,
    PRIMARY KEY (bureau, station),
    UNIQUE (bureau, code)
) STRICT, WITHOUT ROWID;

CREATE TABLE operator (
    bureau   BLOB NOT NULL,
    operator BLOB NOT NULL,
    station  BLOB NOT NULL,
    grid     BLOB NOT NULL,
    market   BLOB,
    kind     TEXT NOT NULL,
    name     TEXT NOT NULL,
    status   TEXT NOT NULL,
    PRIMARY KEY (bureau, operator)
) STRICT, WITHOUT ROWID;
CREATE INDEX operator_station ON operator (bureau, station, name);

CREATE TABLE inspection (
    bureau        BLOB NOT NULL,
    inspection    BLOB NOT NULL,
    operator      BLOB NOT NULL,
    station       BLOB NOT NULL,    -- the acting one; never changes
    grid          BLOB NOT NULL,
    market        BLOB,
    record_no     TEXT NOT NULL,
    day           TEXT NOT NULL,    -- in the station's zone
    started_at    INTEGER NOT NULL,
    state         TEXT NOT NULL,
    conclusion    TEXT NOT NULL,
    version       BLOB NOT NULL,    -- hash of the change that made the present version
    signed_change BLOB NOT NULL,
    log           BLOB NOT NULL,
    received_at   INTEGER NOT NULL,
    content       BLOB NOT NULL,    -- InspectionContent as it reads after all amendments, JSON
    PRIMARY KEY (bureau, inspection)
) STRICT;
CREATE INDEX inspection_day ON inspection (bureau, station, day, started_at);
CREATE INDEX inspection_state ON inspection (bureau, station, state, started_at);
CREATE INDEX inspection_operator ON inspection (bureau, operator, started_at);

CREATE TABLE inspection_event (     -- the order in which the server met them: the fold reads it
    bureau     BLOB NOT NULL,
    inspection BLOB NOT NULL,
    n          INTEGER NOT NULL,
    change     BLOB NOT NULL,
    event      TEXT NOT NULL,       -- InspectionEvent as JSON
    at         INTEGER NOT NULL,
    PRIMARY KEY (bureau, inspection, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE inspector (            -- who stands on which record: a reviewer is never one of them
    bureau     BLOB NOT NULL,
    inspection BLOB NOT NULL,
    person     BLOB NOT NULL,
    PRIMARY KEY (bureau, inspection, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX inspector_person ON inspector (bureau, person);

CREATE TABLE finding (              -- of the present version
    bureau     BLOB NOT NULL,
    inspection BLOB NOT NULL,
    item       TEXT NOT NULL,
    finding    BLOB NOT NULL,
    measure    TEXT,
    deadline   TEXT,
    PRIMARY KEY (bureau, inspection, item)
) STRICT, WITHOUT ROWID;

CREATE TABLE photo_ref (            -- originals that signed records and amendments name
    bureau     BLOB NOT NULL,
    sha256     TEXT NOT NULL,
    inspection BLOB NOT NULL,
    photo      BLOB NOT NULL,
    log        BLOB NOT NULL,       -- the log whose change names it
    size       INTEGER NOT NULL,
    PRIMARY KEY (bureau, inspection, photo)
) STRICT, WITHOUT ROWID;
CREATE INDEX photo_ref_sha ON photo_ref (bureau, sha256);
CREATE INDEX photo_ref_log ON photo_ref (bureau, log);

CREATE TABLE review (
    bureau     BLOB NOT NULL,
    review     BLOB NOT NULL,
    inspection BLOB NOT NULL,
    change     BLOB NOT NULL,
    reviewer   BLOB NOT NULL,
    decision   TEXT NOT NULL,       -- approved, returned
    at         INTEGER NOT NULL,
    row        TEXT NOT NULL,       -- Review as JSON
    PRIMARY KEY (bureau, review)
) STRICT, WITHOUT ROWID;
CREATE INDEX review_inspection ON review (bureau, inspection);

CREATE TABLE amendment (
    bureau     BLOB NOT NULL,
    amendment  BLOB NOT NULL,
    inspection BLOB NOT NULL,
    change     BLOB NOT NULL,
    at         INTEGER NOT NULL,
    PRIMARY KEY (bureau, amendment)
) STRICT, WITHOUT ROWID;
CREATE INDEX amendment_inspection ON amendment (bureau, inspection);

CREATE TABLE conflict (
    bureau   BLOB NOT NULL,
    conflict BLOB NOT NULL,
    operator BLOB NOT NULL,
    field    TEXT NOT NULL,
    change   BLOB NOT NULL,
    at       INTEGER NOT NULL,
    resolved INTEGER NOT NULL CHECK (resolved IN (0, 1)),
    PRIMARY KEY (bureau, conflict)
) STRICT, WITHOUT ROWID;
CREATE INDEX conflict_operator ON conflict (bureau, operator);

CREATE TABLE record_no (            -- a number seen twice is flagged, never rejected
    bureau     BLOB NOT NULL,
    record_no  TEXT NOT NULL,
    inspection BLOB NOT NULL,
    change     BLOB NOT NULL,
    PRIMARY KEY (bureau, record_no, inspection)
) STRICT, WITHOUT ROWID;
