//! Files that are no photos, counted by kind; and photos that were found and never read.

use std::collections::BTreeMap;
use std::path::Path;

use super::connection::Catalog;
use crate::error::Result;
use crate::types::OtherKind;

/// What is below the folder ?1; all, where it is empty.
const BELOW: &str = "(?1 = '' OR path > ?1 || '/' AND path < ?1 || '0')";

impl Catalog {
    /// How many files there are of each kind that is no photo, below a folder or everywhere.
    pub fn others(&self, root: Option<&Path>) -> Result<BTreeMap<OtherKind, u32>> {
        let counted = self.read(|sql| {
            sql.prepare_cached(&format!(
                "SELECT CASE role WHEN 2 THEN 'motion' WHEN 3 THEN 'sidecar' ELSE other END AS kind, COUNT(*) FROM files
                 WHERE (other IS NOT NULL OR role > 1) AND gone_since IS NULL AND {BELOW} GROUP BY kind"
            ))?
            .query_map([prefix(root)], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<Vec<_>>>()
        })?;
        Ok(counted.into_iter().filter_map(|(kind, count)| Some((kind.parse().ok()?, count))).collect())
    }

    /// How many photos below a folder were found and never read: they were gone, or not what they had been.
    pub fn unread(&self, root: &Path) -> Result<u32> {
        self.read(|sql| {
            sql.prepare_cached(&format!(
                "SELECT COUNT(*) FROM files WHERE photo IS NOT NULL AND content IS NULL AND role = 0 AND problem IS NULL
                   AND gone_since IS NULL AND missing = 0 AND {BELOW}"
            ))?
            .query_row([prefix(Some(root))], |row| row.get(0))
        })
    }
}

fn prefix(root: Option<&Path>) -> String {
    root.map(|root| root.to_string_lossy().trim_end_matches('/').to_owned()).unwrap_or_default()
}
