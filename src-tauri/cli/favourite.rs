//! `fotonovela favourite`.

use std::path::PathBuf;

use clap::Args;
use fotonovela_core::error::{Error, Result};
use fotonovela_core::types::{FaultCode, PhotoId, ReasonCode};
use serde::Serialize;

use super::{Arguments, known, open, print, print_json};

#[derive(Debug, Args)]
pub(crate) struct Favourite {
    /// Photos of the library.
    #[arg(required = true)]
    photos: Vec<PathBuf>,
    /// Take the marks away.
    #[arg(long)]
    remove: bool,
}

/// How many photos were named, and how many favourites there are now.
#[derive(Debug, Serialize)]
struct Report {
    photos: usize,
    favourites: usize,
}

impl Favourite {
    pub(crate) fn run(&self, arguments: &Arguments) -> Result<()> {
        let library = open(arguments)?;
        let id = |path: &PathBuf| -> Result<PhotoId> {
            let path = known(path)?;
            let unknown = || FaultCode::PhotoUnknown.with("path", path.as_path());
            library.photo_at(&path)?.ok_or_else(|| Error::NotFound(unknown()))
        };
        let photos = self.photos.iter().map(id).collect::<Result<Vec<_>>>()?;
        let named = photos.len();
        library.set_favourites(photos, !self.remove)?;
        let report = Report { photos: named, favourites: library.favourites()?.len() };
        if arguments.json {
            print_json(&report);
        } else {
            print(&format!("{} favourites", report.favourites));
        }
        Ok(())
    }
}
