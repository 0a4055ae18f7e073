//! Whom or what a person looks for: a dog, a face, a place, learned of examples.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ids::{PhotoId, SubjectId};

/// A subject that a person named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export_to = "bindings.ts")]
pub struct Subject {
    /// The subject.
    pub id: SubjectId,
    /// As the person wrote it; no two differ in case alone.
    pub name: String,
    /// Photos that the person said show it.
    pub yes: u32,
    /// Photos that the person said do not.
    pub no: u32,
}

/// Answers to whether photos show a subject.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(export_to = "bindings.ts")]
pub struct SubjectAnswers {
    /// Photos that do.
    pub yes: Vec<PhotoId>,
    /// Photos that do not; one that is in both lists does not.
    pub no: Vec<PhotoId>,
}
