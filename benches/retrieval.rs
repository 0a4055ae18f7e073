//! What decoding small costs in retrieval: the same photos embedded from a full decode, from the small decode that
//! indexing uses, and from the finished thumbnail, each asked for cropped, mirrored and brighter copies.

use std::path::Path;

use fotonovela_core::image::{decode, thumbnail};
use fotonovela_core::inference::{Embedder, Model};
use fotonovela_core::pixels::{Orientation, ResizeFilter, Rgb};
use fotonovela_core::platform::resources;

use crate::index::jpegs;

/// How many neighbours of a photo are compared.
const NEIGHBOURS: usize = 10;

/// One photo's vectors, and those of its copies.
struct Vectors {
    ways: [Vec<f32>; 3],
    copies: Vec<Vec<f32>>,
}

/// Prints a table.
pub(crate) fn run(photos: &Path) {
    let mut embedder = Model::bundled(resources::folder()).embedder().unwrap();
    let vectors: Vec<Vectors> = jpegs(photos).iter().map(|path| vectors_of(path, &mut embedder)).collect();
    let ways = [0, 1, 2].map(|way| vectors.iter().map(|one| one.ways[way].as_slice()).collect::<Vec<_>>());
    println!("{} photos, {} queries each way\n", vectors.len(), vectors.len() * 3);
    println!("| from | copy finds its photo first | same {NEIGHBOURS} neighbours | cosine, mean | worst |");
    println!("|---|---|---|---|---|");
    for (name, rows) in ["full decode", "small decode", "thumbnail"].iter().zip(&ways) {
        let cosines: Vec<f32> = rows.iter().zip(&ways[0]).map(|(a, b)| dot(a, b)).collect();
        println!(
            "| {name} | {:.1} % | {:.1} % | {:.4} | {:.4} |",
            100.0 * found_first(&vectors, rows),
            100.0 * same_neighbours(&ways[0], rows),
            cosines.iter().sum::<f32>() / cosines.len() as f32,
            cosines.iter().copied().fold(1.0, f32::min),
        );
    }
}

fn vectors_of(path: &Path, embedder: &mut Embedder) -> Vectors {
    let bytes = std::fs::read(path).unwrap();
    let full = decode(&bytes, path, u32::MAX).unwrap();
    let small = decode(&bytes, path, thumbnail::SIDE).unwrap();
    let jpeg = thumbnail::encode(&small.fitted(thumbnail::SIDE)).unwrap();
    let thumbnail = decode(&jpeg, path, u32::MAX).unwrap();
    let side = embedder.side();
    let ways = [full, small, thumbnail].map(|decoded| {
        let vector = embedder.embed(&decoded.squashed(side)).unwrap();
        (decoded, vector)
    });
    let upright = ways[0].0.fitted(u32::MAX);
    let copies = [cropped(&upright), upright.clone().turned(Orientation::from_exif(2)), brighter(upright)];
    let copies = copies.iter().map(|copy| copy.resized(side, side, ResizeFilter::Bicubic));
    Vectors {
        copies: copies.map(|copy| embedder.embed(&copy).unwrap()).collect(),
        ways: ways.map(|(_, vector)| vector),
    }
}

/// Share of the copies that find their photo first among `rows`.
fn found_first(vectors: &[Vectors], rows: &[&[f32]]) -> f64 {
    let is_first = |index: usize, copy: &Vec<f32>| nearest(copy, rows, 1) == [index];
    let first =
        |(index, one): (usize, &Vectors)| one.copies.iter().filter(|copy| is_first(index, copy)).count();
    vectors.iter().enumerate().map(first).sum::<usize>() as f64 / (rows.len() * 3) as f64
}

/// Share of the neighbours in `full` that are neighbours in `rows` too.
fn same_neighbours(full: &[&[f32]], rows: &[&[f32]]) -> f64 {
    let kept = |index: usize| {
        let expected = nearest(full[index], full, NEIGHBOURS + 1);
        nearest(rows[index], rows, NEIGHBOURS + 1).iter().filter(|one| expected.contains(one)).count() - 1
    };
    (0..rows.len()).map(kept).sum::<usize>() as f64 / (rows.len() * NEIGHBOURS) as f64
}

/// The middle: four fifths of each side.
fn cropped(picture: &Rgb) -> Rgb {
    let (width, height) = (picture.width * 4 / 5, picture.height * 4 / 5);
    let (left, top) = ((picture.width - width) / 2, (picture.height - height) / 2);
    let row = |y: u32| {
        let start = ((y * picture.width + left) * 3) as usize;
        picture.data[start..start + width as usize * 3].iter().copied()
    };
    Rgb { width, height, data: (top..top + height).flat_map(row).collect() }
}

fn brighter(picture: Rgb) -> Rgb {
    let data = picture.data.iter().map(|value| (u16::from(*value) * 5 / 4).min(255) as u8).collect();
    Rgb { data, ..picture }
}

/// Indexes of the most alike rows, best first.
fn nearest(query: &[f32], rows: &[&[f32]], count: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by(|a, b| dot(query, rows[*b]).total_cmp(&dot(query, rows[*a])));
    order.truncate(count);
    order
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
