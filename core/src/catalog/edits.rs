//! What the person did, so that it can be undone: the last edits, over restarts.

use std::collections::HashSet;
use std::path::PathBuf;

use rusqlite::{OptionalExtension, Row, params};
use serde::Serialize;

use super::connection::{Catalog, Change, now_ms};
use super::steps::Step;
use crate::error::{Error, Result};
use crate::types::{
    AlbumId, ComicId, Edit, EditCode, EditEntry, EditId, EditParams, FaultCode, FolderId, FolderOptions,
    Mark, PhotoId, ReasonCode, SubjectAnswers, SubjectId,
};

/// Edits that are remembered.
const KEPT: u32 = 100;

/// An edit that was made, undone or made again, and the folder that must be walked for it.
#[derive(Debug)]
pub struct Edited {
    /// The edit as it is now.
    pub entry: EditEntry,
    /// The folder, and whether it is of the library now.
    pub folder: Option<(PathBuf, bool)>,
}

const ENTRY: &str = "id, code, params, at, undone IS NOT NULL";

impl Catalog {
    /// Makes an edit and remembers it. `None`: everything was so already.
    pub fn edit(&self, edit: &Edit) -> Result<Option<Edited>> {
        self.write(|change| match edit {
            Edit::SetMark { photos, mark, set } => change.edit_mark(photos, *mark, *set),
            Edit::HideCopies { groups } => change.edit_copies(groups),
            Edit::AddFolder { path, options } => change.edit_new_folder(path, options),
            Edit::RemoveFolder { folder } => change.edit_removal(*folder),
            Edit::SetFolderOptions { folder, options } => change.edit_options(*folder, options),
            Edit::AnswerMissing { folder, forget } => change.edit_missing(*folder, *forget),
            Edit::DeleteComic { comic } => change.edit_comic(*comic),
            Edit::AnswerSubject { name, answers } => change.edit_answers(name, answers),
            Edit::RenameSubject { subject, name } => change.edit_subject_name(*subject, name),
            Edit::ForgetSubject { subject } => change.edit_subject(*subject),
            Edit::CreateAlbum { name, photos, query } => change.edit_new_album(name, photos, query.as_ref()),
            Edit::RenameAlbum { album, name } => change.edit_album_name(*album, name),
            Edit::DeleteAlbum { album } => change.edit_album(*album),
            Edit::AddToAlbum { album, photos } => change.edit_addition(*album, photos),
            Edit::RemoveFromAlbum { album, photos } => change.edit_withdrawal(*album, photos),
            Edit::MoveInAlbum { album, photos, before } => change.edit_order(*album, photos, *before),
        })
    }

    /// Undoes an edit, or the last one that is not undone. `None`: there is none.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an edit that is not remembered or was undone.
    pub fn undo(&self, edit: Option<EditId>) -> Result<Option<Edited>> {
        self.turn(edit, "undone IS NULL", "ORDER BY id DESC", true)
    }

    /// Makes an edit again that was undone, or the one that was undone last. `None`: there is none.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an edit that is not remembered or was not undone.
    pub fn redo(&self, edit: Option<EditId>) -> Result<Option<Edited>> {
        self.turn(edit, "undone IS NOT NULL", "ORDER BY undone DESC", false)
    }

    fn turn(&self, edit: Option<EditId>, which: &str, order: &str, undo: bool) -> Result<Option<Edited>> {
        let query =
            format!("SELECT id, step FROM edits WHERE {which} AND (?1 IS NULL OR id = ?1) {order} LIMIT 1");
        let edited = self.write(|change| {
            let found = change
                .sql
                .prepare_cached(&query)?
                .query_row([edit.map(|edit| edit.0)], |row| {
                    Ok((EditId(row.get(0)?), from_json::<Step>(row, 1)?))
                })
                .optional()?;
            let Some((id, step)) = found else { return Ok(None) };
            let undone = if undo { "(SELECT COALESCE(MAX(undone), 0) + 1 FROM edits)" } else { "NULL" };
            change.sql.execute(&format!("UPDATE edits SET undone = {undone} WHERE id = ?1"), [id.0])?;
            change.run(id, if undo { step.inverse() } else { step }).map(Some)
        })?;
        match (edited, edit) {
            (None, Some(_)) => Err(Error::NotFound(FaultCode::EditNotFound.reason())),
            (edited, _) => Ok(edited),
        }
    }

    /// The edits that are remembered, newest first.
    pub fn edits(&self) -> Result<Vec<EditEntry>> {
        self.read(|sql| {
            sql.prepare_cached(&format!("SELECT {ENTRY} FROM edits ORDER BY id DESC"))?
                .query_map([], entry)?
                .collect()
        })
    }
}

impl Change<'_> {
    fn edit_mark(&self, photos: &[PhotoId], mark: Mark, set: bool) -> rusqlite::Result<Option<Edited>> {
        let changed = self.marked_otherwise(photos, mark, set)?;
        if changed.is_empty() {
            return Ok(None);
        }
        let code = if set { EditCode::MarkSet } else { EditCode::MarkUnset };
        let params = EditParams { count: count(changed.len()), mark: Some(mark), ..Default::default() };
        let step = Step::Mark { mark, set };
        let id = self.remember(code, &params, &step)?;
        self.remember_photos(id, &changed)?;
        self.run(id, step).map(Some)
    }

    fn remember_photos(&self, id: EditId, photos: &[i64]) -> rusqlite::Result<()> {
        let mut note = self.sql.prepare_cached("INSERT INTO edit_photos (edit, photo) VALUES (?1, ?2)")?;
        photos.iter().try_for_each(|photo| note.execute((id.0, photo)).map(drop))
    }

    fn edit_copies(&self, groups: &[Vec<PhotoId>]) -> rusqlite::Result<Option<Edited>> {
        let kept: HashSet<_> = groups.iter().filter_map(|group| group.first()).collect();
        let copies: Vec<_> = groups.iter().flatten().filter(|photo| !kept.contains(photo)).copied().collect();
        let changed = self.marked_otherwise(&copies, Mark::Hidden, true)?;
        if changed.is_empty() {
            return Ok(None);
        }
        let mut favourites = Vec::new();
        for group in groups.iter().filter(|group| group.len() > 1) {
            let plain = self.marked_otherwise(group, Mark::Favourite, true)?;
            if plain.contains(&group[0].0) && plain.len() < group.len() {
                favourites.push(group[0].0);
            }
        }
        let params = EditParams { count: count(changed.len()), ..Default::default() };
        let step = Step::Copies { favourites, hidden: true };
        let id = self.remember(EditCode::CopiesHidden, &params, &step)?;
        self.remember_photos(id, &changed)?;
        self.note_inherited(id, groups)?;
        self.run(id, step).map(Some)
    }

    fn edit_new_folder(&self, path: &str, options: &FolderOptions) -> rusqlite::Result<Option<Edited>> {
        if let Some(root) = self.root_at(path)? {
            return self.edit_options(root, options);
        }
        let folder = self.prepare_folder(path, options)?;
        let step = Step::Folder { folder: folder.0, present: true };
        let id = self.remember(EditCode::FolderAdded, &of_path(path), &step)?;
        self.run(id, step).map(Some)
    }

    fn edit_removal(&self, folder: FolderId) -> rusqlite::Result<Option<Edited>> {
        let Some(root) = self.root(folder)? else { return Ok(None) };
        let step = Step::Folder { folder: folder.0, present: false };
        let id = self.remember(EditCode::FolderRemoved, &of_path(&root.path.to_string_lossy()), &step)?;
        self.run(id, step).map(Some)
    }

    fn edit_options(&self, folder: FolderId, options: &FolderOptions) -> rusqlite::Result<Option<Edited>> {
        let Some(root) = self.root(folder)?.filter(|root| root.options != *options) else { return Ok(None) };
        let step = Step::Options { folder: folder.0, before: root.options, after: options.clone() };
        let id = self.remember(EditCode::FolderOptions, &of_path(&root.path.to_string_lossy()), &step)?;
        self.run(id, step).map(Some)
    }

    fn edit_missing(&self, folder: FolderId, forget: bool) -> rusqlite::Result<Option<Edited>> {
        let files = self.missing_files(folder, forget)?;
        if files.is_empty() {
            return Ok(None);
        }
        let mut photos: Vec<_> = files.iter().map(|file| file.photo).collect();
        photos.sort_unstable();
        photos.dedup();
        let code = if forget { EditCode::MissingForgotten } else { EditCode::MissingKept };
        let step = Step::Missing { folder: folder.0, forget, answered: true };
        let id =
            self.remember(code, &EditParams { count: count(photos.len()), ..Default::default() }, &step)?;
        let mut note =
            self.sql.prepare_cached("INSERT INTO edit_files (edit, file, missing) VALUES (?1, ?2, ?3)")?;
        files.iter().try_for_each(|file| note.execute((id.0, file.file, file.missing)).map(drop))?;
        self.run(id, step).map(Some)
    }

    fn edit_comic(&self, comic: ComicId) -> rusqlite::Result<Option<Edited>> {
        let title = self
            .sql
            .prepare_cached("SELECT title FROM comics WHERE id = ?1 AND deleted_at IS NULL")?
            .query_row([comic.0], |row| row.get(0))
            .optional()?;
        let Some(title) = title else { return Ok(None) };
        let step = Step::Comic { comic: comic.0, deleted: true };
        let params = EditParams { title: Some(title), ..Default::default() };
        let id = self.remember(EditCode::ComicDeleted, &params, &step)?;
        self.run(id, step).map(Some)
    }

    fn edit_answers(&self, name: &str, answers: &SubjectAnswers) -> rusqlite::Result<Option<Edited>> {
        let known = self.subject_named(name)?;
        let subject = known.map_or_else(|| self.new_subject(name), Ok)?;
        let changed = self.answered_otherwise(subject, answers)?;
        if changed.is_empty() && known.is_some() {
            return Ok(None);
        }
        let params = EditParams { count: count(changed.len()), ..of_subject(name) };
        let step = Step::Answers { subject: subject.0, made: known.is_none(), given: true };
        let id = self.remember(EditCode::SubjectAnswered, &params, &step)?;
        self.note_answers(id, &changed)?;
        self.run(id, step).map(Some)
    }

    fn edit_subject_name(&self, subject: SubjectId, name: &str) -> rusqlite::Result<Option<Edited>> {
        let Some(before) = self.subject_name(subject)?.filter(|before| before != name) else {
            return Ok(None);
        };
        let step = Step::Naming { subject: subject.0, before, after: name.to_owned() };
        let id = self.remember(EditCode::SubjectRenamed, &of_subject(name), &step)?;
        self.run(id, step).map(Some)
    }

    fn edit_subject(&self, subject: SubjectId) -> rusqlite::Result<Option<Edited>> {
        let Some(name) = self.subject_name(subject)? else { return Ok(None) };
        let step = Step::Subject { subject: subject.0, present: false };
        let id = self.remember(EditCode::SubjectForgotten, &of_subject(&name), &step)?;
        self.run(id, step).map(Some)
    }

    /// Remembers an edit. What was undone cannot be made again after it, and the oldest one can no longer be undone.
    pub(super) fn remember(
        &self,
        code: EditCode,
        params: &EditParams,
        step: &Step,
    ) -> rusqlite::Result<EditId> {
        self.sql.execute("DELETE FROM edits WHERE undone IS NOT NULL", [])?;
        self.sql
            .prepare_cached("INSERT INTO edits (at, code, params, step, folder) VALUES (?1, ?2, ?3, ?4, ?5)")?
            .execute(params![now_ms(), json(&code), json(params), json(step), step.folder()])?;
        let id = EditId(self.sql.last_insert_rowid());
        self.sql
            .prepare_cached(
                "DELETE FROM edits WHERE id NOT IN (SELECT id FROM edits ORDER BY id DESC LIMIT ?1)",
            )?
            .execute([KEPT])?;
        self.sql.execute(
            "DELETE FROM folders WHERE removed_at IS NOT NULL AND id NOT IN
               (SELECT folder FROM edits WHERE folder IS NOT NULL)",
            [],
        )?;
        self.drop_removed("subjects", "subject")?;
        self.drop_removed("albums", "album")?;
        Ok(id)
    }

    /// Forgets for good what was removed from a table and can no longer be brought back; `named` is what steps call it.
    fn drop_removed(&self, table: &str, named: &str) -> rusqlite::Result<()> {
        self.sql
            .execute(
                &format!(
                    "DELETE FROM {table} WHERE removed_at IS NOT NULL AND id NOT IN
                       (SELECT json_extract(step, '$.{named}') FROM edits WHERE json_extract(step, '$.{named}') IS NOT NULL)"
                ),
                [],
            )
            .map(drop)
    }

    /// Does a step of an edit.
    pub(super) fn run(&self, id: EditId, step: Step) -> rusqlite::Result<Edited> {
        let mut walked = None;
        match step {
            Step::Mark { mark, set } => self.set_marks_of(id, mark, set)?,
            Step::Copies { favourites, hidden } => {
                self.set_marks_of(id, Mark::Hidden, hidden)?;
                favourites.iter().try_for_each(|photo| self.set_mark(*photo, Mark::Favourite, hidden))?;
                self.set_places_of(id, hidden)?;
            }
            Step::Folder { folder, present } => {
                walked = self.set_folder_present(FolderId(folder), present)?.map(|path| (path, present));
            }
            Step::Options { folder, after, .. } => {
                self.set_options(FolderId(folder), &after)?;
                walked = self.root(FolderId(folder))?.map(|root| (root.path, true));
            }
            Step::Missing { forget, answered, .. } => self.set_missing_of(id, forget, answered)?,
            Step::Comic { comic, deleted } => self.set_comic_deleted(ComicId(comic), deleted)?,
            Step::Answers { subject, made, given } => {
                if made {
                    self.set_subject_present(SubjectId(subject), given)?;
                }
                self.set_answers_of(id, SubjectId(subject), given)?;
            }
            Step::Naming { subject, after, .. } => self.rename_subject(SubjectId(subject), &after)?,
            Step::Subject { subject, present } => self.set_subject_present(SubjectId(subject), present)?,
            Step::AlbumName { album, after, .. } => self.rename_album(AlbumId(album), &after)?,
            Step::Album { album, present } => self.set_album_present(AlbumId(album), present)?,
            Step::AlbumPhotos { done, .. } => self.set_places_of(id, done)?,
        }
        let entry = self
            .sql
            .prepare_cached(&format!("SELECT {ENTRY} FROM edits WHERE id = ?1"))?
            .query_row([id.0], entry)?;
        Ok(Edited { entry, folder: walked })
    }
}

fn of_path(path: &str) -> EditParams {
    EditParams { path: Some(path.to_owned()), ..Default::default() }
}

fn of_subject(name: &str) -> EditParams {
    EditParams { subject: Some(name.to_owned()), ..Default::default() }
}

fn count(photos: usize) -> Option<u32> {
    u32::try_from(photos).ok()
}

fn entry(row: &Row<'_>) -> rusqlite::Result<EditEntry> {
    Ok(EditEntry {
        id: EditId(row.get(0)?),
        code: from_json(row, 1)?,
        params: from_json(row, 2)?,
        at: row.get(3)?,
        undone: row.get(4)?,
    })
}

pub(super) fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("it is plain data")
}

pub(super) fn from_json<T: serde::de::DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, Box::new(error))
    })
}
