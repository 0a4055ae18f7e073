//! Vectors like those of photos, in a file that other programs read too: a mixture of 1000 groups in a space of 96
//! dimensions of falling weight, brought to the length of a model's vectors, with a quarter of noise.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use half::f16;
use half::slice::HalfFloatSliceExt;

const GROUPS: u64 = 1000;
const LATENT: usize = 96;
/// How far the members of a group lie from its middle.
const SPREAD: f32 = 0.4;
/// Length of the noise where that of the rest is 1: a quarter of the square.
const NOISE: f32 = 0.5;
/// Vectors that are not in the file.
pub(crate) const QUERIES: usize = 20;
/// Rows that are made at a time.
const CHUNK: u64 = 10_000;

/// A file of `rows` unit vectors of `dimension` f16, little-endian, and one of queries, f32.
pub(crate) struct VectorFile {
    pub dimension: usize,
    pub rows: usize,
    bytes: memmap2::Mmap,
    pub queries: Vec<Vec<f32>>,
}

impl VectorFile {
    /// Makes the files where they are missing.
    pub(crate) fn open(folder: &Path, rows: usize, dimension: usize) -> Self {
        std::fs::create_dir_all(folder).unwrap();
        let path = folder.join(format!("{rows}x{dimension}.f16"));
        let recipe = Recipe::new(dimension);
        if !std::fs::metadata(&path).is_ok_and(|metadata| metadata.len() == (rows * dimension * 2) as u64) {
            make(&recipe, &path, rows as u64);
        }
        let queries: Vec<Vec<f32>> =
            (0..QUERIES as u64).map(|query| recipe.vector((1 << 40) + query * 7919)).collect();
        let bytes: Vec<u8> = queries.iter().flatten().flat_map(|value| value.to_le_bytes()).collect();
        std::fs::write(folder.join(format!("queries-{dimension}.f32")), bytes).unwrap();
        // SAFETY: nobody writes to the file while the benchmark runs.
        let bytes = unsafe { memmap2::Mmap::map(&std::fs::File::open(&path).unwrap()).unwrap() };
        Self { dimension, rows, bytes, queries }
    }

    pub(crate) fn vector(&self, row: usize) -> Vec<f32> {
        let bytes = &self.bytes[row * self.dimension * 2..][..self.dimension * 2];
        let halves: Vec<f16> =
            bytes.as_chunks::<2>().0.iter().map(|pair| f16::from_le_bytes(*pair)).collect();
        let mut vector = vec![0.0; self.dimension];
        halves.convert_to_f32_slice(&mut vector);
        vector
    }
}

fn make(recipe: &Recipe, path: &Path, rows: u64) {
    let beside: PathBuf = path.with_extension("new");
    let mut out = BufWriter::new(std::fs::File::create(&beside).unwrap());
    let threads = std::thread::available_parallelism().unwrap().get() as u64;
    for start in (0..rows).step_by((CHUNK * threads) as usize) {
        let part = |thread: u64| {
            let first = start + thread * CHUNK;
            (first..(first + CHUNK).min(rows)).flat_map(|row| recipe.halves(row)).collect::<Vec<u8>>()
        };
        let parts: Vec<Vec<u8>> = std::thread::scope(|scope| {
            let part = &part;
            let made: Vec<_> = (0..threads).map(|thread| scope.spawn(move || part(thread))).collect();
            made.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        parts.iter().for_each(|part| out.write_all(part).unwrap());
    }
    out.into_inner().unwrap().sync_all().unwrap();
    std::fs::rename(beside, path).unwrap();
}

/// Draws the vectors.
pub(crate) struct Recipe {
    dimension: usize,
    /// `LATENT` rows.
    projection: Vec<f32>,
}

impl Recipe {
    pub(crate) fn new(dimension: usize) -> Self {
        let mut random = Random::new(dimension as u64);
        Self { dimension, projection: (0..LATENT * dimension).map(|_| random.normal()).collect() }
    }

    fn halves(&self, row: u64) -> Vec<u8> {
        self.vector(row).iter().flat_map(|value| f16::from_f32(*value).to_le_bytes()).collect()
    }

    /// The same for the same number.
    pub(crate) fn vector(&self, number: u64) -> Vec<f32> {
        let mut own = Random::new(number + 1_000_000);
        let mut group = Random::new(own.next() % GROUPS);
        let mut vector = vec![0.0; self.dimension];
        for (axis, row) in self.projection.chunks_exact(self.dimension).enumerate() {
            let weight = 1.0 / (axis as f32 + 1.0).sqrt();
            let value = weight * (group.normal() + SPREAD * own.normal());
            vector.iter_mut().zip(row).for_each(|(sum, number)| *sum += value * number);
        }
        let scale = NOISE * length(&vector) / (self.dimension as f32).sqrt();
        vector.iter_mut().for_each(|value| *value += scale * own.normal());
        let length = length(&vector);
        vector.iter_mut().for_each(|value| *value /= length);
        vector
    }
}

fn length(vector: &[f32]) -> f32 {
    vector.iter().map(|value| value * value).sum::<f32>().sqrt()
}

struct Random(u64);

impl Random {
    fn new(seed: u64) -> Self {
        let mut random = Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        random.next();
        random.next();
        random
    }

    fn next(&mut self) -> u64 {
        // xorshift64* (Vigna 2016).
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// The sum of four even numbers is close to a normal distribution; brought to deviation 1.
    fn normal(&mut self) -> f32 {
        let bits = self.next();
        let sum: u32 = (0..4).map(|part| (bits >> (16 * part)) as u32 & 0xffff).sum();
        (sum as f32 / 65_536.0 - 2.0) * 3.0_f32.sqrt()
    }
}
