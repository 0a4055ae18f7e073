//! Filters become one bit for each row.

use std::collections::HashSet;

use super::layout::Column;
use super::part::{Bitmap, Part, all};
use super::segment::Segment;
use crate::vectors::Filter;

/// The living rows that the filter lets pass; `None` = all rows.
pub(super) fn select(part: &Part, filter: &Filter) -> Option<Bitmap> {
    if *filter == Filter::All {
        return part.living().cloned();
    }
    let mut selected = matching(part.segment(), filter);
    if let Some(living) = part.living() {
        and(&mut selected, living);
    }
    Some(selected)
}

fn matching(segment: &Segment, filter: &Filter) -> Bitmap {
    let rows = segment.len();
    match filter {
        Filter::All => all(rows),
        Filter::Folder(folder) => where_true(segment.column(Column::Folders), |value| value == folder.0),
        Filter::Taken(range) => where_true(segment.column(Column::Taken), |value| range.contains(&value)),
        Filter::Ids(ids) if segment.has_photos() => {
            let ids: HashSet<i64> = ids.iter().map(|id| id.0).collect();
            where_true(segment.photos(), |photo| ids.contains(&photo))
        }
        Filter::Ids(ids) => {
            let mut bitmap = vec![0; rows.div_ceil(64)];
            for row in ids.iter().filter_map(|id| segment.find((*id).into())) {
                bitmap[row / 64] |= 1 << (row % 64);
            }
            bitmap
        }
        Filter::And(filters) => filters.iter().fold(all(rows), |mut bitmap, filter| {
            and(&mut bitmap, &matching(segment, filter));
            bitmap
        }),
        Filter::Or(filters) => filters.iter().fold(vec![0; rows.div_ceil(64)], |mut bitmap, filter| {
            let other = matching(segment, filter);
            bitmap.iter_mut().zip(other).for_each(|(word, other)| *word |= other);
            bitmap
        }),
        Filter::Not(filter) => {
            let other = matching(segment, filter);
            let mut bitmap = all(rows);
            bitmap.iter_mut().zip(other).for_each(|(word, other)| *word &= !other);
            bitmap
        }
    }
}

fn and(bitmap: &mut Bitmap, other: &[u64]) {
    bitmap.iter_mut().zip(other).for_each(|(word, other)| *word &= other);
}

fn where_true(values: &[i64], holds: impl Fn(i64) -> bool) -> Bitmap {
    let word = |values: &[i64]| {
        values.iter().enumerate().fold(0, |word, (bit, value)| word | u64::from(holds(*value)) << bit)
    };
    values.chunks(64).map(word).collect()
}
