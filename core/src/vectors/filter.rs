//! Which rows may be answers of a search.

use std::ops::Range;

use crate::types::{FolderId, PhotoId};

/// Which rows may be answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Filter {
    /// Every row.
    #[default]
    All,
    /// Photos of a folder that the person added.
    Folder(FolderId),
    /// These photos.
    Ids(Vec<PhotoId>),
    /// Photos taken in this time, in milliseconds as if UTC; the end does not belong to it.
    Taken(Range<i64>),
    /// What all of these let pass; without any, every row.
    And(Vec<Filter>),
    /// What one of these lets pass; without any, no row.
    Or(Vec<Filter>),
    /// What this does not let pass.
    Not(Box<Filter>),
}

impl Filter {
    /// Filters that name at most `most` photos each where this one lists more, for servers that limit the size of a
    /// call. Each photo passes one of them at most, and those that pass this one pass one of them. Only lists that every
    /// answer must be on can be split: others stay whole.
    #[cfg(any(feature = "milvus", feature = "qdrant"))]
    pub(super) fn split(&self, most: usize) -> Vec<Self> {
        match self {
            Self::Ids(ids) if ids.len() > most => {
                let mut ids = ids.clone();
                ids.sort_unstable();
                ids.dedup();
                ids.chunks(most).map(|ids| Self::Ids(ids.to_vec())).collect()
            }
            Self::And(parts) => {
                let pieces: Vec<_> = parts.iter().map(|part| part.split(most)).collect();
                match (0..parts.len()).max_by_key(|at| pieces[*at].len()).filter(|at| pieces[*at].len() > 1) {
                    Some(longest) => {
                        pieces[longest].iter().map(|piece| self.with_part(longest, piece)).collect()
                    }
                    None => vec![self.clone()],
                }
            }
            _ => vec![self.clone()],
        }
    }

    #[cfg(any(feature = "milvus", feature = "qdrant"))]
    fn with_part(&self, at: usize, part: &Self) -> Self {
        let Self::And(parts) = self else { return part.clone() };
        let mut parts = parts.clone();
        parts[at] = part.clone();
        Self::And(parts)
    }
}

#[cfg(all(test, any(feature = "milvus", feature = "qdrant")))]
mod tests {
    use super::*;

    fn ids(ids: impl IntoIterator<Item = i64>) -> Filter {
        Filter::Ids(ids.into_iter().map(PhotoId).collect())
    }

    #[test]
    fn long_lists_are_split_and_no_photo_passes_twice() {
        assert_eq!(ids([3, 1, 3, 2]).split(2), [ids([1, 2]), ids([3])]);
        assert_eq!(ids([3, 1]).split(2), [ids([3, 1])]);
        let folder = Filter::Folder(FolderId(1));
        let among = |list| Filter::And(vec![folder.clone(), list]);
        assert_eq!(among(ids(1..=5)).split(2), [among(ids([1, 2])), among(ids([3, 4])), among(ids([5]))]);
        // Leaving out is not split: what passes one part would be left out by the other.
        let not = Filter::Not(Box::new(ids(1..=5)));
        assert_eq!(not.split(2), [not]);
    }
}
