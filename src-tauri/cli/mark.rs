//! Commands that mark photos, such as `fotonovela favourite`.

use std::path::PathBuf;

use clap::Args;
use fotonovela_core::error::Result;
use fotonovela_core::types::{Mark, ReasonCode};

use super::words::{Word, print_text};
use super::{Arguments, open, photos_at, print_json};

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
        let photos = photos_at(&library, &self.photos)?;
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
