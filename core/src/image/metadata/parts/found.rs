//! What is found in a file: bytes that tell of its picture, not looked into.

use std::borrow::Cow;

use crate::image::metadata::exif::DirectoryKind;

/// A few hundred bytes in real files, and a hundred kilobytes in some.
pub(super) const MAX_PACKET: usize = 4 << 20;
/// Of a kind. Real files have one, and some a second.
const MAX_PARTS: usize = 64;

const XMP_MARK: &[u8] = b"http://ns.adobe.com/xap/1.0/";

/// The parts of a file that tell of its picture.
#[derive(Default)]
pub(in crate::image) struct Parts<'a> {
    /// EXIF data: TIFF structures, and what their first directories are.
    pub(in crate::image) exif: Vec<(Cow<'a, [u8]>, DirectoryKind)>,
    /// Packets of XMP.
    pub(in crate::image) xmp: Vec<Cow<'a, [u8]>>,
    /// Resources of Photoshop, or data sets of IPTC.
    pub(in crate::image) iptc: Vec<Cow<'a, [u8]>>,
    /// Texts by their keywords, as PNG has them.
    pub(in crate::image) texts: Vec<(String, String)>,
    /// When it was changed last, as PNG has it.
    pub(in crate::image) changed: Option<[u8; 7]>,
}

impl<'a> Parts<'a> {
    /// Keeps a packet as what it is: EXIF data wherever it begins in it, XMP with or without the mark of JPEG, or resources
    /// of Photoshop. Programs that copy packets from one kind of file to another take their marks along.
    pub(super) fn keep(&mut self, packet: Cow<'a, [u8]>) {
        if let Some(start) = tiff_start(&packet) {
            self.keep_exif(from(packet, start), DirectoryKind::Main);
        } else if packet.starts_with(XMP_MARK) {
            self.keep_xmp(from(packet, XMP_MARK.len()));
        } else if packet.starts_with(b"8BIM")
            || packet.starts_with(b"\x1c\x02")
            || packet.starts_with(b"\x1c\x01")
        {
            self.keep_iptc(packet);
        }
    }

    pub(super) fn keep_exif(&mut self, tiff: Cow<'a, [u8]>, first: DirectoryKind) {
        if self.exif.len() < MAX_PARTS {
            self.exif.push((tiff, first));
        }
    }

    pub(super) fn keep_xmp(&mut self, packet: Cow<'a, [u8]>) {
        if self.xmp.len() < MAX_PARTS && packet.len() <= MAX_PACKET {
            self.xmp.push(packet);
        }
    }

    pub(super) fn keep_iptc(&mut self, packet: Cow<'a, [u8]>) {
        if self.iptc.len() < MAX_PARTS && packet.len() <= MAX_PACKET {
            self.iptc.push(packet);
        }
    }

    pub(super) fn keep_text(&mut self, keyword: String, text: String) {
        if self.texts.len() < MAX_PARTS {
            self.texts.push((keyword, text));
        }
    }
}

/// Where a TIFF structure begins: at once, or behind a mark such as `Exif\0\0`, with other letters or another end, or
/// behind the length that HEIF and JPEG XL put before it.
pub(super) fn tiff_start(bytes: &[u8]) -> Option<usize> {
    const MARKS: [&[u8]; 4] = [b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"];
    (0..bytes.len().min(24)).find(|at| MARKS.iter().any(|mark| bytes[*at..].starts_with(mark)))
}

/// A packet without what stands before `start`.
pub(super) fn from(packet: Cow<'_, [u8]>, start: usize) -> Cow<'_, [u8]> {
    match packet {
        Cow::Borrowed(bytes) => Cow::Borrowed(&bytes[start..]),
        Cow::Owned(mut bytes) => {
            bytes.drain(..start);
            Cow::Owned(bytes)
        }
    }
}
