//! A segment and which of its rows still live. Readers keep the parts that they began with; a change makes new ones.

use std::sync::Arc;

use super::segment::Segment;
use crate::types::PointId;

/// One bit for each row.
pub(super) type Bitmap = Vec<u64>;

/// See the module.
#[derive(Clone)]
pub(super) struct Part {
    segment: Arc<Segment>,
    /// None: all live.
    living: Option<Arc<Bitmap>>,
    dead: usize,
}

impl Part {
    pub(super) fn new(segment: Segment) -> Self {
        Self { segment: Arc::new(segment), living: None, dead: 0 }
    }

    pub(super) fn segment(&self) -> &Segment {
        &self.segment
    }

    pub(super) fn living(&self) -> Option<&Bitmap> {
        self.living.as_deref()
    }

    pub(super) fn dead(&self) -> usize {
        self.dead
    }

    pub(super) fn count(&self) -> usize {
        self.segment.len() - self.dead
    }

    pub(super) fn lives(&self, row: usize) -> bool {
        self.living.as_ref().is_none_or(|living| living[row / 64] & (1 << (row % 64)) != 0)
    }

    /// The living row with this id.
    pub(super) fn find(&self, id: PointId) -> Option<usize> {
        self.segment.find(id).filter(|row| self.lives(*row))
    }

    /// The part without these rows.
    pub(super) fn without(&self, ids: impl IntoIterator<Item = PointId>) -> Self {
        let mut part = self.clone();
        let mut living: Option<Bitmap> = None;
        for row in ids.into_iter().filter_map(|id| self.find(id)) {
            let living = living.get_or_insert_with(|| match self.living() {
                Some(living) => living.clone(),
                None => all(self.segment.len()),
            });
            let bit = 1 << (row % 64);
            part.dead += usize::from(living[row / 64] & bit != 0);
            living[row / 64] &= !bit;
        }
        if let Some(living) = living {
            part.living = Some(Arc::new(living));
        }
        part
    }

    /// Ids that live here and not in `later`, which is the same segment some time on.
    pub(super) fn lost_in<'a>(&'a self, later: &'a Self) -> impl Iterator<Item = PointId> + 'a {
        let ids = self.segment.column::<i64>(super::layout::Column::Ids);
        let rows = if later.dead == self.dead { 0..0 } else { 0..ids.len() };
        rows.filter(|row| self.lives(*row) && !later.lives(*row)).map(|row| PointId(ids[row]))
    }
}

/// As many ones as there are rows.
pub(super) fn all(rows: usize) -> Bitmap {
    let mut bitmap = vec![u64::MAX; rows.div_ceil(64)];
    if let Some(last) = bitmap.last_mut().filter(|_| !rows.is_multiple_of(64)) {
        *last = (1 << (rows % 64)) - 1;
    }
    bitmap
}
