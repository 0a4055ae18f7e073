//! Pictures for the window: thumbnails, originals, what a file that hovers over it is, and what confines their decoders.

use std::io::Read;
use std::path::{Path, PathBuf};

use super::open::Library;
use crate::decoder::{DecodeOrder, Encoding, FilePart, Job};
use crate::error::{Error, Result};
use crate::image::{Format, thumbnail};
use crate::indexing::intake::PREFIX;
use crate::platform::reading::{open_regular, read_picture};
use crate::types::{Confinement, DropKind, FaultCode, PhotoId, ReasonCode};

/// How pictures for the viewer are encoded.
const VIEWING: Encoding = Encoding::Jpeg(92);
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
        open_regular(&path)
            .and_then(|file| file.take(PREFIX).read_to_end(&mut start))
            .map_err(|error| Error::read(&path, error))?;
        let order = DecodeOrder { part: FilePart::Preview, ..DecodeOrder::encoded(thumbnail::SIDE, VIEWING) };
        let answer = self.decoders.decode(&Job::of(&path, &start, order));
        let made = answer.map_err(|_| Error::NotFound(FaultCode::PreviewNotFound.reason()))?;
        Ok(made.encoded.expect("it was ordered").bytes)
    }

    /// What holds the processes back that read foreign files.
    ///
    /// # Errors
    /// [`Error::Decoder`] when none can be started.
    pub fn confinement(&self) -> Result<Confinement> {
        self.decoders.confinement()
    }

    /// A photo for the viewer: a JPEG, upright and in sRGB.
    ///
    /// # Errors
    /// When it cannot be read or decoded.
    pub fn original(&self, id: PhotoId) -> Result<Vec<u8>> {
        let path = self.catalog.photo_path(id)?;
        self.for_view(&read_picture(&path)?, &path)
    }

    /// A photo for other programs: its file, if it is of a kind that most of them read, else a JPEG of it.
    ///
    /// # Errors
    /// When it cannot be read or decoded.
    pub fn copied(&self, id: PhotoId) -> Result<Vec<u8>> {
        let path = self.catalog.photo_path(id)?;
        let bytes = read_picture(&path)?;
        let format = Format::sniff(&bytes, &path).ok();
        if format.and_then(Format::web_media_type).is_some() {
            Ok(bytes)
        } else {
            self.for_view(&bytes, &path)
        }
    }

    /// Pixels that our decoder made of a foreign picture: what the web view decodes is never foreign.
    pub(super) fn for_view(&self, bytes: &[u8], path: &Path) -> Result<Vec<u8>> {
        let order = DecodeOrder::encoded(VIEWING_SIDE, VIEWING);
        let answer = self.decoders.decode(&Job::of(path, bytes, order))?;
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
        let read = open_regular(path).and_then(|mut file| file.read(&mut start));
        read.is_ok_and(|length| Format::sniff(&start[..length], path).is_ok())
    };
    if paths.iter().any(is_picture) { DropKind::Image } else { DropKind::Other }
}
