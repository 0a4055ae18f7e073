//! From the bytes of a file to pixels: decode, orient, thumbnail, metadata. Knows no catalogue and no model.

/// Why a file gives no picture. Each text says what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// Not one of the kinds that this build decodes.
    #[error("{0} files are not supported yet")]
    Unsupported(String),
}
