-- Photos in an order that the person chose, or a search that is asked each time.
CREATE TABLE albums (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT    NOT NULL,
    key        TEXT    NOT NULL,          -- the name in lower case
    created_at INTEGER NOT NULL,          -- ms since 1970
    removed_at INTEGER,                   -- it keeps its row while its removal can be undone
    query      TEXT                       -- JSON of types/query.rs without the photos; null: a plain album
) STRICT;
CREATE UNIQUE INDEX albums_by_key ON albums (key) WHERE removed_at IS NULL;

-- What is in the plain ones. A photo keeps its place while its files are away.
CREATE TABLE album_photos (
    album    INTEGER NOT NULL REFERENCES albums ON DELETE CASCADE,
    photo    INTEGER NOT NULL REFERENCES photos ON DELETE CASCADE,
    position INTEGER NOT NULL,
    PRIMARY KEY (album, photo)
) STRICT;
CREATE INDEX album_photos_by_photo ON album_photos (photo);

-- The photos that those of a smart album are like, or unlike.
CREATE TABLE album_examples (
    album  INTEGER NOT NULL REFERENCES albums ON DELETE CASCADE,
    photo  INTEGER NOT NULL,
    weight REAL,                          -- null: this one alone is what they are like
    PRIMARY KEY (album, photo)
) STRICT;
CREATE INDEX album_examples_by_photo ON album_examples (photo);

-- The places in albums that an edit changed; null: not in the album.
CREATE TABLE edit_album_photos (
    edit   INTEGER NOT NULL REFERENCES edits ON DELETE CASCADE,
    album  INTEGER NOT NULL REFERENCES albums ON DELETE CASCADE,
    photo  INTEGER NOT NULL,
    before INTEGER,
    after  INTEGER,
    PRIMARY KEY (edit, album, photo)
) STRICT;
CREATE INDEX edit_album_photos_by_photo ON edit_album_photos (photo);
CREATE INDEX edit_album_photos_by_album ON edit_album_photos (album);
