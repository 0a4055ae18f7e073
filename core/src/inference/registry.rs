//! Which models there are: the bundled ones, and packs that lie in the data folder.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::model::{DEFAULT, LIGHT, REGIONS};
use super::pack::unusable;
use super::{Model, ModelPack};
use crate::error::{Error, Result};
use crate::platform::files::write_whole;
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

    /// The models of the packs in the data folder that can be read; a bundled one goes before another of its name.
    pub fn own(&self) -> Vec<Arc<Model>> {
        let bundled = self.bundled();
        let packs = self.own_packs().into_iter().flatten();
        let packs = packs.filter(|pack| bundled.iter().all(|model| model.id() != pack.id()));
        packs.map(|pack| Arc::new(Model::of_pack(self.resources.clone(), &pack))).collect()
    }

    /// The bundled models that photos can be found by; the first is the one that is used unless another is chosen.
    pub fn bundled(&self) -> [Arc<Model>; 2] {
        [DEFAULT, LIGHT].map(|pack| Arc::new(Model::of_bundled(self.resources.clone(), &pack)))
    }

    /// The bundled model of parts of photos.
    pub fn regions(&self) -> Arc<Model> {
        Arc::new(Model::of_bundled(self.resources.clone(), &REGIONS))
    }

    /// Copies the pack in `folder` into the data folder, once it has proved to work. Returns its name.
    ///
    /// # Errors
    /// [`Error::Model`] when a file of it is missing, is not what the pack says, or makes no vector;
    /// [`Error::Invalid`] when there is a model of this name.
    pub fn add(&self, folder: &Path) -> Result<String> {
        let pack = ModelPack::read(folder)?;
        let id = pack.id();
        if self.model(&id).is_ok() {
            return Err(Error::Invalid(FaultCode::ModelKnown.with("model", id)));
        }
        let files = pack.files();
        if let Some((name, _)) = files.iter().find(|(name, _)| !is_plain(name)) {
            return Err(unusable(&folder.join(name), "a file of a pack lies beside its model.toml"));
        }
        Model::of_pack(self.resources.clone(), &pack).prove()?;
        let target = self.own.join(id.replace(|letter: char| !letter.is_alphanumeric(), "-"));
        let part = target.with_extension("part");
        // What an attempt left that was cut off.
        let _ = std::fs::remove_dir_all(&part);
        let write = |name: &str, bytes: &[u8]| write_whole(&part.join(name), bytes);
        std::fs::create_dir_all(&part).map_err(|error| Error::write(&part, error))?;
        for (name, sha256) in files {
            write(name, &pack.file(name, sha256)?)?;
        }
        let toml = folder.join("model.toml");
        write("model.toml", &std::fs::read(&toml).map_err(|error| Error::read(&toml, error))?)?;
        std::fs::rename(&part, &target).map_err(|error| Error::write(&target, error))?;
        Ok(id)
    }

    /// Removes a pack from the data folder.
    ///
    /// # Errors
    /// [`Error::Model`] where none has this name there.
    pub fn remove(&self, id: &str) -> Result<()> {
        if self.bundled().iter().any(|model| model.id() == id) {
            return Err(Error::Invalid(FaultCode::ModelBundled.with("model", id)));
        }
        let model = self.model(id)?;
        std::fs::remove_dir_all(model.folder()).map_err(|error| Error::write(model.folder(), error))
    }

    /// The model whose vectors carry this name.
    ///
    /// # Errors
    /// [`Error::Model`] where no pack has it.
    pub fn model(&self, id: &str) -> Result<Arc<Model>> {
        if let Some(bundled) = self.bundled().into_iter().find(|model| model.id() == id) {
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

/// Whether a file lies in the folder of its pack.
fn is_plain(name: &str) -> bool {
    Path::new(name).file_name().is_some_and(|plain| plain == name)
}
