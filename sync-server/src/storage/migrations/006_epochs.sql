-- Step 6: what a restored store remembers of it, lines that were continued in two places, and changes
-- that their phone can no longer read.

CREATE TABLE epoch (                -- from the second one on: the first began with the store
    bureau    BLOB NOT NULL,
    epoch     INTEGER NOT NULL,
    opened_at INTEGER NOT NULL,
    reason    TEXT NOT NULL CHECK (reason IN ('restored', 'shown')),
    through   INTEGER NOT NULL,     -- server time up to which it held what had been receipted before
    PRIMARY KEY (bureau, epoch)
) STRICT, WITHOUT ROWID;

CREATE TABLE witness (              -- what was shown, signed by this server, and is not here: for the auditor
    bureau   BLOB NOT NULL,
    subject  TEXT NOT NULL,         -- 'log:<log>' or a feed
    epoch    INTEGER NOT NULL,      -- in which it was signed
    seq      INTEGER NOT NULL,      -- seq or position
    hash     BLOB NOT NULL,
    device   BLOB NOT NULL,         -- who showed it first
    shown_at INTEGER NOT NULL,
    shown    TEXT NOT NULL,         -- the signed statement, verbatim
    own_seq  INTEGER NOT NULL,      -- where the store stood then
    own_hash BLOB NOT NULL,
    PRIMARY KEY (bureau, subject, epoch, seq, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE log_hole (             -- declared by the device: the line goes on behind it
    bureau BLOB NOT NULL,
    log    BLOB NOT NULL,
    seq    INTEGER NOT NULL,
    hash   BLOB NOT NULL,           -- as it was when the change was made
    change BLOB NOT NULL,           -- the change that declares it
    PRIMARY KEY (bureau, log, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE branch_receipt (       -- as `receipt`, for heads beside the main line
    bureau    BLOB NOT NULL,
    log       BLOB NOT NULL,
    hash      BLOB NOT NULL,
    up_to_seq INTEGER NOT NULL,
    token     TEXT NOT NULL,
    PRIMARY KEY (bureau, log, hash)
) STRICT, WITHOUT ROWID;
