//! What the command line says to people. `words.*.json` has the texts of each language.

use fotonovela_core::types::{Reason, ReasonCode};
use strum::{IntoStaticStr, VariantArray};

use super::print;
use crate::texts::Texts;

/// One text of the command line; in its docs are the parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub(crate) enum Word {
    /// `message`.
    Note,
    /// `message`.
    ErrorIs,
    /// `found`, `indexed`, `unchanged`, `failed`, `gone`, `seconds`, `rate`.
    Indexed,
    /// `rate`, `failed`; `seconds` when they can be estimated.
    Indexing,
    /// Names what a progress bar counts.
    PhotosCounted,
    /// `name`, `known`.
    KindUnknown,
    /// `known`.
    EndingUnknown,
    /// `out`, `model`; `cost` when the price is known.
    ComicDrawn,
    /// `host`, `out`.
    ComicNotSent,
    /// `out`, `bytes`.
    ThumbnailWritten,
    /// `requests`, `cost`.
    LedgerSum,
    /// `cost`.
    LedgerDrawnFor,
    LedgerDrawn,
    LedgerMayBeBilled,
    LedgerNotBilled,
    /// `store`, `version`, `rows`, `expected`, `latency`; `collection` where the store has them.
    StoreState,
    /// `rows`, `expected`, `searches`, `recall`, `error`.
    StoreVerified,
    /// The vectors on the disk were damaged.
    StoreRepaired,
    /// `hits`.
    StoreStrangers,
    /// `count`.
    MarkedFavourite,
    /// `count`.
    MarkedHidden,
    /// `model`.
    ModelAdded,
    /// `groups`, `megabytes`.
    LookAlikesFound,
    /// `megabytes`.
    GroupExact,
    /// `megabytes`.
    GroupNear,
    /// `megabytes`.
    GroupSeries,
    /// `photos`, in words.
    CopiesToHide,
    /// `name`, `matches`, `yes`, `no`.
    SubjectTold,
    /// `name`.
    SubjectForgotten,
    /// `name`.
    SubjectRenamed,
    /// `name`; `photos`, in words, when they can be counted.
    AlbumTold,
    /// The same.
    SmartAlbumTold,
    /// `name`.
    AlbumDeleted,
    OnePhoto,
    /// `count`.
    Photos,
    /// `edit`.
    EditUndone,
    /// `photos`, in words.
    EditFavouriteSet,
    /// `photos`, in words.
    EditFavouriteUnset,
    /// `photos`, in words.
    EditHiddenSet,
    /// `photos`, in words.
    EditHiddenUnset,
    /// `photos`, in words.
    EditCopiesHidden,
    /// `path`.
    EditFolderAdded,
    /// `path`.
    EditFolderRemoved,
    /// `path`.
    EditFolderOptions,
    /// `photos`, in words.
    EditMissingForgotten,
    /// `photos`, in words.
    EditMissingKept,
    /// `title`.
    EditComicDeleted,
    /// `photos`, in words; `subject`.
    EditSubjectAnswered,
    /// `subject`.
    EditSubjectRenamed,
    /// `subject`.
    EditSubjectForgotten,
    /// `album`.
    EditAlbumCreated,
    /// `album`.
    EditAlbumRenamed,
    /// `album`.
    EditAlbumDeleted,
    /// `photos`, in words; `album`.
    EditAlbumPhotosAdded,
    /// `photos`, in words; `album`.
    EditAlbumPhotosRemoved,
    /// `album`.
    EditAlbumPhotosMoved,
    CheckWorks,
    CheckBroken,
    CheckWarning,
    CheckVersion,
    CheckResources,
    CheckLibrary,
    CheckRuntime,
    CheckModel,
    CheckStore,
    CheckDecoders,
    CheckKeychain,
    CheckWatcher,
    /// `model`, `dimension`.
    ModelWorks,
    /// `embedded`, `photos`.
    StoreWorks,
    /// `landlock`: its version.
    Confined,
    KeyFromEnvironment,
    KeyInKeychain,
    KeyMissing,
    /// `limit`.
    WatchesFew,
    /// `limit`.
    WatchesMany,
    WatchesUnlimited,
}

impl ReasonCode for Word {}

/// A text in the reader's language.
pub(super) fn say(text: &Reason) -> String {
    Texts::of_environment().explain(text)
}

/// Prints a text on stdout.
pub(super) fn print_text(text: &Reason) {
    print(&say(text));
}

/// A number of photos in words.
pub(super) fn photos(count: u64) -> String {
    match count {
        1 => say(&Word::OnePhoto.reason()),
        count => say(&Word::Photos.with("count", count)),
    }
}
