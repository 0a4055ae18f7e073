//! Pages of grey, RGB, CIELab or inks in samples of any depth, side by side or in planes.

use std::ops::RangeInclusive;

use super::lab::{self, LabWhite};
use super::library::{CIE_LAB, ICC_LAB, INKS, LibTiff, RGB, SampleLayout, WHITE_IS_ZERO};
use super::scale::{Depth, float};
use crate::image::color::{Channels, Colors, inks_to_rgb, over_white, premultiplied_over_white};
use crate::pixels::Rgb;

/// Pixels and what their numbers mean. `None` where a strip or tile cannot be decoded, or no file has such samples.
pub(super) fn read(tiff: &LibTiff<'_>, layout: &SampleLayout, icc: Option<&[u8]>) -> Option<(Rgb, Colors)> {
    let colors = match layout.photometric {
        RGB | CIE_LAB | ICC_LAB if layout.samples >= 3 => 3,
        INKS if layout.samples >= 4 => 4,
        _ => 1,
    };
    let is_lab = matches!(layout.photometric, CIE_LAB | ICC_LAB) && colors == 3;
    let alpha = match layout.extra {
        _ if colors == 4 || is_lab || layout.samples <= colors => Alpha::None,
        Some(1) => Alpha::Premultiplied,
        Some(2) => Alpha::Straight,
        _ => Alpha::None,
    };
    let reader = SampleReader {
        tiff,
        layout,
        // CIELab has its own rule for signs.
        depth: Depth::of(layout.bits, if is_lab { 1 } else { layout.sample_format })?,
        kept: (colors + u16::from(alpha != Alpha::None)).into(),
    };
    let range = reader.range(colors)?;
    let white = tiff.white_point().map_or(LabWhite::D50, |(x, y)| LabWhite::of(x, y));
    let (width, height) = (layout.width, layout.height);
    // Inks are converted all at once.
    let stored = if colors == 4 { 4 } else { 3 };
    let mut data = vec![0; width as usize * height as usize * stored];
    for (x, y) in layout.chunks() {
        let planes = reader.planes((x, y))?;
        for row in 0..layout.chunk.1.min(height - y) {
            let samples = reader.row(&planes, (x, row), &range)?;
            let start = ((y + row) as usize * width as usize + x as usize) * stored;
            let target = &mut data[start..];
            match colors {
                4 => target[..samples.len()].copy_from_slice(&samples),
                _ if is_lab => {
                    let pixels = lab::to_srgb(&samples, layout.photometric == ICC_LAB, white);
                    put(target, &pixels, 3, Alpha::None);
                }
                1 if layout.photometric == WHITE_IS_ZERO => {
                    let pixels = samples.chunks_exact(reader.kept);
                    let inverted: Vec<u8> =
                        pixels.flat_map(|pixel| [&[255 - pixel[0]], &pixel[1..]].concat()).collect();
                    put(target, &inverted, reader.kept, alpha);
                }
                _ => put(target, &samples, reader.kept, alpha),
            }
        }
    }
    if colors == 4 {
        data = inks_to_rgb(&data, icc);
    }
    let channels = Channels::from_count(colors.into());
    let icc = icc.filter(|_| colors < 4 && !is_lab);
    let colors = icc.map_or(Colors::SRGB, |icc| Colors::from_icc(icc, channels));
    Some((Rgb { width, height, data }, colors))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Alpha {
    None,
    Straight,
    Premultiplied,
}

/// Puts grey or RGB pixels of 1 to 4 samples on white.
fn put(target: &mut [u8], samples: &[u8], kept: usize, alpha: Alpha) {
    for (target, pixel) in target.chunks_exact_mut(3).zip(samples.chunks_exact(kept)) {
        let color = if kept < 3 { [pixel[0]; 3] } else { [pixel[0], pixel[1], pixel[2]] };
        let opacity = pixel[kept - 1];
        target.copy_from_slice(&match alpha {
            Alpha::Straight => over_white(color, opacity),
            Alpha::Premultiplied => premultiplied_over_white(color, opacity),
            Alpha::None => color,
        });
    }
}

struct SampleReader<'a> {
    tiff: &'a LibTiff<'a>,
    layout: &'a SampleLayout,
    depth: Depth,
    /// How many of each pixel's samples are looked at.
    kept: usize,
}

impl SampleReader<'_> {
    /// The data of a chunk: one block, or one for each sample.
    fn planes(&self, place: (u32, u32)) -> Option<Vec<Vec<u8>>> {
        let planes = if self.layout.is_planar { self.kept } else { 1 };
        (0..planes).map(|plane| self.tiff.chunk(place, u16::try_from(plane).ok()?)).collect()
    }

    /// A row of a chunk that starts in column `x`: the samples that are looked at, side by side.
    fn row(&self, planes: &[Vec<u8>], (x, row): (u32, u32), range: &RangeInclusive<f64>) -> Option<Vec<u8>> {
        let count = self.columns(x) * self.samples();
        let row = |plane: &Vec<u8>| Some(self.depth.bytes(self.row_of(plane, x, row)?, count, range));
        if let [block] = planes {
            let samples = row(block)?;
            if self.samples() == self.kept {
                return Some(samples);
            }
            return Some(
                samples.chunks_exact(self.samples()).flat_map(|p| p[..self.kept].to_vec()).collect(),
            );
        }
        let rows: Vec<Vec<u8>> = planes.iter().map(row).collect::<Option<_>>()?;
        Some((0..count).flat_map(|at| rows.iter().map(move |row| row[at])).collect())
    }

    /// The bytes of a row of a block, without what lies behind the picture's edge.
    fn row_of<'a>(&self, block: &'a [u8], x: u32, row: u32) -> Option<&'a [u8]> {
        let stride = self.depth.row_bytes(self.layout.chunk.0 as usize * self.samples());
        let start = row as usize * stride;
        block.get(start..start + self.depth.row_bytes(self.columns(x) * self.samples()))
    }

    fn columns(&self, x: u32) -> usize {
        self.layout.chunk.0.min(self.layout.width - x) as usize
    }

    /// Samples of each pixel in a block.
    fn samples(&self) -> usize {
        if self.layout.is_planar { 1 } else { self.layout.samples.into() }
    }

    /// What becomes black and white. Pictures keep to 0 and 1; measurements do not, and are grey.
    fn range(&self, colors: u16) -> Option<RangeInclusive<f64>> {
        let (mut low, mut high) = (0.0_f64, 1.0_f64);
        if let Depth::Float { bytes } = self.depth
            && colors == 1
        {
            let (mut least, mut most) = (f64::INFINITY, f64::NEG_INFINITY);
            for (x, y) in self.layout.chunks() {
                let block = self.tiff.chunk((x, y), 0)?;
                for row in 0..self.layout.chunk.1.min(self.layout.height - y) {
                    let samples = self.row_of(&block, x, row)?.chunks_exact(bytes * self.samples());
                    let values = samples.map(|sample| float(&sample[..bytes]));
                    for value in values.filter(|value| value.is_finite()) {
                        (least, most) = (least.min(value), most.max(value));
                    }
                }
            }
            if least < most && (least < 0.0 || most > 1.0) {
                (low, high) = (least, most);
            }
        }
        Some(low..=high)
    }
}
