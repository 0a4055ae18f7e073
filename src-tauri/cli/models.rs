//! `fotonovela models`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use fotonovela_core::error::Result;
use fotonovela_core::library::Library;
use fotonovela_core::task::CancelToken;
use fotonovela_core::types::{ModelInfo, ReasonCode};
use serde::Serialize;

use super::words::{Word, print_text};
use super::{Arguments, absolute, open, print, print_json};
use crate::texts::Texts;

#[derive(Debug, Args)]
pub(crate) struct Models {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Say which models there are, and which one is in use.
    List,
    /// Add a model: a folder with a model.toml and the files that it names. They are copied.
    Add {
        /// The folder.
        folder: PathBuf,
    },
    /// Find photos by this model from now on. All photos are embedded by it first; until then the one before answers.
    Use {
        /// Its name and version, as the list says it.
        model: String,
    },
    /// Remove a model that was added, and its vectors.
    Remove {
        /// Its name and version.
        model: String,
    },
}

#[derive(Debug, Serialize)]
struct Report {
    models: Vec<Listed>,
}

/// A model in the field names of the command line.
#[derive(Debug, Serialize)]
struct Listed {
    id: String,
    bundled: bool,
    in_use: bool,
    prepared: bool,
    dimension: u32,
    words: bool,
    license: String,
    source: String,
    bytes: u64,
    photos: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
}

impl From<ModelInfo> for Listed {
    fn from(info: ModelInfo) -> Self {
        let ModelInfo {
            id,
            bundled,
            in_use,
            prepared,
            dimension,
            words,
            license,
            source,
            bytes,
            photos,
            problem,
        } = info;
        let problem = problem.map(|reason| Texts::of_environment().sentence(&reason));
        Self { id, bundled, in_use, prepared, dimension, words, license, source, bytes, photos, problem }
    }
}

impl Models {
    pub(crate) fn run(&self, arguments: &Arguments) -> Result<()> {
        let library = open(arguments)?;
        match &self.action {
            Action::List => {}
            Action::Add { folder } => {
                let id = library.add_model(&absolute(folder)?)?;
                if !arguments.json {
                    print_text(&Word::ModelAdded.with("model", id));
                }
            }
            Action::Use { model } => take_into_use(&library, model)?,
            Action::Remove { model } => library.remove_model(model)?,
        }
        let models: Vec<_> = library.model_list()?.into_iter().map(Listed::from).collect();
        if arguments.json {
            print_json(&Report { models });
        } else {
            models.iter().for_each(|model| print(&line(model)));
        }
        Ok(())
    }
}

/// Chooses a model and embeds what it has not seen.
fn take_into_use(library: &Library, model: &str) -> Result<()> {
    library.choose_model(model)?;
    library.start_indexing(false)?;
    library.wait_until_indexed(&CancelToken::default());
    library.complete_model().map(drop)
}

fn line(model: &Listed) -> String {
    let sign = if model.in_use { '*' } else { ' ' };
    let Listed { id, dimension, license, bytes, photos, .. } = model;
    let megabytes = bytes.div_ceil(1 << 20);
    let problem = model.problem.as_deref().unwrap_or_default();
    format!("{sign} {id:<28} {dimension:>5}  {megabytes:>5} MB  {photos:>7}  {license}  {problem}")
        .trim_end()
        .to_owned()
}
