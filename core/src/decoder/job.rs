//! What a decoder is asked, and what it gives back.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::limits::Limits;
use crate::pixels::Rgb;
use crate::types::Facts;

/// Seconds of the processor to read what a file says of its photo.
const FACTS_SECONDS: u64 = 5;

/// The program that decodes, and what each file may cost.
#[derive(Clone, Debug)]
pub struct Program {
    /// What is started.
    pub path: PathBuf,
    /// With these arguments; it must then call [`worker::run`](super::worker::run).
    pub arguments: Vec<OsString>,
    /// What one file may cost.
    pub limits: Limits,
    /// How long one file may take by the clock. Only a worker that stands still takes so long: the processor's time
    /// is limited by [`Limits::seconds`].
    pub timeout: Duration,
}

impl Program {
    /// A program of this path and these arguments, with the usual limits.
    pub fn new(path: PathBuf, arguments: &[&str]) -> Self {
        Self {
            path,
            arguments: arguments.iter().map(OsString::from).collect(),
            limits: Limits::default(),
            timeout: Duration::from_secs(120),
        }
    }

    /// What a file may cost: to read what it says of its photo takes milliseconds.
    pub(super) fn limits_for(&self, order: &DecodeOrder) -> Limits {
        let seconds =
            if order.has_pixels() { self.limits.seconds } else { self.limits.seconds.min(FACTS_SECONDS) };
        Limits { seconds, ..self.limits }
    }

    /// This very program with the argument `decode-worker`.
    pub fn this() -> Self {
        // The link leads to the file that runs, also when an update has put another in its place.
        let path = if cfg!(target_os = "linux") {
            PathBuf::from("/proc/self/exe")
        } else {
            std::env::current_exe().unwrap_or_else(|_| PathBuf::from("fotonovela"))
        };
        Self::new(path, &["decode-worker"])
    }
}

/// What is to be made of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecodeOrder {
    /// Decoded so that the longer side has at least this many pixels, or all it has.
    pub side: u32,
    /// An upright picture with the longer side at most `side`.
    pub encoded: Option<Encoding>,
    /// An upright picture squashed to a square of this side, as image models want it.
    pub square: Option<u32>,
    /// The pixels of an upright picture with the longer side at most `side`, to look at parts of it.
    pub pixels: bool,
    /// Whether what the file says of its photo is wanted.
    pub facts: bool,
    /// What is read.
    pub part: FilePart,
}

impl DecodeOrder {
    /// What a file says of its photo, and no pixels; of the start of a file, if it holds the header.
    pub const FACTS: Self =
        Self { side: 0, encoded: None, square: None, pixels: false, facts: true, part: FilePart::Photo };

    /// The picture alone, encoded.
    pub fn encoded(side: u32, encoding: Encoding) -> Self {
        Self { side, encoded: Some(encoding), facts: false, ..Self::FACTS }
    }

    /// Whether the picture is to be decoded.
    pub(super) fn has_pixels(&self) -> bool {
        self.encoded.is_some() || self.square.is_some() || self.pixels
    }
}

/// What of a file is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FilePart {
    /// The photo.
    Photo,
    /// The small picture that its camera put beside it.
    Preview,
    /// All of it, as an XMP sidecar of a photo.
    Sidecar,
    /// All of it, as what Google's export says of a photo.
    Export,
}

/// How a picture is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Encoding {
    /// JPEG of this quality, 1 to 100.
    Jpeg(i32),
    /// PNG, which loses nothing.
    Png,
}

/// One picture to decode.
#[derive(Clone, Copy, Debug)]
pub struct Job<'a> {
    /// The file's name, which gives its kind where the content does not.
    pub name: &'a str,
    /// The whole file.
    pub bytes: &'a [u8],
    /// What is to be made of it.
    pub order: DecodeOrder,
}

impl<'a> Job<'a> {
    /// The bytes of the file at `path`; the worker gets its name only.
    pub fn of(path: &'a Path, bytes: &'a [u8], order: DecodeOrder) -> Self {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        Self { name, bytes, order }
    }
}

/// What was made of a picture.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DecodeOutput {
    /// If it was ordered.
    pub encoded: Option<EncodedImage>,
    /// RGB pixels of the square, row by row, if they were ordered.
    pub square: Option<Rgb>,
    /// If they were ordered.
    pub pixels: Option<Rgb>,
    /// If they were ordered.
    pub facts: Option<Box<FileDescription>>,
}

/// What a file says of its photo.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FileDescription {
    /// The name of its format; empty for a file beside a photo.
    pub format: String,
    /// Width in pixels, upright.
    pub width: u32,
    /// Height in pixels, upright.
    pub height: u32,
    /// The rest.
    pub facts: Facts,
    /// Of an export: the name that the photo had.
    pub title: Option<String>,
}

impl DecodeOutput {
    /// Whether it has just what was ordered.
    pub(super) fn fulfils(&self, order: &DecodeOrder) -> bool {
        let square = self.square.as_ref().map(|square| square.width);
        let has_facts = self.facts.is_some();
        let is_fitting = |pixels: &Rgb| pixels.width.max(pixels.height) <= order.side;
        self.encoded.is_some() == order.encoded.is_some()
            && square == order.square
            && self.pixels.is_some() == order.pixels
            && self.pixels.as_ref().is_none_or(is_fitting)
            && has_facts == order.facts
    }
}

/// An upright picture, encoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncodedImage {
    /// Its file.
    pub bytes: Vec<u8>,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Its average colour: red, green and blue.
    pub average: [u8; 3],
}
