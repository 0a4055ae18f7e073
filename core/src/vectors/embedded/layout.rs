//! Where the columns of a segment lie: one after the other, the same in memory and in a file.

use std::ops::Range;

use bytemuck::{Pod, Zeroable};

use super::sums;

/// Space for the header of a file; a page, so that columns are aligned.
pub(super) const HEADER: usize = 4096;
/// Columns start at cache lines.
const ALIGN: usize = 64;
/// What fills the space up to the next column.
pub(super) const ZEROS: [u8; ALIGN] = [0; ALIGN];

/// What a segment holds for each row, or once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    /// `i64`, rising.
    Ids,
    /// `i64`: the photo of each row, where rows are of regions.
    Photos,
    /// `i64`.
    Folders,
    /// `i64`, milliseconds as if UTC.
    Taken,
    /// `f32`: what a step of the 8-bit row is worth.
    Scales,
    /// `f32`: length of what the 8-bit row leaves out, rounded up.
    Errors,
    /// `f32`, once: the middle of all vectors, for the first pass.
    Centre,
    /// [`RowFactors`], for the first pass.
    Marks,
    /// `u64` words: the sides of the centre that the numbers lie on, for the first pass.
    Bits,
    /// `i8`: the vector in steps of its scale.
    Codes,
    /// The bits of `f16`: the vector as the catalogue has it.
    Halves,
}

/// In the order in which they lie. Those up to [`CHECKED`] are small: a start reads them whole and checks their blocks.
pub(super) const COLUMNS: [Column; 11] = [
    Column::Ids,
    Column::Photos,
    Column::Folders,
    Column::Taken,
    Column::Scales,
    Column::Errors,
    Column::Centre,
    Column::Marks,
    Column::Bits,
    Column::Codes,
    Column::Halves,
];
pub(super) const CHECKED: usize = 6;

/// The sizes that determine where everything lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    pub rows: usize,
    pub dimension: usize,
    /// Whether rows say which photo they are of.
    pub has_photos: bool,
    /// Whether there is a first pass.
    pub has_bits: bool,
}

impl Layout {
    /// Bytes of one cell of a column; of all of the centre.
    pub(super) fn cell(&self, column: Column) -> usize {
        match column {
            Column::Ids | Column::Photos | Column::Folders | Column::Taken => 8,
            Column::Scales | Column::Errors => 4,
            Column::Centre => 4 * self.dimension,
            Column::Marks => size_of::<RowFactors>(),
            Column::Bits => 8 * words(self.dimension),
            Column::Codes => self.dimension,
            Column::Halves => 2 * self.dimension,
        }
    }

    /// Bytes of a column.
    pub(super) fn size(&self, column: Column) -> usize {
        match column {
            Column::Centre | Column::Marks | Column::Bits if !self.has_bits => 0,
            Column::Photos if !self.has_photos => 0,
            Column::Centre => self.cell(column),
            _ => self.cell(column) * self.rows,
        }
    }

    /// Where a column lies.
    pub(super) fn range(&self, column: Column) -> Range<usize> {
        let before = COLUMNS.iter().take_while(|other| **other != column);
        let start = HEADER + before.map(|other| self.size(*other).next_multiple_of(ALIGN)).sum::<usize>();
        start..start + self.size(column)
    }

    /// Bytes that follow a column up to the next one.
    pub(super) fn padding(&self, column: Column) -> usize {
        self.size(column).next_multiple_of(ALIGN) - self.size(column)
    }

    /// Bytes of a file: of it all, and of the checksums that follow.
    pub(super) fn in_file(&self) -> usize {
        self.total() + sums::length(self.total() - HEADER)
    }

    /// Bytes of it all.
    pub(super) fn total(&self) -> usize {
        HEADER + COLUMNS.iter().map(|column| self.size(*column).next_multiple_of(ALIGN)).sum::<usize>()
    }
}

/// What the estimate needs of a row beside its bits.
#[derive(Clone, Copy, Debug, Default, Pod, Zeroable)]
#[repr(C)]
pub(super) struct RowFactors {
    /// What the sum of signed query numbers is multiplied by.
    pub(super) factor: f32,
    /// How many bits are ones.
    pub(super) ones: f32,
    /// Product with the centre.
    pub(super) offset: f32,
}

/// Words of a row.
pub(super) fn words(dimension: usize) -> usize {
    dimension.div_ceil(64)
}
