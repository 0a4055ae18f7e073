//! The intake: what lies at one path becomes rows of the catalogue. Joins scan, decoder and catalog.

use std::collections::{HashMap, HashSet};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use crate::catalog::{Applied, Catalog, KnownFile, Probe, ProbeResult, SeenFile};
use crate::decoder::{Decoders, FileDescription, FilePart};
use crate::error::{DecodeError, Error, Result};
use crate::image::metadata;
use crate::platform::reading::{MAX_FILE_BYTES, open_regular, read_bounded};
use crate::scan::Stat;
use crate::scan::filter::FolderFilter;
use crate::types::{
    ContentHash, DateRank, DateSource, FileCode, FolderId, OtherKind, Reason, ReasonCode, Role, Taken,
    takeout,
};

/// Enough for the header and the EXIF data of nearly all files.
pub(crate) const PREFIX: u64 = 256 << 10;
/// Rows per transaction: small enough that the first photos show at once.
const BATCH: usize = 100;

/// What a scan found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ScanTally {
    /// Files of photos that are not left out, and those that cannot be read. What lies beside photos or is none is not
    /// among them.
    pub found: u32,
    /// Those of them that are unchanged since the last scan.
    pub unchanged: u32,
    /// What applying the changes did.
    pub applied: Applied,
}

impl std::ops::AddAssign for ScanTally {
    fn add_assign(&mut self, other: Self) {
        self.found += other.found;
        self.unchanged += other.unchanged;
        self.applied += other.applied;
    }
}

impl KnownFile {
    fn is_same(&self, stat: Stat) -> bool {
        self.size == stat.size && self.modified == stat.modified
    }
}

/// A scan of one path of a folder.
pub(crate) struct PathScan<'a> {
    catalog: &'a Catalog,
    decoders: &'a Decoders,
    folder: FolderId,
    filter: &'a FolderFilter,
    on_applied: &'a dyn Fn(),
    /// Takes files that seem to be half-written and are to be rescanned.
    later: Option<&'a dyn Fn(&Path)>,
    /// How much of each file is read before its header says that more is needed.
    prefix: u64,
    known: HashMap<PathBuf, KnownFile>,
    present: HashSet<PathBuf>,
    /// Nothing can be said about what lies below these.
    unknown: Vec<PathBuf>,
    seen: Vec<SeenFile>,
    returned: Vec<PathBuf>,
    tally: ScanTally,
}

impl<'a> PathScan<'a> {
    pub(crate) fn new(
        catalog: &'a Catalog,
        decoders: &'a Decoders,
        folder: FolderId,
        filter: &'a FolderFilter,
        on_applied: &'a dyn Fn(),
        known: HashMap<PathBuf, KnownFile>,
    ) -> Self {
        Self {
            catalog,
            decoders,
            folder,
            filter,
            on_applied,
            later: None,
            prefix: PREFIX,
            present: HashSet::with_capacity(known.len()),
            known,
            unknown: Vec::new(),
            seen: Vec::new(),
            returned: Vec::new(),
            tally: ScanTally::default(),
        }
    }

    /// Hands files that seem to be half-written to `later`; without it they are listed as what they are now.
    pub(crate) fn later(self, later: Option<&'a dyn Fn(&Path)>) -> Self {
        Self { later, ..self }
    }

    /// Reads all files whole: what some of them say stands at their end.
    pub(crate) fn whole(self) -> Self {
        Self { prefix: MAX_FILE_BYTES, ..self }
    }

    pub(crate) fn file(&mut self, file: PathBuf, stat: Stat) -> Result<()> {
        let key = self.key_of(&file);
        match self.known.get(&key) {
            Some(before) if before.is_same(stat) && !before.outdated => {
                self.tally.found += u32::from(before.is_photo);
                self.tally.unchanged += u32::from(before.is_photo);
                if before.gone || before.missing {
                    self.returned.push(key.clone());
                }
            }
            before => {
                let is_same = before.is_some_and(|before| before.is_same(stat));
                let (result, modified) = match probe(self.decoders, &file, stat, self.prefix)? {
                    Probed::Vanished => return Ok(()),
                    Probed::Damaged(_) if stat.is_young() && self.later.is_some() => {
                        self.tally.found += 1;
                        self.later.inspect(|later| later(&file));
                        self.present.insert(key);
                        return Ok(());
                    }
                    Probed::Damaged(error) => (ProbeResult::Problem((&error).into()), stat.modified),
                    Probed::Known(result) => (result, stat.modified),
                    // Another time of change: the next scan tries again.
                    Probed::Unreadable(reason) => (ProbeResult::Problem(reason), 0),
                };
                let is_photo = matches!(result, ProbeResult::Photo(_) | ProbeResult::Problem(_));
                self.tally.found += u32::from(is_photo);
                self.tally.unchanged += u32::from(is_photo && is_same);
                let may_have_moved = before.is_none() && is_photo;
                let content = if may_have_moved { self.moved_content(&file, stat)? } else { None };
                self.seen.push(SeenFile {
                    folder: self.folder,
                    path: key.to_string_lossy().into_owned(),
                    size: stat.size,
                    modified,
                    probe: result,
                    content,
                });
            }
        }
        self.present.insert(key);
        if self.seen.len() + self.returned.len() >= BATCH { self.flush(&[]) } else { Ok(()) }
    }

    /// By what a file is known. Bytes of a name that are no UTF-8 are replaced; names that are alike then are told apart.
    fn key_of(&self, file: &Path) -> PathBuf {
        if file.to_str().is_some() {
            return file.to_owned();
        }
        let alike = PathBuf::from(file.to_string_lossy().into_owned());
        let named = |number: u32| {
            let mut name = alike.clone().into_os_string();
            name.push(format!(" ({number})"));
            PathBuf::from(name)
        };
        std::iter::once(alike.clone())
            .chain((2..).map(named))
            .find(|key| !self.present.contains(key))
            .unwrap_or(alike)
    }

    /// A new file of a size that is known may be a known photo at a new place: then its content says.
    fn moved_content(&self, file: &Path, stat: Stat) -> Result<Option<ContentHash>> {
        if stat.size == 0 || stat.size > MAX_FILE_BYTES || self.catalog.files_of_size(stat.size)?.is_empty() {
            return Ok(None);
        }
        Ok(read_bounded(file).ok().map(|bytes| ContentHash::of(&bytes)))
    }

    pub(crate) fn unreadable(&mut self, path: PathBuf, error: &std::io::Error) {
        tracing::warn!(path = %path.display(), %error, "cannot be looked into");
        if let Some(path_text) = path.to_str()
            && path != self.filter.root()
        {
            self.tally.found += 1;
            self.seen.push(SeenFile {
                folder: self.folder,
                path: path_text.to_owned(),
                size: 0,
                modified: 0,
                probe: ProbeResult::Problem(folder_problem(error)),
                content: None,
            });
            self.present.insert(path.clone());
        }
        self.unknown.push(path);
    }

    /// Applies the rest, and returns what was found and the files that vanished. Files that the folder no longer
    /// takes are not among them.
    pub(crate) fn finish(mut self) -> Result<(ScanTally, Vec<PathBuf>)> {
        let is_absent = |(path, file): &(&PathBuf, &KnownFile)| {
            !file.gone
                && !self.present.contains(*path)
                && !self.filter.is_apart(path)
                && !self.unknown.iter().any(|unknown| path.starts_with(unknown))
        };
        let absent = self.known.iter().filter(is_absent);
        let is_left_out = |path: &Path| !self.filter.reaches(path, false) || path.symlink_metadata().is_ok();
        let (left_out, absent): (Vec<_>, Vec<_>) =
            absent.map(|(path, file)| (path.clone(), file.missing)).partition(|(path, _)| is_left_out(path));
        let left_out: Vec<_> = left_out.into_iter().map(|(path, _)| path).collect();
        self.flush(&left_out)?;
        let vanished = absent.into_iter().filter(|(_, is_missing)| !is_missing).map(|(path, _)| path);
        Ok((self.tally, vanished.collect()))
    }

    fn flush(&mut self, left_out: &[PathBuf]) -> Result<()> {
        if self.seen.is_empty() && self.returned.is_empty() && left_out.is_empty() {
            return Ok(());
        }
        self.tally.applied += self.catalog.apply(&self.seen, &self.returned, left_out)?;
        self.seen.clear();
        self.returned.clear();
        (self.on_applied)();
        Ok(())
    }
}

fn folder_problem(error: &std::io::Error) -> Reason {
    match error.kind() {
        ErrorKind::PermissionDenied => FileCode::FolderForbidden.because(error),
        ErrorKind::InvalidFilename => FileCode::PathTooLong.reason(),
        _ => FileCode::FolderUnreadable.because(error),
    }
}

/// What the start of a file says.
enum Probed {
    Known(ProbeResult),
    /// It is a photo that is not whole.
    Damaged(DecodeError),
    /// The system refused it.
    Unreadable(Reason),
    /// It is no longer there.
    Vanished,
}

/// Reads the start of a file, and all of it where that is not enough.
fn probe(decoders: &Decoders, path: &Path, stat: Stat, prefix: u64) -> Result<Probed> {
    if path.to_str().is_none() {
        return Ok(Probed::Known(ProbeResult::Problem(FileCode::NameNotUtf8.reason())));
    }
    let (part, enough) = match Role::of(path) {
        Role::Sidecar => (sidecar_part(path), metadata::xmp::MAX_BYTES as u64 + 1),
        _ => (FilePart::Photo, prefix),
    };
    let read = open_regular(path).and_then(|mut file| {
        let mut bytes = Vec::new();
        file.by_ref().take(enough).read_to_end(&mut bytes)?;
        let described = decoders.facts(path, &bytes, part);
        if part != FilePart::Photo
            || !may_need_more(&described)
            || stat.size <= bytes.len() as u64
            || stat.size > MAX_FILE_BYTES
        {
            return Ok(described);
        }
        file.take(MAX_FILE_BYTES).read_to_end(&mut bytes)?;
        Ok(decoders.facts(path, &bytes, part))
    });
    Ok(match read {
        Ok(described) => return of_description(described, part, path, stat),
        Err(error) if error.kind() == ErrorKind::NotFound => Probed::Vanished,
        Err(error) if error.kind() == ErrorKind::PermissionDenied => {
            Probed::Unreadable(FileCode::Forbidden.reason())
        }
        Err(error) if error.kind() == ErrorKind::InvalidFilename => {
            Probed::Unreadable(FileCode::PathTooLong.reason())
        }
        Err(error) if error.kind() == ErrorKind::InvalidInput => {
            Probed::Known(ProbeResult::Problem(FileCode::NotAFile.reason()))
        }
        Err(error) => Probed::Unreadable(FileCode::Unreadable.because(error)),
    })
}

fn may_need_more(described: &Result<FileDescription>) -> bool {
    use DecodeError::{Corrupt, NotAPicture, Truncated};
    matches!(described, Err(Error::Decode(Corrupt(_) | NotAPicture | Truncated)))
}

fn of_description(
    described: Result<FileDescription>,
    part: FilePart,
    path: &Path,
    stat: Stat,
) -> Result<Probed> {
    use DecodeError::{Corrupt, Empty, NotAPicture, Truncated, Unsupported};
    match described {
        Ok(described) if part == FilePart::Sidecar => {
            Ok(Probed::Known(ProbeResult::Sidecar(described.facts)))
        }
        Ok(described) if part == FilePart::Export => Ok(of_export(described, path)),
        Ok(described) => Ok(Probed::Known(ProbeResult::Photo(describe(described, stat)))),
        Err(Error::Decode(Empty)) if other_kind(path).is_some() => Ok(of_other_kind(path)),
        Err(Error::Decode(Unsupported(format))) if format.as_deref().is_none_or(|it| it.starts_with('.')) => {
            Ok(of_other_kind(path))
        }
        Err(Error::Decode(error @ (Empty | Truncated | NotAPicture | Corrupt(_)))) => {
            Ok(Probed::Damaged(error))
        }
        Err(Error::Decode(error)) => Ok(Probed::Known(ProbeResult::Problem((&error).into()))),
        Err(Error::Harmful(harm)) => Ok(Probed::Known(ProbeResult::Problem((&harm).into()))),
        Err(error) => Err(error),
    }
}

/// What a file is whose content is of no kind that this build knows.
fn of_other_kind(path: &Path) -> Probed {
    let ending = path.extension().and_then(|ending| ending.to_str());
    let unsupported =
        || ProbeResult::Problem((&DecodeError::Unsupported(ending.map(|it| format!(".{it}")))).into());
    Probed::Known(other_kind(path).map_or_else(unsupported, ProbeResult::Other))
}

fn other_kind(path: &Path) -> Option<OtherKind> {
    OtherKind::of_ending(&path.extension().unwrap_or_default().to_string_lossy())
}

/// What is read of a file beside a photo: XMP, or what Google's export says in JSON.
fn sidecar_part(path: &Path) -> FilePart {
    let is_xmp = path.extension().is_some_and(|it| it.eq_ignore_ascii_case("xmp"));
    if other_kind(path) == Some(OtherKind::Sidecar) && !is_xmp { FilePart::Export } else { FilePart::Sidecar }
}

fn of_export(file: FileDescription, path: &Path) -> Probed {
    let photo = file.title.and_then(|title| takeout::named(path, &title));
    let other = ProbeResult::Other(OtherKind::Sidecar);
    Probed::Known(photo.map_or(other, |photo| ProbeResult::Takeout { photo, facts: file.facts }))
}

/// What the catalogue keeps about a photo, from what its file says.
pub(crate) fn describe(file: FileDescription, stat: Stat) -> Probe {
    let FileDescription { format, width, height, mut facts, title: _ } = file;
    facts.taken = facts.taken.or_else(|| taken_by_file(stat));
    Probe { format, width, height, facts }
}

/// The time of the last change, on the clock of this computer.
fn taken_by_file(stat: Stat) -> Option<Taken> {
    let clock = stat.time()?.to_zoned(jiff::tz::TimeZone::system()).datetime();
    let at = metadata::as_if_utc(clock)?;
    Some(Taken { at, zone: None, source: DateSource::File, rank: DateRank::File })
}
