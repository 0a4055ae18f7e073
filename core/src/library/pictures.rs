//! Pictures for the window: thumbnails, originals, and what a file that hovers over it is.

use std::fs::File;
use std::io::Read;
use std::path::PathBuf;

use super::open::Library;
use crate::decoder::{DecodeOrder, Encoding, Job};
use crate::error::{Error, Result};
use crate::image::{self, metadata};
use crate::indexing::intake::PREFIX;
use crate::types::{DropKind, FaultCode, PhotoId, ReasonCode};

/// Quality of pictures that are encoded anew for the viewer.
const VIEWING_QUALITY: i32 = 92;
/// Longest side of such pictures: the most that web views draw in one piece.
const VIEWING_SIDE: u32 = 8192;

impl Library {
    /// The thumbnail of a photo, JPEG.
    ///
    /// # Errors
    /// [`Error::NotFound`] while there is none. One that was deleted from the cache is made again.
    pub fn thumbnail(&self, id: PhotoId) -> Result<Vec<u8>> {
        let not_found = || Error::NotFound(FaultCode::ThumbnailNotFound.reason());
        let content = self.catalog.photo_content(id)?.ok_or_else(not_found)?;
        if let Some(jpeg) = self.cache.read(content) {
            return Ok(jpeg);
        }
        self.catalog.forget_thumbnail(id)?;
        if let Some(indexer) = self.indexer().as_ref() {
            indexer.wake();
        }
        Err(not_found())
    }

    /// The camera's own small picture of a photo, JPEG: for the time until there is a thumbnail.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the file has none, [`Error::Read`] when it cannot be read.
    pub fn preview(&self, id: PhotoId) -> Result<Vec<u8>> {
        let path = self.catalog.photo_path(id)?;
        let mut start = Vec::new();
        File::open(&path)
            .and_then(|file| file.take(PREFIX).read_to_end(&mut start))
            .map_err(|error| Error::read(&path, error))?;
        metadata::preview(&start).ok_or_else(|| Error::NotFound(FaultCode::PreviewNotFound.reason()))
    }

    /// The file of a photo so that a web view shows it upright and in its colours: a JPEG, if it cannot show the file.
    ///
    /// # Errors
    /// When it cannot be read, or must be encoded anew and cannot be decoded.
    pub fn original(&self, id: PhotoId) -> Result<Vec<u8>> {
        let path = self.catalog.photo_path(id)?;
        let bytes = std::fs::read(&path).map_err(|error| Error::read(&path, error))?;
        if image::is_viewable(&bytes, &path) {
            return Ok(bytes);
        }
        let encoded = Some(Encoding::Jpeg(VIEWING_QUALITY));
        let order = DecodeOrder { side: VIEWING_SIDE, encoded, square: None };
        let answer = self.decoders.decode(&Job::of(&path, &bytes, order))?;
        Ok(answer.encoded.expect("it was ordered").bytes)
    }
}

/// What a drop of these paths would be.
pub fn drop_kind(paths: &[PathBuf]) -> DropKind {
    if paths.iter().any(|path| path.is_dir()) {
        return DropKind::Folder;
    }
    let is_picture = |path: &PathBuf| {
        let mut start = [0; 64];
        let read = File::open(path).and_then(|mut file| file.read(&mut start));
        read.is_ok_and(|length| crate::image::Format::sniff(&start[..length], path).is_ok())
    };
    if paths.iter().any(is_picture) { DropKind::Image } else { DropKind::Other }
}
