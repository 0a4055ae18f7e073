//! Which of a TIFF file's pages is the picture.

use super::ifd::{Directory, Tiff};
use crate::error::DecodeError;
use crate::image::decoded::Shape;
use crate::pixels::Orientation;

const SUBFILE_TYPE: u16 = 0x00FE;
const OLD_SUBFILE_TYPE: u16 = 0x00FF;
const WIDTH: u16 = 0x0100;
const HEIGHT: u16 = 0x0101;
const ORIENTATION: u16 = 0x0112;
const CHUNK_PLACES: [(u16, u16); 2] = [(0x0111, 0x0117), (0x0144, 0x0145)];

/// The page that people mean: the first that is neither a smaller copy of another one nor a mask.
pub(super) struct Page {
    /// Where its directory lies.
    pub(super) at: usize,
    pub(super) shape: Shape,
    /// Whether its data or what its tags say reach behind the end of the file.
    pub(super) is_cut_off: bool,
}

impl Page {
    pub(super) fn of(bytes: &[u8]) -> Result<Self, DecodeError> {
        let directories = Tiff::new(bytes)?.directories()?;
        let pictures = || directories.iter().filter(|directory| size(directory).is_some());
        let page = pictures().find(|directory| !is_secondary(directory)).or_else(|| pictures().next());
        let has_size = directories.iter().any(|directory| directory.get(WIDTH).is_some());
        let (page, (width, height)) = page.and_then(|page| Some((page, size(page)?))).ok_or_else(|| {
            if has_size { DecodeError::Corrupt("it has no pixels".into()) } else { DecodeError::Truncated }
        })?;
        // Some programs say it in the first page for all.
        let turn = [Some(page), directories.first()].into_iter().flatten().find_map(turn);
        let orientation = turn.map_or(Orientation::UPRIGHT, Orientation::from_exif);
        let is_cut_off = page.has_lost_any() || ends(page).any(|end| end > bytes.len() as u64);
        Ok(Self { at: page.at, shape: Shape { width, height, orientation }, is_cut_off })
    }
}

fn size(directory: &Directory<'_>) -> Option<(u32, u32)> {
    let side = |tag| u32::try_from(directory.number(tag)?).ok().filter(|&side| side > 0);
    Some((side(WIDTH)?, side(HEIGHT)?))
}

/// TIFF 6.0, NewSubfileType: bit 0 is a reduced picture, bit 2 a mask; SubfileType 2 is a reduced picture.
fn is_secondary(directory: &Directory<'_>) -> bool {
    directory.number(SUBFILE_TYPE).is_some_and(|kind| kind & 0b101 != 0)
        || directory.number(OLD_SUBFILE_TYPE) == Some(2)
}

fn turn(directory: &Directory<'_>) -> Option<u32> {
    directory.number(ORIENTATION)?.try_into().ok()
}

/// Where the strips or tiles end.
fn ends(directory: &Directory<'_>) -> impl Iterator<Item = u64> {
    CHUNK_PLACES.into_iter().flat_map(|(offsets, lengths)| {
        directory
            .numbers(offsets)
            .zip(directory.numbers(lengths))
            .map(|(start, length)| start.saturating_add(length))
    })
}
