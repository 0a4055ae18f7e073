//! Baseline JPEG at a quarter or an eighth of its size, in less time than libjpeg-turbo (docs/decisions/0011).
//!
//! Four fifths of a small decode go into reading the 64 coefficients of each block, of which libjpeg-turbo then uses few.
//! Here each coefficient is added, as it is read, to the few pixels that the block becomes: a pixel is the mean of its
//! cell of the full picture, and that is a weighted sum of coefficients. What is not quite usual is left to libjpeg-turbo.

use super::frame::{Component, ZIGZAG, components, quantisation};
use super::huffman::{Bits, Codes, Symbol};
use super::segments::Segments;
use crate::pixels::Rgb;

/// Decodes at 1 / `divisor`, 4 or 8. `None` for what is unusual, damaged or cut off: then libjpeg-turbo has the word.
pub(super) fn decode(bytes: &[u8], divisor: usize) -> Option<Rgb> {
    if !matches!(divisor, 4 | 8) {
        return None;
    }
    let file = BaselineFile::read(bytes)?;
    let plane = |number| Plane::new(&file, number, divisor);
    let mut planes: Vec<Plane<'_>> = (0..file.components.len()).map(plane).collect::<Option<_>>()?;
    file.fill(&mut planes)?;
    let (width, height) = (file.width.div_ceil(divisor), file.height.div_ceil(divisor));
    let data = match planes.as_slice() {
        [grey] => grey.rows(width, height).flatten().flat_map(|&value| [value; 3]).collect(),
        [luma, blue, red] => rgb([luma, blue, red], width, height),
        _ => return None,
    };
    Some(Rgb { width: u32::try_from(width).ok()?, height: u32::try_from(height).ok()?, data })
}

struct BaselineFile<'a> {
    width: usize,
    height: usize,
    components: Vec<Component>,
    /// Of each component, the tables of the mean and of the other coefficients.
    tables: Vec<(usize, usize)>,
    /// Quantisation steps in zigzag order.
    steps: [[u16; 64]; 4],
    means: [Option<Codes>; 4],
    others: [Option<Codes>; 4],
    /// Units between restarts; 0: none.
    restarts: usize,
    scan: &'a [u8],
}

impl<'a> BaselineFile<'a> {
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let mut file = Self {
            width: 0,
            height: 0,
            components: Vec::new(),
            tables: Vec::new(),
            steps: [[1; 64]; 4],
            means: [const { None }; 4],
            others: [const { None }; 4],
            restarts: 0,
            scan: &[],
        };
        let mut segments = Segments::of(bytes);
        for (marker, content) in segments.by_ref() {
            match marker {
                0xC0 | 0xC1 => file.frame(content)?,
                0xC2 | 0xC3 | 0xC5..=0xC7 | 0xC9..=0xCF => return None,
                0xC4 => file.codes(content)?,
                0xDB => quantisation(content, &mut file.steps)?,
                0xDD => file.restarts = usize::from(u16::from_be_bytes(*content.first_chunk()?)),
                _ => {}
            }
        }
        let scan = segments.rest();
        let header = scan.strip_prefix(&[0xFF, 0xDA])?;
        let length = usize::from(u16::from_be_bytes(*header.first_chunk()?));
        file.start(header.get(2..length)?)?;
        file.scan = &header[length..];
        Some(file)
    }

    fn frame(&mut self, content: &[u8]) -> Option<()> {
        let size = |at: usize| Some(usize::from(u16::from_be_bytes(*content.get(at..)?.first_chunk()?)));
        (self.height, self.width) = (size(1)?, size(3)?);
        if !self.components.is_empty() || content[0] != 8 || self.width == 0 || self.height == 0 {
            return None;
        }
        self.components = components(content)?;
        if self.components.iter().any(|component| component.sampling.0 > 2 || component.sampling.1 > 2) {
            return None;
        }
        if let [only] = self.components.as_mut_slice() {
            // Alone, it comes block by block whatever its factors are.
            only.sampling = (1, 1);
        }
        Some(())
    }

    fn codes(&mut self, mut content: &[u8]) -> Option<()> {
        while let Some((&kind, rest)) = content.split_first() {
            let counts: &[u8; 16] = rest.first_chunk()?;
            let total: usize = counts.iter().map(|&count| usize::from(count)).sum();
            let tables = if kind >> 4 == 0 { &mut self.means } else { &mut self.others };
            *tables.get_mut(usize::from(kind & 15))? = Some(Codes::new(counts, rest.get(16..16 + total)?)?);
            content = &rest[16 + total..];
        }
        Some(())
    }

    /// The head of the scan, which must bring all components.
    fn start(&mut self, content: &[u8]) -> Option<()> {
        let count = usize::from(*content.first()?);
        if count != self.components.len() || !matches!(count, 1 | 3) {
            return None;
        }
        for (component, entry) in self.components.iter().zip(content.get(1..1 + count * 2)?.chunks_exact(2)) {
            if entry[0] != component.id {
                return None;
            }
            self.tables.push((usize::from(entry[1] >> 4), usize::from(entry[1] & 15)));
        }
        Some(())
    }

    /// Blocks of all components in each unit, across and down.
    fn most(&self) -> (usize, usize) {
        let most = |of: fn(&Component) -> usize| self.components.iter().map(of).max().unwrap_or(1);
        (most(|component| component.sampling.0), most(|component| component.sampling.1))
    }

    /// Units across and down.
    fn units(&self) -> (usize, usize) {
        let (across, down) = self.most();
        (self.width.div_ceil(across * 8), self.height.div_ceil(down * 8))
    }

    fn fill(&self, planes: &mut [Plane<'_>]) -> Option<()> {
        let (across, down) = self.units();
        let units = across * down;
        let stretch = if self.restarts == 0 { units } else { self.restarts };
        let mut stretches = Stretches { rest: self.scan, number: 0 };
        for first in (0..units).step_by(stretch) {
            let (data, is_last) = stretches.next()?;
            let last = (first + stretch).min(units);
            if is_last != (last == units) {
                return None;
            }
            let mut bits = Bits::new(&data)?;
            planes.iter_mut().for_each(|plane| plane.mean = 0);
            for unit in first..last {
                let (unit_column, unit_row) = (unit % across, unit / across);
                for (plane, component) in planes.iter_mut().zip(&self.components) {
                    let (across, down) = component.sampling;
                    for row in unit_row * down..(unit_row + 1) * down {
                        for column in unit_column * across..(unit_column + 1) * across {
                            plane.block(&mut bits, column, row)?;
                        }
                    }
                }
            }
            if !bits.is_within() {
                return None;
            }
        }
        Some(())
    }
}

/// The entropy-coded data from one restart to the next.
struct Stretches<'a> {
    rest: &'a [u8],
    number: u8,
}

impl Stretches<'_> {
    /// The next one without stuffing, padded, and whether it is the last.
    fn next(&mut self) -> Option<(Vec<u8>, bool)> {
        let mut data = Vec::new();
        loop {
            let end = memchr::memchr(0xFF, self.rest)?;
            data.extend_from_slice(&self.rest[..end]);
            let marker = *self.rest.get(end + 1)?;
            self.rest = &self.rest[end + 2..];
            match marker {
                0 => data.push(0xFF),
                _ => {
                    data.extend([0; Bits::PADDING]);
                    let is_last = marker == 0xD9;
                    let is_restart = marker == 0xD0 + self.number;
                    self.number = (self.number + 1) % 8;
                    return (is_last || is_restart).then_some((data, is_last));
                }
            }
        }
    }
}

/// One component of the small picture.
struct Plane<'a> {
    /// Code words of the mean and of the other coefficients.
    codes: (&'a Codes, &'a Codes),
    /// The mean of the block before, from which the next one is predicted.
    mean: i32,
    /// Pixels across and down that a block becomes.
    cell: (usize, usize),
    /// What each coefficient adds to each pixel of its block, in zigzag order.
    weights: Vec<f32>,
    stride: usize,
    values: Vec<u8>,
}

impl<'a> Plane<'a> {
    /// `None` for what a block of this component cannot become: 1, 2 or 4 pixels across or down.
    fn new(file: &'a BaselineFile<'_>, number: usize, divisor: usize) -> Option<Self> {
        let Component { sampling: (across, down), table, .. } = file.components[number];
        let (mean, other) = file.tables[number];
        let codes = (file.means.get(mean)?.as_ref()?, file.others.get(other)?.as_ref()?);
        let (most_across, most_down) = file.most();
        // Subsampled components become as large as the others.
        let cell = (8 / divisor * most_across / across, 8 / divisor * most_down / down);
        let (units_across, units_down) = file.units();
        let stride = units_across * across * cell.0;
        let rows = units_down * down * cell.1;
        let weights = weights(&file.steps[table], cell);
        Some(Self { codes, mean: 0, cell, weights, stride, values: vec![0; stride * rows] })
    }

    fn rows(&self, width: usize, height: usize) -> impl Iterator<Item = &[u8]> {
        self.values.chunks_exact(self.stride).take(height).map(move |row| &row[..width])
    }

    fn block(&mut self, bits: &mut Bits<'_>, column: usize, row: usize) -> Option<()> {
        match self.cell {
            (1, 1) => self.sized_block::<1, 1>(bits, column, row),
            (1, 2) => self.sized_block::<2, 1>(bits, column, row),
            (2, 1) => self.sized_block::<2, 2>(bits, column, row),
            (2, 2) => self.sized_block::<4, 2>(bits, column, row),
            (2, 4) => self.sized_block::<8, 2>(bits, column, row),
            (4, 2) => self.sized_block::<8, 4>(bits, column, row),
            (4, 4) => self.sized_block::<16, 4>(bits, column, row),
            _ => None,
        }
    }

    fn sized_block<const PIXELS: usize, const ACROSS: usize>(
        &mut self,
        bits: &mut Bits<'_>,
        column: usize,
        row: usize,
    ) -> Option<()> {
        let weights: &[[f32; PIXELS]; 64] = self.weights.as_chunks().0.first_chunk()?;
        self.mean += i32::from(bits.symbol(self.codes.0)?.value());
        // Half for rounding, 128 because samples are stored with that less.
        let first = weights[0].map(|weight| weight * self.mean as f32 + 128.5);
        let pixels = sum(bits, self.codes.1, weights, first)?;
        let start = row * (PIXELS / ACROSS) * self.stride + column * ACROSS;
        for (line, values) in pixels.as_chunks::<ACROSS>().0.iter().enumerate() {
            let target = self.values.get_mut(start + line * self.stride..)?.first_chunk_mut()?;
            *target = values.map(|value| value as u8);
        }
        Some(())
    }
}

/// Adds the coefficients behind the first to the pixels of a block. All that changes here stays in registers, which is half
/// of the speed: hence a function of its own, and a reader of its own.
#[inline(never)]
fn sum<const PIXELS: usize>(
    bits: &mut Bits<'_>,
    codes: &Codes,
    weights: &[[f32; PIXELS]; 64],
    mut pixels: [f32; PIXELS],
) -> Option<[f32; PIXELS]> {
    let mut reader = *bits;
    let mut at = 1;
    while at < 64 {
        let symbol = reader.symbol(codes)?;
        at += symbol.run();
        let Some(weights) = weights.get(at) else {
            if symbol.run() == Symbol::END {
                break;
            }
            return None;
        };
        let value = f32::from(symbol.value());
        for (pixel, weight) in pixels.iter_mut().zip(weights) {
            *pixel += value * weight;
        }
        at += 1;
    }
    *bits = reader;
    Some(pixels)
}

/// The means of the cosines of the transform (ISO 10918-1, A.3.3) over cells of the block, times the steps.
fn weights(steps: &[u16; 64], (across, down): (usize, usize)) -> Vec<f32> {
    let mean = |frequency: usize, cell: usize, cells: usize| {
        let size = 8 / cells;
        let wave = |x: usize| {
            let angle = (2 * x + 1) as f64 * frequency as f64 * std::f64::consts::PI / 16.0;
            angle.cos() * if frequency == 0 { 0.125_f64.sqrt() } else { 0.5 }
        };
        (cell * size..(cell + 1) * size).map(wave).sum::<f64>() / size as f64
    };
    let of = |(&place, &step): (&u8, &u16)| {
        let (v, u) = (usize::from(place) / 8, usize::from(place) % 8);
        let pixels = (0..down).flat_map(move |y| (0..across).map(move |x| (x, y)));
        pixels.map(move |(x, y)| (mean(u, x, across) * mean(v, y, down) * f64::from(step)) as f32)
    };
    ZIGZAG.iter().zip(steps).flat_map(of).collect()
}

/// The colours of JFIF, in 16-bit fractions.
fn rgb([luma, blue, red]: [&Plane<'_>; 3], width: usize, height: usize) -> Vec<u8> {
    let fixed = |factor: f64| (factor * 65536.0).round() as i32;
    let (red_by_red, blue_by_blue) = (fixed(1.402), fixed(1.772));
    let (green_by_blue, green_by_red) = (fixed(0.344_136), fixed(0.714_136));
    let mut data = vec![0; width * height * 3];
    let rows = luma.rows(width, height).zip(blue.rows(width, height)).zip(red.rows(width, height));
    for (target, ((luma, blue), red)) in data.chunks_exact_mut(width * 3).zip(rows) {
        for (pixel, ((&luma, &blue), &red)) in target.chunks_exact_mut(3).zip(luma.iter().zip(blue).zip(red))
        {
            let (blue, red) = (i32::from(blue) - 128, i32::from(red) - 128);
            let with =
                |change: i32| (((i32::from(luma) << 16) + change + (1 << 15)) >> 16).clamp(0, 255) as u8;
            pixel[0] = with(red_by_red * red);
            pixel[1] = with(-green_by_blue * blue - green_by_red * red);
            pixel[2] = with(blue_by_blue * blue);
        }
    }
    data
}

#[cfg(test)]
#[path = "baseline_tests.rs"]
mod tests;
