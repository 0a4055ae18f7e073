-- What changed last, and when: the one log that the window and the vector stores follow. A thing has one row in it, which
-- stays after the thing is gone.
CREATE TABLE changes (
    revision INTEGER NOT NULL,
    kind     INTEGER NOT NULL,            -- 0 photo: its files or what they say; 1 mark of a photo
    id       INTEGER NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT;
CREATE INDEX changes_by_revision ON changes (revision, kind, id);
INSERT INTO changes (revision, kind, id) SELECT revision, 0, id FROM photos;
INSERT INTO changes (revision, kind, id) SELECT marked, 1, id FROM photos WHERE marked > 0;
DROP INDEX photos_by_revision;
DROP INDEX photos_marked;
ALTER TABLE photos DROP COLUMN revision;
ALTER TABLE photos DROP COLUMN marked;

-- What the person marked. A mark stays with the photo, wherever its files go.
CREATE TABLE marks (
    mark  TEXT    NOT NULL,               -- of types/mark.rs
    photo INTEGER NOT NULL REFERENCES photos ON DELETE CASCADE,
    PRIMARY KEY (mark, photo)
) STRICT;
CREATE INDEX marks_by_photo ON marks (photo);
INSERT INTO marks (mark, photo) SELECT 'favourite', id FROM photos WHERE favourite;
DROP INDEX photos_favourite;
ALTER TABLE photos DROP COLUMN favourite;

-- Parts of a photo, as fractions of its upright picture.
CREATE TABLE regions (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    photo  INTEGER NOT NULL REFERENCES photos ON DELETE CASCADE,
    kind   TEXT    NOT NULL,              -- of types/region.rs
    x      REAL    NOT NULL,
    y      REAL    NOT NULL,
    width  REAL    NOT NULL,
    height REAL    NOT NULL,
    label  TEXT,
    score  REAL,                          -- how sure the source is, 0 to 1
    source TEXT    NOT NULL               -- the model that found it, or 'person'
) STRICT;
CREATE INDEX regions_by_photo ON regions (photo);

-- Unit vectors as little-endian f16, one per photo, region and model.
CREATE TABLE photo_vectors (
    photo  INTEGER NOT NULL REFERENCES photos ON DELETE CASCADE,
    region INTEGER NOT NULL,              -- 0: the whole photo
    model  TEXT    NOT NULL,
    vector BLOB    NOT NULL,
    PRIMARY KEY (photo, region, model)
) STRICT;
INSERT INTO photo_vectors (photo, region, model, vector) SELECT photo, 0, model, vector FROM embeddings;
DROP TABLE embeddings;
ALTER TABLE photo_vectors RENAME TO embeddings;
CREATE TRIGGER region_embeddings AFTER DELETE ON regions BEGIN
    DELETE FROM embeddings WHERE photo = old.photo AND region = old.id;
END;

-- What the person wants of single passes, over restarts.
CREATE TABLE passes (
    name   TEXT    PRIMARY KEY,
    paused INTEGER NOT NULL
) STRICT;

-- Photos that a later pass failed on. They are tried again when their content changes, or when the person asks.
CREATE TABLE pass_problems (
    photo   INTEGER NOT NULL REFERENCES photos ON DELETE CASCADE,
    pass    TEXT    NOT NULL,
    problem TEXT    NOT NULL,
    PRIMARY KEY (photo, pass)
) STRICT;

-- An edit of a mark says which one.
UPDATE edits SET
    code = CASE code WHEN '"favourites_set"' THEN '"mark_set"' ELSE '"mark_unset"' END,
    params = json_set(params, '$.mark', 'favourite'),
    step = json_object('step', 'mark', 'mark', 'favourite', 'set', json(iif(json_extract(step, '$.favourite'), 'true', 'false')))
WHERE json_extract(step, '$.step') = 'favourites';
