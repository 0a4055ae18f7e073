//! What a photo must have to be looked at: the filters of a search, as chips of the window and as text.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One condition on a photo.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
#[ts(export_to = "bindings.ts")]
pub enum PhotoFilter {
    /// Make or model of the camera has this in it, in any case.
    Camera {
        /// A part of its name.
        text: String,
    },
    /// The lens.
    Lens {
        /// A part of its name.
        text: String,
    },
    /// The format of the file, such as `HEIC`.
    Format {
        /// Its name, in any case.
        text: String,
    },
    /// Path below the library's folder, with the name.
    Path {
        /// A part of it.
        text: String,
    },
    /// A keyword that the file has.
    Keyword {
        /// A part of it.
        text: String,
    },
    /// In a plain album.
    Album {
        /// A part of its name, in any case.
        text: String,
    },
    /// How wide it is beside its height.
    Shape {
        /// Which.
        shape: PictureShape,
    },
    /// Stars that the file has.
    Rating {
        /// So many or more.
        least: i8,
    },
    /// Marked as a favourite.
    Favourite,
    /// Taken in this time: wall clock in milliseconds, as if UTC.
    Taken {
        /// At this moment or later.
        from: i64,
        /// Before this moment.
        until: i64,
    },
    /// It says where it was taken.
    Place,
    /// None of this.
    Not {
        /// What it must not be.
        filter: Box<PhotoFilter>,
    },
}

/// How wide a picture is beside its height.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "bindings.ts")]
pub enum PictureShape {
    /// Wider than high.
    Landscape,
    /// Higher than wide.
    Portrait,
    /// As wide as high, within a hundredth.
    Square,
}

/// What was made of a text that a person typed to search.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "bindings.ts")]
pub struct Understood {
    /// What the photos shall show, without the rest.
    pub words: String,
    /// What they shall not show.
    pub excluded: Vec<String>,
    /// Taken at this moment or later: wall clock in milliseconds, as if UTC.
    pub from: Option<i64>,
    /// Taken before this moment.
    pub until: Option<i64>,
    /// Conditions.
    pub filters: Vec<PhotoFilter>,
    /// Words that say nothing of what a photo shows: they are looked for in names and texts only.
    pub unknown: Vec<String>,
}
