//! What edits do, and what takes it back.

use serde::{Deserialize, Serialize};

use crate::types::{FolderOptions, Mark};

/// What an edit does. The photos and files that it does it to lie in tables of their own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub(super) enum Step {
    Mark {
        mark: Mark,
        set: bool,
    },
    /// Hides the photos of the edit, and marks these as favourites that were not.
    Copies {
        favourites: Vec<i64>,
        hidden: bool,
    },
    Folder {
        folder: i64,
        present: bool,
    },
    Options {
        folder: i64,
        before: FolderOptions,
        after: FolderOptions,
    },
    Missing {
        folder: i64,
        forget: bool,
        answered: bool,
    },
    Comic {
        comic: i64,
        deleted: bool,
    },
    /// The first answers about a subject made it.
    Answers {
        subject: i64,
        made: bool,
        given: bool,
    },
    Naming {
        subject: i64,
        before: String,
        after: String,
    },
    Subject {
        subject: i64,
        present: bool,
    },
    AlbumName {
        album: i64,
        before: String,
        after: String,
    },
    Album {
        album: i64,
        present: bool,
    },
    /// Puts photos into an album, takes them out or gives them another place.
    AlbumPhotos {
        album: i64,
        done: bool,
    },
}

impl Step {
    /// What takes it back.
    pub(super) fn inverse(self) -> Self {
        match self {
            Self::Mark { mark, set } => Self::Mark { mark, set: !set },
            Self::Copies { favourites, hidden } => Self::Copies { favourites, hidden: !hidden },
            Self::Folder { folder, present } => Self::Folder { folder, present: !present },
            Self::Options { folder, before, after } => Self::Options { folder, before: after, after: before },
            Self::Missing { folder, forget, answered } => {
                Self::Missing { folder, forget, answered: !answered }
            }
            Self::Comic { comic, deleted } => Self::Comic { comic, deleted: !deleted },
            Self::Answers { subject, made, given } => Self::Answers { subject, made, given: !given },
            Self::Naming { subject, before, after } => Self::Naming { subject, before: after, after: before },
            Self::Subject { subject, present } => Self::Subject { subject, present: !present },
            Self::AlbumName { album, before, after } => {
                Self::AlbumName { album, before: after, after: before }
            }
            Self::Album { album, present } => Self::Album { album, present: !present },
            Self::AlbumPhotos { album, done } => Self::AlbumPhotos { album, done: !done },
        }
    }

    /// The folder that it needs.
    pub(super) fn folder(&self) -> Option<i64> {
        match self {
            Self::Folder { folder, .. } | Self::Options { folder, .. } | Self::Missing { folder, .. } => {
                Some(*folder)
            }
            _ => None,
        }
    }
}
