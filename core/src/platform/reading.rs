//! Reading files that may have become anything since they were found.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use crate::error::{Error, Result};
use crate::types::{FileCode, ReasonCode};

/// A larger file is not read.
pub const MAX_FILE_BYTES: u64 = 512 << 20;

/// Opens a regular file, and never waits: a pipe would do so for whoever writes into it.
///
/// # Errors
/// Those of the system; [`ErrorKind::InvalidInput`] for what is not a regular file.
pub fn open_regular(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(
        &mut options,
        rustix::fs::OFlags::NONBLOCK.bits().cast_signed(),
    );
    let file = options.open(path)?;
    if file.metadata()?.is_file() {
        return Ok(file);
    }
    Err(io::Error::new(ErrorKind::InvalidInput, "this is not a regular file"))
}

/// The bytes of a file that has at most [`MAX_FILE_BYTES`], also if it grows meanwhile.
///
/// # Errors
/// As [`open_regular`]; [`ErrorKind::FileTooLarge`].
pub fn read_bounded(path: &Path) -> io::Result<Vec<u8>> {
    let file = open_regular(path)?;
    let length = file.metadata()?.len();
    let too_large = || io::Error::from(ErrorKind::FileTooLarge);
    if length > MAX_FILE_BYTES {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(usize::try_from(length).unwrap_or(usize::MAX))?;
    file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_FILE_BYTES { Err(too_large()) } else { Ok(bytes) }
}

/// [`read_bounded`] of a file that a person named.
///
/// # Errors
/// [`Error::Invalid`] for a file that is too large or not a regular one, otherwise [`Error::Read`].
pub fn read_picture(path: &Path) -> Result<Vec<u8>> {
    read_bounded(path).map_err(|error| match error.kind() {
        ErrorKind::FileTooLarge => {
            Error::Invalid(FileCode::FileTooLarge.with("megabytes", MAX_FILE_BYTES >> 20))
        }
        ErrorKind::InvalidInput => Error::Invalid(FileCode::NotAFile.reason()),
        _ => Error::read(path, error),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(path: &Path) -> String {
        read_picture(path).unwrap_err().reason().code
    }

    #[test]
    fn only_regular_files_of_a_sane_size_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let place = |name: &str| folder.path().join(name);
        std::fs::write(place("a.jpg"), b"bytes").unwrap();
        assert_eq!(read_picture(&place("a.jpg")).unwrap(), b"bytes");
        File::create(place("huge.jpg")).unwrap().set_len(MAX_FILE_BYTES + 1).unwrap();
        assert_eq!(code(&place("huge.jpg")), "file_too_large");
        assert_eq!(code(folder.path()), "not_a_file");
        assert_eq!(code(&place("nowhere.jpg")), "read_failed");
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_is_not_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe.jpg");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        assert_eq!(code(&pipe), "not_a_file");
        assert_eq!(code(Path::new("/dev/null")), "not_a_file");
    }
}
