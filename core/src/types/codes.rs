//! The codes of reasons. `ui/src/locales/problems.*.json` says each in words.

use strum::{IntoStaticStr, VariantArray};

use super::reason::ReasonCode;

/// Why a file is not a photo of the library.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum FileCode {
    /// `format`: not one of the kinds that this build decodes.
    Unsupported,
    /// The same for a file without an ending.
    UnsupportedKind,
    /// `kind`, `codec`: a HEIF file with pictures of another codec.
    LackingCodec,
    /// `kind`, `matrix`: a number of ITU-T H.273.
    LackingColorMatrix,
    /// `kind`, `colors`: a layout of samples that is not read.
    LackingColors,
    /// `kind`: inks without a profile.
    LackingInkProfile,
    /// `kind`: a raw picture without a preview.
    LackingPreview,
    /// `kind`, `detail`: something else that the decoder cannot do.
    LackingFeature,
    /// It has no bytes.
    Empty,
    /// It ends too early.
    Truncated,
    /// Its content is of no kind that its name says.
    NotAPicture,
    /// `detail`: its content is wrong.
    Corrupt,
    /// `width`, `height`, `megapixels`: the picture has more pixels than the limit.
    TooLarge,
    /// `megabytes`: the file is larger than the limit.
    FileTooLarge,
    /// It is a folder, a pipe or a device.
    NotAFile,
    /// `detail`: its decoder ended.
    DecoderCrashed,
    /// `seconds`: its decoder took longer.
    DecoderTooSlow,
    /// `megabytes`: its decoder wanted more.
    DecoderTooHungry,
    /// Our own code failed.
    FailedInside,
    /// Its name cannot be kept.
    NameNotUtf8,
    /// The system does not allow it to be read.
    Forbidden,
    /// `detail`: a folder that cannot be listed.
    FolderForbidden,
    /// `detail`: a folder that cannot be listed for another reason.
    FolderUnreadable,
    /// Its path is longer than the system takes.
    PathTooLong,
    /// `detail`: the system could not read it.
    Unreadable,
    /// `detail`: what an older version noted; the file is read again.
    Unknown,
}

/// What is wrong with a folder of the library.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum FolderCode {
    /// It came back without its files.
    FolderEmpty,
    /// It is not there.
    FolderGone,
    /// The system does not allow it to be read.
    FolderDenied,
    /// `detail`: the system could not read it.
    FolderFailed,
    /// `asked`, `photos`: so many of its photos vanished at once.
    FolderAsking,
    /// `folders`, `command`: so many folders in it are not watched; the command lets the system watch more.
    FolderPolled,
}

impl ReasonCode for FileCode {}
impl ReasonCode for FolderCode {}
