//! The segments of a JPEG file, in which everything but the pixels lies.

/// The segments of a file up to its first scan: marker and content.
pub(super) struct Segments<'a>(&'a [u8]);

impl<'a> Segments<'a> {
    pub(super) fn of(bytes: &'a [u8]) -> Self {
        Self(bytes.get(2..).unwrap_or_default())
    }

    /// What was not read yet: at the end, from the head of the scan on.
    pub(super) fn rest(self) -> &'a [u8] {
        self.0
    }
}

impl<'a> Iterator for Segments<'a> {
    type Item = (u8, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            // Stray bytes and padding between segments do no harm.
            let start = self.0.iter().position(|&byte| byte == 0xFF)?;
            let rest = &self.0[start..];
            let marker_at = rest.iter().position(|&byte| byte != 0xFF)?;
            let (marker, body) = (rest[marker_at], &rest[marker_at + 1..]);
            match marker {
                0xD9 | 0xDA => return None,
                0 | 1 | 0xD0..=0xD8 => self.0 = body,
                _ => {
                    let length = usize::from(u16::from_be_bytes(*body.first_chunk()?));
                    let content = body.get(2..length)?;
                    self.0 = &body[length..];
                    return Some((marker, content));
                }
            }
        }
    }
}
