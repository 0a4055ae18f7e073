//! `fotonovela similar`.

use std::path::{Path, PathBuf};

use clap::Args;
use fotonovela_core::error::{Error, Result};
use fotonovela_core::library::Library;
use fotonovela_core::types::Similar as Found;
use fotonovela_core::types::{FaultCode, FolderId, Mark, PhotoQuery, ReasonCode, Scope, SimilarPhoto};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::{Arguments, absolute, known, lossy, open, print, print_json, print_note};
use crate::texts::Texts;

#[derive(Debug, Args)]
pub(crate) struct Similar {
    /// The picture to compare with, of the library or not.
    image: PathBuf,
    /// How many photos to answer.
    #[arg(short, default_value_t = 6)]
    k: u32,
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

/// The answer: best first.
#[derive(Debug, Serialize)]
struct Report {
    #[serde(serialize_with = "lossy")]
    query: PathBuf,
    results: Vec<SimilarPhoto>,
    /// What the person should know about the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    notice: Option<String>,
}

impl Similar {
    pub(crate) fn run(&self, arguments: &Arguments) -> Result<()> {
        let query = absolute(&self.image)?;
        let query = query.canonicalize().map_err(|source| Error::Read { path: query, source })?;
        let library = open(arguments)?;
        let scope = self.scope(&library)?;
        let asked = PhotoQuery::like(library.query_of_file(&query)?, scope, self.k);
        let Found { photos, notice } = library.similar(&asked)?;
        notice.iter().for_each(print_note);
        let notice = notice.map(|notice| Texts::of_environment().sentence(&notice));
        if arguments.json {
            print_json(&Report { query, results: photos, notice });
        } else {
            for photo in photos {
                print(&format!("{:.3}  {}", photo.score, photo.path.display()));
            }
        }
        Ok(())
    }

    fn scope(&self, library: &Library) -> Result<Scope> {
        let folder = self.folder.as_deref().map(|path| folder_at(library, path)).transpose()?;
        let begin = |day: Date| day.to_zoned(TimeZone::UTC).map(|day| day.timestamp().as_millisecond());
        let after = |day: Date| day.tomorrow().and_then(begin);
        let moment = |day: std::result::Result<i64, jiff::Error>| {
            day.map_err(|error| Error::Invalid(FaultCode::DayUnreadable.because(error)))
        };
        let from = self.from.map(begin).map(moment).transpose()?;
        let until = self.to.map(after).map(moment).transpose()?;
        Ok(Scope { folder, mark: self.favourites.then_some(Mark::Favourite), from, until })
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
