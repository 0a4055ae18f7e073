//! `fotonovela index`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use clap::Args;
use fotonovela_core::error::{Error, Result};
use fotonovela_core::library::Library;
use fotonovela_core::task::CancelToken;
use fotonovela_core::types::{
    Event, FaultCode, FolderOptions, IndexStatus, Kind, NoticeCode, OtherKind, PassStatus, Problem, Reason,
    ReasonCode,
};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use super::words::{Word, print_text, say};
use super::{Arguments, open_with, print, print_json, print_note};
use crate::texts::{RenderedReason, Texts};

#[derive(Debug, Args)]
pub(crate) struct Index {
    /// Folders to add; their subfolders belong to them.
    #[arg(required = true, value_name = "FOLDER")]
    folders: Vec<PathBuf>,
    /// Go on and index what changes, until stopped.
    #[arg(long)]
    watch: bool,
    /// Try files again that had a problem and have not changed, and make thumbnails again that are damaged.
    #[arg(long)]
    retry: bool,
    /// Stop after this pass. `photo`: photos can be found, by thumbnail and whole. Default: all passes.
    #[arg(long, value_name = "PASS")]
    passes: Option<String>,
    #[command(flatten)]
    takes: Takes,
    /// Forget photos that vanished from these folders with many others. Without it they are kept as missing.
    #[arg(long)]
    forget_missing: bool,
}

/// What the folders take. What is not named stays as it was.
#[derive(Debug, Args)]
struct Takes {
    /// Leave out what this pattern matches, as in .gitignore; can be given several times. '' takes all again.
    #[arg(long, value_name = "PATTERN")]
    exclude: Vec<String>,
    /// Leave out subfolders.
    #[arg(long, conflicts_with = "subfolders")]
    no_subfolders: bool,
    /// Take subfolders again.
    #[arg(long)]
    subfolders: bool,
    /// Take these kinds alone, by commas, such as jpeg,heic; `all` takes all again.
    #[arg(long, value_name = "KINDS", value_parser = kinds)]
    kinds: Option<Kinds>,
}

#[derive(Clone, Debug)]
struct Kinds(Option<Vec<Kind>>);

fn kinds(text: &str) -> std::result::Result<Kinds, String> {
    if text == "all" {
        return Ok(Kinds(None));
    }
    let kind = |name: &str| {
        Kind::named(name.trim()).ok_or_else(|| {
            let known: Vec<_> = Kind::ALL.iter().map(|(_, name, _)| *name).collect();
            say(&Word::KindUnknown.with("name", name).with("known", known.join(", ")))
        })
    };
    text.split(',').map(kind).collect::<std::result::Result<_, _>>().map(|kinds| Kinds(Some(kinds)))
}

impl Takes {
    fn apply(&self, before: &FolderOptions) -> FolderOptions {
        let mut options = before.clone();
        if !self.exclude.is_empty() {
            options.exclude = self.exclude.iter().filter(|pattern| !pattern.is_empty()).cloned().collect();
        }
        if self.no_subfolders || self.subfolders {
            options.subfolders = self.subfolders;
        }
        if let Some(Kinds(kinds)) = &self.kinds {
            options.kinds.clone_from(kinds);
        }
        options
    }
}

/// A file that is not a photo or could not be read.
#[derive(Debug, Serialize)]
struct FailedFile {
    path: PathBuf,
    #[serde(flatten)]
    cause: RenderedReason,
}

impl FailedFile {
    fn new(problem: Problem, texts: &Texts) -> Self {
        Self { path: problem.path, cause: texts.render(problem.reason) }
    }
}

/// The answer: of the folders that were named, and of the photos that this run indexed.
#[derive(Debug, Serialize)]
struct Report {
    /// Files of photos that are not left out: those of the next four together.
    found: u64,
    /// Photos that were read and embedded by this run.
    indexed: u64,
    /// Files that were known and had not changed, and second files of photos.
    unchanged: u64,
    /// Files that could not be read.
    failed: Vec<FailedFile>,
    /// Files that were found and, when they were to be read, were no longer there.
    gone: u64,
    /// Files that are no photos, by kind.
    other: BTreeMap<OtherKind, u32>,
    /// How far each pass is, over the whole library.
    passes: BTreeMap<String, PassReport>,
    /// Until every photo could be found; later passes took longer.
    seconds: f64,
    photos_per_second: f64,
    model: String,
    dimension: usize,
}

#[derive(Debug, Serialize)]
struct PassReport {
    done: u32,
    failed: u32,
}

impl Index {
    pub(crate) fn run(&self, arguments: &Arguments) -> Result<()> {
        let started = Instant::now();
        let status = Arc::new(Mutex::new(IndexStatus::default()));
        let mut options = crate::options(arguments)?;
        let seen = Arc::clone(&status);
        options.on_event = Arc::new(move |event| {
            if let Event::Index { status } = event {
                *seen.lock().expect("no thread panics while it holds the status") = status;
            }
        });
        let library = open_with(options)?;
        // Without a model there is nothing to index for; better to say so than to make thumbnails only.
        library
            .load_model()
            .map_err(|report| Error::Model(report.reason.within(FaultCode::IndexUnavailable)))?;
        if self.retry {
            // Before anything is walked: the one walk finds them as changed.
            library.retry_problems(None)?;
            library.retry_thumbnails()?;
        }
        library.start_indexing_until(self.passes.clone(), false)?;
        let folders = library.add_folders_that(&self.folders, |before| self.takes.apply(before))?;
        let roots: Vec<_> = folders.into_iter().map(|folder| folder.path).collect();
        let seconds = wait(&library, &status, started)?;
        self.settle_missing(&library, &roots)?;
        if let Err(error) = library.update_store() {
            print_note(&error.reason().within(NoticeCode::UpdatedLater));
        }
        self.answer(arguments, &library, &roots, (0, 0), seconds)?;
        if self.watch { self.follow(arguments, &library, &roots) } else { Ok(()) }
    }

    /// Nobody can be asked here: photos that vanished with many others are kept, and it is said how to forget them.
    fn settle_missing(&self, library: &Library, roots: &[PathBuf]) -> Result<()> {
        for folder in library.folders()? {
            if !roots.contains(&folder.path) || folder.missing == 0 {
                continue;
            }
            library.answer_missing(folder.id, self.forget_missing)?;
            if !self.forget_missing {
                print_note(
                    &NoticeCode::MissingKept
                        .with("missing", folder.missing)
                        .with("photos", folder.photos)
                        .with("path", folder.path.as_path()),
                );
            }
        }
        Ok(())
    }

    /// Reports again whenever changes were indexed. Ends with the process.
    fn follow(&self, arguments: &Arguments, library: &Library, roots: &[PathBuf]) -> Result<()> {
        let (_, indexed) = tally(library);
        library.watch()?;
        library.wait_until_indexed(&CancelToken::default());
        // The walk found all files again; only what it indexed is news.
        let mut before = (tally(library).0, indexed);
        loop {
            let started = Instant::now();
            while tally(library) == before {
                thread::sleep(Duration::from_millis(100));
            }
            library.wait_until_searchable(&CancelToken::default());
            let seconds = started.elapsed().as_secs_f64();
            library.wait_until_indexed(&CancelToken::default());
            self.answer(arguments, library, roots, before, seconds)?;
            before = tally(library);
        }
    }

    fn answer(
        &self,
        arguments: &Arguments,
        library: &Library,
        roots: &[PathBuf],
        before: (u64, u64),
        seconds: f64,
    ) -> Result<()> {
        let report = report(library, roots, before, seconds)?;
        if arguments.json {
            print_json(&report);
        } else {
            print_text(&report.text());
            for problem in &report.failed {
                print(&format!("  {}: {}", problem.path.display(), problem.cause.reason));
            }
        }
        Ok(())
    }
}

/// Files found and photos finished since the start.
fn tally(library: &Library) -> (u64, u64) {
    let (look, finished) = library.index_tally();
    (u64::from(look.found), finished)
}

impl Report {
    fn text(&self) -> Reason {
        Word::Indexed
            .with("found", self.found)
            .with("indexed", self.indexed)
            .with("unchanged", self.unchanged)
            .with("failed", self.failed.len())
            .with("gone", self.gone)
            .with("seconds", format!("{:.1}", self.seconds))
            .with("rate", format!("{:.1}", self.photos_per_second))
    }
}

fn report(library: &Library, roots: &[PathBuf], before: (u64, u64), seconds: f64) -> Result<Report> {
    let (found, finished) = tally(library);
    let (found, indexed) = (found - before.0, finished - before.1);
    let texts = Texts::of_environment();
    let mut failed = Vec::new();
    for root in roots {
        failed.extend(library.problems(Some(Path::new(root)))?);
    }
    failed.sort_by(|a, b| a.path.cmp(&b.path));
    failed.dedup();
    let (gone, other) = beside(library, roots)?;
    let passes = library.index_status().passes.into_iter();
    Ok(Report {
        found,
        indexed,
        unchanged: found.saturating_sub(indexed).saturating_sub(failed.len() as u64).saturating_sub(gone),
        failed: failed.into_iter().map(|problem| FailedFile::new(problem, &texts)).collect(),
        gone,
        other,
        passes: passes
            .map(|PassStatus { name, done, failed, .. }| (name, PassReport { done, failed }))
            .collect(),
        seconds,
        photos_per_second: indexed as f64 / seconds,
        model: library.model_id(),
        dimension: library.dimension(),
    })
}

/// Photos that were gone when they were to be read, and files that are no photos. A folder in another one is counted once.
fn beside(library: &Library, roots: &[PathBuf]) -> Result<(u64, BTreeMap<OtherKind, u32>)> {
    let (mut gone, mut other) = (0, BTreeMap::new());
    let is_inside = |root: &PathBuf| roots.iter().any(|above| above != root && root.starts_with(above));
    for root in roots.iter().filter(|root| !is_inside(root)) {
        gone += u64::from(library.unread(root)?);
        for (kind, count) in library.others(root)? {
            *other.entry(kind).or_default() += count;
        }
    }
    Ok((gone, other))
}

/// Shows progress on a terminal until all is indexed. Returns the seconds until every photo could be found.
fn wait(library: &Library, status: &Mutex<IndexStatus>, started: Instant) -> Result<f64> {
    let style = format!("{{bar:30}} {{pos}}/{{len}} {} {{msg}}", say(&Word::PhotosCounted.reason()));
    let bar =
        ProgressBar::new(0).with_style(ProgressStyle::with_template(&style).expect("the template is valid"));
    let cancel = CancelToken::default();
    let seconds = thread::scope(|scope| {
        let waiting = scope.spawn(|| {
            library.wait_until_searchable(&cancel);
            let seconds = started.elapsed().as_secs_f64();
            library.wait_until_indexed(&cancel);
            seconds
        });
        while !waiting.is_finished() {
            let now = status.lock().expect("no thread panics while it holds the status").clone();
            bar.set_length(u64::from(now.photos));
            bar.set_position(u64::from(now.embedded));
            let rate = format!("{:.1}", now.photos_per_second);
            let text = Word::Indexing.with("rate", rate).with("failed", now.failed);
            bar.set_message(say(&match now.eta_seconds {
                Some(seconds) => text.with("seconds", seconds),
                None => text,
            }));
            thread::sleep(Duration::from_millis(50));
        }
        waiting.join().expect("waiting does not panic")
    });
    bar.finish_and_clear();
    library.index_status().trouble.map_or(Ok(seconds), |trouble| Err(Error::Reported(Box::new(trouble))))
}
