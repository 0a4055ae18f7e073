//! Subjects: named by the person, learned of examples, and asked about.

use super::open::Library;
use crate::error::{Error, Result};
use crate::types::{
    Edit, EditEntry, FaultCode, PhotoId, ReasonCode, SimilarPhoto, Subject, SubjectAnswers, SubjectId, Why,
};

impl Library {
    /// All subjects, by name.
    pub fn subjects(&self) -> Result<Vec<Subject>> {
        self.catalog.subjects()
    }

    /// The subject of a name, in any case.
    ///
    /// # Errors
    /// [`Error::NotFound`], which names those that there are.
    pub fn subject_named(&self, name: &str) -> Result<Subject> {
        let subjects = self.subjects()?;
        let names: Vec<_> = subjects.iter().map(|subject| subject.name.clone()).collect();
        let wanted = name.trim().to_lowercase();
        subjects.into_iter().find(|subject| subject.name.to_lowercase() == wanted).ok_or_else(|| {
            let reason = FaultCode::SubjectUnknown.with("name", name);
            Error::NotFound(if names.is_empty() { reason } else { reason.with("known", names.join(", ")) })
        })
    }

    /// Keeps answers about a subject, which is made where there is none of this name. `None`: all was answered so already.
    ///
    /// # Errors
    /// [`Error::Invalid`] for an empty name.
    pub fn answer_subject(&self, name: &str, answers: SubjectAnswers) -> Result<Option<EditEntry>> {
        self.apply(&Edit::AnswerSubject { name: plain(name)?, answers })
    }

    /// Gives a subject another name. `None`: it has it already.
    ///
    /// # Errors
    /// [`Error::Invalid`] for an empty name and for one that another subject has.
    pub fn rename_subject(&self, subject: SubjectId, name: &str) -> Result<Option<EditEntry>> {
        let name = plain(name)?;
        if self.subject_named(&name).is_ok_and(|other| other.id != subject) {
            return Err(Error::Invalid(FaultCode::SubjectTaken.with("name", name)));
        }
        self.apply(&Edit::RenameSubject { subject, name })
    }

    /// Forgets a subject and all answers. `None`: it was forgotten already.
    pub fn forget_subject(&self, subject: SubjectId) -> Result<Option<EditEntry>> {
        self.apply(&Edit::ForgetSubject { subject })
    }

    /// The photos that show a subject: those that were said to, and those that are taken to by their score.
    ///
    /// # Errors
    /// When the store cannot be filled.
    pub fn subject_matches(&self, subject: SubjectId) -> Result<Vec<PhotoId>> {
        let engine = self.engine();
        let matches = self.search.subjects().matches(&engine, subject);
        Ok(self.runtime.block_on(matches)?.into_iter().collect())
    }

    /// The photos of which an answer would teach most, the least certain ones first; none that was answered.
    ///
    /// # Errors
    /// [`Error::Invalid`] where no photo was said to show the subject.
    pub fn subject_questions(&self, subject: SubjectId, count: usize) -> Result<Vec<SimilarPhoto>> {
        let asked =
            self.runtime.block_on(self.search.subjects().questions(&self.engine(), subject, count))?;
        let photo = |(id, score)| {
            let path = self.catalog.photo_path(id)?;
            Ok(SimilarPhoto { id, path, score, region: None, weak: false, why: Why::Subject })
        };
        asked.into_iter().map(photo).collect()
    }
}

/// A name without spaces around it.
fn plain(name: &str) -> Result<String> {
    match name.trim() {
        "" => Err(Error::Invalid(FaultCode::SubjectNameless.reason())),
        name => Ok(name.to_owned()),
    }
}
