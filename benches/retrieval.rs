//! What decoding small costs in retrieval: the same photos embedded from a full decode, from the small decode that
//! indexing uses, and from the finished thumbnail, each asked for cropped, mirrored and brighter copies.

use std::path::Path;

use fotonovela_core::image::{decode, thumbnail};
use fotonovela_core::model::Model;
use fotonovela_core::pixels::{Filter, Orientation, Rgb};
use fotonovela_core::resources;

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
    let photos = jpegs(photos);
    let mut embedder = Model::bundled(resources::folder()).embedder().unwrap();
    let side = embedder.side();
    let mut embed = |picture: &Rgb| embedder.embed(&picture.resized(side, side, Filter::Bicubic)).unwrap();
    let vectors: Vec<Vectors> = photos
        .iter()
        .map(|path| {
            let bytes = std::fs::read(path).unwrap();
            let full = decode(&bytes, path, u32::MAX).unwrap().fitted(u32::MAX);
            let small = decode(&bytes, path, thumbnail::SIDE).unwrap();
            let jpeg = thumbnail::encode(&small.fitted(thumbnail::SIDE)).unwrap();
            let thumbnail = decode(&jpeg, path, u32::MAX).unwrap().pixels;
            Vectors {
                ways: [embed(&full), embed(&small.fitted(u32::MAX)), embed(&thumbnail)],
                copies: [cropped(&full), full.clone().turned(Orientation::from_exif(2)), brighter(full)]
                    .iter()
                    .map(&mut embed)
                    .collect(),
            }
        })
        .collect();

    println!("{} photos, {} queries each way\n", vectors.len(), vectors.len() * 3);
    println!("| from | copy finds its photo first | same {NEIGHBOURS} neighbours | cosine, mean | worst |");
    println!("|---|---|---|---|---|");
    for (way, name) in ["full decode", "small decode", "thumbnail"].iter().enumerate() {
        let rows: Vec<&[f32]> = vectors.iter().map(|one| one.ways[way].as_slice()).collect();
        let full: Vec<&[f32]> = vectors.iter().map(|one| one.ways[0].as_slice()).collect();
        let found = vectors
            .iter()
            .enumerate()
            .flat_map(|(index, one)| one.copies.iter().map(move |copy| (index, copy)));
        let first = found.filter(|(index, copy)| nearest(copy, &rows, 1) == [*index]).count();
        let same: usize = (0..rows.len())
            .map(|index| {
                let expected = nearest(full[index], &full, NEIGHBOURS + 1);
                let got = nearest(rows[index], &rows, NEIGHBOURS + 1);
                got.iter().filter(|one| expected.contains(one)).count() - 1
            })
            .sum();
        let cosines: Vec<f32> = rows.iter().zip(&full).map(|(a, b)| dot(a, b)).collect();
        let mean = cosines.iter().sum::<f32>() / cosines.len() as f32;
        let worst = cosines.iter().copied().fold(1.0, f32::min);
        println!(
            "| {name} | {:.1} % | {:.1} % | {mean:.4} | {worst:.4} |",
            100.0 * first as f64 / (rows.len() * 3) as f64,
            100.0 * same as f64 / (rows.len() * NEIGHBOURS) as f64,
        );
    }
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
