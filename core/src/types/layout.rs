//! The photos of a query as the grid lays them out: all of them, in order, a few bytes each.

use serde_json::json;

use super::ids::PhotoId;
use super::reason::Reason;
use super::region::Area;

/// What the layout of the grid needs of a photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PhotoShape {
    /// The photo.
    pub id: PhotoId,
    /// Wall clock in milliseconds, as if UTC.
    pub taken_at: i64,
    /// Width divided by height in thousandths, as seen upright; 0 if unknown.
    pub aspect: u16,
}

impl PhotoShape {
    /// Width divided by height in thousandths; 0 where the size is not known.
    pub fn aspect_of(width: u32, height: u32) -> u16 {
        let thousandths = (u64::from(width) * 1000 + u64::from(height) / 2).checked_div(u64::from(height));
        thousandths.map_or(0, |thousandths| u16::try_from(thousandths).unwrap_or(u16::MAX))
    }
}

/// All photos of a query in their order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PhotoLayout {
    /// The revision of the library that it shows.
    pub revision: i64,
    /// The photos in order.
    pub photos: Vec<PhotoShape>,
    /// How alike each is, where the query asks for likeness; otherwise empty.
    pub scores: Vec<f32>,
    /// The part that is alike, of photos where it is not the whole.
    pub areas: Vec<(PhotoId, Area)>,
    /// What the person should know about the answer: the chosen vector store is away.
    pub notice: Option<Reason>,
}

/// Bytes before the columns.
const HEAD: usize = 16;

impl PhotoLayout {
    /// For the page, little-endian: revision (f64), number of photos (u32), number of scores (u32), then column by column
    /// the times (f64), ids (u32), scores (f32) and aspects (u16), and areas and notice as JSON. Each column begins at a
    /// multiple of the size of its values, so that the page reads them in place.
    ///
    /// # Errors
    /// The first id that 32 bits do not hold.
    pub fn to_bytes(&self) -> Result<Vec<u8>, PhotoId> {
        let Self { revision, photos, scores, areas, notice } = self;
        let rest = json!({ "areas": areas, "notice": notice }).to_string();
        let mut bytes = Vec::with_capacity(HEAD + photos.len() * 14 + scores.len() * 4 + rest.len());
        bytes.extend((*revision as f64).to_le_bytes());
        bytes.extend(length(photos.len()));
        bytes.extend(length(scores.len()));
        bytes.extend(photos.iter().flat_map(|photo| (photo.taken_at as f64).to_le_bytes()));
        for photo in photos {
            bytes.extend(u32::try_from(photo.id.0).map_err(|_| photo.id)?.to_le_bytes());
        }
        bytes.extend(scores.iter().flat_map(|score| score.to_le_bytes()));
        bytes.extend(photos.iter().flat_map(|photo| photo.aspect.to_le_bytes()));
        bytes.extend(rest.into_bytes());
        Ok(bytes)
    }
}

fn length(length: usize) -> [u8; 4] {
    u32::try_from(length).expect("fewer photos than ids of 32 bits").to_le_bytes()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn shape(id: i64, taken_at: i64, aspect: u16) -> PhotoShape {
        PhotoShape { id: PhotoId(id), taken_at, aspect }
    }

    #[test]
    fn aspects_are_thousandths() {
        let aspects = [(4000, 3000), (3000, 4000), (2, 3), (0, 10), (10, 0), (u32::MAX, 1)];
        let expected = [1333, 750, 667, 0, 0, u16::MAX];
        assert_eq!(aspects.map(|(width, height)| PhotoShape::aspect_of(width, height)), expected);
    }

    #[test]
    fn the_bytes_are_columns_that_begin_at_multiples_of_their_values() {
        let layout = PhotoLayout {
            revision: 7,
            photos: vec![shape(3, 2000, 1333), shape(u32::MAX.into(), -1, 750), shape(1, 0, 0)],
            scores: vec![1.0, 0.5, 0.25],
            areas: vec![(PhotoId(1), Area { x: 0.5, y: 0.0, width: 0.25, height: 1.0 })],
            notice: Some(Reason { code: "away".into(), params: BTreeMap::new() }),
        };
        let bytes = layout.to_bytes().unwrap();
        let double = |at: usize| f64::from_le_bytes(bytes[at..at + 8].try_into().unwrap());
        let word = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
        let half = |at: usize| u16::from_le_bytes(bytes[at..at + 2].try_into().unwrap());
        assert_eq!((double(0), word(8), word(12)), (7.0, 3, 3));
        assert_eq!([16, 24, 32].map(double), [2000.0, -1.0, 0.0]);
        assert_eq!([40, 44, 48].map(word), [3, u32::MAX, 1]);
        assert_eq!([52, 56, 60].map(|at| f32::from_bits(word(at))), [1.0, 0.5, 0.25]);
        assert_eq!([64, 66, 68].map(half), [1333, 750, 0]);
        assert_eq!(&bytes[70..], br#"{"areas":[[1,{"height":1.0,"width":0.25,"x":0.5,"y":0.0}]],"notice":{"code":"away","params":{}}}"#);
    }

    #[test]
    fn an_id_beyond_32_bits_is_told_and_not_cut() {
        let layout = PhotoLayout { photos: vec![shape(1 << 32, 0, 0)], ..PhotoLayout::default() };
        assert_eq!(layout.to_bytes(), Err(PhotoId(1 << 32)));
    }
}
