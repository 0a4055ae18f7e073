//! `fotonovela duplicates`.

use std::collections::BTreeMap;
use std::path::Path;

use clap::{Args, ValueEnum};
use fotonovela_core::error::Result;
use fotonovela_core::library::Library;
use fotonovela_core::task::CancelToken;
use fotonovela_core::types::{LookAlike, LookAlikeKind, LookAlikes, Reason, ReasonCode};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use super::among::Among;
use super::words::{Word, photos, print_text, say};
use super::{Arguments, open, print, print_json};

#[derive(Debug, Args)]
pub(crate) struct Duplicates {
    /// Only groups of this kind: files with the same bytes, the same picture in other forms, photos taken within seconds.
    #[arg(long, value_name = "KIND")]
    kind: Option<Kind>,
    /// Hide all but the best photo of each group; `undo` brings them back. Files stay as they are. Series only with --kind series.
    #[arg(long)]
    hide_copies: bool,
    /// With --hide-copies: say what would be hidden, and change nothing.
    #[arg(long, requires = "hide_copies")]
    dry_run: bool,
    #[command(flatten)]
    among: Among,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Kind {
    Exact,
    Near,
    Series,
}

impl From<Kind> for LookAlikeKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Exact => Self::Exact,
            Kind::Near => Self::Near,
            Kind::Series => Self::Series,
        }
    }
}

/// The answer.
#[derive(Debug, Serialize)]
struct Report<'a> {
    groups: Vec<Group<'a>>,
    /// Photos that were hidden, or would be.
    #[serde(skip_serializing_if = "Option::is_none")]
    hidden: Option<usize>,
}

#[derive(Debug, Serialize)]
struct Group<'a> {
    kind: LookAlikeKind,
    /// All files, those of the best photo first.
    photos: Vec<&'a Path>,
    best: &'a Path,
    /// Bytes of all files but the best one.
    spare_bytes: u64,
}

impl<'a> Group<'a> {
    fn of(group: &'a LookAlikes) -> Self {
        let photos: Vec<_> =
            group.photos.iter().flat_map(|photo| &photo.paths).map(|path| path.as_path()).collect();
        Self { kind: group.kind, best: photos[0], photos, spare_bytes: group.spare_bytes() }
    }
}

impl Duplicates {
    pub(crate) fn run(&self, arguments: &Arguments) -> Result<()> {
        let library = open(arguments)?;
        let mut groups = found(&library, &self.among)?;
        let kind = self.kind.map(LookAlikeKind::from);
        groups.retain(|group| kind.map_or_else(|| self.is_asked(group.kind), |kind| group.kind == kind));
        let hidden = self.hide_copies.then(|| self.hide(&library, &groups)).transpose()?;
        if arguments.json {
            print_json(&Report { groups: groups.iter().map(Group::of).collect(), hidden });
        } else {
            groups.iter().for_each(print_group);
            print_text(&self.summary(&groups, hidden));
        }
        Ok(())
    }

    /// Photos of a series are different ones: they are hidden only where that is said.
    fn is_asked(&self, kind: LookAlikeKind) -> bool {
        !self.hide_copies || kind != LookAlikeKind::Series
    }

    /// How many photos were hidden, or would be.
    fn hide(&self, library: &Library, groups: &[LookAlikes]) -> Result<usize> {
        if !self.dry_run {
            let edit = library.hide_copies(groups)?;
            return Ok(edit.and_then(|edit| edit.params.count).map_or(0, |count| count as usize));
        }
        Ok(groups.iter().map(|group| group.photos.len() - 1).sum())
    }

    fn summary(&self, groups: &[LookAlikes], hidden: Option<usize>) -> Reason {
        let hidden = hidden.map(|count| photos(count as u64));
        match hidden {
            Some(count) if self.dry_run => Word::CopiesToHide.with("photos", count),
            Some(count) => Word::EditCopiesHidden.with("photos", count),
            None => Word::LookAlikesFound
                .with("groups", groups.len())
                .with("megabytes", megabytes(spare_bytes(groups))),
        }
    }
}

/// Bytes of all copies, each counted once. Photos of a series are no copies.
fn spare_bytes(groups: &[LookAlikes]) -> u64 {
    let copies = groups.iter().filter(|group| group.kind != LookAlikeKind::Series);
    let files = copies.flat_map(|group| {
        let files = group.photos.iter().flat_map(|photo| photo.paths.iter().map(|path| (path, photo.bytes)));
        files.skip(1)
    });
    files.collect::<BTreeMap<_, _>>().values().sum()
}

/// Compares what is new, with a bar on stderr.
fn found(library: &Library, among: &Among) -> Result<Vec<LookAlikes>> {
    let scope = among.scope(library)?;
    let style = format!("{{bar:30}} {{pos}}/{{len}} {}", say(&Word::PhotosCounted.reason()));
    let style = ProgressStyle::with_template(&style).expect("the template is valid");
    let bar = ProgressBar::new(0).with_style(style);
    let progress = |done: usize, of: usize| {
        bar.set_length(of as u64);
        bar.set_position(done as u64);
    };
    let groups = library.look_alikes(&scope, progress, &CancelToken::default());
    bar.finish_and_clear();
    groups
}

fn print_group(group: &LookAlikes) {
    let word = match group.kind {
        LookAlikeKind::Exact => Word::GroupExact,
        LookAlikeKind::Near => Word::GroupNear,
        LookAlikeKind::Series => Word::GroupSeries,
    };
    print_text(&word.with("megabytes", megabytes(group.spare_bytes())));
    for (n, photo) in group.photos.iter().enumerate() {
        print_photo(photo, n == 0);
    }
}

fn print_photo(photo: &LookAlike, is_best: bool) {
    let LookAlike { width, height, bytes, .. } = photo;
    for (n, path) in photo.paths.iter().enumerate() {
        let sign = if is_best && n == 0 { '*' } else { ' ' };
        print(&format!("  {sign} {width} x {height}  {:>6} MB  {}", megabytes(*bytes), path.display()));
    }
}

fn megabytes(bytes: u64) -> String {
    format!("{:.1}", bytes as f64 / 1e6)
}
