//! A model pack: a folder with `model.toml` and the files that it names.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::types::{FaultCode, ReasonCode};

/// What `model.toml` says.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelPack {
    /// Short name, such as `efficientnet-lite0`.
    pub name: String,
    /// Raised when the vectors come out different: vectors of two versions are never compared.
    pub version: u32,
    /// SPDX expression.
    pub license: String,
    /// Where the weights come from.
    pub source: String,
    /// How a picture becomes a vector.
    pub image: ImageTower,
    /// How a text becomes a vector that can be compared with those of pictures.
    pub text: Option<TextTower>,
    /// What kinds of things a vector speaks of.
    pub classes: Option<ClassLayer>,
    /// Networks that find things in pictures.
    #[serde(default)]
    pub detectors: Vec<Detector>,
    /// The folder of the pack.
    #[serde(skip)]
    pub folder: PathBuf,
}

/// The network that reads pictures.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImageTower {
    /// The ONNX file.
    pub file: String,
    /// Its checksum in lower-case hexadecimal.
    pub sha256: String,
    /// The picture is squashed to a square of this side, in pixels.
    pub side: u32,
    /// Subtracted from each channel (0 to 255) before `std`.
    pub mean: [f32; 3],
    /// Divides each channel.
    pub std: [f32; 3],
    /// Name of the input: `[1, 3, side, side]`, RGB.
    pub input: String,
    /// Name of the output: `[1, dimension]`.
    pub output: String,
    /// Length of a vector.
    pub dimension: usize,
    /// Further outputs of the same run, by the name that the rest of the program knows, such as `logits`.
    #[serde(default)]
    pub extra: BTreeMap<String, ExtraOutput>,
}

/// An output beside the vector.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExtraOutput {
    /// Name of the output: `[1, length]`.
    pub output: String,
    /// How many numbers it has.
    pub length: usize,
}

/// The last layer of a classifier: from the vector of a picture to the logits of the ImageNet classes.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassLayer {
    /// Weights, a row for each class, then the biases: little-endian halves.
    pub file: String,
    /// Its checksum in lower-case hexadecimal.
    pub sha256: String,
    /// How many classes there are.
    pub length: usize,
    /// Mean length of the vectors before they are made unit vectors.
    pub norm: f32,
}

/// The network that reads texts.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TextTower {
    /// The ONNX file.
    pub file: String,
    /// Its checksum in lower-case hexadecimal.
    pub sha256: String,
    /// The tokenizer: a `tokenizer.json` as Hugging Face tokenizers write it.
    pub tokenizer: String,
    /// Its checksum.
    pub tokenizer_sha256: String,
    /// Tokens at most; further ones are cut off.
    pub tokens: usize,
    /// Name of the output: `[1, dimension]` of the pictures' vectors.
    pub output: String,
}

/// A network that finds things in pictures.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Detector {
    /// What it finds, such as `objects`.
    pub name: String,
    /// The ONNX file.
    pub file: String,
    /// Its checksum in lower-case hexadecimal.
    pub sha256: String,
    /// The picture is fitted into a square of this side, in pixels.
    pub side: u32,
}

impl ModelPack {
    /// Reads the pack in `folder`.
    ///
    /// # Errors
    /// [`Error::Model`] when a file is missing or does not say what it should.
    pub fn read(folder: &Path) -> Result<Self> {
        let path = folder.join("model.toml");
        let text = std::fs::read_to_string(&path).map_err(|error| unusable(&path, error))?;
        let pack = Self::parse(&text).map_err(|error| unusable(&path, error))?;
        Ok(Self { folder: folder.to_owned(), ..pack })
    }

    /// Reads the text of a `model.toml`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> std::result::Result<Self, String> {
        toml::from_str(text).map_err(|error| error.message().to_owned())
    }

    /// The name that vectors of this pack carry.
    pub fn id(&self) -> String {
        format!("{}@{}", self.name, self.version)
    }

    /// The names of its files, but for `model.toml`, with their checksums.
    pub fn files(&self) -> Vec<(&str, &str)> {
        let mut files = vec![(self.image.file.as_str(), self.image.sha256.as_str())];
        if let Some(text) = &self.text {
            files.push((&text.file, &text.sha256));
            files.push((&text.tokenizer, &text.tokenizer_sha256));
        }
        files.extend(self.classes.iter().map(|classes| (classes.file.as_str(), classes.sha256.as_str())));
        files
            .extend(self.detectors.iter().map(|detector| (detector.file.as_str(), detector.sha256.as_str())));
        files
    }

    /// Bytes of its files, as far as they are there.
    pub fn bytes(&self) -> u64 {
        let size = |name: &str| std::fs::metadata(self.folder.join(name)).map_or(0, |file| file.len());
        self.files().iter().map(|(name, _)| size(name)).sum()
    }

    /// Reads the ONNX file of the image tower and checks it.
    ///
    /// # Errors
    /// As [`Self::file`].
    pub fn image_model(&self) -> Result<Vec<u8>> {
        self.file(&self.image.file, &self.image.sha256)
    }

    /// Reads a file of the pack and checks it.
    ///
    /// # Errors
    /// [`Error::Model`] when it is missing or not the file that the pack means.
    pub fn file(&self, name: &str, expected: &str) -> Result<Vec<u8>> {
        checked_file(&self.folder, name, expected)
    }
}

/// Reads a file of a pack and checks it.
pub(super) fn checked_file(folder: &Path, name: &str, expected: &str) -> Result<Vec<u8>> {
    let path = folder.join(name);
    let bytes = std::fs::read(&path).map_err(|error| unusable(&path, error))?;
    let sha256 = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    if sha256 != expected {
        return Err(Error::Model(FaultCode::ModelChecksum.with("path", path.as_path())));
    }
    Ok(bytes)
}

/// A model, or a file of it, that cannot be used.
pub(super) fn unusable(path: &Path, cause: impl Display) -> Error {
    Error::Model(FaultCode::ModelUnusable.because(cause).with("path", path))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOML: &str = r#"
        name = "tiny"
        version = 3
        license = "MIT"
        source = "made for the test"
        [image]
        file = "tiny.onnx"
        sha256 = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
        side = 224
        mean = [127.0, 127.0, 127.0]
        std = [128.0, 128.0, 128.0]
        input = "image"
        output = "embedding"
        dimension = 4
    "#;

    #[test]
    fn a_changed_or_missing_file_is_refused_with_its_name() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("model.toml"), TOML).unwrap();
        let pack = ModelPack::read(folder.path()).unwrap();
        assert_eq!(pack.id(), "tiny@3");
        assert!(pack.image_model().unwrap_err().to_string().contains("tiny.onnx"));
        std::fs::write(folder.path().join("tiny.onnx"), "hello").unwrap();
        assert_eq!(pack.image_model().unwrap(), b"hello");
        std::fs::write(folder.path().join("tiny.onnx"), "hellO").unwrap();
        assert!(pack.image_model().unwrap_err().to_string().contains("checksum"));
    }

    #[test]
    fn a_misspelt_field_is_named() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("model.toml"), TOML.replace("side =", "sise =")).unwrap();
        assert!(ModelPack::read(folder.path()).unwrap_err().to_string().contains("sise"));
    }

    #[test]
    fn a_pack_may_have_more_than_an_image_tower() {
        let more = r#"
            [image.extra.logits]
            output = "classes"
            length = 1000
            [text]
            file = "text.onnx"
            sha256 = ""
            tokenizer = "tokenizer.json"
            tokenizer_sha256 = ""
            tokens = 77
            output = "text_embedding"
            [[detectors]]
            name = "objects"
            file = "objects.onnx"
            sha256 = ""
            side = 416
        "#;
        let pack = ModelPack::parse(&format!("{TOML}{more}")).unwrap();
        assert_eq!(pack.image.extra["logits"].length, 1000);
        assert_eq!(pack.text.map(|text| text.tokens), Some(77));
        assert_eq!(pack.detectors[0].side, 416);
    }
}
