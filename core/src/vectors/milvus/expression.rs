//! Filters as Milvus reads them. Literal numbers only: templates fail on the servers that were tried.

use crate::types::PhotoId;
use crate::vectors::Filter;

const NEVER: &str = "(id < 0 and id > 0)";
const ALWAYS: &str = "(id < 0 or id >= 0)";

/// The expression of a filter; empty where every row passes.
pub(super) fn of(filter: &Filter) -> String {
    if *filter == Filter::All { String::new() } else { part(filter) }
}

/// The rows of these photos.
pub(super) fn ids(ids: &[PhotoId]) -> String {
    if ids.is_empty() {
        return NEVER.into();
    }
    let numbers: Vec<_> = ids.iter().map(|id| id.0.to_string()).collect();
    format!("id in [{}]", numbers.join(", "))
}

fn part(filter: &Filter) -> String {
    match filter {
        Filter::All => ALWAYS.into(),
        Filter::Folder(folder) => format!("folder == {}", folder.0),
        Filter::Ids(photos) => ids(photos),
        Filter::Taken(time) => format!("(taken_at >= {} and taken_at < {})", time.start, time.end),
        Filter::And(parts) => joined(parts, " and ", ALWAYS),
        Filter::Or(parts) => joined(parts, " or ", NEVER),
        Filter::Not(inner) => format!("not ({})", part(inner)),
    }
}

fn joined(parts: &[Filter], word: &str, none: &str) -> String {
    if parts.is_empty() {
        return none.into();
    }
    let parts: Vec<_> = parts.iter().map(|inner| format!("({})", part(inner))).collect();
    format!("({})", parts.join(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::FolderId;

    #[test]
    fn filters_become_expressions() {
        assert_eq!(of(&Filter::All), "");
        let folder = Filter::Folder(FolderId(3));
        let not_new = Filter::Not(Box::new(Filter::Taken(-5..10)));
        assert_eq!(
            of(&Filter::And(vec![folder, not_new])),
            "((folder == 3) and (not ((taken_at >= -5 and taken_at < 10))))"
        );
        assert_eq!(of(&Filter::Ids(vec![PhotoId(1), PhotoId(-2)])), "id in [1, -2]");
        assert_eq!(of(&Filter::Or(Vec::new())), NEVER);
        assert_eq!(of(&Filter::Ids(Vec::new())), NEVER);
        assert_eq!(of(&Filter::And(Vec::new())), ALWAYS);
    }
}
