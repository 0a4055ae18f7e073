//! Parts of photos, and what a row of a vector store stands for.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ids::{PhotoId, RegionId};

/// What the rows of a collection stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PointKind {
    /// Whole photos, one row each, with the photo's number as id: what other programs read.
    Photos,
    /// Regions of photos, any number of rows each, with the region's number as id.
    Regions,
}

/// What a region is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RegionKind {
    /// A box that a person drew.
    Drawn,
    /// Something that a detector named.
    Object,
    /// A face.
    Face,
    /// One of a grid that covers the photo.
    Tile,
}

/// A rectangle as fractions of the upright picture, 0 to 1 from its top left corner.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct Area {
    /// Left edge.
    pub x: f32,
    /// Top edge.
    pub y: f32,
    /// Width.
    pub width: f32,
    /// Height.
    pub height: f32,
}

impl Area {
    /// The whole picture.
    pub const WHOLE: Self = Self { x: 0.0, y: 0.0, width: 1.0, height: 1.0 };

    /// Whether it is a rectangle within the picture, larger than nothing.
    pub fn is_inside(&self) -> bool {
        let Self { x, y, width, height } = *self;
        // Numbers that are none fail each comparison.
        x >= 0.0 && y >= 0.0 && width > 0.0 && height > 0.0 && x + width <= 1.001 && y + height <= 1.001
    }
}

/// A part of a photo.
#[derive(Clone, Debug, PartialEq)]
pub struct Region {
    /// The region.
    pub id: RegionId,
    /// The photo.
    pub photo: PhotoId,
    /// What it is.
    pub kind: RegionKind,
    /// Where it is.
    pub area: Area,
    /// What its source calls it.
    pub label: Option<String>,
    /// How sure the source is, 0 to 1.
    pub score: Option<f32>,
    /// The model that found it, or `person`.
    pub source: String,
}
