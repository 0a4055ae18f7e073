//! How a library is opened.

use std::path::PathBuf;
use std::sync::Arc;

use crate::decoder::Program;
use crate::error::{Error, Result};
use crate::types::{EventSink, FaultCode, ReasonCode};
use crate::vectors::StoreUri;

/// How a library is opened.
pub struct Options {
    /// The data folder; created if missing.
    pub data: PathBuf,
    /// The app's own files: models and ONNX Runtime.
    pub resources: PathBuf,
    /// The program that decodes pictures, out of this process.
    pub decoder: Program,
    /// The vector store of this run, instead of the one of the settings.
    pub store: Option<StoreUri>,
    /// Where events go. Called from threads of the core.
    pub on_event: EventSink,
}

impl Options {
    /// Options without events, for scripts.
    pub fn new(data: PathBuf, resources: PathBuf) -> Self {
        Self { data, resources, decoder: Program::this(), store: None, on_event: Arc::new(|_| {}) }
    }
}

/// The data folder where none was chosen, such as `~/.local/share/fotonovela`.
///
/// # Errors
/// When the system knows no home folder.
pub fn default_data_folder() -> Result<PathBuf> {
    directories::ProjectDirs::from("app", "", "fotonovela")
        .map(|folders| folders.data_dir().to_owned())
        .ok_or_else(|| Error::Invalid(FaultCode::HomeMissing.reason()))
}
