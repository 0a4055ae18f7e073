-- The last edits of the person, newest last. An edit that was undone stays until there is a new one.
CREATE TABLE edits (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    at     INTEGER NOT NULL,              -- ms since 1970
    code   TEXT    NOT NULL,              -- of types/edit.rs
    params TEXT    NOT NULL,              -- JSON, what the text of the code needs
    step   TEXT    NOT NULL,              -- JSON, what is done and undone
    folder INTEGER,                       -- the folder that it needs
    undone INTEGER                        -- null: done; otherwise rises with each undo
) STRICT;

-- The photos whose mark an edit changed.
CREATE TABLE edit_photos (
    edit  INTEGER NOT NULL REFERENCES edits ON DELETE CASCADE,
    photo INTEGER NOT NULL,
    PRIMARY KEY (edit, photo)
) STRICT;
CREATE INDEX edit_photos_by_photo ON edit_photos (photo);

-- The missing files that an edit answered, and how they were missing before.
CREATE TABLE edit_files (
    edit    INTEGER NOT NULL REFERENCES edits ON DELETE CASCADE,
    file    INTEGER NOT NULL REFERENCES files ON DELETE CASCADE,
    missing INTEGER NOT NULL,
    PRIMARY KEY (edit, file)
) STRICT;
CREATE INDEX edit_files_by_file ON edit_files (file);

CREATE INDEX comic_photos_by_photo ON comic_photos (photo);

-- A folder that was removed keeps its row while its removal can be undone. Its files have gone_since = -1.
ALTER TABLE folders ADD COLUMN removed_at INTEGER;
