//! The classes of all photos, for searches by words: made of the catalogue's vectors, followed by revision, and kept in a
//! file that can always be made anew.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::catalog::Catalog;
use crate::error::Result;
use crate::inference::{ClassHead, ClassSketch, WordPack};
use crate::platform::files::write_whole;
use crate::types::{PhotoId, PointId, PointKind};

/// Vectors that are read at a time.
const PAGE: usize = 1000;
/// Fewer new photos than these are made again at the next start, within a tenth of a second.
const WORTH_A_FILE: usize = 200;
/// While many come in, the file is written when what it lacks is this share of all.
const SHARE_WHILE_FILLING: usize = 4;
/// After all rows of a revision.
const END: PointId = PointId(i64::MAX);
/// Raised when sketches come out different.
const VERSION: u64 = 1;
const ROW_BYTES: usize = 8 + 4 + ClassSketch::BYTES;

/// A photo and what it shows.
pub(super) struct ClassRow {
    pub(super) photo: PhotoId,
    /// See [`WordPack::kind_length`].
    pub(super) kind_length: f32,
    pub(super) sketch: ClassSketch,
}

/// See the module.
pub(super) struct ClassIndex {
    path: PathBuf,
    model: String,
    /// The revision of the catalogue that all rows have reached.
    revision: i64,
    /// The last row that was taken.
    after: (i64, PointId),
    /// The revision that is being made for.
    target: Option<i64>,
    rows: Vec<ClassRow>,
    places: HashMap<PhotoId, usize>,
    /// Rows that the file lacks.
    unwritten: usize,
}

impl ClassIndex {
    /// The index of a model's vectors, as its file has it; empty where there is none that fits.
    pub(super) fn open(data: &Path, model: &str) -> Self {
        let path = data.join("vectors").join(format!("{}.classes", model.replace(['/', '\\'], "_")));
        let mut index = Self {
            path,
            model: model.to_owned(),
            revision: 0,
            after: (0, END),
            target: None,
            rows: Vec::new(),
            places: HashMap::new(),
            unwritten: 0,
        };
        if let Some(bytes) = std::fs::read(&index.path).ok().and_then(checked) {
            index.revision = i64::from_le_bytes(bytes[8..16].try_into().expect("eight bytes"));
            index.after = (index.revision, END);
            bytes[16..].chunks_exact(ROW_BYTES).for_each(|row| index.put(read_row(row)));
        }
        index
    }

    pub(super) fn rows(&self) -> &[ClassRow] {
        &self.rows
    }

    /// What a photo shows.
    pub(super) fn row(&self, photo: PhotoId) -> Option<&ClassRow> {
        self.places.get(&photo).map(|place| &self.rows[*place])
    }

    /// Takes one more page of what the catalogue has newly. Whether the rows have reached its newest revision.
    pub(super) fn advance(&mut self, catalog: &Catalog, head: &ClassHead, pack: &WordPack) -> Result<bool> {
        let model = self.model.clone();
        let series = (model.as_str(), PointKind::Photos);
        let target = match self.target {
            Some(target) => target,
            None => self.begin(catalog, series)?,
        };
        if self.after == (target, END) {
            self.target = None;
            return Ok(true);
        }
        let page = catalog.vectors_after(self.after, target, series, PAGE)?;
        // Others of the last revision may be on the next page.
        (self.after, self.revision) = match page.last() {
            Some(last) => ((last.revision, last.id), last.revision - 1),
            None => ((target, END), target),
        };
        for row in &page {
            let sketch = head.sketch(&row.vector);
            self.put(ClassRow { photo: row.photo, kind_length: pack.kind_length(&sketch), sketch });
        }
        self.unwritten += page.len();
        let share = if page.is_empty() { 0 } else { self.rows.len() / SHARE_WHILE_FILLING };
        if self.unwritten >= WORTH_A_FILE.max(share) {
            self.write()?;
        }
        Ok(false)
    }

    /// Drops what the catalogue has no longer. Returns its newest revision, the next goal.
    fn begin(&mut self, catalog: &Catalog, series: (&str, PointKind)) -> Result<i64> {
        let newest = catalog.newest_revision()?;
        if self.revision > newest {
            // It is of another catalogue.
            self.rows.clear();
            self.places.clear();
            (self.revision, self.after) = (0, (0, END));
        }
        if self.revision < newest {
            for point in catalog.dropped_since(self.revision, series)? {
                self.drop_row(PhotoId(point.0));
            }
        }
        self.target = Some(newest);
        Ok(newest)
    }

    fn put(&mut self, row: ClassRow) {
        match self.places.get(&row.photo) {
            Some(place) => self.rows[*place] = row,
            None => {
                self.places.insert(row.photo, self.rows.len());
                self.rows.push(row);
            }
        }
    }

    fn drop_row(&mut self, photo: PhotoId) {
        if let Some(place) = self.places.remove(&photo) {
            self.rows.swap_remove(place);
            if let Some(moved) = self.rows.get(place) {
                self.places.insert(moved.photo, place);
            }
            self.unwritten += 1;
        }
    }

    fn write(&mut self) -> Result<()> {
        let mut bytes = Vec::with_capacity(16 + ROW_BYTES * self.rows.len() + blake3::OUT_LEN);
        bytes.extend(VERSION.to_le_bytes());
        bytes.extend(self.revision.to_le_bytes());
        for row in &self.rows {
            bytes.extend(row.photo.0.to_le_bytes());
            bytes.extend(row.kind_length.to_le_bytes());
            row.sketch.write(&mut bytes);
        }
        bytes.extend(blake3::hash(&bytes).as_bytes());
        write_whole(&self.path, &bytes)?;
        self.unwritten = 0;
        Ok(())
    }
}

/// The bytes of a file without its checksum, if that is right.
fn checked(mut bytes: Vec<u8>) -> Option<Vec<u8>> {
    let length = bytes.len().checked_sub(blake3::OUT_LEN)?;
    let is_right = blake3::hash(&bytes[..length]).as_bytes() == &bytes[length..];
    bytes.truncate(length);
    let is_whole = length >= 16 && (length - 16).is_multiple_of(ROW_BYTES);
    (is_right && is_whole && bytes[..8] == VERSION.to_le_bytes()).then_some(bytes)
}

fn read_row(bytes: &[u8]) -> ClassRow {
    ClassRow {
        photo: PhotoId(i64::from_le_bytes(bytes[..8].try_into().expect("eight bytes"))),
        kind_length: f32::from_le_bytes(bytes[8..12].try_into().expect("four bytes")),
        sketch: ClassSketch::read(&bytes[12..]),
    }
}

#[cfg(test)]
mod tests {
    use half::f16;

    use super::*;

    fn row(photo: i64) -> ClassRow {
        let mut bytes = Vec::new();
        for class in 0..u16::try_from(ClassSketch::BYTES / 4).unwrap() {
            bytes.extend(class.to_le_bytes());
            bytes.extend(f16::from_f32(photo as f32 / 100.0).to_le_bytes());
        }
        ClassRow { photo: PhotoId(photo), kind_length: photo as f32, sketch: ClassSketch::read(&bytes) }
    }

    #[test]
    fn rows_come_back_from_the_file_and_a_damaged_one_counts_as_none() {
        let data = tempfile::tempdir().unwrap();
        std::fs::create_dir(data.path().join("vectors")).unwrap();
        let mut index = ClassIndex::open(data.path(), "test@1");
        (0..30).for_each(|photo| index.put(row(photo)));
        index.drop_row(PhotoId(3));
        index.put(row(29));
        index.revision = 77;
        index.write().unwrap();
        let again = ClassIndex::open(data.path(), "test@1");
        assert_eq!((again.rows.len(), again.revision, again.after), (29, 77, (77, END)));
        let told = |index: &ClassIndex, photo| {
            let row = &index.rows[index.places[&PhotoId(photo)]];
            (row.photo, row.kind_length, row.sketch.clone())
        };
        for photo in (0..30).filter(|photo| *photo != 3) {
            assert_eq!(told(&again, photo), told(&index, photo));
        }
        let whole = std::fs::read(&index.path).unwrap();
        for at in [0, 9, 40, whole.len() - 1] {
            let mut bytes = whole.clone();
            bytes[at] ^= 1;
            std::fs::write(&index.path, bytes).unwrap();
            assert!(ClassIndex::open(data.path(), "test@1").rows.is_empty(), "byte {at}");
        }
        std::fs::write(&index.path, &whole[..whole.len() - 1]).unwrap();
        assert!(ClassIndex::open(data.path(), "test@1").rows.is_empty());
    }
}
