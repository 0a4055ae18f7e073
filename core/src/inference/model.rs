//! A model: found and loaded in the background at start, so that the window need not wait for it.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::error::{Error, Result};
use crate::inference::{Embedder, ModelPack, Runtime};
use crate::pixels::Rgb;
use crate::types::{ErrorReport, FaultCode, ReasonCode};

/// A pack that comes with the app. What its vectors are is known without reading it, so that the catalogue's vectors
/// stay usable when the files are missing.
pub(super) struct BundledPack {
    folder: &'static str,
    id: &'static str,
    dimension: usize,
}

/// What photos are found by, unless the person chose another model.
pub(super) const DEFAULT: BundledPack =
    BundledPack { folder: "efficientnet-lite0-lite2", id: "efficientnet-lite0-lite2@1", dimension: 2560 };
/// Takes two thirds of the time and half the space.
pub(super) const LIGHT: BundledPack =
    BundledPack { folder: "efficientnet-lite0", id: "efficientnet-lite0@1", dimension: 1280 };
/// What parts of photos are found by: short vectors, since there are many.
pub(super) const REGIONS: BundledPack = BundledPack { folder: "regions", id: "regions@1", dimension: 256 };

/// A model that is alive: its pack, and ONNX Runtime once it is needed.
pub struct Model {
    resources: PathBuf,
    /// The folder of its pack.
    folder: PathBuf,
    id: String,
    dimension: usize,
    loaded: OnceLock<std::result::Result<(Runtime, ModelPack), ErrorReport>>,
    /// Set when the files are there and do not make a model.
    broken: OnceLock<ErrorReport>,
}

impl Model {
    /// The model of the app's own files that photos are found by. Nothing is read yet.
    pub fn bundled(resources: PathBuf) -> Self {
        Self::of_bundled(resources, &DEFAULT)
    }

    /// A model of the app's own files. Nothing is read yet.
    pub(super) fn of_bundled(resources: PathBuf, pack: &BundledPack) -> Self {
        let folder = resources.join("models").join(pack.folder);
        Self::new(resources, folder, pack.id.into(), pack.dimension)
    }

    /// The model of a pack that was read.
    pub fn of_pack(resources: PathBuf, pack: &ModelPack) -> Self {
        Self::new(resources, pack.folder.clone(), pack.id(), pack.image.dimension)
    }

    fn new(resources: PathBuf, folder: PathBuf, id: String, dimension: usize) -> Self {
        Self { resources, folder, id, dimension, loaded: OnceLock::new(), broken: OnceLock::new() }
    }

    /// The name that vectors carry.
    pub fn id(&self) -> String {
        self.id.clone()
    }

    /// The folder of its pack.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// What its pack says, without loading it.
    ///
    /// # Errors
    /// [`Error::Model`] when it cannot be read.
    pub fn pack(&self) -> Result<ModelPack> {
        ModelPack::read(&self.folder)
    }

    /// Length of a vector.
    pub fn dimension(&self) -> usize {
        self.dimension
    }

    /// Whether vectors can be made. The first call loads ONNX Runtime.
    pub fn is_ready(&self) -> bool {
        self.trouble().is_none()
    }

    /// Why no vectors can be made.
    pub fn trouble(&self) -> Option<ErrorReport> {
        self.load().as_ref().err().or(self.broken.get()).cloned()
    }

    /// ONNX Runtime and the pack.
    ///
    /// # Errors
    /// The report of what is missing and what to do.
    pub fn load(&self) -> &std::result::Result<(Runtime, ModelPack), ErrorReport> {
        self.loaded.get_or_init(|| self.try_load().map_err(|error| error.report()))
    }

    fn try_load(&self) -> Result<(Runtime, ModelPack)> {
        let pack = ModelPack::read(&self.folder)?;
        if (pack.id(), pack.image.dimension) != (self.id.clone(), self.dimension) {
            let reason = FaultCode::ModelUnexpected.with("path", pack.folder.as_path());
            return Err(Error::Model(reason.with("found", pack.id()).with("expected", self.id.as_str())));
        }
        let runtime = Runtime::load(&self.resources)?;
        Ok((runtime, pack))
    }

    /// Embeds a grey picture, which needs all that a photo needs. Returns the length of its vector.
    ///
    /// # Errors
    /// [`Error::Model`], [`Error::Inference`], [`Error::Dimension`].
    pub fn prove(&self) -> Result<usize> {
        let mut embedder = self.embedder()?;
        let side = embedder.side();
        let grey = Rgb { width: side, height: side, data: vec![128; side as usize * side as usize * 3] };
        Ok(embedder.embed(&grey)?.len())
    }

    /// A new session of the model.
    ///
    /// # Errors
    /// [`Error::Model`].
    pub fn embedder(&self) -> Result<Embedder> {
        match (self.load(), self.broken.get()) {
            (Ok((runtime, pack)), None) => Embedder::load(runtime, pack).inspect_err(|error| {
                let report = self.broken.get_or_init(|| error.report());
                tracing::error!(reason = %report.reason, "the model is broken");
            }),
            (Err(report), _) | (_, Some(report)) => {
                Err(Error::Model(report.reason.clone().within(FaultCode::SimilarUnavailable)))
            }
        }
    }
}
