//! What can go wrong, in words that say what happened and what to do.

use std::path::{Path, PathBuf};

mod decode;
mod draw;
mod store;

pub use decode::{DecodeError, Harm, Need};
pub use draw::{DrawError, DrawErrorKind};
pub use store::StoreFault;

use crate::types::{ErrorCode, ErrorReport};

/// Result of the core.
pub type Result<T> = std::result::Result<T, Error>;

/// Everything that can go wrong in the core.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Long work was stopped on request.
    #[error("cancelled")]
    Cancelled,
    /// A photo, folder, comic or file is not there.
    #[error("{what} was not found")]
    NotFound {
        /// What was looked for, as the start of a sentence.
        what: String,
    },
    /// Something that was given cannot be used.
    #[error("{0}")]
    Invalid(String),
    /// A file could not be read.
    #[error("{} could not be read: {source}", path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Something in the data folder could not be written.
    #[error("{} could not be written: {source}. Free some space or check the permissions of the data folder, then try again", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file is not a picture that can be decoded.
    #[error("{0}")]
    Decode(#[from] DecodeError),
    /// A file did not come to its end in the decoder.
    #[error("{0}")]
    Harmful(#[from] Harm),
    /// The processes that decode pictures cannot be started.
    #[error(
        "pictures cannot be decoded: {0}. Start Fotonovela again; if that does not help, install it again"
    )]
    Decoder(String),
    /// The model or ONNX Runtime is missing or does not load.
    #[error(
        "{what}: {reason}. Run `make build` again, or set FOTONOVELA_RESOURCES to the folder that holds models and onnxruntime"
    )]
    Model {
        /// What was being loaded.
        what: String,
        /// Why it failed.
        reason: String,
    },
    /// The model failed on a picture.
    #[error("the model failed: {0}")]
    Inference(String),
    /// Vectors of different lengths were mixed.
    #[error("a vector has {got} numbers where the model gives {expected}")]
    Dimension {
        /// What the collection holds.
        expected: usize,
        /// What was given.
        got: usize,
    },
    /// The catalogue failed.
    #[error("the catalogue failed: {}{}", .0, advice(.0))]
    Catalog(#[from] rusqlite::Error),
    /// No connection to the catalogue became free, or none could be opened.
    #[error("the catalogue cannot be read now: {0}")]
    Busy(#[from] r2d2::Error),
    /// The catalogue was made by a newer version or is damaged.
    #[error("the catalogue could not be opened: {0}")]
    Migration(#[from] rusqlite_migration::Error),
    /// Another process has the library open.
    #[error("the library in {} is in use by another Fotonovela. Close it, or choose another with --library", .0.display())]
    Locked(PathBuf),
    /// The watcher could not be started.
    #[error("changes in folders cannot be watched: {0}")]
    Watch(#[from] notify::Error),
    /// The keychain failed.
    #[error(
        "the keychain of the system cannot be used: {0}. Unlock it or install one (GNOME Keyring, KWallet), or keep the key for this session only"
    )]
    Keychain(String),
    /// A vector store on a server failed.
    #[error("{0}")]
    Store(#[from] StoreFault),
    /// The service that draws failed.
    #[error("{0}")]
    Draw(#[from] DrawError),
}

impl Error {
    /// Wraps an error of reading `path`.
    pub fn read(path: impl AsRef<Path>, source: std::io::Error) -> Self {
        Self::Read { path: path.as_ref().to_owned(), source }
    }

    /// Wraps an error of writing `path`.
    pub fn write(path: impl AsRef<Path>, source: std::io::Error) -> Self {
        Self::Write { path: path.as_ref().to_owned(), source }
    }

    /// The code that the window acts on.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Cancelled => ErrorCode::Cancelled,
            Self::NotFound { .. } => ErrorCode::NotFound,
            Self::Invalid(_) => ErrorCode::Invalid,
            Self::Read { .. } | Self::Decode(_) | Self::Harmful(_) => ErrorCode::Unreadable,
            Self::Write { .. } => ErrorCode::Disk,
            Self::Catalog(error) if cannot_be_written(error) => ErrorCode::Disk,
            Self::Decoder(_) => ErrorCode::Invalid,
            Self::Model { .. } | Self::Inference(_) | Self::Dimension { .. } => ErrorCode::Model,
            Self::Catalog(_) | Self::Busy(_) | Self::Migration(_) | Self::Locked(_) | Self::Watch(_) => {
                ErrorCode::Catalog
            }
            Self::Keychain(_) => ErrorCode::Keychain,
            Self::Draw(error) => error.code(),
            Self::Store(StoreFault::Away { .. } | StoreFault::Certificate { .. }) => ErrorCode::Offline,
            Self::Store(StoreFault::Token(_)) => ErrorCode::Key,
            Self::Store(StoreFault::Foreign { .. } | StoreFault::NotBuilt(_)) => ErrorCode::Invalid,
            Self::Store(StoreFault::Failed { .. }) => ErrorCode::Service,
        }
    }

    /// The error for the window and the command line.
    pub fn report(&self) -> ErrorReport {
        let mut detail = format!("{self:?}");
        let mut source = std::error::Error::source(self);
        while let Some(cause) = source {
            detail.push_str(&format!("\ncaused by: {cause}"));
            source = cause.source();
        }
        ErrorReport { code: self.code(), message: sentence(&self.to_string()), detail }
    }
}

/// Whether the disk is to blame.
fn cannot_be_written(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{CannotOpen, DiskFull, ReadOnly, SystemIoFailure};
    matches!(error.sqlite_error_code(), Some(CannotOpen | DiskFull | ReadOnly | SystemIoFailure))
}

fn advice(error: &rusqlite::Error) -> &'static str {
    if cannot_be_written(error) {
        ". Free some space or check the permissions of the data folder, then try again"
    } else if error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseCorrupt) {
        ". Start Fotonovela again: it keeps the damaged catalogue aside and makes a new one of your photos"
    } else {
        ""
    }
}

/// Upper-case first letter and a full stop.
fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    let Some(first) = characters.next() else { return String::new() };
    let mut sentence: String = first.to_uppercase().chain(characters).collect();
    if !sentence.ends_with(['.', '?', '!']) {
        sentence.push('.');
    }
    sentence
}
