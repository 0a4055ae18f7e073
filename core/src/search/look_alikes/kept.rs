//! What was found out about look-alikes, in a file of its own that can always be made anew: fingerprints, which photos were
//! compared, and pairs that are the same picture. A photo is compared once, with those that were there before.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, params};

use super::fingerprint::{Fingerprint, VERSION};
use crate::error::{Error, Result};
use crate::types::{ContentHash, PhotoId};

/// How long one process waits for another that writes.
const BUSY: Duration = Duration::from_secs(5);

const TABLES: &str = "
CREATE TABLE fingerprints (photo INTEGER PRIMARY KEY, content BLOB NOT NULL, fingerprint BLOB NOT NULL) STRICT;
CREATE TABLE compared (photo INTEGER PRIMARY KEY, content BLOB NOT NULL) STRICT;
CREATE TABLE pairs (one INTEGER NOT NULL, two INTEGER NOT NULL, PRIMARY KEY (one, two)) STRICT;
CREATE INDEX pairs_by_two ON pairs (two);
";

/// See the module.
pub(super) struct KeptLookAlikes {
    sql: Connection,
}

impl KeptLookAlikes {
    /// What is kept in the data folder. A file of another version, or one that is damaged, is begun anew.
    pub(super) fn open(data: &Path) -> Result<Self> {
        let path = data.join("vectors").join("look-alikes.sqlite");
        match Self::open_at(&path) {
            Ok(Some(kept)) => Ok(kept),
            outcome => {
                if let Err(error) = outcome {
                    tracing::warn!(%error, "photos are compared anew");
                }
                for ending in ["", "-wal", "-shm"] {
                    remove(&PathBuf::from(format!("{}{ending}", path.display())))?;
                }
                Ok(Self::open_at(&path)?.expect("a new file has the newest version"))
            }
        }
    }

    fn open_at(path: &Path) -> rusqlite::Result<Option<Self>> {
        let mut sql = Connection::open(path)?;
        sql.busy_timeout(BUSY)?;
        sql.pragma_update(None, "journal_mode", "WAL")?;
        sql.pragma_update(None, "synchronous", "NORMAL")?;
        let begin = sql.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let version: u32 = begin.pragma_query_value(None, "user_version", |row| row.get(0))?;
        if version == 0 {
            begin.execute_batch(TABLES)?;
            begin.pragma_update(None, "user_version", VERSION)?;
        }
        begin.commit()?;
        Ok((version == 0 || version == VERSION).then_some(Self { sql }))
    }

    /// The photos that were compared, with their content then.
    pub(super) fn compared(&self) -> Result<HashMap<PhotoId, ContentHash>> {
        let mut query = self.sql.prepare_cached("SELECT photo, content FROM compared")?;
        let rows = query.query_map([], |row| Ok((PhotoId(row.get(0)?), ContentHash(row.get(1)?))))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Pairs of photos that are the same picture.
    pub(super) fn pairs(&self) -> Result<Vec<(PhotoId, PhotoId)>> {
        let mut query = self.sql.prepare_cached("SELECT one, two FROM pairs")?;
        let rows = query.query_map([], |row| Ok((PhotoId(row.get(0)?), PhotoId(row.get(1)?))))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The fingerprint of a photo with this content.
    pub(super) fn fingerprint(&self, photo: PhotoId, content: ContentHash) -> Result<Option<Fingerprint>> {
        let bytes = self
            .sql
            .prepare_cached("SELECT fingerprint FROM fingerprints WHERE photo = ?1 AND content = ?2")?
            .query_row((photo.0, content.0), |row| row.get::<_, Vec<u8>>(0))
            .optional()?;
        Ok(bytes.as_deref().and_then(Fingerprint::from_bytes))
    }

    /// Forgets photos that changed or are gone.
    pub(super) fn forget(&mut self, photos: &[PhotoId]) -> Result<()> {
        let change = self.sql.transaction()?;
        for photo in photos {
            for forget in [
                "DELETE FROM fingerprints WHERE photo = ?1",
                "DELETE FROM compared WHERE photo = ?1",
                "DELETE FROM pairs WHERE one = ?1",
                "DELETE FROM pairs WHERE two = ?1",
            ] {
                change.prepare_cached(forget)?.execute([photo.0])?;
            }
        }
        Ok(change.commit()?)
    }

    /// Keeps what was found out, in one transaction.
    pub(super) fn keep(
        &mut self,
        fingerprints: &[(PhotoId, ContentHash, &Fingerprint)],
        pairs: &[(PhotoId, PhotoId)],
        compared: &[(PhotoId, ContentHash)],
    ) -> Result<()> {
        let change = self.sql.transaction()?;
        for (photo, content, fingerprint) in fingerprints {
            change
                .prepare_cached(
                    "INSERT OR REPLACE INTO fingerprints (photo, content, fingerprint) VALUES (?1, ?2, ?3)",
                )?
                .execute(params![photo.0, content.0, fingerprint.to_bytes()])?;
        }
        for (one, two) in pairs {
            change
                .prepare_cached("INSERT OR IGNORE INTO pairs (one, two) VALUES (?1, ?2)")?
                .execute((one.0, two.0))?;
        }
        for (photo, content) in compared {
            change
                .prepare_cached("INSERT OR REPLACE INTO compared (photo, content) VALUES (?1, ?2)")?
                .execute((photo.0, content.0))?;
        }
        Ok(change.commit()?)
    }
}

fn remove(path: &Path) -> Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Error::write(path, error)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_outlives_a_restart_and_damage_only_costs_the_work() {
        let data = tempfile::tempdir().unwrap();
        std::fs::create_dir(data.path().join("vectors")).unwrap();
        let photos = [1, 2].map(|id| (PhotoId(id), ContentHash::of(&[id as u8])));
        let mut kept = KeptLookAlikes::open(data.path()).unwrap();
        kept.keep(&[], &[(PhotoId(1), PhotoId(2))], &photos).unwrap();
        drop(kept);
        let mut kept = KeptLookAlikes::open(data.path()).unwrap();
        assert_eq!(kept.compared().unwrap(), HashMap::from(photos));
        assert_eq!(kept.pairs().unwrap(), [(PhotoId(1), PhotoId(2))]);
        kept.forget(&[PhotoId(2)]).unwrap();
        assert_eq!((kept.pairs().unwrap().len(), kept.compared().unwrap().len()), (0, 1));
        drop(kept);
        std::fs::write(data.path().join("vectors/look-alikes.sqlite"), [7; 4096]).unwrap();
        assert!(KeptLookAlikes::open(data.path()).unwrap().compared().unwrap().is_empty());
    }
}
