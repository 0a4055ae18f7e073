//! Parts of photos: small subjects in large scenes are found, by a whole picture and by a box in one.

use std::path::PathBuf;

use fotonovela_core::image::{decode, thumbnail};
use fotonovela_core::library::Library;
use fotonovela_core::pixels::{ResizeFilter, Rgb};
use fotonovela_core::platform::resources;
use fotonovela_core::task::CancelToken;
use fotonovela_core::types::{Area, ErrorCode, PassStatus, PhotoQuery, Scope, SimilarPhoto, SimilarQuery};

use crate::home::{Home, options};
use crate::similar::real_photos;
use crate::support::write;

/// Where the subject is in the scenes, from the left top corner, as shares of the scene.
const PLACES: [(f32, f32); 3] = [(0.08, 0.1), (0.66, 0.15), (0.4, 0.62)];
/// Side of the subject as a share of the scene's: less than a tenth of its area.
const SIDE: f32 = 0.28;
const SCENES: [&str; 3] = ["EveningGlow", "Path", "Dune"];

fn real(name: &str) -> Rgb {
    let paths: Vec<PathBuf> = real_photos();
    let path = paths.iter().find(|path| path.file_stem().unwrap() == name).unwrap();
    decode(&std::fs::read(path).unwrap(), path, 1024).unwrap().fitted(1024)
}

fn paste(onto: &mut Rgb, picture: &Rgb, (x, y): (f32, f32)) {
    let (width, height) = (onto.width as f32, onto.height as f32);
    let small = picture.resized((width * SIDE) as u32, (height * SIDE) as u32, ResizeFilter::Lanczos);
    let (left, top) = ((width * x) as usize, (height * y) as usize);
    for (row, pixels) in small.data.chunks_exact(small.width as usize * 3).enumerate() {
        let start = ((top + row) * onto.width as usize + left) * 3;
        onto.data[start..start + pixels.len()].copy_from_slice(pixels);
    }
}

fn jpeg(picture: &Rgb) -> Vec<u8> {
    thumbnail::encode_jpeg(picture, 90).unwrap()
}

/// The flower that the scenes have in them.
fn subject() -> Rgb {
    real("FreshFlower").cropped(&Area { x: 0.2, y: 0.1, width: 0.6, height: 0.8 })
}

fn library_of_scenes() -> (Home, Library) {
    let home = Home::new();
    for (name, place) in SCENES.iter().zip(PLACES) {
        let mut scene = real(name);
        paste(&mut scene, &subject(), place);
        write(&home.path(&format!("scene-{name}.jpg")), &jpeg(&scene));
    }
    for name in
        ["Storm", "Wood", "BytheWater", "Grey", "GreenMeadow", "RainDrops", "Kite", "Picture_0B_by_freespace"]
    {
        write(&home.path(&format!("other-{name}.jpg")), &jpeg(&real(name)));
    }
    let library = Library::open(options(home.data(), resources::folder())).unwrap();
    library.start_indexing(false).unwrap();
    library.add_folders(&[home.photos()]).unwrap();
    library.wait_until_indexed(&CancelToken::default());
    (home, library)
}

fn similar(library: &Library, what: SimilarQuery, area: Option<Area>) -> Vec<SimilarPhoto> {
    let query = PhotoQuery { area, ..PhotoQuery::like(what, Scope::default(), 11) };
    library.similar(&query).unwrap().photos
}

fn is_scene(photo: &SimilarPhoto) -> bool {
    photo.path.file_name().unwrap().to_string_lossy().starts_with("scene-")
}

/// Whether the part that matched has most of the subject in it.
fn holds_subject(photo: &SimilarPhoto) -> bool {
    let name = photo.path.file_stem().unwrap().to_string_lossy().into_owned();
    let at = SCENES.iter().position(|scene| name == format!("scene-{scene}")).unwrap();
    let (x, y) = PLACES[at];
    let area = photo.region.expect("a part matched");
    let overlap = |from: f32, length: f32, start: f32| {
        ((from + length).min(start + SIDE) - from.max(start)).max(0.0) / SIDE
    };
    overlap(area.x, area.width, x) * overlap(area.y, area.height, y) > 0.5
}

#[test]
fn a_small_subject_is_found_in_scenes_by_a_picture_of_it_and_by_a_box_and_the_part_is_told() {
    let (home, library) = library_of_scenes();
    let image = library.add_query_image(&jpeg(&subject()), "flower.jpg").unwrap();
    let what = || SimilarQuery::Image { token: image.token };
    for area in [None, Some(Area::WHOLE)] {
        let found = similar(&library, what(), area);
        assert!(found[..3].iter().all(is_scene), "{area:?}: {found:#?}");
        assert!(found[..3].iter().all(holds_subject), "{area:?}: {found:#?}");
        assert!(found.is_sorted_by(|a, b| a.score >= b.score), "{found:#?}");
    }

    // The same by a box in one of the scenes, which comes first itself.
    let scene = home.path("scene-Path.jpg");
    let id = library.photos_at(&[scene]).unwrap()[0];
    let (x, y) = PLACES[1];
    let area = Area { x, y, width: SIDE, height: SIDE };
    let found = similar(&library, SimilarQuery::Photo { id }, Some(area));
    assert_eq!((found[0].id, found[0].region), (id, Some(area)));
    assert!(found[..3].iter().all(is_scene), "{found:#?}");

    // By a box of what is around it, the scene's own kind comes before the flower's other places.
    let query = PhotoQuery {
        area: Some(Area { x: 0.5, ..Area::WHOLE }),
        ..PhotoQuery::like(what(), Scope::default(), 3)
    };
    assert_eq!(library.similar(&query).unwrap_err().code(), ErrorCode::Invalid, "it goes over the edge");
}

#[test]
fn the_same_photo_in_another_form_stays_before_scenes_with_a_part_like_it() {
    let (home, library) = library_of_scenes();
    write(&home.path("flower.jpg"), &jpeg(&subject()));
    drop(library);
    let library = Library::open(options(home.data(), resources::folder())).unwrap();
    library.start_indexing(false).unwrap();
    library.watch().unwrap();
    library.wait_until_indexed(&CancelToken::default());
    let darker = Rgb { data: subject().data.iter().map(|value| value / 4 * 3).collect(), ..subject() };
    let image = library.add_query_image(&jpeg(&darker), "query.jpg").unwrap();
    let found = similar(&library, SimilarQuery::Image { token: image.token }, None);
    assert!(found[0].path.ends_with("flower.jpg"), "{found:#?}");
    assert_eq!(found[0].region, None);
    assert!(found[1..4].iter().all(is_scene), "{found:#?}");
}

#[test]
fn the_pass_can_be_switched_off_and_answers_are_then_of_whole_photos() {
    let home = Home::with(&["a.jpg", "b.jpg"]);
    let library = Library::open(options(home.data(), resources::folder())).unwrap();
    library.set_pass_paused("regions", true).unwrap();
    library.start_indexing(false).unwrap();
    library.add_folders(&[home.photos()]).unwrap();
    library.wait_until_indexed(&CancelToken::default());
    let regions = || library.index_status().passes.into_iter().find(|pass| pass.name == "regions").unwrap();
    assert_eq!(regions(), PassStatus { name: "regions".into(), done: 0, failed: 0, paused: true });
    let what = library.query_of_file(&home.path("a.jpg")).unwrap();
    assert_eq!(similar(&library, what.clone(), None).len(), 2);
    assert_eq!(similar(&library, what.clone(), Some(Area::WHOLE)).len(), 1, "the photo itself");
    library.set_pass_paused("regions", false).unwrap();
    library.wait_until_indexed(&CancelToken::default());
    assert_eq!(regions().done, 2);
    assert_eq!(similar(&library, what, Some(Area::WHOLE)).len(), 2);
}
