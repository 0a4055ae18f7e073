//! A drawn comic as a file of the person's choice.

use std::path::Path;

use crate::catalog::Catalog;
use crate::decoder::{DecodeOrder, Decoders, Encoding, Job};
use crate::error::{Error, Result};
use crate::platform::files::export_durably;
use crate::types::{FaultCode, ReasonCode};

/// Refuses to replace a photo: one of `inputs`, or any file in a folder of the library, under whatever name.
///
/// # Errors
/// [`Error::Invalid`], with what to do.
pub fn check_place(catalog: &Catalog, out: &Path, inputs: &[&Path]) -> Result<()> {
    check_inputs(out, inputs)?;
    // The name itself, and what a link of that name leads to.
    let named = out.parent().and_then(|folder| Some(folder.canonicalize().ok()?.join(out.file_name()?)));
    let is_there = out.symlink_metadata().is_ok();
    let places: Vec<_> = named.into_iter().chain(out.canonicalize()).filter(|_| is_there).collect();
    for root in catalog.roots()? {
        let folder = root.path.canonicalize().unwrap_or(root.path);
        if places.iter().any(|place| place.starts_with(&folder)) {
            return Err(would_replace(out));
        }
    }
    match out.metadata() {
        Ok(file) if catalog.files_of_size(file.len())?.iter().any(|path| is_same(path, out)) => {
            Err(would_replace(out))
        }
        _ => Ok(()),
    }
}

/// Refuses to replace one of `inputs`.
///
/// # Errors
/// [`Error::Invalid`], with what to do.
pub fn check_inputs(out: &Path, inputs: &[&Path]) -> Result<()> {
    if inputs.iter().any(|input| is_same(input, out)) { Err(would_replace(out)) } else { Ok(()) }
}

/// Whether two names lead to one file. Opens neither: that of a pipe would wait.
#[cfg(unix)]
fn is_same(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (one.metadata(), other.metadata()) {
        (Ok(one), Ok(other)) => (one.dev(), one.ino()) == (other.dev(), other.ino()),
        _ => false,
    }
}

#[cfg(not(unix))]
fn is_same(one: &Path, other: &Path) -> bool {
    one.canonicalize().is_ok_and(|one| other.canonicalize().is_ok_and(|other| one == other))
}

fn would_replace(out: &Path) -> Error {
    Error::Invalid(FaultCode::WouldReplacePhoto.with("path", out))
}

/// Writes a drawn picture to `out`: byte for byte if the kinds agree (which keeps its marks of origin), else as PNG.
///
/// # Errors
/// When `out` has another ending, or cannot be written.
pub fn export(decoders: &Decoders, bytes: &[u8], out: &Path) -> Result<()> {
    let ending = out.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    let own_endings: &[&str] = match media_type(bytes) {
        "image/jpeg" => &["jpg", "jpeg"],
        "image/webp" => &["webp"],
        _ => &["png"],
    };
    if own_endings.contains(&ending.as_str()) {
        return export_durably(out, bytes);
    }
    if ending != "png" {
        return Err(Error::Invalid(FaultCode::ComicEnding.with("path", out)));
    }
    let order = DecodeOrder::encoded(u32::MAX, Encoding::Png);
    let answer = decoders.decode(&Job::of(out, bytes, order))?;
    export_durably(out, &answer.encoded.expect("it was ordered").bytes)
}

/// The media type of a drawn picture, as its bytes say.
pub fn media_type(bytes: &[u8]) -> &'static str {
    match image::guess_format(bytes) {
        Ok(image::ImageFormat::Jpeg) => "image/jpeg",
        Ok(image::ImageFormat::WebP) => "image/webp",
        _ => "image/png",
    }
}
