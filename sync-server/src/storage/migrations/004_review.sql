-- Step 4: how long visits took, for comparing them; who opened which version of a record before he
-- decided; and what was approved together, with the draw it rests on.

ALTER TABLE inspection ADD COLUMN kind TEXT NOT NULL DEFAULT '';        -- of the operator, as signed
ALTER TABLE inspection ADD COLUMN seconds INTEGER NOT NULL DEFAULT 0;   -- of the visit
-- Derived like the other columns: these are the rows that stand already. By the wall clock, or by the
-- time since boot where the wall clock was set back.
UPDATE inspection SET
    kind = coalesce(CAST(content AS TEXT) ->> '$.operator.kind', ''),
    seconds = max(0,
        coalesce((CAST(content AS TEXT) ->> '$.ended_at.wall') - (CAST(content AS TEXT) ->> '$.started_at.wall'), 0),
        CASE WHEN (CAST(content AS TEXT) ->> '$.ended_at.boot') = (CAST(content AS TEXT) ->> '$.started_at.boot')
             THEN (CAST(content AS TEXT) ->> '$.ended_at.boottime') - (CAST(content AS TEXT) ->> '$.started_at.boottime')
             ELSE 0 END) / 1000;
CREATE INDEX inspection_started ON inspection (bureau, started_at);

CREATE TABLE opening (              -- the first time a person opened a version
    bureau     BLOB NOT NULL,
    inspection BLOB NOT NULL,
    version    BLOB NOT NULL,
    person     BLOB NOT NULL,
    at         INTEGER NOT NULL,
    PRIMARY KEY (bureau, inspection, version, person)
) STRICT, WITHOUT ROWID;

CREATE TABLE batch (                -- 批量通过: drawn from day and list, so that it can be drawn again and compared
    bureau    BLOB NOT NULL,
    batch     BLOB NOT NULL,        -- digest of day, station and list
    station   BLOB NOT NULL,
    day       TEXT NOT NULL,        -- of the draw, in the station's zone
    records   TEXT NOT NULL,        -- ids and versions in the order of the list, JSON
    sample    TEXT NOT NULL,        -- ids that were drawn, JSON
    reviewer  BLOB NOT NULL,
    at        INTEGER NOT NULL,
    PRIMARY KEY (bureau, batch)
) STRICT, WITHOUT ROWID;
