//! What is left to do, as a query, and the results. There is no job table: a restart just asks again.

use std::collections::HashSet;
use std::path::PathBuf;

use rusqlite::{OptionalExtension, Row, named_params};

use super::connection::{Catalog, Change};
use super::files::{Probe, to_json};
use super::passes::Stage;
use super::regions::NewRegion;
use crate::error::Result;
use crate::types::{ContentHash, FileCode, PhotoId, Problem, Reason, ReasonCode};

/// A file in the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FileId(pub(super) i64);

/// A file that waits for a stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkItem {
    /// The file.
    pub file: FileId,
    /// Absolute path.
    pub path: PathBuf,
    /// Size in bytes when it was last seen.
    pub size: u64,
    /// Time of the last change when it was last seen, in nanoseconds since 1970.
    pub modified: i64,
    /// About how long it takes, in a unit of its own (on the machine of the measurements 1 ns).
    pub cost: u64,
}

/// A file that was worked on.
#[derive(Clone, Debug)]
pub struct Finished {
    /// What was asked for.
    pub item: WorkItem,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of a file.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It is a photo.
    Photo {
        /// Content of the file.
        content: ContentHash,
        /// Facts from the whole file.
        probe: Box<Probe>,
        /// The placeholder colour, if a thumbnail was made (it lies in the cache by content).
        color: Option<String>,
        /// A unit vector of the stage's model, if one was made.
        vector: Option<Vec<f32>>,
        /// Parts of the photo with vectors of the stage's model; empty where the stage makes none.
        regions: Vec<NewRegion>,
    },
    /// It cannot be read; this is why.
    Problem(Reason),
}

/// Counts of the whole library.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Photos.
    pub photos: u32,
    /// Photos with a thumbnail.
    pub thumbnails: u32,
    /// Photos with a vector of the model.
    pub embedded: u32,
    /// Files with a problem.
    pub failed: u32,
}

/// What a file costs by its kind and bytes, in ns: 15 ms for the vector, and reading and decoding by the byte. Measured
/// on one core: JPEG 10 ms a MB, HEIC, AVIF, JPEG XL and JPEG 2000 about 200, WebP 50; of a raw file only the preview is
/// decoded.
const COST: &str = "(15000000 + files.size * CASE photos.format
     WHEN 'HEIC' THEN 200 WHEN 'AVIF' THEN 200 WHEN 'JPEG XL' THEN 200 WHEN 'JPEG 2000' THEN 200 WHEN 'WebP' THEN 50
     WHEN 'JPEG' THEN 10 WHEN 'PNG' THEN 10 WHEN 'GIF' THEN 10 WHEN 'QOI' THEN 5 WHEN 'TIFF' THEN 3 ELSE 2 END)";

fn pending_query(stage: &Stage, rest: &str) -> String {
    format!("SELECT files.id, files.path, files.size, files.modified, {COST} {} {rest}", stage.waiting())
}

impl Catalog {
    /// Up to `limit` files that wait for a stage, those of the newest photos first. Files in `busy` are left out.
    pub fn pending(&self, stage: &Stage, busy: &HashSet<FileId>, limit: usize) -> Result<Vec<WorkItem>> {
        self.read(|sql| {
            sql.prepare_cached(&pending_query(stage, "ORDER BY photos.taken_at DESC, files.id LIMIT :limit"))?
                .query_map(
                    named_params! { ":model": stage.model(), ":limit": limit + busy.len() },
                    work_item,
                )?
                .filter(|item| item.as_ref().map_or(true, |item| !busy.contains(&item.file)))
                .take(limit)
                .collect()
        })
    }

    /// Those of `photos` that wait for a stage.
    pub fn pending_of(&self, photos: &[PhotoId], stage: &Stage) -> Result<Vec<WorkItem>> {
        self.read(|sql| {
            let mut items = Vec::new();
            let mut of_photo = sql.prepare_cached(&pending_query(stage, "AND photos.id = :photo"))?;
            for photo in photos {
                let params = named_params! { ":model": stage.model(), ":photo": photo.0 };
                for item in of_photo.query_map(params, work_item)? {
                    items.push(item?);
                }
            }
            Ok(items)
        })
    }

    /// The cost of all files that wait for a stage.
    pub fn pending_cost(&self, stage: &Stage) -> Result<u64> {
        self.read(|sql| {
            sql.prepare_cached(&format!("SELECT COALESCE(SUM({COST}), 0) {}", stage.waiting()))?
                .query_row(named_params! { ":model": stage.model() }, |row| row.get(0))
        })
    }

    /// Whether the person paused the indexing.
    pub fn is_paused(&self) -> Result<bool> {
        self.read(|sql| sql.query_row("SELECT paused FROM indexing", [], |row| row.get(0)))
    }

    /// Remembers that the person paused the indexing, or lets it go on.
    pub fn set_paused(&self, paused: bool) -> Result<()> {
        self.write(|change| change.sql.execute("UPDATE indexing SET paused = ?1", [paused]).map(drop))
    }

    /// Whether a photo with this content has a thumbnail, and a vector of `model`.
    pub fn products_of(&self, content: ContentHash, model: &str) -> Result<(bool, bool)> {
        self.read(|sql| {
            let found = sql
                .prepare_cached(
                    "SELECT thumbnail, EXISTS (SELECT 1 FROM embeddings WHERE photo = photos.id AND region = 0 AND model = ?2)
                     FROM photos WHERE content = ?1",
                )?
                .query_row((content.0, model), |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?;
            Ok(found.unwrap_or((false, false)))
        })
    }

    /// Notes results of a stage in one transaction.
    pub fn finish(&self, batch: &[Finished], stage: &Stage) -> Result<()> {
        self.write(|change| {
            for finished in batch {
                if !change.is_current(&finished.item)? {
                    continue;
                }
                match &finished.outcome {
                    Outcome::Problem(reason) if stage.reads => {
                        change.set_problem(finished.item.file, reason)?;
                    }
                    Outcome::Problem(reason) => {
                        change.set_pass_problem(finished.item.file.0, stage, &to_json(reason)?)?;
                    }
                    Outcome::Photo { content, vector, regions, .. } if !regions.is_empty() => {
                        if let Some(photo) = change.photo_showing(finished.item.file, *content)? {
                            change.set_regions(photo, stage.model(), stage.model(), regions)?;
                            if let Some(vector) = vector {
                                change.insert_embedding(photo, None, stage.model(), vector)?;
                            }
                        }
                    }
                    Outcome::Photo { content, probe, color, vector, .. } => {
                        let photo = change.set_content(finished.item.file, *content, probe)?;
                        if let Some(color) = color {
                            change.set_thumbnail(photo, color)?;
                        }
                        if let Some(vector) = vector {
                            change.insert_embedding(photo, None, stage.model(), vector)?;
                        }
                    }
                }
            }
            Ok(())
        })
    }

    /// Counts of the whole library.
    pub fn counts(&self, model: &str) -> Result<Counts> {
        self.read(|sql| {
            sql.prepare_cached(
                "SELECT (SELECT COUNT(*) FROM photos WHERE file IS NOT NULL),
                   (SELECT COUNT(*) FROM photos WHERE file IS NOT NULL AND thumbnail),
                   (SELECT COUNT(*) FROM photos JOIN embeddings ON embeddings.photo = photos.id
                      WHERE photos.file IS NOT NULL AND embeddings.region = 0 AND embeddings.model = ?1),
                   (SELECT COUNT(*) FROM files WHERE problem IS NOT NULL AND gone_since IS NULL AND role = 0)",
            )?
            .query_row([model], |row| {
                Ok(Counts {
                    photos: row.get(0)?,
                    thumbnails: row.get(1)?,
                    embedded: row.get(2)?,
                    failed: row.get(3)?,
                })
            })
        })
    }

    /// Makes the next scan treat files with a problem as changed: all of them, or those of `paths`. Returns which.
    pub fn forget_problems(&self, paths: Option<&[PathBuf]>) -> Result<Vec<PathBuf>> {
        const FORGET: &str =
            "UPDATE files SET modified = -1 WHERE problem IS NOT NULL AND gone_since IS NULL AND role = 0";
        let path = |row: &Row<'_>| Ok(PathBuf::from(row.get::<_, String>(0)?));
        self.write(|change| {
            let Some(paths) = paths else {
                change.forget_pass_problems(None)?;
                let mut forget = change.sql.prepare_cached(&format!("{FORGET} RETURNING path"))?;
                return forget.query_map([], path)?.collect();
            };
            let mut forget = change.sql.prepare_cached(&format!("{FORGET} AND path = ?1 RETURNING path"))?;
            let found = paths.iter().map(|each| forget.query_row([each.to_string_lossy()], path).optional());
            found.filter_map(rusqlite::Result::transpose).collect()
        })
    }

    /// Files that could not be read or are of an unknown kind, below `root` or everywhere, by path.
    pub fn problems(&self, root: Option<&std::path::Path>) -> Result<Vec<Problem>> {
        let all = self.read(|sql| {
            sql.prepare_cached(
                "SELECT path, problem FROM files WHERE problem IS NOT NULL AND gone_since IS NULL AND role = 0
                 ORDER BY path",
            )?
            .query_map([], |row| Ok(Problem { path: row.get::<_, String>(0)?.into(), reason: reason(&row.get::<_, String>(1)?) }))?
            .collect::<rusqlite::Result<Vec<_>>>()
        })?;
        Ok(all.into_iter().filter(|problem| root.is_none_or(|root| problem.path.starts_with(root))).collect())
    }
}

/// What the catalogue keeps of a problem.
pub(super) fn reason(stored: &str) -> Reason {
    serde_json::from_str(stored).unwrap_or_else(|_| FileCode::Unknown.because(stored))
}

fn work_item(row: &Row<'_>) -> rusqlite::Result<WorkItem> {
    Ok(WorkItem {
        file: FileId(row.get(0)?),
        path: row.get::<_, String>(1)?.into(),
        size: row.get(2)?,
        modified: row.get(3)?,
        cost: row.get(4)?,
    })
}

impl Change<'_> {
    /// Whether the file is still what was worked on; a newer change, removal or pairing wins over the result.
    fn is_current(&self, item: &WorkItem) -> rusqlite::Result<bool> {
        self.sql
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM files WHERE id = ?1 AND size = ?2 AND modified = ?3
                   AND path = ?4 AND gone_since IS NULL AND role = 0 AND photo IS NOT NULL)",
            )?
            .query_row((item.file.0, item.size, item.modified, item.path.to_string_lossy()), |row| row.get(0))
    }

    /// The photo that shows a file of this content.
    fn photo_showing(&self, file: FileId, content: ContentHash) -> rusqlite::Result<Option<i64>> {
        self.sql
            .prepare_cached("SELECT id FROM photos WHERE file = ?1 AND content = ?2")?
            .query_row((file.0, content.0), |row| row.get(0))
            .optional()
    }

    fn set_problem(&self, file: FileId, reason: &Reason) -> rusqlite::Result<()> {
        let photo: Option<i64> = self
            .sql
            .prepare_cached(
                "UPDATE files SET problem = ?2, modified = iif(?3, 0, modified) WHERE id = ?1 RETURNING photo",
            )?
            .query_row((file.0, to_json(reason)?, is_of_the_disk(reason)), |row| row.get(0))?;
        let Some(photo) = photo else { return Ok(()) };
        let was_shown: bool =
            self.sql.query_row("SELECT thumbnail FROM photos WHERE id = ?1", [photo], |row| row.get(0))?;
        if !was_shown {
            self.sql.execute("UPDATE files SET photo = NULL WHERE id = ?1", [file.0])?;
        }
        self.resolve(photo)?;
        self.join_beside(file.0)
    }

    /// Gives a file its content and returns its photo: the one that has this content already, else its own.
    fn set_content(&self, file: FileId, content: ContentHash, probe: &Probe) -> rusqlite::Result<i64> {
        let own: i64 =
            self.sql.query_row("SELECT photo FROM files WHERE id = ?1", [file.0], |row| row.get(0))?;
        let photo = match self.photo_of_content(content)? {
            Some(photo) => photo,
            None if self.has_other_file_of_its_content(own, file)? => self.new_photo()?,
            None => own,
        };
        self.sql
            .prepare_cached("UPDATE files SET photo = ?2, content = ?3 WHERE id = ?1")?
            .execute((file.0, photo, content.0))?;
        self.tell_photo(file.0, probe)?;
        if photo != own {
            self.resolve(own)?;
            self.carry_user_data(own, photo)?;
            self.join_beside(file.0)?;
        }
        self.show_content(file, content)
    }

    /// Makes the photo of a file the one of its content.
    fn show_content(&self, file: FileId, content: ContentHash) -> rusqlite::Result<i64> {
        let (photo, is_news): (i64, bool) = self
            .sql
            .prepare_cached(
                "SELECT photos.id, photos.content IS NOT ?2 FROM photos JOIN files ON photos.id = files.photo
                 WHERE files.id = ?1",
            )?
            .query_row((file.0, content.0), |row| Ok((row.get(0)?, row.get(1)?)))?;
        if is_news {
            self.sql
                .prepare_cached("UPDATE photos SET content = ?2, thumbnail = 0 WHERE id = ?1")?
                .execute((photo, content.0))?;
            self.sql.prepare_cached("DELETE FROM embeddings WHERE photo = ?1")?.execute([photo])?;
            self.drop_found_regions(photo)?;
            self.forget_pass_problems(Some(photo))?;
        }
        self.resolve(photo)?;
        Ok(photo)
    }

    /// A copy that was edited leaves its photo to the files that still have the photo's content.
    fn has_other_file_of_its_content(&self, photo: i64, file: FileId) -> rusqlite::Result<bool> {
        self.sql.query_row(
            "SELECT EXISTS (SELECT 1 FROM files JOIN photos ON photos.id = files.photo
               WHERE files.photo = ?1 AND files.id != ?2 AND files.role = 0 AND files.gone_since IS NULL
                 AND files.content = photos.content)",
            (photo, file.0),
            |row| row.get(0),
        )
    }

    fn set_thumbnail(&self, photo: i64, color: &str) -> rusqlite::Result<()> {
        self.sql
            .prepare_cached("UPDATE photos SET thumbnail = 1, color = ?2 WHERE id = ?1")?
            .execute((photo, color))?;
        Ok(())
    }
}

/// Whether a problem may be over in a moment, whatever the file is: then the next scan finds the file changed, by a time that
/// no file has, and tries it again.
fn is_of_the_disk(reason: &Reason) -> bool {
    [FileCode::Unreadable, FileCode::Forbidden].into_iter().any(|code| reason.code == <&str>::from(code))
}
