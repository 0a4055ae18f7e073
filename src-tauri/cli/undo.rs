//! `fotonovela undo`.

use clap::Args;
use fotonovela_core::error::{Error, Result};
use fotonovela_core::types::{EditCode, EditEntry, EditId, FaultCode, Mark, Reason, ReasonCode};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::words::{Word, photos, say};
use super::{Arguments, open, print, print_json};

#[derive(Debug, Args)]
pub(crate) struct Undo {
    /// The number of the edit, from --list. Default: the last one that is not undone.
    edit: Option<i64>,
    /// Make an edit again that was undone; by default the one that was undone last.
    #[arg(long)]
    redo: bool,
    /// List the last edits, newest first, and change nothing.
    #[arg(long, conflicts_with_all = ["redo", "edit"])]
    list: bool,
}

#[derive(Debug, Serialize)]
struct Report {
    edits: Vec<EditEntry>,
}

impl Undo {
    pub(crate) fn run(&self, arguments: &Arguments) -> Result<()> {
        let library = open(arguments)?;
        let edit = self.edit.map(EditId);
        let edits = if self.list {
            library.edits()?
        } else {
            let edited = if self.redo { library.redo(edit)? } else { library.undo(edit)? };
            let nothing = || Error::NotFound(FaultCode::NothingToUndo.reason());
            vec![edited.ok_or_else(nothing)?]
        };
        if arguments.json {
            print_json(&Report { edits });
        } else {
            edits.iter().for_each(|edit| print(&line(edit)));
        }
        Ok(())
    }
}

fn line(edit: &EditEntry) -> String {
    let at = Timestamp::from_millisecond(edit.at).unwrap_or_default().to_zoned(TimeZone::system());
    let mut text = say(&text(edit));
    if edit.undone {
        text = say(&Word::EditUndone.with("edit", text));
    }
    format!("{:>4}  {}  {text}", edit.id.0, at.strftime("%Y-%m-%d %H:%M"))
}

fn text(edit: &EditEntry) -> Reason {
    let params = &edit.params;
    let of_photos = |word: Word| word.with("photos", photos(params.count.unwrap_or_default().into()));
    let of_subject = |word: Word| word.with("subject", params.subject.as_deref().unwrap_or_default());
    let of_album = |word: Word| word.with("album", params.album.as_deref().unwrap_or_default());
    let in_album = |word: Word| of_photos(word).with("album", params.album.as_deref().unwrap_or_default());
    let of_folder = |word: Word| word.with("path", params.path.as_deref().unwrap_or_default());
    match (edit.code, params.mark) {
        (EditCode::MarkSet, Some(Mark::Hidden)) => of_photos(Word::EditHiddenSet),
        (EditCode::MarkSet, _) => of_photos(Word::EditFavouriteSet),
        (EditCode::MarkUnset, Some(Mark::Hidden)) => of_photos(Word::EditHiddenUnset),
        (EditCode::MarkUnset, _) => of_photos(Word::EditFavouriteUnset),
        (EditCode::CopiesHidden, _) => of_photos(Word::EditCopiesHidden),
        (EditCode::FolderAdded, _) => of_folder(Word::EditFolderAdded),
        (EditCode::FolderRemoved, _) => of_folder(Word::EditFolderRemoved),
        (EditCode::FolderOptions, _) => of_folder(Word::EditFolderOptions),
        (EditCode::MissingForgotten, _) => of_photos(Word::EditMissingForgotten),
        (EditCode::MissingKept, _) => of_photos(Word::EditMissingKept),
        (EditCode::SubjectAnswered, _) => of_subject(Word::EditSubjectAnswered)
            .with("photos", photos(params.count.unwrap_or_default().into())),
        (EditCode::SubjectRenamed, _) => of_subject(Word::EditSubjectRenamed),
        (EditCode::SubjectForgotten, _) => of_subject(Word::EditSubjectForgotten),
        (EditCode::AlbumCreated, _) => of_album(Word::EditAlbumCreated),
        (EditCode::AlbumRenamed, _) => of_album(Word::EditAlbumRenamed),
        (EditCode::AlbumDeleted, _) => of_album(Word::EditAlbumDeleted),
        (EditCode::AlbumPhotosAdded, _) => in_album(Word::EditAlbumPhotosAdded),
        (EditCode::AlbumPhotosRemoved, _) => in_album(Word::EditAlbumPhotosRemoved),
        (EditCode::AlbumPhotosMoved, _) => of_album(Word::EditAlbumPhotosMoved),
        (EditCode::ComicDeleted, _) => {
            Word::EditComicDeleted.with("title", params.title.as_deref().unwrap_or_default())
        }
    }
}
