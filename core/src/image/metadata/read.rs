//! All that a file says, from its sources by their order.

use std::path::Path;

use super::exif::Exif;
use super::parts::{Parts, parts};
use super::{iptc, name, texts, xmp};
use crate::pixels::Orientation;
use crate::types::Facts;

/// What a photo says about itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Metadata {
    /// How to turn the pixels.
    pub orientation: Orientation,
    /// The rest.
    pub facts: Facts,
}

/// Reads the metadata from the start of a file (or all of it); its name may hold the date.
///
/// Measures are the camera's. Of what people write, XMP counts before IPTC and both before EXIF, since programs of today
/// keep the newest there. Dates go by their rank.
pub fn read(bytes: &[u8], path: &Path) -> Metadata {
    let parts = parts(bytes);
    let exif = exif_of(&parts);
    let facts = exif.iter().map(Exif::facts).fold(Facts::default(), Facts::or);
    let words = exif.iter().map(Exif::words).fold(Facts::default(), Facts::or);
    let named = Facts { taken: name::taken_by_name(path), ..Facts::default() };
    let [in_xmp, in_iptc] = packets(&parts, &exif);
    let changed = Facts { taken: parts.changed.and_then(texts::changed), ..Facts::default() };
    let written = facts.or(in_xmp).or(in_iptc).or(texts::facts(&parts.texts)).or(words);
    let facts = written.or(named).or(changed);
    Metadata { orientation: turn(&exif), facts }
}

/// Reads the orientation only.
pub fn orientation(bytes: &[u8]) -> Orientation {
    turn(&exif_of(&parts(bytes)))
}

/// Whether a photo without a profile says in its EXIF data that it is in Adobe RGB.
pub(in crate::image) fn names_adobe_rgb(bytes: &[u8]) -> bool {
    exif_of(&parts(bytes)).iter().any(Exif::names_adobe_rgb)
}

fn exif_of<'a>(parts: &'a Parts<'_>) -> Vec<Exif<'a>> {
    parts.exif.iter().map(|(tiff, first)| Exif::of(tiff, *first)).collect()
}

fn turn(exif: &[Exif<'_>]) -> Orientation {
    exif.iter().find_map(Exif::orientation).unwrap_or(Orientation::UPRIGHT)
}

/// What XMP and IPTC say: in parts of their own, in tags of the EXIF data, or in resources of Photoshop.
fn packets(parts: &Parts<'_>, exif: &[Exif<'_>]) -> [Facts; 2] {
    let (mut in_xmp, mut in_iptc) = (Facts::default(), Facts::default());
    for packet in &parts.xmp {
        in_xmp = in_xmp.or(xmp::embedded(packet));
    }
    let mut resources: Vec<&[u8]> = parts.iptc.iter().map(AsRef::as_ref).collect();
    for [packet, sets, photoshop] in exif.iter().map(Exif::packets) {
        in_xmp = in_xmp.or(packet.map(xmp::embedded).unwrap_or_default());
        resources.extend([sets, photoshop].into_iter().flatten());
    }
    for resource in resources {
        in_iptc = in_iptc.or(iptc::facts_of(resource));
    }
    [in_xmp, in_iptc]
}

#[cfg(test)]
#[path = "read_tests.rs"]
mod tests;
