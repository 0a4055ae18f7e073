//! Why a file gives no picture.

use serde::{Deserialize, Serialize};

use crate::types::{FileCode, MAX_PIXELS, Reason, ReasonCode};

/// Why a file gives no picture. Each text says what happened, and what to do where something can be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// Not one of the kinds that this build decodes; its name, if the file says one.
    #[error(
        "{} files cannot be shown yet. JPEG, HEIC, AVIF, JPEG XL, PNG, WebP, GIF, TIFF, BMP, QOI and RAW photos can",
        .0.as_deref().unwrap_or("such")
    )]
    Unsupported(Option<String>),
    /// The kind is known, but this file uses a part of it that is not.
    #[error("this {kind} photo needs something that Fotonovela cannot do yet: {needs:?}")]
    Lacking {
        /// Name of the kind.
        kind: String,
        /// What is needed.
        needs: Need,
    },
    /// The file has no bytes.
    #[error("the file is empty. It may still be downloading or copying")]
    Empty,
    /// The file ends too early.
    #[error("the file is cut off: its end is missing. Copy it again from where it came from")]
    Truncated,
    /// The file is damaged.
    #[error("the file is damaged ({0}). Copy it again from where it came from")]
    Corrupt(String),
    /// The picture would take too much memory.
    #[error("the picture is too large: {width} x {height} pixels, and the limit is {} megapixels", MAX_PIXELS / 1_000_000)]
    TooLarge {
        /// Width in pixels, as the header says.
        width: u32,
        /// Height in pixels, as the header says.
        height: u32,
    },
}

/// What a decoder lacks for a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Need {
    /// A codec, by its four letters.
    Codec(String),
    /// A matrix of colours, by its number in ITU-T H.273.
    ColorMatrix(u16),
    /// A layout of samples.
    Colors(String),
    /// A profile for inks, which the file does not bring.
    InkProfile,
    /// A preview, which the camera did not write.
    Preview,
    /// Something else, in the decoder's words.
    Feature(String),
}

/// What a file did to the worker that decoded it. The file is set aside.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Harm {
    /// The worker ended, twice.
    #[error("decoding it crashed the decoder ({0}); the file was set aside")]
    Crashed(String),
    /// It took too long.
    #[error("decoding it took longer than {0} s; the file was set aside")]
    TooSlow(u64),
    /// It made our own code fail, outside the worker.
    #[error("reading it failed inside Fotonovela; this is a fault of ours")]
    Ours,
    /// It wanted too much memory.
    #[error("decoding it needed more than {0} MB of memory; the file was set aside")]
    TooHungry(u64),
}

impl From<&DecodeError> for Reason {
    fn from(error: &DecodeError) -> Self {
        match error {
            DecodeError::Unsupported(Some(format)) => FileCode::Unsupported.with("format", &**format),
            DecodeError::Unsupported(None) => FileCode::UnsupportedKind.reason(),
            DecodeError::Lacking { kind, needs } => needs.reason().with("kind", &**kind),
            DecodeError::Empty => FileCode::Empty.reason(),
            DecodeError::Truncated => FileCode::Truncated.reason(),
            DecodeError::Corrupt(detail) => FileCode::Corrupt.because(detail),
            DecodeError::TooLarge { width, height } => FileCode::TooLarge
                .with("width", *width)
                .with("height", *height)
                .with("megapixels", MAX_PIXELS / 1_000_000),
        }
    }
}

impl Need {
    fn reason(&self) -> Reason {
        match self {
            Self::Codec(codec) => FileCode::LackingCodec.with("codec", &**codec),
            Self::ColorMatrix(matrix) => FileCode::LackingColorMatrix.with("matrix", u32::from(*matrix)),
            Self::Colors(colors) => FileCode::LackingColors.with("colors", &**colors),
            Self::InkProfile => FileCode::LackingInkProfile.reason(),
            Self::Preview => FileCode::LackingPreview.reason(),
            Self::Feature(detail) => FileCode::LackingFeature.because(detail),
        }
    }
}

impl From<&Harm> for Reason {
    fn from(harm: &Harm) -> Self {
        match harm {
            Harm::Crashed(detail) => FileCode::DecoderCrashed.because(detail),
            Harm::TooSlow(seconds) => FileCode::DecoderTooSlow.with("seconds", *seconds),
            Harm::Ours => FileCode::FailedInside.reason(),
            Harm::TooHungry(megabytes) => FileCode::DecoderTooHungry.with("megabytes", *megabytes),
        }
    }
}
