//! The folder of drawn pictures. What was paid for is kept here, or wherever it can be written.

use std::fs::{File, remove_file};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};

use crate::catalog::NewVersion;
use crate::comic::order::Drawing;
use crate::error::{Error, Result};
use crate::platform::files::{private_folder, write_durably};
use crate::platform::reading::read_picture;
use crate::types::RequestId;

/// Of a longer answer the beginning is kept: four times what one event may hold.
const LONGEST_ANSWER: u64 = 256 << 20;
/// Ends the names of pictures whose row in the catalogue could not be written yet.
const NOTE: &str = "row.json";

/// The folder `comics` of a library.
#[derive(Debug)]
pub(super) struct ComicFolder(PathBuf);

impl ComicFolder {
    pub(super) fn of(data: &Path) -> Self {
        Self(data.join("comics"))
    }

    /// Writes a picture under a new name, and returns the name.
    pub(super) fn write(&self, bytes: &[u8], media_type: &str) -> Result<String> {
        let name = new_name(media_type);
        write_durably(&self.0.join(&name), bytes)?;
        Ok(name)
    }

    pub(super) fn read(&self, name: &str) -> Result<Vec<u8>> {
        let path = self.0.join(name);
        read_picture(&path)
    }

    /// Where the answer to a request is kept until the picture of it is.
    pub(super) fn answer(&self, request: RequestId) -> Answer {
        let path = self.0.join("answers").join(format!("{}.txt", request.0));
        Answer { path, state: Mutex::default() }
    }

    /// Leaves beside a picture what its row in the catalogue will be.
    pub(super) fn leave_note(&self, version: &NewVersion) -> Result<()> {
        let note = serde_json::to_vec(version).expect("a version is plain data");
        write_durably(&self.0.join(format!("{}.{NOTE}", version.file)), &note)
    }

    /// The notes that were left, each with its file.
    pub(super) fn notes(&self) -> Vec<(PathBuf, NewVersion)> {
        let entries = std::fs::read_dir(&self.0).into_iter().flatten().flatten();
        let notes = entries.map(|entry| entry.path()).filter(|path| path.to_string_lossy().ends_with(NOTE));
        let read = |path: PathBuf| {
            let version = serde_json::from_slice(&std::fs::read(&path).ok()?).ok()?;
            Some((path, version))
        };
        notes.filter_map(read).collect()
    }
}

/// Writes a picture that the library cannot take to the home folder or, failing that, among the temporary files.
///
/// # Errors
/// [`Error::Write`] of the last place.
pub(super) fn write_elsewhere(drawing: &Drawing) -> Result<PathBuf> {
    let name = format!("fotonovela-{}", new_name(drawing.media_type));
    let places = std::env::home_dir().into_iter().chain([std::env::temp_dir()]);
    let mut written = None;
    for place in places.map(|folder| folder.join(&name)) {
        written = Some(write_durably(&place, &drawing.bytes).map(|()| place));
        if matches!(written, Some(Ok(_))) {
            break;
        }
    }
    written.expect("there is a folder for temporary files")
}

fn new_name(media_type: &str) -> String {
    format!("{}-{:08x}.{}", crate::catalog::now_ms(), rand::random::<u32>(), extension(media_type))
}

fn extension(media_type: &str) -> &'static str {
    match media_type {
        "image/jpeg" => "jpg",
        "image/webp" => "webp",
        _ => "png",
    }
}

/// The bytes of an answer, written as they come and before anything is made of them.
#[derive(Debug)]
pub(super) struct Answer {
    path: PathBuf,
    state: Mutex<AnswerState>,
}

#[derive(Debug, Default)]
struct AnswerState {
    file: Option<File>,
    length: u64,
    /// A disk that is full says so once.
    failed: bool,
    /// What was read of the answer, where nobody can look at it.
    picture: Option<PathBuf>,
}

impl Answer {
    pub(super) fn record(&self, bytes: &[u8]) {
        let mut state = self.state();
        if state.failed || state.length >= LONGEST_ANSWER {
            return;
        }
        state.length += bytes.len() as u64;
        if let Err(error) = self.append(&mut state, bytes) {
            tracing::warn!(%error, "the answer cannot be kept as it comes");
            state.failed = true;
        }
    }

    fn append(&self, state: &mut AnswerState, bytes: &[u8]) -> Result<()> {
        let failed = |error| Error::write(&self.path, error);
        if state.file.is_none() {
            private_folder(self.path.parent().expect("it lies in a folder"))?;
            state.file = Some(File::create(&self.path).map_err(failed)?);
        }
        state.file.as_mut().map_or(Ok(()), |file| file.write_all(bytes)).map_err(failed)
    }

    /// Keeps the picture beside the answer that it was read of, though it cannot be opened: another program may.
    pub(super) fn keep_picture(&self, bytes: &[u8], media_type: &str) {
        let path = self.path.with_extension(extension(media_type));
        match write_durably(&path, bytes) {
            Ok(()) => self.state().picture = Some(path),
            Err(error) => tracing::warn!(%error, "the damaged picture cannot be kept beside its answer"),
        }
    }

    /// Where the picture is or, failing that, the answer, if anything of it came and was written.
    pub(super) fn kept(&self) -> Option<PathBuf> {
        let state = self.state();
        let file = state.file.as_ref()?;
        if let Err(error) = file.sync_all() {
            tracing::warn!(%error, "the answer may not outlive a power cut");
        }
        Some(state.picture.clone().unwrap_or_else(|| self.path.clone()))
    }

    /// Removes the answer: the picture of it is kept.
    pub(super) fn remove(&self) {
        if self.state().file.take().is_some()
            && let Err(error) = remove_file(&self.path)
        {
            tracing::warn!(%error, "an answer that was read stays");
        }
    }

    fn state(&self) -> MutexGuard<'_, AnswerState> {
        self.state.lock().expect("no thread panics while it writes an answer")
    }
}
