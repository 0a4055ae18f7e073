//! Files that are written whole or not at all, and durably where they cannot be made again.

use std::fs::{DirBuilder, File};
use std::io::Write;
#[cfg(unix)]
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
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

/// Like [`write_whole`], and also after a power cut the file is whole or not there: for what can be made again, if it is
/// seen to be missing.
///
/// # Errors
/// [`Error::Write`].
pub fn write_synced(path: &Path, bytes: &[u8]) -> Result<()> {
    let temporary = write_beside(path, bytes)?;
    temporary.as_file().sync_data().map_err(|error| Error::write(path, error))?;
    temporary.persist(path).map_err(|error| Error::write(path, error.error))?;
    Ok(())
}

/// Like [`write_whole`], and returns only once file and name would survive a power cut: for what cannot be made
/// again for free.
///
/// # Errors
/// [`Error::Write`].
pub fn write_durably(path: &Path, bytes: &[u8]) -> Result<()> {
    persist_durably(write_beside(path, bytes)?, path)
}

fn persist_durably(temporary: NamedTempFile, path: &Path) -> Result<()> {
    let failed = |error| Error::write(path, error);
    temporary.as_file().sync_all().map_err(failed)?;
    temporary.persist(path).map_err(|error| failed(error.error))?;
    // Windows opens no folder as a file, and writes names through its journal.
    #[cfg(unix)]
    File::open(folder_of(path)).and_then(|folder| folder.sync_all()).map_err(failed)?;
    Ok(())
}

/// Like [`write_durably`], for a file of the person's: others may read it as the umask says. A link stays, and what it leads
/// to is written; so is a device or a pipe, which is not replaced.
///
/// # Errors
/// [`Error::Write`].
pub fn export_durably(path: &Path, bytes: &[u8]) -> Result<()> {
    let target = if path.is_symlink() { path.canonicalize().ok() } else { None };
    let path = target.as_deref().unwrap_or(path);
    if path.metadata().is_ok_and(|there| !there.is_file() && !there.is_dir()) {
        return std::fs::write(path, bytes).map_err(|error| Error::write(path, error));
    }
    let folder = folder_of(path);
    std::fs::create_dir_all(folder).map_err(|error| Error::write(path, error))?;
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::fs::Permissions::from_mode(0o666));
    let file = builder.tempfile_in(folder).map_err(|error| Error::write(path, error))?;
    persist_durably(filled(file, path, bytes)?, path)
}

/// Makes a folder that only this user can read, with those above it; one that exists is left as it is.
///
/// # Errors
/// [`Error::Write`].
pub fn private_folder(path: &Path) -> Result<()> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    builder.mode(0o700);
    builder.recursive(true).create(path).map_err(|error| Error::write(path, error))
}

/// Makes a file one that only this user can read and write; creates it empty if it is not there.
///
/// # Errors
/// [`Error::Write`].
pub fn make_private(path: &Path) -> Result<()> {
    let mut options = File::options();
    options.create(true).append(true);
    #[cfg(unix)]
    options.mode(0o600);
    let private = options.open(path).and_then(|file| {
        #[cfg(unix)]
        file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
        drop(file);
        Ok(())
    });
    private.map_err(|error| Error::write(path, error))
}

fn write_beside(path: &Path, bytes: &[u8]) -> Result<NamedTempFile> {
    let folder = folder_of(path);
    private_folder(folder)?;
    filled(NamedTempFile::new_in(folder).map_err(|error| Error::write(path, error))?, path, bytes)
}

fn filled(mut file: NamedTempFile, path: &Path, bytes: &[u8]) -> Result<NamedTempFile> {
    file.write_all(bytes).map_err(|error| Error::write(path, error))?;
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
        for write in [write_whole, write_synced, write_durably, export_durably] {
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
        for write in [write_whole, write_synced, write_durably, export_durably] {
            assert!(matches!(write(&path, b"bytes"), Err(Error::Write { .. })));
        }
        assert_eq!(std::fs::read_dir(root.path()).unwrap().count(), 1);
    }

    #[test]
    #[cfg(unix)]
    fn an_export_through_a_link_writes_what_it_leads_to_and_a_device_stays() {
        let root = tempfile::tempdir().unwrap();
        let (target, link) = (root.path().join("target.png"), root.path().join("link.png"));
        std::fs::write(&target, b"old").unwrap();
        std::os::unix::fs::symlink(&target, &link).unwrap();
        export_durably(&link, b"new").unwrap();
        assert!(link.is_symlink());
        assert_eq!(std::fs::read(&target).unwrap(), b"new");
        let null = root.path().join("null.png");
        std::os::unix::fs::symlink("/dev/null", &null).unwrap();
        export_durably(&null, b"new").unwrap();
        assert!(null.is_symlink() && !Path::new("/dev/null").metadata().unwrap().is_file());
    }
}
