//! Albums: photos in an order that a person chose, or a search that is asked each time.

use serde::Serialize;
use ts_rs::TS;

use super::ids::AlbumId;
use super::query::{PhotoQuery, Scope};

/// An album that a person made.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct Album {
    /// The album.
    pub id: AlbumId,
    /// As the person wrote it; no two differ in case alone.
    pub name: String,
    /// How many of its photos are shown; `null` for a smart album, which is asked when it is opened.
    pub photos: Option<u32>,
    /// The search that a smart album is; `null` for a plain one.
    pub query: Option<PhotoQuery>,
}

impl Album {
    /// The query for what is in it.
    pub fn contents(&self) -> PhotoQuery {
        let plain = || PhotoQuery {
            among: Scope { album: Some(self.id), ..Scope::default() },
            ..PhotoQuery::default()
        };
        self.query.clone().unwrap_or_else(plain)
    }
}
