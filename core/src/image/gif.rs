//! The colours of a GIF: the profile in its application extension (ICC.1, annex "Embedding ICC profiles in GIF files").

use memchr::memmem;

use super::color::{Channels, Colors};

const START: &[u8] = b"\x21\xff\x0bICCRGBG1012";
/// More than any real profile has.
const MAX_PROFILE: usize = 4 << 20;

/// What the numbers of a picture mean.
pub(super) fn colors(bytes: &[u8], channels: Channels) -> Colors {
    profile(bytes).map_or(Colors::SRGB, |icc| Colors::from_icc(&icc, channels))
}

/// The blocks of the extension, joined.
fn profile(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut rest = &bytes[memmem::find(bytes, START)? + START.len()..];
    let mut joined = Vec::new();
    while let Some((&length, after)) = rest.split_first().filter(|(length, _)| **length > 0) {
        let (block, after) = after.split_at_checked(length.into())?;
        joined.extend(block);
        rest = after;
        if joined.len() > MAX_PROFILE {
            return None;
        }
    }
    rest.first().map(|_| joined)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_is_joined_of_its_blocks_and_counts_only_whole() {
        let icc: Vec<u8> = (0..700_u32).map(|number| (number % 251) as u8).collect();
        let blocks = icc.chunks(255).flat_map(|block| [&[block.len() as u8], block].concat());
        let whole = [b"GIF89a", START, &blocks.collect::<Vec<_>>(), b"\0;"].concat();
        assert_eq!(profile(&whole), Some(icc.clone()));
        for end in 0..whole.len() - 2 {
            assert_ne!(profile(&whole[..end]), Some(icc.clone()), "cut at {end}");
        }
        let endless = [START, &[&[255][..], &[7; 255]].concat().repeat(17_000)].concat();
        assert_eq!(profile(&endless), None);
    }
}
