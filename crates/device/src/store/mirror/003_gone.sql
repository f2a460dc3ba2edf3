-- Left the scope of this device while its own changes or drafts name it: it stays until they do no more.

ALTER TABLE record ADD COLUMN gone INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1));
