//! What a person does to the library, and how it is told afterwards.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::folder::FolderOptions;
use super::ids::{AlbumId, ComicId, EditId, FolderId, PhotoId, SubjectId};
use super::mark::Mark;
use super::query::PhotoQuery;
use super::subject::SubjectAnswers;

/// A write of a person. Each has an inverse: see [`EditEntry`].
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// Marks photos, or takes the mark away.
    SetMark {
        /// Those that are not in the library are left out.
        photos: Vec<PhotoId>,
        /// The mark.
        mark: Mark,
        /// Whether they have it from now on.
        set: bool,
    },
    /// Hides all but the first photo of each group, which becomes a favourite where one of the others is.
    HideCopies {
        /// Photos that look alike, the one to keep first.
        groups: Vec<Vec<PhotoId>>,
    },
    /// Adds a folder; one that is there gets these options.
    AddFolder {
        /// Absolute path, valid UTF-8.
        path: String,
        /// What it takes.
        options: FolderOptions,
    },
    /// Forgets a folder. Its files stay untouched.
    RemoveFolder {
        /// The folder.
        folder: FolderId,
    },
    /// Changes what a folder takes.
    SetFolderOptions {
        /// The folder.
        folder: FolderId,
        /// What it takes from now on.
        options: FolderOptions,
    },
    /// Answers the question of a folder from which many photos vanished at once.
    AnswerMissing {
        /// The folder.
        folder: FolderId,
        /// Whether they leave the grid. Otherwise they stay in it as missing.
        forget: bool,
    },
    /// Hides a comic. Its pictures stay.
    DeleteComic {
        /// The comic.
        comic: ComicId,
    },
    /// Answers whether photos show a subject, which is made where there is none of this name.
    AnswerSubject {
        /// Its name in any case.
        name: String,
        /// About photos that are not in the library they are left out.
        answers: SubjectAnswers,
    },
    /// Gives a subject another name.
    RenameSubject {
        /// The subject.
        subject: SubjectId,
        /// The name.
        name: String,
    },
    /// Forgets a subject and all that was answered of it.
    ForgetSubject {
        /// The subject.
        subject: SubjectId,
    },
    /// Makes an album.
    CreateAlbum {
        /// Its name.
        name: String,
        /// What is in it at first, in this order.
        photos: Vec<PhotoId>,
        /// The search that a smart album is; such a one has no photos of its own.
        query: Option<PhotoQuery>,
    },
    /// Gives an album another name.
    RenameAlbum {
        /// The album.
        album: AlbumId,
        /// The name.
        name: String,
    },
    /// Deletes an album. Its photos stay in the library.
    DeleteAlbum {
        /// The album.
        album: AlbumId,
    },
    /// Puts photos at the end of an album. Those that are in it stay where they are.
    AddToAlbum {
        /// The album.
        album: AlbumId,
        /// In this order; those that are not in the library are left out.
        photos: Vec<PhotoId>,
    },
    /// Takes photos out of an album.
    RemoveFromAlbum {
        /// The album.
        album: AlbumId,
        /// The photos.
        photos: Vec<PhotoId>,
    },
    /// Gives photos of an album another place.
    MoveInAlbum {
        /// The album.
        album: AlbumId,
        /// In this order; those that are not in the album are left out.
        photos: Vec<PhotoId>,
        /// The photo that follows them; `None`: they are the last ones.
        before: Option<PhotoId>,
    },
}

/// What an edit did; the window and the command line have the texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export_to = "bindings.ts")]
pub enum EditCode {
    /// `count` photos got `mark`.
    MarkSet,
    /// `count` photos lost `mark`.
    MarkUnset,
    /// `count` photos were hidden for others that look alike.
    CopiesHidden,
    /// The folder `path` was added.
    FolderAdded,
    /// The folder `path` was removed.
    FolderRemoved,
    /// What the folder `path` takes was changed.
    FolderOptions,
    /// `count` missing photos were forgotten.
    MissingForgotten,
    /// `count` missing photos were kept.
    MissingKept,
    /// The comic `title` was deleted.
    ComicDeleted,
    /// `count` photos were said to show `subject`, or not to.
    SubjectAnswered,
    /// `subject` was given its name.
    SubjectRenamed,
    /// `subject` was forgotten.
    SubjectForgotten,
    /// `album` was made.
    AlbumCreated,
    /// `album` was given its name.
    AlbumRenamed,
    /// `album` was deleted.
    AlbumDeleted,
    /// `count` photos were put into `album`.
    AlbumPhotosAdded,
    /// `count` photos were taken out of `album`.
    AlbumPhotosRemoved,
    /// Photos of `album` were given another place.
    AlbumPhotosMoved,
}

/// What the text of an [`EditCode`] needs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export_to = "bindings.ts", optional_fields)]
pub struct EditParams {
    /// Number of photos.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
    /// The mark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mark: Option<Mark>,
    /// Path of a folder.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Title of a comic.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Name of a subject.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Name of an album.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub album: Option<String>,
}

/// An edit that was made, in the history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct EditEntry {
    /// The edit.
    pub id: EditId,
    /// What it did.
    pub code: EditCode,
    /// To what.
    pub params: EditParams,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// Whether it was undone, and can be done again.
    pub undone: bool,
}
