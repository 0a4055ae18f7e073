//! What EXIF data says, by the numbers of its tags and wherever they stand.

use super::directories::{DirectoryKind, ExifEntry, entries};
use super::value::Value;
use crate::image::metadata::values::{name, positive};

/// One structure of EXIF data.
pub(super) struct Fields<'a>(Vec<ExifEntry<'a>>);

impl<'a> Fields<'a> {
    /// The fields of a TIFF structure whose first directory is of this kind; none where it cannot be read.
    pub(super) fn of(bytes: &'a [u8], first: DirectoryKind) -> Self {
        Self(entries(bytes, first))
    }

    /// A value of the picture. TIFF/EP and DNG write into the first directory what others write into that of EXIF. What is
    /// told of the small picture alone counts too: it was taken with it.
    pub(super) fn get(&self, tag: u16) -> Option<Value<'a>> {
        use DirectoryKind::{Exif, Main, Next, Sub};
        [Exif, Main, Sub, Next].into_iter().find_map(|kind| self.of_kind(kind, tag))
    }

    /// A value of the first directory.
    pub(super) fn main(&self, tag: u16) -> Option<Value<'a>> {
        self.of_kind(DirectoryKind::Main, tag)
    }

    /// A value of the satellites.
    pub(super) fn gps(&self, tag: u16) -> Option<Value<'a>> {
        self.of_kind(DirectoryKind::Gps, tag)
    }

    /// A value of the directory of this kind.
    pub(super) fn of_kind(&self, kind: DirectoryKind, tag: u16) -> Option<Value<'a>> {
        self.0.iter().find(|entry| entry.kind == kind && entry.tag == tag).map(|entry| entry.value)
    }

    /// The first of `tags` that names something.
    pub(super) fn name(&self, tags: &[u16]) -> Option<String> {
        tags.iter().find_map(|tag| name(&self.get(*tag)?.text()?))
    }

    /// The first number of a value.
    pub(super) fn number(&self, tag: u16) -> Option<f64> {
        self.get(tag)?.numbers().next()
    }

    /// A measure that can be true.
    pub(super) fn measure(&self, tag: u16) -> Option<f64> {
        positive(self.number(tag)?)
    }
}
