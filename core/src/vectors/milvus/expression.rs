//! Filters as Milvus reads them. Literal numbers only: templates fail on the servers that were tried.

use crate::types::PointId;
use crate::vectors::{Filter, PointKind};

const NEVER: &str = "(id < 0 and id > 0)";
const ALWAYS: &str = "(id < 0 or id >= 0)";

/// The expression of a filter; empty where every row passes.
pub(super) fn of(filter: &Filter, kind: PointKind) -> String {
    if *filter == Filter::All { String::new() } else { part(filter, kind) }
}

/// The rows with these ids.
pub(super) fn ids(ids: &[PointId]) -> String {
    among("id", ids.iter().map(|id| id.0))
}

fn among(field: &str, numbers: impl Iterator<Item = i64>) -> String {
    let numbers: Vec<_> = numbers.map(|number| number.to_string()).collect();
    if numbers.is_empty() { NEVER.into() } else { format!("{field} in [{}]", numbers.join(", ")) }
}

fn part(filter: &Filter, kind: PointKind) -> String {
    let photo = if kind == PointKind::Photos { "id" } else { "photo" };
    match filter {
        Filter::All => ALWAYS.into(),
        Filter::Folder(folder) => format!("folder == {}", folder.0),
        Filter::Ids(photos) => among(photo, photos.iter().map(|id| id.0)),
        Filter::Taken(time) => format!("(taken_at >= {} and taken_at < {})", time.start, time.end),
        Filter::And(parts) => joined(parts, kind, " and ", ALWAYS),
        Filter::Or(parts) => joined(parts, kind, " or ", NEVER),
        Filter::Not(inner) => format!("not ({})", part(inner, kind)),
    }
}

fn joined(parts: &[Filter], kind: PointKind, word: &str, none: &str) -> String {
    if parts.is_empty() {
        return none.into();
    }
    let parts: Vec<_> = parts.iter().map(|inner| format!("({})", part(inner, kind))).collect();
    format!("({})", parts.join(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{FolderId, PhotoId};

    #[test]
    fn filters_become_expressions() {
        let of = |filter: &Filter| super::of(filter, PointKind::Photos);
        assert_eq!(of(&Filter::All), "");
        let folder = Filter::Folder(FolderId(3));
        let not_new = Filter::Not(Box::new(Filter::Taken(-5..10)));
        assert_eq!(
            of(&Filter::And(vec![folder, not_new])),
            "((folder == 3) and (not ((taken_at >= -5 and taken_at < 10))))"
        );
        assert_eq!(of(&Filter::Ids(vec![PhotoId(1), PhotoId(-2)])), "id in [1, -2]");
        let some = Filter::Ids(vec![PhotoId(7)]);
        assert_eq!(super::of(&some, PointKind::Regions), "photo in [7]");
        assert_eq!(of(&Filter::Or(Vec::new())), NEVER);
        assert_eq!(of(&Filter::Ids(Vec::new())), NEVER);
        assert_eq!(of(&Filter::And(Vec::new())), ALWAYS);
    }
}
