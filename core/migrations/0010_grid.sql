-- All that the layout of the grid needs, in its order: a million photos are read from here and not from their rows.
CREATE INDEX photos_in_grid ON photos (taken_at, id, width, height, file) WHERE file IS NOT NULL;
