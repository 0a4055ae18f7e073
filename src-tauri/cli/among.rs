//! Among which photos a command looks.

use std::path::{Path, PathBuf};

use clap::Args;
use fotonovela_core::error::{Error, Result};
use fotonovela_core::library::Library;
use fotonovela_core::types::{FaultCode, FolderId, Mark, ReasonCode, Scope};
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::known;

#[derive(Debug, Args)]
pub(super) struct Among {
    /// Only photos of this folder, one that was added to the library.
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,
    /// Only favourites.
    #[arg(long)]
    favourites: bool,
    /// Only photos taken on this day or later, as 2023-06-01.
    #[arg(long, value_name = "DAY")]
    from: Option<Date>,
    /// Only photos taken on this day or earlier.
    #[arg(long, value_name = "DAY")]
    to: Option<Date>,
}

impl Among {
    pub(super) fn scope(&self, library: &Library) -> Result<Scope> {
        let folder = self.folder.as_deref().map(|path| folder_at(library, path)).transpose()?;
        let begin = |day: Date| day.to_zoned(TimeZone::UTC).map(|day| day.timestamp().as_millisecond());
        let after = |day: Date| day.tomorrow().and_then(begin);
        let moment = |day: std::result::Result<i64, jiff::Error>| {
            day.map_err(|error| Error::Invalid(FaultCode::DayUnreadable.because(error)))
        };
        let from = self.from.map(begin).map(moment).transpose()?;
        let until = self.to.map(after).map(moment).transpose()?;
        let mark = self.favourites.then_some(Mark::Favourite);
        Ok(Scope { folder, mark, from, until, ..Scope::default() })
    }
}

fn folder_at(library: &Library, path: &Path) -> Result<FolderId> {
    let wanted = known(path)?;
    let folders = library.folders()?;
    let found = folders.iter().find(|folder| folder.path == wanted).map(|folder| folder.id);
    found.ok_or_else(|| {
        let known: Vec<_> = folders.iter().map(|folder| folder.path.display().to_string()).collect();
        let reason = FaultCode::FolderUnknown.with("path", wanted.as_path());
        Error::Invalid(if known.is_empty() { reason } else { reason.with("folders", known.join(", ")) })
    })
}
