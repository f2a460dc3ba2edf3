-- What was read or noted at an item before it was answered: a temperature is taken first and judged then.
-- The answer takes it over; taking the answer back leaves it here.
CREATE TABLE early (
    draft    BLOB NOT NULL REFERENCES draft (id),
    item     TEXT NOT NULL,
    note     TEXT NOT NULL DEFAULT '',
    readings TEXT NOT NULL DEFAULT '[]',
    PRIMARY KEY (draft, item)
) STRICT, WITHOUT ROWID;
