//! The image tower of a model pack, run by ONNX Runtime.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use ort::environment::Environment;
use ort::session::builder::GraphOptimizationLevel;
use ort::session::{Session, SessionOutputs};
use ort::value::TensorRef;

use super::ModelPack;
use super::pack::unusable;
use crate::error::{Error, Result};
use crate::pixels::Rgb;
use crate::types::{FaultCode, ReasonCode};

/// The one of this process: ONNX Runtime can neither be loaded a second time nor unloaded.
static LOADED: Mutex<Option<Runtime>> = Mutex::new(None);

/// ONNX Runtime, loaded. Clones share it.
#[derive(Clone)]
pub struct Runtime {
    environment: Environment,
    library: PathBuf,
}

impl Runtime {
    /// Loads the library from the app's own folder; the variable ORT_DYLIB_PATH goes before it.
    ///
    /// # Errors
    /// [`Error::Model`] when it is missing or of a version that does not fit.
    pub fn load(resources: &Path) -> Result<Self> {
        let failed = |library: &Path, cause: String| {
            Error::Model(FaultCode::RuntimeUnusable.because(cause).with("path", library))
        };
        let missing = |folder: &Path| Error::Model(FaultCode::RuntimeMissing.with("path", folder));
        let folder = resources.join("onnxruntime");
        let library = match std::env::var_os("ORT_DYLIB_PATH") {
            Some(path) => PathBuf::from(path),
            None => find_library(&folder).ok_or_else(|| missing(&folder))?,
        };
        let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(runtime) = loaded.as_ref() {
            return Ok(runtime.clone());
        }
        let environment = ort::init_from(&library)
            .map_err(|error| failed(&library, error.to_string()))?
            // It would report to its makers; nothing leaves the machine.
            .with_telemetry(false)
            .build()
            .map_err(|error| failed(&library, error.to_string()))?;
        Ok(loaded.insert(Self { environment, library }).clone())
    }

    /// What sessions are made in.
    pub(super) fn environment(&self) -> &Environment {
        &self.environment
    }

    /// The file that was loaded.
    pub fn library(&self) -> &Path {
        &self.library
    }
}

fn find_library(folder: &Path) -> Option<PathBuf> {
    let names = std::fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path());
    names.into_iter().find(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        ["libonnxruntime.so", "libonnxruntime.dylib", "libonnxruntime.1", "onnxruntime.dll"]
            .iter()
            .any(|start| name.starts_with(start))
    })
}

/// Turns pictures into vectors. Each thread has its own: two with one thread each do more than one with two.
pub struct Embedder {
    session: Session,
    pack: ModelPack,
}

impl Embedder {
    /// Loads the model of `pack`.
    ///
    /// # Errors
    /// [`Error::Model`].
    pub fn load(runtime: &Runtime, pack: &ModelPack) -> Result<Self> {
        let model = pack.image_model()?;
        let session = Session::builder(&runtime.environment)
            .and_then(|builder| Ok(builder.with_optimization_level(GraphOptimizationLevel::All)?))
            .and_then(|builder| Ok(builder.with_intra_threads(1)?))
            .and_then(|mut builder| builder.commit_from_memory(&model))
            .map_err(|error| unusable(&pack.folder, error))?;
        Ok(Self { session, pack: pack.clone() })
    }

    /// Side of the square picture that [`Self::embed`] takes, in pixels.
    pub fn side(&self) -> u32 {
        self.pack.image.side
    }

    /// The unit vector of an upright picture of exactly `side` x `side` pixels.
    ///
    /// # Errors
    /// As [`Self::run`].
    pub fn embed(&mut self, picture: &Rgb) -> Result<Vec<f32>> {
        Ok(self.run(picture)?.vector)
    }

    /// The unit vector and the further outputs of an upright picture of exactly `side` x `side` pixels.
    ///
    /// # Errors
    /// [`Error::Inference`] when the model fails or returns anything but a vector, [`Error::Dimension`] when an output is of
    /// another length than the pack says.
    pub fn run(&mut self, picture: &Rgb) -> Result<Embedding> {
        let tower = &self.pack.image;
        let side = i64::from(tower.side);
        let tensor = planes(picture, tower.mean, tower.std);
        let input = TensorRef::from_array_view(([1, 3, side, side], tensor.as_slice())).map_err(inference)?;
        let outputs = self.session.run(ort::inputs![tower.input.as_str() => input]).map_err(inference)?;
        let values = output(&outputs, &tower.output, tower.dimension)?;
        let vector = unit(values)
            .ok_or_else(|| Error::Inference("it answered no direction (zeros or no numbers)".into()))?;
        let extra = tower
            .extra
            .iter()
            .map(|(name, extra)| Ok((name.clone(), output(&outputs, &extra.output, extra.length)?.to_vec())))
            .collect::<Result<_>>()?;
        Ok(Embedding { vector, extra })
    }
}

/// What a model makes of a picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Embedding {
    /// Of unit length.
    pub vector: Vec<f32>,
    /// Further outputs by the pack's names for them, as the model gave them.
    pub extra: BTreeMap<String, Vec<f32>>,
}

fn output<'a>(outputs: &'a SessionOutputs<'_>, name: &str, length: usize) -> Result<&'a [f32]> {
    let output = outputs.get(name).ok_or_else(|| Error::Inference(format!("it has no output {name}")))?;
    let (_, values) = output.try_extract_tensor::<f32>().map_err(inference)?;
    if values.len() == length {
        Ok(values)
    } else {
        Err(Error::Dimension { expected: length, got: values.len() })
    }
}

pub(super) fn inference(error: ort::Error) -> Error {
    Error::Inference(error.to_string())
}

/// RGB bytes to normalised planes: all red, then all green, then all blue.
fn planes(picture: &Rgb, mean: [f32; 3], std: [f32; 3]) -> Vec<f32> {
    let normalised: [[f32; 256]; 3] = std::array::from_fn(|channel| {
        std::array::from_fn(|value| (value as f32 - mean[channel]) / std[channel])
    });
    let size = picture.data.len() / 3;
    let mut planes = vec![0.0; 3 * size];
    let (red, rest) = planes.split_at_mut(size);
    let (green, blue) = rest.split_at_mut(size);
    for (at, pixel) in picture.data.chunks_exact(3).enumerate() {
        red[at] = normalised[0][usize::from(pixel[0])];
        green[at] = normalised[1][usize::from(pixel[1])];
        blue[at] = normalised[2][usize::from(pixel[2])];
    }
    planes
}

pub(super) fn unit(values: &[f32]) -> Option<Vec<f32>> {
    let norm = values.iter().map(|value| value * value).sum::<f32>().sqrt();
    (norm.is_finite() && norm > 0.0).then(|| values.iter().map(|value| value / norm).collect())
}
