//! Ids, vectors and filters as Qdrant writes them.

use qdrant_client::qdrant as api;

use crate::types::{PhotoId, PointId};
use crate::vectors::{Filter, PointKind};

/// What the searches of a call have in common.
pub(super) struct Searches {
    pub(super) limit: usize,
    pub(super) filter: api::Filter,
    pub(super) exact: bool,
}

impl Searches {
    /// The graph finds 0.99 of the best with a wide beam; below some ten thousand points Qdrant compares all.
    pub(super) fn parameters(&self) -> api::SearchParams {
        let beam = (4 * self.limit).max(512) as u64;
        api::SearchParamsBuilder::default().exact(self.exact).hnsw_ef(beam).build()
    }
}

/// Ids are positive; Qdrant has no negative ones.
pub(super) fn number(id: PointId) -> u64 {
    id.0.cast_unsigned()
}

pub(super) fn number_of(id: Option<api::PointId>) -> Option<PointId> {
    match id?.point_id_options? {
        api::point_id::PointIdOptions::Num(id) => Some(PointId(id.cast_signed())),
        api::point_id::PointIdOptions::Uuid(_) => None,
    }
}

pub(super) fn group_photo(id: Option<api::GroupId>) -> Option<PhotoId> {
    match id?.kind? {
        api::group_id::Kind::UnsignedValue(id) => Some(PhotoId(id.cast_signed())),
        api::group_id::Kind::IntegerValue(id) => Some(PhotoId(id)),
        api::group_id::Kind::StringValue(_) => None,
    }
}

pub(super) fn dense(vectors: api::VectorsOutput) -> Option<Vec<f32>> {
    match vectors.get_vector()? {
        api::vector_output::Vector::Dense(vector) => Some(vector.data),
        _ => None,
    }
}

pub(super) fn clause(filter: &Filter, kind: PointKind) -> api::Filter {
    let clause = |filter: &Filter| clause(filter, kind);
    match filter {
        Filter::All => api::Filter::default(),
        Filter::And(parts) => api::Filter::must(parts.iter().map(clause).map(api::Condition::from)),
        // Without any, no row: an empty `should` lets all pass.
        Filter::Or(parts) if parts.is_empty() => {
            api::Filter::must([api::Condition::has_id(Vec::<u64>::new())])
        }
        Filter::Or(parts) => api::Filter::should(parts.iter().map(clause).map(api::Condition::from)),
        Filter::Not(part) => api::Filter::must_not([api::Condition::from(clause(part))]),
        Filter::Folder(folder) => api::Filter::must([api::Condition::matches("folder", folder.0)]),
        Filter::Ids(ids) => {
            let photos: Vec<i64> = ids.iter().map(|id| id.0).collect();
            api::Filter::must([match kind {
                PointKind::Photos => api::Condition::has_id(photos.iter().map(|id| id.cast_unsigned())),
                PointKind::Regions => api::Condition::matches("photo", photos),
            }])
        }
        Filter::Taken(time) => {
            // Exact up to 2^53 ms, some hundred thousand years.
            let range =
                api::Range { gte: Some(time.start as f64), lt: Some(time.end as f64), ..Default::default() };
            api::Filter::must([api::Condition::range("taken_at", range)])
        }
    }
}
