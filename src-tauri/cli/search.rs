//! `fotonovela search`.

use std::collections::HashSet;

use clap::Args;
use fotonovela_core::error::Result;
use fotonovela_core::library::Library;
use fotonovela_core::types::{
    NoticeCode, PhotoQuery, ReasonCode, Scope, Similar as Found, SimilarPhoto, SimilarQuery, SubjectId,
};
use serde::Serialize;

use super::among::Among;
use super::{Arguments, open, print, print_json, print_note};

#[derive(Debug, Args)]
pub(crate) struct Search {
    /// What the photos show, in English or Spanish: \"a dog on the beach -cat\". A word with a hyphen before it excludes.
    #[arg(allow_hyphen_values = true, required_unless_present = "subject")]
    text: Option<String>,
    /// Photos of this subject: those that match it rank by TEXT, all by how surely they show it without.
    #[arg(long, value_name = "NAME")]
    subject: Option<String>,
    /// How many photos to answer.
    #[arg(short, default_value_t = 20)]
    k: u32,
    #[command(flatten)]
    among: Among,
}

/// The answer: best first.
#[derive(Debug, Serialize)]
struct Report<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    query: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<&'a str>,
    results: Vec<Answer>,
    /// Words that are of no dictionary here.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unknown: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Answer {
    #[serde(flatten)]
    photo: SimilarPhoto,
    /// Whether it shows the subject that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    matches: Option<bool>,
}

impl Search {
    pub(crate) fn run(&self, arguments: &Arguments) -> Result<()> {
        let library = open(arguments)?;
        let subject = self.subject.as_deref().map(|name| library.subject_named(name)).transpose()?;
        let subject = subject.map(|subject| subject.id);
        let among = self.among.scope(&library)?;
        let asked = match (&self.text, subject) {
            (None, Some(id)) => PhotoQuery::like(SimilarQuery::Subject { id }, among, self.k),
            (text, subject) => {
                let what = SimilarQuery::Words { text: text.clone().unwrap_or_default() };
                PhotoQuery::like(what, Scope { subject, ..among }, self.k)
            }
        };
        let Found { photos, unknown, notice } = library.similar(&asked)?;
        notice.iter().for_each(print_note);
        if !unknown.is_empty() {
            print_note(&NoticeCode::WordsInNames.with("words", unknown.join(", ")));
        }
        let results = answers(&library, subject, photos)?;
        if arguments.json {
            let (query, subject) = (self.text.as_deref(), self.subject.as_deref());
            print_json(&Report { query, subject, results, unknown });
        } else {
            for Answer { photo, matches } in results {
                let mark = if matches == Some(false) { "-" } else { " " };
                print(&format!("{:.3} {mark} {}", photo.score, photo.path.display()));
            }
        }
        Ok(())
    }
}

fn answers(library: &Library, subject: Option<SubjectId>, photos: Vec<SimilarPhoto>) -> Result<Vec<Answer>> {
    let matches = subject.map(|subject| library.subject_matches(subject)).transpose()?;
    let matches = matches.map(HashSet::<_>::from_iter);
    let answer = |photo: SimilarPhoto| {
        let matches = matches.as_ref().map(|matches| matches.contains(&photo.id));
        Answer { photo, matches }
    };
    Ok(photos.into_iter().map(answer).collect())
}
