//! How alike a photo is to a picture: what both look like, what kind of thing they show, and parts of the photo, made one
//! number (docs/decisions/0021-likeness.md has how the constants were found).

use crate::types::{RegionId, Why};

/// Two photos that look more alike than this are views of one thing; below it, what kind of thing they show counts too.
const SAME: f32 = 0.5;
/// What the kind counts beside the looks.
const KIND: f32 = 0.6;
/// A part that is more like the picture than this shows the thing itself.
const SAME_PART: f32 = 0.48;
/// Below that, a part counts as much as looks and kind of this line.
const PART: (f32, f32) = (3.0, -0.47);
/// Brings what is below [`SAME`] and [`SAME_PART`] under both, in its order.
const BELOW: f32 = 0.43;

/// What is known of a photo beside a picture.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Evidence {
    /// Cosine of the two as wholes.
    pub(super) looks: f32,
    /// Cosine of what they show.
    pub(super) kind: f32,
    /// The part of the photo that is most like the picture, and its cosine.
    pub(super) part: Option<(RegionId, f32)>,
}

impl Evidence {
    /// A number that rises with the likeness, at most 1, and the part that it is for.
    /// `kind` says what likeness means, from 0, looks like it, to 1, shows the same kind of thing; `None` = both.
    pub(super) fn score(&self, kind: Option<f32>) -> (f32, Why, Option<RegionId>) {
        let of_whole = |kind: f32| if kind < 0.5 { Why::Looks } else { Why::Kind };
        if let Some(kind) = kind {
            let score = (1.0 - kind) * self.looks + kind * self.kind;
            return (score.clamp(-1.0, 1.0), of_whole(kind), None);
        }
        let (whole, why) = match self.looks > SAME {
            true => (self.looks, Why::Looks),
            false => (BELOW * (self.looks + KIND * self.kind), of_whole(self.kind - self.looks + 0.5)),
        };
        let part = self.part.map(|(region, part)| match part > SAME_PART {
            true => (part, Why::Part, Some(region)),
            false => (BELOW * (PART.0 * part + PART.1), Why::Part, Some(region)),
        });
        let (score, why, region) = part.filter(|(part, ..)| *part > whole).unwrap_or((whole, why, None));
        (score.clamp(-1.0, 1.0), why, region)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn score(looks: f32, kind: f32, part: f32) -> f32 {
        Evidence { looks, kind, part: Some((RegionId(1), part)) }.score(None).0
    }

    #[test]
    fn nothing_passes_by_what_looks_the_same() {
        let same = score(0.501, 0.0, 0.0);
        assert!(same > score(0.5, 1.0, 0.0), "the same kind of thing");
        assert!(same > score(0.0, 0.0, 0.479), "a part that is less alike");
        assert!(score(0.0, 0.0, 0.7) > same, "a part that shows the thing itself");
        assert!(score(0.3, 0.8, 0.0) > score(0.4, 0.1, 0.0), "the kind decides between what is not the same");
    }

    #[test]
    fn the_part_is_told_where_it_decides() {
        let evidence =
            |looks, part| Evidence { looks, kind: 0.0, part: Some((RegionId(7), part)) }.score(None).2;
        assert_eq!(evidence(0.2, 0.6), Some(RegionId(7)));
        assert_eq!(evidence(0.9, 0.6), None);
    }

    #[test]
    fn the_slider_goes_from_looks_to_kind_and_leaves_parts_alone() {
        let evidence = Evidence { looks: 0.25, kind: 0.75, part: Some((RegionId(7), 0.9)) };
        let scores = [0.0, 0.5, 1.0].map(|kind| evidence.score(Some(kind)));
        assert_eq!(scores, [(0.25, Why::Looks, None), (0.5, Why::Kind, None), (0.75, Why::Kind, None)]);
    }
}
