-- Step 5: uploads that can be fenced off, given up and found again.

-- Counts the requests that took the upload; only the last one may append.
ALTER TABLE upload ADD COLUMN fence INTEGER NOT NULL DEFAULT 0;
-- Time of the last byte, to the minute; an unfinished upload lives 30 days from here.
ALTER TABLE upload ADD COLUMN last_byte_at INTEGER NOT NULL DEFAULT 0;
-- Its bytes were given up while a record waited for them: the row stays and says so.
ALTER TABLE upload ADD COLUMN lapsed_at INTEGER;

-- Nothing is given up by the upgrade itself.
UPDATE upload SET last_byte_at = max(created_at, unixepoch() * 1000);

CREATE INDEX upload_last_byte ON upload (bureau, last_byte_at);
