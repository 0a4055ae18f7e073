//! `fotonovela similar`.

use std::path::PathBuf;

use clap::Args;
use fotonovela_core::error::{Error, Result};
use fotonovela_core::photo::SimilarPhoto;
use fotonovela_core::search::Similar as Found;
use serde::Serialize;

use super::{Arguments, absolute, open, print, print_json, print_note};

#[derive(Debug, Args)]
pub(crate) struct Similar {
    /// The picture to compare with, of the library or not.
    image: PathBuf,
    /// How many photos to answer.
    #[arg(short, default_value_t = 6)]
    k: usize,
}

/// The answer: best first.
#[derive(Debug, Serialize)]
struct Report {
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
        let Found { photos, notice } = library.block_on(library.search().similar_to_file(&query, self.k))?;
        notice.iter().for_each(|notice| print_note(notice));
        if arguments.json {
            print_json(&Report { query, results: photos, notice });
        } else {
            for photo in photos {
                print(&format!("{:.3}  {}", photo.score, photo.path.display()));
            }
        }
        Ok(())
    }
}
