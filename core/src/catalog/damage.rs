//! Damage that is met while the catalogue is open, and the note about it for the next start.

use std::path::Path;

/// Beside the catalogue from the moment on that damage was met until it was mended.
pub(super) const SUSPECT: &str = "catalog.suspect";

/// Whether another program held the catalogue for too long.
pub(crate) fn is_busy(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{DatabaseBusy, DatabaseLocked};
    matches!(error.sqlite_error_code(), Some(DatabaseBusy | DatabaseLocked))
}

pub(super) fn is_corrupt(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
    matches!(error.sqlite_error_code(), Some(DatabaseCorrupt | NotADatabase))
}

/// Leaves a note for the next start that the catalogue at `path` is to be checked whole.
pub(super) fn suspect(path: &Path, error: &rusqlite::Error) {
    if is_corrupt(error)
        && let Err(error) = std::fs::write(path.with_file_name(SUSPECT), b"")
    {
        tracing::warn!(%error, "the next start will not know that the catalogue is damaged");
    }
}
