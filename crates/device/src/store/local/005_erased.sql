-- Files that the server has erased by a rule: it does not take them again, and nobody has to send them.

ALTER TABLE file ADD COLUMN erased INTEGER NOT NULL DEFAULT 0 CHECK (erased IN (0, 1));
