-- Which program made the search keys. Another one makes them anew from the states, which stay as they came: it may
-- read what that one could not.

CREATE TABLE derived (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    by  TEXT NOT NULL
) STRICT;
