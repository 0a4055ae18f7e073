//! The model in use.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::open::Library;
use crate::error::{Error, Result};
use crate::inference::{Model, ModelPack};
use crate::search::Engine;
use crate::types::{ErrorReport, FaultCode, ModelInfo, Pass, ReasonCode};

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
    /// [`Error::Model`].
    pub fn try_model(&self) -> Result<usize> {
        self.engine().model.prove()
    }

    /// The names of the models that can be chosen: the bundled ones, then those in the data folder.
    pub fn models(&self) -> Vec<String> {
        self.registry.bundled().into_iter().chain(self.registry.own()).map(|model| model.id()).collect()
    }

    /// The models that can be chosen, as a person chooses among them; packs that cannot be read are left out.
    ///
    /// # Errors
    /// When the catalogue cannot be read.
    pub fn model_list(&self) -> Result<Vec<ModelInfo>> {
        let alive = self.engines.models();
        let info = |(bundled, model): (bool, Arc<Model>)| {
            let id = model.id();
            let pack = model.pack();
            let text =
                |of: fn(&ModelPack) -> &str| pack.as_ref().map_or(String::new(), |pack| of(pack).into());
            Ok(ModelInfo {
                bundled,
                in_use: alive[0].id() == id,
                prepared: alive[1..].iter().any(|next| next.id() == id),
                dimension: u32::try_from(model.dimension()).unwrap_or(u32::MAX),
                words: pack.as_ref().is_ok_and(|pack| pack.classes.is_some()),
                license: text(|pack| &pack.license),
                source: text(|pack| &pack.source),
                bytes: pack.as_ref().map_or(0, ModelPack::bytes),
                photos: self.catalog.pass_count(&Pass::Vector(id.clone()))?.done,
                problem: pack.err().map(|error| error.reason()),
                id,
            })
        };
        let bundled = self.registry.bundled().into_iter().map(|model| (true, model));
        let own = self.registry.own().into_iter().map(|model| (false, model));
        bundled.chain(own).map(info).collect()
    }

    /// Adds the model pack in `folder`, a copy of it, once it has proved to work. Returns its name.
    ///
    /// # Errors
    /// [`Error::Model`] when it does not work, [`Error::Invalid`] when there is one of this name.
    pub fn add_model(&self, folder: &Path) -> Result<String> {
        self.registry.add(folder)
    }

    /// Removes a model that was added, and its vectors.
    ///
    /// # Errors
    /// [`Error::Invalid`] for one that comes with the app, or is in use or prepared; [`Error::Model`] where there is none.
    pub fn remove_model(&self, id: &str) -> Result<()> {
        if self.engines.models().iter().any(|model| model.id() == id) {
            return Err(Error::Invalid(FaultCode::ModelInUse.with("model", id)));
        }
        self.registry.remove(id)?;
        self.catalog.forget_model(id)
    }

    /// Takes the model that is prepared into use if it has seen all photos. Whether it does.
    ///
    /// # Errors
    /// When its store cannot be filled.
    pub fn complete_model(&self) -> Result<bool> {
        Ok(self.runtime.block_on(self.engines.advance(&self.catalog))?.is_some())
    }

    /// Chooses the model that photos are found by, over restarts too. It is prepared beside the one in use, which answers
    /// until the other has seen all photos.
    ///
    /// # Errors
    /// [`Error::Model`] where there is none of this name, or it cannot be loaded.
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
