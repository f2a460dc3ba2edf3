-- mirror.db, step 1: what the server last said. May be rebuilt from position 0 at any time.

CREATE TABLE cursor (
    one  INTEGER PRIMARY KEY CHECK (one = 1),
    text TEXT NOT NULL
) STRICT;

CREATE TABLE feed_pos (             -- how far each feed was read, for confirming own changes
    feed TEXT PRIMARY KEY,
    pos  INTEGER NOT NULL
) STRICT;

CREATE TABLE record (
    kind  TEXT NOT NULL,
    id    BLOB NOT NULL,
    feed  TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    rev   INTEGER NOT NULL,
    state BLOB NOT NULL,            -- exact bytes of the state
    PRIMARY KEY (kind, id)
) STRICT;
CREATE INDEX record_feed ON record (feed);

CREATE TABLE operator_key (         -- derived from states, rebuilt by re-reading them
    id       BLOB PRIMARY KEY,
    kind     TEXT NOT NULL,
    market   BLOB,
    name     TEXT NOT NULL,
    keys     TEXT NOT NULL          -- search keys of the name: pinyin, initials, licence numbers, phone
) STRICT;

CREATE TABLE inspection_key (       -- derived: last visits per operator, day lists
    id       BLOB PRIMARY KEY,
    operator BLOB NOT NULL,
    day      TEXT NOT NULL,
    state    TEXT NOT NULL,
    started_at INTEGER NOT NULL
) STRICT;
CREATE INDEX inspection_operator ON inspection_key (operator, started_at);
CREATE INDEX inspection_day ON inspection_key (day);
