//! Rows of several segments that become one: those that live, by id.

use std::io::{Result, Write};

use memmap2::MmapMut;

use super::layout::{COLUMNS, Column, HEADER, Layout, ZEROS};
use super::part::Part;
use super::segment::Segment;

/// See the module.
pub(super) struct Rows<'a> {
    segments: Vec<&'a Segment>,
    /// Segment and row of each.
    places: Vec<(u32, u32)>,
}

impl<'a> Rows<'a> {
    /// The living rows of `parts`. No id lives in two of them.
    pub(super) fn living(parts: &'a [Part]) -> Self {
        let segments: Vec<&Segment> = parts.iter().map(Part::segment).collect();
        let mut places: Vec<(i64, (u32, u32))> = Vec::new();
        for (number, part) in (0..).zip(parts) {
            let ids = part.segment().column::<i64>(Column::Ids);
            let living = (0_u32..).zip(ids).filter(|(row, _)| part.lives(*row as usize));
            places.extend(living.map(|(row, id)| (*id, (number, row))));
        }
        places.sort_unstable();
        Self { segments, places: places.into_iter().map(|(_, place)| place).collect() }
    }

    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    pub(super) fn dimension(&self) -> usize {
        self.segments.first().map_or(0, |segment| segment.dimension())
    }

    /// Writes the vector of a row to `out`.
    pub(super) fn decode(&self, row: usize, out: &mut [f32]) {
        let (segment, row) = self.places[row];
        self.segments[segment as usize].decode(row as usize, out);
    }

    /// Writes a column that the segments have for each row, if the layout has it.
    pub(super) fn write(&self, column: Column, layout: &Layout, out: &mut dyn Write) -> Result<()> {
        if layout.size(column) > 0 {
            for (segment, row) in &self.places {
                out.write_all(self.segments[*segment as usize].cell(column, *row as usize))?;
            }
        }
        Ok(())
    }

    /// A segment in memory that holds these rows.
    pub(super) fn to_segment(&self) -> Result<Segment> {
        let has_photos = self.segments.first().is_some_and(|segment| segment.has_photos());
        let layout = Layout { rows: self.len(), dimension: self.dimension(), has_photos, has_bits: false };
        let mut map = MmapMut::map_anon(layout.total())?;
        let mut out = &mut map[HEADER..];
        for column in COLUMNS {
            self.write(column, &layout, &mut out)?;
            out.write_all(&ZEROS[..layout.padding(column)])?;
        }
        Segment::of_memory(map, layout)
    }
}
