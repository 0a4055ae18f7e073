//! One search: 8-bit rows give the bounds between which each product lies; what can be among the best is computed from the
//! vectors of the catalogue. The bounds hold for every vector, so the answer is exact.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use super::bits;
use super::layout::Column;
use super::part::Part;
use super::select::select;
use super::simd::{Levels, kernels};
use crate::types::{PhotoId, RegionId};
use crate::vectors::{Filter, Hit};

/// Rows per call of the inner loop: one word of a bitmap.
const BLOCK: usize = 64;
/// Below so many selected rows of a block they are computed one by one.
const FEW: u32 = 16;
/// What the first pass leaves: this share of the rows, so many for each that is wanted, and never fewer than these.
const LEFT_SHARE: usize = 250;
const LEFT_PER_HIT: usize = 60;
const LEFT_LEAST: usize = 3000;
/// More than sums of 32-bit numbers err by.
const ROUNDING: f32 = 4e-6;
/// Vectors have unit length, as 16-bit numbers and in 8-bit steps nearly so.
const LONGEST: f32 = 1.1;

/// The `limit` best of all parts.
pub(super) fn search(parts: &[Part], query: &[f32], limit: usize, filter: &Filter, exact: bool) -> Vec<Hit> {
    if limit == 0 {
        return Vec::new();
    }
    let mut search = Scan::new(query, limit);
    for (number, part) in parts.iter().enumerate() {
        let selected = select(part, filter);
        let selected = selected.as_deref();
        let count =
            selected.map_or(part.count(), |words| words.iter().map(|word| word.count_ones() as usize).sum());
        if !exact && part.segment().has_bits() && count >= bits::FROM_ROWS {
            let wanted = (count / LEFT_SHARE).max(LEFT_PER_HIT * limit).max(LEFT_LEAST);
            let likely = bits::likely(part.segment(), selected, query, wanted);
            search.scan(number, part, Some(&likely));
        } else {
            search.scan(number, part, selected);
        }
    }
    search.finish(parts)
}

struct Scan<'a> {
    query: &'a [f32],
    levels: Levels,
    /// What a level of the query is worth.
    step: f32,
    /// Length of the query.
    length: f32,
    /// Length of what the levels leave out.
    error: f32,
    limit: usize,
    /// The best lower bounds, the least on top.
    lower: BinaryHeap<Reverse<Score>>,
    candidates: Vec<Candidate>,
    /// Candidates are looked through again when there are so many.
    crowd: usize,
}

/// A row whose product is at most `upper`.
struct Candidate {
    upper: f32,
    part: u32,
    row: u32,
}

impl<'a> Scan<'a> {
    fn new(query: &'a [f32], limit: usize) -> Self {
        let largest = query.iter().fold(0.0_f32, |largest, value| largest.max(value.abs()));
        let most = f32::from(Levels::most(query.len()));
        let step = if largest > 0.0 { largest / most } else { 1.0 };
        let wide: Vec<i16> =
            query.iter().map(|value| (value / step).round().clamp(-most, most) as i16).collect();
        let left = |(value, level): (&f32, &i16)| f64::from(value - f32::from(*level) * step).powi(2);
        let error = query.iter().zip(&wide).map(left).sum::<f64>().sqrt() as f32;
        let length = query.iter().map(|value| f64::from(*value).powi(2)).sum::<f64>().sqrt() as f32;
        Self {
            query,
            levels: Levels::new(wide),
            step,
            length,
            error,
            limit,
            lower: BinaryHeap::new(),
            candidates: Vec::new(),
            crowd: 4 * limit + 4096,
        }
    }

    /// A product is among the best only if it can be as large as this.
    fn threshold(&self) -> f32 {
        match self.lower.peek() {
            Some(Reverse(Score(least))) if self.lower.len() == self.limit => *least,
            _ => f32::NEG_INFINITY,
        }
    }

    fn add(&mut self, lower: f32, upper: f32, part: usize, row: usize) {
        let threshold = self.threshold();
        if upper < threshold {
            return;
        }
        if lower > threshold || self.lower.len() < self.limit {
            self.lower.push(Reverse(Score(lower)));
            if self.lower.len() > self.limit {
                self.lower.pop();
            }
        }
        self.candidates.push(Candidate { upper, part: part as u32, row: row as u32 });
        if self.candidates.len() >= self.crowd {
            let threshold = self.threshold();
            self.candidates.retain(|candidate| candidate.upper >= threshold);
            self.crowd = self.crowd.max(2 * self.candidates.len());
        }
    }

    /// All selected rows, by their bounds.
    fn scan(&mut self, number: usize, part: &Part, selected: Option<&[u64]>) {
        let segment = part.segment();
        let dimension = segment.dimension();
        let codes = segment.column::<i8>(Column::Codes);
        let (scales, errors) = (segment.column::<f32>(Column::Scales), segment.column::<f32>(Column::Errors));
        let dots = kernels().dots;
        let fixed = self.error * LONGEST + ROUNDING;
        let mut products = [0; BLOCK];
        for (block, codes) in codes.chunks(BLOCK * dimension).enumerate() {
            let rows = codes.len() / dimension;
            let passing =
                selected.map_or(u64::MAX, |selected| selected[block]) & (u64::MAX >> (BLOCK - rows));
            let are_few = passing.count_ones() < FEW;
            if !are_few {
                dots(&self.levels, codes, &mut products[..rows]);
            }
            for at in ones(passing) {
                if are_few {
                    dots(&self.levels, &codes[at * dimension..][..dimension], &mut products[at..=at]);
                }
                let row = block * BLOCK + at;
                let score = products[at] as f32 * self.step * scales[row];
                let error = errors[row] * self.length + fixed;
                self.add(score - error, score + error, number, row);
            }
        }
    }

    fn hit(&self, part: &Part, row: usize) -> Hit {
        let segment = part.segment();
        let region = segment.has_photos().then(|| RegionId(segment.column::<i64>(Column::Ids)[row]));
        let score = (kernels().half_dot)(self.query, segment.halves(row));
        Hit { photo: PhotoId(segment.photos()[row]), region, score }
    }

    /// Computes what can be among the best, the most promising first, until no other can.
    fn finish(mut self, parts: &[Part]) -> Vec<Hit> {
        let threshold = self.threshold();
        let mut candidates = std::mem::take(&mut self.candidates);
        candidates.retain(|candidate| candidate.upper >= threshold);
        candidates.sort_unstable_by(|a, b| b.upper.total_cmp(&a.upper));
        let mut best: BinaryHeap<Ranked> = BinaryHeap::new();
        for candidate in candidates {
            let worst = best.peek().filter(|_| best.len() == self.limit);
            if worst.is_some_and(|worst| candidate.upper < worst.0.score) {
                break;
            }
            let part = &parts[candidate.part as usize];
            best.push(Ranked(self.hit(part, candidate.row as usize)));
            if best.len() > self.limit {
                best.pop();
            }
        }
        best.into_sorted_vec().into_iter().map(|ranked| ranked.0).collect()
    }
}

/// Where a word has ones.
fn ones(word: u64) -> impl Iterator<Item = usize> {
    let rest = |word: u64| (word != 0).then_some(word);
    std::iter::successors(rest(word), move |word| rest(word & (word - 1)))
        .map(|word| word.trailing_zeros() as usize)
}

/// A number with an order.
#[derive(PartialEq)]
struct Score(f32);

impl Eq for Score {}

impl Ord for Score {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl PartialOrd for Score {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Orders by rank: the best hit is the least.
#[derive(PartialEq)]
struct Ranked(Hit);

impl Eq for Ranked {}

impl Ord for Ranked {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.rank(&other.0)
    }
}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
