//! Which of photos that look alike is the best: what the person said first, then which of them the others are made of.

use std::cmp::Ordering;
use std::collections::HashMap;

use super::groups::Links;
use crate::catalog::ComparedPhoto;
use crate::types::PhotoId;

/// Orders photos, the best one first. `links` are those of copies, `sharpness` is known of some.
pub(super) fn best_first(photos: &mut [ComparedPhoto], links: &Links, sharpness: &HashMap<PhotoId, f32>) {
    photos.sort_by(|a, b| {
        said(b)
            .cmp(&said(a))
            .then_with(|| size(b, links).cmp(&size(a, links)))
            .then_with(|| detail(b, sharpness).total_cmp(&detail(a, sharpness)))
            .then_with(|| by_id(a, b))
    });
}

/// Favourites, then stars, then photos that still know their camera.
fn said(photo: &ComparedPhoto) -> (bool, i8, bool) {
    (photo.is_favourite, photo.rating, photo.camera.is_some())
}

/// Pixels, and as many times more as there are copies of it: most crops lie in the original, and few in each other. So a border
/// makes no better photo, though it has more pixels.
fn size(photo: &ComparedPhoto, links: &Links) -> u64 {
    let copies = links.get(&photo.shown.id).map_or(1, Vec::len);
    u64::from(photo.shown.width) * u64::from(photo.shown.height) * copies as u64
}

/// A coarse JPEG has sharp blocks and few bytes, a blurred photo has neither.
fn detail(photo: &ComparedPhoto, sharpness: &HashMap<PhotoId, f32>) -> f32 {
    sharpness.get(&photo.shown.id).copied().unwrap_or(0.0) * photo.shown.bytes as f32
}

fn by_id(one: &ComparedPhoto, two: &ComparedPhoto) -> Ordering {
    one.shown.id.cmp(&two.shown.id)
}

#[cfg(test)]
mod tests {
    use super::super::groups::links;
    use super::*;
    use crate::types::{DateSource, LookAlike};

    fn photo(id: i64, side: u32, bytes: u64) -> ComparedPhoto {
        ComparedPhoto {
            shown: LookAlike { id: PhotoId(id), paths: Vec::new(), width: side, height: side, bytes },
            is_favourite: false,
            rating: 0,
            camera: None,
            taken_at: 0,
            date_source: DateSource::File,
        }
    }

    fn order(mut photos: Vec<ComparedPhoto>, pairs: &[(i64, i64)], sharpness: &[(i64, f32)]) -> Vec<i64> {
        let links = links(pairs.iter().map(|(one, two)| (PhotoId(*one), PhotoId(*two))));
        let sharpness = sharpness.iter().map(|(id, value)| (PhotoId(*id), *value)).collect();
        best_first(&mut photos, &links, &sharpness);
        photos.iter().map(|photo| photo.shown.id.0).collect()
    }

    #[test]
    fn what_the_person_and_the_camera_said_goes_before_size() {
        let favourite = ComparedPhoto { is_favourite: true, ..photo(1, 10, 1) };
        let starred = ComparedPhoto { rating: 4, ..photo(2, 20, 1) };
        let of_camera = ComparedPhoto { camera: Some("X".into()), ..photo(3, 30, 1) };
        let rejected = ComparedPhoto { rating: -1, ..photo(4, 99, 1) };
        let large = photo(5, 40, 1);
        assert_eq!(order(vec![large, rejected, of_camera, starred, favourite], &[], &[]), [1, 2, 3, 5, 4]);
    }

    #[test]
    fn a_border_makes_no_better_photo_than_the_one_that_all_copies_are_of() {
        let photos = vec![photo(1, 110, 1), photo(2, 100, 1), photo(3, 60, 1)];
        assert_eq!(order(photos, &[(1, 2), (2, 3)], &[]), [2, 1, 3]);
    }

    #[test]
    fn of_the_same_size_neither_the_blurred_nor_the_coarse_one_is_the_best() {
        let photos = vec![photo(1, 100, 300), photo(2, 100, 900), photo(3, 100, 1000)];
        assert_eq!(order(photos, &[], &[(1, 0.05), (2, 0.04), (3, 0.01)]), [2, 1, 3]);
    }
}
