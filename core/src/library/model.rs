//! The model in use.

use std::path::PathBuf;
use std::sync::Arc;

use super::open::Library;
use crate::error::Result;
use crate::pixels::Rgb;
use crate::search::Engine;
use crate::types::ErrorReport;

impl Library {
    /// The name that vectors carry.
    pub fn model_id(&self) -> String {
        self.engine().model.id()
    }

    /// Length of a vector.
    pub fn dimension(&self) -> usize {
        self.engine().model.dimension()
    }

    /// Loads ONNX Runtime, and returns where its library lies.
    ///
    /// # Errors
    /// Why photos cannot be embedded.
    pub fn load_model(&self) -> std::result::Result<PathBuf, ErrorReport> {
        let engine = self.engine();
        match engine.model.load() {
            Ok((runtime, _)) => Ok(runtime.library().to_owned()),
            Err(report) => Err(report.clone()),
        }
    }

    /// Embeds a grey picture, which needs all that a photo needs. Returns the length of its vector.
    ///
    /// # Errors
    /// [`Error::Model`](crate::error::Error::Model).
    pub fn try_model(&self) -> Result<usize> {
        let mut embedder = self.engine().model.embedder()?;
        let side = embedder.side();
        let grey = Rgb { width: side, height: side, data: vec![128; side as usize * side as usize * 3] };
        Ok(embedder.embed(&grey)?.len())
    }

    /// The names of the models that can be chosen: the bundled one, then those in the data folder.
    pub fn models(&self) -> Vec<String> {
        let own = self.registry.own_packs().into_iter().flatten().map(|pack| pack.id());
        std::iter::once(self.registry.bundled().id()).chain(own).collect()
    }

    /// Chooses the model that photos are found by, over restarts too. It is prepared beside the one in use, which answers
    /// until the other has seen all photos.
    ///
    /// # Errors
    /// [`Error::Model`](crate::error::Error::Model) where there is none of this name, or it cannot be loaded.
    pub fn choose_model(&self, id: &str) -> Result<()> {
        let model = self.registry.model(id)?;
        model.embedder()?;
        let is_in_use = self.engine().model.id() == id;
        let next = (!is_in_use).then(|| self.engine_parts.open(model, &self.data, &self.store_in_use()));
        self.engines.prepare(next.transpose()?);
        self.change_settings(|settings| settings.model = Some(id.to_owned()))?;
        self.restart_indexing()
    }

    /// The model and the stores that answer.
    pub(super) fn engine(&self) -> Arc<Engine> {
        self.engines.current()
    }
}
