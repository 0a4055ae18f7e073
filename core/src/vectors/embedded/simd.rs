//! The three inner loops, for each processor: products of 8-bit rows, products of half-precision rows, and counts of
//! bits. They are written out where compilers do not find the instructions; the portable ones become NEON on ARM.

#[cfg(target_arch = "x86_64")]
#[path = "simd_x86.rs"]
mod x86;

use std::sync::LazyLock;

use half::slice::{HalfBitsSliceExt, HalfFloatSliceExt};

/// Bits of a query's numbers in the count of bits.
pub(super) const PLANES: usize = 4;

/// A query as whole numbers, in the forms that the processors want.
pub(super) struct Levels {
    /// At most [`Self::most`] in size.
    pub wide: Vec<i16>,
    /// `wide` is `128 * high + low`.
    pub high: Vec<i8>,
    /// See `high`.
    pub low: Vec<i8>,
    /// Sum of `wide`.
    pub sum: i32,
}

impl Levels {
    /// The largest number that keeps both halves within a byte, and sums of products within 32 bits.
    pub(super) fn most(dimension: usize) -> i16 {
        let fits = i32::MAX as usize / (127 * dimension.max(1));
        i16::try_from(fits.min(126 * 128)).expect("126 * 128 fits")
    }

    pub(super) fn new(wide: Vec<i16>) -> Self {
        let high: Vec<i8> = wide.iter().map(|level| ((level + 64) >> 7) as i8).collect();
        let low =
            wide.iter().zip(&high).map(|(level, high)| (level - 128 * i16::from(*high)) as i8).collect();
        let sum = wide.iter().map(|level| i32::from(*level)).sum();
        Self { wide, high, low, sum }
    }
}

/// The loops for one kind of processor. Rows lie one after the other; there are as many as `out` is long.
pub(super) struct Kernels {
    /// What it needs.
    #[cfg_attr(not(test), allow(dead_code, reason = "tells which ones differ in a test"))]
    pub name: &'static str,
    /// Exact products of 8-bit rows with a query.
    pub dots: fn(&Levels, &[i8], &mut [i32]),
    /// The product of a row of half-precision numbers, given as their bits, with a query.
    pub half_dot: fn(&[f32], &[u16]) -> f32,
    /// For each row of bits, the sum of the query's numbers where the row has a one. The query is given bit by bit:
    /// its lowest bits, then the next ones, in [`PLANES`] rows.
    pub masked_sums: fn(&[u64], &[u64], &mut [u32]),
}

/// The best loops that this processor can run.
pub(super) fn kernels() -> &'static Kernels {
    static BEST: LazyLock<&'static Kernels> = LazyLock::new(|| available()[0]);
    *BEST
}

/// All that this processor can run, best first.
fn available() -> Vec<&'static Kernels> {
    let mut all = Vec::new();
    #[cfg(target_arch = "x86_64")]
    all.extend(x86::available());
    all.push(&PORTABLE);
    all
}

static PORTABLE: Kernels = Kernels { name: "portable", dots, half_dot, masked_sums };

fn dots(query: &Levels, rows: &[i8], out: &mut [i32]) {
    for (row, out) in rows.chunks_exact(query.wide.len()).zip(out) {
        *out = row.iter().zip(&query.wide).map(|(a, b)| i32::from(*a) * i32::from(*b)).sum();
    }
}

fn half_dot(query: &[f32], row: &[u16]) -> f32 {
    // Sums of their own let the compiler use wide registers.
    const LANES: usize = 16;
    let mut sums = [0.0; LANES];
    let mut wide = [0.0; LANES];
    let (queries, query_rest) = query.as_chunks::<LANES>();
    let (rows, row_rest) = row.as_chunks::<LANES>();
    for (query, row) in queries.iter().zip(rows) {
        row.reinterpret_cast::<half::f16>().convert_to_f32_slice(&mut wide);
        for lane in 0..LANES {
            sums[lane] += query[lane] * wide[lane];
        }
    }
    sums.iter().sum::<f32>() + half_dot_rest(query_rest, row_rest)
}

/// Numbers that fill no register.
fn half_dot_rest(query: &[f32], row: &[u16]) -> f32 {
    query.iter().zip(row).map(|(query, half)| query * half::f16::from_bits(*half).to_f32()).sum()
}

#[inline(always)]
fn masked_sums(planes: &[u64], rows: &[u64], out: &mut [u32]) {
    let words = planes.len() / PLANES;
    for (row, out) in rows.chunks_exact(words).zip(out) {
        let count = |plane: &[u64]| -> u32 {
            row.iter().zip(plane).map(|(row, plane)| (row & plane).count_ones()).sum()
        };
        *out = planes.chunks_exact(words).rev().fold(0, |sum, plane| 2 * sum + count(plane));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn random(seed: u64) -> impl Iterator<Item = u64> {
        // Constants of Knuth's linear congruential generator (MMIX).
        std::iter::successors(Some(seed), |state| {
            Some(state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407))
        })
        .skip(1)
        .map(|state| state ^ (state >> 29))
    }

    /// The loops that there are beside the portable ones.
    const NAMES: &[&str] = if cfg!(target_arch = "x86_64") { &["AVX-512", "AVX2"] } else { &[] };

    #[test]
    #[allow(clippy::print_stderr, reason = "a test that skips something says so")]
    fn loops_that_this_processor_cannot_run_are_named() {
        let tested: Vec<_> = available().iter().map(|kernels| kernels.name).collect();
        for skipped in NAMES.iter().filter(|name| !tested.contains(name)) {
            eprintln!("SKIPPED: this processor cannot run the loops for {skipped}");
        }
        assert!(tested.iter().all(|name| NAMES.contains(name) || *name == PORTABLE.name), "{tested:?}");
    }

    /// Lengths around the widths of registers, with nothing left over and with every kind of rest.
    const LENGTHS: [usize; 14] = [1, 3, 15, 16, 31, 33, 63, 64, 65, 100, 129, 512, 1280, 2049];

    #[test]
    fn products_of_bytes_are_exact_on_every_path() {
        for length in LENGTHS {
            let most = i64::from(Levels::most(length));
            let wide: Vec<i16> = random(7)
                .take(length)
                .map(|n| ((n >> 8) as i64 % (most + 1) * [1, -1][n as usize & 1]) as i16)
                .collect();
            let rows: Vec<i8> = random(9)
                .take(length * 5)
                .map(|n| ((n >> 20) % 255) as i8 as i16 as i8)
                .map(|n| n.max(-127))
                .collect();
            let truth: Vec<i64> = rows
                .chunks_exact(length)
                .map(|row| row.iter().zip(&wide).map(|(a, b)| i64::from(*a) * i64::from(*b)).sum())
                .collect();
            let query = Levels::new(wide);
            for kernels in available() {
                let mut out = vec![0; 5];
                (kernels.dots)(&query, &rows, &mut out);
                let out: Vec<i64> = out.into_iter().map(i64::from).collect();
                assert_eq!(out, truth, "{} at {length}", kernels.name);
            }
        }
    }

    #[test]
    fn the_largest_numbers_do_not_overflow() {
        for length in LENGTHS.into_iter().chain([4096, 32_768]) {
            for sign in [1, -1] {
                let query = Levels::new(vec![sign * Levels::most(length); length]);
                let row = vec![127_i8; length];
                let truth = i32::from(sign) * i32::from(Levels::most(length)) * 127 * length as i32;
                for kernels in available() {
                    let mut out = [0];
                    (kernels.dots)(&query, &row, &mut out);
                    assert_eq!(out[0], truth, "{} at {length}", kernels.name);
                }
            }
        }
    }

    #[test]
    fn products_of_halves_agree_on_every_path() {
        for length in LENGTHS {
            let value = |n: u64| ((n >> 40) as f32 / (1_u32 << 24) as f32 - 0.5) * 0.1;
            let query: Vec<f32> = random(3).take(length).map(value).collect();
            let row: Vec<half::f16> = random(4).take(length).map(|n| half::f16::from_f32(value(n))).collect();
            let truth: f64 = query.iter().zip(&row).map(|(a, b)| f64::from(*a) * b.to_f64()).sum();
            for kernels in available() {
                let dot = f64::from((kernels.half_dot)(&query, row.reinterpret_cast()));
                assert!((dot - truth).abs() < 1e-6, "{} at {length}: {dot}, {truth}", kernels.name);
            }
        }
    }

    #[test]
    fn counts_of_bits_are_exact_on_every_path() {
        for words in [1, 2, 7, 8, 9, 20, 32, 33] {
            let planes: Vec<u64> = random(5).take(words * PLANES).collect();
            let rows: Vec<u64> = random(6).take(words * 3).collect();
            let bit = |words: &[u64], at: usize| (words[at / 64] >> (at % 64)) & 1;
            let truth: Vec<u64> = rows
                .chunks_exact(words)
                .map(|row| {
                    let level = |at| (0..PLANES).map(|p| bit(&planes[p * words..], at) << p).sum::<u64>();
                    (0..words * 64).map(|at| bit(row, at) * level(at)).sum()
                })
                .collect();
            for kernels in available() {
                let mut out = vec![0; 3];
                (kernels.masked_sums)(&planes, &rows, &mut out);
                let out: Vec<u64> = out.into_iter().map(u64::from).collect();
                assert_eq!(out, truth, "{} at {words} words", kernels.name);
            }
        }
    }
}
