//! What a file says about its photo: EXIF, XMP, IPTC, the name, and files of the same kinds beside it. Tolerant of foreign
//! bytes: a broken part costs that part only, nothing is kept that is too long, and the work is in proportion to the bytes.

mod dates;
mod exif;
mod iptc;
mod name;
mod parts;
mod preview;
mod read;
pub mod takeout;
mod texts;
mod values;
pub mod xmp;
mod zones;

pub(super) use exif::DirectoryKind;
pub use preview::preview;
pub(super) use read::names_adobe_rgb;
pub use read::{Metadata, orientation, read};
pub use values::as_if_utc;
