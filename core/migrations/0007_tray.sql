-- The tray: the photos chosen for the next comic, in their order, and how it shall be drawn.
CREATE TABLE tray (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    request TEXT    NOT NULL              -- JSON of types/comic.rs, without the photos
) STRICT;

CREATE TABLE tray_photos (
    position INTEGER PRIMARY KEY,
    photo    INTEGER NOT NULL UNIQUE
) STRICT;
