//! Files that no encoder writes, put together byte by byte.

/// A PNG of any header. `kind` is bit depth and colour type, `chunks` come before the pixels, `rows` are unfiltered.
pub(crate) fn png_by_hand(
    size: (u32, u32),
    kind: (u8, u8),
    chunks: &[([u8; 4], &[u8])],
    rows: &[Vec<u8>],
) -> Vec<u8> {
    let head = [&size.0.to_be_bytes()[..], &size.1.to_be_bytes(), &[kind.0, kind.1, 0, 0, 0]].concat();
    let scanlines: Vec<u8> = rows.iter().flat_map(|row| [&[0], row.as_slice()].concat()).collect();
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    png.extend(chunk(*b"IHDR", &head));
    for (name, content) in chunks {
        png.extend(chunk(*name, content));
    }
    png.extend(chunk(*b"IDAT", &zlib(&scanlines)));
    png.extend(chunk(*b"IEND", &[]));
    png
}

fn chunk(name: [u8; 4], content: &[u8]) -> Vec<u8> {
    let body = [&name[..], content].concat();
    [&u32::try_from(content.len()).unwrap().to_be_bytes()[..], &body, &crc(&body).to_be_bytes()].concat()
}

/// Uncompressed blocks in zlib's wrapping.
pub(crate) fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut stream = vec![0x78, 0x01];
    let blocks: Vec<&[u8]> = bytes.chunks(60_000).collect();
    for (index, block) in blocks.iter().enumerate() {
        let length = u16::try_from(block.len()).unwrap();
        stream.push(u8::from(index + 1 == blocks.len()));
        stream.extend(length.to_le_bytes());
        stream.extend((!length).to_le_bytes());
        stream.extend_from_slice(block);
    }
    let (a, b) = bytes.iter().fold((1_u32, 0_u32), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % 65_521;
        (a, (b + a) % 65_521)
    });
    stream.extend((b << 16 | a).to_be_bytes());
    stream
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(
            crc ^ u32::from(*byte),
            |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 },
        )
    })
}

/// A valid progressive JPEG of 4096 x 4096 grey pixels whose picture is refined in this many scans (at most 882), each
/// of a few bytes. A decoder walks over all 262,144 blocks for each of them.
pub(crate) fn scan_bomb(scans: usize) -> Vec<u8> {
    let mut jpeg = vec![0xFF, 0xD8];
    let mut segment = |marker: u8, content: &[u8]| {
        jpeg.extend([0xFF, marker]);
        jpeg.extend(u16::try_from(content.len() + 2).unwrap().to_be_bytes());
        jpeg.extend_from_slice(content);
    };
    segment(0xDB, &[&[0][..], &[1; 64]].concat());
    segment(0xC2, &[8, 0x10, 0, 0x10, 0, 1, 1, 0x11, 0]);
    // One code of one bit each: "no difference", and "nothing in the next 16,384 blocks" (with 14 bits of rest).
    let table = |class: u8, symbol: u8| [&[class, 1][..], &[0; 15], &[symbol]].concat();
    segment(0xC4, &table(0x00, 0x00));
    segment(0xC4, &table(0x10, 0xE0));
    segment(0xDA, &[1, 1, 0, 0, 0, 0]);
    jpeg.extend(vec![0; 4096 * 4096 / 64 / 8]);
    // Coefficient by coefficient, bit by bit from the 13th down.
    let steps = (1..=63_u8).flat_map(|at| (0..=13_u8).rev().map(move |low| (at, low)));
    for (at, low) in steps.take(scans) {
        let high = if low == 13 { 0 } else { low + 1 };
        jpeg.extend([0xFF, 0xDA, 0, 8, 1, 1, 0, at, at, high << 4 | low]);
        jpeg.extend([0; 30]);
    }
    jpeg.extend([0xFF, 0xD9]);
    jpeg
}
