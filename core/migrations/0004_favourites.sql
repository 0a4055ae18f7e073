-- What the person marked. The mark stays with the photo, wherever its files go. `marked` is the revision of its last
-- change: the window follows both revisions, vector stores only that of the photo.
ALTER TABLE photos ADD COLUMN favourite INTEGER NOT NULL DEFAULT 0;
ALTER TABLE photos ADD COLUMN marked INTEGER NOT NULL DEFAULT 0;
CREATE INDEX photos_favourite ON photos (id) WHERE favourite;
CREATE INDEX photos_marked ON photos (marked);
