//! A photo shows one of its files, and what all of them say together.

use rusqlite::{OptionalExtension, Row, params};

use super::changes::Changed;
use super::connection::{Change, now_ms};
use crate::types::{DateSource, Exposure, Facts, Role, takeout};

/// The columns of [`FileFacts`].
const FACTS: &str = "role, files.format, files.width, files.height, facts, path LIKE '%.json' AS is_takeout";

/// What one file says about its photo.
struct FileFacts {
    role: u8,
    format: Option<String>,
    size: Option<(u32, u32)>,
    facts: Facts,
    is_takeout: bool,
}

impl FileFacts {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let (width, height): (Option<u32>, Option<u32>) = (row.get(2)?, row.get(3)?);
        let facts: String = row.get(4)?;
        Ok(Self {
            role: row.get(0)?,
            format: row.get(1)?,
            size: width.zip(height),
            // Written by a later version: it is read again from the file.
            facts: serde_json::from_str(&facts).unwrap_or_default(),
            is_takeout: row.get(5)?,
        })
    }
}

impl Change<'_> {
    /// A photo that has no file yet; [`Self::resolve`] says what it is.
    pub(super) fn new_photo(&self) -> rusqlite::Result<i64> {
        self.sql
            .prepare_cached(
                "INSERT INTO photos (format, width, height, taken_at, date_source) VALUES ('', 0, 0, 0, 1)",
            )?
            .execute([])?;
        Ok(self.sql.last_insert_rowid())
    }

    /// Chooses the file that a photo shows, gathers what its files say, and marks the photo as changed. A photo without
    /// files keeps its row, so that it is the same photo when its content returns. One that is found elsewhere is not
    /// missing.
    pub(super) fn resolve(&self, photo: i64) -> rusqlite::Result<()> {
        self.sql
            .prepare_cached(
                "UPDATE files SET gone_since = ?2, missing = 0 WHERE photo = ?1 AND missing > 0 AND EXISTS
                   (SELECT 1 FROM files WHERE photo = ?1 AND role = 0 AND gone_since IS NULL AND missing = 0)",
            )?
            .execute((photo, now_ms()))?;
        self.sql
            .prepare_cached(
                "UPDATE photos SET file =
                   (SELECT id FROM files WHERE photo = ?1 AND role = 0 AND gone_since IS NULL ORDER BY id LIMIT 1)
                 WHERE id = ?1",
            )?
            .execute([photo])?;
        self.note(Changed::Photo, photo)?;
        self.note_regions(photo)?;
        let mut found = self
            .sql
            .prepare_cached(&format!(
                "SELECT {FACTS} FROM files JOIN photos ON photos.id = files.photo
                 WHERE photos.id = ?1 AND gone_since IS NULL AND facts IS NOT NULL AND (role != 0 OR files.id = photos.file)
                 ORDER BY role, is_takeout DESC, files.id"
            ))?
            .query_map([photo], FileFacts::read)?
            .collect::<rusqlite::Result<Vec<_>>>()?;
        found.extend(self.exported_with_original(photo)?);
        self.show(photo, found)
    }

    /// What Google exported of the photo that this one is an edited form of.
    fn exported_with_original(&self, photo: i64) -> rusqlite::Result<Vec<FileFacts>> {
        let stem: Option<String> = self
            .sql
            .prepare_cached(
                "SELECT stem FROM files JOIN photos ON photos.file = files.id WHERE photos.id = ?1",
            )?
            .query_row([photo], |row| row.get(0))
            .optional()?
            .flatten();
        let Some(original) = stem.as_deref().and_then(takeout::unedited) else { return Ok(Vec::new()) };
        self.sql
            .prepare_cached(&format!(
                "SELECT {FACTS} FROM files
                 WHERE stem = ?1 AND role = 3 AND is_takeout AND gone_since IS NULL AND facts IS NOT NULL ORDER BY files.id"
            ))?
            .query_map([original], FileFacts::read)?
            .collect()
    }

    fn show(&self, photo: i64, found: Vec<FileFacts>) -> rusqlite::Result<()> {
        let mut found = found.into_iter();
        // One that an earlier version read and that was not looked at since keeps what it shows.
        let Some(FileFacts { role: 0, format: Some(format), size: Some((width, height)), facts, .. }) =
            found.next()
        else {
            return Ok(());
        };
        let facts = found.fold(facts, |facts, other| {
            if other.is_takeout {
                facts.or_takeout(other.facts)
            } else if other.role == Role::Sidecar as u8 {
                facts.or_sidecar(other.facts)
            } else {
                facts.or(other.facts)
            }
        });
        let Exposure { seconds, aperture, iso, focal_mm } = facts.exposure;
        self.sql
            .prepare_cached(
                "UPDATE photos SET format = ?2, width = ?3, height = ?4, taken_at = ?5, zone = ?6, date_source = ?7,
                   camera = ?8, lens = ?9, exposure_s = ?10, aperture = ?11, iso = ?12, focal_mm = ?13,
                   latitude = ?14, longitude = ?15, rating = ?16, keywords = ?17, description = ?18 WHERE id = ?1",
            )?
            .execute(params![
                photo,
                format,
                width,
                height,
                facts.taken.map_or(0, |taken| taken.at),
                facts.taken.and_then(|taken| taken.zone),
                source_number(facts.taken.map_or(DateSource::File, |taken| taken.source)),
                facts.camera,
                facts.lens,
                seconds,
                aperture,
                iso,
                focal_mm,
                facts.gps.map(|gps| gps.latitude),
                facts.gps.map(|gps| gps.longitude),
                facts.rating,
                serde_json::to_string(&facts.keywords).expect("texts are always JSON"),
                facts.description,
            ])?;
        Ok(())
    }
}

fn source_number(source: DateSource) -> i64 {
    match source {
        DateSource::Exif => 0,
        DateSource::File => 1,
        DateSource::Xmp => 2,
        DateSource::Name => 3,
        DateSource::Iptc => 4,
        DateSource::Text => 5,
        DateSource::Takeout => 6,
    }
}

/// The other way round.
pub(super) fn date_source(number: i64) -> DateSource {
    match number {
        0 => DateSource::Exif,
        2 => DateSource::Xmp,
        3 => DateSource::Name,
        4 => DateSource::Iptc,
        5 => DateSource::Text,
        6 => DateSource::Takeout,
        _ => DateSource::File,
    }
}
