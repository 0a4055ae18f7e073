//! What files say that need not be of a library: the same intake, into a catalogue that is thrown away.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::catalog::Catalog;
use crate::decoder::Decoders;
use crate::error::{Error, Result};
use crate::indexing::intake::PathScan;
use crate::scan::Stat;
use crate::scan::filter::FolderFilter;
use crate::types::{FolderOptions, role};

/// A catalogue of single files and of those beside them that belong to them.
pub(crate) struct Lookup {
    /// Goes before the folder that it lies in.
    pub(crate) catalog: Catalog,
    _place: TempDir,
}

impl Lookup {
    /// Reads the files whole, and those beside them. What is not a file is left out.
    pub(crate) fn of(paths: &[PathBuf], decoders: &Decoders) -> Result<Self> {
        let place = tempfile::tempdir().map_err(|error| Error::write(std::env::temp_dir(), error))?;
        let lookup = Self { catalog: Catalog::open(&place.path().join("catalog.sqlite"))?, _place: place };
        let mut folders: BTreeMap<&Path, HashSet<String>> = BTreeMap::new();
        for path in paths {
            if let Some(folder) = path.parent() {
                folders.entry(folder).or_default().insert(role::stem(path));
            }
        }
        for (folder, stems) in folders {
            lookup.read(folder, &stems, decoders)?;
        }
        Ok(lookup)
    }

    fn read(&self, folder: &Path, stems: &HashSet<String>, decoders: &Decoders) -> Result<()> {
        let Some(name) = folder.to_str() else { return Ok(()) };
        let id = self.catalog.add_folder(name)?;
        let filter = FolderFilter::new(folder, &FolderOptions::default(), Vec::new())?;
        let mut scan = PathScan::new(&self.catalog, decoders, id, &filter, &|| {}, HashMap::new()).whole();
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            // What Google exported may name its photo in a way that only its content tells.
            let may_belong = stems.contains(&role::stem(&path))
                || path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
            if may_belong && let Some(stat) = Stat::read(&path) {
                scan.file(path, stat)?;
            }
        }
        scan.finish().map(drop)
    }
}
