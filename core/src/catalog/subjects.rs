//! Subjects, and what the person answered to whether photos show them.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, params};

use super::changes::Changed;
use super::connection::{Catalog, Change, now_ms};
use super::names::key;
use crate::error::Result;
use crate::types::{EditId, PhotoId, Subject, SubjectAnswers, SubjectId};

/// An answer that an edit changes, and the one before it.
pub(super) struct ChangedAnswer {
    photo: i64,
    before: Option<bool>,
    after: bool,
}

impl Catalog {
    /// All subjects, by name.
    pub fn subjects(&self) -> Result<Vec<Subject>> {
        self.read(|sql| {
            sql.prepare_cached(
                "SELECT id, name, count(*) FILTER (WHERE yes), count(*) FILTER (WHERE NOT yes) FROM subjects
                 LEFT JOIN subject_answers ON subject = id WHERE removed_at IS NULL GROUP BY id ORDER BY key",
            )?
            .query_map([], |row| {
                Ok(Subject {
                    id: SubjectId(row.get(0)?),
                    name: row.get(1)?,
                    yes: row.get(2)?,
                    no: row.get(3)?,
                })
            })?
            .collect()
        })
    }

    /// What was answered of a subject. None for one that was forgotten.
    pub fn answers(&self, subject: SubjectId) -> Result<Vec<(PhotoId, bool)>> {
        self.read(|sql| {
            sql.prepare_cached(
                "SELECT photo, yes FROM subject_answers JOIN subjects ON id = subject
                 WHERE subject = ?1 AND removed_at IS NULL ORDER BY photo",
            )?
            .query_map([subject.0], |row| Ok((PhotoId(row.get(0)?), row.get(1)?)))?
            .collect()
        })
    }
}

impl Change<'_> {
    /// The subject of a name.
    pub(super) fn subject_named(&self, name: &str) -> rusqlite::Result<Option<SubjectId>> {
        self.sql
            .prepare_cached("SELECT id FROM subjects WHERE key = ?1 AND removed_at IS NULL")?
            .query_row([key(name)], |row| Ok(SubjectId(row.get(0)?)))
            .optional()
    }

    pub(super) fn subject_name(&self, subject: SubjectId) -> rusqlite::Result<Option<String>> {
        self.sql
            .prepare_cached("SELECT name FROM subjects WHERE id = ?1 AND removed_at IS NULL")?
            .query_row([subject.0], |row| row.get(0))
            .optional()
    }

    pub(super) fn new_subject(&self, name: &str) -> rusqlite::Result<SubjectId> {
        self.sql
            .prepare_cached("INSERT INTO subjects (name, key, created_at) VALUES (?1, ?2, ?3)")?
            .execute(params![name, key(name), now_ms()])?;
        Ok(SubjectId(self.sql.last_insert_rowid()))
    }

    /// Those answers that are about photos of the catalogue and were not given before.
    pub(super) fn answered_otherwise(
        &self,
        subject: SubjectId,
        answers: &SubjectAnswers,
    ) -> rusqlite::Result<Vec<ChangedAnswer>> {
        let given = |photos: &[PhotoId], yes| photos.iter().map(|photo| (photo.0, yes)).collect::<Vec<_>>();
        let wanted: BTreeMap<_, _> =
            given(&answers.yes, true).into_iter().chain(given(&answers.no, false)).collect();
        let mut known = self.sql.prepare_cached(
            "SELECT yes FROM photos LEFT JOIN subject_answers ON photo = photos.id AND subject = ?2
             WHERE photos.id = ?1",
        )?;
        let mut changed = Vec::new();
        for (photo, after) in wanted {
            let before =
                known.query_row((photo, subject.0), |row| row.get::<_, Option<bool>>(0)).optional()?;
            if let Some(before) = before.filter(|before| *before != Some(after)) {
                changed.push(ChangedAnswer { photo, before, after });
            }
        }
        Ok(changed)
    }

    /// Remembers which answers an edit changes.
    pub(super) fn note_answers(&self, edit: EditId, changed: &[ChangedAnswer]) -> rusqlite::Result<()> {
        let mut note = self.sql.prepare_cached(
            "INSERT INTO edit_answers (edit, photo, before, after) VALUES (?1, ?2, ?3, ?4)",
        )?;
        changed.iter().try_for_each(|answer| {
            note.execute((edit.0, answer.photo, answer.before, answer.after)).map(drop)
        })
    }

    /// Gives the answers of an edit, or those before it.
    pub(super) fn set_answers_of(
        &self,
        edit: EditId,
        subject: SubjectId,
        given: bool,
    ) -> rusqlite::Result<()> {
        let answer = if given { "after" } else { "before" };
        self.sql
            .prepare_cached(&format!(
                "INSERT OR REPLACE INTO subject_answers (subject, photo, yes, at)
                   SELECT ?2, photo, {answer}, ?3 FROM edit_answers JOIN photos ON photos.id = photo
                   WHERE edit = ?1 AND {answer} IS NOT NULL"
            ))?
            .execute((edit.0, subject.0, now_ms()))?;
        self.sql
            .prepare_cached(&format!(
                "DELETE FROM subject_answers WHERE subject = ?2 AND photo IN
                   (SELECT photo FROM edit_answers WHERE edit = ?1 AND {answer} IS NULL)"
            ))?
            .execute((edit.0, subject.0))?;
        self.note_each(Changed::Marks, "SELECT photo FROM edit_answers WHERE edit = ?1", [edit.0])
    }

    /// Takes a subject out of sight with all that was answered, or brings it back; under another name where a new one
    /// has its own.
    pub(super) fn set_subject_present(&self, subject: SubjectId, present: bool) -> rusqlite::Result<()> {
        let removed_at = (!present).then(now_ms);
        if present {
            let name = self
                .sql
                .prepare_cached("SELECT name FROM subjects WHERE id = ?1")?
                .query_row([subject.0], |row| row.get::<_, String>(0))?;
            self.rename_subject(subject, &name)?;
        }
        self.sql
            .prepare_cached("UPDATE subjects SET removed_at = ?2 WHERE id = ?1")?
            .execute((subject.0, removed_at))?;
        self.note_each(Changed::Marks, "SELECT photo FROM subject_answers WHERE subject = ?1", [subject.0])
    }

    /// Gives a subject a name, with a number behind it where another has that name.
    pub(super) fn rename_subject(&self, subject: SubjectId, name: &str) -> rusqlite::Result<()> {
        let free = self.free_name("subjects", name, Some(subject.0))?;
        self.sql.prepare_cached("UPDATE subjects SET name = ?2, key = ?3 WHERE id = ?1")?.execute((
            subject.0,
            &free,
            key(&free),
        ))?;
        Ok(())
    }
}
