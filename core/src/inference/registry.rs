//! Which models there are: the bundled one, and packs that lie in the data folder.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Model, ModelPack};
use crate::error::{Error, Result};
use crate::types::{FaultCode, ReasonCode};

/// The packs of an installation and of a library.
#[derive(Clone, Debug)]
pub struct Registry {
    resources: PathBuf,
    /// Each folder in it is a pack.
    own: PathBuf,
}

impl Registry {
    /// The packs of the app's own files, and those in `models` of the data folder.
    pub fn new(resources: PathBuf, data: &Path) -> Self {
        Self { resources, own: data.join("models") }
    }

    /// The packs in the data folder that can be read, by name of their folder; the others with what is wrong with them.
    pub fn own_packs(&self) -> Vec<Result<ModelPack>> {
        let Ok(entries) = std::fs::read_dir(&self.own) else { return Vec::new() };
        let mut folders: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
        folders.retain(|folder| folder.is_dir());
        folders.sort();
        folders.iter().map(|folder| ModelPack::read(folder)).collect()
    }

    /// The bundled model.
    pub fn bundled(&self) -> Arc<Model> {
        Arc::new(Model::bundled(self.resources.clone()))
    }

    /// The model whose vectors carry this name.
    ///
    /// # Errors
    /// [`Error::Model`] where no pack has it.
    pub fn model(&self, id: &str) -> Result<Arc<Model>> {
        let bundled = self.bundled();
        if bundled.id() == id {
            return Ok(bundled);
        }
        let packs = self.own_packs();
        if let Some(pack) = packs.iter().flatten().find(|pack| pack.id() == id) {
            return Ok(Arc::new(Model::of_pack(self.resources.clone(), pack)));
        }
        let unknown = FaultCode::ModelUnknown.with("model", id).with("path", self.own.as_path());
        let broken: Vec<_> =
            packs.iter().filter_map(|pack| pack.as_ref().err()).map(ToString::to_string).collect();
        Err(Error::Model(if broken.is_empty() { unknown } else { unknown.with("detail", broken.join("; ")) }))
    }
}
