//! Whose RAW file it is.

/// Where the previews lie differs by maker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Maker {
    /// Adobe's Digital Negative, of phones and some cameras.
    Dng,
    /// Canon until 2018.
    Cr2,
    /// Canon since 2018.
    Cr3,
    /// Nikon.
    Nef,
    /// Sony.
    Arw,
    /// Olympus and OM System.
    Orf,
    /// Panasonic and Leica.
    Rw2,
    /// Fujifilm.
    Raf,
    /// Another maker that builds on TIFF.
    Other,
}

impl Maker {
    /// The name of the kind of file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dng => "DNG",
            Self::Cr2 => "CR2",
            Self::Cr3 => "CR3",
            Self::Nef => "NEF",
            Self::Arw => "ARW",
            Self::Orf => "ORF",
            Self::Rw2 => "RW2",
            Self::Raf => "RAF",
            Self::Other => "RAW",
        }
    }
}

/// Tells the makers whose files start in their own way.
pub(in crate::image) fn maker_by_signature(bytes: &[u8]) -> Option<Maker> {
    match bytes {
        [b'I', b'I', b'R', b'O' | b'S', ..] | [b'M', b'M', b'O', b'R', ..] => Some(Maker::Orf),
        [b'I', b'I', b'U', 0, ..] => Some(Maker::Rw2),
        [b'I', b'I', b'*', 0, _, _, _, _, b'C', b'R', ..] => Some(Maker::Cr2),
        [_, _, _, _, b'f', b't', b'y', b'p', b'c', b'r', b'x', b' ', ..] => Some(Maker::Cr3),
        _ if bytes.starts_with(b"FUJIFILMCCD-RAW") => Some(Maker::Raf),
        _ => None,
    }
}
