//! Why a file gives no picture.

use serde::{Deserialize, Serialize};

use crate::types::{FileCode, MAX_PIXELS, Reason, ReasonCode};

/// Why a file gives no picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{}", Reason::from(self))]
#[non_exhaustive]
pub enum DecodeError {
    /// Not one of the kinds that this build decodes; its name, if the file says one.
    Unsupported(Option<String>),
    /// The kind is known, but this file uses a part of it that is not.
    Lacking {
        /// Name of the kind.
        kind: String,
        /// What is needed.
        needs: Need,
    },
    /// The file has no bytes.
    Empty,
    /// The file ends too early.
    Truncated,
    /// The file is named as a picture and is none.
    NotAPicture,
    /// The file is damaged.
    Corrupt(String),
    /// The picture would take too much memory.
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
#[error("{}", Reason::from(self))]
pub enum Harm {
    /// The worker ended, twice.
    Crashed(String),
    /// It took too long.
    TooSlow(u64),
    /// It made our own code fail, outside the worker.
    Ours,
    /// It wanted too much memory.
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
            DecodeError::NotAPicture => FileCode::NotAPicture.reason(),
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
