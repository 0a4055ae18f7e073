//! What the window asks of the grid: the layout of a query, tiles by id, and what changed since.

use std::collections::BTreeMap;

use fotonovela_core::catalog::{Catalog, Finished, Outcome, Probe, ProbeResult, SeenFile, Stage};
use fotonovela_core::types::{
    ContentHash, DateRank, DateSource, Edit, Facts, FolderId, Mark, PhotoId, PhotoQuery, PhotoSummary, Scope,
    SimilarQuery, Taken,
};
use tempfile::TempDir;

use crate::home::Home;

const DAY: i64 = 24 * 3600 * 1000;
const MODEL: &str = "model";

/// A catalogue of files that were taken when the test says so.
struct Files {
    catalog: Catalog,
    folders: [FolderId; 2],
    _dir: TempDir,
}

impl Files {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let catalog = Catalog::open(&dir.path().join("catalog.sqlite")).unwrap();
        let folders = ["/photos", "/scans"].map(|path| catalog.add_folder(path).unwrap());
        Self { catalog, folders, _dir: dir }
    }

    fn see(&self, folder: usize, name: &str, taken_at: i64, (width, height): (u32, u32)) -> PhotoId {
        let path = self.seen(&[(folder, name, taken_at, (width, height))]).remove(0);
        self.catalog.photo_at(path.as_ref()).unwrap().unwrap()
    }

    fn seen(&self, files: &[(usize, &str, i64, (u32, u32))]) -> Vec<String> {
        let file = |&(folder, name, at, (width, height)): &(usize, &str, i64, (u32, u32))| SeenFile {
            folder: self.folders[folder],
            path: format!("{}/{name}", ["/photos", "/scans"][folder]),
            size: 10,
            modified: at,
            probe: ProbeResult::Photo(Probe {
                format: "JPEG".into(),
                width,
                height,
                facts: Facts {
                    taken: Some(Taken { at, zone: None, source: DateSource::Exif, rank: DateRank::Original }),
                    ..Facts::default()
                },
            }),
            content: None,
        };
        let files: Vec<_> = files.iter().map(file).collect();
        self.catalog.apply(&files, &[], &[]).unwrap();
        files.into_iter().map(|file| file.path).collect()
    }

    fn mark(&self, photo: PhotoId) {
        self.catalog.edit(&Edit::SetMark { photos: vec![photo], mark: Mark::Favourite, set: true }).unwrap();
    }

    /// Ids of the layout; what changed since the beginning has to be the same photos.
    fn ids(&self, among: &Scope) -> Vec<PhotoId> {
        let query = PhotoQuery { among: among.clone(), ..PhotoQuery::default() };
        let ids: Vec<_> = self.catalog.layout(&query).unwrap().photos.iter().map(|photo| photo.id).collect();
        let changes = self.catalog.photo_changes(among, 0, MODEL).unwrap();
        assert_eq!(changes.inside, ids, "{among:?}");
        ids
    }
}

#[test]
fn the_layout_has_all_photos_of_its_scope_newest_first() {
    let files = Files::new();
    let old = files.see(0, "old.jpg", DAY, (4000, 3000));
    let new = files.see(0, "new.jpg", 3 * DAY, (3000, 4000));
    let same = files.see(1, "same.jpg", 3 * DAY, (100, 100));
    let before = files.see(1, "before.jpg", -5 * DAY, (3000, 1000));
    files.mark(old);
    files.mark(before);

    let layout = files.catalog.layout(&PhotoQuery::default()).unwrap();
    assert_eq!(layout.revision, files.catalog.newest_revision().unwrap());
    let shown: Vec<_> = layout.photos.iter().map(|photo| (photo.id, photo.taken_at, photo.aspect)).collect();
    let expected = [(same, 3 * DAY, 1000), (new, 3 * DAY, 750), (old, DAY, 1333), (before, -5 * DAY, 3000)];
    assert_eq!(shown, expected);
    assert!(layout.scores.is_empty() && layout.notice.is_none());

    let all = Scope::default();
    let folder = Scope { folder: Some(files.folders[1]), ..all.clone() };
    let favourites = Scope { mark: Some(Mark::Favourite), ..all.clone() };
    let recent = Scope { from: Some(DAY), ..all.clone() };
    let then = Scope { from: Some(DAY), until: Some(3 * DAY), ..all.clone() };
    let marked_scans = Scope { mark: Some(Mark::Favourite), ..folder.clone() };
    assert_eq!(files.ids(&all), [same, new, old, before]);
    assert_eq!(files.ids(&folder), [same, before]);
    assert_eq!(files.ids(&favourites), [old, before]);
    assert_eq!(files.ids(&recent), [same, new, old]);
    assert_eq!(files.ids(&then), [old]);
    assert_eq!(files.ids(&marked_scans), [before]);
    let two = files.catalog.layout(&PhotoQuery { limit: Some(2), ..PhotoQuery::default() }).unwrap();
    assert_eq!(two.photos, layout.photos[..2]);
}

#[test]
fn tiles_come_as_they_were_asked_for_without_those_that_are_gone() {
    let files = Files::new();
    let [a, b, c] = ["a.jpg", "b.jpg", "c.jpg"].map(|name| files.see(0, name, DAY, (40, 30)));
    files.catalog.apply(&[], &[], &["/photos/b.jpg".into()]).unwrap();
    let item = files.catalog.pending_of(&[a], &Stage::first(MODEL)).unwrap().remove(0);
    let probe = Probe { format: "JPEG".into(), width: 40, height: 30, facts: Facts::default() };
    let outcome = Outcome::Photo {
        content: ContentHash::of(b"a"),
        probe: Box::new(probe),
        color: Some("#808080".into()),
        vector: Some(vec![1.0]),
        regions: Vec::new(),
    };
    files.catalog.finish(&[Finished { item, outcome }], &Stage::first(MODEL)).unwrap();
    let asked = [c, PhotoId(4711), b, a];
    let tiles = files.catalog.tiles(&asked, MODEL).unwrap();
    let shown: Vec<_> = tiles.iter().map(|tile| (tile.id, tile.name.as_str(), tile.embedded)).collect();
    assert_eq!(shown, [(c, "c.jpg", false), (a, "a.jpg", true)]);
    assert!(
        !files.catalog.tiles(&[a], "another").unwrap()[0].embedded,
        "vectors of other models do not count"
    );
}

#[test]
fn what_changed_is_told_once_and_what_went_too() {
    let files = Files::new();
    let [a, b] = ["a.jpg", "b.jpg"].map(|name| files.see(0, name, DAY, (40, 30)));
    let scans = Scope { folder: Some(files.folders[1]), ..Scope::default() };
    let revision = files.catalog.newest_revision().unwrap();
    let nothing = files.catalog.photo_changes(&scans, revision, MODEL).unwrap();
    assert!(nothing.tiles.is_empty() && nothing.removed.is_empty() && !nothing.too_many);
    files.mark(b);
    let scan = files.see(1, "scan.jpg", 2 * DAY, (40, 30));
    files.catalog.apply(&[], &[], &["/photos/a.jpg".into()]).unwrap();
    let changes = files.catalog.photo_changes(&scans, revision, MODEL).unwrap();
    assert_eq!(changes.tiles.iter().map(|tile| tile.id).collect::<Vec<_>>(), [scan, b], "newest first");
    assert_eq!((changes.inside, changes.removed), (vec![scan], vec![a]));
    assert_eq!(changes.revision, files.catalog.newest_revision().unwrap());
}

#[test]
fn very_many_changes_are_not_told_one_by_one() {
    let files = Files::new();
    let names: Vec<_> = (0..2001).map(|number| format!("{number}.jpg")).collect();
    let seen: Vec<_> = names.iter().map(|name| (0, name.as_str(), DAY, (40, 30))).collect();
    files.seen(&seen[..2000]);
    let most = files.catalog.photo_changes(&Scope::default(), 0, MODEL).unwrap();
    assert_eq!((most.tiles.len(), most.inside.len(), most.too_many), (2000, 2000, false));
    files.seen(&seen[2000..]);
    let more = files.catalog.photo_changes(&Scope::default(), 0, MODEL).unwrap();
    assert_eq!((more.tiles.len(), more.inside.len(), more.too_many), (0, 0, true));
}

#[test]
fn the_summary_counts_photos_and_favourites_and_names_the_years() {
    let files = Files::new();
    let year = 365 * DAY + DAY / 4;
    assert_eq!(
        files.catalog.photo_summary().unwrap(),
        PhotoSummary { photos: 0, marked: favourites(0), years: Vec::new() }
    );
    let times = [("a", 0), ("b", 1), ("c", -1), ("d", 53 * year), ("e", 53 * year + 1)];
    let ids = times.map(|(name, at)| files.see(0, &format!("{name}.jpg"), at, (40, 30)));
    files.mark(ids[2]);
    let expected = PhotoSummary { photos: 5, marked: favourites(1), years: vec![2023, 1970, 1969] };
    assert_eq!(files.catalog.photo_summary().unwrap(), expected);
    files.catalog.apply(&[], &[], &["/photos/c.jpg".into()]).unwrap();
    let expected = PhotoSummary { photos: 4, marked: favourites(0), years: vec![2023, 1970] };
    assert_eq!(files.catalog.photo_summary().unwrap(), expected);
}

#[test]
fn a_layout_by_likeness_has_the_photos_and_scores_that_the_command_line_gets() {
    let names = ["a.jpg", "b.jpg", "c.jpg"];
    let (open, shown) = Home::with(&names).index(&names);
    let what = SimilarQuery::Photo { id: shown["b.jpg"].id };
    let query = PhotoQuery::like(what.clone(), Scope::default(), 2);
    let layout = open.library.layout(&query).unwrap();
    let found = open.library.similar(&query).unwrap().photos;
    assert_eq!(
        found.iter().map(|one| one.id).collect::<Vec<_>>(),
        layout.photos.iter().map(|one| one.id).collect::<Vec<_>>()
    );
    assert_eq!(found.iter().map(|one| one.score).collect::<Vec<_>>(), layout.scores);
    assert_eq!((found.len(), found[0].id, found[0].score), (2, shown["b.jpg"].id, 1.0));
    let aspects: Vec<_> = layout.photos.iter().map(|photo| photo.aspect).collect();
    assert_eq!(aspects, [1333; 2], "photos of the tests are 320 x 240");
    let all = PhotoQuery { limit: None, ..query };
    assert_eq!(open.library.layout(&all).unwrap().photos.len(), 3);
    assert!(open.library.similar(&PhotoQuery::default()).is_err(), "it has to say what they are like");
}

fn favourites(count: u32) -> BTreeMap<Mark, u32> {
    Mark::ALL.into_iter().map(|mark| (mark, if mark == Mark::Favourite { count } else { 0 })).collect()
}
