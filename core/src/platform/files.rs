//! Files that are written whole or not at all.

use crate::error::{Error, Result};

/// Writes a file by way of a temporary one beside it, so that no reader ever sees half of it.
///
/// # Errors
/// [`Error::Write`]. The temporary file is removed then.
pub fn write_whole(path: &std::path::Path, bytes: &[u8]) -> Result<()> {
    let failed = |error| Error::write(path, error);
    let folder = path.parent().expect("files of the library lie in its folder");
    std::fs::create_dir_all(folder).map_err(failed)?;
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    std::io::Write::write_all(&mut file, bytes).map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}
