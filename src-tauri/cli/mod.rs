//! The command line: the same core for scripts and measurement. Answers go to stdout, progress to stderr.

mod album;
mod among;
mod comic;
mod corpus;
mod doctor;
mod duplicates;
mod index;
mod info;
mod ledger;
mod mark;
mod models;
mod out;
mod search;
mod similar;
mod store;
mod subject;
mod thumbnail;
mod undo;
pub(crate) mod words;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::texts::Texts;
use clap::{Parser, Subcommand};
use fotonovela_core::error::{Error, Result};
use fotonovela_core::library::{Library, Options};
use fotonovela_core::types::{ErrorCode, FaultCode, Mark, PhotoId, Reason, ReasonCode};
use serde::{Serialize, Serializer};

use self::words::{Word, say};

/// Fotonovela finds the photos you mean and makes comics of them. Without a command it opens the window.
#[derive(Debug, Parser)]
#[command(version, about)]
pub(crate) struct Arguments {
    /// Data folder of the library; created if missing. Default: the system's place for data.
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) library: Option<PathBuf>,
    /// Vector store of this run: embedded, http(s)://host:port (Milvus, Zilliz Cloud), milvus-lite:DIR or
    /// qdrant+http(s)://host:port. Default: the one of the settings.
    #[arg(long, global = true, value_name = "URI")]
    // Not parsed by clap: its message would repeat what was given, and that may hold a password.
    pub(crate) store: Option<String>,
    /// Put one JSON object on stdout instead of text.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Add folders and index them.
    Index(index::Index),
    /// Say what is known about photos, of the library or not.
    Info(info::Info),
    /// Find the photos most similar to a picture, which may be of the library or not.
    Similar(similar::Similar),
    /// Find photos by words: what they show, and what is written about them.
    Search(search::Search),
    /// List photos that look alike, or hide all but the best.
    Duplicates(duplicates::Duplicates),
    /// Teach by examples whom or what photos show, and be asked about the photos that teach most.
    Subject(subject::Subject),
    /// List albums, show one, change it, or keep a search as one.
    Album(album::Album),
    /// Mark photos as favourites.
    Favourite(mark::Marked),
    /// Take photos out of sight: out of the grid and of answers, but where hidden ones are asked for.
    Hide(mark::Marked),
    /// Undo what was done to the library, or list it.
    Undo(undo::Undo),
    /// Say how the vector store is, check it, fill it anew, or move to another.
    Store(store::Store),
    /// Say which models photos can be found by, add one, choose one, or remove one.
    Models(models::Models),
    /// Draw a comic of photos. This sends the photos; --dry-run shows what would be sent.
    Comic(comic::Comic),
    /// List what services that draw were asked for, and what it cost.
    Ledger(ledger::Ledger),
    /// Write what the grid shows of a photo.
    Thumbnail(thumbnail::Thumbnail),
    /// Decode every file below a folder and say how each went. Needs no library.
    Corpus(corpus::Corpus),
    /// Say what is wrong with the installation and what to do.
    Doctor,
    /// Decode what comes on stdin, for the program itself.
    #[command(hide = true)]
    DecodeWorker,
}

impl Command {
    /// Whether what is not found was named wrongly on the command line, as an option can be.
    fn names_things(&self) -> bool {
        matches!(self, Self::Subject(_) | Self::Search(_) | Self::Album(_))
    }
}

/// Runs a command. Exit code 0: the job was done.
pub(crate) fn run(arguments: &Arguments, command: &Command) -> ExitCode {
    let ran = match command {
        Command::Index(index) => index.run(arguments),
        Command::Info(info) => info.run(arguments),
        Command::Similar(similar) => similar.run(arguments),
        Command::Search(search) => search.run(arguments),
        Command::Duplicates(duplicates) => duplicates.run(arguments),
        Command::Subject(subject) => subject.run(arguments),
        Command::Album(album) => album.run(arguments),
        Command::Favourite(marked) => marked.run(arguments, Mark::Favourite),
        Command::Hide(marked) => marked.run(arguments, Mark::Hidden),
        Command::Undo(undo) => undo.run(arguments),
        Command::Store(store) => match store.run(arguments) {
            Ok(false) => return ExitCode::FAILURE,
            ran => ran.map(drop),
        },
        Command::Models(models) => models.run(arguments),
        Command::Comic(comic) => comic.run(arguments),
        Command::Ledger(ledger) => ledger.run(arguments),
        Command::Thumbnail(thumbnail) => thumbnail.run(arguments),
        Command::Corpus(corpus) => corpus.run(arguments),
        Command::Doctor => return doctor::run(arguments),
        Command::DecodeWorker => return decode_worker(),
    };
    match ran {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            fail(&error, arguments.json);
            ExitCode::from(if error.code() == ErrorCode::NotFound && command.names_things() { 2 } else { 1 })
        }
    }
}

/// Serves another process of this program as its decoder.
pub(crate) fn decode_worker() -> ExitCode {
    // When the other side is gone there is nobody to write to.
    fotonovela_core::decoder::worker::run().map_or(ExitCode::FAILURE, |()| ExitCode::SUCCESS)
}

/// Whether there is a library to open; opening makes one.
fn has_library(arguments: &Arguments) -> bool {
    crate::options(arguments).is_ok_and(|options| options.data.join("catalog.sqlite").exists())
}

fn open(arguments: &Arguments) -> Result<Library> {
    open_with(crate::options(arguments)?)
}

fn open_with(options: Options) -> Result<Library> {
    let library = Library::open(options)?;
    library.notice().inspect(|notice| print_note(notice));
    Ok(library)
}

/// A path in JSON, which has no bytes that are no UTF-8: they are replaced.
fn lossy<S: Serializer>(path: &Path, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    serializer.serialize_str(&path.to_string_lossy())
}

/// Prints one JSON object on one line.
#[expect(clippy::print_stdout, reason = "the answer of a command belongs on stdout")]
fn print_json(answer: &impl Serialize) {
    println!("{}", serde_json::to_string(answer).expect("answers are plain data"));
}

#[expect(clippy::print_stdout, reason = "the answer of a command belongs on stdout")]
fn print(line: &str) {
    println!("{line}");
}

#[expect(clippy::print_stderr, reason = "all but the result belongs on stderr")]
fn print_note(note: &Reason) {
    let message = Texts::of_environment().sentence(note);
    eprintln!("{}", say(&Word::Note.with("message", message)));
}

#[expect(clippy::print_stderr, reason = "errors of a command belong on stderr")]
fn fail(error: &Error, json: bool) {
    let cause = error.reason();
    let message = Texts::of_environment().sentence(&cause);
    eprintln!("{}", say(&Word::ErrorIs.with("message", message.as_str())));
    if json {
        print_json(
            &serde_json::json!({ "error": { "code": error.code(), "message": message, "cause": cause } }),
        );
    }
}

/// The photos of the library that these files are.
fn photos_at(library: &Library, paths: &[PathBuf]) -> Result<Vec<PhotoId>> {
    let id = |path: &PathBuf| {
        let path = known(path)?;
        let unknown = || FaultCode::PhotoUnknown.with("path", path.as_path());
        library.photo_at(&path)?.ok_or_else(|| Error::NotFound(unknown()))
    };
    paths.iter().map(id).collect()
}

/// The path as the library knows it, also where nothing is there any more.
fn known(path: &Path) -> Result<PathBuf> {
    let path = absolute(path)?;
    Ok(path.canonicalize().unwrap_or(path))
}

/// An absolute path, without asking whether the file exists.
fn absolute(path: &Path) -> Result<PathBuf> {
    std::path::absolute(path).map_err(|error| Error::Read { path: path.to_owned(), source: error })
}
