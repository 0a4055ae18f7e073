//! Progressive JPEG without the scans that a small decode does not need.
//!
//! A progressive file is decoded scan by scan, and its time goes into entropy decoding, which DCT scaling does not save.
//! At a quarter of the size only 4 of a block's 64 coefficients are used: scans for the others, and those that add the
//! last bits to these, are left out of the bytes that libjpeg-turbo gets.

use std::borrow::Cow;

use super::frame::{Component, ZIGZAG, components, quantisation};

/// Most that the left-out bits may change a component, as a mean square of 8-bit values: 48 dB. Estimated from the
/// quantisation tables as if no coefficient were zero, so that real pictures come out better.
const MAX_LOSS: f64 = 1.0;

/// The file without the scans that are not needed to decode it at 1 / `divisor`. `max_scans` and anything unusual leave
/// it as it is, to be refused or decoded whole.
pub(super) fn trimmed(bytes: &[u8], divisor: usize, max_scans: usize) -> Cow<'_, [u8]> {
    let whole = Cow::Borrowed(bytes);
    if divisor == 1 {
        return whole;
    }
    let Some(file) = ProgressiveFile::read(bytes) else { return whole };
    let is_usual = file.scans.len() <= max_scans && file.components.len() <= 3;
    let keeps = file.needed(8 / divisor);
    if !is_usual || keeps.iter().all(|keep| *keep) {
        return whole;
    }
    let mut kept = bytes[..file.scans[0].start].to_vec();
    for (scan, keep) in file.scans.iter().zip(keeps) {
        // Tables stand before the scan that uses them first; later ones may use them too.
        kept.extend_from_slice(&bytes[scan.start..if keep { scan.end } else { scan.header }]);
    }
    kept.extend_from_slice(&[0xFF, 0xD9]);
    Cow::Owned(kept)
}

struct ProgressiveScan {
    /// Where the segments before it begin.
    start: usize,
    /// Where it begins itself.
    header: usize,
    end: usize,
    /// Indices of the components.
    components: Vec<usize>,
    /// First and last coefficient in zigzag order.
    band: (usize, usize),
    /// How many bits were there before; 0 for the first scan of its band.
    refines: bool,
    /// The lowest bit that it brings.
    low_bit: u32,
}

struct ProgressiveFile {
    components: Vec<Component>,
    /// Quantisation steps in zigzag order.
    tables: [[u16; 64]; 4],
    scans: Vec<ProgressiveScan>,
}

impl ProgressiveFile {
    /// `None` for a file that is not progressive, or not whole.
    fn read(bytes: &[u8]) -> Option<Self> {
        let mut file = Self { components: Vec::new(), tables: [[1; 64]; 4], scans: Vec::new() };
        let (mut at, mut start) = (2, 2);
        loop {
            if *bytes.get(at)? != 0xFF {
                return None;
            }
            let marker = *bytes.get(at + 1)?;
            if marker == 0xD9 {
                return (!file.scans.is_empty()).then_some(file);
            }
            let length = usize::from(u16::from_be_bytes(*bytes.get(at + 2..)?.first_chunk()?));
            let content = bytes.get(at + 4..at + 2 + length)?;
            let next = at + 2 + length;
            match marker {
                0xC2 => file.components = components(content)?,
                0xC0 | 0xC1 | 0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => return None,
                0xDB => quantisation(content, &mut file.tables)?,
                0xDA => {
                    let end = end_of_scan(bytes, next)?;
                    let scan = file.scan(content)?;
                    file.scans.push(ProgressiveScan { start, header: at, end, ..scan });
                    (at, start) = (end, end);
                    continue;
                }
                _ => {}
            }
            if file.scans.is_empty() {
                start = next;
            }
            at = next;
        }
    }

    fn scan(&self, content: &[u8]) -> Option<ProgressiveScan> {
        let count = usize::from(*content.first()?);
        let ids = content.get(1..1 + count * 2)?.chunks_exact(2);
        let components =
            ids.map(|entry| self.components.iter().position(|component| component.id == entry[0]));
        let parameters: &[u8; 3] = content.get(1 + count * 2..)?.first_chunk()?;
        let band = (usize::from(parameters[0]), usize::from(parameters[1]));
        let components = components.collect::<Option<Vec<_>>>()?;
        let is_sound = band.0 <= band.1 && band.1 < 64 && parameters[2] & 15 < 14;
        is_sound.then_some(ProgressiveScan {
            start: 0,
            header: 0,
            end: 0,
            components,
            band,
            refines: parameters[2] >> 4 != 0,
            low_bit: u32::from(parameters[2] & 15),
        })
    }

    /// Which scans are needed when each block gives `side` x `side` pixels.
    fn needed(&self, side: usize) -> Vec<bool> {
        let mut keeps = vec![true; self.scans.len()];
        let mut losses = vec![0.0; self.components.len()];
        for at in (0..self.scans.len()).rev() {
            let scan = &self.scans[at];
            // The mean is cheap and always wanted; scans of several components hold nothing else.
            let &[component] = scan.components.as_slice() else { continue };
            if scan.band.0 == 0 {
                continue;
            }
            // A later scan can only be read with what this one says of the same coefficients.
            let is_used = (at + 1..self.scans.len()).any(|later| {
                let other = &self.scans[later];
                keeps[later]
                    && other.components.contains(&component)
                    && other.band.0 <= scan.band.1
                    && scan.band.0 <= other.band.1
            });
            let loss = self.loss(scan, component, side);
            if !is_used && losses[component] + loss <= MAX_LOSS {
                losses[component] += loss;
                keeps[at] = false;
            }
        }
        keeps
    }

    /// What leaving a scan out changes of the pixels, as a mean square; endless for coefficients that would be missing.
    fn loss(&self, scan: &ProgressiveScan, component: usize, side: usize) -> f64 {
        let steps = &self.tables[self.components[component].table];
        let (across, down) = self.used(component, side);
        let used = (scan.band.0..=scan.band.1).filter(|&at| {
            let place = usize::from(ZIGZAG[at]);
            place / 8 < down && place % 8 < across
        });
        let squares: f64 = used.map(|at| f64::from(steps[at]).powi(2)).sum();
        if squares == 0.0 {
            return 0.0;
        }
        if !scan.refines {
            return f64::INFINITY;
        }
        // One bit more or less at its place, in half of all cases; a block has 64 pixels for its coefficients.
        let bit = f64::from(1_u32 << scan.low_bit);
        squares * bit * bit / 2.0 / 64.0
    }

    /// How many columns and rows of coefficients are used: those of components with fewer samples make more pixels.
    fn used(&self, component: usize, side: usize) -> (usize, usize) {
        let most = |of: fn(&Component) -> usize| self.components.iter().map(of).max().unwrap_or(1);
        let own = self.components[component].sampling;
        let times =
            (most(|component| component.sampling.0) / own.0, most(|component| component.sampling.1) / own.1);
        ((side * times.0).min(8), (side * times.1).min(8))
    }
}

/// Where the marker behind a scan's data lies.
fn end_of_scan(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start;
    loop {
        at += bytes.get(at..)?.iter().position(|&byte| byte == 0xFF)?;
        match bytes.get(at + 1)? {
            0 | 0xD0..=0xD7 => at += 2,
            0xFF => at += 1,
            _ => return Some(at),
        }
    }
}
