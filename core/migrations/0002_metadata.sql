-- What each file tells is kept with the file; its photo shows what they tell together.
ALTER TABLE files ADD COLUMN role INTEGER NOT NULL DEFAULT 0;   -- 0 photo, 1 raw, 2 motion, 3 sidecar
ALTER TABLE files ADD COLUMN stem TEXT;                         -- files beside one another have the same
ALTER TABLE files ADD COLUMN reader INTEGER NOT NULL DEFAULT 0; -- version of what read its start
ALTER TABLE files ADD COLUMN format TEXT;
ALTER TABLE files ADD COLUMN width INTEGER;
ALTER TABLE files ADD COLUMN height INTEGER;
ALTER TABLE files ADD COLUMN facts TEXT;                        -- JSON
CREATE INDEX files_by_stem ON files (stem);

-- date_source: 0 EXIF, 1 file time, 2 XMP, 3 file name
ALTER TABLE photos ADD COLUMN zone INTEGER;                     -- minutes that taken_at was ahead of UTC
ALTER TABLE photos ADD COLUMN lens TEXT;
ALTER TABLE photos ADD COLUMN exposure_s REAL;
ALTER TABLE photos ADD COLUMN aperture REAL;
ALTER TABLE photos ADD COLUMN iso INTEGER;
ALTER TABLE photos ADD COLUMN focal_mm REAL;
ALTER TABLE photos ADD COLUMN rating INTEGER;                   -- -1 rejected, 0 to 5 stars
ALTER TABLE photos ADD COLUMN keywords TEXT;                    -- JSON list
