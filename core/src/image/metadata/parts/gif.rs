//! XMP in a GIF: an extension whose blocks are no blocks but the packet itself (XMP specification, part 3).

use std::borrow::Cow;

use memchr::memmem;

use super::found::Parts;

const START: &[u8] = b"\x21\xff\x0bXMP DataXMP";
/// Behind the packet lies a byte 1 and then all values downwards, so that readers of blocks find the end.
const END: &[u8] = b"\x01\xff\xfe\xfd";

/// The packet of the file's extension.
pub(super) fn find<'a>(bytes: &'a [u8], parts: &mut Parts<'a>) {
    let Some(start) = memmem::find(bytes, START) else { return };
    let packet = &bytes[start + START.len()..];
    let end = memmem::find(packet, END).unwrap_or(packet.len());
    parts.keep_xmp(Cow::Borrowed(&packet[..end]));
}
