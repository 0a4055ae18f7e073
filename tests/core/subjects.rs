//! Subjects: learned of examples, kept as answers, through every change of the library.

use std::collections::BTreeSet;
use std::path::Path;

use fotonovela_core::image::{decode, thumbnail};
use fotonovela_core::library::Library;
use fotonovela_core::pixels::Rgb;
use fotonovela_core::types::{
    EditCode, ErrorCode, PhotoId, PhotoQuery, Scope, SimilarQuery, SubjectAnswers, SubjectId,
};
use image::RgbImage;

use crate::home::{Home, Open};
use crate::passes::install;
use crate::similar::real_photos;
use crate::support::{png, scene, wait_for, write};

/// Pictures of one kind: the subject is what is mostly red.
const REDS: [&str; 8] =
    ["red0.png", "red1.png", "red2.png", "red3.png", "red4.png", "red5.png", "red6.png", "red7.png"];
const OTHERS: usize = 24;

fn reddish(seed: u32) -> RgbImage {
    let mut picture = scene(seed, 96, 72);
    for pixel in picture.pixels_mut() {
        let [red, green, blue] = pixel.0;
        pixel.0 = [red / 4 + 190, green / 6, blue / 6];
    }
    picture
}

fn blueish(seed: u32) -> RgbImage {
    let mut picture = scene(seed, 96, 72);
    for pixel in picture.pixels_mut() {
        let [red, green, blue] = pixel.0;
        pixel.0 = [red / 6, green / 2 + 40, blue / 4 + 150];
    }
    picture
}

fn library_of_reds() -> (Home, Open) {
    let home = Home::new();
    let mut names = Vec::new();
    for (seed, name) in (1..).zip(REDS) {
        write(&home.path(name), &png(&reddish(seed)));
        names.push(name.to_owned());
    }
    for number in 0..OTHERS {
        let name = format!("other{number:02}.png");
        write(&home.path(&name), &png(&blueish(100 + u32::try_from(number).unwrap())));
        names.push(name);
    }
    let (open, _) = home.index(&names.iter().map(String::as_str).collect::<Vec<_>>());
    (home, open)
}

impl Open {
    fn ids(&self, names: &[&str]) -> Vec<PhotoId> {
        names.iter().map(|name| self.id(name).unwrap()).collect()
    }

    fn teach(&self, yes: &[&str], no: &[&str]) -> SubjectId {
        let answers = SubjectAnswers { yes: self.ids(yes), no: self.ids(no) };
        self.library.answer_subject("Cola", answers).unwrap();
        self.library.subject_named("cola").unwrap().id
    }

    fn answers(&self, subject: SubjectId) -> Vec<(PhotoId, bool)> {
        self.library.catalog().answers(subject).unwrap()
    }
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

/// The names of the photos that match.
fn matches(library: &Library, subject: SubjectId) -> BTreeSet<String> {
    let ids = library.subject_matches(subject).unwrap();
    ids.into_iter().map(|id| name(&library.photo_path(id).unwrap())).collect()
}

fn reds() -> BTreeSet<String> {
    REDS.iter().map(ToString::to_string).collect()
}

#[test]
fn what_was_not_ticked_is_found_by_the_ticks_and_the_answer_wins_over_the_score() {
    let (_home, open) = library_of_reds();
    let library = &open.library;
    let subject = open.teach(&REDS[..4], &[]);
    let told = library.subjects().unwrap();
    assert_eq!((told[0].name.as_str(), told[0].yes, told[0].no), ("Cola", 4, 0));
    assert!(matches(library, subject).is_superset(&reds()), "{:?}", matches(library, subject));

    // Said not to show it, the one that looks like it is out, and one that does not is in.
    open.teach(&["other00.png"], &[REDS[7]]);
    let shown = matches(library, subject);
    assert!(shown.contains("other00.png") && !shown.contains(REDS[7]), "{shown:?}");
    let ranked = |k| {
        let query = PhotoQuery::like(SimilarQuery::Subject { id: subject }, Scope::default(), k);
        library.similar(&query).unwrap().photos
    };
    let all = ranked(100);
    assert_eq!(all.len(), REDS.len() + OTHERS);
    assert!(all.is_sorted_by(|a, b| a.score >= b.score));
    assert!(all.iter().all(|photo| (photo.score >= 0.5) == shown.contains(&name(&photo.path))));
    assert_eq!(name(&all.last().unwrap().path), REDS[7]);

    // A filter of the grid, and of other queries.
    let among = Scope { subject: Some(subject), ..Scope::default() };
    let grid = library.layout(&PhotoQuery { among: among.clone(), ..PhotoQuery::default() }).unwrap();
    assert_eq!(grid.photos.len(), shown.len());
    let like = PhotoQuery::like(SimilarQuery::Photo { id: open.id(REDS[0]).unwrap() }, among.clone(), 100);
    let like = library.similar(&like).unwrap().photos;
    assert_eq!(like.iter().map(|photo| name(&photo.path)).collect::<BTreeSet<_>>(), shown);
    let inside = library.photo_changes(&among, 0).unwrap().inside;
    assert_eq!(inside.len(), shown.len());
}

#[test]
fn an_insect_is_found_among_real_photos_by_some_of_its_pictures() {
    let home = Home::new();
    let mut names = Vec::new();
    let insect = |path: &Path| path.file_stem().is_some_and(|stem| stem == "LadyBird");
    for path in real_photos() {
        let picture = decode(&std::fs::read(&path).unwrap(), &path, 1024).unwrap().fitted(1024);
        // As one photographs it: from here and from there.
        let parts = if insect(&path) { 9 } else { 1 };
        for part in 0..parts {
            let name = format!("{}-{part}.jpg", path.file_stem().unwrap().to_string_lossy().to_lowercase());
            let picture = if part == 0 { &picture } else { &window(&picture, part) };
            write(&home.path(&name), &thumbnail::encode_jpeg(picture, 85).unwrap());
            names.push(name);
        }
    }
    let (open, _) = home.index(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let subject = open.teach(&["ladybird-1.jpg", "ladybird-4.jpg", "ladybird-6.jpg", "ladybird-8.jpg"], &[]);
    let (right, wrong): (Vec<_>, Vec<_>) =
        matches(&open.library, subject).into_iter().partition(|name| name.starts_with("ladybird"));
    assert!(right.len() >= 8 && wrong.len() <= 3, "{right:?} {wrong:?}");
}

/// Seven tenths of a picture, of nine places one.
fn window(picture: &Rgb, place: u32) -> Rgb {
    let (width, height) = (picture.width * 7 / 10, picture.height * 7 / 10);
    let (left, top) = (picture.width * (place % 3) / 10, picture.height * (place / 3 % 3) / 10);
    let row = |y: u32| {
        let start = ((top + y) * picture.width + left) as usize * 3;
        &picture.data[start..start + width as usize * 3]
    };
    Rgb { width, height, data: (0..height).flat_map(row).copied().collect() }
}

#[test]
fn questions_are_about_photos_that_were_not_answered() {
    let (_home, open) = library_of_reds();
    let library = &open.library;
    library.answer_subject("Cola", SubjectAnswers::default()).unwrap().unwrap();
    let subject = library.subject_named("COLA").unwrap().id;
    assert_eq!(library.subject_questions(subject, 3).unwrap_err().code(), ErrorCode::Invalid);
    assert_eq!(library.subject_matches(subject).unwrap(), []);
    open.teach(&REDS[..3], &["other00.png"]);
    let mut answered = 4;
    while answered < REDS.len() + OTHERS {
        let asked = library.subject_questions(subject, 5).unwrap();
        assert_eq!(asked.len(), 5.min(REDS.len() + OTHERS - answered));
        let (yes, no): (Vec<_>, Vec<_>) = asked
            .iter()
            .map(|photo| (photo.id, name(&photo.path)))
            .partition(|(_, name)| name.starts_with("red"));
        let ids = |of: Vec<(PhotoId, String)>| of.into_iter().map(|(id, _)| id).collect();
        library.answer_subject("Cola", SubjectAnswers { yes: ids(yes), no: ids(no) }).unwrap().unwrap();
        answered += asked.len();
        assert_eq!(open.answers(subject).len(), answered, "each photo is asked about once");
    }
    assert!(library.subject_questions(subject, 5).unwrap().is_empty());
    assert_eq!(matches(library, subject), reds());
}

#[test]
fn answers_names_and_forgetting_are_undone_and_made_again() {
    let (_home, open) = library_of_reds();
    let library = &open.library;
    let subject = open.teach(&REDS[..2], &[]);
    let first = open.answers(subject);
    // One call is one edit; what was answered so already is not part of it.
    let more = SubjectAnswers { yes: open.ids(&REDS[1..4]), no: open.ids(&[REDS[0]]) };
    let edit = library.answer_subject("COLA", more.clone()).unwrap().unwrap();
    assert_eq!((edit.code, edit.params.count), (EditCode::SubjectAnswered, Some(3)));
    let second = open.answers(subject);
    assert_eq!(library.answer_subject("Cola", more).unwrap(), None);
    library.undo(None).unwrap().unwrap();
    assert_eq!(open.answers(subject), first);
    library.redo(None).unwrap().unwrap();
    assert_eq!(open.answers(subject), second);

    library.rename_subject(subject, "Fanta").unwrap().unwrap();
    assert_eq!(library.subject_named("Cola").unwrap_err().code(), ErrorCode::NotFound);
    library.undo(None).unwrap().unwrap();
    assert_eq!(library.subject_named("Cola").unwrap().id, subject);

    library.forget_subject(subject).unwrap().unwrap();
    assert_eq!((library.subjects().unwrap(), open.answers(subject)), (vec![], vec![]));
    // Another one takes its name meanwhile; that edit ends nothing but what could be made again.
    let other = open.teach(&["other00.png"], &[]);
    assert_ne!(other, subject);
    let forgotten = library.edits().unwrap().into_iter().find(|edit| edit.code == EditCode::SubjectForgotten);
    library.undo(Some(forgotten.unwrap().id)).unwrap().unwrap();
    let names: Vec<_> = library.subjects().unwrap().into_iter().map(|subject| subject.name).collect();
    assert_eq!(names, ["Cola", "Cola 2"]);
    assert_eq!(open.answers(subject), second);
    assert_eq!(library.rename_subject(subject, "cola").unwrap_err().code(), ErrorCode::Invalid);
    // The first answers made the subject: without them there is none.
    library.undo(None).unwrap().unwrap();
    assert!(library.subjects().unwrap().iter().all(|subject| subject.id != other));
}

#[test]
fn answers_stay_with_a_photo_that_is_moved_edited_or_away_and_come_through_a_rebuild() {
    let (home, open) = library_of_reds();
    let subject = open.teach(&REDS[..4], &["other00.png"]);
    let before = open.answers(subject);
    home.rename(REDS[0], "moved.png");
    write(&home.path(REDS[1]), &png(&reddish(50)));
    let id = open.id(REDS[2]).unwrap();
    home.remove(REDS[2]);
    wait_for("the changes", || (open.id("moved.png").is_some() && open.id(REDS[2]).is_none()).then_some(()));
    open.idle();
    assert_eq!(open.answers(subject), before);
    assert!(!open.library.subjects().unwrap().is_empty());
    write(&home.path("back.png"), &png(&reddish(3)));
    wait_for("its return", || (open.id("back.png") == Some(id)).then_some(()));
    drop(open);

    crate::migrations::damage(&home.data().join("catalog.sqlite"), "files");
    let open = home.open();
    assert!(open.library.notice().is_some(), "it was rebuilt");
    assert_eq!(open.answers(subject), before);
    assert_eq!(open.library.subject_named("cola").unwrap().name, "Cola");
}

#[test]
fn another_model_keeps_name_and_answers_and_answers_by_its_own_vectors() {
    let (home, open) = library_of_reds();
    let subject = open.teach(&REDS[..3], &["other00.png"]);
    let before = open.answers(subject);
    assert!(matches(&open.library, subject).contains(REDS[5]));
    install(&home, "mean-colour");
    open.library.choose_model("mean-colour@1").unwrap();
    wait_for("the other model", || (open.library.model_id() == "mean-colour@1").then_some(()));
    assert_eq!(open.answers(subject), before);
    assert_eq!(open.library.subjects().unwrap()[0].name, "Cola");
    // Three numbers a photo are enough to tell colours, if not where they end.
    let best = |open: &Open| {
        let query = SimilarQuery::Subject { id: subject };
        let query = PhotoQuery::like(query, Scope::default(), u32::try_from(REDS.len()).unwrap());
        let photos = open.library.similar(&query).unwrap().photos;
        photos.iter().map(|photo| name(&photo.path)).collect::<BTreeSet<_>>()
    };
    let shown = matches(&open.library, subject);
    assert!(shown.is_superset(&reds()) && shown.len() < REDS.len() + 4, "{shown:?}");
    assert_eq!(best(&open), reds());
    drop(open);
    let open = home.open();
    assert_eq!((open.library.model_id().as_str(), best(&open)), ("mean-colour@1", reds()));
}
