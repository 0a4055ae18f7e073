//! The thumbnails on disk, named by the content of their photo: a moved or copied photo needs no new one.

use std::path::PathBuf;

use crate::error::Result;
use crate::image::thumbnail::VERSION;
use crate::platform::files::write_whole;
use crate::types::ContentHash;

/// A folder of thumbnails. It can be deleted at any time; what is missing is made again.
#[derive(Clone, Debug)]
pub struct ThumbnailCache {
    folder: PathBuf,
}

impl ThumbnailCache {
    /// The cache below the data folder.
    pub fn new(data: &std::path::Path) -> Self {
        Self { folder: data.join("thumbnails").join(format!("v{VERSION}")) }
    }

    fn path(&self, content: ContentHash) -> PathBuf {
        let name = content.to_hex();
        // 256 folders keep each one small, also for 100,000 photos.
        self.folder.join(&name[..2]).join(format!("{name}.jpg"))
    }

    /// Writes a thumbnail whole or not at all.
    ///
    /// # Errors
    /// [`Error::Write`], for a full disk too.
    pub fn write(&self, content: ContentHash, jpeg: &[u8]) -> Result<()> {
        write_whole(&self.path(content), jpeg)
    }

    /// Reads a thumbnail; `None` when it is not there.
    pub fn read(&self, content: ContentHash) -> Option<Vec<u8>> {
        std::fs::read(self.path(content)).ok()
    }

    /// Whether the thumbnail is there.
    pub fn contains(&self, content: ContentHash) -> bool {
        self.path(content).is_file()
    }
}
