//! Entropy decoding of baseline JPEG: code words and the numbers behind them, most often both by one look at a table.

/// So many bits are looked up at once.
const LOOK: u32 = 11;
/// Longest code word.
const LONGEST: usize = 16;

/// What one look at the table says, in one word: bits of code word and number (0: too long for the table), zeros before
/// the number, and the number.
#[derive(Clone, Copy, Default)]
pub(super) struct Symbol(u32);

impl Symbol {
    /// The run that leads out of the block: only zeros follow.
    pub(super) const END: usize = 64;

    /// Of a symbol of the file: a run of zeros and the size of the number.
    fn new(symbol: u8, bits: u32, code_length: u32) -> Self {
        let (run, size) = (u32::from(symbol >> 4), u32::from(symbol & 15));
        // A code word without number is the end of the block, or 16 zeros: 15 and this one.
        let run = if size == 0 && run != 15 { Self::END as u32 } else { run };
        // The upper half of the numbers of a size is positive, the lower one counts up to -1.
        let is_negative = size > 0 && bits >> (size - 1) == 0;
        let value = if is_negative { bits as i32 - (1 << size) + 1 } else { bits as i32 };
        Self((value as u32) << 16 | run << 8 | (code_length + size))
    }

    /// The number.
    #[inline]
    pub(super) fn value(self) -> i16 {
        (self.0 >> 16) as i16
    }

    /// Zeros before it.
    #[inline]
    pub(super) fn run(self) -> usize {
        (self.0 >> 8 & 0xFF) as usize
    }

    #[inline]
    fn length(self) -> u32 {
        self.0 & 0xFF
    }
}

/// The code words of one table of a file.
pub(super) struct Codes {
    fast: Box<[Symbol; 1 << LOOK]>,
    /// For each length one more than the largest code word, and what to subtract for the place of its symbol.
    limits: [(u32, i32); LONGEST + 1],
    symbols: Vec<u8>,
}

impl Codes {
    /// From the counts of code words by length and the symbols in their order (ISO 10918-1, annex C). `None` for
    /// impossible ones.
    pub(super) fn new(counts: &[u8; LONGEST], symbols: &[u8]) -> Option<Self> {
        let mut codes = Self {
            fast: Box::new([Symbol::default(); 1 << LOOK]),
            limits: [(0, 0); 17],
            symbols: symbols.to_vec(),
        };
        let (mut code, mut place) = (0_u32, 0_usize);
        for length in 1..=LONGEST {
            let offset = i32::try_from(place).ok()? - i32::try_from(code).ok()?;
            for _ in 0..counts[length - 1] {
                codes.fill(code, u32::try_from(length).ok()?, *symbols.get(place)?);
                (code, place) = (code + 1, place + 1);
            }
            if code > 1 << length {
                return None;
            }
            codes.limits[length] = (code, offset);
            code <<= 1;
        }
        Some(codes)
    }

    /// The symbol whose code word is too long for the table, or whose number is. Takes the bits by value: a reference would
    /// keep the reader's state in memory instead of registers.
    #[cold]
    fn long_symbol(&self, held: u64) -> Option<Symbol> {
        let word = |length: usize| (held >> (64 - length)) as u32;
        let length = (1..=LONGEST).find(|&length| word(length) < self.limits[length].0)?;
        let place = usize::try_from(word(length) as i32 + self.limits[length].1).ok()?;
        let symbol = *self.symbols.get(place)?;
        let size = u32::from(symbol & 15);
        let bits = ((held << length) >> 32) as u32;
        let bits = if size == 0 { 0 } else { bits >> (32 - size) };
        Some(Symbol::new(symbol, bits, length as u32))
    }

    /// Notes a code word at all places of the table that begin with it, with its number where there is room for it.
    fn fill(&mut self, code: u32, length: u32, symbol: u8) {
        let whole = length + u32::from(symbol & 15);
        if whole > LOOK {
            return;
        }
        let first = (code << (LOOK - length)) as usize;
        for (rest, entry) in self.fast[first..].iter_mut().take(1 << (LOOK - length)).enumerate() {
            *entry = Symbol::new(symbol, rest as u32 >> (LOOK - whole), length);
        }
    }
}

/// Reads bits, the highest of each byte first.
#[derive(Clone, Copy)]
pub(super) struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
    held: u64,
    count: u32,
}

impl<'a> Bits<'a> {
    /// Zeros that must follow the data: eight bytes are read at once, and up to eight ahead of what is used.
    pub(super) const PADDING: usize = 16;

    /// Over data without stuffing and with [`Self::PADDING`].
    pub(super) fn new(bytes: &'a [u8]) -> Option<Self> {
        let mut bits = Self { bytes, at: 0, held: 0, count: 0 };
        bits.refill()?;
        Some(bits)
    }

    /// The next code word and the number behind it. `None` for anything but a code word, or behind the end.
    #[inline]
    pub(super) fn symbol(&mut self, codes: &Codes) -> Option<Symbol> {
        let mut symbol = codes.fast[(self.held >> (64 - LOOK)) as usize];
        if symbol.length() == 0 {
            symbol = codes.long_symbol(self.held)?;
        }
        // After the look at what was held before, so that neither waits for the other: of 56 bits, the longest code word
        // and number leave enough for the next.
        self.refill()?;
        self.held <<= symbol.length();
        self.count -= symbol.length();
        Some(symbol)
    }

    /// Holds at least 56 bits.
    #[inline]
    fn refill(&mut self) -> Option<()> {
        let next = u64::from_be_bytes(*self.bytes.get(self.at..)?.first_chunk()?);
        self.held |= next >> self.count;
        self.at += ((63 - self.count) >> 3) as usize;
        self.count |= 56;
        Some(())
    }

    /// Whether no more was read than there is; [`Self::PADDING`] does not count.
    pub(super) fn is_within(&self) -> bool {
        self.at * 8 - self.count as usize <= (self.bytes.len() - Self::PADDING) * 8
    }
}
