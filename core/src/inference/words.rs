//! The bundled word pack: from words to scores of the ImageNet classes, in English and, noun by noun, in Spanish.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::classes::halves;
use super::onnx::Runtime;
use super::pack::{TextTower, checked_file, unusable};
use super::{ClassSketch, TextEncoder};
use crate::error::Result;
use crate::vectors::{add_scaled, dot, normalise};

/// The folder of the pack.
const FOLDER: &str = "words";
/// How sharply a sentence picks classes: cosines are divided by this.
const SHARPNESS: f32 = 0.05;

/// What `words.toml` says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WordToml {
    /// Raised when scores come out different.
    #[serde(rename = "version")]
    _version: u32,
    #[serde(rename = "license")]
    _license: String,
    #[serde(rename = "source")]
    _source: String,
    text: TextTower,
    classes: ClassVectors,
    spanish: PackFile,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ClassVectors {
    file: String,
    sha256: String,
    length: usize,
    dimension: usize,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PackFile {
    file: String,
    sha256: String,
}

/// See the module.
pub struct WordPack {
    runtime: Runtime,
    folder: PathBuf,
    text: TextTower,
    /// Loaded with the first sentence.
    encoder: Option<TextEncoder>,
    /// A unit vector for each class.
    classes: Vec<f32>,
    /// The same, each less the mean of all: what sets a class apart.
    apart: Vec<f32>,
    mean: Vec<f32>,
    /// Lines of Spanish words and what they are in English.
    spanish: String,
}

impl WordPack {
    /// Loads the pack of the app's own files.
    ///
    /// # Errors
    /// [`crate::error::Error::Model`].
    pub fn load(runtime: &Runtime, resources: &Path) -> Result<Self> {
        let folder = resources.join("models").join(FOLDER);
        let path = folder.join("words.toml");
        let toml: WordToml = std::fs::read_to_string(&path)
            .map_err(|error| unusable(&path, error))
            .and_then(|text| toml::from_str(&text).map_err(|error| unusable(&path, error.message())))?;
        let ClassVectors { file, sha256, length, dimension } = &toml.classes;
        let classes = halves(&checked_file(&folder, file, sha256)?);
        if classes.len() != length * dimension {
            return Err(unusable(&folder.join(file), "it has another size than the pack says"));
        }
        let mean = mean_of(&classes, *dimension);
        let apart = classes.chunks_exact(*dimension).flat_map(|class| less(class, &mean)).collect();
        let spanish = checked_file(&folder, &toml.spanish.file, &toml.spanish.sha256)?;
        let spanish = String::from_utf8(spanish).map_err(|error| unusable(&path, error))?;
        let (runtime, text) = (runtime.clone(), toml.text);
        Ok(Self { runtime, folder, text, encoder: None, classes, apart, mean, spanish })
    }

    /// Lines `word,word=english|english`.
    pub fn spanish(&self) -> &str {
        &self.spanish
    }

    /// Whether the network knows a word as a whole, and not only by parts of it.
    ///
    /// # Errors
    /// As [`Self::scores`].
    pub fn knows(&mut self, word: &str) -> Result<bool> {
        let word = word.to_lowercase();
        let encoder = self.encoder()?;
        // Plurals too.
        Ok(encoder.knows(&word) || word.strip_suffix('s').is_some_and(|one| encoder.knows(one)))
    }

    fn encoder(&mut self) -> Result<&mut TextEncoder> {
        match &mut self.encoder {
            Some(encoder) => Ok(encoder),
            empty => Ok(empty.insert(TextEncoder::load(&self.runtime, &self.folder, &self.text)?)),
        }
    }

    /// What a sentence makes of each class.
    ///
    /// # Errors
    /// [`crate::error::Error::Model`] when the text tower is missing, [`crate::error::Error::Inference`].
    pub fn scores(&mut self, sentence: &str) -> Result<ClassScores> {
        let vector = self.encoder()?.encode(sentence)?;
        let dimension = vector.len();
        let cosines: Vec<_> = self.classes.chunks_exact(dimension).map(|class| dot(class, &vector)).collect();
        let largest = cosines.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let mut mixture: Vec<_> =
            cosines.iter().map(|cosine| ((cosine - largest) / SHARPNESS).exp()).collect();
        let all: f32 = mixture.iter().sum();
        mixture.iter_mut().for_each(|share| *share /= all);
        let mut apart = less(&vector, &self.mean).collect::<Vec<_>>();
        normalise(&mut apart);
        let kind = self.apart.chunks_exact(dimension).map(|class| dot(class, &apart)).collect();
        Ok(ClassScores { mixture, kind })
    }

    /// What each class brings to the cosine of a photo's kind with that of pictures with these classes, each with its
    /// weight, before it is divided by the photo's [`Self::kind_length`].
    pub fn kind_of(&self, sketches: &[(f32, ClassSketch)]) -> Vec<f32> {
        let mut sum = vec![0.0; self.mean.len()];
        for (weight, sketch) in sketches {
            let mut kind = self.kind(sketch);
            normalise(&mut kind);
            add_scaled(&mut sum, *weight, &kind);
        }
        normalise(&mut sum);
        self.apart.chunks_exact(sum.len()).map(|class| dot(class, &sum)).collect()
    }

    /// Length of the kind vector of a photo.
    pub fn kind_length(&self, sketch: &ClassSketch) -> f32 {
        let kind = self.kind(sketch);
        dot(&kind, &kind).sqrt()
    }

    /// The kind vector of a photo: the sum of its classes' vectors, each less the mean, by their shares.
    fn kind(&self, sketch: &ClassSketch) -> Vec<f32> {
        let dimension = self.mean.len();
        let mut kind = vec![0.0; dimension];
        for (class, share) in sketch.shares() {
            let row = &self.apart[class * dimension..(class + 1) * dimension];
            add_scaled(&mut kind, share, row);
        }
        kind
    }
}

/// What a sentence makes of each class.
#[derive(Clone, Debug)]
pub struct ClassScores {
    /// How much the sentence means this class; all together 1.
    pub mixture: Vec<f32>,
    /// The part of a photo's cosine with the sentence that this class brings, before it is divided by
    /// [`WordPack::kind_length`].
    pub kind: Vec<f32>,
}

fn mean_of(rows: &[f32], dimension: usize) -> Vec<f32> {
    let mut mean = vec![0.0; dimension];
    for row in rows.chunks_exact(dimension) {
        add_scaled(&mut mean, 1.0, row);
    }
    let count = (rows.len() / dimension) as f32;
    mean.iter_mut().for_each(|sum| *sum /= count);
    mean
}

fn less<'a>(vector: &'a [f32], mean: &'a [f32]) -> impl Iterator<Item = f32> + 'a {
    vector.iter().zip(mean).map(|(value, mean)| value - mean)
}
