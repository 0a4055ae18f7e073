//! The intake: what lies in folders becomes rows of the catalogue. Joins scan, image and catalog.

use std::collections::{HashMap, HashSet};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use crate::catalog::{Applied, Catalog, KnownFile, Probe, SeenFile};
use crate::error::Result;
use crate::image::{self, DecodeError, metadata};
use crate::photo::{ContentHash, DateSource, Folder, FolderState};
use crate::scan::walk::{Step, walk};
use crate::scan::{Stat, filter};
use crate::task::CancelToken;

/// Enough for the header and the EXIF data of nearly all files.
const PREFIX: u64 = 256 << 10;
/// Larger files are no photos of this decade; reading one whole must fit in memory.
pub(crate) const MAX_FILE_BYTES: u64 = 512 << 20;
/// Rows per transaction: small enough that the first photos show at once.
const BATCH: usize = 100;
/// From this many files on, all gone at once means a disk that is not mounted rather than a clean-up.
const MASS: usize = 10;

/// What a look at a folder found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// Files that are not left out.
    pub found: u32,
    /// What applying the changes did.
    pub applied: Applied,
}

/// Looks at `path` (a file or folder, there or gone) and brings the catalogue up to date with it. `on_applied` is
/// called after each batch. `later` takes files that seem to be half-written and are to be looked at again; without
/// it they are listed as what they are now.
pub(crate) fn look(
    catalog: &Catalog,
    path: &Path,
    private: &Path,
    cancel: &CancelToken,
    on_applied: &dyn Fn(),
    later: Option<&dyn Fn(&Path)>,
) -> Result<Look> {
    let Some(folder) = catalog.folder_of(path)? else { return Ok(Look::default()) };
    if filter::is_excluded_below(&folder.path, path) || path.starts_with(private) {
        return Ok(Look::default());
    }
    if let Err(error) = std::fs::read_dir(&folder.path) {
        catalog.set_folder_state(folder.id, FolderState::Offline, Some(&offline_message(&error)))?;
        return Ok(Look::default());
    }
    let known = catalog.known_files(path)?;
    // The writer of a file that is looked at by itself has closed it.
    let later = later.filter(|_| path.is_dir());
    let mut visit = Visit::new(catalog, &folder, on_applied, later);
    for step in walk(path, path == folder.path) {
        cancel.check()?;
        match step {
            Step::File(file, _) if file.starts_with(private) => {}
            Step::File(file, stat) => visit.file(&file, stat, &known)?,
            // It vanished since it was listed; then it is simply not there.
            Step::Unreadable(_, error) if error.kind() == ErrorKind::NotFound => {}
            Step::Unreadable(path, error) => visit.unreadable(path, &error)?,
        }
    }
    let gone = visit.gone(&known);
    let live = known.values().filter(|file| !file.gone).count();
    if path == folder.path && gone.len() == live && live >= MASS && visit.look.found == 0 {
        let message = format!(
            "the folder is empty, where {live} files were. If a disk is not connected, connect it. If they are gone \
             for good, remove the folder from the library"
        );
        catalog.set_folder_state(folder.id, FolderState::Offline, Some(&message))?;
        return Ok(visit.look);
    }
    catalog.set_folder_state(folder.id, FolderState::Online, None)?;
    visit.flush(&gone)?;
    Ok(visit.look)
}

fn offline_message(error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => {
            "the folder is not there. Connect its disk, or remove it from the library".into()
        }
        ErrorKind::PermissionDenied => "the folder cannot be read. Allow your user to read it".into(),
        _ => format!("the folder cannot be read: {error}"),
    }
}

/// One look under way.
struct Visit<'a> {
    catalog: &'a Catalog,
    folder: &'a Folder,
    on_applied: &'a dyn Fn(),
    later: Option<&'a dyn Fn(&Path)>,
    present: HashSet<PathBuf>,
    /// Nothing can be said about what lies below these.
    unknown: Vec<PathBuf>,
    seen: Vec<SeenFile>,
    returned: Vec<PathBuf>,
    look: Look,
}

impl<'a> Visit<'a> {
    fn new(
        catalog: &'a Catalog,
        folder: &'a Folder,
        on_applied: &'a dyn Fn(),
        later: Option<&'a dyn Fn(&Path)>,
    ) -> Self {
        Self {
            catalog,
            folder,
            on_applied,
            later,
            present: HashSet::new(),
            unknown: Vec::new(),
            seen: Vec::new(),
            returned: Vec::new(),
            look: Look::default(),
        }
    }

    fn file(&mut self, file: &Path, stat: Stat, known: &HashMap<PathBuf, KnownFile>) -> Result<()> {
        self.look.found += 1;
        let key = PathBuf::from(file.to_string_lossy().into_owned());
        match known.get(&key) {
            Some(before) if before.size == stat.size && before.modified == stat.modified => {
                if before.gone {
                    self.returned.push(key.clone());
                }
            }
            before => {
                let (probe, modified) = match probe(file, stat) {
                    Probed::Vanished => return Ok(()),
                    Probed::Damaged(_) if stat.is_young() && self.later.is_some() => {
                        self.later.inspect(|later| later(file));
                        self.present.insert(key);
                        return Ok(());
                    }
                    Probed::Damaged(error) => (Err(error.to_string()), stat.modified),
                    Probed::Photo(probe) => (Ok(probe), stat.modified),
                    Probed::NoPhoto(reason) => (Err(reason), stat.modified),
                    // Another time of change: the next look tries again.
                    Probed::Unreadable(reason) => (Err(reason), 0),
                };
                let content = if before.is_none() { self.moved_content(file, stat)? } else { None };
                self.seen.push(SeenFile {
                    folder: self.folder.id,
                    path: key.to_string_lossy().into_owned(),
                    size: stat.size,
                    modified,
                    probe,
                    content,
                });
            }
        }
        self.present.insert(key);
        if self.seen.len() + self.returned.len() >= BATCH { self.flush(&[]) } else { Ok(()) }
    }

    /// A new file of a size that is known may be a known photo at a new place: then its content tells.
    fn moved_content(&self, file: &Path, stat: Stat) -> Result<Option<ContentHash>> {
        if stat.size == 0 || stat.size > MAX_FILE_BYTES || self.catalog.files_of_size(stat.size)?.is_empty() {
            return Ok(None);
        }
        Ok(std::fs::read(file).ok().map(|bytes| ContentHash::of(&bytes)))
    }

    fn unreadable(&mut self, path: PathBuf, error: &std::io::Error) -> Result<()> {
        tracing::warn!(path = %path.display(), %error, "cannot be looked into");
        if let Some(path_text) = path.to_str()
            && path != self.folder.path
        {
            self.look.found += 1;
            self.seen.push(SeenFile {
                folder: self.folder.id,
                path: path_text.to_owned(),
                size: 0,
                modified: 0,
                probe: Err(format!("it cannot be read: {error}. Allow your user to read it")),
                content: None,
            });
            self.present.insert(path.clone());
        }
        self.unknown.push(path);
        Ok(())
    }

    fn gone(&self, known: &HashMap<PathBuf, KnownFile>) -> Vec<PathBuf> {
        known
            .iter()
            .filter(|(path, file)| {
                let is_unknown = self.unknown.iter().any(|unknown| path.starts_with(unknown));
                !file.gone && !is_unknown && !self.present.contains(*path)
            })
            .map(|(path, _)| path.clone())
            .collect()
    }

    fn flush(&mut self, gone: &[PathBuf]) -> Result<()> {
        if self.seen.is_empty() && self.returned.is_empty() && gone.is_empty() {
            return Ok(());
        }
        let applied = self.catalog.apply(&self.seen, &self.returned, gone)?;
        self.look.applied.added += applied.added;
        self.look.applied.changed += applied.changed;
        self.look.applied.moved += applied.moved;
        self.look.applied.gone += applied.gone;
        self.seen.clear();
        self.returned.clear();
        (self.on_applied)();
        Ok(())
    }
}

/// What the start of a file tells.
enum Probed {
    Photo(Probe),
    /// It is no photo; the reason is for people.
    NoPhoto(String),
    /// It is a photo that is not whole.
    Damaged(DecodeError),
    /// The system refused it.
    Unreadable(String),
    /// It is no longer there.
    Vanished,
}

fn probe(path: &Path, stat: Stat) -> Probed {
    if path.to_str().is_none() {
        return Probed::NoPhoto("its name is not valid UTF-8. Rename it".into());
    }
    match probe_bytes(path, stat) {
        Ok(Ok(probe)) => Probed::Photo(probe),
        Ok(Err(error @ (DecodeError::Empty | DecodeError::Truncated | DecodeError::Corrupt(_)))) => {
            Probed::Damaged(error)
        }
        Ok(Err(error)) => Probed::NoPhoto(error.to_string()),
        Err(error) if error.kind() == ErrorKind::NotFound => Probed::Vanished,
        Err(error) if error.kind() == ErrorKind::PermissionDenied => {
            Probed::Unreadable("it cannot be read. Allow your user to read it".into())
        }
        Err(error) => Probed::Unreadable(format!("it could not be read: {error}")),
    }
}

fn probe_bytes(path: &Path, stat: Stat) -> std::io::Result<std::result::Result<Probe, DecodeError>> {
    let mut bytes = Vec::new();
    let mut file = std::fs::File::open(path)?;
    file.by_ref().take(PREFIX).read_to_end(&mut bytes)?;
    let mut header = image::header(&bytes, path);
    let may_need_more = matches!(header, Err(DecodeError::Corrupt(_) | DecodeError::Truncated));
    if may_need_more && stat.size > PREFIX && stat.size <= MAX_FILE_BYTES {
        file.read_to_end(&mut bytes)?;
        header = image::header(&bytes, path);
    }
    Ok(header.map(|header| describe(&header, &bytes, stat)))
}

/// What the catalogue keeps about a photo, from its header and metadata.
pub(crate) fn describe(header: &image::Header, bytes: &[u8], stat: Stat) -> Probe {
    let metadata = metadata::read(bytes);
    let (width, height) = header.orientation.upright_size(header.width, header.height);
    let (taken_at, date_source) = match metadata.taken_at {
        Some(taken_at) => (taken_at, DateSource::Exif),
        None => (local_as_if_utc(stat.modified), DateSource::File),
    };
    Probe {
        format: header.format.name(),
        width,
        height,
        taken_at,
        date_source,
        camera: metadata.camera,
        gps: metadata.gps,
    }
}

fn local_as_if_utc(nanoseconds: i64) -> i64 {
    jiff::Timestamp::from_nanosecond(i128::from(nanoseconds))
        .ok()
        .and_then(|time| metadata::as_if_utc(time.to_zoned(jiff::tz::TimeZone::system()).datetime()))
        .unwrap_or(nanoseconds / 1_000_000)
}
