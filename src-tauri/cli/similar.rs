//! `fotonovela similar`.

use std::path::PathBuf;

use clap::Args;
use fotonovela_core::error::{Error, Result};
use fotonovela_core::photo::SimilarPhoto;
use serde::Serialize;

use super::{Arguments, absolute, open, print, print_json};

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
}

impl Similar {
    pub(crate) fn run(&self, arguments: &Arguments) -> Result<()> {
        let query = absolute(&self.image)?;
        let query = query.canonicalize().map_err(|source| Error::Read { path: query, source })?;
        let library = open(arguments)?;
        let results = library.block_on(library.search().similar_to_file(&query, self.k))?;
        if arguments.json {
            print_json(&Report { query, results });
        } else {
            for photo in results {
                print(&format!("{:.3}  {}", photo.score, photo.path.display()));
            }
        }
        Ok(())
    }
}
