//! What is looked for, among which photos, and what was found.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::filter::PhotoFilter;
use super::ids::{AlbumId, FolderId, PhotoId, SubjectId};
use super::mark::Mark;
use super::reason::Reason;
use super::region::Area;

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
    /// The part of it that is alike, where that is not the whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<Area>,
    /// Whether it is among the rest, of which the score says little.
    pub weak: bool,
    /// What was found in it.
    pub why: Why,
}

/// Why a photo is an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// It is the photo that was asked for.
    Itself,
    /// It looks like the picture.
    Looks,
    /// It shows the same kind of thing.
    Kind,
    /// A part of it is like the picture.
    Part,
    /// It shows what the words say.
    Shown,
    /// It is taken to show the subject.
    Subject,
    /// The words are written about it.
    Written,
    /// It fulfils the conditions.
    Among,
}

/// A photo that answers shall be like, or unlike.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export_to = "bindings.ts")]
pub struct Example {
    /// The photo.
    pub id: PhotoId,
    /// How much it counts beside the others; below 0: answers shall be unlike it.
    pub weight: f32,
}

/// What photos are looked for: like other pictures, or what words say.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
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
    /// Like several photos, and unlike others.
    Examples {
        /// Which.
        photos: Vec<Example>,
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
    /// In this plain album, and in its order where nothing says what they are like.
    #[ts(optional = nullable)]
    pub album: Option<AlbumId>,
    /// And all of this.
    #[ts(optional, as = "Option<Vec<PhotoFilter>>")]
    pub filters: Vec<PhotoFilter>,
}

impl Scope {
    /// What belongs to both, where the other says only when photos were taken, and filters.
    pub fn narrowed(&self, from: Option<i64>, until: Option<i64>, filters: &[PhotoFilter]) -> Self {
        let from = [self.from, from].into_iter().flatten().max();
        let until = [self.until, until].into_iter().flatten().min();
        let filters = [self.filters.as_slice(), filters].concat();
        Self { from, until, filters, ..self.clone() }
    }

    /// Whether every photo belongs to it.
    pub fn is_all(&self) -> bool {
        *self == Self::default()
    }
}

/// Which photos, and in which order: what they are like, among which they are looked for, and how many are wanted. The
/// one question of the grid in each of its places, of the panel and of the command line.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
#[ts(export_to = "bindings.ts")]
pub struct PhotoQuery {
    /// What they are like, most alike first; `null` = whatever they show, newest first.
    pub what: Option<SimilarQuery>,
    /// The part of the picture that they shall be like, or have a part like; `null` = all of it.
    #[ts(optional = nullable)]
    pub area: Option<Area>,
    /// What "like a picture" means, from 0, looks like it, to 1, shows the same kind of thing; `null` = both.
    #[ts(optional = nullable)]
    pub kind: Option<f32>,
    /// Among which photos.
    pub among: Scope,
    /// The first so many; `null` = all, or for likeness as many as one looks through.
    pub limit: Option<u32>,
}

impl PhotoQuery {
    /// The `limit` photos of the scope that are most alike.
    pub fn like(what: SimilarQuery, among: Scope, limit: u32) -> Self {
        Self { what: Some(what), among, limit: Some(limit), ..Self::default() }
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
    /// Words of the query that are of no dictionary here.
    pub unknown: Vec<String>,
    /// What the person should know about the answer: the chosen vector store is away.
    pub notice: Option<Reason>,
}
