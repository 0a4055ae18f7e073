-- Folders that the person added; their subfolders belong to them.
CREATE TABLE folders (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    path     TEXT    NOT NULL UNIQUE,
    offline  INTEGER NOT NULL DEFAULT 0,
    message  TEXT,
    added_at INTEGER NOT NULL
) STRICT;

-- A photo keeps its id through renames, moves and edits in place. Sizes are as seen upright.
CREATE TABLE photos (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    content     BLOB UNIQUE,              -- BLAKE3; null until the file was read whole
    file        INTEGER REFERENCES files, -- the file that is shown; null: no file is left
    format      TEXT    NOT NULL,
    width       INTEGER NOT NULL,
    height      INTEGER NOT NULL,
    taken_at    INTEGER NOT NULL,         -- wall clock in ms, as if UTC
    date_source INTEGER NOT NULL,         -- 0 EXIF, 1 file time
    camera      TEXT,
    latitude    REAL,
    longitude   REAL,
    color       TEXT,
    thumbnail   INTEGER NOT NULL DEFAULT 0,
    revision    INTEGER NOT NULL
) STRICT;
CREATE INDEX photos_by_revision ON photos (revision);
CREATE INDEX photos_by_file ON photos (file);

-- Files are remembered after they are gone, so that one that returns is not read again.
CREATE TABLE files (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    folder     INTEGER NOT NULL REFERENCES folders ON DELETE CASCADE,
    photo      INTEGER REFERENCES photos ON DELETE SET NULL,
    path       TEXT    NOT NULL UNIQUE,
    size       INTEGER NOT NULL,
    modified   INTEGER NOT NULL,          -- ns since 1970
    content    BLOB,                      -- null: to be read
    problem    TEXT,
    gone_since INTEGER                    -- ms since 1970
) STRICT;
CREATE INDEX files_by_folder ON files (folder);
CREATE INDEX files_by_photo ON files (photo);
CREATE INDEX files_by_size ON files (size);
CREATE INDEX files_unread ON files (photo) WHERE content IS NULL AND gone_since IS NULL;

-- Unit vectors as little-endian f16, one per photo and model.
CREATE TABLE embeddings (
    photo  INTEGER NOT NULL REFERENCES photos ON DELETE CASCADE,
    model  TEXT    NOT NULL,
    vector BLOB    NOT NULL,
    PRIMARY KEY (photo, model)
) STRICT;

CREATE TABLE comics (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    title      TEXT    NOT NULL,
    layout     TEXT    NOT NULL,
    created_at INTEGER NOT NULL,          -- ms since 1970
    deleted_at INTEGER
) STRICT;

CREATE TABLE comic_photos (
    comic    INTEGER NOT NULL REFERENCES comics ON DELETE CASCADE,
    position INTEGER NOT NULL,
    photo    INTEGER,                     -- null: a file from outside; may leave the library, the comic remembers
    path     TEXT    NOT NULL,
    PRIMARY KEY (comic, position)
) STRICT;

CREATE TABLE comic_versions (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    comic       INTEGER NOT NULL REFERENCES comics ON DELETE CASCADE,
    parent      INTEGER REFERENCES comic_versions ON DELETE SET NULL,
    prompt      TEXT    NOT NULL,
    route       TEXT    NOT NULL,
    text_model  TEXT,
    image_model TEXT    NOT NULL,
    host        TEXT    NOT NULL,
    size        TEXT    NOT NULL,
    quality     TEXT    NOT NULL,
    partial     INTEGER NOT NULL,
    response_id TEXT,
    usage       TEXT,                     -- JSON
    cost_usd    REAL,
    file        TEXT    NOT NULL,         -- name in the folder `comics`, bytes as the service sent them
    created_at  INTEGER NOT NULL          -- ms since 1970
) STRICT;
