//! The file of a store: a header, a segment as it lies in memory, the checksums of its blocks. Written whole beside the old
//! one, which it then replaces; whatever is not as it should be counts as no file, for the catalogue can fill the store again.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{BufWriter, IntoInnerError, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use memmap2::Mmap;
use serde::{Deserialize, Serialize};

use super::bits::{self, FirstPass};
use super::layout::{COLUMNS, Column, HEADER, Layout, ZEROS};
use super::rows::Rows;
use super::segment::Segment;
use super::sums::SummingWriter;
use crate::error::{Error, Result};
use crate::vectors::{Collection, PointKind};

/// Raised when the meaning of any byte changes.
const VERSION: u32 = 3;

/// The first page, as JSON.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct FileHeader {
    version: u32,
    model: String,
    dimension: usize,
    rows: usize,
    has_photos: bool,
    has_bits: bool,
    /// Of the catalogue; its rows are in the file, and later ones may be.
    revision: i64,
    /// BLAKE3 of the checksums of the blocks, and of this header without it.
    checksum: String,
}

impl FileHeader {
    fn layout(&self) -> Layout {
        Layout {
            rows: self.rows,
            dimension: self.dimension,
            has_photos: self.has_photos,
            has_bits: self.has_bits,
        }
    }

    fn page(&self) -> Vec<u8> {
        let mut page = serde_json::to_vec(self).expect("plain values are JSON");
        assert!(page.len() <= HEADER, "names of models are short");
        page.resize(HEADER, b' ');
        page
    }

    /// With the checksum for these blocks.
    fn sealed(mut self, sums: &[u8]) -> Self {
        self.checksum = String::new();
        self.checksum =
            blake3::Hasher::new().update(sums).update(&self.page()).finalize().to_hex().to_string();
        self
    }
}

/// A file that is written and does not yet count.
pub(super) struct Draft {
    path: PathBuf,
    file: File,
    header: FileHeader,
    /// Kept from other processes until the file has its name.
    _lock: File,
}

impl Draft {
    /// Takes the place of the file at `path`, and returns its segment.
    pub(super) fn publish(self, path: &Path) -> Result<Segment> {
        let failed = |error| Error::write(path, error);
        let layout = self.header.layout();
        let map = map(&self.file).map_err(failed)?;
        std::fs::rename(&self.path, path).map_err(failed)?;
        Ok(Segment::of_file(map, layout))
    }

    /// Removes it.
    pub(super) fn discard(self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

/// Writes rows beside `path`. None: another process is writing there.
pub(super) fn draft(
    path: &Path,
    collection: &Collection,
    revision: i64,
    rows: &Rows<'_>,
) -> Result<Option<Draft>> {
    let beside = path.with_extension("new");
    let failed = |error| Error::write(&beside, error);
    let lock = File::create(path.with_extension("lock")).map_err(failed)?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(None),
        Err(TryLockError::Error(error)) => return Err(failed(error)),
    }
    // One that was left by a kill is written over.
    let mut options = OpenOptions::new();
    let file = options.read(true).write(true).create(true).truncate(true).open(&beside).map_err(failed)?;
    let header = FileHeader {
        version: VERSION,
        model: collection.model.clone(),
        dimension: collection.dimension,
        rows: rows.len(),
        has_photos: collection.kind == PointKind::Regions,
        has_bits: rows.len() >= bits::FROM_ROWS && collection.dimension >= bits::FROM_DIMENSION,
        revision,
        checksum: String::new(),
    };
    let written = write(&file, header, rows);
    if written.is_err() {
        let _ = std::fs::remove_file(&beside);
    }
    Ok(Some(Draft { header: written.map_err(failed)?, path: beside, file, _lock: lock }))
}

fn write(mut file: &File, header: FileHeader, rows: &Rows<'_>) -> std::io::Result<FileHeader> {
    let layout = header.layout();
    file.seek(SeekFrom::Start(HEADER as u64))?;
    // Rows are small pieces: they are gathered before they are summed.
    let mut out = BufWriter::with_capacity(1 << 20, SummingWriter::new(file));
    let encoded = layout.has_bits.then(|| FirstPass::of(rows));
    for column in &COLUMNS {
        match (column, &encoded) {
            (Column::Centre, Some(encoded)) => out.write_all(bytemuck::cast_slice(&encoded.centre))?,
            (Column::Marks, Some(encoded)) => out.write_all(bytemuck::cast_slice(&encoded.marks))?,
            (Column::Bits, Some(encoded)) => out.write_all(bytemuck::cast_slice(&encoded.bits))?,
            _ => rows.write(*column, &layout, &mut out)?,
        }
        out.write_all(&ZEROS[..layout.padding(*column)])?;
    }
    let sums = out.into_inner().map_err(IntoInnerError::into_error)?.finish()?;
    let header = header.sealed(&sums);
    file.seek(SeekFrom::Start(0))?;
    file.write_all(&header.page())?;
    file.sync_all()?;
    Ok(header)
}

/// The file of this collection, with the revision that its rows have reached; none where there is none that fits.
pub(super) fn open(path: &Path, collection: &Collection) -> Option<(Segment, i64)> {
    let file = File::open(path).ok()?;
    match read(&file, collection) {
        Ok(opened) => Some(opened),
        Err(reason) => {
            tracing::warn!(path = %path.display(), reason, "the vectors are read from the catalogue again");
            None
        }
    }
}

fn read(mut file: &File, collection: &Collection) -> std::result::Result<(Segment, i64), String> {
    let mut page = vec![0; HEADER];
    file.read_exact(&mut page).map_err(|error| error.to_string())?;
    let header: FileHeader = serde_json::from_slice(&page).map_err(|error| error.to_string())?;
    let has_photos = collection.kind == PointKind::Regions;
    let wanted = (VERSION, &collection.model, collection.dimension, has_photos);
    if (header.version, &header.model, header.dimension, header.has_photos) != wanted {
        return Err(format!("it is version {} for {} x {}", header.version, header.model, header.dimension));
    }
    // More rows than bytes: the sizes below cannot overflow.
    let length = file.metadata().map_err(|error| error.to_string())?.len();
    if header.rows as u64 > length || header.layout().in_file() as u64 != length {
        return Err(format!("it has {length} bytes"));
    }
    let segment = Segment::of_file(map(file).map_err(|error| error.to_string())?, header.layout());
    let (revision, checksum) = (header.revision, header.checksum.clone());
    if header.sealed(segment.sums()).checksum != checksum || !segment.starts_right() {
        return Err("its checksums are wrong".into());
    }
    Ok((segment, revision))
}

fn map(file: &File) -> std::io::Result<Mmap> {
    // SAFETY: files of stores are never changed once they have their name, only replaced; who changes them by hand
    // while the program runs gets wrong answers or a crash, as with its other files.
    unsafe { Mmap::map(file) }
}
