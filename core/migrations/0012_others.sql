-- What a file is that is no photo and is not shown, by types/other.rs; null: a photo, one that has a problem, or a file
-- that belongs to a photo.
ALTER TABLE files ADD COLUMN other TEXT;
CREATE INDEX files_beside ON files (role, other, gone_since) WHERE other IS NOT NULL OR role > 1;
