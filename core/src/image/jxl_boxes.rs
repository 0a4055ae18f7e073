//! The boxes of a JPEG XL that its decoder needs (ISO/IEC 18181-2).
//!
//! Others only describe the picture; the decoder would unpack them, whatever comes out, and nobody asks it for them.

const CONTAINER: &[u8] = b"\0\0\0\x0cJXL ";
const NEEDED: [&[u8; 4]; 6] = [b"JXL ", b"ftyp", b"jxll", b"jxli", b"jxlc", b"jxlp"];

/// The parts of a file to give to the decoder: all of a bare codestream, the boxes that are needed of a container.
pub(super) fn codestream(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let is_container = bytes.starts_with(CONTAINER);
    let (bare, boxes) = if is_container { (None, bytes) } else { (Some(bytes), &[][..]) };
    let needed = JxlBoxes(boxes).filter(|(kind, _)| NEEDED.contains(kind));
    bare.into_iter().chain(needed.map(|(_, whole)| whole))
}

/// The boxes of a container: kind, and bytes with the head. The last one may be cut off.
struct JxlBoxes<'a>(&'a [u8]);

impl<'a> Iterator for JxlBoxes<'a> {
    type Item = (&'a [u8; 4], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (size, rest) = self.0.split_first_chunk::<4>()?;
        let (kind, rest) = rest.split_first_chunk::<4>()?;
        let length = match u32::from_be_bytes(*size) {
            // To the end of the file.
            0 => u64::MAX,
            1 => u64::from_be_bytes(*rest.first_chunk()?),
            length => length.into(),
        };
        let length = usize::try_from(length).unwrap_or(usize::MAX).clamp(8, self.0.len());
        let (whole, rest) = self.0.split_at(length);
        self.0 = rest;
        Some((kind, whole))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn boxed(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
        let length = u32::try_from(content.len() + 8).unwrap();
        [&length.to_be_bytes(), kind.as_slice(), content].concat()
    }

    #[test]
    fn what_only_describes_the_picture_is_left_out() {
        let head = [boxed(b"JXL ", b"\r\n\x87\n"), boxed(b"ftyp", b"jxl \0\0\0\0jxl ")].concat();
        let (first, last) = (boxed(b"jxlp", b"\0\0\0\0one"), boxed(b"jxlp", b"\x80\0\0\x01two"));
        let described =
            [boxed(b"brob", b"Exif..."), boxed(b"Exif", b"..."), boxed(b"xml ", b"<x/>")].concat();
        let whole = [head.as_slice(), &described, &first, &boxed(b"jumb", b"..."), &last].concat();
        let kept: Vec<u8> = codestream(&whole).flatten().copied().collect();
        assert_eq!(kept, [head, first, last].concat());
        for end in 0..whole.len() {
            assert!(codestream(&whole[..end]).flatten().count() <= end, "cut off after {end} bytes");
        }
    }

    #[test]
    fn boxes_of_all_lengths_are_known_and_a_bare_codestream_is_left_alone() {
        let bare = b"\xff\x0a picture";
        assert_eq!(codestream(bare).collect::<Vec<_>>(), [bare]);
        let head = boxed(b"JXL ", b"\r\n\x87\n");
        let long = [&[0, 0, 0, 1], b"jxlc".as_slice(), &19_u64.to_be_bytes(), b"abc"].concat();
        let to_the_end = [&[0; 4], b"jxlc".as_slice(), b"abc"].concat();
        for last in [long, to_the_end] {
            let whole = [head.as_slice(), &boxed(b"Exif", b"..."), &last].concat();
            assert_eq!(codestream(&whole).last(), Some(last.as_slice()));
        }
        let odd = [head.as_slice(), &[0, 0, 0, 3], b"Exif"].concat();
        assert_eq!(codestream(&odd).count(), 1, "a length of less than its head");
    }
}
