//! Rows that do not change any more, ordered by id: in memory where they are few and new, else in a mapped file.

use std::ops::Range;

use bytemuck::Pod;
use half::f16;
use half::slice::{HalfBitsSliceExt, HalfFloatSliceExt};
use memmap2::{Mmap, MmapMut};

use super::layout::{CHECKED, COLUMNS, Column, HEADER, Layout};
use super::sums;
use crate::types::PointId;
use crate::vectors::{Collection, Point, PointKind};

/// Steps of an 8-bit number on each side of zero.
const STEPS: f32 = 127.0;

/// See the module.
pub(super) struct Segment {
    map: Mmap,
    layout: Layout,
    is_in_file: bool,
}

impl Segment {
    /// The bytes of a mapped file, which are as many as the layout says.
    pub(super) fn of_file(map: Mmap, layout: Layout) -> Self {
        assert_eq!(map.len(), layout.in_file(), "who maps a file checks its length");
        Self { map, layout, is_in_file: true }
    }

    /// Encodes points, which are ordered by id without repetition.
    pub(super) fn of_points(points: &[&Point], collection: &Collection) -> std::io::Result<Self> {
        let dimension = collection.dimension;
        let has_photos = collection.kind == PointKind::Regions;
        let layout = Layout { rows: points.len(), dimension, has_photos, has_bits: false };
        let mut map = MmapMut::map_anon(layout.total())?;
        let mut halves = vec![f16::ZERO; dimension];
        let mut values = vec![0.0; dimension];
        let mut codes = vec![0_i8; dimension];
        for (row, point) in points.iter().enumerate() {
            halves.convert_from_f32_slice(&point.vector);
            halves.convert_to_f32_slice(&mut values);
            let (scale, error) = encode(&values, &mut codes);
            let mut put = |column: Column, bytes: &[u8]| {
                let start = layout.range(column).start + row * layout.cell(column);
                map[start..start + bytes.len()].copy_from_slice(bytes);
            };
            put(Column::Ids, &point.id.0.to_ne_bytes());
            if has_photos {
                put(Column::Photos, &point.photo.0.to_ne_bytes());
            }
            put(Column::Folders, &point.folder.0.to_ne_bytes());
            put(Column::Taken, &point.taken_at.to_ne_bytes());
            put(Column::Scales, &scale.to_ne_bytes());
            put(Column::Errors, &error.to_ne_bytes());
            put(Column::Codes, bytemuck::cast_slice(&codes));
            put(Column::Halves, bytemuck::cast_slice(halves.reinterpret_cast()));
        }
        Ok(Self { map: map.make_read_only()?, layout, is_in_file: false })
    }

    /// Bytes of this layout, in memory.
    pub(super) fn of_memory(map: MmapMut, layout: Layout) -> std::io::Result<Self> {
        Ok(Self { map: map.make_read_only()?, layout, is_in_file: false })
    }

    pub(super) fn len(&self) -> usize {
        self.layout.rows
    }

    pub(super) fn dimension(&self) -> usize {
        self.layout.dimension
    }

    pub(super) fn is_in_file(&self) -> bool {
        self.is_in_file
    }

    pub(super) fn has_bits(&self) -> bool {
        self.layout.has_bits
    }

    pub(super) fn has_photos(&self) -> bool {
        self.layout.has_photos
    }

    /// Which photos the rows are of.
    pub(super) fn photos(&self) -> &[i64] {
        self.column(if self.has_photos() { Column::Photos } else { Column::Ids })
    }

    /// All of a column.
    pub(super) fn column<T: Pod>(&self, column: Column) -> &[T] {
        bytemuck::cast_slice(self.bytes(column))
    }

    /// All of a column, as bytes.
    fn bytes(&self, column: Column) -> &[u8] {
        &self.map[self.layout.range(column)]
    }

    /// The checksums of a file's blocks.
    pub(super) fn sums(&self) -> &[u8] {
        &self.map[self.layout.total()..]
    }

    /// Whether the columns that a start reads are as they were written.
    pub(super) fn starts_right(&self) -> bool {
        self.is_right(0..self.layout.range(COLUMNS[CHECKED]).start - HEADER)
    }

    /// Bytes that have checksums; none in memory.
    pub(super) fn summed(&self) -> usize {
        if self.is_in_file { self.layout.total() - HEADER } else { 0 }
    }

    /// Whether the blocks that hold these bytes of [`Self::summed`] are as they were written.
    pub(super) fn is_right(&self, bytes: Range<usize>) -> bool {
        sums::are_right(&self.map[HEADER..self.layout.total()], self.sums(), bytes)
    }

    /// The bytes of one row of a column.
    pub(super) fn cell(&self, column: Column, row: usize) -> &[u8] {
        let size = self.layout.cell(column);
        let start = self.layout.range(column).start + row * size;
        &self.map[start..start + size]
    }

    /// The vector of a row, as the catalogue has it.
    pub(super) fn halves(&self, row: usize) -> &[u16] {
        bytemuck::cast_slice(self.cell(Column::Halves, row))
    }

    /// Writes the vector of a row to `out`.
    pub(super) fn decode(&self, row: usize, out: &mut [f32]) {
        self.halves(row).reinterpret_cast::<f16>().convert_to_f32_slice(out);
    }

    /// The row with this id.
    pub(super) fn find(&self, id: PointId) -> Option<usize> {
        self.column::<i64>(Column::Ids).binary_search(&id.0).ok()
    }

    /// Has the system read what the next scan reads.
    pub(super) fn warm(&self) {
        let scanned = if self.has_bits() { Column::Bits } else { Column::Codes };
        let range = self.layout.range(scanned);
        #[cfg(unix)]
        if let Err(error) = self.map.advise_range(memmap2::Advice::WillNeed, range.start, range.len()) {
            tracing::debug!(%error, "the vectors are read when they are needed");
        }
        #[cfg(not(unix))]
        let _ = range;
    }
}

/// Writes a vector in whole steps to `codes`. Returns what a step is worth, and the length of what is left out,
/// rounded up.
fn encode(values: &[f32], codes: &mut [i8]) -> (f32, f32) {
    // Adding and taking away 1.5 * 2^23 rounds to whole numbers, many at once.
    const ROUND: f32 = 12_582_912.0;
    let largest = values.iter().fold(0.0_f32, |largest, value| largest.max(value.abs()));
    let scale = largest / STEPS;
    let per_step = if scale > 0.0 { STEPS / largest } else { 0.0 };
    let mut error = 0.0_f64;
    for (value, code) in values.iter().zip(codes) {
        let steps = (value * per_step + ROUND) - ROUND;
        *code = steps as i8;
        let left = f64::from(value - steps * scale);
        error += left * left;
    }
    (scale, error.sqrt() as f32 * 1.000_01 + 1e-7)
}
