-- What a folder takes, and what is wrong with it while it can be reached.
ALTER TABLE folders ADD COLUMN subfolders INTEGER NOT NULL DEFAULT 1;
ALTER TABLE folders ADD COLUMN exclude TEXT NOT NULL DEFAULT ''; -- patterns in the form of .gitignore, one a line
ALTER TABLE folders ADD COLUMN kinds TEXT;                       -- names of kinds by commas; null: all
ALTER TABLE folders ADD COLUMN notice TEXT;

-- Vanished together with many others: 1 the person is asked about it, 2 the person keeps it. Its photo stays in the grid.
-- A file that was left out or forgotten on purpose has gone_since = 0.
ALTER TABLE files ADD COLUMN missing INTEGER NOT NULL DEFAULT 0;
CREATE INDEX files_missing ON files (folder) WHERE missing > 0;
CREATE INDEX files_gone ON files (gone_since) WHERE gone_since IS NOT NULL;

-- One row: what the person wants of the indexer, over restarts.
CREATE TABLE indexing (
    id     INTEGER PRIMARY KEY CHECK (id = 1),
    paused INTEGER NOT NULL
) STRICT;
INSERT INTO indexing (id, paused) VALUES (1, 0);
