//! `fotonovela similar`.

use std::path::PathBuf;

use clap::Args;
use fotonovela_core::error::{Error, Result};
use fotonovela_core::types::{PhotoQuery, Similar as Found, SimilarPhoto};
use serde::Serialize;

use super::among::Among;
use super::{Arguments, absolute, lossy, open, print, print_json, print_note};
use crate::texts::Texts;

#[derive(Debug, Args)]
pub(crate) struct Similar {
    /// The picture to compare with, of the library or not.
    image: PathBuf,
    /// How many photos to answer.
    #[arg(short, default_value_t = 6)]
    k: u32,
    #[command(flatten)]
    among: Among,
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
        let scope = self.among.scope(&library)?;
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
}
