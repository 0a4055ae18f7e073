-- The ledger: what was asked of services that draw. A row is written before the first byte leaves.
CREATE TABLE requests (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    host        TEXT    NOT NULL,
    route       TEXT    NOT NULL,         -- a name of the service's own
    text_model  TEXT,
    image_model TEXT    NOT NULL,
    prompt      TEXT    NOT NULL,         -- what the person wrote
    size        TEXT    NOT NULL,
    quality     TEXT    NOT NULL,
    low_usd     REAL,                     -- the estimate
    high_usd    REAL,
    sent_at     INTEGER NOT NULL,         -- ms since 1970
    ended_at    INTEGER,                  -- null: under way, or the program ended before it
    state       TEXT    NOT NULL,         -- of types/ledger.rs
    problem     TEXT,                     -- JSON of types/reason.rs: why there is no picture
    response_id TEXT,
    usage       TEXT,                     -- JSON
    cost_usd    REAL
) STRICT;

-- Pictures that came.
CREATE TABLE drawings (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    request INTEGER NOT NULL REFERENCES requests,
    file    TEXT    NOT NULL,             -- name in the folder `comics`, bytes as the service sent them
    partial INTEGER NOT NULL,
    made_at INTEGER NOT NULL              -- ms since 1970
) STRICT;

INSERT INTO requests (id, host, route, text_model, image_model, prompt, size, quality, sent_at, ended_at, state,
                      response_id, usage, cost_usd)
    SELECT id, host, route, text_model, image_model, prompt, size, quality, created_at, created_at,
           iif(partial, 'may_be_billed', 'drawn'), response_id, usage, cost_usd FROM comic_versions;
INSERT INTO drawings (id, request, file, partial, made_at) SELECT id, id, file, partial, created_at FROM comic_versions;

ALTER TABLE comic_versions ADD COLUMN drawing INTEGER REFERENCES drawings;
UPDATE comic_versions SET drawing = id;
ALTER TABLE comic_versions DROP COLUMN prompt;
ALTER TABLE comic_versions DROP COLUMN route;
ALTER TABLE comic_versions DROP COLUMN text_model;
ALTER TABLE comic_versions DROP COLUMN image_model;
ALTER TABLE comic_versions DROP COLUMN host;
ALTER TABLE comic_versions DROP COLUMN size;
ALTER TABLE comic_versions DROP COLUMN quality;
ALTER TABLE comic_versions DROP COLUMN partial;
ALTER TABLE comic_versions DROP COLUMN response_id;
ALTER TABLE comic_versions DROP COLUMN usage;
ALTER TABLE comic_versions DROP COLUMN cost_usd;
ALTER TABLE comic_versions DROP COLUMN file;
