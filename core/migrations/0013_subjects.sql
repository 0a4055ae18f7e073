-- Whom or what a person looks for. What is learned of the answers is never kept: another model learns it anew.
CREATE TABLE subjects (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT    NOT NULL,
    key        TEXT    NOT NULL,          -- the name in lower case: unique among those that are not removed
    created_at INTEGER NOT NULL,          -- ms since 1970
    removed_at INTEGER                    -- it keeps its row while its removal can be undone
) STRICT;
CREATE INDEX subjects_by_key ON subjects (key) WHERE removed_at IS NULL;

-- Whether a photo shows a subject, as the person said. An answer stays with the photo, wherever its files go.
CREATE TABLE subject_answers (
    subject INTEGER NOT NULL REFERENCES subjects ON DELETE CASCADE,
    photo   INTEGER NOT NULL REFERENCES photos ON DELETE CASCADE,
    yes     INTEGER NOT NULL,
    at      INTEGER NOT NULL,             -- ms since 1970
    PRIMARY KEY (subject, photo)
) STRICT;
CREATE INDEX subject_answers_by_photo ON subject_answers (photo);

-- The answers that an edit changed; null: there was none before.
CREATE TABLE edit_answers (
    edit   INTEGER NOT NULL REFERENCES edits ON DELETE CASCADE,
    photo  INTEGER NOT NULL,
    before INTEGER,
    after  INTEGER NOT NULL,
    PRIMARY KEY (edit, photo)
) STRICT;
CREATE INDEX edit_answers_by_photo ON edit_answers (photo);
