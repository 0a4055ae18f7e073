//! `fotonovela search`.

use clap::Args;
use fotonovela_core::error::Result;
use fotonovela_core::types::{PhotoQuery, Similar as Found, SimilarPhoto, SimilarQuery};
use serde::Serialize;

use super::among::Among;
use super::{Arguments, open, print, print_json, print_note};

#[derive(Debug, Args)]
pub(crate) struct Search {
    /// What the photos show, in English or Spanish: \"a dog on the beach -cat\". A word with a hyphen before it excludes.
    #[arg(allow_hyphen_values = true)]
    text: String,
    /// How many photos to answer.
    #[arg(short, default_value_t = 20)]
    k: u32,
    #[command(flatten)]
    among: Among,
}

/// The answer: best first.
#[derive(Debug, Serialize)]
struct Report<'a> {
    query: &'a str,
    results: Vec<SimilarPhoto>,
}

impl Search {
    pub(crate) fn run(&self, arguments: &Arguments) -> Result<()> {
        let library = open(arguments)?;
        let what = SimilarQuery::Words { text: self.text.clone() };
        let asked = PhotoQuery::like(what, self.among.scope(&library)?, self.k);
        let Found { photos, notice } = library.similar(&asked)?;
        notice.iter().for_each(print_note);
        if arguments.json {
            print_json(&Report { query: &self.text, results: photos });
        } else {
            for photo in photos {
                print(&format!("{:.3}  {}", photo.score, photo.path.display()));
            }
        }
        Ok(())
    }
}
