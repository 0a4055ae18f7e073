//! The thumbnails on disk, named by the content of their photo: a moved or copied photo needs no new one.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::PathBuf;

use crate::error::Result;
use crate::image::thumbnail::VERSION;
use crate::platform::files::write_synced;
use crate::types::ContentHash;

/// How a JPEG begins and ends.
const START: [u8; 2] = [0xFF, 0xD8];
const END: [u8; 2] = [0xFF, 0xD9];

/// A folder of thumbnails. It can be deleted at any time; what is missing or damaged is made again.
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

    /// Writes a thumbnail whole or not at all, also where the power fails.
    ///
    /// # Errors
    /// [`Error::Write`], for a full disk too.
    pub fn write(&self, content: ContentHash, jpeg: &[u8]) -> Result<()> {
        write_synced(&self.path(content), jpeg)
    }

    /// Reads a thumbnail; `None` when it is not there as it was written.
    pub fn read(&self, content: ContentHash) -> Option<Vec<u8>> {
        std::fs::read(self.path(content)).ok().filter(|jpeg| jpeg.starts_with(&START) && jpeg.ends_with(&END))
    }

    /// Whether [`Self::read`] has it; reads its ends alone.
    pub fn contains(&self, content: ContentHash) -> bool {
        File::open(self.path(content)).and_then(|mut file| has_both_ends(&mut file)).unwrap_or(false)
    }
}

fn has_both_ends(file: &mut File) -> std::io::Result<bool> {
    let (mut start, mut end) = (START, END);
    file.read_exact(&mut start)?;
    file.seek(SeekFrom::End(-(END.len() as i64)))?;
    file.read_exact(&mut end)?;
    Ok(start == START && end == END)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_empty_or_has_lost_an_end_is_no_thumbnail() {
        let data = tempfile::tempdir().unwrap();
        let cache = ThumbnailCache::new(data.path());
        let content = ContentHash::of(b"a photo");
        let whole = [&START[..], &[7; 500], &END].concat();
        cache.write(content, &whole).unwrap();
        assert_eq!(cache.read(content).as_ref(), Some(&whole));
        assert!(cache.contains(content));
        let zeros = vec![0; whole.len()];
        for damaged in [&[][..], &START, &END[..1], &whole[..250], &whole[250..], &zeros] {
            std::fs::write(cache.path(content), damaged).unwrap();
            assert_eq!(cache.read(content), None, "{} bytes", damaged.len());
            assert!(!cache.contains(content), "{} bytes", damaged.len());
        }
    }
}
