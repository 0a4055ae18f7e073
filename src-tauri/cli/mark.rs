//! Commands that mark photos, such as `fotonovela favourite`.

use std::path::PathBuf;

use clap::Args;
use fotonovela_core::error::{Error, Result};
use fotonovela_core::types::{FaultCode, Mark, PhotoId, ReasonCode};

use super::words::{Word, print_text};
use super::{Arguments, known, open, print_json};

#[derive(Debug, Args)]
pub(crate) struct Marked {
    /// Photos of the library.
    #[arg(required = true)]
    photos: Vec<PathBuf>,
    /// Take the mark away.
    #[arg(long)]
    remove: bool,
}

impl Marked {
    pub(crate) fn run(&self, arguments: &Arguments, mark: Mark) -> Result<()> {
        let library = open(arguments)?;
        let id = |path: &PathBuf| -> Result<PhotoId> {
            let path = known(path)?;
            let unknown = || FaultCode::PhotoUnknown.with("path", path.as_path());
            library.photo_at(&path)?.ok_or_else(|| Error::NotFound(unknown()))
        };
        let photos = self.photos.iter().map(id).collect::<Result<Vec<_>>>()?;
        let named = photos.len();
        library.set_mark(photos, mark, !self.remove)?;
        let marked = library.marked(mark)?.len();
        // The plural of the mark names those that have it.
        let (word, plural) = match mark {
            Mark::Favourite => (Word::MarkedFavourite, "favourites"),
            Mark::Hidden => (Word::MarkedHidden, "hidden"),
        };
        if arguments.json {
            print_json(&serde_json::json!({ "photos": named, plural: marked }));
        } else {
            print_text(&word.with("count", marked));
        }
        Ok(())
    }
}
