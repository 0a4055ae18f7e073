//! The model in use.

use std::path::PathBuf;

use super::open::Library;
use crate::error::Result;
use crate::pixels::Rgb;
use crate::types::ErrorReport;

impl Library {
    /// The name that vectors carry.
    pub fn model_id(&self) -> String {
        self.model.id()
    }

    /// Length of a vector.
    pub fn dimension(&self) -> usize {
        self.model.dimension()
    }

    /// Loads ONNX Runtime, and returns where its library lies.
    ///
    /// # Errors
    /// Why photos cannot be embedded.
    pub fn load_model(&self) -> std::result::Result<PathBuf, ErrorReport> {
        match self.model.load() {
            Ok((runtime, _)) => Ok(runtime.library().to_owned()),
            Err(report) => Err(report.clone()),
        }
    }

    /// Embeds a grey picture, which needs all that a photo needs. Returns the length of its vector.
    ///
    /// # Errors
    /// [`Error::Model`](crate::error::Error::Model).
    pub fn try_model(&self) -> Result<usize> {
        let mut embedder = self.model.embedder()?;
        let side = embedder.side();
        let grey = Rgb { width: side, height: side, data: vec![128; side as usize * side as usize * 3] };
        Ok(embedder.embed(&grey)?.len())
    }
}
