//! Marks that a person gives to photos.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Something that a person says about a photo by one key. It stays with the photo, wherever its files go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "bindings.ts")]
pub enum Mark {
    /// One of the best.
    Favourite,
    /// Out of sight, but where hidden photos are asked for.
    Hidden,
}

impl Mark {
    /// All there are.
    pub const ALL: [Self; 2] = [Self::Favourite, Self::Hidden];

    /// Its name in the catalogue, as serde gives it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Favourite => "favourite",
            Self::Hidden => "hidden",
        }
    }

    /// The mark of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mark| mark.name() == name)
    }
}
