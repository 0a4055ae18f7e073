//! `fotonovela subject`.

use std::path::PathBuf;

use clap::Args;
use fotonovela_core::error::Result;
use fotonovela_core::library::Library;
use fotonovela_core::types::{ReasonCode, SimilarPhoto, Subject as Found, SubjectAnswers};
use serde_json::json;

use super::words::{Word, print_text};
use super::{Arguments, open, photos_at, print, print_json};

#[derive(Debug, Args)]
pub(crate) struct Subject {
    /// What it is called. Without a name: list all subjects.
    name: Option<String>,
    /// Photos of the library that show it.
    #[arg(long, num_args = 1.., value_name = "PHOTO", requires = "name")]
    yes: Vec<PathBuf>,
    /// Photos of the library that do not show it.
    #[arg(long, num_args = 1.., value_name = "PHOTO", requires = "name")]
    no: Vec<PathBuf>,
    /// Name the K photos of which an answer would teach most.
    #[arg(long, value_name = "K", requires = "name")]
    ask: Option<usize>,
    /// Forget it and all answers; `fotonovela undo` brings it back.
    #[arg(long, requires = "name", conflicts_with_all = ["yes", "no", "ask", "rename"])]
    forget: bool,
    /// Call it otherwise.
    #[arg(long, value_name = "NEW", requires = "name", conflicts_with_all = ["yes", "no", "ask"])]
    rename: Option<String>,
}

impl Subject {
    pub(crate) fn run(&self, arguments: &Arguments) -> Result<()> {
        let library = open(arguments)?;
        let Some(name) = self.name.as_deref() else { return list(&library, arguments.json) };
        if self.forget {
            let subject = library.subject_named(name)?;
            library.forget_subject(subject.id)?;
            return tell_name(arguments.json, "forgotten", Word::SubjectForgotten, &subject.name);
        }
        if let Some(new) = &self.rename {
            library.rename_subject(library.subject_named(name)?.id, new)?;
            return tell_name(arguments.json, "name", Word::SubjectRenamed, new);
        }
        if !self.yes.is_empty() || !self.no.is_empty() {
            let answers =
                SubjectAnswers { yes: photos_at(&library, &self.yes)?, no: photos_at(&library, &self.no)? };
            library.answer_subject(name, answers)?;
        }
        let subject = library.subject_named(name)?;
        match self.ask {
            Some(count) => ask(&library, &subject, count, arguments.json),
            None => tell(&library, &subject, arguments.json),
        }
    }
}

fn list(library: &Library, json: bool) -> Result<()> {
    let subjects = library.subjects()?;
    if json {
        let told: Vec<_> = subjects.iter().map(|subject| report(library, subject)).collect::<Result<_>>()?;
        print_json(&json!({ "subjects": told }));
        return Ok(());
    }
    subjects.iter().try_for_each(|subject| tell(library, subject, false))
}

fn report(library: &Library, subject: &Found) -> Result<serde_json::Value> {
    let matches = library.subject_matches(subject.id)?.len();
    Ok(json!({ "name": subject.name, "yes": subject.yes, "no": subject.no, "matches": matches }))
}

fn tell(library: &Library, subject: &Found, json: bool) -> Result<()> {
    if json {
        print_json(&report(library, subject)?);
        return Ok(());
    }
    let matches = library.subject_matches(subject.id)?.len();
    let told = Word::SubjectTold.with("name", subject.name.as_str()).with("yes", subject.yes);
    print_text(&told.with("no", subject.no).with("matches", matches));
    Ok(())
}

fn tell_name(json: bool, field: &str, word: Word, name: &str) -> Result<()> {
    if json {
        print_json(&json!({ field: name }));
    } else {
        print_text(&word.with("name", name));
    }
    Ok(())
}

fn ask(library: &Library, subject: &Found, count: usize, json: bool) -> Result<()> {
    let asked = library.subject_questions(subject.id, count)?;
    if json {
        print_json(&json!({ "ask": asked }));
    } else {
        let line = |photo: &SimilarPhoto| print(&format!("{:.3}  {}", photo.score, photo.path.display()));
        asked.iter().for_each(line);
    }
    Ok(())
}
