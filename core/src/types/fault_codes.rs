//! The codes of errors and notices. `ui/src/locales/problems.*.json` says each in words.

use strum::{IntoStaticStr, VariantArray};

use super::reason::ReasonCode;

/// What can go wrong, apart from stores and drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum FaultCode {
    /// The person stopped it.
    Cancelled,
    /// A photo is not there.
    PhotoNotFound,
    /// A comic is not there.
    ComicNotFound,
    /// A picture is not there.
    PictureNotFound,
    /// An edit is not there.
    EditNotFound,
    /// A folder is not of the library.
    FolderNotFound,
    /// A photo has no thumbnail yet.
    ThumbnailNotFound,
    /// A file or a drawing has no preview.
    PreviewNotFound,
    /// A plan was sent already, or is too old.
    PlanNotFound,
    /// No edit is left to undo, or to make again.
    NothingToUndo,
    /// `path`: no photo of the library.
    PhotoUnknown,
    /// `path`: nothing is there.
    PathNotFound,
    /// `path`, `detail`.
    ReadFailed,
    /// `path`, `detail`.
    WriteFailed,
    /// `detail`: no decoder starts.
    DecodersMissing,
    /// `path`, `detail`.
    ModelUnusable,
    /// `path`: a file that is not the one that the pack means.
    ModelChecksum,
    /// `path`, `found`, `expected`: names with versions.
    ModelUnexpected,
    /// `model`: a name with version; `path`: where no pack is it. `detail`: packs there that cannot be read.
    ModelUnknown,
    /// `model`: there is one of this name.
    ModelKnown,
    /// `model`: it comes with the app.
    ModelBundled,
    /// `model`: it answers, or is prepared to.
    ModelInUse,
    /// `model`: it does not say what kinds of things a photo shows.
    WordsUnknown,
    /// A search by words without words.
    WordsMissing,
    /// `name`; `known`: those that there are, by commas.
    SubjectUnknown,
    /// `name`: another subject has it.
    SubjectTaken,
    /// A subject without a name.
    SubjectNameless,
    /// No photo was said to show it.
    SubjectUntaught,
    /// Examples of which none says what answers shall be like.
    ExamplesMissing,
    /// A box that is not a rectangle within the picture.
    BoxOutside,
    /// `name`; `known`: those that there are, by commas.
    AlbumUnknown,
    /// `name`: another album has it.
    AlbumTaken,
    /// An album without a name.
    AlbumNameless,
    /// `name`: it is a search, so that photos are neither put into it nor taken out.
    AlbumSmart,
    /// A search for photos like a picture that is not in the library cannot be kept.
    AlbumOfOutsider,
    /// `pass`; `known`: names by commas.
    PassUnknown,
    /// `route`; `known`: names by commas.
    RouteUnknown,
    /// `path`: where ONNX Runtime should be.
    RuntimeMissing,
    /// `path`, `detail`.
    RuntimeUnusable,
    /// `cause`.
    SimilarUnavailable,
    /// `cause`.
    IndexUnavailable,
    /// `detail`.
    InferenceFailed,
    /// `expected`, `got`: lengths of vectors.
    DimensionMismatch,
    /// `detail`.
    CatalogFailed,
    /// `detail`: the disk is to blame.
    CatalogUnwritable,
    /// `detail`.
    CatalogDamaged,
    /// `detail`.
    CatalogBusy,
    /// `detail`.
    CatalogUnopened,
    /// `path`: the data folder.
    LibraryLocked,
    /// `detail`.
    WatchFailed,
    /// `detail`.
    KeychainMissing,
    /// It is locked.
    KeychainLocked,
    /// It holds several keys for one host.
    KeychainAmbiguous,
    /// What it holds is not a key.
    KeychainForeign,
    /// `detail`.
    KeychainFailed,
    /// `detail`.
    VectorsOutOfMemory,
    /// `detail`.
    ServiceUrlUnreadable,
    /// `host`.
    ServiceUrlPlain,
    /// Neither http nor https.
    ServiceUrlScheme,
    /// It holds a user or a key.
    ServiceUrlKey,
    /// It has more than a path.
    ServiceUrlQuery,
    /// No key was given.
    KeyEmpty,
    /// A key with line breaks or the like.
    KeyCharacters,
    /// `detail`.
    TlsUnavailable,
    /// `path`.
    ComicEnding,
    /// `path`: a photo, or a file in a folder of the library.
    WouldReplacePhoto,
    /// No prompt.
    StoryEmpty,
    /// No photo.
    ComicWithoutPhotos,
    /// `limit`: more photos than that.
    ComicPhotos,
    /// `size`.
    SizeUnreadable,
    /// `path`, `cause`.
    PhotoUnusable,
    /// Out of its range.
    RowHeight,
    /// In the settings.
    ModelNameEmpty,
    /// `pattern`, `detail`.
    PatternUnusable,
    /// No place for data.
    HomeMissing,
    /// `path`.
    FolderAbsent,
    /// `path`.
    NotAFolder,
    /// `path`: the system does not allow it.
    FolderClosed,
    /// `path`, `detail`.
    FolderUnlisted,
    /// `path`.
    FolderOwn,
    /// `path`.
    FolderName,
    /// `path`, `folders`.
    FolderUnknown,
    /// `detail`.
    DayUnreadable,
    /// `detail`.
    FailedInternally,
    /// `detail`.
    FileManager,
    /// The system's clipboard refused a photo.
    Clipboard,
    /// The page sent no picture.
    PictureWithoutBytes,
}

impl ReasonCode for FaultCode {}

/// What the person should know besides errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum NoticeCode {
    /// The title above an error.
    CannotStart,
    /// `path`, `photos`: the damaged catalogue, and how many photos are not analysed again.
    CatalogRebuilt,
    /// The same, where something that a person did could not be read.
    CatalogRebuiltInPart,
    /// `place`, `cause`: where the comic is, and why the library could not take it.
    ComicElsewhere,
    /// `words`: of no dictionary, by commas.
    WordsInNames,
    /// The catalogue could not take the comic now.
    ComicLater,
    /// `path`, `comics`: the catalogue, and where the pictures of comics are.
    CatalogLost,
    /// `cause`: why the chosen store did not answer.
    AnsweredHere,
    /// `cause`: why the store was not brought up to date.
    UpdatedLater,
    /// Another Fotonovela has the library open.
    StoreAfterStart,
    /// `missing`, `photos`, `path`.
    MissingKept,
}

impl ReasonCode for NoticeCode {}
