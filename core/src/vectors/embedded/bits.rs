//! The first pass over many vectors: for each number only the side of the centre that it lies on, 1 bit. The estimate
//! is that of RaBitQ (Gao and Long, SIGMOD 2024) without its rotation: the query in 4 bits, and for each row the
//! factor that makes the estimate right for the row itself.

use super::layout::{Column, RowFactors, words};
use super::part::Bitmap;
use super::rows::Rows;
use super::segment::Segment;
use super::simd::{PLANES, kernels};

/// The first pass is there from so many rows on; below it would save little.
pub(super) const FROM_ROWS: usize = 200_000;
/// And for vectors that are as long at least: the signs of few numbers tell little.
pub(super) const FROM_DIMENSION: usize = 256;
/// The centre is the mean of about so many rows.
const SAMPLE: usize = 10_000;
/// Rows per call of the inner loop: one word of a bitmap.
const BLOCK: usize = 64;
/// Largest level of a query's number.
const TOP: f32 = ((1 << PLANES) - 1) as f32;

/// The columns of the first pass.
pub(super) struct FirstPass {
    pub centre: Vec<f32>,
    pub marks: Vec<RowFactors>,
    pub bits: Vec<u64>,
}

impl FirstPass {
    pub(super) fn of(rows: &Rows<'_>) -> Self {
        let centre = centre(rows);
        let words = words(centre.len());
        let mut marks = Vec::with_capacity(rows.len());
        let mut bits = vec![0; rows.len() * words];
        let mut vector = vec![0.0; centre.len()];
        for (row, bits) in bits.chunks_exact_mut(words.max(1)).enumerate() {
            rows.decode(row, &mut vector);
            marks.push(encode(&vector, &centre, bits));
        }
        Self { centre, marks, bits }
    }
}

fn centre(rows: &Rows<'_>) -> Vec<f32> {
    let mut centre = vec![0.0; rows.dimension()];
    let mut vector = centre.clone();
    let step = rows.len().div_ceil(SAMPLE).max(1);
    for row in (0..rows.len()).step_by(step) {
        rows.decode(row, &mut vector);
        centre.iter_mut().zip(&vector).for_each(|(sum, value)| *sum += value);
    }
    let count = rows.len().div_ceil(step).max(1) as f32;
    centre.iter_mut().for_each(|sum| *sum /= count);
    centre
}

fn encode(vector: &[f32], centre: &[f32], bits: &mut [u64]) -> RowFactors {
    let (mut sum, mut squares, mut offset) = (0.0, 0.0, 0.0);
    for ((vector, centre), bits) in vector.chunks(64).zip(centre.chunks(64)).zip(bits.iter_mut()) {
        for (at, (value, centre)) in vector.iter().zip(centre).enumerate() {
            let from_centre = value - centre;
            *bits |= u64::from(from_centre > 0.0) << at;
            sum += from_centre.abs();
            squares += from_centre * from_centre;
            offset += value * centre;
        }
    }
    let ones = bits.iter().map(|word| word.count_ones()).sum::<u32>() as f32;
    RowFactors { factor: if sum > 0.0 { squares / sum } else { 0.0 }, ones, offset }
}

/// A query in 4 bits.
struct Query {
    planes: Vec<u64>,
    least: f32,
    step: f32,
    sum: f32,
}

impl Query {
    /// Of a query as seen from the centre.
    fn new(from_centre: &[f32]) -> Self {
        let least = from_centre.iter().copied().fold(f32::INFINITY, f32::min);
        let most = from_centre.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let step = ((most - least) / TOP).max(f32::MIN_POSITIVE);
        let words = words(from_centre.len());
        let mut planes = vec![0; PLANES * words];
        for (at, value) in from_centre.iter().enumerate() {
            let level = ((value - least) / step).round().clamp(0.0, TOP) as u64;
            for plane in 0..PLANES {
                planes[plane * words + at / 64] |= ((level >> plane) & 1) << (at % 64);
            }
        }
        Self { planes, least, step, sum: from_centre.iter().sum() }
    }

    /// The estimated product, but for what is the same for all rows.
    fn estimate(&self, masked_sum: u32, mark: &RowFactors) -> f32 {
        let over_ones = self.least * mark.ones + self.step * masked_sum as f32;
        mark.factor * (2.0 * over_ones - self.sum) + mark.offset
    }
}

/// The `wanted` rows of `selected` (none: of all) that are likely the most alike.
pub(super) fn likely(segment: &Segment, selected: Option<&[u64]>, query: &[f32], wanted: usize) -> Bitmap {
    let centre = segment.column::<f32>(Column::Centre);
    let from_centre: Vec<f32> = query.iter().zip(centre).map(|(value, centre)| value - centre).collect();
    let query = Query::new(&from_centre);
    let words = words(segment.dimension());
    let (bits, marks) = (segment.column::<u64>(Column::Bits), segment.column::<RowFactors>(Column::Marks));
    let mut best = Likely { wanted, least: f32::NEG_INFINITY, rows: Vec::with_capacity(2 * wanted) };
    let mut sums = [0; BLOCK];
    for (block, (bits, marks)) in bits.chunks(BLOCK * words).zip(marks.chunks(BLOCK)).enumerate() {
        let passing = selected.map_or(u64::MAX, |selected| selected[block]);
        if passing == 0 {
            continue;
        }
        (kernels().masked_sums)(&query.planes, bits, &mut sums[..marks.len()]);
        for (at, (sum, mark)) in sums.iter().zip(marks).enumerate() {
            let estimate = query.estimate(*sum, mark);
            if estimate > best.least && passing & (1 << at) != 0 {
                best.add(estimate, block * BLOCK + at);
            }
        }
    }
    best.into_bitmap(segment.len())
}

/// Keeps the best estimates, cheaply: gathers twice as many and drops the lesser half.
struct Likely {
    wanted: usize,
    least: f32,
    rows: Vec<(f32, u32)>,
}

impl Likely {
    fn add(&mut self, estimate: f32, row: usize) {
        self.rows.push((estimate, row as u32));
        if self.rows.len() >= 2 * self.wanted {
            self.cut();
        }
    }

    fn cut(&mut self) {
        if self.rows.len() > self.wanted {
            self.rows.select_nth_unstable_by(self.wanted, |a, b| b.0.total_cmp(&a.0));
            self.least = self.rows[self.wanted].0;
            self.rows.truncate(self.wanted);
        }
    }

    fn into_bitmap(mut self, rows: usize) -> Bitmap {
        self.cut();
        let mut bitmap = vec![0; rows.div_ceil(64)];
        for (_, row) in &self.rows {
            bitmap[*row as usize / 64] |= 1 << (row % 64);
        }
        bitmap
    }
}
