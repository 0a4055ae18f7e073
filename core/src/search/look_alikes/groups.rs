//! From pairs to groups: copies around the best of them, and runs of a series.

use std::collections::{HashMap, HashSet};

use crate::types::PhotoId;

/// Which photos are linked with each.
pub(super) type Links = HashMap<PhotoId, Vec<PhotoId>>;

/// The pairs both ways.
pub(super) fn links(pairs: impl IntoIterator<Item = (PhotoId, PhotoId)>) -> Links {
    let mut links = Links::new();
    for (one, two) in pairs {
        links.entry(one).or_default().push(two);
        links.entry(two).or_default().push(one);
    }
    links
}

/// Groups of the photos, which come best first. The best one takes all that are linked with it, and so on: two pictures that
/// overlap in a third are not the same picture, so no chain is longer than by one. Who is left joins the group of a
/// photo that it is linked with.
pub(super) fn around_the_best(photos: &[PhotoId], links: &Links) -> Vec<Vec<PhotoId>> {
    let none = Vec::new();
    let linked = |photo: &PhotoId| links.get(photo).unwrap_or(&none);
    let mut group_of: HashMap<PhotoId, usize> = HashMap::new();
    let mut groups: Vec<Vec<PhotoId>> = Vec::new();
    let known: HashSet<_> = photos.iter().copied().collect();
    for photo in photos {
        if group_of.contains_key(photo) {
            continue;
        }
        let free = |other: &&PhotoId| known.contains(other) && !group_of.contains_key(other);
        let taken: Vec<_> =
            std::iter::once(photo).chain(linked(photo).iter().filter(free)).copied().collect();
        group_of.extend(taken.iter().map(|photo| (*photo, groups.len())));
        groups.push(taken);
    }
    let (mut groups, alone): (Vec<_>, Vec<_>) = groups.into_iter().partition(|group| group.len() > 1);
    let home: HashMap<_, _> = groups
        .iter()
        .enumerate()
        .flat_map(|(at, group)| group.iter().map(move |photo| (*photo, at)))
        .collect();
    for photo in alone.into_iter().flatten() {
        if let Some(at) = linked(&photo).iter().find_map(|other| home.get(other)) {
            groups[*at].push(photo);
        }
    }
    groups
}

/// Groups of photos that are linked with each other, over any number of others.
pub(super) fn connected(photos: &[PhotoId], links: &Links) -> Vec<Vec<PhotoId>> {
    let mut seen = HashSet::new();
    let mut groups = Vec::new();
    for photo in photos {
        let (mut group, mut open) = (Vec::new(), vec![*photo]);
        while let Some(next) = open.pop() {
            if seen.insert(next) {
                group.push(next);
                open.extend(links.get(&next).into_iter().flatten());
            }
        }
        if group.len() > 1 {
            groups.push(group);
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids<const N: usize>(numbers: [i64; N]) -> Vec<PhotoId> {
        numbers.map(PhotoId).to_vec()
    }

    fn linked<const N: usize>(pairs: [(i64, i64); N]) -> Links {
        links(pairs.map(|(one, two)| (PhotoId(one), PhotoId(two))))
    }

    #[test]
    fn the_best_takes_its_copies_and_a_copy_of_a_copy() {
        let links = linked([(1, 2), (1, 3), (3, 4)]);
        assert_eq!(around_the_best(&ids([1, 2, 3, 4]), &links), [ids([1, 2, 3, 4])]);
    }

    #[test]
    fn a_chain_of_overlapping_pictures_is_not_one_group() {
        let links = linked([(1, 2), (2, 3), (3, 4), (4, 5), (5, 6)]);
        let groups = around_the_best(&ids([1, 2, 3, 4, 5, 6]), &links);
        assert_eq!(groups, [ids([1, 2]), ids([3, 4]), ids([5, 6])]);
        assert_eq!(connected(&ids([1, 2, 3, 4, 5, 6]), &links).len(), 1, "a series is");
    }

    #[test]
    fn photos_that_are_linked_with_none_that_is_asked_for_are_in_no_group() {
        let links = linked([(1, 2), (3, 4)]);
        assert_eq!(around_the_best(&ids([3, 1]), &links), Vec::<Vec<PhotoId>>::new());
    }
}
