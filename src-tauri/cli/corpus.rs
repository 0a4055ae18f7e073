//! `fotonovela corpus`: how the decoders take foreign files. For folders of broken pictures above all.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use clap::Args;
use fotonovela_core::decoder::{DecodeOrder, Decoder, Decoders, Encoding, FilePart, Job, Program};
use fotonovela_core::error::{Error, Harm, Result};
use fotonovela_core::image::thumbnail;
use fotonovela_core::platform::reading::read_bounded;
use fotonovela_core::types::{FileCode, Reason, ReasonCode};
use serde::Serialize;

use super::{Arguments, lossy, print, print_json};
use crate::texts::{RenderedReason, Texts};

/// Side of the square that is asked for, as the bundled model asks for it.
const SQUARE: u32 = 224;

#[derive(Debug, Args)]
pub(crate) struct Corpus {
    /// The folder; its subfolders belong to it.
    folder: PathBuf,
}

/// What came of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
enum Fate {
    Decoded,
    /// The file got a reason.
    Refused,
    /// The file is set aside.
    Crashed,
    TimedOut,
    OutOfMemory,
    /// Our own process failed: a fault to mend.
    Failed,
}

#[derive(Debug, Serialize)]
struct Entry {
    #[serde(serialize_with = "lossy")]
    path: PathBuf,
    fate: Fate,
    /// Absent where it was decoded.
    #[serde(flatten)]
    cause: Option<RenderedReason>,
}

impl Entry {
    fn reason(&self) -> &str {
        self.cause.as_ref().map_or("", |cause| &cause.reason)
    }
}

#[derive(Debug, Serialize)]
struct Report {
    files: usize,
    decoded: usize,
    refused: usize,
    crashed: usize,
    timed_out: usize,
    out_of_memory: usize,
    failed: usize,
    /// All but the decoded ones, by path.
    entries: Vec<Entry>,
}

impl Corpus {
    pub(crate) fn run(&self, arguments: &Arguments) -> Result<()> {
        let files = files(&self.folder)?;
        let report = report(decode_all(&files)?);
        if arguments.json {
            print_json(&report);
        } else {
            print_table(&report);
        }
        Ok(())
    }
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let failed = |source| Error::read(&folder, source);
        for entry in std::fs::read_dir(&folder).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let kind = entry.file_type().map_err(failed)?;
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() {
                files.push(entry.path());
            }
        }
    }
    files.sort();
    Ok(files)
}

/// Decodes on all cores.
fn decode_all(files: &[PathBuf]) -> Result<Vec<Entry>> {
    let decoders = Decoders::new(Program::this());
    let texts = Texts::of_environment();
    let next = AtomicUsize::new(0);
    let entries = Mutex::new(Ok(Vec::with_capacity(files.len())));
    let workers = thread::available_parallelism().map_or(2, std::num::NonZero::get);
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                let mut decoder = decoders.decoder();
                while let Some(path) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let entry = decode(&mut decoder, path, &texts);
                    let mut entries = entries.lock().expect("no thread panics while it holds the list");
                    match (entries.as_mut(), entry) {
                        (Ok(entries), Ok(entry)) => entries.push(entry),
                        (Ok(_), Err(error)) => *entries = Err(error),
                        (Err(_), _) => return,
                    }
                }
            });
        }
    });
    entries.into_inner().expect("no thread panics while it holds the list")
}

/// Does to a file what indexing does.
///
/// # Errors
/// When no worker can be started.
fn decode(decoder: &mut Decoder, path: &Path, texts: &Texts) -> Result<Entry> {
    let entry = |fate, reason: Option<Reason>| {
        Ok(Entry { path: path.to_owned(), fate, cause: reason.map(|reason| texts.render(reason)) })
    };
    let bytes = match read_bounded(path) {
        Ok(bytes) => bytes,
        Err(error) => return entry(Fate::Refused, Some(FileCode::Unreadable.because(error))),
    };
    let order = DecodeOrder {
        side: thumbnail::SIDE,
        encoded: Some(Encoding::Jpeg(thumbnail::QUALITY)),
        square: Some(SQUARE),
        pixels: false,
        facts: true,
        part: FilePart::Photo,
    };
    let fate = match decoder.decode(&Job::of(path, &bytes, order)) {
        Ok(_) => return entry(Fate::Decoded, None),
        Err(Error::Decode(error)) => return entry(Fate::Refused, Some((&error).into())),
        Err(Error::Harmful(harm)) => harm,
        Err(error) => return Err(error),
    };
    let reason = Some((&fate).into());
    entry(
        match fate {
            Harm::Crashed(_) => Fate::Crashed,
            Harm::TooSlow(_) => Fate::TimedOut,
            Harm::TooHungry(_) => Fate::OutOfMemory,
            Harm::Ours => Fate::Failed,
        },
        reason,
    )
}

fn report(mut entries: Vec<Entry>) -> Report {
    let count = |fate| entries.iter().filter(|entry| entry.fate == fate).count();
    let (decoded, refused, crashed) = (count(Fate::Decoded), count(Fate::Refused), count(Fate::Crashed));
    let (timed_out, out_of_memory, failed) =
        (count(Fate::TimedOut), count(Fate::OutOfMemory), count(Fate::Failed));
    let files = entries.len();
    entries.retain(|entry| entry.fate != Fate::Decoded);
    entries.sort_by(|a, b| a.path.cmp(&b.path));
    Report { files, decoded, refused, crashed, timed_out, out_of_memory, failed, entries }
}

fn print_table(report: &Report) {
    let rows = [
        ("decoded", report.decoded),
        ("refused with a reason", report.refused),
        ("crashed the worker", report.crashed),
        ("took too long", report.timed_out),
        ("needed too much memory", report.out_of_memory),
        ("failed inside Fotonovela", report.failed),
    ];
    print(&format!("{} files", report.files));
    for (name, count) in rows {
        print(&format!("{count:>7}  {name}"));
    }
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for entry in report.entries.iter().filter(|entry| entry.fate == Fate::Refused) {
        *reasons.entry(entry.reason()).or_default() += 1;
    }
    let mut reasons: Vec<_> = reasons.into_iter().collect();
    reasons.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    print("\nrefused:");
    for (reason, count) in reasons {
        print(&format!("{count:>7}  {reason}"));
    }
    for entry in report.entries.iter().filter(|entry| entry.fate != Fate::Refused) {
        print(&format!("{:?}: {}: {}", entry.fate, entry.path.display(), entry.reason()));
    }
}
