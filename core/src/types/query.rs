//! What is looked for, among which photos, and what was found.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ids::{FolderId, PhotoId, SubjectId};
use super::mark::Mark;
use super::reason::Reason;

/// A photo found by similarity.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SimilarPhoto {
    /// The photo.
    pub id: PhotoId,
    /// Its file.
    pub path: PathBuf,
    /// Cosine similarity, at most 1; larger is more alike.
    pub score: f32,
}

/// What photos are looked for: like another picture, or what words say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", tag = "kind")]
#[ts(export_to = "bindings.ts")]
pub enum SimilarQuery {
    /// A photo of the library.
    Photo {
        /// The photo.
        id: PhotoId,
    },
    /// A picture that was dropped or pasted.
    Image {
        /// What `query_image_add` answered.
        token: u32,
    },
    /// What words say, in English or Spanish; `-word` excludes.
    Words {
        /// As the person typed it.
        text: String,
    },
    /// A subject that examples were given of. A score of a half or more is a match; of an answered photo it is 1 or 0.
    Subject {
        /// The subject.
        id: SubjectId,
    },
}

/// Among which photos similar ones are looked for: those of which all holds that is said here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(export_to = "bindings.ts")]
pub struct Scope {
    /// Found in this folder.
    pub folder: Option<FolderId>,
    /// Marked so by the person.
    pub mark: Option<Mark>,
    /// Taken at this moment or later: wall clock in milliseconds, as if UTC.
    pub from: Option<i64>,
    /// Taken before this moment.
    pub until: Option<i64>,
    /// Said to show this subject, or taken to by what was said of others.
    pub subject: Option<SubjectId>,
}

impl Scope {
    /// Whether every photo belongs to it.
    pub fn is_all(&self) -> bool {
        *self == Self::default()
    }
}

/// Which photos, and in which order: what they are like, among which they are looked for, and how many are wanted. The
/// one question of the grid in each of its places, of the panel and of the command line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(export_to = "bindings.ts")]
pub struct PhotoQuery {
    /// What they are like, most alike first; `null` = whatever they show, newest first.
    pub what: Option<SimilarQuery>,
    /// Among which photos.
    pub among: Scope,
    /// The first so many; `null` = all, or for likeness as many as one looks through.
    pub limit: Option<u32>,
}

impl PhotoQuery {
    /// The `limit` photos of the scope that are most alike.
    pub fn like(what: SimilarQuery, among: Scope, limit: u32) -> Self {
        Self { what: Some(what), among, limit: Some(limit) }
    }
}

/// A picture from outside, kept in memory as a query and never added to the library.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "bindings.ts")]
pub struct QueryImage {
    /// Its handle for [`SimilarQuery::Image`] and for the preview's URL.
    pub token: u32,
    /// The file name, or empty for a pasted picture.
    pub name: String,
    /// Width in pixels, upright.
    pub width: u32,
    /// Height in pixels, upright.
    pub height: u32,
}

/// Similar photos, for the command line.
#[derive(Clone, Debug, PartialEq)]
pub struct Similar {
    /// Best first.
    pub photos: Vec<SimilarPhoto>,
    /// What the person should know about the answer: the chosen vector store is away.
    pub notice: Option<Reason>,
}
