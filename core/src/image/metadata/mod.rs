//! What a file says about its photo, best source first: EXIF, XMP, the name. Tolerant of foreign bytes: a broken part
//! costs that part only, and nothing is kept that is too long.

mod exif;
mod name;
mod preview;
mod read;
mod values;
pub mod xmp;

pub(super) use exif::names_adobe_rgb;
pub use preview::preview;
pub use read::{Metadata, orientation, read};
pub use values::as_if_utc;
