//! Files that are written whole or not at all, and durably where they cannot be made again.

#[cfg(unix)]
use std::fs::File;
use std::io::Write;
use std::path::Path;

use tempfile::NamedTempFile;

use crate::error::{Error, Result};

/// Writes a file by way of a temporary one beside it, so that no reader ever sees half of it.
///
/// # Errors
/// [`Error::Write`]. The temporary file is removed then.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let temporary = write_beside(path, bytes)?;
    temporary.persist(path).map_err(|error| Error::write(path, error.error))?;
    Ok(())
}

/// Like [`write_whole`], and returns only once file and name would survive a power cut: for what cannot be made
/// again for free.
///
/// # Errors
/// [`Error::Write`].
pub fn write_durably(path: &Path, bytes: &[u8]) -> Result<()> {
    let failed = |error| Error::write(path, error);
    let temporary = write_beside(path, bytes)?;
    temporary.as_file().sync_all().map_err(failed)?;
    temporary.persist(path).map_err(|error| failed(error.error))?;
    // Windows opens no folder as a file, and writes names through its journal.
    #[cfg(unix)]
    File::open(folder_of(path)).and_then(|folder| folder.sync_all()).map_err(failed)?;
    Ok(())
}

fn write_beside(path: &Path, bytes: &[u8]) -> Result<NamedTempFile> {
    let failed = |error| Error::write(path, error);
    let folder = folder_of(path);
    std::fs::create_dir_all(folder).map_err(failed)?;
    let mut file = NamedTempFile::new_in(folder).map_err(failed)?;
    file.write_all(bytes).map_err(failed)?;
    Ok(file)
}

fn folder_of(path: &Path) -> &Path {
    path.parent().expect("files of the library lie in its folder")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_in_a_folder_that_is_made_for_it() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("new/deeper/picture.png");
        for write in [write_whole, write_durably] {
            for content in [vec![1; 100_000], vec![2; 10]] {
                write(&path, &content).unwrap();
                assert_eq!(std::fs::read(&path).unwrap(), content);
            }
        }
        assert_eq!(
            std::fs::read_dir(path.parent().unwrap()).unwrap().count(),
            1,
            "nothing is left beside it"
        );
    }

    #[test]
    fn what_cannot_be_written_leaves_the_old_file_and_nothing_beside_it() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("picture.png");
        std::fs::create_dir(&path).unwrap();
        for write in [write_whole, write_durably] {
            assert!(matches!(write(&path, b"bytes"), Err(Error::Write { .. })));
        }
        assert_eq!(std::fs::read_dir(root.path()).unwrap().count(), 1);
    }
}
