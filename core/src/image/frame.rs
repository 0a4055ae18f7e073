//! What the heads of JPEG files say, for those readers here that look into the data by themselves.

/// Place of each coefficient of the zigzag order: row * 8 + column.
pub(super) const ZIGZAG: [u8; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7,
    14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39,
    46, 53, 60, 61, 54, 47, 55, 62, 63,
];

/// One colour component of a frame.
pub(super) struct Component {
    pub(super) id: u8,
    /// Sampling factors: blocks across and down in each unit.
    pub(super) sampling: (usize, usize),
    /// Its table of quantisation steps.
    pub(super) table: usize,
}

/// The components that a frame header names. `None` for impossible ones.
pub(super) fn components(content: &[u8]) -> Option<Vec<Component>> {
    let count = usize::from(*content.get(5)?);
    let component = |entry: &[u8]| {
        let sampling = (usize::from(entry[1] >> 4), usize::from(entry[1] & 15));
        let table = usize::from(entry[2]);
        let is_sound = sampling.0 > 0 && sampling.1 > 0 && table <= 3;
        is_sound.then_some(Component { id: entry[0], sampling, table })
    };
    content.get(6..6 + count * 3)?.chunks_exact(3).map(component).collect()
}

/// Reads a segment of quantisation steps into the tables.
pub(super) fn quantisation(mut content: &[u8], tables: &mut [[u16; 64]; 4]) -> Option<()> {
    while let Some((&kind, rest)) = content.split_first() {
        let (is_wide, table) = (kind >> 4 == 1, tables.get_mut(usize::from(kind & 15))?);
        let width = if is_wide { 2 } else { 1 };
        let values = rest.get(..64 * width)?;
        for (step, value) in table.iter_mut().zip(values.chunks_exact(width)) {
            *step = value.iter().fold(0, |number, byte| number << 8 | u16::from(*byte));
        }
        content = &rest[64 * width..];
    }
    Some(())
}
