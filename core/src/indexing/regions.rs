//! Which parts of a photo are looked at, and their vectors: squares of a grid that overlap.

use crate::catalog::NewRegion;
use crate::error::{Error, Result};
use crate::inference::Embedder;
use crate::pixels::{ResizeFilter, Rgb};
use crate::types::{Area, RegionKind};
use crate::vectors::{add_scaled, dot, normalise};

/// Longer side of the picture that parts are cut from, in pixels: a tile has about as many as the model takes.
pub(crate) const SIDE: u32 = 768;
/// Tiles along each side of a photo: 16 in all find small subjects nearly as well as 25, at two thirds of the cost.
const TILES: u8 = 4;
/// Their sides as a share of the photo's: they overlap, so that a subject lies whole in one of them.
const TILE: f32 = 0.35;
/// So much of what all tiles of a photo have in common is taken away from each: it says nothing of the part.
const COMMON: f32 = 0.7;

/// What is made of a photo.
pub(crate) struct PhotoParts {
    /// The unit vector of all of it, as a query for parts.
    pub(crate) whole: Vec<f32>,
    /// The tiles.
    pub(crate) tiles: Vec<NewRegion>,
}

/// The unit vector of a part of an upright picture, as a query.
///
/// # Errors
/// [`Error::Inference`].
pub(crate) fn embed(picture: &Rgb, area: &Area, embedder: &mut Embedder) -> Result<Vec<f32>> {
    Ok(unit(direction(picture, area, embedder)?))
}

/// The parts of an upright picture with their vectors.
///
/// # Errors
/// As [`embed`].
pub(crate) fn of(picture: &Rgb, embedder: &mut Embedder) -> Result<PhotoParts> {
    let whole = embed(picture, &Area::WHOLE, embedder)?;
    let areas: Vec<_> = tiles().collect();
    let mut directions =
        areas.iter().map(|area| direction(picture, area, embedder)).collect::<Result<Vec<_>>>()?;
    let mut common = vec![0.0; whole.len()];
    for direction in &directions {
        add_scaled(&mut common, 1.0, direction);
    }
    let share = COMMON / areas.len() as f32;
    for direction in &mut directions {
        add_scaled(direction, -share, &common);
    }
    let tile = |(area, direction)| {
        let vector = unit(direction);
        NewRegion { kind: RegionKind::Tile, area, label: None, score: None, vector }
    };
    Ok(PhotoParts { whole, tiles: areas.into_iter().zip(directions).map(tile).collect() })
}

fn tiles() -> impl Iterator<Item = Area> {
    let at = |step: u8| f32::from(step) * (1.0 - TILE) / f32::from(TILES - 1);
    let steps = (0..TILES).flat_map(|row| (0..TILES).map(move |column| (column, row)));
    steps.map(move |(column, row)| Area { x: at(column), y: at(row), width: TILE, height: TILE })
}

/// Where a part points, before it is made a unit vector.
fn direction(picture: &Rgb, area: &Area, embedder: &mut Embedder) -> Result<Vec<f32>> {
    let side = embedder.side();
    let square = picture.cropped(area).resized(side, side, ResizeFilter::Bicubic);
    let mut made = embedder.run(&square)?;
    made.extra.remove("direction").ok_or_else(|| Error::Inference("its pack names no direction".into()))
}

/// A vector of length 1; of none (a picture of one colour everywhere) the first axis, so that it is like nothing else.
fn unit(mut vector: Vec<f32>) -> Vec<f32> {
    if dot(&vector, &vector).sqrt() > 1e-6 {
        normalise(&mut vector);
    } else {
        vector.fill(0.0);
        vector[0] = 1.0;
    }
    vector
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_cover_the_photo_and_a_subject_of_a_tenth_lies_whole_in_one() {
        let tiles: Vec<_> = tiles().collect();
        assert_eq!(tiles.len(), 16);
        assert!(tiles.iter().all(Area::is_inside));
        let holds = |tile: &Area, x: f32, y: f32, side: f32| {
            tile.x <= x && tile.y <= y && x + side <= tile.x + tile.width && y + side <= tile.y + tile.height
        };
        let side = 0.13;
        for step in 0..=100_u8 {
            let at = f32::from(step) / 100.0 * (1.0 - side);
            assert!(tiles.iter().any(|tile| holds(tile, at, 1.0 - side - at, side)), "{at}");
        }
    }

    #[test]
    fn a_vector_without_direction_is_still_of_length_one() {
        assert_eq!(unit(vec![0.0; 3]), [1.0, 0.0, 0.0]);
        assert_eq!(unit(vec![0.0, 3.0, 4.0]), [0.0, 0.6, 0.8]);
    }
}
