//! What a decoder is asked, and what it gives back.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::limits::Limits;

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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DecodeOutput {
    /// If it was ordered.
    pub encoded: Option<EncodedImage>,
    /// RGB pixels of the square, row by row, if they were ordered.
    pub square: Option<crate::pixels::Rgb>,
}

impl DecodeOutput {
    /// Whether it has just what was ordered.
    pub(super) fn fulfils(&self, order: &DecodeOrder) -> bool {
        let square = self.square.as_ref().map(|square| square.width);
        self.encoded.is_some() == order.encoded.is_some() && square == order.square
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
