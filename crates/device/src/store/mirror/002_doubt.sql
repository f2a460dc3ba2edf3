-- Read in a history that the server no longer has: replaced by whatever it says now, and kept where it says
-- nothing, because it may be the last copy.
ALTER TABLE record ADD COLUMN doubt INTEGER NOT NULL DEFAULT 0 CHECK (doubt IN (0, 1));
