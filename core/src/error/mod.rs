//! What can go wrong. Words for it are made where they are shown, from the reason of each error.

use std::path::{Path, PathBuf};

mod decode;
mod draw;
mod store;

pub use decode::{DecodeError, Harm, Need};
pub use draw::{DrawError, DrawErrorKind};
pub use store::{StoreDifference, StoreFault};

use crate::types::{ErrorCode, ErrorReport, FaultCode, Reason, ReasonCode};

/// Result of the core.
pub type Result<T> = std::result::Result<T, Error>;

/// Everything that can go wrong in the core.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.reason())]
#[non_exhaustive]
pub enum Error {
    /// Long work was stopped on request.
    Cancelled,
    /// A photo, folder, comic or file is not there.
    NotFound(Reason),
    /// Something that was given cannot be used.
    Invalid(Reason),
    /// A file could not be read.
    Read {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Something in the data folder could not be written.
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file is not a picture that can be decoded.
    Decode(#[from] DecodeError),
    /// A file did not come to its end in the decoder.
    Harmful(#[from] Harm),
    /// The processes that decode pictures cannot be started.
    Decoder(String),
    /// The model or ONNX Runtime is missing or does not load.
    Model(Reason),
    /// The model failed on a picture.
    Inference(String),
    /// Vectors of different lengths were mixed.
    Dimension {
        /// What the collection holds.
        expected: usize,
        /// What was given.
        got: usize,
    },
    /// The catalogue failed.
    Catalog(#[from] rusqlite::Error),
    /// No connection to the catalogue became free, or none could be opened.
    Busy(#[from] r2d2::Error),
    /// The catalogue was made by a newer version or is damaged.
    Migration(#[from] rusqlite_migration::Error),
    /// Another process has the library open.
    Locked(PathBuf),
    /// The watcher could not be started.
    Watch(#[from] notify::Error),
    /// The keychain failed.
    Keychain(Reason),
    /// A vector store on a server failed.
    Store(#[from] StoreFault),
    /// The service that draws failed.
    Draw(#[from] DrawError),
    /// What another thread reported.
    Reported(Box<ErrorReport>),
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
            Self::NotFound(_) => ErrorCode::NotFound,
            Self::Invalid(_) => ErrorCode::Invalid,
            Self::Read { .. } | Self::Decode(_) | Self::Harmful(_) => ErrorCode::Unreadable,
            Self::Write { .. } => ErrorCode::Disk,
            Self::Catalog(error) if cannot_be_written(error) => ErrorCode::Disk,
            Self::Decoder(_) => ErrorCode::Invalid,
            Self::Model(_) | Self::Inference(_) | Self::Dimension { .. } => ErrorCode::Model,
            Self::Catalog(_) | Self::Busy(_) | Self::Migration(_) | Self::Locked(_) | Self::Watch(_) => {
                ErrorCode::Catalog
            }
            Self::Keychain(_) => ErrorCode::Keychain,
            Self::Draw(error) => error.code(),
            Self::Reported(report) => report.code,
            Self::Store(
                StoreFault::Away { .. }
                | StoreFault::Slow { .. }
                | StoreFault::NotStarted(_)
                | StoreFault::Certificate { .. },
            ) => ErrorCode::Offline,
            Self::Store(StoreFault::Token(_) | StoreFault::TokenInClear(_)) => ErrorCode::Key,
            Self::Store(StoreFault::Foreign { .. } | StoreFault::NotBuilt(_)) => ErrorCode::Invalid,
            Self::Store(
                StoreFault::Failed { .. }
                | StoreFault::RowsLost(_)
                | StoreFault::Uncounted(_)
                | StoreFault::Untrue(_),
            ) => ErrorCode::Service,
        }
    }

    /// What happened.
    pub fn reason(&self) -> Reason {
        match self {
            Self::Cancelled => FaultCode::Cancelled.reason(),
            Self::NotFound(reason) | Self::Invalid(reason) | Self::Model(reason) | Self::Keychain(reason) => {
                reason.clone()
            }
            Self::Read { path, source } => FaultCode::ReadFailed.because(source).with("path", path.as_path()),
            Self::Write { path, source } => {
                FaultCode::WriteFailed.because(source).with("path", path.as_path())
            }
            Self::Decode(error) => error.into(),
            Self::Harmful(harm) => harm.into(),
            Self::Decoder(detail) => FaultCode::DecodersMissing.because(detail),
            Self::Inference(detail) => FaultCode::InferenceFailed.because(detail),
            Self::Dimension { expected, got } => {
                FaultCode::DimensionMismatch.with("expected", *expected).with("got", *got)
            }
            Self::Catalog(error) => catalog_code(error).because(error),
            Self::Busy(error) => FaultCode::CatalogBusy.because(error),
            Self::Migration(error) => FaultCode::CatalogUnopened.because(error),
            Self::Locked(path) => FaultCode::LibraryLocked.with("path", path.as_path()),
            Self::Watch(error) => FaultCode::WatchFailed.because(error),
            Self::Store(fault) => fault.reason(),
            Self::Draw(error) => error.reason.clone(),
            Self::Reported(report) => report.reason.clone(),
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
        ErrorReport { code: self.code(), reason: self.reason(), detail }
    }
}

/// Whether the disk is to blame.
fn cannot_be_written(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{CannotOpen, DiskFull, ReadOnly, SystemIoFailure};
    matches!(error.sqlite_error_code(), Some(CannotOpen | DiskFull | ReadOnly | SystemIoFailure))
}

fn catalog_code(error: &rusqlite::Error) -> FaultCode {
    if cannot_be_written(error) {
        FaultCode::CatalogUnwritable
    } else if error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseCorrupt) {
        FaultCode::CatalogDamaged
    } else {
        FaultCode::CatalogFailed
    }
}
