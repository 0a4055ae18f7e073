//! Checksums of the file by block: damage anywhere is found, and what a start reads whole is checked by the start alone.

use std::io::{Result, Write};
use std::ops::Range;

/// Bytes of a block; the last one is shorter.
pub(super) const BLOCK: usize = 1 << 16;
const SUM: usize = blake3::OUT_LEN;

/// Passes bytes on and keeps the checksums of their blocks.
pub(super) struct SummingWriter<W> {
    out: W,
    block: blake3::Hasher,
    filled: usize,
    sums: Vec<u8>,
}

impl<W: Write> SummingWriter<W> {
    pub(super) fn new(out: W) -> Self {
        Self { out, block: blake3::Hasher::new(), filled: 0, sums: Vec::new() }
    }

    /// Writes the checksums after the blocks, and returns them.
    pub(super) fn finish(mut self) -> Result<Vec<u8>> {
        if self.filled > 0 {
            self.end_block();
        }
        self.out.write_all(&self.sums)?;
        self.out.flush()?;
        Ok(self.sums)
    }

    fn end_block(&mut self) {
        self.sums.extend(self.block.finalize().as_bytes());
        self.block.reset();
        self.filled = 0;
    }
}

impl<W: Write> Write for SummingWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        let fits = bytes.len().min(BLOCK - self.filled);
        let written = self.out.write(&bytes[..fits])?;
        self.block.update(&bytes[..written]);
        self.filled += written;
        if self.filled == BLOCK {
            self.end_block();
        }
        Ok(written)
    }

    fn flush(&mut self) -> Result<()> {
        self.out.flush()
    }
}

/// Bytes of the checksums of so many bytes.
pub(super) fn length(bytes: usize) -> usize {
    bytes.div_ceil(BLOCK) * SUM
}

/// Whether the blocks that hold these bytes of `body` are as they were written.
pub(super) fn are_right(body: &[u8], sums: &[u8], bytes: Range<usize>) -> bool {
    let blocks = bytes.start / BLOCK..bytes.end.div_ceil(BLOCK);
    let mut pairs = body.chunks(BLOCK).zip(sums.chunks(SUM)).skip(blocks.start).take(blocks.len());
    pairs.all(|(block, sum)| blake3::hash(block).as_bytes() == sum)
}
